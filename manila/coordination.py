"""Locks between processes and nodes, through tooz; ``[coordination] backend_url`` says where they are."""
import functools
import inspect
import os
import re
import threading
import uuid

from oslo_log import log

# Imported here and not when needed: where eventlet is installed this imports it, and a thread in which that
# happens for the first time can never be joined.
from tooz import coordination

from manila import exception
from manila.conf import CONF
from manila.i18n import _

LOG = log.getLogger(__name__)


class Coordinator:
    """The connection of this process to where locks are kept; made when the first lock is asked for.

    :param agent_id: name of this process among the others
    :param prefix: what names of locks begin with
    """

    def __init__(self, agent_id=None, prefix=''):
        self.agent_id = agent_id or str(uuid.uuid4())
        self.prefix = prefix
        self._start_lock = threading.Lock()
        self._connection = None
        self._owner = None

    @property
    def started(self):
        """Whether this very process is connected: a connection of the parent is of no use to a child."""
        return self._connection is not None and self._owner == os.getpid()

    def start(self):
        """Connect, unless connected.

        :raises manila.exception.LockCreationFailed: when that is not possible
        """
        with self._start_lock:
            if not self.started:
                self._connection = self._connect()
                self._owner = os.getpid()

    def _connect(self):
        member = f'{self.agent_id}-{os.getpid()}'.encode()
        try:
            connection = coordination.get_coordinator(CONF.coordination.backend_url, member)
            connection.start(start_heart=connection.requires_beating)
        except (coordination.ToozError, RuntimeError) as error:     # the latter: no such kind of back end
            raise exception.LockCreationFailed(
                _('There is no connection to where locks are kept: %s') % error) from error
        return connection

    def stop(self):
        """Disconnect; the locks of this process are released."""
        with self._start_lock:
            if self.started:
                self._connection.stop()
            self._connection = None

    def get_lock(self, name):
        """The lock of a name, not yet taken."""
        self.start()
        # With the default back end a lock is a file of that name.
        safe = re.sub(r'[^A-Za-z0-9_.@#:-]', '-', self.prefix + name)
        return self._connection.get_lock(safe.encode('ascii'))


#: The coordinator used unless another one is given.
LOCK_COORDINATOR = Coordinator(prefix='manila-')


class Lock:
    """A lock in a ``with`` statement.

    :param lock_name: template for ``lock_data``
    :param lock_data: dict of values
    """

    def __init__(self, lock_name, lock_data=None, coordinator=None):
        self.name = lock_name.format(**(lock_data or {}))
        self.coordinator = coordinator or LOCK_COORDINATOR
        self._lock = None

    def acquire(self, blocking=True):
        """Take the lock; returns whether it could be taken."""
        self._lock = self.coordinator.get_lock(self.name)
        LOG.debug('Waiting for lock %s.', self.name)
        return self._lock.acquire(blocking=blocking)

    def release(self):
        """Give the lock back."""
        self._lock.release()

    def __enter__(self):
        self._take(blocking=True)
        return self

    def _take(self, blocking):
        if not self.acquire(blocking):
            raise exception.LockingFailed(_('Lock %s is taken.') % self.name)

    def __exit__(self, *_error):
        self.release()


def synchronized(lock_name, blocking=True, coordinator=None):
    """Decorator: calls with the same lock name wait for each other, on all nodes.

    :param lock_name: template for the function's arguments and its name, ``f_name``:
        ``'{f_name}-{share[id]}'``
    :param blocking: whether to wait; otherwise LockingFailed is raised when the lock is taken
    """
    def decorate(function):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            lock = Lock(lock_name, {**bound.arguments, 'f_name': function.__name__}, coordinator)
            lock._take(blocking)
            try:
                return function(*args, **kwargs)
            finally:
                lock.release()
        return wrapper
    return decorate
