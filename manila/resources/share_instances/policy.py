"""Who may see share instances and act on them."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_OLD = 'rule:admin_api'
_ACTION = 'POST /share_instances/{share_instance_id}/action'
_LOCATIONS = '/share_instances/{share_instance_id}/export_locations'

INDEX = rule('share_instance:index', _ADMIN, 'List share instances.', 'GET /share_instances',
             'GET /share_instances?{query}', deprecated=_OLD)
SHOW = rule('share_instance:show', _ADMIN, 'Show a share instance.', 'GET /share_instances/{share_instance_id}',
            deprecated=_OLD)
FORCE_DELETE = rule('share_instance:force_delete', _ADMIN, 'Delete a share instance whatever its status.', _ACTION,
                    deprecated=_OLD)
RESET_STATUS = rule('share_instance:reset_status', _ADMIN, 'Set the status of a share instance by force.', _ACTION,
                    deprecated=_OLD)
LOCATION_INDEX = rule('share_instance_export_location:index', _ADMIN, 'List the export locations of a share instance.',
                      f'POST {_LOCATIONS}', deprecated=_OLD)
LOCATION_SHOW = rule('share_instance_export_location:show', _ADMIN, 'Show an export location of a share instance.',
                     f'GET {_LOCATIONS}/{{export_location_id}}', deprecated=_OLD)

RULES = [INDEX, SHOW, FORCE_DELETE, RESET_STATUS, LOCATION_INDEX, LOCATION_SHOW]
