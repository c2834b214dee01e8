"""Objects around volumes: name services, Kerberos, FPolicy, quotas, accounts, key stores, peers, SnapMirror."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest
from manila.tests.simulators.ontap.tests.zapi_client import Zapi

SVM = {'name': 'svm_manila'}


@pytest.fixture
def owner(rest):
    return rest.find('/svm/svms', name='svm_manila')['uuid']


def test_dns_is_bounded_in_domains_and_servers(rest, owner):
    path = '/name-services/dns/' + owner
    assert rest.ok('GET', path)['domains'] == ['example.test']
    rest.ok('PATCH', path, {'domains': ['a.test', 'b.test'], 'servers': ['192.0.2.1']})
    assert rest.refused('PATCH', path, {'domains': ['d%d.test' % n for n in range(7)]})[1] == '262245'
    assert rest.refused('PATCH', path, {'servers': ['192.0.2.%d' % n for n in range(1, 5)]})[1] == '262245'
    rest.ok('DELETE', path)
    assert rest.refused('GET', path) == (404, '4')


def test_ldap_takes_servers_or_a_domain_but_not_both(rest, owner):
    body = {'svm.name': 'svm_manila', 'schema': 'RFC-2307', 'bind_dn': 'cn=x', 'bind_password': 'hush'}
    assert rest.refused('POST', '/name-services/ldap', body)[1] == '262245'
    both = dict(body, servers=['192.0.2.9'], ad_domain='example.test')
    assert rest.refused('POST', '/name-services/ldap', both)[1] == '262245'
    rest.ok('POST', '/name-services/ldap', dict(body, ad_domain='example.test', port='389'))
    assert rest.ok('GET', '/name-services/ldap/' + owner)['ad_domain'] == 'example.test'


def test_kerberos_needs_a_realm_and_refuses_to_repeat_itself(rest):
    lif = rest.find('/network/ip/interfaces', name='lif1')['uuid']
    path = '/protocols/nfs/kerberos/interfaces/' + lif
    on = {'enabled': True, 'spn': 'nfs/host@EXAMPLE.TEST', 'user': 'u', 'password': 'p'}
    assert rest.refused('PATCH', path, on) == (404, '4')
    realm = {'svm.name': 'svm_manila', 'name': 'EXAMPLE.TEST', 'kdc.ip': '192.0.2.3', 'kdc.vendor': 'other',
             'kdc.port': '88', 'comment': 'x'}
    rest.ok('POST', '/protocols/nfs/kerberos/realms', realm)
    assert rest.refused('POST', '/protocols/nfs/kerberos/realms', realm) == (409, '1')
    rest.ok('PATCH', path, on)
    assert rest.refused('PATCH', path, on)[1] == '3276861'
    states = rest.ok('GET', '/protocols/nfs/kerberos/interfaces', **{
        'interface.uuid': lif + '|other', 'fields': 'enabled,interface.uuid'})['records']
    assert [s['enabled'] for s in states] == [True]


def test_fpolicy_over_both_transports(sim, rest, owner):
    base = '/protocols/fpolicy/%s' % owner
    rest.ok('POST', base + '/events', {'name': 'e1', 'protocol': 'cifs', 'file_operations.create': True,
                                       'file_operations.write': True})
    policy = {'name': 'p1', 'engine.name': 'native', 'events': [{'name': 'e1'}], 'priority': 1,
              'scope': {'include_shares': ['share_1'], 'exclude_extension': ['mp3']}}
    rest.ok('POST', base + '/policies', policy)
    assert rest.ok('GET', base + '/policies/p1')['priority'] == 1
    assert rest.refused('DELETE', base + '/events/e1')[1] == '9765032'
    assert rest.refused('PATCH', base + '/policies/p1', {'mandatory': False})[1] == '9765029'
    zapi = Zapi(sim, vfiler='svm_manila')
    status = zapi.records('fpolicy-policy-status-get-iter', 'fpolicy-policy-status-info', {'policy-name': 'p1'})[0]
    assert (status.findtext('status'), status.findtext('sequence-number')) == ('true', '1')
    zapi('fpolicy-policy-scope-modify', {'policy-name': 'p1', 'shares-to-include': {'string': ['share_2']}})
    assert rest.ok('GET', base + '/policies/p1', fields='scope')['scope']['include_shares'] == ['share_2']
    zapi('fpolicy-disable-policy', {'policy-name': 'p1'})
    assert zapi.errno('fpolicy-disable-policy', {'policy-name': 'p1'}) == 13115
    zapi('fpolicy-policy-delete', {'policy-name': 'p1'})
    assert zapi.errno('fpolicy-policy-delete', {'policy-name': 'p1'}) == 18251
    rest.ok('DELETE', base + '/events/e1')
    assert zapi.errno('fpolicy-policy-event-delete', {'event-name': 'e1'}) == 18253


def test_no_more_than_ten_fpolicies(rest, owner):
    base = '/protocols/fpolicy/%s' % owner
    rest.ok('POST', base + '/events', {'name': 'e', 'protocol': 'nfsv3', 'file_operations.read': True})
    for number in range(10):
        rest.ok('POST', base + '/policies', {'name': 'p%d' % number, 'events': [{'name': 'e'}]})
    assert rest.refused('POST', base + '/policies', {'name': 'p11', 'events': [{'name': 'e'}]})[1] == '9765036'


def test_qtrees_and_quota_rules(rest):
    rest.volume()
    qtree = {'svm.name': 'svm_manila', 'volume.name': 'vol1', 'name': 'q1'}
    rest.ok('POST', '/storage/qtrees', qtree)
    assert rest.refused('POST', '/storage/qtrees', qtree) == (409, '1')
    assert rest.find('/storage/qtrees', name='q1')['path'] == '/vol1/q1'
    rule = {'svm.name': 'svm_manila', 'volume.name': 'vol1', 'type': 'tree', 'qtree.name': 'q1',
            'space.hard_limit': GIB}
    rest.ok('POST', '/storage/quota/rules', rule)
    assert rest.refused('POST', '/storage/quota/rules', rule) == (409, '1')
    assert rest.find('/storage/quota/rules', type='tree')['space']['hard_limit'] == GIB
    rest.ok('POST', '/protocols/cifs/shares', {'name': 's', 'path': '/vol1/q1', 'svm': SVM})


def test_accounts_and_roles_take_effect_at_once(sim, rest):
    rest.ok('POST', '/security/roles', {'name': 'reader', 'privileges': [
        {'path': '/api/storage', 'access': 'readonly'}]})
    rest.ok('POST', '/security/accounts', {'name': 'joe', 'password': 'hush', 'role': {'name': 'reader'}})
    joe = Rest(sim, 'joe', 'hush')
    joe.ok('GET', '/storage/volumes')
    assert joe.refused('GET', '/cluster') == (403, '6')
    rest.ok('PATCH', '/security/accounts/cluster/joe', {'locked': True})
    assert joe('GET', '/storage/volumes').status_code == 401


def test_key_store_for_an_svm(rest):
    body = {'svm.name': 'svm_manila', 'configuration.name': 'c1', 'key_id': 'k', 'keystone_url': 'https://k/v3',
            'application_cred_id': 'i', 'application_cred_secret': 's'}
    rest.ok('POST', '/security/barbican-kms', body)
    store = rest.ok('GET', '/security/key-stores', **{'configuration.name': 'c1', 'fields': 'configuration,enabled'})
    uuid = store['records'][0]['configuration']['uuid']
    assert store['records'][0]['enabled'] is False
    rest.ok('PATCH', '/security/key-stores/' + uuid, {'enabled': True})
    assert rest.find('/security/key-stores')['enabled'] is True


def test_certificate_is_issued_anew(rest):
    found = rest.ok('GET', '/security/certificates', **{'common-name': 'svm_manila', 'type': 'server',
                                                        'svm.name': 'svm_manila'})['records']
    assert len(found) == 1
    made = rest.ok('POST', '/security/certificates', {
        'common-name': 'svm_manila', 'type': 'server', 'svm.name': 'svm_manila', 'expiry_time': 'P720DT'},
        return_records='true')['records'][0]
    owner = rest.find('/svm/svms', name='svm_manila')['uuid']
    rest.ok('PATCH', '/svm/svms/' + owner, {'certificate': {'uuid': made['uuid']}}, return_timeout=10)
    rest.ok('DELETE', '/security/certificates/' + found[0]['uuid'])


def test_local_cifs_user(rest):
    user = rest.find('/protocols/cifs/local-users', name='*Administrator')
    path = '/protocols/cifs/local-users/%s/%s' % (user['svm']['uuid'], user['sid'])
    rest.ok('PATCH', path, {'password': 'new', 'account_disabled': False})
    assert rest.ok('GET', path)['account_disabled'] is False


def test_svm_peers_of_two_clusters_need_acceptance(start):
    simulator = start('pair')
    one, two = Rest(simulator), Rest(simulator, cluster='cluster2')
    one.ok('POST', '/svm/peers', {'svm.name': 'svm_manila', 'peer.svm.name': 'svm_infra',
                                  'peer.cluster.name': 'cluster2', 'applications': ['snapmirror']}, return_timeout=10)
    assert one.find('/svm/peers', **{'svm.name': 'svm_manila'})['state'] == 'initiated'
    there = two.find('/svm/peers', **{'svm.name': 'svm_infra'})
    assert there['state'] == 'pending'
    two.ok('PATCH', '/svm/peers/' + there['uuid'], {'state': 'peered'})
    assert one.find('/svm/peers')['state'] == 'peered'
    one.ok('DELETE', '/svm/peers/' + one.find('/svm/peers')['uuid'], return_timeout=10)
    assert two.ok('GET', '/svm/peers')['num_records'] == 0
    assert simulator.control.violations() == []


@pytest.fixture
def mirrored(sim, rest):
    """A relationship inside one SVM whose baseline has been transferred."""
    rest.volume('src')
    sim.control.write('svm_manila', 'src', 100 * 1024 ** 2)
    rest.volume('dst', type='dp', nas={})
    rest.ok('POST', '/snapmirror/relationships', {
        'source.path': 'svm_manila:src', 'destination.path': 'svm_manila:dst', 'policy.name': 'MirrorAllSnapshots',
        'transfer_schedule.name': 'hourly'})
    path = '/snapmirror/relationships/' + rest.find('/snapmirror/relationships')['uuid']
    rest.ok('PATCH', path, {'state': 'snapmirrored'})
    return path


def test_baseline_takes_its_time_and_keeps_the_destination_unmounted(sim, rest, mirrored):
    assert rest.ok('GET', mirrored)['state'] == 'uninitialized'
    assert rest.ok('GET', mirrored)['transfer']['state'] == 'transferring'
    target = '/storage/volumes/' + rest.find('/storage/volumes', name='dst')['uuid']
    assert rest.refused('PATCH', target, {'nas.path': '/dst'}, return_timeout=10) == (409, '917536')
    assert rest.refused('POST', target + '/snapshots', {'name': 's'})[1] == '1638461'
    sim.control.advance(10)
    record = rest.ok('GET', mirrored)
    assert (record['state'], record['healthy'], record['transfer']['state']) == ('snapmirrored', True, 'success')
    rest.ok('PATCH', target, {'nas.path': '/dst'}, return_timeout=10)
    assert rest.ok('GET', target, fields='space.used')['space']['used'] == 100 * 1024 ** 2 + 256 * 1024
    assert rest.find('/storage/volumes/*/snapshots', owners='snapmirror_dependent', **{
        'volume.name': 'src'})['name'].startswith('snapmirror.')


def test_mirror_is_updated_quiesced_broken_and_deleted(sim, rest, mirrored):
    sim.control.advance(10)
    rest.ok('POST', mirrored + '/transfers', {})
    assert rest.refused('POST', mirrored + '/transfers', {})[1] == '13303844'
    assert rest.refused('PATCH', mirrored, {'state': 'broken_off'})[1] == '13303808'
    running = rest.find(mirrored + '/transfers', state='transferring')
    rest.ok('PATCH', '%s/transfers/%s' % (mirrored, running['uuid']), {'state': 'aborted'})
    rest.ok('PATCH', mirrored, {'state': 'paused'})
    assert rest.ok('GET', mirrored)['state'] == 'paused'
    rest.ok('PATCH', mirrored, {'state': 'broken_off'})
    target = rest.find('/storage/volumes', name='dst')
    assert (target['type'], target['space']['filesystem_size_fixed']) == ('rw', True)
    zapi = Zapi(sim, vfiler='svm_manila')
    record = zapi.records('snapmirror-get-iter', 'snapmirror-info', {'destination-volume': 'dst'})[0]
    assert (record.findtext('mirror-state'), record.findtext('relationship-status')) == ('broken-off', 'idle')
    assert zapi.errno('snapmirror-resume', {'destination-location': 'svm_manila:dst'}) == 17127
    rest.ok('PATCH', mirrored, {'state': 'snapmirrored'})
    sim.control.advance(10)
    assert rest.ok('GET', mirrored)['state'] == 'snapmirrored'
    rest.ok('DELETE', mirrored, destination_only='true')
    assert sim.control.violations() == []


def test_relationship_rules(rest):
    rest.volume('src')
    rest.volume('plain', nas={})
    rest.volume('small', size=512 * 1024 ** 2, type='dp', nas={})

    def code(source, destination, **more):
        return rest.refused('POST', '/snapmirror/relationships', dict(more, **{
            'source.path': source, 'destination.path': destination}))[1]

    assert code('svm_manila:src', 'svm_manila:plain') == '6619546'
    assert code('svm_manila:src', 'svm_manila:small') == '262245'
    rest.volume('good', type='dp', nas={})
    assert code('svm_manila:src', 'svm_manila:good', **{'transfer_schedule.name': 'never'}) == '6619699'
    body = {'source.path': 'svm_manila:src', 'destination.path': 'svm_manila:good'}
    rest.ok('POST', '/snapmirror/relationships', body)
    assert rest.refused('POST', '/snapmirror/relationships', body) == (409, '6619637')


def test_cut_line_stops_transfers_between_clusters(start):
    simulator = start({'seed': 'pair', 'with': {'durations': {'default': 0, 'volume.create': 0}}})
    one, two = Rest(simulator), Rest(simulator, cluster='cluster2')
    one.ok('POST', '/svm/peers', {'svm.name': 'svm_manila', 'peer.svm.name': 'svm_infra',
                                  'peer.cluster.name': 'cluster2'}, return_timeout=10)
    two.ok('PATCH', '/svm/peers', {'state': 'peered'}, state='pending')
    one.volume('src')
    two.volume('dst', svm={'name': 'svm_infra'}, type='dp', nas={})
    two.ok('POST', '/snapmirror/relationships', {'source.path': 'svm_manila:src', 'destination.path': 'svm_infra:dst'})
    path = '/snapmirror/relationships/' + two.find('/snapmirror/relationships')['uuid']
    simulator.control.peer('cluster1', False, cluster='cluster2')
    assert two.refused('PATCH', path, {'state': 'snapmirrored'}) == (503, '13303815')
    assert two.ok('GET', path)['healthy'] is False
    simulator.control.peer('cluster1', True, cluster='cluster2')
    two.ok('PATCH', path, {'state': 'snapmirrored'})
    simulator.control.advance(10)
    assert two.ok('GET', path)['state'] == 'snapmirrored'
    listed = one.ok('GET', '/snapmirror/relationships', list_destinations_only='true', fields='source.path')
    assert [r['source']['path'] for r in listed['records']] == ['svm_manila:src']
