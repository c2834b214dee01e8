"""The older transport: who may call what, what came with which version, words and numbers, formats of values."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest
from manila.tests.simulators.ontap.tests.zapi_client import Failed, Zapi
from manila.tests.simulators.ontap.zapi import api

MIB = 1024 ** 2


@pytest.fixture
def zapi(sim):
    return Zapi(sim, vfiler='svm_manila')


@pytest.fixture
def cluster(sim):
    return Zapi(sim)


def make(zapi, name='vol1', **more):
    arguments = {'volume': name, 'containing-aggr-name': 'aggr1', 'size': '1g', 'junction-path': '/' + name}
    arguments.update(more)
    zapi('volume-create', arguments)


def modify(zapi, name, attributes, **more):
    return zapi('volume-modify-iter', dict(more, query={'volume-attributes': {'volume-id-attributes': {'name': name}}},
                                           attributes={'volume-attributes': attributes}))


def test_an_svm_user_does_not_see_the_cluster(start):
    user = Zapi(start('single'), 'vsadmin', svm='svm_manila')
    calls = [name for name, declared in api.REGISTRY.items() if declared.scope == 'cluster']
    assert {'system-node-get-iter', 'aggr-get-iter', 'qos-policy-group-get-iter', 'license-v2-list-info'} <= set(calls)
    assert {user.errno(name) for name in calls} == {13005}
    assert user('vserver-get').findtext('attributes/vserver-info/vserver-name') == 'svm_manila'
    assert user.errno('vserver-get', vfiler='other') == 15698


def test_a_role_opens_some_calls(start):
    simulator = start({'seed': 'single', 'with': {
        'roles': [{'name': 'few', 'privileges': [{'path': 'zapi:volume-*'},
                                                 {'path': 'zapi:export-*', 'access': 'readonly'}]}],
        'accounts': [{'name': 'joe', 'password': 'netapp123', 'role': 'few'}]}})
    joe = Zapi(simulator, 'joe', vfiler='svm_manila')
    make(joe)
    assert joe.records('export-policy-get-iter', 'export-policy-info')
    assert joe.errno('export-policy-create', {'policy-name': 'p'}) == 13003
    assert joe.errno('snapshot-create', {'volume': 'vol1', 'snapshot': 's'}) == 13003


@pytest.mark.parametrize('release, call, inputs, known', [
    ('9.2.0', 'snapmirror-policy-create', {'policy-name': 'p', 'discard-configs': {'svmdr-config-obj': 'network'}}, 0),
    ('9.4.0', 'snapmirror-policy-create', {'policy-name': 'p', 'discard-configs': {'svmdr-config-obj': 'network'}}, 1),
    ('9.10.1', 'vserver-modify', {'vserver-name': 'svm_manila', 'volume-delete-retention-hours': 0}, 0),
    ('9.11.1', 'vserver-modify', {'vserver-name': 'svm_manila', 'volume-delete-retention-hours': 0}, 1),
    ('9.11.1', 'cifs-security-modify', {'advertised-enc-types': {'cifskrbenctypes': 'aes_256'}}, 0),
    ('9.11.1', 'cifs-security-modify', {'is-aes-encryption-enabled': True}, 1),
    ('9.12.1', 'cifs-security-modify', {'advertised-enc-types': {'cifskrbenctypes': 'aes_256'}}, 1),
])
def test_inputs_come_with_versions(start, release, call, inputs, known):
    client = Zapi(start({'seed': 'single', 'with': {'version': release}}), vfiler='svm_manila')
    if known:
        client(call, inputs)
    else:
        with pytest.raises(Failed, match='Extra input') as error:
            client(call, inputs)
        assert error.value.errno == 13115


def test_calls_come_with_versions(start):
    client = Zapi(start({'seed': 'single', 'with': {'version': '9.7.0'}}), vfiler='svm_manila')
    group = {'volume-name': 'fg', 'size': 800 * GIB, 'auto-provision-as': 'flexgroup'}
    assert client.errno('volume-create-async', group) == 13005
    assert client.errno('qos-adaptive-policy-group-delete', {'policy-group': 'none'}) == 15661


@pytest.mark.parametrize('release, minor', [('9.8.0', '180'), ('9.9.1', '191'), ('9.10.1', '200'), ('9.14.1', '240')])
def test_releases_and_versions_go_together(start, release, minor):
    client = Zapi(start({'seed': 'single', 'with': {'version': release}}))
    assert client('system-get-ontapi-version').findtext('minor-version') == minor


def test_missing_entries_are_told_in_words_too(zapi):
    """Clients look for these very words."""
    for call, inputs in (('net-dns-destroy', {}), ('ldap-config-delete', {}),
                         ('export-policy-destroy', {'policy-name': 'none'}),
                         ('cifs-share-delete', {'share-name': 'none'}),
                         ('kerberos-config-get', {'interface-name': 'lif1'})):
        if call == 'net-dns-destroy':
            zapi(call)
        with pytest.raises(Failed, match=r"\(entry doesn't exist\)") as error:
            zapi(call, inputs)
        assert error.value.errno == 15661


def test_other_things_that_are_missing_have_their_own_numbers(sim, zapi, cluster):
    make(zapi)
    assert zapi.errno('volume-offline', {'name': 'none'}) == 13040
    assert zapi.errno('snapshot-delete', {'volume': 'vol1', 'snapshot': 'none'}) == 13021
    assert zapi.errno('snapshot-rename', {'volume': 'vol1', 'current-name': 'none', 'new-name': 'x'}) == 13005
    assert cluster.errno('vserver-start', {'vserver-name': 'none'}) == 15698
    assert cluster.errno('vserver-get', vfiler='none') == 15698
    move = {'source-volume': 'vol1', 'vserver': 'svm_manila', 'dest-aggr': 'none'}
    assert cluster.errno('volume-move-start', move) == 14420
    numbers = [zapi.errno('fpolicy-' + call, {'policy-name': 'none'}) for call in (
        'policy-delete', 'disable-policy', 'policy-scope-delete')]
    assert numbers == [18251, 18251, 18251]
    assert zapi.errno('fpolicy-policy-event-delete', {'event-name': 'none'}) == 18253


def test_duplicates_have_their_numbers(zapi, cluster):
    make(zapi)
    zapi('snapshot-create', {'volume': 'vol1', 'snapshot': 's'})
    assert zapi.errno('snapshot-create', {'volume': 'vol1', 'snapshot': 's'}) == 13130
    vlan = {'vlan-info': {'parent-interface': 'e0d', 'node': 'cluster1-01', 'vlanid': 7}}
    cluster('net-vlan-create', vlan)
    assert cluster.errno('net-vlan-create', vlan) == 13130
    assert cluster.errno('vserver-create', {'vserver-name': 'svm_manila'}) == 14922
    domain = {'ipspace': 'Default', 'broadcast-domain': 'Default',
              'ports': {'net-qualified-port-name': 'cluster1-01:e0d-7'}}
    cluster('net-port-broadcast-domain-add-ports', domain)
    assert cluster.errno('net-port-broadcast-domain-add-ports', domain) == 18605


def test_a_clone_and_its_split_answer_by_number(sim, zapi):
    make(zapi)
    zapi('snapshot-create', {'volume': 'vol1', 'snapshot': 's'})
    zapi('volume-clone-create', {'volume': 'clone1', 'parent-volume': 'vol1', 'parent-snapshot': 's'})
    clone = {'volume': 'clone1'}

    def numbers():
        return zapi.errno('volume-clone-split-status', clone), zapi.errno('volume-clone-split-stop', clone)

    assert numbers() == (13171, 13171)
    zapi('volume-offline', {'name': 'clone1'})
    assert numbers()[0] == 13157
    zapi('volume-online', {'name': 'clone1'})
    zapi('volume-offline', {'name': 'vol1'})
    assert numbers()[0] == zapi.errno('volume-clone-split-start', clone) == 17003
    zapi('volume-online', {'name': 'vol1'})
    sim.control.fail_jobs('clone.split', stuck=True)
    zapi('volume-clone-split-start', clone)
    assert zapi.errno('volume-clone-split-start', clone) == 17151
    with pytest.raises(Failed, match='undergoing a clone split') as error:
        zapi('volume-move-start', {'source-volume': 'clone1', 'vserver': 'svm_manila', 'dest-aggr': 'aggr2'})
    assert error.value.errno == 13001
    zapi('volume-clone-split-stop', clone)
    zapi('volume-clone-split-start', clone)
    sim.control.advance(3600)
    assert numbers() == (13170, 13170)


def test_a_volume_that_a_job_works_on_is_not_unmounted(sim, zapi):
    make(zapi)
    zapi('snapshot-create', {'volume': 'vol1', 'snapshot': 's'})
    sim.control.settings(durations={'clone.create': 3600})
    Rest(sim).ok('POST', '/storage/volumes', {'name': 'clone1', 'svm': {'name': 'svm_manila'}, 'clone': {
        'is_flexclone': True, 'parent_volume': {'name': 'vol1'}, 'parent_snapshot': {'name': 's'}}})
    with pytest.raises(Failed, match='job ID') as error:
        zapi('volume-unmount', {'volume-name': 'vol1', 'force': True})
    assert error.value.errno == 13001


def test_efficiency_that_was_switched_off_is_still_reported(sim, zapi):
    make(zapi)
    assert zapi.records('sis-get-iter', 'sis-status-info', {'path': '/vol/vol1'}) == []
    zapi('sis-enable', {'path': '/vol/vol1'})
    zapi('sis-disable', {'path': '/vol/vol1'})
    record, = zapi.records('sis-get-iter', 'sis-status-info', {'path': '/vol/vol1'})
    assert (record.findtext('state'), record.findtext('is-compression-enabled')) == ('disabled', 'false')
    sim.control.scan('svm_manila', 'vol1', 30)
    with pytest.raises(Failed, match='sis operation is currently active') as error:
        zapi('sis-enable', {'path': '/vol/vol1'})
    assert error.value.errno == 40043


def test_changing_many_volumes_goes_on_after_a_failure_unless_told_otherwise(sim, zapi):
    make(zapi, 'a')
    make(zapi, 'b')
    sim.control.write('svm_manila', 'a', 600 * MIB)
    smaller = {'volume-space-attributes': {'size': 500 * MIB}}
    stopped = modify(zapi, 'a|b', smaller, **{'continue-on-failure': False})
    assert (stopped.findtext('num-succeeded'), stopped.findtext('num-failed')) == ('0', '1')
    done = modify(zapi, 'a|b', smaller)
    assert (done.findtext('num-succeeded'), done.findtext('num-failed')) == ('1', '1')
    failure = done.find('failure-list/volume-modify-iter-info')
    assert (failure.findtext('error-code'), failure.findtext('volume-key/name')) == ('160', 'a')
    assert done.findtext('success-list/volume-modify-iter-info/volume-key/name') == 'b'
    quiet = modify(zapi, 'a', smaller, **{'return-failure-list': False})
    assert quiet.findtext('num-failed') == '1'
    assert quiet.find('failure-list') is None
    zapi('volume-offline', {'name': 'b'})
    assert modify(zapi, 'b', {'volume-space-attributes': {'size': GIB}}).findtext('.//error-code') == '13042'


def test_an_injected_failure_hits_one_record_of_any_such_call(sim, zapi, cluster):
    for name in ('deleted_a', 'deleted_b'):
        cluster('qos-policy-group-create', {'policy-group': name, 'vserver': 'svm_manila', 'max-throughput': '5iops'})
    sim.control.add_fault(match={'api': 'qos-policy-group-delete-iter'},
                          action={'record_failure': {'errno': 13114}}, count=1)
    purge = {'query': {'qos-policy-group-info': {'policy-group': 'deleted_*'}}, 'continue-on-failure': True}
    done = cluster('qos-policy-group-delete-iter', purge)
    assert (done.findtext('num-succeeded'), done.findtext('num-failed')) == ('1', '1')
    assert done.findtext('failure-list/qos-policy-group-delete-iter-info/error-code') == '13114'
    assert cluster('qos-policy-group-delete-iter', purge).findtext('num-succeeded') == '1'


def test_purging_policies_fails_at_the_first_in_use_when_it_shall_not_go_on(zapi, cluster):
    cluster('qos-policy-group-create', {'policy-group': 'q', 'vserver': 'svm_manila', 'max-throughput': '10MB/s,5iops'})
    make(zapi, **{'qos-policy-group-name': 'q'})
    purge = {'query': {'qos-policy-group-info': {'policy-group': '*'}}}
    assert cluster.errno('qos-policy-group-delete-iter', purge) == 13001
    record, = cluster.records('qos-policy-group-get-iter', 'qos-policy-group-info', {'policy-group': 'q'})
    assert record.findtext('max-throughput') == '10MB/s,5iops'


def test_desired_attributes_narrow_single_records(sim, zapi, cluster):
    info = zapi('vserver-get', {'desired-attributes': {'vserver-info': {'vserver-aggr-info-list': {
        'vserver-aggr-info': {'aggr-name': ''}}}}}).find('attributes/vserver-info')
    assert [c.tag for c in info] == ['vserver-aggr-info-list']
    whole = cluster('cluster-identity-get').find('attributes/cluster-identity-info')
    assert whole.findtext('cluster-uuid') == sim.world.clusters[0].uuid
    part = cluster('cluster-identity-get', {'desired-attributes': {'cluster-identity-info': {'cluster-name': ''}}})
    assert [c.tag for c in part.find('attributes/cluster-identity-info')] == ['cluster-name']


def test_a_page_holds_at_least_one_record(zapi):
    assert zapi.errno('volume-get-iter', {'max-records': 0}) == 13115


def test_a_move_remembers_its_cutover_and_encrypts(sim, zapi, cluster):
    make(zapi)
    arguments = {'source-volume': 'vol1', 'vserver': 'svm_manila', 'dest-aggr': 'aggr3',
                 'cutover-action': 'abort_on_failure', 'encrypt-destination': True}
    cluster('volume-move-start', dict(arguments, **{'perform-validation-only': True}))
    assert cluster.records('volume-move-get-iter', 'volume-move-info') == []
    cluster('volume-move-start', arguments)
    sim.control.advance(60)
    record, = cluster.records('volume-move-get-iter', 'volume-move-info', {'volume': 'vol1', 'vserver': 'svm_manila'})
    assert (record.findtext('cutover-action'), record.findtext('state')) == ('abort_on_failure', 'done')
    moved, = zapi.records('volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': 'vol1'}})
    assert moved.findtext('encrypt') == 'true'


def test_masks_of_both_families(zapi, cluster):
    arguments = {'interface-name': 'lif6', 'vserver': 'svm_manila', 'address': 'fd00:1::5', 'home-node': 'cluster1-01',
                 'home-port': 'e0d', 'netmask': 'ffff:ffff:ffff:ffff::'}
    cluster('net-interface-create', arguments)
    record, = cluster.records('net-interface-get-iter', 'net-interface-info', {
        'address': 'fd00:1::5', 'netmask': 'ffff:ffff:ffff:ffff::'})
    assert (record.findtext('netmask-length'), record.findtext('address-family')) == ('64', 'ipv6')
    record, = cluster.records('net-interface-get-iter', 'net-interface-info', {'interface-name': 'lif1'})
    assert (record.findtext('netmask'), record.findtext('netmask-length')) == ('255.255.255.0', '24')
    for mask in ('ffff::ffff', 'no mask'):
        assert cluster.errno('net-interface-create', dict(arguments, address='fd00:1::6', netmask=mask, **{
            'interface-name': 'lif7'})) == 13001


def test_the_compliance_clock_is_a_date(sim, cluster):
    sim.control.node('cluster1-01', compliance_clock=True)
    text = cluster('snaplock-get-node-compliance-clock', {'node': 'cluster1-01'}).findtext(
        './/formatted-snaplock-compliance-clock')
    assert text.endswith('+00:00')
    assert len(text.split()) == 7


def test_a_certificate_is_put_to_use(sim, cluster):
    here = {'vserver': 'svm_manila'}
    old, = cluster.records('security-certificate-get-iter', 'certificate-info', here)
    cluster('security-certificate-create', dict(here, **{'common-name': 'svm_manila', 'type': 'server',
                                                         'expire-days': 730}))
    serials = [c.findtext('serial-number') for c in cluster.records(
        'security-certificate-get-iter', 'certificate-info', here)]
    serials.remove(old.findtext('serial-number'))
    cluster('security-ssl-modify', dict(here, **{
        'certificate-authority': 'svm_manila', 'common-name': 'svm_manila', 'certificate-serial-number': serials[0],
        'client-authentication-enabled': False, 'server-authentication-enabled': True}))
    record, = cluster.records('security-ssl-get-iter', 'vserver-ssl-info', here)
    assert record.findtext('certificate-serial-number') == serials[0]


def test_local_users_are_named_with_one_backslash_or_two(sim, zapi):
    server = sim.world.clusters[0].svm('svm_manila').cifs
    for name in (r'SVMMANILA\Administrator', r'SVMMANILA\\Administrator', 'Administrator'):
        zapi('cifs-local-user-set-password', {'user-name': name, 'user-password': 'secret'})
    zapi('cifs-local-user-rename', {'user-name': r'SVMMANILA\Administrator', 'new-user-name': r'SVMMANILA\boss'})
    user, = server.local_users
    assert (user.name, user.password_set) == (r'SVMMANILA\boss', 3)


def test_what_clients_of_this_transport_ask_over_rest(sim, zapi):
    """Their requests have doubled slashes, ends that say nothing, and no tunnel."""
    make(zapi)
    rest = Rest(sim)
    sizes = rest.ok('GET', '//storage/volumes/?svm.name=svm_manila&fields=size&')['records']
    assert {r['name']: r['size'] for r in sizes}['vol1'] == GIB
    uuid = next(r['uuid'] for r in sizes if r['name'] == 'vol1')
    rest.ok('PATCH', '//storage/volumes/' + uuid, {'_tags': ['share_id:1']})
    assert rest.find('/storage/volumes', name='vol1')['_tags'] == ['share_id:1']
    zapi('volume-unmount', {'volume-name': 'vol1', 'force': True})
    zapi('volume-offline', {'name': 'vol1'})
    rest.ok('DELETE', '//storage/volumes/%s?return_timeout=120&force=true&' % uuid)
    assert [v.name for v in sim.world.clusters[0].volumes if 'vol1' in v.name] == []
    assert rest.ok('GET', '/cluster?fields=version')['version']['major'] == 14
