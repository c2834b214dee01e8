"""Snapshots over each transport."""
import datetime

import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.fixtures.ontap import SVM

EPOCH = datetime.datetime(1970, 1, 1)


@pytest.fixture
def volume(client, spec):
    """A volume."""
    return client.volumes.create(spec())


def test_a_snapshot_is_taken_and_found(client, volume, on_array):
    client.snapshots.create(volume, 'snap')
    model = on_array().snapshots[0]
    found = client.snapshots.find(volume, 'snap')
    assert (found.name, found.volume, found.uuid) == ('snap', 'vol', model.uuid)
    assert (found.busy, found.locked_by_clone, found.owners) == (False, False, frozenset())
    assert abs((found.created_at - EPOCH).total_seconds() - model.create_time) <= 1
    assert client.snapshots.find(volume, 'other') is None
    assert client.volumes.find('vol').snapshot_count == 1


@pytest.mark.parametrize('name', ['sna*', 'snap|x', '!x', '"snap"'])
def test_names_to_find_are_no_patterns(client, volume, name):
    client.snapshots.create(volume, 'snap')
    assert client.snapshots.find(volume, name) is None


def test_a_name_is_in_use(client, volume):
    client.snapshots.create(volume, 'snap')
    with pytest.raises(errors.Duplicate):
        client.snapshots.create(volume, 'snap')


def test_a_volume_holds_so_many(sim, client, volume, on_array):
    assert client.snapshots.limit() == sim.world.clusters[0].snapshot_limit == 1023
    model = on_array()
    client.snapshots.create(volume, 'first')
    model.snapshots += [model.snapshots[0]] * 1022
    with pytest.raises(errors.TooManySnapshots):
        client.snapshots.create(volume, 'one_too_many')


def test_a_snapshot_is_deleted_once(client, volume, on_array):
    client.snapshots.create(volume, 'snap')
    snapshot = client.snapshots.find(volume, 'snap')
    client.snapshots.delete(volume, snapshot)
    assert on_array().snapshots == []
    with pytest.raises(errors.NotFound):
        client.snapshots.delete(volume, snapshot)


@pytest.mark.parametrize('owner', ['clone', 'snapmirror'])
def test_what_somebody_needs_is_not_deleted(sim, client, volume, on_array, owner):
    client.snapshots.create(volume, 'snap')
    if owner == 'clone':
        client.volumes.clone(values.CloneSpec('clone', 'vol', 'snap'))
    else:
        sim.control.lock_snapshot(SVM, 'vol', 'snap', owner)
    snapshot = client.snapshots.find(volume, 'snap')
    assert (snapshot.busy, snapshot.locked_by_clone) == (True, owner == 'clone')
    with pytest.raises(errors.SnapshotBusy):
        client.snapshots.delete(volume, snapshot)
    client.snapshots.rename(volume, snapshot, 'renamed')
    assert [s.name for s in on_array().snapshots] == ['renamed']


def test_what_somebody_has_in_mind_is_deleted(sim, client, volume, on_array):
    client.snapshots.create(volume, 'snap')
    sim.control.lock_snapshot(SVM, 'vol', 'snap', 'snapmirror_dependent')
    snapshot = client.snapshots.find(volume, 'snap')
    assert (snapshot.busy, snapshot.owners) == (False, frozenset({'snapmirror_dependent'}))
    client.snapshots.delete(volume, snapshot)
    assert on_array().snapshots == []


def test_a_snapshot_is_renamed_once(client, volume, on_array):
    client.snapshots.create(volume, 'snap')
    snapshot = client.snapshots.find(volume, 'snap')
    client.snapshots.rename(volume, snapshot, 'other')
    assert [s.name for s in on_array().snapshots] == ['other']
    client.snapshots.delete(volume, client.snapshots.find(volume, 'other'))
    with pytest.raises(errors.NotFound):
        client.snapshots.rename(volume, snapshot, 'third')


def test_snapshots_of_all_volumes_are_listed_by_pattern(client, volume, spec):
    second = client.volumes.create(spec('vol2'))
    third = client.volumes.create(spec('vol3'))
    for where, name in ((volume, 'deleted_manila_1'), (second, 'deleted_manila_2'), (second, 'kept'),
                        (third, 'deleted_manila_3')):
        client.snapshots.create(where, name)
    client.volumes.modify(third, values.VolumeChange(state='offline'))
    assert sorted((s.volume, s.name) for s in client.snapshots.list('deleted_manila_*')) == [
        ('vol', 'deleted_manila_1'), ('vol2', 'deleted_manila_2')]


def test_an_offline_volume_tells_nothing(client, volume):
    client.snapshots.create(volume, 'snap')
    client.volumes.modify(volume, values.VolumeChange(state='offline'))
    with pytest.raises(errors.Offline):
        client.snapshots.find(volume, 'snap')
    with pytest.raises(errors.Offline):
        client.snapshots.create(volume, 'another')
