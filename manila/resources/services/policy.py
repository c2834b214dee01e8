"""Who may do what with services."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_OLD_ADMIN = 'rule:admin_api'

INDEX = rule('service:index', _ADMIN, 'List services.', 'GET /os-services', 'GET /services',
             deprecated=_OLD_ADMIN)
UPDATE = rule('service:update', _ADMIN, 'Take a service out of use, or back.', 'PUT /os-services/disable',
              'PUT /os-services/enable', 'PUT /services/disable', 'PUT /services/enable',
              deprecated=_OLD_ADMIN)

RULES = [INDEX, UPDATE]
