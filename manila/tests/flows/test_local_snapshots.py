"""Snapshots of the whole service on the local driver, seen by an NFS client."""
import contextlib
import os

import pytest

from manila.conf.drivers import share_opts
from manila.resources.quotas import service as quotas
from manila.share.drivers.local.options import local_opts
from manila.tests.fixtures import nfs
from manila.tests.fixtures.snapshots import Snapshots
from manila.tests.share.drivers.local import backend
from manila.tests.share.drivers.local.backend import Backend, eventually, missing

pytestmark = [pytest.mark.functional,
              pytest.mark.skipif(bool(missing()), reason=f'local back end: {missing()}')]
CLIENT = '127.0.0.1'


@contextlib.contextmanager
def served(conf, service, monkeypatch, *groups, **options):
    """Local back ends, served by the service of the test."""
    found = [Backend(conf) for _ in groups]
    try:
        for group, local in zip(groups, found):
            monkeypatch.setattr(backend, 'GROUP', group)
            local.start(**options)
            local.forget()
            conf.register_opts([*share_opts, *local_opts], group=group)
            conf.config(group=group, share_driver='manila.share.drivers.local.LocalDriver')
        conf.config(enabled_share_backends=list(groups))
        service.start()
        yield found
        drivers = [service.driver(group) for group in groups]
        service.stop()
        for driver in drivers:
            driver.close()
    finally:
        for local in found:
            local.clean()


@pytest.fixture
def local(conf, service, monkeypatch):
    """The local back end, served by the service of the test."""
    with served(conf, service, monkeypatch, 'localtest') as (found,):
        yield found


@pytest.fixture
def snapshots(service):
    """What tests do with snapshots."""
    return Snapshots(service)


def mounted(service, local, share_id, who=None):
    """Where the client mounts a share, to which it is given access."""
    service.act(share_id, 'allow_access', {'access_type': 'ip', 'access_to': CLIENT}, 200, who)
    service.settle(share_id)
    return local.url(service.admin.get(f'/shares/{share_id}/export_locations')['export_locations'], 4)


def test_snapshot_is_mounted_cloned_and_reverted_to(service, local, snapshots):
    share_id = snapshots.share()
    url = mounted(service, local, share_id)
    nfs.write(url, '/file', b'old')
    snapshot_id = snapshots.take(share_id)
    nfs.write(url, '/file', b'new')

    paths = service.user.get(f'/snapshots/{snapshot_id}/export-locations')['share_snapshot_export_locations']
    of_snapshot = local.url(paths, 4)
    assert nfs.is_refused(of_snapshot)
    rule = snapshots.act(snapshot_id, 'allow_access', {'access_type': 'ip', 'access_to': CLIENT})
    snapshots.settle(snapshot_id)
    assert nfs.read(of_snapshot, '/file') == b'old'
    snapshots.act(snapshot_id, 'deny_access', {'access_id': rule.json['snapshot_access']['id']})
    snapshots.settle(snapshot_id)
    assert nfs.is_refused(of_snapshot)

    clone_id = service.create(2, snapshot_id=snapshot_id)
    of_clone = mounted(service, local, clone_id)
    assert nfs.read(of_clone, '/file') == b'old'
    nfs.write(of_clone, '/file', b'mine')

    service.act(share_id, 'extend', {'new_size': 2})
    service.settle(share_id)
    service.act(share_id, 'revert', {'snapshot_id': snapshot_id})
    assert service.settle(share_id) == 'available'
    assert service.show(share_id)['size'] == 1
    eventually(lambda: nfs.read(url, '/file') == b'old')
    assert nfs.read(of_clone, '/file') == b'mine'

    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None
    for each in (share_id, clone_id):
        service.delete(each)
        assert service.settle(each) is None
    assert (service.in_use(), snapshots.in_use()) == (0, (0, 0))
    assert quotas.check(service.context) == []


def test_snapshot_is_let_go_of_and_taken_over_again(service, local, snapshots):
    share_id = snapshots.share()
    nfs.write(mounted(service, local, share_id), '/file', b'old')
    snapshot_id = snapshots.take(share_id)
    location = snapshots.show(snapshot_id)['provider_location']
    snapshots.act(snapshot_id, 'unmanage', who=service.admin)
    assert snapshots.settle(snapshot_id) is None
    again = snapshots.manage(share_id, location)
    assert snapshots.settle(again) == 'available'
    assert snapshots.show(again)['size'] == 1
    clone_id = service.create(None, snapshot_id=again, who=service.admin)
    assert nfs.read(mounted(service, local, clone_id, service.admin), '/file') == b'old'


def test_share_is_copied_from_a_snapshot_in_another_pool(conf, service, snapshots, monkeypatch):
    conf.config(use_scheduler_creating_share_from_snapshot=True)
    groups = {'near': None, 'far': None}
    # Only one NFS server of a machine can serve version 3.
    options = {'replication_domain': 'machine', 'local_nfs_versions': ['4']}
    with served(conf, service, monkeypatch, *groups, **options) as found:
        groups = dict(zip(groups, found))
        share_id = snapshots.share()
        source = service.show(share_id)['host'].partition('@')[2].partition('#')[0]
        nfs.write(mounted(service, groups[source], share_id), '/file', os.urandom(1000) * 5000 + b'end')
        snapshot_id = snapshots.take(share_id)
        clone_id = service.create(2, snapshot_id=snapshot_id, scheduler_hints={'different_host': share_id})
        snapshots.delete(snapshot_id)
        assert snapshots.settle(snapshot_id) is None
        target, = set(groups) - {source}
        assert f'@{target}#' in service.show(clone_id)['host']
        url = mounted(service, groups[target], clone_id)
        assert nfs.read(url, '/file').endswith(b'end')
        nfs.write(url, '/other', b'mine')
        for each in (share_id, clone_id):
            service.delete(each)
            assert service.settle(each) is None
        for local in found:
            pool = os.path.join(local.state, 'pool')
            left = [name for _, directories, files in os.walk(pool) for name in (*directories, *files)]
            assert set(left) - {'incoming'} == {'shares', 'snapshots', 'trash'}
