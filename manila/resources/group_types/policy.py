"""Who may do what with share group types."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_READER = '(rule:context_is_admin) or (rule:project-reader)'
_OLD_OWNER = 'rule:default'
_OLD_ADMIN = 'rule:admin_api'
_ONE = '/share-group-types/{share_group_type_id}'

CREATE = rule('share_group_type:create', _ADMIN, 'Create a share group type.', 'POST /share-group-types',
              deprecated=_OLD_ADMIN)
INDEX = rule('share_group_type:index', _READER, 'List share group types.', 'GET /share-group-types?is_public=all',
             deprecated=_OLD_OWNER)
SHOW = rule('share_group_type:show', _READER, 'Show a share group type.', f'GET {_ONE}', deprecated=_OLD_OWNER)
DEFAULT = rule('share_group_type:default', _READER, 'Show the default share group type.',
               'GET /share-group-types/default', deprecated=_OLD_OWNER)
DELETE = rule('share_group_type:delete', _ADMIN, 'Delete a share group type.', f'DELETE {_ONE}',
              deprecated=_OLD_ADMIN)
LIST_ACCESS = rule('share_group_type:list_project_access', _ADMIN,
                   'List the projects that have access to a private share group type.', f'GET {_ONE}/access',
                   deprecated=_OLD_ADMIN)
ADD_ACCESS = rule('share_group_type:add_project_access', _ADMIN,
                  'Give a project access to a private share group type.', f'POST {_ONE}/action',
                  deprecated=_OLD_ADMIN)
REMOVE_ACCESS = rule('share_group_type:remove_project_access', _ADMIN,
                     'Take the access to a private share group type from a project.', f'POST {_ONE}/action',
                     deprecated=_OLD_ADMIN)
INDEX_SPECS = rule('share_group_types_spec:index', _ADMIN, 'List the group specs of a share group type.',
                   f'GET {_ONE}/group-specs', deprecated=_OLD_ADMIN)
CREATE_SPEC = rule('share_group_types_spec:create', _ADMIN, 'Set group specs of a share group type.',
                   f'POST {_ONE}/group-specs', deprecated=_OLD_ADMIN)
SHOW_SPEC = rule('share_group_types_spec:show', _ADMIN, 'Show a group spec of a share group type.',
                 f'GET {_ONE}/group-specs/{{key}}', deprecated=_OLD_ADMIN)
UPDATE_SPEC = rule('share_group_types_spec:update', _ADMIN, 'Change a group spec of a share group type.',
                   f'PUT {_ONE}/group-specs/{{key}}', deprecated=_OLD_ADMIN)
DELETE_SPEC = rule('share_group_types_spec:delete', _ADMIN, 'Remove a group spec from a share group type.',
                   f'DELETE {_ONE}/group-specs/{{key}}', deprecated=_OLD_ADMIN)

RULES = [CREATE, INDEX, SHOW, DEFAULT, DELETE, LIST_ACCESS, ADD_ACCESS, REMOVE_ACCESS, INDEX_SPECS, CREATE_SPEC,
         SHOW_SPEC, UPDATE_SPEC, DELETE_SPEC]
