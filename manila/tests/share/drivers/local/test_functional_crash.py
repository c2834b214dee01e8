"""Any part dies, or the machine does, and everything is back."""
import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from manila import exception
from manila.share.drivers.local import btrfs
from manila.tests.fixtures import nfs
from manila.tests.share.drivers.local.backend import Backend, eventually, rule, share, snapshot

pytestmark = pytest.mark.functional


def make_share(backend, **values):
    """A share open to 127.0.0.1, and its locations."""
    made = share(**values)
    locations = backend.driver.create_share(None, made)
    backend.driver.update_access(None, made, [rule('127.0.0.1')], [], [], [])
    return made, locations


@pytest.mark.parametrize('server', ('ganesha.nfsd', 'dbus-daemon'))
def test_open_file_survives_the_death_of_a_server(backend, server):
    target, locations = make_share(backend)
    with nfs.Session(backend.url(locations)) as client:
        client.create('/file')
        client.write('/file', b'before')
        backend.kill(server)
        client.write('/file', b'after!')
        assert client.read('/file') == b'after!'


@pytest.mark.parametrize('server', ('ganesha.nfsd', 'dbus-daemon'))
def test_changes_go_on_while_a_server_is_restarted(backend, server):
    for _ in range(3):
        os.kill(eventually(lambda: backend.process(server)), signal.SIGKILL)
        made, locations = make_share(backend)
        nfs.write(backend.url(locations, 4), '/file', b'x')
        backend.driver.delete_share(None, made)


def test_export_host_is_brought_back_with_everything(backend):
    target, locations = make_share(backend)
    taken = snapshot(target)
    taken.update(backend.driver.create_snapshot(None, taken))
    backend.driver.snapshot_update_access(None, taken, [rule('127.0.0.1')], [], [])
    with nfs.Session(backend.url(locations)) as client:
        client.create('/file')
        old = backend.host()
        os.kill(old, signal.SIGKILL)
        eventually(lambda: backend.host() != old)
        client.write('/file', b'after')
        assert client.read('/file') == b'after'
    assert nfs.ls(backend.url(taken['export_locations'])) == []
    made, others = make_share(backend)
    nfs.write(backend.url(others), '/file', b'x')


def test_nothing_of_a_killed_export_host_is_left(backend):
    names = ('ganesha.nfsd', 'dbus-daemon')
    old = {name: eventually(lambda name=name: backend.process(name)) for name in names}
    backend.forget()
    os.kill(backend.host(), signal.SIGKILL)
    eventually(lambda: not any(os.path.exists(f'/proc/{pid}') for pid in old.values()))


def test_no_mount_of_an_export_is_seen_outside(backend):
    make_share(backend)
    with open('/proc/self/mounts') as mounts:
        assert [line.split()[1] for line in mounts if backend.state in line.split()[1]] == [
            os.path.join(backend.state, 'pool')]


def test_clients_go_on_while_the_driver_is_away(backend):
    target, locations = make_share(backend)
    with nfs.Session(backend.url(locations)) as client:
        client.create('/file')
        server = backend.process('ganesha.nfsd')
        backend.forget()
        client.write('/file', b'nobody in control')
        backend.start()
        assert backend.process('ganesha.nfsd') == server
        client.write('/file', b'and back in control')
        backend.driver.update_access(None, target, [], [], [], [])
        with pytest.raises(OSError):
            client.write('/file', b'and out')


def test_restarted_driver_makes_good_what_the_old_one_left_half_done(backend):
    """Killed between noting an export and serving it, and between dropping one and no longer serving it."""
    kept, locations = make_share(backend)
    dropped, gone = make_share(backend)
    exports = os.path.join(backend.state, 'exports')
    backend.forget()
    for name in os.listdir(exports):
        path = os.path.join(exports, name)
        with open(path) as file:
            text = file.read()
        if dropped['id'] in text:
            os.unlink(path)
        elif kept['id'] in text:
            with open(path, 'w') as file:
                file.write(text.replace('127.0.0.1', '198.18.255.255'))
    backend.start()
    assert nfs.is_refused(backend.url(locations)) and nfs.is_refused(backend.url(gone))


def test_everything_is_back_after_a_reboot(backend):
    target, locations = make_share(backend, mount_point_name='stays')
    reader = backend.new_address()
    backend.driver.update_access(None, target, [rule('127.0.0.1'), rule(reader, 'ro')], [], [], [])
    taken = snapshot(target)
    with nfs.Session(backend.url(locations)) as client:
        client.create('/file')
        client.write('/file', b'before')
        taken.update(backend.driver.create_snapshot(None, taken))
        backend.driver.snapshot_update_access(None, taken, [rule('127.0.0.1')], [], [])
        backend.reboot()
        backend.start()
        client.write('/file', b'after!')    # the same handle: number and file system stayed the same
    assert nfs.read(backend.url(locations, 4, reader), '/file') == b'after!'
    with pytest.raises(nfs.Refused):
        nfs.write(backend.url(locations, 3, reader), '/file', b'x')
    assert nfs.read(backend.url(taken['export_locations']), '/file') == b'before'
    backend.driver.delete_share(None, target)
    assert nfs.is_refused(backend.url(locations))


def test_pool_grows_with_its_option(backend):
    make_share(backend)
    for restart in (backend.forget, backend.reboot):
        restart()
        size = backend.options.get('local_pool_size_gb', 2) + 1
        backend.start(local_pool_size_gb=size)
        assert backend.driver.get_share_stats(refresh=True)['pools'][0]['total_capacity_gb'] == size


def test_changed_server_options_take_effect(backend):
    target, locations = make_share(backend)
    backend.forget()
    backend.start(local_nfs_versions=['4'])
    assert nfs.is_refused(backend.url(locations, 3))
    nfs.write(backend.url(locations, 4), '/file', b'x')


def test_share_whose_records_were_lost_is_ensured(backend):
    target, locations = make_share(backend)
    missing = share()
    backend.reboot()
    for name in os.listdir(os.path.join(backend.state, 'exports')):
        os.unlink(os.path.join(backend.state, 'exports', name))
    backend.start()
    assert nfs.is_refused(backend.url(locations))
    updates = backend.driver.ensure_shares(None, [target, missing])
    assert updates == {
        target['id']: {'status': 'available', 'export_locations': locations, 'reapply_access_rules': True},
        missing['id']: {'status': 'error'}}
    backend.driver.update_access(None, target, [rule('127.0.0.1')], [], [], [])
    nfs.write(backend.url(locations), '/file', b'x')


def test_existing_file_system_serves_as_the_pool(backend, conf):
    other = Backend(conf)
    try:
        directory = os.path.join(backend.state, 'pool', 'elsewhere')
        btrfs.create_subvolume(directory)
        other.start(local_pool_path=directory, local_export_ips=['127.0.0.1'])
        target, locations = make_share(other)
        nfs.write(other.url(locations), '/file', b'x')
        assert os.listdir(os.path.join(directory, 'shares', target['id'])) == ['file']
    finally:
        other.clean()


def test_port_in_use_is_said(stopped_backend):
    with socket.socket(socket.AF_INET6) as other:
        other.bind(('::', stopped_backend.nfs_port))
        other.listen()
        with pytest.raises(exception.ShareBackendException, match='does not start.*[Bb]ind'):
            stopped_backend.start()
    target, locations = make_share(stopped_backend.start())
    nfs.write(stopped_backend.url(locations), '/file', b'x')


def test_export_host_serves_from_its_files_alone(backend):
    """It can be started again by hand, or at boot, before there is a driver."""
    _, locations = make_share(backend)
    nfs.write(backend.url(locations), '/file', b'x')
    backend.forget()
    backend.stop_servers()
    assert nfs.is_refused(backend.url(locations))
    for _ in range(2):      # it may run already
        subprocess.run([sys.executable, '-m', 'manila.share.drivers.local.exporter', '--start', backend.state],
                       check=True)
    eventually(lambda: nfs.read(backend.url(locations), '/file') == b'x')
    status = subprocess.run(
        [sys.executable, '-m', 'manila.share.drivers.local.exporter', '--status', backend.state],
        check=True, capture_output=True, text=True)
    assert json.loads(status.stdout)['ok']['versions'] == [3, 4]
