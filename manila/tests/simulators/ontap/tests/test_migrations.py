"""Migration of SVMs between the clusters of one simulator, seen over REST."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest

QUICK = {'durations': {'default': 0, 'volume.create': 0, 'svm.create': 0, 'svm.delete': 0}}


class Clusters:
    """Two peered clusters; the first has the SVM svm_manila with a volume, shares and rules."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.one, self.two = Rest(simulator), Rest(simulator, cluster='cluster2')
        self.owner = self.one.find('/svm/svms', name='svm_manila')['uuid']
        self.one.ok('PATCH', '/protocols/nfs/services/' + self.owner, {'protocol.v40_enabled': 'false'})

    def start(self, **more):
        body = dict({
            'auto_cutover': False, 'auto_source_cleanup': True, 'check_only': False,
            'source.cluster.name': 'cluster1', 'source.svm.name': 'svm_manila',
            'destination.volume_placement.aggregates': ['aggr1', 'aggr2'],
            'destination.ipspace.name': 'Default'}, **more)
        return self.two('POST', '/svm/migrations', body)

    def job(self, reply):
        """The job of an answer."""
        assert reply.status_code == 202, reply.text
        return self.two.ok('GET', reply.json()['job']['_links']['self']['href'][len('/api'):])

    def state(self, uuid):
        return self.two.ok('GET', '/svm/migrations/' + uuid)['state']

    def begin(self, **more):
        """The id of a migration, taken from the description of its job as clients do."""
        return self.job(self.start(**more))['description'].rsplit('/', 1)[1]


@pytest.fixture
def clusters(start):
    return Clusters(start({'seed': 'pair', 'with': QUICK, 'clock': {'speed': 0}}))


def fill(clusters):
    one = clusters.one
    one.ok('POST', '/protocols/nfs/export-policies', {'name': 'p', 'svm.name': 'svm_manila', 'rules': [
        {'clients': [{'match': '10.0.0.1'}], 'ro_rule': ['sys'], 'rw_rule': ['never']}]})
    volume = one.volume('share_1', nas={'path': '/share_1', 'export_policy': {'name': 'p'}}, _tags=['a:b'])
    one.volume('share_2', aggregate='aggr2')
    clusters.simulator.control.write('svm_manila', 'share_1', 300 * 1024 ** 2, cluster='cluster1')
    one.ok('POST', '/storage/volumes/%s/snapshots' % volume['uuid'], {'name': 'snap1'})
    one.ok('POST', '/protocols/cifs/shares', {'name': 'share_2', 'path': '/share_2', 'svm.name': 'svm_manila'})
    one.ok('POST', '/network/ip/routes', {'gateway': '192.0.2.1', 'svm.name': 'svm_manila'})


def test_the_svm_moves_with_all_it_has_and_leaves_nothing_behind(clusters):
    fill(clusters)
    two, advance = clusters.two, clusters.simulator.control.advance
    uuid = clusters.begin()
    assert clusters.state(uuid) == 'transferring'
    assert clusters.two.find('/svm/svms', name='svm_manila')['subtype'] == 'dp_destination'
    states = {v['volume']['name']: v['transfer_state'] for v in two.ok(
        'GET', '/svm/migrations/%s/volumes' % uuid, fields='transfer_state')['records']}
    assert set(states) == {'svm_manila_root', 'share_1', 'share_2'}
    advance(60)
    assert clusters.state(uuid) == 'ready_for_cutover'
    clusters.simulator.control.write('svm_manila', 'share_1', 10 * 1024 ** 2, cluster='cluster1')
    used = clusters.one.find('/storage/volumes', name='share_1')['space']['used']
    assert clusters.job(two('PATCH', '/svm/migrations/' + uuid, {'action': 'cutover'}))['state'] == 'success'
    advance(1)
    record = two.ok('GET', '/svm/migrations/' + uuid)
    assert (record['state'], record['point_of_no_return']) == ('migrate_complete', True)
    svm = two.find('/svm/svms', name='svm_manila')
    assert (svm['state'], svm['subtype'], svm['ipspace']['name']) == ('running', 'default', 'Default')
    volume = two.find('/storage/volumes', name='share_1', **{'svm.name': 'svm_manila'})
    assert (volume['size'], volume['space']['used'], volume['nas']['path'], volume['type'], volume['_tags']) == (
        GIB, used, '/share_1', 'rw', ['a:b'])
    assert volume['nas']['export_policy']['name'] == 'p'
    assert two.find('/protocols/nfs/export-policies', name='p')['rules'][0]['clients'] == [{'match': '10.0.0.1'}]
    assert two.find('/storage/volumes/%s/snapshots' % volume['uuid'])['name'] == 'snap1'
    assert two.find('/protocols/cifs/shares', name='share_2')['volume']['name'] == 'share_2'
    assert {i['ip']['address'] for i in two.ok('GET', '/network/ip/interfaces', fields='ip', **{
        'svm.name': 'svm_manila'})['records']} == {'192.0.2.11', '192.0.2.12'}
    assert two.find('/network/ip/routes', **{'svm.name': 'svm_manila'})['gateway'] == '192.0.2.1'
    for path in ('/svm/svms', '/storage/volumes', '/network/ip/interfaces', '/protocols/cifs/shares'):
        assert clusters.one.ok('GET', path)['num_records'] == 0, path
    assert clusters.simulator.control.violations() == []
    clusters.simulator.load(clusters.simulator.dump())
    assert clusters.state(uuid) == 'migrate_complete'


def test_peers_of_the_svm_follow_it(clusters):
    one, two = clusters.one, clusters.two
    two.ok('POST', '/svm/peers', {'svm.name': 'svm_infra', 'peer.svm.name': 'svm_manila',
                                  'peer.cluster.name': 'cluster1', 'applications': ['snapmirror']})
    one.ok('PATCH', '/svm/peers/' + one.find('/svm/peers')['uuid'], {'state': 'peered'})
    clusters.begin(auto_cutover=True)
    clusters.simulator.control.advance(60)
    assert one.ok('GET', '/svm/peers')['num_records'] == 0
    peers = two.ok('GET', '/svm/peers', fields='svm.name,peer')['records']
    assert {(p['svm']['name'], p['peer']['svm']['name'], p['peer']['cluster']['name']) for p in peers} == {
        ('svm_infra', 'svm_manila', 'cluster2'), ('svm_manila', 'svm_infra', 'cluster2')}
    assert clusters.simulator.control.violations() == []


def test_pause_resume_and_cancel(clusters):
    two, advance = clusters.two, clusters.simulator.control.advance
    uuid = clusters.begin()
    path = '/svm/migrations/' + uuid
    advance(60)
    assert two.refused('DELETE', path)[1] == '13172746'
    clusters.job(two('PATCH', path, action='pause'))
    advance(1)
    assert clusters.state(uuid) == 'migrate_paused'
    assert two.refused('PATCH', path, {'action': 'cutover'})[1] == '13172746'
    clusters.job(two('PATCH', path, {'action': 'resume'}))
    advance(60)
    assert clusters.state(uuid) == 'ready_for_cutover'
    clusters.job(two('PATCH', path, {'action': 'pause'}))
    advance(1)
    assert clusters.job(two('DELETE', path))['state'] == 'success'
    assert two.refused('GET', path) == (404, '4')
    assert two.ok('GET', '/svm/svms', name='svm_manila')['num_records'] == 0
    assert clusters.one.find('/svm/svms', name='svm_manila')['state'] == 'running'
    assert clusters.simulator.control.violations() == []


def test_check_only_says_what_stands_in_the_way_and_changes_nothing(clusters):
    assert clusters.job(clusters.start(check_only='true'))['state'] == 'success'
    path = '/protocols/nfs/services/' + clusters.owner
    clusters.one.ok('PATCH', path, {'protocol.v40_enabled': True})
    job = clusters.job(clusters.start(check_only='true'))
    assert (job['state'], job['error']['code']) == ('failure', '13172940')
    clusters.one.ok('PATCH', path, {'protocol.v40_enabled': False})
    clusters.simulator.world.cluster('cluster2').aggregates[-1].disk_type = 'fsas'
    assert clusters.job(clusters.start(check_only='true'))['error']['code'] == '13172984'
    assert clusters.two.ok('GET', '/svm/migrations')['num_records'] == 0
    assert clusters.two.ok('GET', '/svm/svms', name='svm_manila')['num_records'] == 0


@pytest.mark.parametrize(('change', 'code'), [
    ({'source.cluster.name': 'none'}, '13172746'), ({'source.svm.name': 'none'}, '13434920'),
    ({'destination.ipspace.name': 'none'}, '4'), ({'destination.volume_placement.aggregates': ['none']}, '4'),
    ({'destination.volume_placement.volume_aggregate_pairs': [
        {'volume': {'name': 'share_1'}, 'aggregate': {'name': 'aggr1'}}]}, '13173748')])
def test_bad_requests_are_refused_at_once(clusters, change, code):
    assert clusters.start(**change).json()['error']['code'] == code


def test_a_cut_line_fails_the_migration_and_a_mended_one_lets_it_resume(clusters):
    uuid = clusters.begin()
    clusters.simulator.control.peer('cluster1', False, cluster='cluster2')
    clusters.simulator.control.advance(60)
    record = clusters.two.ok('GET', '/svm/migrations/' + uuid)
    assert (record['state'], record['last_failed_state']) == ('migrate_failed', 'transferring')
    clusters.simulator.control.peer('cluster1', True, cluster='cluster2')
    clusters.job(clusters.two('PATCH', '/svm/migrations/' + uuid, {'action': 'resume'}))
    clusters.simulator.control.advance(60)
    assert clusters.state(uuid) == 'ready_for_cutover'


def test_the_source_stays_until_its_clean_up_is_asked_for(clusters):
    uuid = clusters.begin(auto_cutover='true', auto_source_cleanup='false')
    clusters.simulator.control.advance(60)
    assert clusters.state(uuid) == 'ready_for_source_cleanup'
    assert clusters.one.find('/svm/svms', name='svm_manila')['state'] == 'stopped'
    clusters.job(clusters.two('PATCH', '/svm/migrations/' + uuid, action='source_cleanup'))
    assert clusters.state(uuid) == 'migrate_complete'
    assert clusters.one.ok('GET', '/svm/svms')['num_records'] == 0


def clone(clusters, name='copy'):
    clusters.one.ok('POST', '/storage/volumes', {
        'name': name, 'svm.name': 'svm_manila', 'nas': {'path': '/' + name}, 'clone': {
            'is_flexclone': True, 'parent_volume': {'name': 'share_1'}, 'parent_snapshot': {'name': 'snap1'}}},
            return_timeout=10)


def moved(clusters, **more):
    """Migrate the SVM as a whole."""
    clusters.begin(auto_cutover=True, **more)
    clusters.simulator.control.advance(60)
    assert clusters.one.ok('GET', '/svm/svms')['num_records'] == 0
    assert clusters.simulator.control.violations() == []


def test_clones_stay_clones_when_their_parent_goes_with_them(clusters):
    fill(clusters)
    clone(clusters)
    clusters.simulator.control.write('svm_manila', 'copy', 20 * 1024 ** 2, cluster='cluster1')
    aggregates = clusters.two.ok('GET', '/storage/aggregates', fields='space')['records']
    before = sum(a['space']['block_storage']['used'] for a in aggregates)
    moved(clusters)
    path = '/storage/volumes'
    record, parent = clusters.two.find(path, name='copy'), clusters.two.find(path, name='share_1')
    assert record['clone']['is_flexclone'] is True
    assert record['clone']['parent_volume']['uuid'] == parent['uuid']
    assert record['aggregates'] == parent['aggregates']
    snapshots = '%s/%s/snapshots' % (path, parent['uuid'])
    assert 'volume_clone' in clusters.two.find(snapshots, name='snap1')['owners']
    used = sum(a['space']['block_storage']['used'] for a in clusters.two.ok(
        'GET', '/storage/aggregates', fields='space')['records'])
    # Two thick volumes, the root volume, and of the clone only what it does not share; some of it is metadata.
    assert 3 * GIB < used - before < 3 * GIB + 200 * 1024 ** 2
    clusters.two.ok('PATCH', path + '/' + record['uuid'], {'clone.split_initiated': True})
    clusters.simulator.control.advance(60)
    assert clusters.two.find(path, name='copy')['clone']['is_flexclone'] is False


def test_a_clone_that_is_sent_elsewhere_stands_alone(clusters):
    fill(clusters)
    clone(clusters)
    moved(clusters, **{'destination.volume_placement.aggregates': [],
                       'destination.volume_placement.volume_aggregate_pairs': [
                           {'volume': {'name': 'share_1'}, 'aggregate': {'name': 'aggr1'}},
                           {'volume': {'name': 'copy'}, 'aggregate': {'name': 'aggr3'}}]})
    record = clusters.two.find('/storage/volumes', name='copy')
    assert (record['clone']['is_flexclone'], record['aggregates'][0]['name']) == (False, 'aggr3')
    used = clusters.two.find('/storage/volumes', name='copy')['space']['footprint']
    assert used > 300 * 1024 ** 2


def test_clones_made_while_the_svm_moves_are_clones_of_what_moves(clusters):
    fill(clusters)
    uuid = clusters.begin()
    clusters.simulator.control.advance(60)
    clone(clusters, 'late')
    clusters.job(clusters.two('PATCH', '/svm/migrations/' + uuid, {'action': 'cutover'}))
    clusters.simulator.control.advance(1)
    record = clusters.two.find('/storage/volumes', name='late')
    assert record['clone']['parent_volume']['name'] == 'share_1'
    assert clusters.simulator.control.violations() == []
