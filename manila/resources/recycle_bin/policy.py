"""Who may put shares into the recycle bin, and take them out again."""
from manila.policy import rule

_MEMBER = '(rule:context_is_admin) or (rule:project-member)'
_ACTION = 'POST /shares/{share_id}/action'

SOFT_DELETE = rule('share:soft_delete', _MEMBER, 'Put a share into the recycle bin.', _ACTION)
RESTORE = rule('share:restore', _MEMBER, 'Take a share out of the recycle bin.', _ACTION)

RULES = [SOFT_DELETE, RESTORE]
