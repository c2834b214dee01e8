"""The job that watches a back end making a share from a snapshot."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK

WATCH = Kind('share.watch_clone', exclusive=LOCK)
