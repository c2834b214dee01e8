"""Who may do what with quotas and quota classes."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_READER = '(rule:context_is_admin) or (rule:project-reader)'
_OLD_OWNER = 'rule:default'
_OLD_ADMIN = 'rule:admin_api'

SHOW = rule('quota_set:show', _READER,
            'Show the quotas of a project, of a user or share type in it, and the default ones.',
            'GET /quota-sets/{project_id}', 'GET /quota-sets/{project_id}/detail',
            'GET /quota-sets/{project_id}/defaults', 'GET /os-quota-sets/{project_id}',
            'GET /os-quota-sets/{project_id}/defaults', deprecated=_OLD_OWNER)
UPDATE = rule('quota_set:update', _ADMIN, 'Set quotas of a project, or of a user or share type in it.',
              'PUT /quota-sets/{project_id}', 'PUT /quota-sets/{project_id}?user_id={user_id}',
              'PUT /quota-sets/{project_id}?share_type={share_type_id}', 'PUT /os-quota-sets/{project_id}',
              'PUT /os-quota-sets/{project_id}?user_id={user_id}', deprecated=_OLD_ADMIN)
DELETE = rule('quota_set:delete', _ADMIN,
              'Put the quotas of a project, or of a user or share type in it, back to the default ones.',
              'DELETE /quota-sets/{project_id}',
              'DELETE /quota-sets/{project_id}?user_id={user_id}',
              'DELETE /quota-sets/{project_id}?share_type={share_type_id}',
              'DELETE /os-quota-sets/{project_id}',
              'DELETE /os-quota-sets/{project_id}?user_id={user_id}', deprecated=_OLD_ADMIN)
SHOW_CLASS = rule('quota_class_set:show', _READER, 'Show the quotas of a quota class.',
                  'GET /quota-class-sets/{class_name}', 'GET /os-quota-class-sets/{class_name}',
                  deprecated=_OLD_OWNER)
UPDATE_CLASS = rule('quota_class_set:update', _ADMIN, 'Set quotas of a quota class.',
                    'PUT /quota-class-sets/{class_name}', 'PUT /os-quota-class-sets/{class_name}',
                    deprecated=_OLD_ADMIN)

RULES = [SHOW, UPDATE, DELETE, SHOW_CLASS, UPDATE_CLASS]
