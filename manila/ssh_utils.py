"""SSH connections to storage, kept in a pool."""
import contextlib
import os
import queue
import threading

from oslo_log import log

from manila import exception
from manila.i18n import _

try:
    import paramiko
except ImportError:     # only needed by drivers that use SSH
    paramiko = None

LOG = log.getLogger(__name__)


class SSHPool:
    """Connections to one account on one host; threads borrow them with ``with pool.item() as ssh``.

    :param conn_timeout: seconds to wait for a connection
    :param password: password of ``login``; with a private key it is not needed
    :param privatekey: file with the private key
    :param min_size: connections to open at once; those that fail are opened when needed
    :param max_size: most connections at the same time; who wants one more waits
    """

    def __init__(self, ip, port, conn_timeout, login, password=None, privatekey=None, *args,
                 min_size=4, max_size=4, **kwargs):
        if paramiko is None:
            raise exception.RequirementMissing(req='paramiko')
        self.ip = ip
        self.port = port
        self.login = login
        self.password = password
        self.conn_timeout = conn_timeout if conn_timeout else None
        self.path_to_private_key = privatekey
        self.max_size = max_size
        self.current_size = 0
        self._idle = queue.LifoQueue()
        self._size_lock = threading.Lock()
        for _number in range(min(min_size, max_size)):
            with contextlib.suppress(exception.SSHException):
                self._idle.put(self._grow())

    def create(self, quiet=False):
        """Open a connection.

        :param quiet: whether a failure is logged for debugging only
        :raises manila.exception.SSHException: when it cannot be opened
        """
        client = paramiko.SSHClient()
        client.load_system_host_keys()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        try:
            client.connect(self.ip, port=self.port, username=self.login, password=self.password,
                           key_filename=self._key_file(), look_for_keys=bool(self.path_to_private_key),
                           timeout=self.conn_timeout, banner_timeout=self.conn_timeout)
        except Exception as error:
            client.close()
            log_failure = LOG.debug if quiet else LOG.error
            log_failure('SSH connection to %s@%s:%s failed: %s', self.login, self.ip, self.port, error)
            raise exception.SSHException(
                _('SSH connection to %(host)s failed: %(error)s') % {'host': self.ip, 'error': error})
        if self.conn_timeout:
            client.get_transport().set_keepalive(self.conn_timeout)
        return client

    def _key_file(self):
        if not self.path_to_private_key:
            if not self.password:
                raise exception.SSHException(_('SSH needs a password or a private key.'))
            return None
        return os.path.expanduser(self.path_to_private_key)

    def _grow(self):
        with self._size_lock:
            if self.current_size >= self.max_size:
                return None
            self.current_size += 1
        try:
            return self.create()
        except BaseException:
            self._shrink()
            raise

    def _shrink(self):
        with self._size_lock:
            self.current_size -= 1
        self._idle.put(None)    # wakes one who waits, so that he opens a connection himself

    def get(self):
        """Borrow a connection that works; waits for one when ``max_size`` are lent out."""
        while True:
            try:
                client = self._idle.get_nowait()
            except queue.Empty:
                client = self._grow() or self._idle.get()
            if client is None:
                continue
            transport = client.get_transport()
            if transport is not None and transport.is_active():
                return client
            self.remove(client)

    def put(self, ssh):
        """Give a connection back."""
        self._idle.put(ssh)

    def remove(self, ssh):
        """Close a borrowed connection instead of giving it back."""
        ssh.close()
        self._shrink()

    @contextlib.contextmanager
    def item(self):
        """Borrow a connection for a block."""
        client = self.get()
        try:
            yield client
        finally:
            self.put(client)
