"""Who may manage and unmanage shares."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_OLD = 'rule:admin_api'

MANAGE = rule('share:manage', _ADMIN, 'Bring a share that exists on a back end under management.',
              'POST /shares/manage', deprecated=_OLD)
UNMANAGE = rule('share:unmanage', _ADMIN, 'Let go of a share without removing it.', 'POST /shares/unmanage',
                deprecated=_OLD)

RULES = [MANAGE, UNMANAGE]
