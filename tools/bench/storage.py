"""From the order to the first byte over NFS: through the whole service with the local driver, and by bare calls."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import uuid

from manila.share.drivers.local import btrfs, exporter_client, exports as exports_module, ganesha_bus, layout, probe
from manila.tests.fixtures import nfs
from manila.tests.functional import cluster
from tools.bench import floors, stack

GIB = 1 << 30
NUMBER = 20
ADDRESS = '127.0.0.1'


class LocalStack(stack.Running):
    """The services with the local driver on a pool of their own."""

    def settings(self):
        """One local back end instead of the dummy ones."""
        settings = super().settings()
        self.nfs_port, self.mount_port = cluster.free_port(), cluster.free_port()
        settings['DEFAULT']['enabled_share_backends'] = 'local'
        settings['local'] = {
            'share_driver': 'manila.share.drivers.local.LocalDriver', 'driver_handles_share_servers': 'False',
            'share_backend_name': 'LOCAL', 'local_state_path': self.folder / 'local', 'local_enable_smb': 'no',
            'local_pool_size_gb': 200, 'local_export_ips': ADDRESS, 'local_nfs_port': self.nfs_port,
            'local_mount_port': self.mount_port}
        return settings

    def wait_ready(self, seconds=120):
        """Wait until the scheduler knows the pool."""
        self.wait(lambda: self._pools() == 1, seconds, 'the pool of the local back end', watch=cluster.ROLES)

    def _pools(self):
        try:
            return len(stack.Client(self.port)('GET', '/scheduler-stats/pools')['pools'])
        except Exception:
            return 0


def first_byte(running, options, table):
    """Order a share, open it to a client, write a byte."""
    reasons = probe.missing_for_nfs(True)
    if reasons:
        print(f'first-byte: left out. {" ".join(reasons)}')
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix='mb-', dir='/tmp'))
    try:
        with stack.running(folder, options.database, LocalStack) as local:
            whole = floors.seconds(NUMBER, lambda turn: _through_the_service(local))
            bare = _bare(local)
            table.add('share, rule, first byte over NFS', whole * 1000, bare * 1000, aim='floor + 100 ms')
    finally:
        _stop_storage(folder / 'local')
        shutil.rmtree(folder, ignore_errors=True)


def _through_the_service(local):
    call = local.call
    share = call('POST', '/shares', {'share': {'share_proto': 'NFS', 'size': 1}})['share']['id']
    _until(lambda: call('GET', f'/shares/{share}')['share']['status'], 'available')
    rule = call('POST', f'/shares/{share}/action', {
        'allow_access': {'access_type': 'ip', 'access_to': ADDRESS}})['access']['id']
    _until(lambda: call('GET', f'/share-access-rules/{rule}')['access']['state'], 'active')
    path = call('GET', f'/shares/{share}/export_locations')['export_locations'][0]['path']
    nfs.write(nfs.url(path, 3, local.nfs_port, local.mount_port), '/byte', b'x')


def _until(look, wanted):
    while (state := look()) != wanted:
        if state == 'error':
            raise RuntimeError(f'{wanted} was expected, it is in {state}')
        time.sleep(0.002)


def _bare(local):
    """The same by the calls alone, on the pool and the server that the service uses."""
    place = layout.Layout(os.fspath(local.folder / 'local'))
    host, bus = exporter_client.Exporter(place), ganesha_bus.ExportBus(place.bus)
    pool = local.folder / 'local' / 'pool' / 'shares'
    numbers = iter(range(60000, 60000 + 2 * NUMBER))

    def work(turn):
        number, name = next(numbers), uuid.uuid4().hex
        subvolume = os.fspath(pool / name)
        btrfs.create_subvolume(subvolume)
        btrfs.set_limit(subvolume, GIB)
        os.chmod(subvolume, 0o777)
        export = exports_module.Export(entity=name, number=number, source=f'shares/{name}', path=f'/bench/{name}',
                                       clients=((ADDRESS, 'rw'),))
        host.request('bind', name=export.bind, source=export.source, read_only=False)
        file = os.fspath(local.folder / f'{number}.conf')
        pathlib.Path(file).write_text(exports_module.to_text(export, place.mounts))
        bus.upsert(number, file)
        nfs.write(nfs.url(f'{ADDRESS}:/bench/{name}', 3, local.nfs_port, local.mount_port), '/byte', b'x')
    try:
        return floors.seconds(NUMBER, work)
    finally:
        bus.close()
        host.close()


def _stop_storage(state):
    """End the export host, which outlives the services, and unmount the pool."""
    subprocess.run([sys.executable, '-m', 'manila.share.drivers.local.exporter', '--stop', os.fspath(state)],
                   check=False, stdin=subprocess.DEVNULL)
    subprocess.run(['umount', os.fspath(state / 'pool')], check=False, stdin=subprocess.DEVNULL)
