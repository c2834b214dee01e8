"""The life of a share transfer, and the job that carries it out."""
from manila.jobs.kind import Kind
from manila.resources.shares.states import LOCK
from manila.states import States

# A transfer that was carried out, withdrawn or has expired is removed.
TRANSFER = States(
    'status',
    # event    from         to
    ('accept', 'waiting',   'accepting'),
    ('fail',   'accepting', 'waiting'),
)

ACCEPT = Kind('transfer.accept', exclusive=LOCK)
