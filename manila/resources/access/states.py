"""The job that puts the access rules of a share instance into force."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK

#: What waits for the back end, and what it becomes while the back end works on it.
BEGIN = {'queued_to_apply': 'applying', 'queued_to_update': 'updating', 'queued_to_deny': 'denying'}
#: From the state that decides for a rule with several to the one that does not.
ORDER = ('error', 'denying', 'queued_to_deny', 'queued_to_update', 'queued_to_apply', 'updating', 'applying', 'active')

# However many changes are ordered while one sync waits, one sync carries them all out.
SYNC = Kind('access.sync', coalesce=True, exclusive=LOCK)
