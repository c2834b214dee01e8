"""Volumes over each transport: what is asked for is what the array has afterwards, and what it has is found."""
import dataclasses
import datetime

import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.fixtures.ontap import SVM
from manila.tests.share.drivers.netapp.dataontap.client.conftest import GIB
from manila.tests.simulators.ontap.tests.zapi_client import Zapi

EPOCH = datetime.datetime(1970, 1, 1)
CHANGES = [
    (values.VolumeChange(size=3 * GIB), lambda v: v.size, 3 * GIB),
    (values.VolumeChange(junction='/elsewhere'), lambda v: v.junction, '/elsewhere'),
    (values.VolumeChange(junction=''), lambda v: v.junction, None),
    (values.VolumeChange(export_policy='other'), lambda v: v.export_policy.name, 'other'),
    (values.VolumeChange(security_style='ntfs'), lambda v: v.security_style, 'ntfs'),
    (values.VolumeChange(owner=65534), lambda v: v.uid, 65534),
    (values.VolumeChange(snapdir_visible=False), lambda v: v.snapdir, False),
    (values.VolumeChange(snapshot_policy='none'), lambda v: v.snapshot_policy, 'none'),
    (values.VolumeChange(snapshot_reserve=20), lambda v: v.snap_reserve, 20),
    (values.VolumeChange(files_max=30000), lambda v: v.files_max, 30000),
    (values.VolumeChange(size=3 * GIB, files_max=60000), lambda v: (v.size, v.files_max), (3 * GIB, 60000)),
    (values.VolumeChange(thin=False), lambda v: v.guarantee, 'volume'),
    (values.VolumeChange(tiering_policy='auto'), lambda v: v.tiering['policy'], 'auto'),
    (values.VolumeChange(tags=('a:b', 'c:d')), lambda v: v.tags, ['a:b', 'c:d']),
    (values.VolumeChange(fixed_size=True), lambda v: v.fs_size_fixed, True),
    (values.VolumeChange(state='offline', junction=''), lambda v: v.state, 'offline'),
    (values.VolumeChange(state='online'), lambda v: v.state, 'online'),
    (values.VolumeChange(autosize=values.Autosize('grow', 90, 40, 5 * GIB, GIB)), lambda v: v.autosize, {
        'mode': 'grow', 'grow_threshold': 90, 'shrink_threshold': 40, 'maximum': 5 * GIB, 'minimum': GIB}),
    (values.VolumeChange(efficiency=values.Efficiency(True, True)),
     lambda v: (v.efficiency.dedupe, v.efficiency.compression), ('background', 'background')),
]


def test_a_volume_is_made_as_described(client, spec, on_array):
    client.exports.create('policy')
    wanted = spec(
        junction='/vol', export_policy='policy', security_style='mixed', thin=True, snapshot_reserve=10,
        snapshot_policy='none', snapdir_visible=False, language='en_us', encrypted=True, files_max=20000,
        tiering_policy='snapshot_only', efficiency=values.Efficiency(True, True),
        autosize=values.Autosize('grow', 80, 50, 2 * GIB, GIB), tags=('share:1', 'project:p'))
    made = client.volumes.create(wanted)
    volume = on_array()
    assert (made.name, made.uuid, made.svm) == ('vol', volume.uuid, SVM)
    assert (volume.size, volume.style, volume.type, volume.state) == (GIB, 'flexvol', 'rw', 'online')
    assert [aggregate.name for aggregate in volume.aggregates] == ['aggr1']
    assert (volume.junction, volume.export_policy.name, volume.security_style) == ('/vol', 'policy', 'mixed')
    assert (volume.guarantee, volume.snap_reserve, volume.snapshot_policy) == ('none', 10, 'none')
    assert (volume.snapdir, volume.language, volume.encrypted, volume.files_max) == (False, 'en_us', True, 20000)
    assert (volume.tiering, volume.tags) == ({'policy': 'snapshot_only'}, ['share:1', 'project:p'])
    assert (volume.efficiency.dedupe, volume.efficiency.compression) == ('background', 'background')
    assert volume.autosize == {'mode': 'grow', 'grow_threshold': 80, 'shrink_threshold': 50, 'maximum': 2 * GIB,
                               'minimum': GIB}


def test_a_thick_volume_and_one_for_a_mirror(client, spec, on_array):
    client.volumes.create(spec('thick', thin=False))
    client.volumes.create(spec('mirror', type='dp'))
    assert (on_array('thick').guarantee, on_array('thick').type, on_array('mirror').type) == ('volume', 'rw', 'dp')
    assert client.volumes.find('mirror').type == values.DATA_PROTECTION


def test_a_flexgroup_volume_lies_on_all_its_aggregates(client, spec, on_array):
    made = client.volumes.create(spec(
        size=800 * GIB, aggregates=('aggr1', 'aggr2'), style=values.FLEXGROUP, junction='/vol', files_max=30000000,
        efficiency=values.Efficiency(True, False)), timeout=30)
    volume = on_array()
    assert (volume.style, volume.efficiency.dedupe, volume.files_max) == ('flexgroup', 'background', 30000000)
    found = client.volumes.find('vol')
    assert (found.aggregates, found.is_flexgroup, found.uuid) == (('aggr1', 'aggr2'), True, made.uuid)
    client.volumes.modify(found, values.VolumeChange(efficiency=values.Efficiency()))
    assert volume.efficiency.dedupe == 'none'


def test_another_flexgroup_on_the_same_aggregates_has_to_wait(sim, client, spec):
    sim.control.settings(durations={'flexgroup.create': 60})
    group = spec('one', 800 * GIB, ('aggr1', 'aggr2'), style=values.FLEXGROUP)
    with pytest.raises(errors.JobTimeout):
        client.volumes.create(group, timeout=1)
    with pytest.raises(errors.FlexGroupBusy):
        client.volumes.create(dataclasses.replace(group, name='two'), timeout=1)
    sim.control.settings(durations={'flexgroup.create': 0})


@pytest.mark.parametrize(('job', 'error'), [
    ({'message': 'There is not enough space.', 'code': '917898'}, errors.NoSpace),
    ({'stuck': True}, errors.JobTimeout), ({'lost': True}, errors.JobTimeout)], ids=['fails', 'stuck', 'lost'])
def test_a_job_that_goes_wrong_is_told(sim, client, spec, job, error):
    sim.control.settings(durations={'flexgroup.create': 60})
    sim.control.fail_jobs('flexgroup.create', **job)
    if 'message' in job:
        sim.control.settings(durations={'flexgroup.create': 0})
    with pytest.raises(error):
        client.volumes.create(spec(size=800 * GIB, aggregates=('aggr1', 'aggr2')), timeout=1)
    sim.control.settings(durations={'flexgroup.create': 0})


def test_names_in_use_and_full_aggregates_are_told(sim, client, spec, on_array):
    client.volumes.create(spec())
    with pytest.raises(errors.Duplicate):
        client.volumes.create(spec())
    sim.control.aggregate('aggr1', free=GIB)
    with pytest.raises(errors.NoSpace):
        client.volumes.create(spec('big', 5 * GIB, thin=False))
    with pytest.raises(errors.NotFound):
        client.volumes.create(spec('nowhere', aggregates=('aggr9',)))
    assert on_array('big') is None


def test_a_volume_that_cannot_be_completed_is_not_left(client, spec, on_array):
    with pytest.raises(errors.OntapError):
        client.volumes.create(spec(junction='/vol', efficiency=values.Efficiency(True, False, 'no_such_policy')))
    assert on_array() is None


@pytest.mark.parametrize(('change', 'look', 'wanted'), CHANGES, ids=[
    ' '.join(field.name for field in dataclasses.fields(change) if getattr(change, field.name) is not None)
    for change, _look, _wanted in CHANGES])
def test_a_change_is_made_and_may_be_repeated(client, spec, on_array, change, look, wanted):
    client.exports.create('other')
    volume = client.volumes.create(spec(junction='/vol'))
    if change.state == 'online':
        client.volumes.modify(volume, values.VolumeChange(state='offline'))
    for _again in range(2):
        client.volumes.modify(volume, change)
        assert look(on_array()) == wanted


def test_a_volume_is_renamed_and_that_may_be_repeated(client, spec, on_array):
    volume = client.volumes.create(spec())
    for _again in range(2):
        client.volumes.modify(volume, values.VolumeChange(name='other', size=2 * GIB))
    assert on_array() is None and on_array('other').size == 2 * GIB
    client.volumes.create(spec('third'))
    with pytest.raises(errors.Duplicate):
        client.volumes.modify(client.volumes.find('third'), values.VolumeChange(name='other'))


def test_changes_that_the_array_refuses(sim, client, spec, on_array):
    volume = client.volumes.create(spec(size=4 * GIB))
    sim.control.write(SVM, 'vol', 3 * GIB, files=500)
    with pytest.raises(errors.TooSmall):
        client.volumes.modify(volume, values.VolumeChange(size=2 * GIB))
    with pytest.raises((errors.TooSmall, errors.NotModifiable)):
        client.volumes.modify(volume, values.VolumeChange(files_max=100))
    with pytest.raises(errors.OntapError):
        client.volumes.modify(volume, values.VolumeChange(junction='/no/such/parent'))
    client.volumes.modify(volume, values.VolumeChange(state='offline'))
    with pytest.raises(errors.Offline):
        client.volumes.modify(volume, values.VolumeChange(size=5 * GIB))
    gone = dataclasses.replace(volume, name='gone', uuid='00000000-0000-4000-8000-000000000000')
    with pytest.raises(errors.NotFound):
        client.volumes.modify(gone, values.VolumeChange(size=GIB))
    assert on_array().size == 4 * GIB


def test_a_volume_that_was_a_mirror_gets_a_new_size(client, spec, on_array):
    volume = client.volumes.create(spec(size=2 * GIB))
    client.volumes.modify(volume, values.VolumeChange(fixed_size=True))
    client.volumes.modify(volume, values.VolumeChange(fixed_size=False))
    client.volumes.modify(volume, values.VolumeChange(size=GIB))
    assert (on_array().size, on_array().fs_size_fixed) == (GIB, False)


def test_efficiency_goes_on_and_off(client, spec, on_array):
    volume = client.volumes.create(spec())
    for wanted, modes in ((values.Efficiency(True), ('background', 'none')),
                          (values.Efficiency(True, True), ('background', 'background')),
                          (values.Efficiency(True, False), ('background', 'none')),
                          (values.Efficiency(False, True), ('background', 'background')),
                          (values.Efficiency(), ('none', 'none')), (values.Efficiency(), ('none', 'none'))):
        client.volumes.modify(volume, values.VolumeChange(efficiency=wanted))
        efficiency = on_array().efficiency
        assert (efficiency.dedupe, efficiency.compression, efficiency.enabled) == (*modes, modes[0] != 'none')


def test_qos_policies_are_given_and_taken(cluster_client, spec, on_array):
    client = cluster_client
    client.qos.create('fixed', {'max_throughput_iops': 100})
    client.qos.create('adaptive', {'expected_iops': 10, 'peak_iops': 20}, adaptive=True)
    volume = client.volumes.create(spec(qos=values.Qos('fixed')))
    client.volumes.create(spec('vol2', qos=values.Qos('adaptive', adaptive=True)))
    assert (on_array().qos_policy.name, on_array('vol2').qos_policy.name) == ('fixed', 'adaptive')
    assert (client.volumes.find('vol').qos_policy, client.volumes.find('vol2').qos_policy) == ('fixed', 'adaptive')
    for qos in (values.Qos('adaptive', True), values.Qos('fixed'), values.Qos('fixed'), values.NO_QOS, values.NO_QOS):
        client.volumes.modify(volume, values.VolumeChange(qos=qos))
        present = on_array().qos_policy
        assert (present.name if present else 'none') == qos.name


@pytest.mark.parametrize('periods', [
    {'autocommit': '10 days', 'minimum': '1 months', 'maximum': 'infinite', 'default': '2years'}, {}],
    ids=['periods', 'none'])
def test_a_snaplock_volume_has_its_periods(sim, client, spec, on_array, periods):
    for node in ('cluster1-01', 'cluster1-02'):
        sim.control.node(node, compliance_clock=True)
    client.volumes.create(spec(snaplock=values.SnapLock('enterprise', **periods)))
    lock = on_array().snaplock
    assert lock['type'] == 'enterprise'
    assert client.volumes.find('vol', detail=True).snaplock_type == 'enterprise'
    if periods:
        assert (lock['autocommit_period'], lock['retention']) == ('P10D', {
            'minimum': 'P1M', 'maximum': 'infinite', 'default': 'P2Y'})
        client.volumes.modify(client.volumes.find('vol'), values.VolumeChange(
            snaplock=values.SnapLock('enterprise', minimum='2 days')))
        assert on_array().snaplock['retention']['minimum'] == 'P2D'


def test_a_volume_is_found_by_name_and_by_junction(sim, client, spec, on_array):
    client.volumes.create(spec(junction='/path', snapshot_reserve=5, tags=('k:v',)))
    sim.control.write(SVM, 'vol', 1024 ** 2, files=7)
    volume, model = client.volumes.find('vol', detail=True), on_array()
    assert client.volumes.find(junction='/path') == volume
    assert (volume.uuid, volume.svm, volume.aggregates) == (model.uuid, SVM, ('aggr1',))
    assert (volume.size, volume.used, volume.junction) == (GIB, model.used, '/path')
    assert (volume.export_policy, volume.security_style, volume.snapshot_policy) == ('default', 'unix', 'default')
    assert (volume.files_max, volume.files_used) == (model.files_max, model.files_used)
    assert (volume.thin, volume.encrypted, volume.fixed_size, volume.is_root) == (True, False, False, False)
    assert (volume.snapshot_reserve, volume.snapdir_visible, volume.tags) == (5, True, ('k:v',))
    assert volume.created_at is not None and volume.created_at.tzinfo is None
    assert abs((volume.created_at - EPOCH).total_seconds() - model.create_time) <= 1
    assert (volume.clone_parent, volume.splitting, volume.online, volume.is_flexgroup) == (None, False, True, False)
    brief = client.volumes.find('vol')
    assert (brief.uuid, brief.size, brief.state, brief.export_policy) == (volume.uuid, GIB, 'online', 'default')
    assert client.volumes.find(junction='/').is_root


@pytest.mark.parametrize('name', ['vo*', 'vol|other', '!other', '*', 'vo?', '"vol"', 'vol..vom', '>a', '{vol}'])
def test_names_to_find_are_no_patterns(client, spec, name):
    client.volumes.create(spec(junction='/vol'))
    assert client.volumes.find(name) is None
    assert client.volumes.find(junction='/' + name) is None


def test_volumes_are_listed_by_pattern(client, spec):
    for name in ('deleted_manila_a', 'deleted_manila_b', 'share_c'):
        client.volumes.create(spec(name))
    assert sorted(v.name for v in client.volumes.list('deleted_manila_*')) == ['deleted_manila_a', 'deleted_manila_b']


def test_lists_of_several_pages_are_read_to_their_end(sim, client, spec):
    sim.control.settings(page_limit=1)
    names = [f'vol{number}' for number in range(4)]
    for name in names:
        client.volumes.create(spec(name))
    assert sorted(v.name for v in client.volumes.list('vol*')) == names
    sim.control.settings(page_limit=0)


@pytest.mark.parametrize('force', [False, True])
def test_a_volume_is_deleted(svm, client, spec, on_array, force):
    volume = client.volumes.create(spec())
    client.volumes.modify(volume, values.VolumeChange(state='offline'))
    client.volumes.delete(volume, force=force)
    assert on_array() is None
    assert bool([v for v in svm.cluster.volumes if v.in_recovery_queue]) is not force
    with pytest.raises(errors.NotFound):
        client.volumes.delete(volume)


def test_content_goes_back_to_a_snapshot(sim, client, spec, on_array):
    volume = client.volumes.create(spec())
    client.snapshots.create(volume, 'before')
    sim.control.write(SVM, 'vol', 1024 ** 2)
    client.volumes.modify(volume, values.VolumeChange(size=2 * GIB))
    client.snapshots.create(volume, 'after')
    client.volumes.restore(volume, 'before')
    assert on_array().size == GIB
    assert [s.name for s in on_array().snapshots] == ['before']
    assert client.volumes.restores() is True
    sim.control.licences(remove=['snaprestore'])
    assert client.volumes.restores() is False
    with pytest.raises(errors.NotLicensed):
        client.volumes.restore(volume, 'before')


def test_what_is_mounted_below_is_told(client, spec):
    client.volumes.create(spec('a', junction='/a'))
    client.volumes.create(spec('ab', junction='/ab'))
    client.volumes.create(spec('b', junction='/a/b'))
    assert client.volumes.junctions_below('/a') == ['/a/b']
    assert client.volumes.junctions_below('/ab') == []


def test_luns_and_mirrors_are_told(sim, client, spec, svm):
    source = client.volumes.create(spec('source'))
    target = client.volumes.create(spec('target', type='dp'))
    assert not client.volumes.has_luns(source)
    assert not client.volumes.is_mirrored(source) and not client.volumes.is_mirrored(target)
    snapmirror(sim, 'source', 'target')
    assert client.volumes.is_mirrored(source) and client.volumes.is_mirrored(target)


def snapmirror(sim, source, target):
    """Somebody makes a SnapMirror relationship between two volumes of the SVM."""
    Zapi(sim)('snapmirror-create', {
        'source-vserver': SVM, 'source-volume': source, 'destination-vserver': SVM, 'destination-volume': target,
        'relationship-type': 'extended_data_protection'})
