"""Who may do what with shares."""
from manila.policy import rule

ADMIN = 'rule:context_is_admin'
READER = '(rule:context_is_admin) or (rule:project-reader)'
MEMBER = '(rule:context_is_admin) or (rule:project-member)'
OLD_OWNER = 'rule:default'
OLD_ADMIN = 'rule:admin_api'

CREATE = rule('share:create', MEMBER, 'Create a share.', 'POST /shares', deprecated='')
CREATE_PUBLIC = rule('share:create_public_share', ADMIN, 'Create a share that all projects see.', 'POST /shares',
                     deprecated=OLD_ADMIN)
GET = rule('share:get', READER, 'Show a share.', 'GET /shares/{share_id}', deprecated=OLD_OWNER)
GET_ALL = rule('share:get_all', READER, 'List shares.', 'GET /shares', 'GET /shares/detail', deprecated=OLD_OWNER)
UPDATE = rule('share:update', MEMBER, 'Change name, description or visibility of a share.',
              'PUT /shares/{share_id}', deprecated=OLD_OWNER)
SET_PUBLIC = rule('share:set_public_share', ADMIN, 'Make a share visible to all projects.',
                  'PUT /shares/{share_id}', deprecated=OLD_ADMIN)
DELETE = rule('share:delete', MEMBER, 'Delete a share.', 'DELETE /shares/{share_id}', deprecated=OLD_OWNER)
FORCE_DELETE = rule('share:force_delete', ADMIN, 'Delete a share whatever its status.',
                    'POST /shares/{share_id}/action', deprecated=OLD_ADMIN)
RESET_STATUS = rule('share:reset_status', ADMIN, 'Set the status of a share by force.',
                    'POST /shares/{share_id}/action', deprecated=OLD_ADMIN)
RESET_TASK_STATE = rule('share:reset_task_state', ADMIN, 'Set the task state of a share by force.',
                        'POST /shares/{share_id}/action', deprecated=OLD_ADMIN)
EXTEND = rule('share:extend', MEMBER, 'Make a share larger.', 'POST /shares/{share_id}/action', deprecated=OLD_OWNER)
FORCE_EXTEND = rule('share:force_extend', ADMIN, 'Make a share larger without asking the scheduler.',
                    'POST /shares/{share_id}/action')
EXTEND_BEYOND = rule('share:extend_beyond_max_share_size_spec', ADMIN,
                     'Make a share larger than its share type allows to others.', 'POST /shares/{share_id}/action')
SHRINK = rule('share:shrink', MEMBER, 'Make a share smaller.', 'POST /shares/{share_id}/action', deprecated=OLD_OWNER)
LIST_BY_HOST = rule('share:list_by_host', ADMIN, 'List the shares of one host.', 'GET /shares?host={host}',
                    'GET /shares/detail?host={host}', deprecated=OLD_ADMIN)
LIST_BY_SERVER = rule('share:list_by_share_server_id', ADMIN, 'List the shares of one share server.',
                      'GET /shares?share_server_id={share_server_id}',
                      'GET /shares/detail?share_server_id={share_server_id}', deprecated=OLD_ADMIN)
LIST_ALL_PROJECTS = rule('share:list_all_projects', ADMIN, 'List the shares of all projects.',
                         'GET /shares?all_tenants=1', 'GET /shares/detail?all_tenants=1', deprecated=OLD_ADMIN)
LIST_DEFERRED = rule('share:list_shares_in_deferred_deletion_states', ADMIN,
                     'See shares whose deletion is put off.', 'GET /shares', 'GET /shares/{share_id}',
                     deprecated=OLD_ADMIN)
GET_METADATA = rule('share:get_share_metadata', READER, 'Show metadata of a share.',
                    'GET /shares/{share_id}/metadata', 'GET /shares/{share_id}/metadata/{key}', deprecated=OLD_OWNER)
UPDATE_METADATA = rule('share:update_share_metadata', MEMBER, 'Set metadata of a share.',
                       'PUT /shares/{share_id}/metadata', 'POST /shares/{share_id}/metadata',
                       'POST /shares/{share_id}/metadata/{key}', deprecated=OLD_OWNER)
DELETE_METADATA = rule('share:delete_share_metadata', MEMBER, 'Remove metadata of a share.',
                       'DELETE /shares/{share_id}/metadata/{key}', deprecated=OLD_OWNER)
UPDATE_ADMIN_METADATA = rule('share:update_admin_only_metadata', ADMIN,
                             'Change metadata of a share that is kept to administrators.',
                             'PUT /shares/{share_id}/metadata', deprecated=OLD_ADMIN)

RULES = [CREATE, CREATE_PUBLIC, GET, GET_ALL, UPDATE, SET_PUBLIC, DELETE, FORCE_DELETE, RESET_STATUS, RESET_TASK_STATE,
         EXTEND,
         FORCE_EXTEND, EXTEND_BEYOND, SHRINK, LIST_BY_HOST, LIST_BY_SERVER, LIST_ALL_PROJECTS, LIST_DEFERRED,
         GET_METADATA, UPDATE_METADATA, DELETE_METADATA, UPDATE_ADMIN_METADATA]
