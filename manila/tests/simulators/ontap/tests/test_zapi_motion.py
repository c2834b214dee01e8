"""The older transport: SnapMirror of volumes and of whole SVMs between two clusters, vaults, restore."""

import types

import pytest

from manila.tests.simulators.ontap.tests.zapi_client import Failed, Zapi

MIB = 1024 ** 2
GIB = 1024 ** 3
MIRROR = {'source-location': 'svm_manila:src', 'destination-location': 'svm_dst:dst'}


def peer(here, there, svm, other):
    """Peer an SVM of cluster2 with one of cluster1."""
    here('vserver-peer-create', {'vserver': svm, 'peer-vserver': other, 'peer-cluster': 'cluster1',
                                 'applications': {'vserver-peer-application': 'snapmirror'}})
    there('vserver-peer-accept', {'vserver': other, 'peer-vserver': svm})


def make_svm(client, name, **more):
    arguments = {'root-volume': 'root', 'root-volume-aggregate': 'aggr1', 'root-volume-security-style': 'unix',
                 'name-server-switch': {'nsswitch': 'file'}}
    client('vserver-create', dict(arguments, **{'vserver-name': name}, **more))


@pytest.fixture
def two(start):
    """Two clusters, a volume on the first, a DP volume on the second, and how to talk to them."""
    simulator = start({'seed': 'pair', 'clock': {'speed': 0}})
    source, destination = Zapi(simulator, cluster='cluster1'), Zapi(simulator, cluster='cluster2')
    make_svm(destination, 'svm_dst')
    peer(destination, source, 'svm_dst', 'svm_manila')
    here = types.SimpleNamespace(
        simulator=simulator, control=simulator.control, advance=simulator.control.advance, source=source,
        destination=destination, at_source=Zapi(simulator, cluster='cluster1', vfiler='svm_manila'),
        at_destination=Zapi(simulator, cluster='cluster2', vfiler='svm_dst'))
    here.at_source('volume-create', {'volume': 'src', 'containing-aggr-name': 'aggr1', 'size': '1g',
                                     'junction-path': '/src'})
    here.at_destination('volume-create', {'volume': 'dst', 'containing-aggr-name': 'aggr1', 'size': '1g',
                                          'volume-type': 'dp'})
    simulator.control.write('svm_manila', 'src', 300 * MIB)
    return here


def create(two, where=None, **more):
    arguments = dict(where or MIRROR, **{'relationship-type': 'extended_data_protection'})
    two.destination('snapmirror-create', dict(arguments, **more))


def mirrored(two, **more):
    create(two, **more)
    two.destination('snapmirror-initialize', MIRROR)
    two.advance(30)


def relation(two, where=None):
    records = two.destination.records('snapmirror-get-iter', 'snapmirror-info', where or MIRROR)
    assert len(records) == 1
    return records[0]


def state(two, where=None):
    record = relation(two, where)
    return record.findtext('mirror-state'), record.findtext('relationship-status')


def volume(client, name):
    return client.records('volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': name}})[0]


def test_a_mirror_from_its_creation_to_its_first_copy(two):
    create(two, schedule='hourly', policy='MirrorAllSnapshots')
    assert state(two) == ('uninitialized', 'idle')
    assert two.destination.errno('snapmirror-create', MIRROR) == 17122
    assert two.destination('snapmirror-initialize', MIRROR).findtext('result-operation-id')
    assert state(two) == ('uninitialized', 'transferring')
    with pytest.raises(Failed, match='snapmirror initialize') as error:
        two.at_destination('volume-mount', {'volume-name': 'dst', 'junction-path': '/dst'})
    assert error.value.errno == 13001
    two.advance(30)
    record = relation(two)
    assert state(two) == ('snapmirrored', 'idle')
    assert record.findtext('last-transfer-type') == 'initialize'
    assert int(record.findtext('last-transfer-size')) >= 300 * MIB
    assert (record.findtext('policy-type'), record.findtext('schedule')) == ('async_mirror', 'hourly')
    two.at_destination('volume-mount', {'volume-name': 'dst', 'junction-path': '/dst'})
    assert two.destination.errno('snapmirror-initialize', MIRROR) == 13001


def test_what_was_transferred_last_shows_during_the_next_transfer(two):
    mirrored(two)
    end = relation(two).findtext('last-transfer-end-timestamp')
    two.advance(100)
    two.destination('snapmirror-update', MIRROR)
    record = relation(two)
    assert record.findtext('relationship-status') == 'transferring'
    assert record.findtext('last-transfer-end-timestamp') == end


def test_operations_are_refused_by_number_where_the_state_forbids_them(two):
    create(two)
    numbers = {name: two.destination.errno('snapmirror-' + name, MIRROR)
               for name in ('update', 'quiesce', 'break', 'abort', 'resume')}
    assert numbers == {'update': 13001, 'quiesce': 13001, 'break': 13001, 'abort': 17130, 'resume': 17127}
    with pytest.raises(Failed, match='not initialized'):
        two.destination('snapmirror-update', MIRROR)
    two.destination('snapmirror-initialize', MIRROR)
    assert two.destination.errno('snapmirror-update', MIRROR) == 17137
    two.advance(30)
    two.destination('snapmirror-update', MIRROR)
    two.destination('snapmirror-quiesce', MIRROR)
    assert state(two) == ('snapmirrored', 'quiescing')
    assert two.destination.errno('snapmirror-update', MIRROR) == 17131
    two.destination('snapmirror-abort', dict(MIRROR, **{'clear-checkpoint': False}))
    assert state(two) == ('snapmirrored', 'quiesced')
    two.destination('snapmirror-break', MIRROR)
    assert state(two) == ('broken-off', 'idle')
    two.destination('snapmirror-resync', MIRROR)
    assert two.destination.errno('snapmirror-update', MIRROR) == 17131


def test_another_source_is_told_from_a_missing_relationship(two):
    create(two)
    other = dict(MIRROR, **{'source-location': 'svm_manila:other'})
    assert two.destination.errno('snapmirror-initialize', other) == 17105
    assert two.source.errno('snapmirror-release', other) == 17105
    with pytest.raises(Failed, match=r"\(entry doesn't exist\)") as error:
        two.destination('snapmirror-update', dict(MIRROR, **{'destination-location': 'svm_dst:other'}))
    assert error.value.errno == 15661


def test_a_failed_update_leaves_its_error_behind_until_one_succeeds(two):
    mirrored(two)
    two.control.fail_jobs('snapmirror.transfer', cluster='cluster2', message='disk went up in smoke')
    two.destination('snapmirror-update', MIRROR)
    two.advance(30)
    assert relation(two).findtext('last-transfer-error') == 'disk went up in smoke'
    two.destination('snapmirror-update', MIRROR)
    two.advance(30)
    assert relation(two).find('last-transfer-error') is None


def test_the_source_keeps_its_part_until_it_is_released(two):
    mirrored(two)

    def known():
        return [r.findtext('relationship-id') for r in two.source.records(
            'snapmirror-get-destination-iter', 'snapmirror-destination-info', MIRROR)]

    done = two.destination('snapmirror-destroy-iter', {'query': {'snapmirror-info': MIRROR}})
    assert done.findtext('num-succeeded') == '1'
    assert done.find('success-list/snapmirror-destroy-iter-info/snapmirror-key') is not None
    assert two.destination.errno('snapmirror-destroy-iter', {'query': {'snapmirror-info': MIRROR}}) == 15661
    number, = known()
    two.at_source('volume-offline', {'name': 'src'})
    assert two.at_source.errno('volume-destroy', {'name': 'src'}) == 13001
    two.source('snapmirror-release', dict(MIRROR, **{'relationship-id': number, 'relationship-info-only': True}))
    assert known() == []
    assert two.source.errno('snapmirror-release', MIRROR) == 15661
    two.at_source('volume-destroy', {'name': 'src'})


def test_a_replica_gets_a_new_source_without_a_new_baseline(two):
    """After a fail-over the other replicas and the old source go on from the snapshots they have in common."""
    mirrored(two)
    two.destination('snapmirror-quiesce', MIRROR)
    two.destination('snapmirror-break', MIRROR)
    two.destination('snapmirror-destroy-iter', {'query': {'snapmirror-info': MIRROR}})
    released = two.source('snapmirror-release-iter', {
        'query': {'snapmirror-destination-info': {'destination-volume': 'dst'}}, 'relationship-info-only': True})
    assert released.findtext('num-succeeded') == '1'
    assert volume(two.at_destination, 'dst').findtext('volume-space-attributes/is-filesys-size-fixed') == 'true'
    back = {'source-location': 'svm_dst:dst', 'destination-location': 'svm_manila:src'}
    two.source('snapmirror-create', dict(back, **{'relationship-type': 'extended_data_protection'}))
    two.source('snapmirror-resync', back)
    two.advance(30)
    record, = two.source.records('snapmirror-get-iter', 'snapmirror-info', back)
    assert (record.findtext('mirror-state'), record.findtext('last-transfer-type')) == ('snapmirrored', 'resync')
    assert volume(two.at_source, 'src').findtext('volume-id-attributes/type') == 'dp'


def test_policies_keep_the_type_they_were_made_with(two):
    kinds = ('async_mirror', 'vault', 'mirror_vault', 'sync_mirror', 'strict_sync_mirror')
    for kind in kinds:
        two.destination('snapmirror-policy-create', {'policy-name': kind, 'type': kind})
    found = {r.findtext('policy-name'): r.findtext('type')
             for r in two.destination.records('snapmirror-policy-get-iter', 'snapmirror-policy-info')}
    assert {k: found[k] for k in kinds} == {k: k for k in kinds}
    assert (found['StrictSync'], found['XDPDefault'], found['MirrorAndVault']) == (
        'strict_sync_mirror', 'vault', 'mirror_vault')
    assert two.destination.errno('snapmirror-policy-create', {'policy-name': 'vault'}) == 13130
    assert two.destination.errno('snapmirror-policy-create', {'policy-name': 'x', 'type': 'none'}) == 13115


def test_a_vault_gives_a_snapshot_back(two):
    rule = {'policy-name': 'backup', 'snapmirror-label': 'backup', 'keep': 250, 'preserve': False}
    two.at_destination('snapmirror-policy-create', {'policy-name': 'backup', 'type': 'vault'})
    two.at_destination('snapmirror-policy-add-rule', rule)
    assert two.at_destination.errno('snapmirror-policy-add-rule', rule) == 13130
    mirrored(two, policy='backup')
    two.at_source('snapshot-create', {'volume': 'src', 'snapshot': 'b1', 'snapmirror-label': 'backup'})
    used = volume(two.at_source, 'src').findtext('volume-space-attributes/size-used')
    two.destination('snapmirror-update', MIRROR)
    two.advance(30)
    two.control.write('svm_manila', 'src', -100 * MIB)
    two.at_source('snapshot-delete', {'volume': 'src', 'snapshot': 'b1'})
    back = {'source-location': 'svm_dst:dst', 'destination-location': 'svm_manila:src'}
    assert two.source.errno('snapmirror-restore', dict(back, **{'source-snapshot': 'none'})) == 15661
    two.source('snapmirror-restore', dict(back, **{'source-snapshot': 'b1'}))
    record, = two.source.records('snapmirror-get-iter', 'snapmirror-info', back)
    assert (record.findtext('relationship-type'), record.findtext('relationship-status')) == ('restore', 'transferring')
    assert two.at_source.errno('volume-unmount', {'volume-name': 'src', 'force': True}) == 13001
    two.advance(60)
    assert two.source.records('snapmirror-get-iter', 'snapmirror-info', back) == []
    assert len(two.at_source.records('snapshot-get-iter', 'snapshot-info', {'volume': 'src', 'name': 'b1'})) == 1
    assert volume(two.at_source, 'src').findtext('volume-space-attributes/size-used') == used


DR = {'source-vserver': 'os_1', 'destination-vserver': 'os_2'}


@pytest.fixture
def dr(two):
    """A share server with a share, mirrored as a whole."""
    make_svm(two.source, 'os_1')
    two.server = Zapi(two.simulator, cluster='cluster1', vfiler='os_1')
    two.copy = Zapi(two.simulator, cluster='cluster2', vfiler='os_2')
    two.server('nfs-enable')
    two.server('export-policy-create', {'policy-name': 'policy_1'})
    two.server('export-rule-create', {'policy-name': 'policy_1', 'client-match': '10.0.0.1',
                                      'ro-rule': {'security-flavor': 'sys'}, 'rw-rule': {'security-flavor': 'sys'}})
    two.server('volume-create', {'volume': 'share_1', 'containing-aggr-name': 'aggr1', 'size': '1g',
                                 'junction-path': '/share_1', 'export-policy': 'policy_1'})
    two.control.write('os_1', 'share_1', 200 * MIB)
    two.destination('vserver-create', {'vserver-name': 'os_2', 'vserver-subtype': 'dp_destination'})
    peer(two.destination, two.source, 'os_2', 'os_1')
    two.destination('snapmirror-policy-create', {'policy-name': 'dr', 'type': 'async_mirror', 'discard-configs': {
        'svmdr-config-obj': 'network'}})
    two.destination('snapmirror-policy-add-rule', {
        'policy-name': 'dr', 'snapmirror-label': 'all_source_snapshots', 'keep': 1, 'preserve': False})
    two.destination('snapmirror-create', dict(DR, policy='dr', schedule='hourly', **{'identity-preserve': True}))
    two.destination('snapmirror-initialize', DR)
    two.advance(30)
    two.control.settings(cluster='cluster2', durations={'svmdr.break': 30})
    return two


def svm(two):
    record, = two.destination.records('vserver-get-iter', 'vserver-info', {'vserver-name': 'os_2'})
    return tuple(record.findtext(name) for name in ('vserver-subtype', 'state', 'operational-state'))


def test_a_mirrored_svm_holds_volumes_and_configuration_and_serves_nothing(dr):
    assert state(dr, DR) == ('snapmirrored', 'idle')
    assert svm(dr) == ('dp_destination', 'running', 'stopped')
    assert dr.destination.errno('vserver-start', {'vserver-name': 'os_2'}) == 13001
    record = volume(dr.copy, 'share_1')
    assert record.findtext('volume-id-attributes/type') == 'dp'
    assert int(record.findtext('volume-space-attributes/size-used')) >= 200 * MIB
    assert record.findtext('volume-export-attributes/policy') == 'policy_1'
    rules = dr.copy.records('export-rule-get-iter', 'export-rule-info', {'policy-name': 'policy_1'})
    assert [r.findtext('client-match') for r in rules] == ['10.0.0.1']


def test_what_changes_in_a_mirrored_svm_follows_with_the_next_update(dr):
    dr.server('volume-create', {'volume': 'share_2', 'containing-aggr-name': 'aggr1', 'size': '1g'})
    dr.server('volume-unmount', {'volume-name': 'share_1'})
    dr.server('volume-offline', {'name': 'share_1'})
    dr.server('volume-destroy', {'name': 'share_1'})
    dr.destination('snapmirror-update', DR)
    dr.advance(30)
    names = {r.findtext('volume-id-attributes/name') for r in dr.copy.records('volume-get-iter', 'volume-attributes')}
    assert names == {'root', 'share_2'}
    assert dr.control.violations() == []


def test_a_mirrored_svm_takes_over(dr):
    dr.destination('snapmirror-quiesce', DR)
    assert state(dr, DR) == ('snapmirrored', 'quiesced')
    dr.destination('snapmirror-break', DR)
    assert state(dr, DR) == ('snapmirrored', 'breaking')
    with pytest.raises(Failed, match='SnapMirror operation status is "Breaking"') as error:
        dr.destination('snapmirror-break', DR)
    assert error.value.errno == 18815
    dr.advance(30)
    assert (state(dr, DR), svm(dr)) == (('broken-off', 'idle'), ('default', 'stopped', 'stopped'))
    dr.source('vserver-stop', {'vserver-name': 'os_1'})
    dr.destination('vserver-start', {'vserver-name': 'os_2'})
    record = volume(dr.copy, 'share_1')
    assert (record.findtext('volume-id-attributes/type'), record.findtext('volume-id-attributes/junction-path')) == (
        'rw', '/share_1')
    assert dr.copy('vserver-get').findtext('attributes/vserver-info/root-volume') == 'root'
    assert dr.control.violations() == []


def test_a_mirrored_svm_becomes_a_mirror_again(dr):
    dr.destination('snapmirror-break', DR)
    dr.advance(30)
    dr.destination('snapmirror-resync', DR)
    dr.advance(30)
    assert (state(dr, DR), svm(dr)) == (('snapmirrored', 'idle'), ('dp_destination', 'running', 'stopped'))
    dr.control.load(dr.control.dump())
    assert state(dr, DR) == ('snapmirrored', 'idle')


def test_a_destination_svm_without_relationship_is_turned_into_an_ordinary_one(dr):
    dr.destination('snapmirror-destroy-iter', {'query': {'snapmirror-info': DR}})
    known = dr.source.records('snapmirror-get-destination-iter', 'snapmirror-destination-info', DR)
    assert [r.findtext('destination-location') for r in known] == ['os_2:']
    dr.source('snapmirror-release', DR)
    assert dr.source.records('snapmirror-get-destination-iter', 'snapmirror-destination-info', DR) == []
    dr.destination('snapmirror-break', {'destination-vserver': 'os_2'})
    assert svm(dr) == ('default', 'stopped', 'stopped')


@pytest.mark.parametrize('release, number', [('9.8.0', 13001), ('9.9.1', None)])
def test_a_flexgroup_has_several_destinations_from_a_release_on(start, release, number):
    simulator = start({'seed': 'pair', 'with': {'version': release, 'durations': {'flexgroup.create': 0}}})
    source, destination = Zapi(simulator, cluster='cluster1'), Zapi(simulator, cluster='cluster2')
    make_svm(destination, 'svm_dst')
    peer(destination, source, 'svm_dst', 'svm_manila')
    group = {'size': 800 * GIB, 'aggr-list': {'aggr-name': ['aggr1', 'aggr2']}}
    source('volume-create-async', dict(group, **{'volume-name': 'fg'}), vfiler='svm_manila')
    for name in ('fg1', 'fg2'):
        destination('volume-create-async', dict(group, **{'volume-name': name, 'volume-type': 'dp'}), vfiler='svm_dst')
    where = {'source-location': 'svm_manila:fg', 'destination-location': 'svm_dst:fg1'}
    destination('snapmirror-create', where)
    second = dict(where, **{'destination-location': 'svm_dst:fg2'})
    if number is None:
        destination('snapmirror-create', second)
    else:
        assert destination.errno('snapmirror-create', second) == number
