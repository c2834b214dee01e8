"""The rules of volumes, snapshots, exports, CIFS, SVMs and the network, seen over REST."""

import pytest

from manila.tests.simulators.ontap.model import errors, snapshots
from manila.tests.simulators.ontap.tests.conftest import GIB, Rest

SVM = {'name': 'svm_manila'}


def unmounted(rest, record):
    """Take a volume out of the namespace and off line."""
    rest.ok('PATCH', '/storage/volumes/' + record['uuid'], {'nas': {'path': ''}}, return_timeout=10)
    rest.ok('PATCH', '/storage/volumes/' + record['uuid'], {'state': 'offline'}, return_timeout=10)


def snapshot(rest, volume, name='snap1', **more):
    path = '/storage/volumes/%s/snapshots' % volume['uuid']
    rest.ok('POST', path, dict(more, name=name), return_timeout=10)
    return rest.find(path, name=name)


def clone(rest, name='clone1', parent='vol1', base='snap1'):
    rest.ok('POST', '/storage/volumes', {
        'name': name, 'svm': SVM, 'clone': {'is_flexclone': True, 'parent_volume': {'name': parent},
                                            'parent_snapshot': {'name': base}}}, return_timeout=10)
    return rest.find('/storage/volumes', name=name)


# --- volumes ----------------------------------------------------------------------------------------------------
def test_volume_defaults(rest):
    rest.ok('POST', '/storage/volumes', {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1']}, return_timeout=10)
    record = rest.find('/storage/volumes', name='v')
    assert (record['size'], record['guarantee']['type'], record['type'], record['style']) == (
        20 * 1024 ** 2, 'volume', 'rw', 'flexvol')
    assert record['nas']['export_policy']['name'] == 'default'
    assert 'path' not in record['nas']


@pytest.mark.parametrize(('change', 'code'), [
    ({'name': '1abc'}, '917888'), ({'name': 'a' * 204}, '917888'), ({'aggregates': ['none']}, '4'),
    ({'aggregates': ['aggr0_01']}, '917597'), ({'size': 1024}, '917534'), ({'nas': {'path': '/no/parent'}}, '918252'),
    ({'nas': {'path': 'relative'}}, '918252'), ({'svm': {'name': 'none'}}, '13434920'),
    ({'snapshot_policy': {'name': 'none-such'}}, '4'), ({'qos': {'policy': {'name': 'none-such'}}}, '4')])
def test_bad_volumes_are_refused(rest, change, code):
    body = dict({'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB}, **change)
    assert rest.refused('POST', '/storage/volumes', body, return_timeout=10)[1] == code


def test_duplicate_name_and_junction_are_refused(rest):
    rest.volume()
    body = {'name': 'vol1', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB}
    assert rest.refused('POST', '/storage/volumes', body) == (409, '1')
    assert rest.refused('POST', '/storage/volumes', dict(body, name='v2', nas={'path': '/vol1'})) == (400, '918252')


def test_mounted_volume_cannot_be_deleted_but_an_unmounted_one_can(rest):
    record = rest.volume()
    path = '/storage/volumes/' + record['uuid']
    assert rest.refused('DELETE', path) == (400, '917658')
    rest.ok('PATCH', path, {'nas': {'path': ''}}, return_timeout=10)
    rest.ok('DELETE', path, return_timeout=10)
    assert rest.ok('GET', '/storage/volumes', name='vol1')['num_records'] == 0


def test_offline_drops_the_junction_and_locks_settings(rest):
    record = rest.volume()
    path = '/storage/volumes/' + record['uuid']
    rest.ok('PATCH', path, {'state': 'offline'}, return_timeout=10)
    assert 'path' not in rest.ok('GET', path, fields='nas.path').get('nas', {})
    assert rest.refused('PATCH', path, {'nas': {'uid': 5}}) == (400, '917533')
    rest.ok('PATCH', path, {'name': 'renamed'}, return_timeout=10)
    rest.ok('PATCH', path, {'state': 'online'}, return_timeout=10)
    rest.ok('PATCH', path, {'nas': {'path': '/again'}}, return_timeout=10)


def test_rename_keeps_junction_and_uuid(rest):
    record = rest.volume()
    rest.ok('PATCH', '/storage/volumes', {'name': 'other'}, name='vol1', return_timeout=10)
    after = rest.find('/storage/volumes', name='other')
    assert (after['uuid'], after['nas']['path']) == (record['uuid'], '/vol1')


def test_deleted_volume_waits_in_the_recovery_queue(sim, rest):
    before = rest.find('/storage/aggregates', name='aggr1')['space']['block_storage']['used']
    record = rest.volume()
    unmounted(rest, record)
    rest.ok('DELETE', '/storage/volumes/' + record['uuid'], return_timeout=10)
    queue = rest.ok('GET', '/private/cli/volume/recovery-queue', fields='volume')['records']
    assert [q['volume'] for q in queue] == ['vol1_%d' % (record['msid'] - 2147484672)]
    assert rest.find('/storage/aggregates', name='aggr1')['space']['block_storage']['used'] > before
    sim.control.advance(12 * 3600)
    assert rest.find('/storage/aggregates', name='aggr1')['space']['block_storage']['used'] == before


def test_forced_delete_skips_the_recovery_queue(rest):
    record = rest.volume()
    unmounted(rest, record)
    rest.ok('DELETE', '/storage/volumes/' + record['uuid'], force='true', return_timeout=10)
    assert rest.ok('GET', '/private/cli/volume/recovery-queue')['num_records'] == 0


def test_shrinking_below_the_used_space_is_refused(sim, rest):
    record = rest.volume()
    sim.control.write('svm_manila', 'vol1', 800 * 1024 ** 2)
    assert rest.refused('PATCH', '/storage/volumes/' + record['uuid'], {'size': 512 * 1024 ** 2}) == (400, '917534')
    rest.ok('PATCH', '/storage/volumes/' + record['uuid'], {'space': {'size': 900 * 1024 ** 2}}, return_timeout=10)


def test_files_maximum_is_bounded_by_use_and_size(sim, rest):
    record = rest.volume()
    sim.control.write('svm_manila', 'vol1', 0, files=1000)
    path = '/storage/volumes/' + record['uuid']
    assert rest.refused('PATCH', path, {'files': {'maximum': 500}})[1] == '917628'
    assert rest.refused('PATCH', path, {'files': {'maximum': 10 ** 9}})[1] == '917629'
    rest.ok('PATCH', path, {'files': {'maximum': 50000}}, return_timeout=10)
    assert rest.ok('GET', path, fields='files')['files'] == {'maximum': 50000, 'used': 1096}


def test_compression_needs_deduplication(rest):
    path = '/storage/volumes/' + rest.volume()['uuid']
    assert rest.refused('PATCH', path, {'efficiency': {'compression': 'background'}}, return_timeout=10)[1] == '262186'
    rest.ok('PATCH', path, {'efficiency': {'dedupe': 'background', 'compression': 'background'}}, return_timeout=10)
    found = rest.ok('GET', '/storage/volumes', **{'efficiency.volume_path': '/vol/vol1', 'fields': 'efficiency.state'})
    assert found['records'][0]['efficiency']['state'] == 'enabled'


def test_tags_need_a_release_that_knows_them(start, rest):
    record = rest.volume(_tags=['a:b'])
    assert record['_tags'] == ['a:b']
    assert rest.refused('PATCH', '/storage/volumes/' + record['uuid'], {'_tags': ['nocolon']})[1] == '262245'
    old = Rest(start({'seed': 'single', 'with': {'version': '9.12.1'}}))
    assert old.refused('POST', '/storage/volumes', {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'],
                                                    '_tags': ['a:b']})[1] == '262179'


def test_flexgroup_spreads_over_its_aggregates_and_never_shrinks(rest):
    rest.ok('POST', '/storage/volumes', {'name': 'fg', 'svm': SVM, 'size': 800 * GIB, 'guarantee': {'type': 'none'},
                                         'aggregates': ['aggr1', 'aggr2']}, return_timeout=10)
    record = rest.find('/storage/volumes', name='fg')
    assert (record['style'], record['constituent_count']) == ('flexgroup', 8)
    assert [a['name'] for a in record['aggregates']] == ['aggr1', 'aggr2']
    assert rest.refused('PATCH', '/storage/volumes/' + record['uuid'], {'size': 500 * GIB})[1] == '524849'


def test_children_of_a_junction_are_found(rest):
    rest.volume('parent')
    rest.volume('child', nas={'path': '/parent/child'})
    found = rest.ok('GET', '/storage/volumes', **{'nas.path': '/parent/*'})['records']
    assert [r['name'] for r in found] == ['child']
    path = '/storage/volumes/' + rest.find('/storage/volumes', name='parent')['uuid']
    assert rest.refused('PATCH', path, {'nas': {'path': ''}}, return_timeout=10)[1] == '8'


def test_volume_move(sim, rest):
    path = '/storage/volumes/' + rest.volume()['uuid']

    def move(**movement):
        return {'movement': movement}

    assert rest.refused('PATCH', path, move(destination_aggregate={'name': 'aggr1'}))[1] == '918265'
    assert rest.refused('PATCH', path, move(destination_aggregate={'name': 'none'}))[1] == '918267'
    rest.ok('PATCH', path, move(destination_aggregate={'name': 'aggr2'}), validate_only='true')
    assert 'movement' not in rest.ok('GET', path, fields='movement')
    rest.ok('PATCH', path, move(destination_aggregate={'name': 'aggr2'}, state='cutover_wait'), return_timeout=10)
    sim.control.advance(60)
    assert rest.ok('GET', path, fields='movement')['movement']['state'] == 'cutover_wait'
    rest.ok('PATCH', path, move(state='cutover'), return_timeout=10)
    sim.control.advance(60)
    after = rest.ok('GET', path, fields='movement,aggregates')
    assert (after['movement']['state'], after['aggregates'][0]['name']) == ('success', 'aggr2')


# --- snapshots and clones ---------------------------------------------------------------------------------------
def test_snapshot_names_are_unique_and_valid(rest):
    volume = rest.volume()
    path = '/storage/volumes/%s/snapshots' % volume['uuid']
    snapshot(rest, volume)
    assert rest.refused('POST', path, {'name': 'snap1'})[1] == '525059'
    assert rest.refused('POST', path, {'name': 'snapmirror.x'})[1] == '1638477'
    assert rest.refused('POST', path, {'name': 'a b'})[1] == '1638518'


@pytest.mark.parametrize(('release', 'limit'), [('9.3.0', 255), ('9.14.1', 1023)])
def test_snapshot_limit_depends_on_the_release(start, release, limit):
    simulator = start({'seed': 'single', 'with': {'version': release, 'durations': {'snapshot.create': 0}}})
    volume = simulator.world.clusters[0].svm('svm_manila').root_volume
    for number in range(limit):
        snapshots.create(volume, 's%d' % number)
    with pytest.raises(errors.Refused) as refused:
        snapshots.create(volume, 'one_too_many')
    assert refused.value.reason == 'snapshot.too_many'


def test_rename_of_a_missing_snapshot_has_its_own_code(rest):
    path = '/storage/volumes/%s/snapshots' % rest.volume()['uuid']
    assert rest.refused('PATCH', path, {'name': 'new'}, name='none') == (404, '542797')


def test_busy_snapshot_can_be_renamed_but_not_deleted(sim, rest):
    volume = rest.volume()
    path = '/storage/volumes/%s/snapshots' % volume['uuid']
    taken = snapshot(rest, volume)
    assert 'owners' not in taken
    sim.control.lock_snapshot('svm_manila', 'vol1', 'snap1', 'ndmp')
    assert rest.refused('DELETE', '%s/%s' % (path, taken['uuid'])) == (409, '1638543')
    rest.ok('PATCH', path, {'name': 'renamed'}, name='snap1')
    assert rest.find(path, owners='ndmp')['name'] == 'renamed'
    rest.ok('DELETE', '/private/cli/snapshot', vserver='svm_manila', volume='vol1', snapshot='renamed',
            **{'ignore-owners': 'true'})
    assert rest.ok('GET', path)['num_records'] == 0


def test_dependent_owner_does_not_make_a_snapshot_busy(sim, rest):
    volume = rest.volume()
    taken = snapshot(rest, volume)
    sim.control.lock_snapshot('svm_manila', 'vol1', 'snap1', 'snapmirror_dependent')
    rest.ok('DELETE', '/storage/volumes/%s/snapshots/%s' % (volume['uuid'], taken['uuid']), return_timeout=10)


def test_split_clone_frees_its_parent(sim, rest):
    parent = rest.volume()
    sim.control.write('svm_manila', 'vol1', 500 * 1024 ** 2)
    snapshot(rest, parent)
    child = clone(rest)
    assert child['clone']['parent_volume']['name'] == 'vol1'
    assert child['space']['physical_used'] == 0
    unmounted(rest, parent)
    assert rest.refused('DELETE', '/storage/volumes/' + parent['uuid']) == (409, '524615')
    rest.ok('PATCH', '/storage/volumes/' + parent['uuid'], {'state': 'online'}, return_timeout=10)
    path = '/storage/volumes/' + child['uuid']
    rest.ok('PATCH', path, {'clone': {'split_initiated': True}}, return_timeout=10)
    percent = rest.ok('GET', path, fields='clone')['clone']['split_complete_percent']
    assert 0 <= percent < 100
    sim.control.advance(60)
    after = rest.ok('GET', path, fields='clone,space')
    assert after['clone']['is_flexclone'] is False
    assert after['space']['physical_used'] > 500 * 1024 ** 2
    unmounted(rest, parent)
    rest.ok('DELETE', '/storage/volumes/' + parent['uuid'], return_timeout=10)


def test_clone_in_the_recovery_queue_still_holds_its_parent(sim, rest):
    parent = rest.volume()
    snapshot(rest, parent)
    child = clone(rest)
    rest.ok('DELETE', '/storage/volumes/' + child['uuid'], return_timeout=10)
    unmounted(rest, parent)
    assert rest.refused('DELETE', '/storage/volumes/' + parent['uuid'])[1] == '524615'
    sim.control.advance(12 * 3600)
    rest.ok('DELETE', '/storage/volumes/' + parent['uuid'], return_timeout=10)


def test_policy_of_qos_cannot_be_given_while_cloning(rest):
    parent = rest.volume()
    snapshot(rest, parent)
    body = {'name': 'c', 'svm': SVM, 'qos': {'policy': {'name': 'q'}}, 'clone': {
        'is_flexclone': True, 'parent_volume': {'name': 'vol1'}}}
    assert rest.refused('POST', '/storage/volumes', body)[1] == '262186'


def test_restore_brings_back_size_and_content(sim, rest):
    volume = rest.volume()
    sim.control.write('svm_manila', 'vol1', 100 * 1024 ** 2)
    snapshot(rest, volume)
    used = rest.find('/storage/volumes', name='vol1')['space']['used']
    sim.control.write('svm_manila', 'vol1', 300 * 1024 ** 2)
    snapshot(rest, volume, 'snap2')
    path = '/storage/volumes/' + volume['uuid']
    rest.ok('PATCH', path, {'size': 2 * GIB}, return_timeout=10)
    rest.ok('PATCH', path, {'restore_to': {'snapshot': {'name': 'snap1'}}}, return_timeout=10)
    after = rest.ok('GET', path, fields='size,space')
    assert (after['size'], after['space']['used']) == (GIB, used)
    names = [s['name'] for s in rest.ok('GET', path + '/snapshots')['records']]
    assert names == ['snap1']


def test_restore_probe_tells_whether_it_is_licensed(sim, rest):
    probe = {'restore_to': {'snapshot': {'name': ''}}}
    assert rest.refused('PATCH', '/storage/volumes', probe, name='*')[1] == '1638515'
    sim.control.licences(remove=['snaprestore'])
    assert rest.refused('PATCH', '/storage/volumes', probe, name='*')[1] == '1115127'


def test_snapshots_of_all_volumes(rest):
    snapshot(rest, rest.volume('v1'), 'deleted_manila_a')
    snapshot(rest, rest.volume('v2'), 'kept')
    found = rest.ok('GET', '/storage/volumes/*/snapshots', name='deleted_manila_*',
                    fields='uuid,volume,owners,svm.name')
    assert [(r['name'], r['volume']['name'], r['svm']['name']) for r in found['records']] == [
        ('deleted_manila_a', 'v1', 'svm_manila')]


def test_consistency_group_snapshot_in_two_phases(sim, rest):
    volumes = [rest.volume(n) for n in ('v1', 'v2')]
    rest.ok('POST', '/application/consistency-groups', {'name': 'g', 'svm': SVM, 'volumes': [
        {'name': v['name']} for v in volumes]})
    group = rest.find('/application/consistency-groups', name='g')
    path = '/application/consistency-groups/%s/snapshots' % group['uuid']
    rest.ok('POST', path, {'name': 'cg1'}, action='start', action_timeout=7)
    assert rest.ok('GET', '/storage/volumes/*/snapshots', name='cg1')['num_records'] == 0
    rest.ok('PATCH', '%s/%s' % (path, rest.find(path, name='cg1')['uuid']), action='commit')
    assert rest.ok('GET', '/storage/volumes/*/snapshots', name='cg1')['num_records'] == 2
    rest.ok('POST', path, {'name': 'cg2'}, action='start', action_timeout=7)
    late = rest.find(path, name='cg2')['uuid']
    sim.control.advance(10)
    assert rest.refused('PATCH', '%s/%s' % (path, late), action='commit')[1] == '2'


# --- exports ----------------------------------------------------------------------------------------------------
def test_replaced_export_policy_stays_in_use_for_a_moment(sim, rest):
    sim.control.settings(export_busy_seconds=5)
    for name in ('old', 'new'):
        rest.ok('POST', '/protocols/nfs/export-policies', {'name': name, 'svm': SVM})
    rest.volume(nas={'path': '/vol1', 'export_policy': {'name': 'old'}})
    rest.ok('PATCH', '/storage/volumes', {'nas.export_policy.name': 'new'}, name='vol1', return_timeout=10)
    path = '/protocols/nfs/export-policies/%d' % rest.find('/protocols/nfs/export-policies', name='old')['id']
    assert rest.refused('DELETE', path) == (409, '1703945')
    sim.control.advance(5)
    rest.ok('DELETE', path)


def test_default_export_policy_stays(rest):
    path = '/protocols/nfs/export-policies/%d' % rest.find('/protocols/nfs/export-policies', name='default')['id']
    assert rest.refused('DELETE', path)[1] == '1703947'
    assert rest.refused('POST', '/protocols/nfs/export-policies', {'name': 'a b', 'svm': SVM})[1] == '1703952'


def test_rule_indexes_count_on(rest):
    rest.ok('POST', '/protocols/nfs/export-policies', {'name': 'p', 'svm': SVM})
    path = '/protocols/nfs/export-policies/%d/rules' % rest.find('/protocols/nfs/export-policies', name='p')['id']
    for address in ('10.0.0.1', '10.0.0.2', '2001:db8::/32'):
        rest.ok('POST', path, {'clients': [{'match': address}], 'ro_rule': ['sys'], 'rw_rule': ['sys']})
    rest.ok('DELETE', path + '/2', {'index': 2})
    assert rest.refused('DELETE', path + '/2') == (404, '4')
    rest.ok('POST', path, {'clients': [{'match': '10.0.0.4'}], 'ro_rule': 'sys', 'rw_rule': ['never']})
    found = rest.ok('GET', path, fields='clients.match,index')['records']
    assert [(r['index'], r['clients'][0]['match']) for r in found] == [
        (1, '10.0.0.1'), (3, '2001:db8::/32'), (4, '10.0.0.4')]
    assert rest.refused('POST', path, {'clients': [{'match': '10.0.0.300'}], 'ro_rule': ['sys'],
                                       'rw_rule': ['sys']})[1] == '262245'
    assert rest.refused('POST', path, {'clients': [{'match': '10.0.0.3'}], 'ro_rule': ['root'],
                                       'rw_rule': ['sys']})[1] == '262245'


# --- CIFS -------------------------------------------------------------------------------------------------------
def test_default_shares_cannot_be_deleted(rest):
    record = rest.find('/protocols/cifs/shares', name='c$')
    path = '/protocols/cifs/shares/%s/c$' % record['svm']['uuid']
    assert rest.refused('DELETE', path)[1] == '655393'


def test_share_needs_a_path_that_exists(rest):
    assert rest.refused('POST', '/protocols/cifs/shares', {'name': 's', 'path': '/none', 'svm': SVM})[1] == '262245'


def test_domain_join_checks_credentials_and_dns(start):
    simulator = start({'seed': 'single', 'with': {'durations': {'default': 0}}})
    rest = Rest(simulator)
    simulator.control.realm('example.test', {'joe': {'password': 'right'}, 'ann': {'password': 'x', 'admin': False}})
    rest.ok('POST', '/svm/svms', {'name': 'svm9'}, return_timeout=10)
    body = {'svm.name': 'svm9', 'name': 'NAS9', 'ad_domain': {'fqdn': 'example.test', 'user': 'joe', 'password': 'no'}}
    assert rest.refused('POST', '/protocols/cifs/services', body)[1] == '2'
    rest.ok('POST', '/name-services/dns', {'svm.name': 'svm9', 'domains': ['example.test'], 'servers': ['192.0.2.5']})
    reply = rest('POST', '/protocols/cifs/services', body)
    assert 'could not authenticate' in reply.json()['error']['message']
    body['ad_domain'] = {'fqdn': 'example.test', 'user': 'ann', 'password': 'x'}
    assert 'insufficient access' in rest('POST', '/protocols/cifs/services', body).json()['error']['message']
    body['ad_domain'] = {'fqdn': 'example.test', 'user': 'joe', 'password': 'right'}
    assert rest.refused('POST', '/protocols/cifs/services', dict(body, name='A' * 16))[1] == '262245'
    rest.ok('POST', '/protocols/cifs/services', body, return_timeout=10)
    owner = rest.find('/svm/svms', name='svm9')['uuid']
    assert rest.refused('DELETE', '/svm/svms/' + owner)[1] == '2621525'
    assert 'right' not in str([e.request for e in simulator.log.entries()])
    rest.ok('DELETE', '/protocols/cifs/services/' + owner, {'ad_domain': {'user': 'joe', 'password': 'right'}})
    rest.ok('DELETE', '/svm/svms/' + owner, return_timeout=10)


# --- SVMs and network -------------------------------------------------------------------------------------------
def test_svm_life_cycle(rest):
    rest.ok('POST', '/svm/svms', {'name': 'svm9', 'aggregates': [{'name': 'aggr1'}], 'nsswitch.namemap': ['files'],
                                  'is_space_reporting_logical': True}, return_timeout=10)
    assert rest.refused('POST', '/svm/svms', {'name': 'svm9'}) == (409, '13434908')
    record = rest.find('/svm/svms', name='svm9')
    assert (record['state'], record['subtype'], record['ipspace']['name']) == ('running', 'default', 'Default')
    assert record['aggregates'][0]['available_size'] > 0
    assert rest.find('/storage/volumes', **{'svm.name': 'svm9'})['is_svm_root'] is True
    path = '/svm/svms/' + record['uuid']
    rest.ok('PATCH', path, {'retention_period': 0}, return_timeout=10)
    assert rest.ok('GET', path, fields='retention_period')['retention_period'] == 0
    rest.ok('PATCH', path, {'name': 'svm10'}, return_timeout=10)
    rest.volume('v1', svm={'name': 'svm10'})
    assert rest.refused('DELETE', path)[1] == '8'
    unmounted(rest, rest.find('/storage/volumes', name='v1'))
    rest.ok('DELETE', '/storage/volumes', name='v1', return_timeout=10)
    rest.ok('DELETE', path, return_timeout=10)
    assert rest.ok('GET', '/svm/svms', name='svm10')['num_records'] == 0


def test_svm_list_has_no_type(rest):
    assert rest.refused('GET', '/svm/svms', type='data')[1] == '262179'


def test_no_more_than_five_svms_are_made_at_once(sim, rest):
    sim.control.settings(durations={'svm.create': 600})
    for number in range(5):
        rest.ok('POST', '/svm/svms', {'name': 's%d' % number})
    assert rest.refused('POST', '/svm/svms', {'name': 's9'}) == (429, '13434894')


def test_segmented_network_for_an_svm(rest):
    rest.ok('POST', '/network/ipspaces', {'name': 'ips1'})
    rest.ok('POST', '/svm/svms', {'name': 'svm9', 'ipspace.name': 'ips1'}, return_timeout=10)
    vlan = {'type': 'vlan', 'node.name': 'cluster1-01', 'vlan.base_port.name': 'e0c', 'vlan.tag': 100}
    rest.ok('POST', '/network/ethernet/ports', vlan)
    assert rest.refused('POST', '/network/ethernet/ports', vlan) == (409, '1')
    lif = {'name': 'lif9', 'svm.name': 'svm9', 'ip.address': '203.0.113.5', 'ip.netmask': '255.255.255.0',
           'location.home_node.name': 'cluster1-01', 'location.home_port.name': 'e0c-100',
           'service_policy.name': 'default-data-files', 'enabled': 'true'}
    assert rest.refused('POST', '/network/ip/interfaces', lif)[1] == '1966454'
    rest.ok('POST', '/network/ethernet/broadcast-domains', {'name': 'bd1', 'ipspace.name': 'ips1', 'mtu': 1500})
    to_domain = {'broadcast_domain.name': 'bd1', 'broadcast_domain.ipspace.name': 'ips1'}
    rest.ok('PATCH', '/network/ethernet/ports', to_domain, name='e0c-100', **{'node.name': 'cluster1-01'})
    assert rest.refused('PATCH', '/network/ethernet/ports', to_domain, name='e0c-100')[1] == '1967149'
    rest.ok('POST', '/network/ip/interfaces', lif)
    assert rest.find('/network/ip/interfaces', **{'ip.netmask': '255.255.255.0', 'ip.address': '203.0.113.5'})
    assert rest.refused('POST', '/network/ip/interfaces', dict(lif, name='lif10'))[1] == '1'
    assert rest.refused('DELETE', '/network/ethernet/ports', **{'vlan.tag': 100})[1] == '1376858'
    assert rest.refused('DELETE', '/network/ipspaces', name='ips1')[1] == '8'
    route = {'gateway': '203.0.113.1', 'svm.name': 'svm9'}
    rest.ok('POST', '/network/ip/routes', route)
    assert rest.refused('POST', '/network/ip/routes', route)[1] == '1966345'
    rest.ok('DELETE', '/svm/svms', name='svm9', return_timeout=10)
    rest.ok('DELETE', '/network/ethernet/ports', **{'vlan.tag': 100})
    rest.ok('DELETE', '/network/ethernet/broadcast-domains', name='bd1')
    rest.ok('DELETE', '/network/ipspaces', name='ips1')


def test_root_aggregates_are_listed_by_the_command_line_only(rest):
    names = {r['name'] for r in rest.ok('GET', '/storage/aggregates')['records']}
    assert names == {'aggr1', 'aggr2', 'aggr3', 'aggr4'}
    roots = rest.ok('GET', '/private/cli/aggr', root='true')['records']
    assert {r['aggregate'] for r in roots} == {'aggr0_01', 'aggr0_02'}
    assert rest.refused('GET', '/private/cli/aggr', fields='*')[1] == '262220'


def test_aggregate_space_follows_from_its_volumes(rest):
    before = rest.find('/storage/aggregates', name='aggr1')['space']['block_storage']
    rest.volume('thick', 40 * GIB)
    rest.volume('thin', 40 * GIB, guarantee={'type': 'none'})
    after = rest.find('/storage/aggregates', name='aggr1')['space']['block_storage']
    assert after['used'] + after['available'] == after['size']
    assert 41 * GIB < after['used'] - before['used'] < 42 * GIB


def test_performance_counters(sim, rest):
    path = '/cluster/counter/tables/'
    schema = rest.ok('GET', path + 'system:constituent', fields='counter_schemas.*')['counter_schemas'][0]
    assert schema['denominator']['name'] == 'cpu_elapsed_time'

    def busy():
        rows = rest.ok('GET', path + 'processor/rows', id='cluster1-01:*', fields='counters.*')['records']
        counters = {c['name']: c for c in rows[0]['counters']}
        labels = counters['domain_busy_percent']['labels']
        return counters['domain_busy_percent']['values'][labels.index('kahuna')], counters['elapsed_time']['value']

    sim.control.node('cluster1-01', load={'kahuna': 0.5})
    first = busy()
    sim.control.advance(100)
    second = busy()
    assert abs((second[0] - first[0]) / (second[1] - first[1]) - 0.5) < 0.01


def test_messages_of_clients_reach_the_event_log(sim, rest):
    rest.ok('POST', '/support/ems/application-logs', {
        'computer_name': 'host', 'event_source': 'driver', 'app_version': '1', 'category': 'provisioning',
        'severity': 'notice', 'autosupport_required': False, 'event_id': 0, 'event_description': 'hello'})
    assert sim.control.messages()[0]['event_description'] == 'hello'
