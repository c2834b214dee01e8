"""Who may do what with snapshots."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_READER = '(rule:context_is_admin) or (rule:project-reader)'
_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_OLD_OWNER = 'rule:default'
_OLD_ADMIN = 'rule:admin_api'
_ACTION = 'POST /snapshots/{snapshot_id}/action'

CREATE = rule('share:create_snapshot', _MEMBER, 'Take a snapshot.', 'POST /snapshots', deprecated=_OLD_OWNER)
DELETE = rule('share:delete_snapshot', _MEMBER, 'Delete a snapshot.', 'DELETE /snapshots/{snapshot_id}',
              deprecated=_OLD_OWNER)
UPDATE = rule('share:snapshot_update', _MEMBER, 'Change name or description of a snapshot.',
              'PUT /snapshots/{snapshot_id}/action', deprecated=_OLD_OWNER)
GET = rule('share_snapshot:get_snapshot', _READER, 'Show a snapshot.', 'GET /snapshots/{snapshot_id}',
           deprecated=_OLD_OWNER)
GET_ALL = rule('share_snapshot:get_all_snapshots', _READER, 'List snapshots.', 'GET /snapshots?{query}',
               'GET /snapshots/detail?{query}', deprecated=_OLD_OWNER)
LIST_ALL_PROJECTS = rule('share_snapshot:list_all_projects', _ADMIN, 'List the snapshots of all projects.',
                         'GET /snapshots?all_tenants=1', 'GET /snapshots/detail?all_tenants=1',
                         deprecated=_OLD_ADMIN)
LIST_DEFERRED = rule('share_snapshot:list_snapshots_in_deferred_deletion_states', _ADMIN,
                     'See snapshots whose deletion is put off.', 'GET /v2/snapshots',
                     'GET /snapshots/{snapshot_id}', deprecated=_OLD_ADMIN)
FORCE_DELETE = rule('share_snapshot:force_delete', _ADMIN, 'Delete a snapshot whatever its status.',
                    'DELETE /snapshots/{snapshot_id}', deprecated=_OLD_ADMIN)
MANAGE = rule('share_snapshot:manage_snapshot', _ADMIN, 'Bring a snapshot that exists under management.',
              'POST /snapshots/manage', deprecated=_OLD_ADMIN)
UNMANAGE = rule('share_snapshot:unmanage_snapshot', _ADMIN, 'Let go of a snapshot without removing it.',
                _ACTION, deprecated=_OLD_ADMIN)
RESET_STATUS = rule('share_snapshot:reset_status', _ADMIN, 'Set the status of a snapshot by force.', _ACTION,
                    deprecated=_OLD_ADMIN)
GET_METADATA = rule('share_snapshot:get_metadata', _READER, 'Show metadata of a snapshot.',
                    'GET /snapshots/{snapshot_id}/metadata', 'GET /snapshots/{snapshot_id}/metadata/{key}',
                    deprecated=_OLD_OWNER)
UPDATE_METADATA = rule('share_snapshot:update_metadata', _MEMBER, 'Set metadata of a snapshot.',
                       'PUT /snapshots/{snapshot_id}/metadata',
                       'POST /snapshots/{snapshot_id}/metadata/{key}',
                       'POST /snapshots/{snapshot_id}/metadata', deprecated=_OLD_OWNER)
DELETE_METADATA = rule('share_snapshot:delete_metadata', _MEMBER, 'Remove metadata of a snapshot.',
                       'DELETE /snapshots/{snapshot_id}/metadata/{key}', deprecated=_OLD_OWNER)

RULES = [CREATE, DELETE, UPDATE, GET, GET_ALL, LIST_ALL_PROJECTS, LIST_DEFERRED, FORCE_DELETE, MANAGE,
         UNMANAGE, RESET_STATUS, GET_METADATA, UPDATE_METADATA, DELETE_METADATA]
