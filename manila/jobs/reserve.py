"""Locks of jobs that are taken for a while by a job that works on many things, one set after the other.

They are kept in memory: one process at a time works on the queue of a back end.
"""
import collections
import contextlib
import threading

from manila.jobs import bell, store


class Reserved:
    """The reserved locks of one queue."""

    def __init__(self):
        self._claiming = threading.Lock()
        self._names = set()

    @contextlib.contextmanager
    def claiming(self):
        """A context in which jobs are claimed; gives the locks that those to be claimed must not have."""
        with self._claiming:
            yield frozenset(self._names)

    def add(self, names):
        """Reserve locks; returns those that nobody has reserved. Claims that have begun are waited for."""
        with self._claiming:
            free = set(names) - self._names
            self._names |= free
            return free

    def remove(self, names):
        """Undo :meth:`add`."""
        with self._claiming:
            self._names -= names


_queues = collections.defaultdict(Reserved)


def of(queue):
    """The :class:`Reserved` of a queue in this process."""
    return _queues[queue]


@contextlib.contextmanager
def reserved(job, names):
    """A context in which no other job of the same queue has certain locks; gives those of ``names`` that are so.

    Jobs that want them are claimed afterwards. Those locks that jobs in hand have are left out.
    """
    queue = job.claim.queue
    found = of(queue)
    mine = found.add(names)
    try:
        busy = store.taken(job.context, mine)
        found.remove(busy)
        mine -= busy
        yield mine
    finally:
        found.remove(mine)
        bell.ring(queue)
