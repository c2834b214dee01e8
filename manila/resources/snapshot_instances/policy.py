"""Who may see snapshot instances."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_OLD = 'rule:admin_api'

INDEX = rule('share_snapshot_instance:index', _ADMIN, 'List snapshot instances.',
             'GET /snapshot-instances?{query}', deprecated=_OLD)
DETAIL = rule('share_snapshot_instance:detail', _ADMIN, 'List snapshot instances with all their fields.',
              'GET /snapshot-instances/detail?{query}', deprecated=_OLD)
SHOW = rule('share_snapshot_instance:show', _ADMIN, 'Show a snapshot instance.',
            'GET /snapshot-instances/{snapshot_instance_id}', deprecated=_OLD)
RESET_STATUS = rule('share_snapshot_instance:reset_status', _ADMIN,
                    'Set the status of a snapshot instance by force.',
                    'POST /snapshot-instances/{snapshot_instance_id}/action', deprecated=_OLD)

RULES = [INDEX, DETAIL, SHOW, RESET_STATUS]
