"""A whole local back end for a test: driver, pool, servers, addresses; and everything gone afterwards."""
import contextlib
import ctypes.util
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

from manila.share import configuration, driver
from manila.share.drivers.local import LocalDriver, exports, probe
from manila.share.drivers.local.exporter_client import Exporter
from manila.share.drivers.local.layout import Layout
from manila.share.drivers.local.options import local_opts
from manila.tests.fixtures import nfs

GROUP = 'localtest'


def missing():
    """Why local back ends cannot be tested on this machine, as one text; empty when they can."""
    reasons = probe.missing_for_nfs()
    if not any(ctypes.util.find_library('nfs') or os.path.exists(f'/usr/lib/{arch}/libnfs.so.{number}')
               for arch in os.listdir('/usr/lib') for number in (13, 14)):
        reasons.append('libnfs is missing: install the package libnfs13 or libnfs14.')
    return ' '.join(reasons)


def free_port():
    """A TCP port nobody listens on, outside of the range the kernel gives away by itself."""
    while True:
        port = random.randint(20100, 32000)
        with socket.socket(socket.AF_INET6) as probe_socket, contextlib.suppress(OSError):
            probe_socket.bind(('::', port))
            return port


def eventually(condition, seconds=20):
    """The first true value of a condition; fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, nfs.Refused):
            if value := condition():
                return value
        time.sleep(0.02)
    raise AssertionError('it did not happen in time')


class Backend:
    """One back end in a directory of its own, on ports of its own."""

    def __init__(self, conf, **options):
        self._conf, self.options = conf, options
        self.state = tempfile.mkdtemp(prefix='manila-local-', dir='/tmp')
        self.nfs_port, self.mount_port, self.smb_port = free_port(), free_port(), free_port()
        self._addresses = []
        self.driver = None

    # --- life

    def start(self, **options):
        """Start the driver as manila-share does; with the same files as last time, if any."""
        if self.driver is not None:
            self.forget()
        self.options.update(options)
        config = configuration.Configuration([*driver.share_opts, *local_opts], config_group=GROUP)
        self._conf.config(group=GROUP, **{
            'driver_handles_share_servers': False, 'share_backend_name': GROUP,
            'local_state_path': self.state, 'local_pool_size_gb': 2, 'local_nfs_port': self.nfs_port,
            'local_mount_port': self.mount_port, 'local_smb_port': self.smb_port,
            'local_enable_smb': 'no', 'local_export_ips': ['127.0.0.1', '::1'], **self.options})
        self.driver = LocalDriver(configuration=config, private_storage=None)
        self.driver.do_setup(None)
        self.driver.check_for_setup_error()
        return self

    def forget(self):
        """Lose the driver, as when manila-share is killed; the export host is not told."""
        self.driver.close()
        self.driver = None

    def stop_servers(self):
        """What ``tools/quickstart --stop`` does after stopping manila-share."""
        subprocess.run([sys.executable, '-m', 'manila.share.drivers.local.exporter', '--stop', self.state],
                       check=True)

    def reboot(self):
        """Kill everything and unmount the pool; the files stay."""
        host = self.host()
        self.forget()
        os.kill(host, signal.SIGKILL)
        self._unmount()

    def clean(self):
        """Leave nothing behind."""
        if self.driver is not None:
            self.forget()
        self.stop_servers()
        self._unmount()
        for address in self._addresses:
            subprocess.run(['ip', 'address', 'del', address, 'dev', 'lo'], check=False)
        shutil.rmtree(self.state)

    def _unmount(self):
        pool = os.path.join(self.state, 'pool')
        eventually(lambda: not os.path.ismount(pool)
                   or subprocess.run(['umount', pool], capture_output=True).returncode == 0)

    # --- clients

    def new_address(self, version=4):
        """Another address of this machine, for a client that comes from there."""
        for _ in range(100):
            first, second = random.randint(1, 254), random.randint(1, 254)
            address = f'198.18.{first}.{second}' if version == 4 else f'fd00:198:18::{first:x}:{second:x}'
            prefix = f'{address}/{32 if version == 4 else 128}'
            flags = ['nodad'] if version == 6 else []
            if subprocess.run(['ip', 'address', 'add', prefix, 'dev', 'lo', *flags],
                              capture_output=True).returncode == 0:
                self._addresses.append(prefix)
                return address
        raise AssertionError('no further address could be added')

    def url(self, locations, version=3, client='127.0.0.1'):
        """Where a client at an address mounts a share."""
        return nfs.url(locations[0]['path'], version, self.nfs_port, self.mount_port, client)

    def number(self, target):
        """Export number of a share."""
        return next(number for number, export in exports.load(Layout(self.state).exports).items()
                    if export.entity == target['id'])

    def fill(self, target, mebibytes):
        """Let a share hold this much more, in a moment."""
        path = os.path.join(self.state, 'pool', 'shares', target['id'], f'filler-{uuid.uuid4()}')
        with open(path, 'wb') as file:
            os.posix_fallocate(file.fileno(), 0, mebibytes * 1024 ** 2)
            os.fsync(file.fileno())
        return os.path.basename(path)

    # --- processes

    def host(self):
        """Number of the export host's process."""
        return Exporter(Layout(self.state)).pid()

    def process(self, name):
        """Number of a server's process, None while there is none."""
        host = self.host()
        with open(f'/proc/{host}/task/{host}/children') as children:
            for pid in children.read().split():
                with contextlib.suppress(OSError), open(f'/proc/{pid}/comm') as command:
                    if command.read().strip() == name:
                        return int(pid)
        return None

    def kill(self, name):
        """Kill a server and wait until another one has taken its place."""
        old = eventually(lambda: self.process(name))
        os.kill(old, signal.SIGKILL)
        eventually(lambda: self.process(name) not in (None, old))


def share(size=1, protocol='NFS', **values):
    """A share instance as the manager hands it to drivers."""
    return {'id': str(uuid.uuid4()), 'size': size, 'share_proto': protocol, 'project_id': 'project',
            'mount_point_name': None, 'mount_snapshot_support': True, **values}


def snapshot(of, **values):
    """A snapshot instance of a share."""
    return {'id': str(uuid.uuid4()), 'share_id': of['id'], 'share_instance_id': of['id'], 'share': of,
            'size': of['size'], 'share_proto': of['share_proto'], 'provider_location': None, **values}


def rule(who, level='rw', kind='ip'):
    """An access rule."""
    return {'id': str(uuid.uuid4()), 'access_id': str(uuid.uuid4()), 'access_type': kind, 'access_to': who,
            'access_level': level}
