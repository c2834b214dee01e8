"""FlexClones and volume moves over each transport."""
import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.fixtures.ontap import SVM
from manila.tests.share.drivers.netapp.dataontap.client.conftest import GIB


@pytest.fixture
def parent(client, spec):
    """A volume with the snapshots 's' and 't'."""
    volume = client.volumes.create(spec('parent', junction='/parent'))
    client.snapshots.create(volume, 's')
    client.snapshots.create(volume, 't')
    return volume


def test_a_clone_is_made_of_a_snapshot(client, parent, on_array):
    client.exports.create('own')
    made = client.volumes.clone(values.CloneSpec('clone', 'parent', 's', '/clone', 'own'))
    clone = on_array('clone')
    assert (made.name, made.uuid, made.svm) == ('clone', clone.uuid, SVM)
    assert (clone.parent.name, clone.parent_snapshot.name) == ('parent', 's')
    assert (clone.junction, clone.export_policy.name) == ('/clone', 'own')
    found = client.volumes.find('clone', detail=True)
    assert (found.clone_parent, found.clone_snapshot, found.splitting) == ('parent', 's', False)
    client.volumes.clone(values.CloneSpec('plain', 'parent', 't', '/plain'))
    assert (on_array('plain').junction, on_array('plain').export_policy.name) == ('/plain', 'default')


@pytest.mark.parametrize('adaptive', [False, True])
def test_a_clone_gets_its_qos_policy(cluster_client, spec, on_array, adaptive):
    client = cluster_client
    limits = {'expected_iops': 10, 'peak_iops': 20} if adaptive else {'max_throughput_iops': 10}
    client.qos.create('slow', limits, adaptive)
    client.snapshots.create(client.volumes.create(spec('parent')), 's')
    client.volumes.clone(values.CloneSpec('clone', 'parent', 's', '/clone', qos=values.Qos('slow', adaptive)))
    assert (on_array('clone').qos_policy.name, on_array('clone').junction) == ('slow', '/clone')


def test_clones_that_cannot_be_made(sim, client, parent, on_array):
    client.volumes.clone(values.CloneSpec('clone', 'parent', 's'))
    with pytest.raises(errors.Duplicate):
        client.volumes.clone(values.CloneSpec('clone', 'parent', 's'))
    with pytest.raises(errors.NotFound):
        client.volumes.clone(values.CloneSpec('other', 'nowhere', 's'))
    with pytest.raises(errors.NotFound):
        client.volumes.clone(values.CloneSpec('other', 'parent', 'never'))
    with pytest.raises(errors.OntapError):
        client.volumes.clone(values.CloneSpec('other', 'parent', 's', '/other', 'no_such_policy'))
    assert on_array('other') is None
    sim.control.licences(remove=['flexclone'])
    with pytest.raises(errors.NotLicensed):
        client.volumes.clone(values.CloneSpec('other', 'parent', 's'))


def test_clones_are_told_by_parent_and_snapshot(client, parent):
    for name, snapshot in (('one', 's'), ('two', 's'), ('three', 't')):
        client.volumes.clone(values.CloneSpec(name, 'parent', snapshot))
    assert sorted(client.volumes.clones_of(parent)) == ['one', 'three', 'two']
    assert sorted(client.volumes.clones_of(parent, 's')) == ['one', 'two']
    assert client.volumes.clones_of(parent, 'never') == []
    assert client.volumes.clones_of(client.volumes.find('one')) == []


def test_a_parent_of_clones_is_not_deleted(client, parent, on_array):
    client.volumes.clone(values.CloneSpec('clone', 'parent', 's'))
    client.volumes.modify(parent, values.VolumeChange(junction='', state='offline'))
    with pytest.raises(errors.HasClones):
        client.volumes.delete(parent)
    assert on_array('parent') is not None


def test_a_clone_is_split(sim, client, parent, on_array):
    sim.control.write(SVM, 'parent', GIB // 2)
    client.snapshots.create(parent, 'full')
    client.volumes.clone(values.CloneSpec('clone', 'parent', 'full'))
    clone = client.volumes.find('clone')
    assert client.volumes.split_percent(clone) in (None, 0)
    client.volumes.stop_split(clone)
    for _again in range(2):
        client.volumes.start_split('clone')
        assert on_array('clone').split is not None
    assert client.volumes.find('clone').splitting
    assert client.volumes.split_percent(clone) < 100
    for _again in range(2):
        client.volumes.stop_split(clone)
        assert on_array('clone').split is None
    assert not client.volumes.find('clone').splitting
    client.volumes.start_split('clone')
    sim.control.advance(3600)
    assert client.volumes.split_percent(clone) == 100
    assert on_array('clone').parent is None
    client.volumes.start_split('clone')
    client.volumes.stop_split(clone)
    with pytest.raises(errors.NotFound):
        client.volumes.start_split('nowhere')


# --- moves

def test_a_move_waits_to_be_told(sim, cluster_client, spec, on_array):
    client = cluster_client
    volume = client.volumes.create(spec())
    assert client.volumes.move_status(volume) is None
    client.volumes.start_move(volume, 'aggr2', validate_only=True)
    assert client.volumes.move_status(volume) is None
    client.volumes.start_move(volume, 'aggr2', cutover='wait')
    assert client.volumes.move_status(volume).phase == 'running'
    sim.control.advance(60)
    status = client.volumes.move_status(volume)
    assert (status.phase, status.percent) == ('cutover_wait', 99)
    client.volumes.cut_over(volume)
    sim.control.advance(60)
    assert (client.volumes.move_status(volume).phase, client.volumes.move_status(volume).percent) == ('done', 100)
    assert [aggregate.name for aggregate in on_array().aggregates] == ['aggr2']
    client.volumes.abort_move(volume)


@pytest.mark.parametrize('cutover', ['defer', 'force'])
def test_a_move_ends_by_itself(sim, cluster_client, spec, on_array, cutover):
    volume = cluster_client.volumes.create(spec())
    cluster_client.volumes.start_move(volume, 'aggr3', cutover=cutover)
    sim.control.advance(60)
    assert cluster_client.volumes.move_status(volume).phase == 'done'
    assert [aggregate.name for aggregate in on_array().aggregates] == ['aggr3']


def test_a_move_is_given_up(cluster_client, spec, on_array):
    client = cluster_client
    volume = client.volumes.create(spec())
    client.volumes.abort_move(volume)
    client.volumes.start_move(volume, 'aggr2', cutover='wait')
    for _again in range(2):
        client.volumes.abort_move(volume)
        assert client.volumes.move_status(volume).phase == 'failed'
    assert [aggregate.name for aggregate in on_array().aggregates] == ['aggr1']


def test_moves_that_cannot_begin(sim, cluster_client, spec):
    client = cluster_client
    volume = client.volumes.create(spec())
    with pytest.raises(errors.NotFound):
        client.volumes.start_move(volume, 'aggr9')
    with pytest.raises(errors.OntapError):
        client.volumes.start_move(volume, 'aggr1', validate_only=True)
    sim.control.write(SVM, 'vol', GIB // 2)
    client.snapshots.create(volume, 's')
    client.volumes.clone(values.CloneSpec('clone', 'vol', 's'))
    client.volumes.start_split('clone')
    with pytest.raises(errors.CloneSplitting):
        client.volumes.start_move(client.volumes.find('clone'), 'aggr2')
    with pytest.raises(errors.OntapError):
        client.volumes.cut_over(volume)


def test_moves_need_credentials_of_the_cluster(svm_client, spec):
    volume = svm_client.volumes.create(spec())
    with pytest.raises(errors.OntapError):
        svm_client.volumes.start_move(volume, 'aggr2')
