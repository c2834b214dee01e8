"""SnapMirror between two clusters over REST: schedules, aborts, promotion, vaults, restores, synchronous policies."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest
from manila.tests.simulators.ontap.tests.zapi_client import Zapi

QUICK = {'durations': {'default': 0, 'volume.create': 0, 'svm.create': 0}}
PATH = '/snapmirror/relationships'


class Mirrors:
    """SVM svm_manila on the first cluster, its peer svm_dst on the second; time moves by `pass_time` only."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.control = simulator.control
        self.one, self.two = Rest(simulator), Rest(simulator, cluster='cluster2')
        self.two.ok('POST', '/svm/svms', {'name': 'svm_dst', 'aggregates': [{'name': 'aggr1'}]})
        self.two.ok('POST', '/svm/peers', {'svm.name': 'svm_dst', 'peer.svm.name': 'svm_manila',
                                           'peer.cluster.name': 'cluster1', 'applications': ['snapmirror']})
        self.one.ok('PATCH', '/svm/peers/' + self.one.find('/svm/peers')['uuid'], {'state': 'peered'})

    def pass_time(self, seconds=60):
        self.control.advance(seconds)

    def write(self, size, volume='src'):
        self.control.write('svm_manila', volume, size, cluster='cluster1')

    def relate(self, policy='MirrorAllSnapshots', goal='snapmirrored', **more):
        """The path of an initialized relationship src -> dst."""
        self.source = self.one.volume('src', svm={'name': 'svm_manila'})
        self.copy = self.two.volume('dst', svm={'name': 'svm_dst'}, type='dp', nas={})
        self.two.ok('POST', PATH, dict({'source.path': 'svm_manila:src', 'destination.path': 'svm_dst:dst',
                                        'policy.name': policy}, **more))
        path = '%s/%s' % (PATH, self.two.find(PATH)['uuid'])
        self.two.ok('PATCH', path, {'state': goal})
        self.pass_time()
        assert self.two.ok('GET', path)['state'] == goal
        return path

    def snapshot(self, name, **more):
        self.one.ok('POST', '/storage/volumes/%s/snapshots' % self.source['uuid'], dict(more, name=name))

    def names(self, client, volume, **query):
        found = client.ok('GET', '/storage/volumes/%s/snapshots' % volume['uuid'], fields='name', **query)['records']
        return sorted(r['name'] for r in found if not r['name'].startswith('snapmirror.'))


@pytest.fixture
def mirrors(start):
    return Mirrors(start({'seed': 'pair', 'with': QUICK, 'clock': {'speed': 0}}))


def test_a_schedule_updates_and_says_when_the_source_is_out_of_reach(mirrors):
    path = mirrors.relate(**{'transfer_schedule.name': 'hourly'})
    first = mirrors.two.ok('GET', path)
    mirrors.snapshot('s1')
    mirrors.pass_time(3600)
    mirrors.pass_time(60)
    second = mirrors.two.ok('GET', path)
    assert second['last_transfer_type'] == 'update'
    assert second['transfer']['end_time'] > first['transfer']['end_time']
    assert mirrors.names(mirrors.two, mirrors.copy) == ['s1']
    mirrors.control.peer('cluster1', False, cluster='cluster2')
    mirrors.pass_time(3600)
    lost = mirrors.two.ok('GET', path)
    assert (lost['state'], lost['healthy']) == ('snapmirrored', False)
    assert lost['lag_time'] == 'PT1H2M'
    assert 'cannot be reached' in lost['unhealthy_reason'][0]['message']
    assert lost['transfer']['end_time'] == second['transfer']['end_time']
    mirrors.control.peer('cluster1', True, cluster='cluster2')
    mirrors.two.ok('PATCH', path, {'transfer_schedule': {'name': '5min'}})
    mirrors.pass_time(310)
    healed = mirrors.two.ok('GET', path)
    assert (healed['healthy'], 'unhealthy_reason' in healed) == (True, False)
    mirrors.two.ok('PATCH', path, {'state': 'paused'})
    mirrors.pass_time(3600)
    assert mirrors.two.ok('GET', path)['transfer'] == healed['transfer']


def test_transfers_do_not_overlap_and_can_be_aborted(mirrors):
    path = mirrors.relate()
    mirrors.write(300 * 1024 ** 2)
    mirrors.two.ok('POST', path + '/transfers', {})
    assert mirrors.two.refused('POST', path + '/transfers')[1] == '13303844'
    running = mirrors.two.find(path + '/transfers', state='transferring')['uuid']
    mirrors.two.ok('PATCH', path, {'state': 'paused'})
    assert mirrors.two.ok('GET', path)['state'] == 'snapmirrored'
    mirrors.two.ok('PATCH', '%s/transfers/%s' % (path, running), {'state': 'aborted'})
    assert mirrors.two.refused('PATCH', '%s/transfers/%s' % (path, running), {'state': 'aborted'})[1] == '13303849'
    assert mirrors.two.ok('GET', path)['state'] == 'paused'
    for _ in range(2):
        # Resume and resynchronize ask for the same state.
        mirrors.two.ok('PATCH', path, {'state': 'snapmirrored'})
    assert mirrors.two.refused('PATCH', path, {'state': 'in_sync'})[1] == '13303831'


def test_an_update_of_what_is_being_initialized_is_refused_as_such(mirrors):
    mirrors.one.volume('src', svm={'name': 'svm_manila'})
    copy = mirrors.two.volume('dst', svm={'name': 'svm_dst'}, type='dp', nas={})
    mirrors.two.ok('POST', PATH, {'source.path': 'svm_manila:src', 'destination.path': 'svm_dst:dst',
                                  'state': 'snapmirrored'})
    path = '%s/%s' % (PATH, mirrors.two.find(PATH)['uuid'])
    reply = mirrors.two('POST', path + '/transfers', {})
    assert reply.json()['error']['code'] == '13303812'
    assert 'Another transfer is in progress' in reply.json()['error']['message']
    assert mirrors.two.refused('PATCH', '/storage/volumes/' + copy['uuid'], {'nas': {'path': '/dst'}},
                               return_timeout=10)[1] == '917536'


def test_promotion_keeps_a_common_snapshot_for_the_way_back(mirrors):
    path = mirrors.relate()
    mirrors.two.ok('PATCH', path, {'state': 'paused'})
    mirrors.two.ok('PATCH', path, {'state': 'broken_off'})
    mirrors.two.ok('DELETE', path, destination_only='true')
    assert mirrors.one.find(PATH, list_destinations_only='true')['destination']['path'] == 'svm_dst:dst'
    source = '/storage/volumes/' + mirrors.source['uuid']
    mirrors.one.ok('PATCH', source, {'state': 'offline'})
    assert mirrors.one.refused('DELETE', source)[1] == '8'
    mirrors.one.ok('PATCH', source, {'state': 'online'})
    mirrors.one.ok('DELETE', path, source_info_only='true')
    assert mirrors.one.refused('DELETE', path, source_info_only='true') == (404, '4')
    mirrors.one.ok('POST', PATH, {'source.path': 'svm_dst:dst', 'destination.path': 'svm_manila:src'})
    back = mirrors.one.find(PATH)
    assert back['state'] == 'broken_off'
    mirrors.one.ok('PATCH', '%s/%s' % (PATH, back['uuid']), {'state': 'snapmirrored'})
    mirrors.pass_time()
    back = mirrors.one.find(PATH)
    assert (back['state'], back['last_transfer_type']) == ('snapmirrored', 'resync')
    assert mirrors.one.ok('GET', source)['type'] == 'dp'


def test_release_frees_the_base_snapshots(mirrors):
    path = mirrors.relate()
    base = '/storage/volumes/%s/snapshots' % mirrors.source['uuid']
    assert mirrors.one.ok('GET', base, owners='snapmirror_dependent')['num_records'] == 1
    mirrors.two.ok('DELETE', path, destination_only='true')
    mirrors.one.ok('DELETE', path, source_only='true')
    assert mirrors.one.ok('GET', base)['num_records'] == 0


def test_a_broken_copy_keeps_its_file_system_size(mirrors):
    path = mirrors.relate()
    mirrors.two.ok('PATCH', path, {'state': 'broken_off'})
    copy = '/storage/volumes/' + mirrors.copy['uuid']
    mirrors.two.ok('PATCH', copy, {'space.size': 2 * GIB})
    space = mirrors.two.ok('GET', copy, fields='space')['space']
    assert (space['filesystem_size_fixed'], space['filesystem_size'], space['size']) == (True, GIB, 2 * GIB)
    mirrors.two.ok('PATCH', copy, {'space.filesystem_size_fixed': 'false'})
    assert mirrors.two.ok('GET', copy, fields='space')['space']['filesystem_size'] == 2 * GIB


def vault(mirrors):
    mirrors.two.ok('POST', '/snapmirror/policies', {
        'name': 'backup', 'type': 'async', 'svm.name': 'svm_dst', 'create_snapshot_on_source': 'false',
        'retention': [{'label': 'backup', 'count': 2}]})
    path = mirrors.relate('backup')
    for number in range(3):
        mirrors.write(10 * 1024 ** 2)
        mirrors.snapshot('backup_%d' % number, snapmirror_label='backup')
        mirrors.snapshot('other_%d' % number)
        mirrors.two.ok('POST', path + '/transfers', {})
        mirrors.pass_time()
    return path


def test_a_vault_keeps_as_many_snapshots_of_a_label_as_its_policy_says(mirrors):
    vault(mirrors)
    assert mirrors.names(mirrors.two, mirrors.copy) == ['backup_1', 'backup_2']


def test_retention_of_a_policy_can_be_changed_while_it_is_in_use(mirrors):
    path = vault(mirrors)
    policy = '/snapmirror/policies/' + mirrors.two.find('/snapmirror/policies', name='backup')['uuid']
    mirrors.two.ok('PATCH', policy, {'retention': [{'label': 'backup', 'count': '1'},
                                                   {'label': 'yearly', 'count': 3, 'preserve': True, 'warn': 2}]})
    record = mirrors.two.ok('GET', policy)
    assert [(r['label'], r['count'], r.get('warn')) for r in record['retention']] == [
        ('backup', '1', None), ('yearly', '3', 2)]
    mirrors.snapshot('kept', snapmirror_label='yearly')
    mirrors.two.ok('POST', path + '/transfers', {})
    mirrors.pass_time()
    assert mirrors.names(mirrors.two, mirrors.copy) == ['backup_2', 'kept']
    # Such a policy cannot lose all its rules in one go.
    assert mirrors.two.refused('PATCH', policy, {'retention': [{'label': 'other', 'count': 1}]})[1] == '262245'
    assert mirrors.two.refused('PATCH', policy, {'retention': [{'label': 'backup'}]})[1] == '262177'
    assert mirrors.two.refused('PATCH', policy, {'create_snapshot_on_source': 'false'})[1] == '262196'


def test_a_mirror_keeps_copying_its_own_snapshot_when_labels_are_added(mirrors):
    mirrors.two.ok('POST', '/snapmirror/policies', {'name': 'unified', 'svm.name': 'svm_dst'})
    path = mirrors.relate('unified')
    policy = '/snapmirror/policies/' + mirrors.two.find('/snapmirror/policies', name='unified')['uuid']
    assert 'retention' not in mirrors.two.ok('GET', policy)
    mirrors.two.ok('PATCH', policy, {'retention': [{'label': 'daily', 'count': 7}]})
    mirrors.snapshot('day', snapmirror_label='daily')
    mirrors.snapshot('other')
    mirrors.two.ok('POST', path + '/transfers', {})
    mirrors.pass_time()
    assert mirrors.names(mirrors.two, mirrors.copy) == ['day']
    assert mirrors.two.ok('GET', path, fields='*')['exported_snapshot'].startswith('snapmirror.')


def test_policies_say_how_they_choose_snapshots(mirrors):
    two, path, names = mirrors.two, '/snapmirror/policies', (
        'copy_all_source_snapshots', 'copy_latest_source_snapshot', 'create_snapshot_on_source')
    two.ok('POST', path, {'name': 'all', 'copy_all_source_snapshots': 'true'})
    two.ok('POST', path, {'name': 'latest', 'copy_latest_source_snapshot': True, 'throttle': 100})
    found = {p['name']: (*(p.get(name) for name in names), len(p.get('retention', ())))
             for p in two.ok('GET', path, fields='*')['records']}
    assert found['all'] == found['MirrorAllSnapshots'] == (True, None, None, 0)
    assert found['latest'] == found['MirrorLatest'] == (None, True, None, 0)
    assert found['XDPDefault'] == (None, None, False, 2)
    assert found['MirrorAndVault'] == found['Asynchronous'] == (None, None, None, 2)
    assert found['Sync'] == (None, None, None, 0)
    latest = two.find(path, name='latest')
    assert latest['throttle'] == 100
    assert two.refused('PATCH', '%s/%s' % (path, latest['uuid']), {
        'retention': [{'label': 'daily', 'count': 7}]})[1] == '262196'


@pytest.mark.parametrize(('values', 'code'), [
    ({'copy_all_source_snapshots': True, 'copy_latest_source_snapshot': True}, '262186'),
    ({'copy_all_source_snapshots': True, 'retention': [{'label': 'daily', 'count': 7}]}, '262186'),
    ({'copy_latest_source_snapshot': False}, '262245'), ({'create_snapshot_on_source': True}, '262245'),
    ({'create_snapshot_on_source': False}, '262177'),
    ({'type': 'sync', 'copy_all_source_snapshots': True}, '262245'),
    ({'retention': [{'label': 'daily', 'count': 'many'}]}, '262245'),
    ({'retention': [{'label': 'daily', 'count': 7, 'warn': 3}]}, '262245')])
def test_policies_that_contradict_themselves_are_refused(mirrors, values, code):
    assert mirrors.two.refused('POST', '/snapmirror/policies', dict(values, name='p'))[1] == code


@pytest.mark.parametrize('documented', [True, False])
def test_a_snapshot_is_restored_by_a_relationship_that_vanishes(mirrors, documented):
    path = vault(mirrors)
    one, source = mirrors.one, '/storage/volumes/' + mirrors.source['uuid']
    snapshot = one.find(source + '/snapshots', name='backup_1')
    used = snapshot['logical_size']
    one.ok('DELETE', '%s/snapshots/%s' % (source, snapshot['uuid']))
    if documented:
        one.ok('POST', PATH, {'source.path': 'svm_dst:dst', 'destination.path': 'svm_manila:src', 'restore': 'true'})
        restore = one.find(PATH, **{'destination.path': 'svm_manila:src'})
        one.ok('POST', '%s/%s/transfers' % (PATH, restore['uuid']), {'source_snapshot': 'backup_1'})
    else:
        mirrors.two.ok('POST', path + '/restore', {'destination': {
            'path': 'svm_manila:src', 'cluster': {'name': 'cluster1'}}, 'source_snapshot': 'backup_1'})
    running = one.find(PATH, **{'destination.path': 'svm_manila:src'})
    assert (running['restore'], running['transfer']['state']) == (True, 'transferring')
    assert one.refused('PATCH', source, {'nas': {'path': ''}}, return_timeout=10)[1] == '917536'
    mirrors.pass_time()
    assert one.ok('GET', PATH)['num_records'] == 0
    assert 'backup_1' in mirrors.names(one, mirrors.source)
    assert one.ok('GET', source, fields='space')['space']['used_by_afs'] == used
    assert mirrors.control.violations() == []
    mirrors.simulator.load(mirrors.simulator.dump())


def test_a_synchronous_mirror_follows_the_line(mirrors):
    path = mirrors.relate('Sync', 'in_sync')
    mirrors.pass_time(1000)
    assert mirrors.two.ok('GET', path)['lag_time'] == 'PT0S'
    mirrors.control.peer('cluster1', False, cluster='cluster2')
    assert mirrors.two.ok('GET', path)['state'] == 'out_of_sync'
    mirrors.control.peer('cluster1', True, cluster='cluster2')
    mirrors.pass_time()
    assert mirrors.two.ok('GET', path)['state'] == 'in_sync'


def test_the_destination_is_made_when_asked_for(mirrors):
    mirrors.one.volume('src', svm={'name': 'svm_manila'})
    mirrors.two.ok('POST', PATH, {'source': {'path': 'svm_manila:src'}, 'destination': {'path': 'svm_dst:new'},
                                  'create_destination': {'enabled': True}})
    made = mirrors.two.find('/storage/volumes', name='new')
    assert (made['type'], made['size']) == ('dp', GIB)


def test_a_permission_makes_acceptance_needless(mirrors):
    one, two = mirrors.one, mirrors.two
    two.ok('POST', '/svm/svms', {'name': 'svm_free'})
    one.ok('POST', '/svm/peer-permissions', {'cluster_peer': {'name': 'cluster2'}, 'svm': {'name': 'svm_manila'},
                                             'applications': ['snapmirror']})
    two.ok('POST', '/svm/peers', {'svm.name': 'svm_free', 'peer.svm.name': 'svm_manila',
                                  'peer.cluster.name': 'cluster1', 'applications': ['snapmirror']})
    assert two.find('/svm/peers', **{'svm.name': 'svm_free'})['state'] == 'peered'


def names_of_source(mirrors, path):
    """What the destination takes for the source's name: in its peers, and in the relationship over both transports."""
    peer, relation = mirrors.two.find('/svm/peers'), mirrors.two.ok('GET', path)
    record, = Zapi(mirrors.simulator, cluster='cluster2').records('snapmirror-get-iter', 'snapmirror-info')
    return {peer['name'], peer['peer']['svm']['name'], relation['source']['path'].partition(':')[0],
            relation['source']['svm']['name'], record.findtext('source-vserver')}


@pytest.mark.parametrize('seconds', [0, 300])
def test_peers_on_another_cluster_learn_of_a_new_name_when_it_has_got_there(mirrors, seconds):
    path = mirrors.relate()
    mirrors.control.settings(cluster='cluster1', rename_propagation_seconds=seconds)
    svm = '/svm/svms/' + mirrors.one.find('/svm/svms', name='svm_manila')['uuid']
    mirrors.one.ok('PATCH', svm, {'name': 'between'})
    mirrors.pass_time(seconds // 2)
    mirrors.one.ok('PATCH', svm, {'name': 'renamed'})
    if seconds:
        # The first name arrives outdated and is not taken over.
        mirrors.pass_time(seconds // 2)
        assert names_of_source(mirrors, path) == {'svm_manila'}
        found = mirrors.one.ok('GET', PATH, list_destinations_only=True, fields='source')['records']
        assert found[0]['source']['path'] == 'renamed:src'
        mirrors.simulator.load(mirrors.simulator.dump())
    mirrors.pass_time(seconds)
    assert names_of_source(mirrors, path) == {'renamed'}
    mirrors.two.ok('POST', path + '/transfers', {})
    assert mirrors.control.violations() == []


def test_a_local_name_chosen_for_a_peer_outlives_a_new_name_of_it(mirrors):
    mirrors.two.ok('POST', '/svm/svms', {'name': 'svm_free'})
    mirrors.two.ok('POST', '/svm/peers', {
        'svm.name': 'svm_free', 'peer.svm.name': 'svm_manila', 'peer.cluster.name': 'cluster1', 'name': 'alias',
        'applications': ['snapmirror']})
    svm = '/svm/svms/' + mirrors.one.find('/svm/svms', name='svm_manila')['uuid']
    mirrors.one.ok('PATCH', svm, {'name': 'renamed'})
    peer = mirrors.two.find('/svm/peers', **{'svm.name': 'svm_free'})
    assert (peer['name'], peer['peer']['svm']['name']) == ('alias', 'renamed')
