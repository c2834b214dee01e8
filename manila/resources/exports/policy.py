"""Who may see export locations."""
from manila.policy import rule

_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'

INDEX = rule('share_export_location:index', _READER, 'List the export locations of a share.',
             'GET /shares/{share_id}/export_locations', deprecated='rule:default')
SHOW = rule('share_export_location:show', _READER, 'Show an export location of a share.',
            'GET /shares/{share_id}/export_locations/{export_location_id}', deprecated='rule:default')
_METADATA = '/shares/{share_id}/export_locations/{export_location_id}/metadata'
GET_METADATA = rule('share_export_location:get_metadata', _READER, 'Show metadata of an export location.',
                    f'GET {_METADATA}', f'GET {_METADATA}/{{key}}', deprecated='rule:default')
UPDATE_METADATA = rule('share_export_location:update_metadata', _MEMBER, 'Set metadata of an export location.',
                       f'PUT {_METADATA}', f'POST {_METADATA}/{{key}}', f'POST {_METADATA}',
                       deprecated='rule:default')
DELETE_METADATA = rule('share_export_location:delete_metadata', _MEMBER, 'Remove metadata of an export location.',
                       f'DELETE {_METADATA}/{{key}}', deprecated='rule:default')
UPDATE_ADMIN_METADATA = rule('share_export_location:update_admin_only_metadata', 'rule:context_is_admin',
                             'Change metadata of an export location that is kept to administrators.',
                             f'PUT {_METADATA}', deprecated='rule:admin_api')

RULES = [INDEX, SHOW, GET_METADATA, UPDATE_METADATA, DELETE_METADATA, UPDATE_ADMIN_METADATA]
