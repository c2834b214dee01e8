"""The front door: TLS, login, users and what they may do, tunnelling, the log."""

import pytest
import requests

from manila.tests.simulators.ontap.tests.conftest import PASSWORD, Rest
from manila.tests.simulators.ontap.tests.zapi_client import Failed, Zapi

SVM = {'name': 'svm_manila'}
LIMITED = {
    'roles': [{'name': 'manila', 'privileges': [
        {'path': '/api/cluster', 'access': 'readonly'}, {'path': '/api/storage/volumes', 'access': 'all'},
        {'path': '/api/protocols/nfs', 'access': 'readonly'}, {'path': 'zapi:volume-*', 'access': 'all'},
        {'path': 'zapi:volume-destroy', 'access': 'none'}, {'path': 'zapi:system-get-*', 'access': 'readonly'}]}],
    'accounts': [{'name': 'admin', 'password': PASSWORD, 'role': 'admin'},
                 {'name': 'limited', 'password': 'secret', 'role': 'manila'},
                 {'name': 'robot', 'role': 'admin', 'common_name': 'robot'}]}


@pytest.fixture
def limited(start):
    return start({'seed': 'single', 'with': dict(LIMITED, durations={'default': 0, 'volume.create': 0})})


def test_certificate_is_verified_against_the_simulators_authority(sim):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get('https://%s:%d/api/cluster' % sim.address(), timeout=10)


@pytest.mark.parametrize('options', [{'expired': True}, {'wrong_host': True}])
def test_bad_server_certificate_is_noticed(start, options):
    rest = Rest(start({'seed': 'single', 'with': {'tls': options}}))
    with pytest.raises(requests.exceptions.SSLError):
        rest('GET', '/cluster')


def test_plain_http_can_be_served(start):
    simulator = start({'seed': 'single', 'with': {'tls': {'enabled': False}}})
    reply = requests.get('http://%s:%d/api/cluster' % simulator.address(), auth=('admin', PASSWORD), timeout=10)
    assert reply.status_code == 200


def test_wrong_and_missing_credentials_are_unauthorized(sim):
    assert Rest(sim, password='wrong')('GET', '/cluster').status_code == 401
    rest = Rest(sim)
    rest.session.auth = None
    assert rest('GET', '/cluster').status_code == 401
    assert Zapi(sim, password='wrong').raw(b'<netapp/>').status_code == 401
    sim.control.settings(zapi_login_errno=13002)
    assert Zapi(sim, password='wrong').errno('system-get-version') == 13002
    assert Rest(sim, password='wrong')('GET', '/cluster').status_code == 401


def test_client_certificate_stands_for_the_account_of_its_name(limited):
    rest = Rest(limited)
    rest.session.auth = None
    rest.session.cert = limited.authority.issue('robot')
    assert rest.ok('GET', '/cluster/nodes')['num_records'] == 2
    rest.session.cert = limited.authority.issue('stranger')
    rest.session.close()
    assert rest('GET', '/cluster').status_code == 401


def test_svm_user_logs_in_at_the_svms_address_only(sim):
    assert Rest(sim, 'vsadmin')('GET', '/cluster').status_code == 401
    assert Rest(sim, 'vsadmin', svm='svm_manila')('GET', '/cluster').status_code == 200
    assert Rest(sim, 'admin', svm='svm_manila')('GET', '/cluster').status_code == 401


@pytest.mark.parametrize('path', [
    '/cluster/nodes', '/storage/aggregates', '/storage/disks', '/network/ethernet/ports', '/network/ipspaces',
    '/cluster/licensing/licenses', '/storage/qos/policies', '/private/cli/aggr'])
def test_svm_user_does_not_see_the_cluster(sim, path):
    assert Rest(sim, 'vsadmin', svm='svm_manila').refused('GET', path) == (403, '6')


def test_svm_user_makes_no_qos_policies(sim):
    rest = Rest(sim, 'vsadmin', svm='svm_manila')
    assert rest.refused('POST', '/storage/qos/policies', {'name': 'mine', 'fixed': {'max_throughput_iops': 5}}) == (
        403, '6')


def test_svm_user_reads_the_version_from_9_12_on(start):
    old = start({'seed': 'single', 'with': {'version': '9.11.1'}})
    rest = Rest(old, 'vsadmin', svm='svm_manila')
    assert rest.refused('GET', '/cluster', fields='version') == (403, '6')
    record = rest.ok('GET', '/private/cli/version', fields='version')['records'][0]
    assert '9.11.1' in record['version']['full']


def test_svm_user_sees_its_own_svm_only(sim):
    Rest(sim).ok('POST', '/svm/svms', {'name': 'other'}, return_timeout=10)
    Rest(sim).volume('theirs', svm={'name': 'other'})
    rest = Rest(sim, 'vsadmin', svm='svm_manila')
    assert [s['name'] for s in rest.ok('GET', '/svm/svms')['records']] == ['svm_manila']
    assert [v['name'] for v in rest.ok('GET', '/storage/volumes')['records']] == ['svm_manila_root']
    rest.ok('POST', '/storage/volumes', {'name': 'mine', 'aggregates': ['aggr1']}, return_timeout=10)
    assert rest.find('/storage/volumes', name='mine')['svm']['name'] == 'svm_manila'


def test_svm_user_must_not_tunnel(sim):
    rest = Rest(sim, 'vsadmin', svm='svm_manila', headers={'X-Dot-SVM-Name': 'svm_manila'})
    assert rest('GET', '/storage/volumes').status_code == 400


def test_tunnel_narrows_what_the_cluster_user_sees(sim):
    Rest(sim).ok('POST', '/svm/svms', {'name': 'other'}, return_timeout=10)
    rest = Rest(sim, headers={'X-Dot-SVM-Name': 'other'})
    assert [v['name'] for v in rest.ok('GET', '/storage/volumes')['records']] == ['other_root']
    rest.ok('POST', '/protocols/nfs/export-policies', {'name': 'p1'})
    assert rest.find('/protocols/nfs/export-policies', name='p1')['svm']['name'] == 'other'
    body = {'name': 'p2', 'svm.name': 'svm_manila'}
    assert rest('POST', '/protocols/nfs/export-policies', body).status_code == 400
    assert rest('GET', '/storage/volumes', **{'svm.name': 'svm_manila'}).status_code == 400
    assert Rest(sim, headers={'X-Dot-SVM-Name': 'nowhere'})('GET', '/storage/volumes').status_code == 400


def test_limited_role_reaches_what_it_lists(limited):
    rest = Rest(limited, 'limited', 'secret')
    rest.ok('GET', '/cluster')
    rest.volume()
    assert rest.refused('GET', '/storage/aggregates') == (403, '6')
    assert rest.ok('GET', '/protocols/nfs/export-policies')['num_records'] == 1
    assert rest.refused('POST', '/protocols/nfs/export-policies', {'name': 'p', 'svm': SVM}) == (403, '6')
    zapi = Zapi(limited, 'limited', 'secret', vfiler='svm_manila')
    zapi('volume-unmount', {'volume-name': 'vol1'})
    assert zapi.errno('volume-destroy', {'name': 'vol1'}) == 13003
    assert zapi.errno('export-policy-get-iter') == 13003


def test_svm_user_and_the_older_transport(sim):
    zapi = Zapi(sim, 'vsadmin', svm='svm_manila')
    assert zapi.errno('system-node-get-iter') == 13005
    assert zapi.errno('qos-policy-group-get-iter') == 13005
    zapi('volume-create', {'volume': 'v', 'containing-aggr-name': 'aggr1', 'size': '1g'})
    assert zapi('vserver-get').findtext('attributes/vserver-info/vserver-name') == 'svm_manila'
    with pytest.raises(Failed) as failed:
        zapi('volume-get-iter', vfiler='other')
    assert failed.value.errno == 15698


def test_older_transport_can_be_switched_off(sim):
    sim.control.settings(zapi=False)
    assert Zapi(sim).raw(b'<netapp/>').status_code == 404
    Rest(sim).ok('GET', '/cluster')


def test_log_counts_calls_and_keeps_no_passwords(sim):
    rest = Rest(sim)
    record = rest.volume()
    rest.ok('GET', '/storage/volumes/' + record['uuid'])
    counters = sim.control.counters()
    assert counters['POST /api/storage/volumes'] == 1
    assert counters['GET /api/storage/volumes/*'] == 1
    rest('POST', '/security/accounts', {'name': 'joe', 'password': 'hush', 'owner': {'name': 'svm_manila'}})
    entry = sim.control.entries(operation='POST /api/security/accounts')[-1]
    assert (entry['user'], entry['status']) == ('admin', 201)
    assert 'hush' not in entry['request']
    assert Rest(sim, 'joe', 'hush', svm='svm_manila')('GET', '/cluster').status_code == 200


def test_two_clusters_live_in_one_process(start):
    simulator = start('pair')
    names = [Rest(simulator, cluster=c).ok('GET', '/cluster')['name'] for c in ('cluster1', 'cluster2')]
    assert names == ['cluster1', 'cluster2']
    peers = Rest(simulator).ok('GET', '/cluster/peers', fields='status.state,remote.name')['records']
    assert [(p['remote']['name'], p['status']['state']) for p in peers] == [('cluster2', 'available')]
    simulator.control.peer('cluster2', False)
    assert Rest(simulator).find('/cluster/peers')['status']['state'] == 'unavailable'
