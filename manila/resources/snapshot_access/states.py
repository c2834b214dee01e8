"""The job that puts the access rules of a snapshot instance into force."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK

#: What waits for the back end, and what it becomes while the back end works on it.
BEGIN = {'queued_to_apply': 'applying', 'queued_to_deny': 'denying'}
#: States that a job has to end.
PENDING = (*BEGIN, *BEGIN.values())

SYNC = Kind('snapshot_access.sync', coalesce=True, exclusive=LOCK)
