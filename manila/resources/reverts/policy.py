"""Who may revert a share."""
from manila.policy import rule

REVERT = rule('share:revert_to_snapshot', '(rule:context_is_admin) or (rule:project-member)',
              'Revert a share to a snapshot.', 'POST /shares/{share_id}/action', deprecated='rule:default')

RULES = [REVERT]
