"""The older transport: calls that the vendor's Ansible modules make besides those of share drivers."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest
from manila.tests.simulators.ontap.tests.zapi_client import Zapi


@pytest.fixture
def cluster(sim):
    return Zapi(sim)


@pytest.fixture
def zapi(sim):
    return Zapi(sim, vfiler='svm_manila')


def only(client, name, record, query=None):
    found, = client.records(name, record, query)
    return found


def test_a_flexgroup_lives_by_jobs(sim, zapi):
    def job(results):
        info = zapi('job-get', {'job-id': results.findtext('result-jobid')}).find('attributes/job-info')
        assert info.findtext('job-progress')
        return info.findtext('job-state')

    group = {'volume-name': 'fg', 'size': 800 * GIB, 'aggr-list': {'aggr-name': ['aggr1', 'aggr2']},
             'space-reserve': 'none', 'volume-type': 'RW'}
    assert job(zapi('volume-create-async', group)) == 'success'
    assert job(zapi('volume-size-async', {'volume-name': 'fg', 'new-size': 900 * GIB})) == 'success'
    assert zapi('volume-size-async', {'volume-name': 'fg'}).findtext('volume-size') == str(900 * GIB)
    assert zapi.errno('volume-size-async', {'volume-name': 'fg', 'new-size': 800 * GIB}) == 160
    query = {'volume-attributes': {'volume-id-attributes': {'name': 'fg'}}}
    done = zapi('volume-modify-iter-async', {'query': query, 'attributes': {'volume-attributes': {
        'volume-snapshot-attributes': {'snapshot-policy': 'none'}}}})
    assert done.findtext('success-list/volume-modify-iter-async-info/status') == 'in_progress'
    assert int(done.findtext('success-list/volume-modify-iter-async-info/jobid')) > 0
    zapi('volume-rename-async', {'volume-name': 'fg', 'new-volume-name': 'fg2'})
    assert zapi.errno('volume-destroy-async', {'volume-name': 'fg2'}) == 13001
    zapi('volume-offline-async', {'volume-name': 'fg2'})
    assert zapi.errno('volume-offline-async', {'volume-name': 'fg2'}) == 13042
    zapi('volume-online-async', {'volume-name': 'fg2'})
    record = only(zapi, 'volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': 'fg2'}})
    assert record.findtext('volume-snapshot-attributes/snapshot-policy') == 'none'
    zapi('volume-offline-async', {'volume-name': 'fg2'})
    zapi('volume-destroy-async', {'volume-name': 'fg2', 'force': True})
    assert zapi.records('volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': 'fg2'}}) == []
    assert zapi.errno('job-get', {'job-id': 1}) == 15661


def test_autosize_is_set_in_kib_and_in_units(zapi):
    zapi('volume-create', {'volume': 'v', 'containing-aggr-name': 'aggr1', 'size': '1g'})
    zapi('volume-autosize-set', {'volume': 'v', 'mode': 'grow', 'grow-threshold-percent': 90, 'maximum-size': '10g',
                                 'minimum-size': 1024 ** 2})
    limits = zapi('volume-autosize-get', {'volume': 'v'})
    assert (limits.findtext('maximum-size'), limits.findtext('minimum-size'), limits.findtext('mode')) == (
        str(10 * 1024 ** 2), str(1024 ** 2), 'grow')
    zapi('volume-autosize-set', {'volume': 'v', 'reset': True})
    assert zapi('volume-autosize-get', {'volume': 'v'}).findtext('mode') == 'off'


def test_a_scan_is_started_and_stopped(sim, zapi):
    zapi('volume-create', {'volume': 'v', 'containing-aggr-name': 'aggr1', 'size': '1g'})
    assert zapi.errno('sis-start', {'path': '/vol/v'}) == 13001
    zapi('sis-enable', {'path': '/vol/v'})
    sim.control.write('svm_manila', 'v', GIB // 2)
    sim.control.set_speed(0)

    def status():
        return only(zapi, 'sis-get-iter', 'sis-status-info', {'path': '/vol/v'}).findtext('status')

    zapi('sis-start', {'path': '/vol/v'})
    assert (status(), zapi.errno('sis-start', {'path': '/vol/v'})) == ('active', 40043)
    zapi('sis-stop', {'path': '/vol/v'})
    assert status() == 'idle'


def test_what_modules_set_they_find_again(zapi):
    """Rules, NFS and shares: whatever can be given can be read, so that nothing is changed twice."""
    rule = {'export-chown-mode': 'unrestricted', 'export-ntfs-unix-security-ops': 'ignore',
            'is-allow-set-uid-enabled': 'false', 'is-allow-dev-is-enabled': 'false'}
    zapi('export-rule-create', dict(rule, **{
        'policy-name': 'default', 'client-match': '10.0.0.1', 'ro-rule': {'security-flavor': 'sys'},
        'rw-rule': {'security-flavor': 'sys'}}))
    record = only(zapi, 'export-rule-get-iter', 'export-rule-info', {'vserver': 'svm_manila', 'rule-index': 1})
    assert {name: record.findtext(name) for name in rule} == rule
    nfs = {'nfsv4-id-domain': 'example.test', 'is-nfsv40-acl-enabled': 'true', 'is-vstorage-enabled': 'true'}
    zapi('nfs-service-modify', nfs)
    record = only(zapi, 'nfs-service-get-iter', 'nfs-info')
    assert {name: record.findtext(name) for name in nfs} == nfs
    zapi('volume-create', {'volume': 'v', 'containing-aggr-name': 'aggr1', 'size': '1g', 'junction-path': '/v'})
    zapi('cifs-share-create', {'share-name': 's', 'path': '/v', 'share-properties': {
        'cifs-share-properties': ['browsable', 'showsnapshot']}})
    zapi('cifs-share-modify', {'share-name': 's', 'comment': 'mine'})
    record = only(zapi, 'cifs-share-get-iter', 'cifs-share', {'share-name': 's'})
    assert [p.text for p in record.find('share-properties')] == ['browsable', 'showsnapshot']
    assert record.findtext('comment') == 'mine'
    assert zapi.errno('cifs-share-modify', {'share-name': 's', 'share-properties': {'cifs-share-properties': 'x'}}) == (
        13115)


def test_name_services_are_made_shown_changed_and_removed(zapi):
    zapi('ldap-client-create', {'ldap-client-config': 'c', 'ldap-servers': {'string': '10.0.0.1'}})
    zapi('ldap-client-modify', {'ldap-client-config': 'c', 'ad-domain': 'example.test', 'query-timeout': 5})
    record = only(zapi, 'ldap-client-get-iter', 'ldap-client', {'ldap-client-config': 'c'})
    assert (record.findtext('ad-domain'), record.findtext('query-timeout'), record.find('ldap-servers')) == (
        'example.test', '5', None)
    zapi('ldap-config-create', {'client-config': 'c', 'client-enabled': True})
    assert only(zapi, 'ldap-config-get-iter', 'ldap-config').findtext('client-config') == 'c'
    zapi('kerberos-realm-create', {'realm': 'A.TEST', 'kdc-ip': '10.0.0.1', 'clock-skew': 7})
    zapi('kerberos-realm-modify', {'realm': 'A.TEST', 'kdc-ip': '10.0.0.2', 'admin-server-port': 750})
    record = only(zapi, 'kerberos-realm-get-iter', 'kerberos-realm', {'realm': 'A.TEST', 'vserver-name': 'svm_manila'})
    assert [record.findtext(n) for n in ('kdc-ip', 'clock-skew', 'admin-server-port')] == ['10.0.0.2', '7', '750']
    zapi('kerberos-realm-delete', {'realm': 'A.TEST'})
    assert zapi.errno('kerberos-realm-delete', {'realm': 'A.TEST'}) == 15661
    zapi('nameservice-nsswitch-modify', {'nameservice-database': 'passwd', 'nameservice-sources': {
        'nss-source-type': ['files', 'ldap']}})
    record = only(zapi, 'nameservice-nsswitch-get-iter', 'namservice-nsswitch-config-info', {
        'nameservice-database': 'passwd'})
    assert [s.text for s in record.find('nameservice-sources')] == ['files', 'ldap']
    zapi('name-mapping-unix-user-create', {'user-name': 'joe', 'user-id': 7, 'group-id': 1})
    zapi('name-mapping-unix-group-create', {'group-name': 'g', 'group-id': 8})
    zapi('name-mapping-unix-group-add-user', {'group-name': 'g', 'user-name': 'joe'})
    record = only(zapi, 'name-mapping-unix-group-get-iter', 'unix-group-info', {'group-name': 'g'})
    assert record.findtext('users/unix-user-name/user-name') == 'joe'
    zapi('name-mapping-unix-user-destroy', {'user-name': 'joe'})
    assert only(zapi, 'net-dns-get-iter', 'net-dns-info').findtext('domains/string') == 'example.test'


def test_network_objects_are_changed(cluster):
    where = {'interface-name': 'lif1', 'vserver': 'svm_manila'}
    cluster('net-interface-migrate', {'lif': 'lif1', 'vserver': 'svm_manila', 'destination-node': 'cluster1-02',
                                      'destination-port': 'e0d'})
    record = only(cluster, 'net-interface-get-iter', 'net-interface-info', where)
    assert (record.findtext('current-node'), record.findtext('is-home')) == ('cluster1-02', 'false')
    cluster('net-interface-revert', {'lif': 'lif1', 'vserver': 'svm_manila'})
    cluster('net-interface-modify', dict(where, **{'home-node': 'cluster1-02', 'home-port': 'e0d'}))
    record = only(cluster, 'net-interface-get-iter', 'net-interface-info', where)
    assert (record.findtext('home-node'), record.findtext('is-home')) == ('cluster1-02', 'true')
    cluster('net-ipspaces-create', {'ipspace': 'a'})
    cluster('net-ipspaces-rename', {'ipspace': 'a', 'new-name': 'b'})
    assert only(cluster, 'net-ipspaces-get-iter', 'net-ipspaces-info', {'ipspace': 'b'}).findtext(
        'vservers/vserver-name') == 'b'
    cluster('net-port-modify', {'node': 'cluster1-01', 'port': 'e0e', 'mtu': 9000, 'is-administrative-up': False})
    port = cluster('net-port-get', {'node': 'cluster1-01', 'port': 'e0e'}).find('attributes/net-port-info')
    assert (port.findtext('mtu'), port.findtext('link-status')) == ('9000', 'down')
    cluster('net-port-broadcast-domain-split', {
        'broadcast-domain': 'Default', 'new-broadcast-domain': 'mine', 'ports': {
            'net-qualified-port-name': 'cluster1-01:e0f'}})
    port = cluster('net-port-get', {'node': 'cluster1-01', 'port': 'e0f'}).find('attributes/net-port-info')
    assert port.findtext('broadcast-domain') == 'mine'
    cluster('net-routes-create', {'destination': '0.0.0.0/0', 'gateway': '192.0.2.1'}, vfiler='svm_manila')
    assert only(cluster, 'net-routes-get-iter', 'net-vs-routes-info', {'vserver': 'svm_manila'}).findtext(
        'destination') == '0.0.0.0/0'


def test_schedules_and_snapshot_policies(sim, cluster):
    cluster('job-schedule-cron-create', {'job-schedule-name': 's', 'job-schedule-cron-minute': {'cron-minute': [5, 35]},
                                         'job-schedule-cron-hour': {'cron-hour': -1}})
    record = only(cluster, 'job-schedule-cron-get-iter', 'job-schedule-cron-info', {'job-schedule-name': 's'})
    assert [m.text for m in record.find('job-schedule-cron-minute')] == ['5', '35']
    assert record.findtext('job-schedule-cron-hour/cron-hour') == '-1'
    cluster('snapshot-policy-create', {'policy': 'p', 'enabled': True, 'schedule1': 's', 'count1': 3})
    record = only(cluster, 'snapshot-policy-get-iter', 'snapshot-policy-info', {'policy': 'p'})
    assert record.findtext('snapshot-policy-schedules/snapshot-schedule-info/count') == '3'
    assert cluster.errno('job-schedule-cron-destroy', {'job-schedule-name': 's'}) == 13001
    cluster('snapshot-policy-delete', {'policy': 'p'})
    cluster('job-schedule-cron-destroy', {'job-schedule-name': 's'})
    assert [r for r in Rest(sim).ok('GET', '/cluster/schedules')['records'] if r['name'] == 's'] == []


def test_policies_of_other_services_are_changed(zapi):
    zapi('fpolicy-policy-event-create', {'event-name': 'e', 'protocol': 'cifs', 'file-operations': {
        'fpolicy-operation': 'create'}})
    zapi('fpolicy-policy-event-modify', {'event-name': 'e', 'file-operations': {
        'fpolicy-operation': ['create', 'write']}})
    record = only(zapi, 'fpolicy-policy-event-get-iter', 'fpolicy-event-options-config', {'event-name': 'e'})
    assert [o.text for o in record.find('file-operations')] == ['create', 'write']
    zapi('fpolicy-policy-create', {'policy-name': 'p', 'events': {'event-name': 'e'}})
    zapi('fpolicy-policy-modify', {'policy-name': 'p', 'is-mandatory': False, 'is-passthrough-read-enabled': True})
    record = only(zapi, 'fpolicy-policy-get-iter', 'fpolicy-policy-info', {'policy-name': 'p'})
    assert (record.findtext('is-mandatory'), record.findtext('is-passthrough-read-enabled')) == ('false', 'true')
    zapi('snapmirror-policy-create', {'policy-name': 's', 'type': 'vault'})
    zapi('snapmirror-policy-add-rule', {'policy-name': 's', 'snapmirror-label': 'daily', 'keep': 5})
    zapi('snapmirror-policy-modify-rule', {'policy-name': 's', 'snapmirror-label': 'daily', 'keep': 6})
    zapi('snapmirror-policy-modify', {'policy-name': 's', 'comment': 'mine'})
    record = only(zapi, 'snapmirror-policy-get-iter', 'snapmirror-policy-info', {
        'policy-name': 's', 'vserver': 'svm_manila'})
    assert (record.findtext('.//keep'), record.findtext('comment')) == ('6', 'mine')
    zapi('snapmirror-policy-remove-rule', {'policy-name': 's', 'snapmirror-label': 'daily'})
    assert zapi.errno('snapmirror-policy-remove-rule', {'policy-name': 's', 'snapmirror-label': 'daily'}) == 15661
    zapi('cifs-local-user-modify', {'user-name': r'SVMMANILA\Administrator', 'is-account-disabled': False})
    assert only(zapi, 'cifs-local-user-get-iter', 'cifs-local-user').findtext('is-account-disabled') == 'false'
    zapi('cifs-server-stop')
    assert only(zapi, 'cifs-server-get-iter', 'cifs-server-config').findtext('administrative-status') == 'down'
