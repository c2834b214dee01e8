"""The job that reverts a share instance."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK

REVERT = Kind('share.revert', exclusive=LOCK)
