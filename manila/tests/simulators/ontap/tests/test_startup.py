"""What a Manila driver asks for when it starts, on both transports and with both kinds of credentials."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import Rest
from manila.tests.simulators.ontap.tests.zapi_client import Zapi

RELEASES = ('9.12.1', '9.14.1', '9.16.1', '9.19.1')


@pytest.fixture(params=RELEASES)
def cluster(request, start):
    return start({'seed': 'single', 'with': {'version': request.param, 'durations': {'default': 0}}})


def test_start_over_rest_with_cluster_credentials(cluster):
    rest = Rest(cluster)
    assert rest.ok('GET', '/cluster', fields='version')['version']['full'].startswith('NetApp Release 9.')
    node = rest.find('/cluster/nodes', name='cluster1-01')
    assert rest.ok('GET', '/cluster/nodes/' + node['uuid'])['ha']['partners'][0]['name'] == 'cluster1-02'
    managers = rest.ok('GET', '/security/key-managers', fields='volume_encryption.*')['records']
    assert managers[0]['volume_encryption']['supported'] is True
    assert rest.refused('GET', '/storage/snaplock/compliance-clocks/' + node['uuid']) == (404, '4')
    cluster.control.node('cluster1-01', compliance_clock=True)
    assert 'time' in rest.ok('GET', '/storage/snaplock/compliance-clocks/' + node['uuid'])
    assert {'nfs', 'cifs', 'snaprestore'} <= {
        r['name'] for r in rest.ok('GET', '/cluster/licensing/licenses')['records']}
    assert rest.ok('GET', '/protocols/nfs/services/', fields='transport.tcp_max_transfer_size')['records'][0][
        'transport']['tcp_max_transfer_size'] == 65536
    svm = rest.ok('GET', '/svm/svms', fields='name,aggregates.name,aggregates.available_size')['records'][0]
    assert [a['name'] for a in svm['aggregates']] == ['aggr1', 'aggr2', 'aggr3', 'aggr4']
    assert all(a['available_size'] > 0 for a in svm['aggregates'])
    found = rest.ok('GET', '/storage/aggregates', name='aggr1,aggr2', fields=(
        'name,space,data_encryption.software_encryption_enabled,block_storage.primary.raid_type,'
        'block_storage.storage_type,snaplock_type,home_node.name,node.name'))['records']
    assert sorted(a['name'] for a in found) == ['aggr1', 'aggr2']
    assert found[0]['block_storage'] == {'primary': {'raid_type': 'raid_dp'}, 'storage_type': 'ssd'}
    disks = rest.ok('GET', '/storage/disks', **{'aggregates.name': 'aggr1', 'fields': 'effective_type'})['records']
    assert {d['effective_type'] for d in disks} == {'ssd'}
    lifs = rest.ok('GET', '/network/ip/interfaces', services='data_nfs,data_cifs', fields=(
        'ip.address,location.home_node.name,location.home_port.name,ip.netmask,services,svm.name,enabled'))['records']
    assert sorted(lif['ip']['address'] for lif in lifs) == ['192.0.2.11', '192.0.2.12']


def test_housekeeping_queries_over_rest(cluster):
    rest = Rest(cluster, headers={'X-Dot-SVM-Name': 'svm_manila'})
    prefix = 'deleted_manila_*'
    for path, fields in (('/protocols/nfs/export-policies', 'name,svm.name'),
                         ('/storage/volumes/*/snapshots', 'uuid,volume,owners,svm.name'),
                         ('/storage/volumes/', 'name,state,svm.name'),
                         ('/storage/qos/policies', 'name,object_count')):
        assert rest.ok('GET', path, name=prefix, fields=fields, max_records=10000)['num_records'] == 0


def test_lookup_of_a_volume_as_drivers_do_it(cluster):
    rest = Rest(cluster)
    rest.volume('share_1')
    found = rest.ok('GET', '/storage/volumes/', **{
        'name': 'share_1', 'style': 'flex*', 'error_state.is_inconsistent': 'false', 'svm.name': 'svm_manila',
        'fields': 'name,style,svm.name,svm.uuid'})
    assert found['num_records'] == 1
    assert rest.ok('GET', '/storage/volumes', return_records='false',
                   **{'svm.name': 'svm_manila'})['num_records'] == 2
    assert rest.ok('GET', '/storage/luns/', **{'location.volume.name': 'share_1'})['num_records'] == 0
    assert rest.ok('GET', '/storage/volumes', **{
        'clone.parent_volume.name': 'share_1', 'clone.parent_snapshot.name': 's', 'fields': 'name'})['num_records'] == 0


def test_start_over_rest_with_svm_credentials(cluster):
    rest = Rest(cluster, 'vsadmin', svm='svm_manila')
    assert rest.refused('GET', '/cluster/nodes') == (403, '6')
    assert rest.ok('GET', '/cluster', fields='version')['version']['major'] == cluster.world.clusters[0].version[1]
    assert rest.refused('PATCH', '/storage/volumes', {'restore_to.snapshot.name': ''}, name='*')[1] == '1638515'
    assert rest.ok('GET', '/svm/svms', fields='aggregates.name')['records'][0]['aggregates']


@pytest.mark.parametrize('release', ['9.8.0', '9.14.1'])
def test_start_over_the_older_transport(start, release):
    simulator = start({'seed': 'single', 'with': {'version': release}})
    zapi = Zapi(simulator)
    major, minor = simulator.world.clusters[0].ontapi
    assert zapi('system-get-ontapi-version').findtext('minor-version') == str(minor) == str(100 + 10 * int(
        release.split('.')[1]))
    assert [n.findtext('node') for n in zapi.records('system-node-get-iter', 'node-details-info')] == [
        'cluster1-01', 'cluster1-02']
    assert zapi('security-key-manager-volume-encryption-supported', {'node': 'cluster1-01'}).findtext(
        'vol-encryption-supported') == 'true'
    assert 'not configured' in zapi('snaplock-get-node-compliance-clock', {'node': 'cluster1-01'}).findtext(
        './/formatted-snaplock-compliance-clock')
    packages = {p.text for p in zapi('license-v2-list-info').iter('package')}
    assert {'nfs', 'cifs'} <= packages
    counters = zapi('perf-object-counter-list-info', {'objectname': 'system:constituent'})
    bases = {c.findtext('name'): c.findtext('base-counter') for c in counters.iter('counter-info')}
    assert bases['avg_processor_busy'].startswith('cpu_elapsed_time')
    if release != '9.8.0':
        assert zapi('nfs-service-get-create-defaults').findtext('.//tcp-max-xfer-size') == '65536'
    names = [s.findtext('vserver-name') for s in zapi.records(
        'vserver-get-iter', 'vserver-info', {'vserver-type': 'data'}, {'vserver-name': ''})]
    assert names == ['svm_manila']
    roots = zapi.records('aggr-get-iter', 'aggr-attributes', {'aggr-raid-attributes': {
        'has-local-root': 'true', 'has-partner-root': 'false'}})
    assert len(roots) == 2
    info = zapi('vserver-get', vfiler='svm_manila')
    assert [e.text for e in info.findall('.//vserver-aggr-info/aggr-name')] == ['aggr1', 'aggr2', 'aggr3', 'aggr4']
    aggregate = zapi.records('aggr-get-iter', 'aggr-attributes', {'aggregate-name': 'aggr1|aggr2'})[0]
    assert int(aggregate.findtext('aggr-space-attributes/size-total')) == 10 * 1024 ** 4
    disks = zapi.records('storage-disk-get-iter', 'storage-disk-info', {'disk-raid-info': {'disk-shared-info': {
        'aggregate-list': {'shared-aggregate-info': {'aggregate-name': 'aggr1'}}}}})
    assert {d.findtext('disk-raid-info/effective-disk-type') for d in disks} == {'SSD'}
    zapi('ems-autosupport-log', {'computer-name': 'host', 'event-id': '0', 'log-level': '5', 'auto-support': 'false',
                                 'event-source': 'd', 'app-version': '1', 'category': 'p', 'event-description': 'x'})
    assert simulator.control.messages()[0]['event_description'] == 'x'
    assert zapi('cluster-identity-get').findtext('.//cluster-name') == 'cluster1'


def test_start_of_share_servers_finds_ports_that_carry_data(start):
    rest = Rest(start('multi'))
    used = rest.ok('GET', '/network/ip/interfaces', **{
        'service_policy.name': '!default-management', 'services': 'data_*', 'fields': 'location.port.name'})
    assert {r['location']['port']['name'] for r in used['records']} == {'e0c', 'e0d'}
    ports = rest.ok('GET', '/network/ethernet/ports', **{
        'node.name': 'cluster1-01', 'state': 'up', 'type': 'physical', 'broadcast_domain.name': 'Default',
        'fields': 'node.name,speed,name'})['records']
    assert {p['name'] for p in ports} == {'e0c', 'e0d', 'e0e', 'e0f'}
    capacity = rest.ok('GET', '/private/cli/network/interface/capacity/details',
                       fields='limit-for-node,count-for-node,node')['records']
    assert {(c['node'], c['limit_for_node']) for c in capacity} == {('cluster1-01', 512), ('cluster1-02', 512)}
