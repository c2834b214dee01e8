"""The older transport: calls, iterators, queries, errors, and the state it shares with REST."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import GIB, Rest
from manila.tests.simulators.ontap.tests.zapi_client import Zapi


@pytest.fixture
def zapi(sim):
    return Zapi(sim, vfiler='svm_manila')


def make(zapi, name='vol1', **more):
    arguments = {'volume': name, 'containing-aggr-name': 'aggr1', 'size': '1g', 'junction-path': '/' + name}
    arguments.update(more)
    zapi('volume-create', arguments)


def only(records):
    assert len(records) == 1, len(records)
    return records[0]


def volume(zapi, name='vol1'):
    return only(zapi.records('volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': name}}))


def test_version_matches_the_release(sim):
    results = Zapi(sim)('system-get-ontapi-version')
    assert (results.findtext('major-version'), results.findtext('minor-version')) == ('1', '240')
    assert '9.14.1' in Zapi(sim)('system-get-version').findtext('version')


def test_unknown_call_is_not_found(sim):
    assert Zapi(sim).errno('no-such-call') == 13005


def test_malformed_request_is_refused_and_entities_are_not_read(sim):
    attack = (b'<!DOCTYPE netapp [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
              b'<netapp version="1.15"><volume-rename><volume>&e;</volume></volume-rename></netapp>')
    reply = Zapi(sim).raw(attack)
    with open('/etc/hostname') as stream:
        assert stream.read().strip() not in reply.text
    assert 'errno="13115"' in Zapi(sim).raw(b'<netapp').text


def test_volume_made_by_the_one_transport_is_seen_by_the_other(sim, zapi):
    make(zapi)
    record = Rest(sim).find('/storage/volumes', name='vol1')
    seen = volume(zapi)
    assert seen.findtext('volume-id-attributes/instance-uuid') == record['uuid']
    assert (record['size'], record['nas']['path']) == (GIB, '/vol1')
    assert seen.findtext('volume-space-attributes/size') == str(GIB)
    assert seen.findtext('volume-state-attributes/state') == 'online'


def test_iterator_pages_by_tags(zapi):
    for number in range(7):
        make(zapi, 'v%d' % number)
    first = zapi('volume-get-iter', {'max-records': 3})
    assert first.findtext('num-records') == '3'
    assert first.findtext('next-tag')
    names = [r.findtext('volume-id-attributes/name')
             for r in zapi.records('volume-get-iter', 'volume-attributes', **{'max-records': 3})]
    assert sorted(names) == ['svm_manila_root'] + ['v%d' % n for n in range(7)]


def test_queries_know_wildcards_alternatives_and_negation(zapi):
    for name in ('share_a', 'share_b', 'other'):
        make(zapi, name)

    def names(text):
        return sorted(r.findtext('volume-id-attributes/name') for r in zapi.records(
            'volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': text}}))

    assert names('share_*') == ['share_a', 'share_b']
    assert names('share_a|other') == ['other', 'share_a']
    assert names('!share_*') == ['other', 'svm_manila_root']
    assert names('nothing') == []


def test_no_match_has_no_attributes_list(zapi):
    results = zapi('volume-get-iter', {'query': {'volume-attributes': {'volume-id-attributes': {'name': 'x'}}}})
    assert results.findtext('num-records') == '0'
    assert results.find('attributes-list') is None


def test_desired_attributes_narrow_the_records(zapi):
    make(zapi)
    record = only(zapi.records('volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': 'vol1'}},
                               {'volume-id-attributes': {'name': ''}, 'volume-space-attributes': ''}))
    assert [c.tag for c in record] == ['volume-id-attributes', 'volume-space-attributes']
    assert [c.tag for c in record[0]] == ['name']
    assert record.findtext('volume-space-attributes/size') == str(GIB)


def test_mount_offline_and_destroy_have_their_errors(zapi):
    make(zapi)
    assert zapi.errno('volume-destroy', {'name': 'vol1'}) == 13001
    zapi('volume-unmount', {'volume-name': 'vol1'})
    assert zapi.errno('volume-unmount', {'volume-name': 'vol1'}) == 14716
    zapi('volume-offline', {'name': 'vol1'})
    assert zapi.errno('volume-offline', {'name': 'vol1'}) == 13042
    zapi('volume-destroy', {'name': 'vol1'})
    assert zapi.errno('volume-destroy', {'name': 'vol1'}) == 13040


def test_a_mounted_volume_is_not_mounted_again(zapi):
    make(zapi)
    assert zapi.errno('volume-mount', {'volume-name': 'vol1', 'junction-path': '/other'}) == 13001
    zapi('volume-unmount', {'volume-name': 'vol1'})
    zapi('volume-mount', {'volume-name': 'vol1', 'junction-path': '/other'})
    assert volume(zapi).findtext('volume-id-attributes/junction-path') == '/other'


def test_snaplock_periods_are_those_of_rest(sim, zapi):
    for node in ('cluster1-01', 'cluster1-02'):
        sim.control.node(node, compliance_clock=True)
    make(zapi, **{'snaplock-type': 'enterprise'})
    zapi('volume-set-snaplock-attrs', {'volume': 'vol1', 'autocommit-period': '5minutes',
                                       'minimum-retention-period': '2months', 'maximum-retention-period': 'infinite'})
    lock = Rest(sim).find('/storage/volumes', name='vol1')['snaplock']
    assert (lock['autocommit_period'], lock['retention']['minimum'], lock['retention']['maximum']) == (
        'PT5M', 'P2M', 'infinite')
    assert zapi.errno('volume-set-snaplock-attrs', {'volume': 'vol1', 'autocommit-period': 'soon'}) == 13115


def test_duplicate_volume_and_missing_aggregate(zapi):
    make(zapi)
    assert zapi.errno('volume-create', {'volume': 'vol1', 'containing-aggr-name': 'aggr1', 'size': '1g'}) == 17159
    assert zapi.errno('volume-create', {'volume': 'vol2', 'containing-aggr-name': 'none', 'size': '1g'}) == 14420


def test_shrinking_below_what_is_used_fails_for_the_record_only(sim, zapi):
    make(zapi)
    sim.control.write('svm_manila', 'vol1', 600 * 1024 ** 2)
    results = zapi('volume-modify-iter', {
        'query': {'volume-attributes': {'volume-id-attributes': {'name': 'vol1'}}},
        'attributes': {'volume-attributes': {'volume-space-attributes': {'size': 500 * 1024 ** 2}}}})
    assert (results.findtext('num-succeeded'), results.findtext('num-failed')) == ('0', '1')
    assert results.findtext('failure-list/volume-modify-iter-info/error-code') == '160'


def test_snapshot_owned_by_a_clone(zapi):
    make(zapi)
    zapi('snapshot-create', {'volume': 'vol1', 'snapshot': 'snap1'})
    zapi('volume-clone-create', {'volume': 'clone1', 'parent-volume': 'vol1', 'parent-snapshot': 'snap1'})
    record = only(zapi.records('snapshot-get-iter', 'snapshot-info', {'name': 'snap1', 'volume': 'vol1'}))
    assert record.findtext('busy') == 'true'
    assert record.findtext('snapshot-owners-list/snapshot-owner/owner') == 'volume clone'
    zapi('volume-unmount', {'volume-name': 'vol1'})
    zapi('volume-offline', {'name': 'vol1'})
    assert zapi.errno('volume-destroy', {'name': 'vol1'}) == 15894


def test_snapshots_of_an_offline_volume_are_reported_as_volume_errors(zapi):
    make(zapi)
    zapi('volume-offline', {'name': 'vol1'})
    results = zapi('snapshot-get-iter', {'query': {'snapshot-info': {'volume': 'vol1'}}})
    assert results.findtext('num-records') == '0'
    assert results.findtext('volume-errors/volume-error/errno') == '13023'


def test_clone_without_licence(sim, zapi):
    make(zapi)
    zapi('snapshot-create', {'volume': 'vol1', 'snapshot': 's'})
    sim.control.licences(remove=['flexclone'])
    assert zapi.errno('volume-clone-create', {'volume': 'c', 'parent-volume': 'vol1', 'parent-snapshot': 's'}) == 14956


def test_restore_probe_tells_whether_it_is_licensed(sim, zapi):
    assert zapi.errno('snapshot-restore-volume', {'volume': 'nope', 'snapshot': ''}) == 13040
    sim.control.licences(remove=['snaprestore'])
    with pytest.raises(Exception, match='is not licensed') as error:
        zapi('snapshot-restore-volume', {'volume': 'nope', 'snapshot': ''})
    assert error.value.errno == 13001


def test_export_rules(zapi):
    zapi('export-policy-create', {'policy-name': 'p1'})
    assert zapi.errno('export-policy-create', {'policy-name': 'p1'}) == 13130
    zapi('export-rule-create', {
        'policy-name': 'p1', 'client-match': '10.0.0.1', 'ro-rule': {'security-flavor': ['sys', 'krb5']},
        'rw-rule': {'security-flavor': 'never'}, 'super-user-security': {'security-flavor': 'sys'}})
    rule = only(zapi.records('export-rule-get-iter', 'export-rule-info', {'policy-name': 'p1'}))
    assert rule.findtext('rule-index') == '1'
    assert [f.text for f in rule.findall('ro-rule/security-flavor')] == ['sys', 'krb5']
    zapi('export-rule-destroy', {'policy-name': 'p1', 'rule-index': 1})
    assert zapi.errno('export-rule-destroy', {'policy-name': 'p1', 'rule-index': 1}) == 15661
    zapi('export-policy-rename', {'policy-name': 'p1', 'new-policy-name': 'p2'})
    zapi('export-policy-destroy', {'policy-name': 'p2'})
    assert zapi.errno('export-policy-destroy', {'policy-name': 'p2'}) == 15661


def test_cifs_share_access(zapi):
    make(zapi)
    zapi('cifs-share-create', {'share-name': 'share1', 'path': '/vol1'})
    record = only(zapi.records('cifs-share-access-control-get-iter', 'cifs-share-access-control',
                               {'share': 'share1'}))
    assert (record.findtext('user-or-group'), record.findtext('permission')) == ('Everyone', 'full_control')
    zapi('cifs-share-access-control-create', {'share': 'share1', 'user-or-group': 'joe', 'permission': 'read'})
    assert zapi.errno('cifs-share-access-control-create', {
        'share': 'share1', 'user-or-group': 'joe', 'permission': 'read'}) == 13130
    zapi('cifs-share-delete', {'share-name': 'share1'})
    assert zapi.errno('cifs-share-delete', {'share-name': 'share1'}) == 15661


def test_qos_policy_group_text_and_workloads(sim, zapi):
    cluster = Zapi(sim)
    cluster('qos-policy-group-create', {'policy-group': 'q1', 'vserver': 'svm_manila', 'max-throughput': '5000B/s'})
    make(zapi, **{'qos-policy-group-name': 'q1'})
    record = only(cluster.records('qos-policy-group-get-iter', 'qos-policy-group-info', {'policy-group': 'q1'}))
    assert (record.findtext('max-throughput'), record.findtext('num-workloads')) == ('5000B/s', '1')
    cluster('qos-policy-group-rename', {'policy-group-name': 'q1', 'new-name': 'deleted_manila_q1'})
    results = cluster('qos-policy-group-delete-iter', {
        'query': {'qos-policy-group-info': {'policy-group': 'deleted_manila_*'}}, 'continue-on-failure': True})
    assert (results.findtext('num-succeeded'), results.findtext('num-failed')) == ('0', '1')


def test_efficiency_is_enabled_once(sim, zapi):
    make(zapi)
    zapi('sis-enable', {'path': '/vol/vol1'})
    assert zapi.errno('sis-enable', {'path': '/vol/vol1'}) == 40043
    zapi('sis-set-config', {'path': '/vol/vol1', 'enable-compression': True})
    record = only(zapi.records('sis-get-iter', 'sis-status-info', {'path': '/vol/vol1'}))
    assert (record.findtext('state'), record.findtext('is-compression-enabled')) == ('enabled', 'true')


def test_flexgroup_is_made_by_a_job(sim, zapi):
    sim.control.settings(durations={'flexgroup.create': 3600})
    results = zapi('volume-create-async', {
        'volume-name': 'fg1', 'size': 4 * 1024 * GIB, 'aggr-list': {'aggr-name': ['aggr1', 'aggr2']}})
    job = results.findtext('result-jobid')
    cluster = Zapi(sim)

    def state():
        return only(cluster.records('job-get-iter', 'job-info', {'job-id': job})).findtext('job-state')

    assert state() == 'running'
    with pytest.raises(Exception, match='try the command again'):
        zapi('volume-create-async', {'volume-name': 'fg2', 'size': 4 * 1024 * GIB,
                                     'aggr-list': {'aggr-name': ['aggr2', 'aggr3']}})
    sim.control.advance(3600)
    assert state() == 'success'
    record = volume(zapi, 'fg1')
    assert record.findtext('volume-id-attributes/style-extended') == 'flexgroup'
    assert [a.text for a in record.findall('volume-id-attributes/aggr-list/aggr-name')] == ['aggr1', 'aggr2']
    assert not record.findtext('volume-id-attributes/containing-aggregate-name')


def test_consistency_group_snapshots_are_taken_together_or_not_at_all(sim, zapi):
    make(zapi, 'a')
    make(zapi, 'b')
    arguments = {'snapshot': 'cg1', 'timeout': 'relaxed', 'volumes': {'volume-name': ['a', 'b']}}
    number = zapi('cg-start', arguments).findtext('cg-id')
    zapi('cg-commit', {'cg-id': number})
    assert len(zapi.records('snapshot-get-iter', 'snapshot-info', {'name': 'cg1'})) == 2
    number = zapi('cg-start', dict(arguments, snapshot='cg2')).findtext('cg-id')
    sim.control.advance(30)
    assert zapi.errno('cg-commit', {'cg-id': number}) == 13001
    assert zapi.records('snapshot-get-iter', 'snapshot-info', {'name': 'cg2'}) == []


def test_volume_move_waits_for_the_cutover(sim, zapi):
    make(zapi)
    cluster = Zapi(sim)
    arguments = {'source-volume': 'vol1', 'vserver': 'svm_manila', 'dest-aggr': 'aggr3', 'cutover-action': 'wait'}
    assert cluster.errno('volume-move-start', dict(arguments, **{'dest-aggr': 'aggr0_01'})) == 13633
    cluster('volume-move-start', arguments)
    sim.control.advance(60)
    record = only(cluster.records('volume-move-get-iter', 'volume-move-info', {'volume': 'vol1'}))
    assert record.findtext('phase') == 'cutover_hard_deferred'
    cluster('volume-move-trigger-cutover', {'source-volume': 'vol1', 'vserver': 'svm_manila'})
    sim.control.advance(60)
    record = only(cluster.records('volume-move-get-iter', 'volume-move-info', {'volume': 'vol1'}))
    assert (record.findtext('state'), record.findtext('phase')) == ('done', 'completed')
    assert volume(zapi).findtext('volume-id-attributes/containing-aggregate-name') == 'aggr3'


def test_unknown_input_is_refused_in_strict_mode_only(sim, zapi):
    make(zapi)
    arguments = {'name': 'vol1', 'colour': 'blue'}
    assert zapi.errno('volume-offline', arguments) == 13115
    sim.control.settings(strict=False)
    zapi('volume-offline', arguments)


def test_missing_input_is_refused(zapi):
    assert zapi.errno('volume-offline') == 13115


def test_performance_counters_never_go_back(sim):
    cluster = Zapi(sim)
    instances = cluster('perf-object-instance-list-info-iter', {
        'objectname': 'processor', 'query': {'instance-info': {'uuid': 'cluster1-01:kernel:*'}}})
    uuid = instances.findtext('attributes-list/instance-info/uuid')

    def elapsed():
        results = cluster('perf-object-get-instances', {
            'objectname': 'processor', 'instance-uuids': {'instance-uuid': uuid},
            'counters': {'counter': ['domain_busy', 'processor_elapsed_time']}})
        data = {c.findtext('name'): c.findtext('value') for c in results.iter('counter-data')}
        return int(data['processor_elapsed_time']), int(data['domain_busy'].split(',')[1])

    before = elapsed()
    sim.control.advance(100)
    sim.control.node('cluster1-01', load={'kahuna': 0.9})
    sim.control.advance(100)
    after = elapsed()
    assert after[0] - before[0] >= 200 * 10 ** 6
    assert 0.4 < (after[1] - before[1]) / (after[0] - before[0]) < 0.6
