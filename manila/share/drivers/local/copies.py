"""Copies of snapshots that lie in the pool of another local back end of this machine, made in the background.

What is to be copied is kept in a file, so that a copy which the end of the process has cut off begins anew.
"""
import contextlib
import os
import subprocess
import threading

from oslo_log import log

from manila import exception
from manila.conf import CONF
from manila.i18n import _
from manila.share import configuration, utils as share_utils
from manila.share.drivers.local import btrfs
from manila.share.drivers.local.layout import Layout, read_json, write_json
from manila.share.drivers.local.options import local_opts

LOG = log.getLogger(__name__)

INCOMING = 'incoming'       # directory of the pool with what is being received
_BLOCK = 1024 ** 2


def state_directory(options):
    """The state directory of a local back end with these options."""
    return options.local_state_path or os.path.join(CONF.state_path, options.config_group or 'local')


def pool_path(options):
    """Where the pool of a local back end with these options is mounted."""
    return options.local_pool_path or os.path.join(Layout(state_directory(options)).state, 'pool')


def pool_of(host):
    """Where the pool of the local back end that serves ``node@group#pool`` is mounted.

    :raises manila.exception.ShareBackendException: when it is not on this machine
    """
    group = share_utils.extract_host(host, 'backend').partition('@')[2]
    path = None
    if share_utils.extract_host(host, 'host') == CONF.host and group:
        path = pool_path(configuration.Configuration(local_opts, config_group=group))
    if path is None or not btrfs.is_btrfs(path):
        raise exception.ShareBackendException(msg=_('The pool of %s cannot be reached from here.') % host)
    return path


class Copy:
    """One copy while it is made."""

    def __init__(self, pool, share_id, order):
        self._pool, self._share_id, self._order = pool, share_id, order
        self._processes = []
        self._lock = threading.Lock()
        self._cancelled = False
        self._bytes = 0
        self.failure = None
        self._thread = threading.Thread(target=self._run, name=f'copy-{share_id}', daemon=True)
        self._thread.start()

    @property
    def running(self):
        """Whether it is being made still."""
        return self._thread.is_alive()

    @property
    def progress(self):
        """How much is there, in percent."""
        return f'{min(99, 100 * self._bytes // max(1, self._order["bytes"]))}%'

    def cancel(self):
        """End it; returns once nothing is written any more."""
        with self._lock:
            self._cancelled = True
            for process in self._processes:
                process.kill()
        self._thread.join()

    def _run(self):
        try:
            self._make()
        except Exception as failure:
            self.failure = failure
            LOG.error('The copy of %s for share %s failed: %s', self._order['origin'], self._share_id,
                      failure)

    def _make(self):
        directory = os.path.join(INCOMING, self._share_id)
        clear(self._pool, directory)
        os.makedirs(self._pool.locate(directory), mode=0o700)
        self._transfer(self._pool.locate(directory))
        received = os.path.join(directory, os.path.basename(self._order['origin']))
        self._pool.clone(received, self._order['source'], self._order['size'])
        clear(self._pool, directory)
        self._pool.commit()

    def _transfer(self, directory):
        send = self._start('btrfs', 'send', '-q', self._order['origin'], stdout=subprocess.PIPE)
        receive = self._start('btrfs', 'receive', '-q', directory, stdin=subprocess.PIPE)
        try:
            while block := send.stdout.read(_BLOCK):
                receive.stdin.write(block)
                self._bytes += len(block)
            receive.stdin.close()
        except BrokenPipeError:
            send.kill()     # what the receiver did not like is told below
        for process in (receive, send):
            problem = process.stderr.read().decode(errors='replace').strip()
            if process.wait():
                raise OSError(problem or f'{" ".join(process.args[:2])} was ended')

    def _start(self, *command, **pipes):
        with self._lock:
            if self._cancelled:
                raise OSError('the copy is not wanted any more')
            process = subprocess.Popen(command, stderr=subprocess.PIPE, **pipes)
            self._processes.append(process)
            return process


def clear(pool, directory):
    """Remove a directory of the pool with the subvolumes in it."""
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir(pool.locate(directory)):
            pool.destroy(os.path.join(directory, name))
        os.rmdir(pool.locate(directory))


class Copies:
    """The copies that are made for one back end.

    :param pool: the :class:`manila.share.drivers.local.pool.Pool` that they go to
    :param directory: where orders are kept
    """

    def __init__(self, pool, directory):
        self._pool, self._directory = pool, directory
        self._copies = {}
        self._lock = threading.Lock()

    def begin(self, share_id, origin, source, size):
        """Have a snapshot become a writable subvolume of the pool.

        :param origin: full path of the snapshot
        :param source: path of the new subvolume in the pool, and :param size: its size in GiB
        """
        figures = btrfs.QuotaFigures(origin)
        order = {'origin': origin, 'source': source, 'size': size,
                 'bytes': figures.referenced(btrfs.subvolume_id(origin))}
        os.makedirs(self._directory, mode=0o700, exist_ok=True)
        write_json(self._file(share_id), order)
        self._copy(share_id, order)

    def _copy(self, share_id, order):
        with self._lock:
            copy = self._copies.get(share_id)
            if copy is None:
                copy = self._copies[share_id] = Copy(self._pool, share_id, order)
            return copy

    def _file(self, share_id):
        return os.path.join(self._directory, f'{share_id}.json')

    def progress(self, share_id):
        """How much of a copy is there, in percent; None when it is complete.

        :raises OSError: when it could not be made
        """
        order = read_json(self._file(share_id))
        if order is None:
            return None
        copy = self._copy(share_id, order)
        if copy.running:
            return copy.progress
        self._copies.pop(share_id, None)
        if copy.failure is not None:
            raise copy.failure
        os.unlink(self._file(share_id))
        return None

    def cancel(self, share_id):
        """Forget a copy, however far it is."""
        copy = self._copies.pop(share_id, None)
        if copy is not None:
            copy.cancel()
        if read_json(self._file(share_id)) is not None:
            clear(self._pool, os.path.join(INCOMING, share_id))
            os.unlink(self._file(share_id))
