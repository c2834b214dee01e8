"""Waking workers up.

Ringing is only a hint: a lost one costs at most one poll interval. Workers of this process are woken
directly; others through the function given to :func:`connect`, called from one thread so that many orders
given at once become few messages.
"""
import threading
import time

from oslo_log import log

LOG = log.getLogger(__name__)

_local = {}
_remote = None


class Remote:
    """Sends wake-ups for queues of other processes, merging those that are still to be sent."""

    def __init__(self, send):
        self._send = send
        self._queues = set()
        self._condition = threading.Condition()
        self._stopped = False
        self.sending_since = None   # monotonic time since when one is being sent
        self._thread = threading.Thread(target=self._run, name='bell', daemon=True)
        self._thread.start()

    def ring(self, queue):
        """Have a queue woken; returns at once."""
        with self._condition:
            self._queues.add(queue)
            self._condition.notify()

    def stop(self):
        """Send what is still to be sent, for up to two seconds, and end."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        self._thread.join(2)

    def _run(self):
        while True:
            with self._condition:
                while not self._queues and not self._stopped:
                    self._condition.wait()
                queues, self._queues = self._queues, set()
                if not queues:
                    return
            for queue in sorted(queues):
                self.sending_since = time.monotonic()
                try:
                    self._send(queue)
                except Exception as error:
                    LOG.warning('Could not wake %s, its next poll will find the work: %s', queue, error)
                self.sending_since = None


def connect(send):
    """Use ``send(queue)`` to wake workers of other processes; None disconnects."""
    global _remote
    if _remote is not None:
        _remote.stop()
    _remote = Remote(send) if send is not None else None


def stuck():
    """For how many seconds the wake-up that is being sent has waited for the broker; 0 when none is."""
    since = _remote.sending_since if _remote is not None else None
    return 0 if since is None else time.monotonic() - since


def attach(queue, wake):
    """Have ``wake()`` called when work for a queue is ordered in this process."""
    _local[queue] = (*_local.get(queue, ()), wake)


def detach(queue, wake):
    """Undo :func:`attach`."""
    _local[queue] = tuple(other for other in _local.get(queue, ()) if other != wake)


def ring(queue):
    """Wake whoever works on a queue."""
    wakes = _local.get(queue)
    if wakes:
        for wake in wakes:
            wake()
    elif _remote is not None:
        _remote.ring(queue)
