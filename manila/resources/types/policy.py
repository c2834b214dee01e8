"""Who may do what with share types."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_READER = '(rule:context_is_admin) or (rule:project-reader)'
_OLD_OWNER = 'rule:default'
_OLD_ADMIN = 'rule:admin_api'

CREATE = rule('share_type:create', _ADMIN, 'Create a share type.', 'POST /types', deprecated=_OLD_ADMIN)
UPDATE = rule('share_type:update', _ADMIN, 'Change a share type.', 'PUT /types/{share_type_id}',
              deprecated=_OLD_ADMIN)
SHOW = rule('share_type:show', _READER, 'Show a share type.', 'GET /types/{share_type_id}',
            deprecated=_OLD_OWNER)
INDEX = rule('share_type:index', _READER, 'List share types.', 'GET /types?is_public=all',
             deprecated=_OLD_OWNER)
DEFAULT = rule('share_type:default', _READER, 'Show the default share type.', 'GET /types/default',
               deprecated=_OLD_OWNER)
DELETE = rule('share_type:delete', _ADMIN, 'Delete a share type.', 'DELETE /types/{share_type_id}',
              deprecated=_OLD_ADMIN)
LIST_ACCESS = rule('share_type:list_project_access', _ADMIN,
                   'List the projects that have access to a private share type.',
                   'GET /types/{share_type_id}', deprecated=_OLD_ADMIN)
ADD_ACCESS = rule('share_type:add_project_access', _ADMIN, 'Give a project access to a private share type.',
                  'POST /types/{share_type_id}/action', deprecated=_OLD_ADMIN)
REMOVE_ACCESS = rule('share_type:remove_project_access', _ADMIN,
                     'Take the access to a private share type from a project.',
                     'POST /types/{share_type_id}/action', deprecated=_OLD_ADMIN)
CREATE_SPEC = rule('share_types_extra_spec:create', _ADMIN, 'Set extra specs of a share type.',
                   'POST /types/{share_type_id}/extra_specs', deprecated=_OLD_ADMIN)
SHOW_SPEC = rule('share_types_extra_spec:show', _ADMIN, 'Show an extra spec of a share type.',
                 'GET /types/{share_type_id}/extra_specs', deprecated=_OLD_ADMIN)
INDEX_SPECS = rule('share_types_extra_spec:index', _ADMIN, 'List the extra specs of a share type.',
                   'GET /types/{share_type_id}/extra_specs/{extra_spec_id}', deprecated=_OLD_ADMIN)
UPDATE_SPEC = rule('share_types_extra_spec:update', _ADMIN, 'Change an extra spec of a share type.',
                   'PUT /types/{share_type_id}/extra_specs', deprecated=_OLD_ADMIN)
DELETE_SPEC = rule('share_types_extra_spec:delete', _ADMIN, 'Remove an extra spec from a share type.',
                   'DELETE /types/{share_type_id}/extra_specs/{key}', deprecated=_OLD_ADMIN)

RULES = [CREATE, UPDATE, SHOW, INDEX, DEFAULT, DELETE, LIST_ACCESS, ADD_ACCESS, REMOVE_ACCESS, CREATE_SPEC,
         SHOW_SPEC, INDEX_SPECS, UPDATE_SPEC, DELETE_SPEC]
