"""Snapshots, clones, going back, and taking over what exists, all seen by an NFS client."""
import os

import pytest

from manila import exception
from manila.share.drivers.local import btrfs
from manila.tests.fixtures import nfs
from manila.tests.share.drivers.local.backend import rule, share, snapshot

pytestmark = pytest.mark.functional


@pytest.fixture
def target():
    return share()


@pytest.fixture
def locations(backend, target):
    """A share open to 127.0.0.1 with one file."""
    locations = backend.driver.create_share(None, target)
    open_share(backend, target)
    nfs.write(backend.url(locations), '/file', b'old')
    return locations


@pytest.fixture
def frozen(backend, target, locations):
    """A snapshot of it, after which the file has changed."""
    taken = snapshot(target)
    taken.update(backend.driver.create_snapshot(None, taken))
    nfs.write(backend.url(locations), '/file', b'new')
    return taken


def open_share(backend, target, *rules):
    return backend.driver.update_access(None, target, list(rules) or [rule('127.0.0.1')], [], [], [])


def open_snapshot(backend, frozen, *rules):
    backend.driver.snapshot_update_access(None, frozen, list(rules), [], [])


def snapshot_rule(who, kind='ip'):
    return {key: value for key, value in rule(who, kind=kind).items() if key != 'access_level'}


@pytest.mark.parametrize('version', (3, 4))
def test_mounted_snapshot_shows_the_past_to_its_clients_only(backend, frozen, version):
    url = backend.url(frozen['export_locations'], version)
    assert nfs.is_refused(url)
    open_snapshot(backend, frozen, snapshot_rule('127.0.0.1'))
    assert nfs.read(url, '/file') == b'old'
    with pytest.raises(nfs.Refused, match='ROFS|Read-only'):
        nfs.write(url, '/other', b'x')
    open_snapshot(backend, frozen)
    assert nfs.is_refused(url)


def test_unusable_snapshot_rule_is_told(backend, frozen):
    with pytest.raises(exception.InvalidShareAccess):
        open_snapshot(backend, frozen, snapshot_rule('127.0.0.1'), snapshot_rule('somebody', 'user'))
    assert nfs.read(backend.url(frozen['export_locations']), '/file') == b'old'


def test_clone_starts_with_the_snapshot_and_has_its_own_size(backend, target, locations, frozen):
    clone = share(size=3)
    answer = backend.driver.create_share_from_snapshot(None, clone, frozen, parent_share=target)
    assert nfs.is_refused(backend.url(answer))
    open_share(backend, clone)
    assert nfs.read(backend.url(answer), '/file') == b'old'
    nfs.write(backend.url(answer), '/file', b'clone')
    assert nfs.read(backend.url(locations), '/file') == b'new'
    assert backend.driver.get_share_stats(refresh=True)['pools'][0]['provisioned_capacity_gb'] == 4
    assert backend.driver.create_share_from_snapshot(None, clone, frozen, parent_share=target) == answer
    assert nfs.read(backend.url(answer), '/file') == b'clone'


def test_revert_brings_content_size_and_access_back(backend, target, locations, frozen):
    backend.driver.extend_share(target, 2)
    assert backend.driver.revert_to_snapshot(None, frozen, [], []) == 1
    assert nfs.read(backend.url(locations), '/file') == b'old'
    nfs.write(backend.url(locations), '/file', b'newer')
    assert backend.driver.get_share_stats(refresh=True)['pools'][0]['provisioned_capacity_gb'] == 1
    backend.driver.revert_to_snapshot(None, frozen, [], [])
    assert nfs.read(backend.url(locations), '/file') == b'old'


def test_what_is_written_after_a_revert_lands_in_the_share(backend, target, locations, frozen):
    """Ganesha must have let go of the subvolume that was there before."""
    backend.driver.revert_to_snapshot(None, frozen, [], [])
    nfs.write(backend.url(locations), '/after', b'x')
    assert os.listdir(os.path.join(backend.state, 'pool', 'trash')) == []
    inside = os.listdir(os.path.join(backend.state, 'pool', 'shares', target['id']))
    assert sorted(inside) == ['after', 'file']


def test_deleted_snapshot_is_gone_and_deleting_again_is_fine(backend, target, frozen):
    open_snapshot(backend, frozen, snapshot_rule('127.0.0.1'))
    for _ in range(2):
        backend.driver.delete_snapshot(None, frozen)
    assert nfs.is_refused(backend.url(frozen['export_locations']))
    assert os.listdir(os.path.join(backend.state, 'pool', 'snapshots')) == []
    with pytest.raises(exception.SnapshotResourceNotFound):
        backend.driver.revert_to_snapshot(None, frozen, [], [])


def test_unmanaged_share_stays_open_and_can_be_managed_again(backend, target, locations):
    backend.driver.unmanage(target)
    assert nfs.read(backend.url(locations), '/file') == b'old'
    again = share(export_locations=locations)
    update = backend.driver.manage_existing(again, {})
    assert update == {'size': 1, 'export_locations': locations}
    open_share(backend, again)
    assert nfs.read(backend.url(locations), '/file') == b'old'
    backend.driver.delete_share(None, again)
    assert nfs.is_refused(backend.url(locations))


def test_subvolume_in_the_pool_becomes_a_share(backend):
    path = os.path.join(backend.state, 'pool', 'imported')
    btrfs.create_subvolume(path)
    with open(os.path.join(path, 'file'), 'w') as file:
        file.write('was here')
    imported = share(export_locations=[{'path': '127.0.0.1:/imported'}])
    update = backend.driver.manage_existing(imported, {})
    assert update['size'] == 1
    open_share(backend, imported)
    assert nfs.read(backend.url(update['export_locations']), '/file') == b'was here'


@pytest.mark.parametrize('path, problem', (
    ('/nothing', 'no subvolume'), ('/shares/../../../etc', 'no subvolume'), ('/', 'not in the pool'),
    ('/shares', 'no subvolume'), ('/link', 'not in the pool'), ('/shell', 'no subvolume')))
def test_what_is_no_subvolume_cannot_be_managed(backend, path, problem):
    os.symlink('/etc', os.path.join(backend.state, 'pool', 'link'))
    os.mkdir(os.path.join(backend.state, 'pool', 'shell'))
    stranger = share(export_locations=[{'path': f'127.0.0.1:{path}'}])
    with pytest.raises(exception.ManageInvalidShare, match=problem):
        backend.driver.manage_existing(stranger, {})


def test_managed_share_or_snapshot_cannot_be_taken_away(backend, target, locations, frozen):
    for path in (locations[0]['path'], f'127.0.0.1:/shares/{target["id"]}'):
        with pytest.raises(exception.ManageInvalidShare, match='managed already'):
            backend.driver.manage_existing(share(export_locations=[{'path': path}]), {})
    place = [{'path': f'127.0.0.1:/{frozen["provider_location"]}'}]
    with pytest.raises(exception.ManageInvalidShare, match='managed already'):
        backend.driver.manage_existing(share(export_locations=place), {})
    backend.driver.unmanage_snapshot(frozen)
    with pytest.raises(exception.ManageInvalidShare, match='read-only'):
        backend.driver.manage_existing(share(export_locations=place), {})
    assert nfs.read(backend.url(locations), '/file') == b'new'


def test_unmanaged_snapshot_can_be_managed_again(backend, target, frozen):
    backend.driver.unmanage_snapshot(frozen)
    again = snapshot(target, provider_location=frozen['provider_location'])
    update = backend.driver.manage_existing_snapshot(again, {})
    assert update['size'] == 1 and update['provider_location'] != frozen['provider_location']
    again.update(update)
    open_snapshot(backend, again, snapshot_rule('127.0.0.1'))
    assert nfs.read(backend.url(update['export_locations']), '/file') == b'old'


def test_share_cannot_be_managed_as_a_snapshot(backend, target, locations):
    stranger = snapshot(target, provider_location=f'shares/{target["id"]}')
    with pytest.raises(exception.ManageInvalidShareSnapshot, match='not read-only'):
        backend.driver.manage_existing_snapshot(stranger, {})
