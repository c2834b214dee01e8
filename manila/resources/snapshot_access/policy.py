"""Who may do what with access rules of snapshots."""
from manila.policy import rule

_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_OLD = 'rule:default'

LIST = rule('share_snapshot:access_list', _READER, 'List the access rules of a snapshot.',
            'GET /snapshots/{snapshot_id}/access-list', deprecated=_OLD)
ALLOW = rule('share_snapshot:allow_access', _MEMBER, 'Give clients access to a snapshot.',
             'POST /snapshots/{snapshot_id}/action', deprecated=_OLD)
DENY = rule('share_snapshot:deny_access', _MEMBER, 'Take access to a snapshot away.',
            'POST /snapshots/{snapshot_id}/action', deprecated=_OLD)

RULES = [LIST, ALLOW, DENY]
