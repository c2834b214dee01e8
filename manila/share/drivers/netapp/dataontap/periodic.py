"""Work that comes round every few seconds, in a thread of its own."""
import threading
import time
import weakref

from oslo_log import log

LOG = log.getLogger(__name__)


class Periodic:
    """Calls methods of an object at intervals until it is stopped, or nobody else knows the object any more.

    :param owner: the object
    :param tasks: name of a method -> seconds between two calls; the first call comes after that time
    """

    def __init__(self, owner, tasks):
        self._owner = weakref.ref(owner)
        self._due = {name: (time.monotonic() + seconds, seconds) for name, seconds in tasks.items()}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name='netapp-periodic', daemon=True)

    def start(self):
        """Begin."""
        self._thread.start()

    def stop(self):
        """End; a call that is going on is not waited for."""
        self._stopped.set()

    def _run(self):
        while not self._stopped.wait(max(0.0, min(due for due, _ in self._due.values()) - time.monotonic())):
            owner = self._owner()
            if owner is None:
                return
            for name, (due, seconds) in self._due.items():
                if time.monotonic() >= due:
                    self._call(owner, name)
                    self._due[name] = (time.monotonic() + seconds, seconds)
            del owner

    @staticmethod
    def _call(owner, name):
        try:
            getattr(owner, name)()
        except Exception:
            LOG.exception('%s failed and is tried again next time', name)
