"""Who may do what with QoS types."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_READER = '(rule:context_is_admin) or (rule:project-reader)'
_OLD_OWNER = 'rule:default'
_OLD_ADMIN = 'rule:admin_api'

CREATE = rule('qos_type:create', _ADMIN, 'Create a QoS type.', 'POST /qos-types', deprecated=_OLD_ADMIN)
UPDATE = rule('qos_type:update', _ADMIN, 'Change a QoS type.', 'PUT /qos-types/{qos_type_id}',
              deprecated=_OLD_ADMIN)
SHOW = rule('qos_type:show', _READER, 'Show a QoS type.', 'GET /qos-types/{qos_type_id}', deprecated=_OLD_OWNER)
INDEX = rule('qos_type:index', _READER, 'List QoS types.', 'GET /qos-types', 'GET /qos-types?{query}',
             deprecated=_OLD_OWNER)
DELETE = rule('qos_type:delete', _ADMIN, 'Delete a QoS type.', 'DELETE /qos-types/{qos_type_id}',
              deprecated=_OLD_ADMIN)
CREATE_SPEC = rule('qos_type_specs:create', _ADMIN, 'Set specs of a QoS type.',
                   'POST /qos-types/{qos_type_id}/specs', deprecated=_OLD_ADMIN)
INDEX_SPECS = rule('qos_type_specs:index', _ADMIN, 'List the specs of a QoS type.',
                   'GET /qos-types/{qos_type_id}/specs', deprecated=_OLD_ADMIN)
SHOW_SPEC = rule('qos_type_specs:show', _ADMIN, 'Show a spec of a QoS type.',
                 'GET /qos-types/{qos_type_id}/specs/{key}', deprecated=_OLD_ADMIN)
UPDATE_SPEC = rule('qos_type_specs:update', _ADMIN, 'Change a spec of a QoS type.',
                   'PUT /qos-types/{qos_type_id}/specs/{key}', deprecated=_OLD_ADMIN)
DELETE_SPEC = rule('qos_type_specs:delete', _ADMIN, 'Remove a spec of a QoS type.',
                   'DELETE /qos-types/{qos_type_id}/specs/{key}', deprecated=_OLD_ADMIN)

RULES = [CREATE, UPDATE, SHOW, INDEX, DELETE, CREATE_SPEC, INDEX_SPECS, SHOW_SPEC, UPDATE_SPEC, DELETE_SPEC]
