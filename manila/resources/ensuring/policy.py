"""Who may have the shares of a back end checked."""
from manila.policy import rule

ENSURE = rule('service:ensure_shares', 'rule:context_is_admin', 'Have the shares of a back end checked.',
              'POST /services/ensure', deprecated='rule:admin_api')

RULES = [ENSURE]
