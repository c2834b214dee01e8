"""The jobs that manage and unmanage share instances."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK

SCHEDULE = Kind('share.schedule_manage', exclusive=LOCK)
MANAGE = Kind('share.manage', exclusive=LOCK)
UNMANAGE = Kind('share.unmanage', exclusive=LOCK)

#: Statuses of instances that are being let go of.
UNMANAGING = ('unmanage_starting', 'manage_error_unmanage_starting')
