"""Who may do what with resource locks."""
from manila.policy import rule

_READER = '(rule:admin_or_service_api) or (rule:project-reader)'
_MEMBER = '(rule:admin_or_service_api) or (rule:project-member)'
_OWNER = '(rule:owner-user or rule:admin_or_service_api)'
_OLD = 'rule:default'
_OLD_OWNER = 'rule:admin_or_owner_user'

GET = rule('resource_lock:get', _READER, 'Show a resource lock.', 'GET /resource-locks/{lock_id}', deprecated=_OLD)
GET_ALL = rule('resource_lock:get_all', _READER, 'List resource locks.', 'GET /resource-locks',
               'GET /resource-locks?{query}', deprecated=_OLD)
GET_ALL_PROJECTS = rule('resource_lock:get_all_projects', 'rule:admin_or_service_api',
                        'List the resource locks of all projects.', 'GET /resource-locks?all_projects=1',
                        'GET /resource-locks?all_projects=1&project_id={project_id}', deprecated='rule:admin_api')
CREATE = rule('resource_lock:create', _MEMBER, 'Lock a share or an access rule.', 'POST /resource-locks',
              deprecated=_OLD)
UPDATE = rule('resource_lock:update', _OWNER, 'Change a resource lock.', 'PUT /resource-locks/{lock_id}',
              deprecated=_OLD_OWNER)
DELETE = rule('resource_lock:delete', _OWNER, 'Remove a resource lock.', 'DELETE /resource-locks/{lock_id}',
              deprecated=_OLD_OWNER)
SEE_HIDDEN = rule('resource_lock:bypass_locked_show_action', _OWNER, 'See access rules that a lock hides.',
                  'GET /share-access-rules/{share_access_id}',
                  'GET /share-access-rules?share_id={share_id}&key1=value1&key2=value2', deprecated=_OLD_OWNER)

RULES = [GET, GET_ALL, GET_ALL_PROJECTS, CREATE, UPDATE, DELETE, SEE_HIDDEN]
