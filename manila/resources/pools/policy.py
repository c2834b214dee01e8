"""Who may see pools."""
from manila.policy import rule

_ADMIN = 'rule:context_is_admin'
_OLD_ADMIN = 'rule:admin_api'

INDEX = rule('scheduler_stats:pools:index', _ADMIN, 'List pools.', 'GET /scheduler-stats/pools?{query}',
             deprecated=_OLD_ADMIN)
DETAIL = rule('scheduler_stats:pools:detail', _ADMIN, 'List pools with what they offer.',
              'GET /scheduler-stats/pools/detail?{query}', deprecated=_OLD_ADMIN)

RULES = [INDEX, DETAIL]
