"""Who may see share replicas and change their metadata."""
from manila.policy import rule

_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_OLD = 'rule:default'
_SCOPE = ('system', 'project')
_METADATA = '/share-replicas/{share_replica_id}/metadata'

INDEX = rule('share_replica:get_all', _READER, 'List share replicas.', 'GET /share-replicas',
             'GET /share-replicas/detail', 'GET /share-replicas/detail?share_id={share_id}', deprecated=_OLD)
SHOW = rule('share_replica:show', _READER, 'Show a share replica.', 'GET /share-replicas/{share_replica_id}',
            deprecated=_OLD)
GET_METADATA = rule('share_replica:get_metadata', _MEMBER, 'Show metadata of a share replica.', f'GET {_METADATA}',
                    f'GET {_METADATA}/{{key}}', deprecated=_OLD, scope=_SCOPE)
UPDATE_METADATA = rule('share_replica:update_metadata', _MEMBER, 'Set metadata of a share replica.',
                       f'PUT {_METADATA}', f'POST {_METADATA}/{{key}}', f'POST {_METADATA}', deprecated=_OLD,
                       scope=_SCOPE)
DELETE_METADATA = rule('share_replica:delete_metadata', _MEMBER, 'Remove metadata of a share replica.',
                       f'DELETE {_METADATA}/{{key}}', deprecated=_OLD, scope=_SCOPE)

_LOCATIONS = 'GET /share-replicas/{share_replica_id}/export-locations'
LOCATION_INDEX = rule('share_replica_export_location:index', _READER, 'List the export locations of a share replica.',
                      _LOCATIONS, deprecated=_OLD)
LOCATION_SHOW = rule('share_replica_export_location:show', _READER, 'Show an export location of a share replica.',
                     f'{_LOCATIONS}/{{export_location_id}}', deprecated=_OLD)

RULES = [INDEX, SHOW, GET_METADATA, UPDATE_METADATA, DELETE_METADATA, LOCATION_INDEX, LOCATION_SHOW]
