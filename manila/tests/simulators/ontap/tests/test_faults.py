"""Injected faults on both transports, in jobs and in the array itself."""

import time

import pytest
import requests

from manila.tests.simulators.ontap import front
from manila.tests.simulators.ontap.tests.conftest import GIB
from manila.tests.simulators.ontap.tests.zapi_client import Zapi

SVM = {'name': 'svm_manila'}
NEW = {'name': 'v', 'svm': SVM, 'aggregates': ['aggr1'], 'size': GIB}
CREATE = {'transport': 'rest', 'method': 'POST', 'path': '/storage/volumes$'}


def test_dropped_connection_before_the_effect(sim, rest):
    sim.control.add_fault(match=CREATE, action={'drop': 'before'}, count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        rest('POST', '/storage/volumes', NEW)
    assert rest.ok('GET', '/storage/volumes', name='v')['num_records'] == 0
    rest.ok('POST', '/storage/volumes', NEW, return_timeout=10)


def test_reply_lost_after_the_effect(sim, rest):
    sim.control.add_fault(match=CREATE, action={'drop': 'after'}, count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        rest('POST', '/storage/volumes', NEW)
    assert rest.ok('GET', '/storage/volumes', name='v')['num_records'] == 1
    assert rest.refused('POST', '/storage/volumes', NEW) == (409, '1')


@pytest.mark.parametrize(('action', 'status'), [
    ({'status': 503, 'retry_after': 2}, 503), ({'status': 500}, 500), ({'status': 429, 'body': 'empty'}, 429),
    ({'body': 'not_json'}, 200), ({'error': {'code': 262145, 'message': 'boom', 'status': 500}}, 500)])
def test_replaced_answers(sim, rest, action, status):
    sim.control.add_fault(match=CREATE, action=action, count=1)
    reply = rest('POST', '/storage/volumes', NEW)
    assert reply.status_code == status
    if 'retry_after' in action:
        assert reply.headers['Retry-After'] == '2'
    assert rest.ok('GET', '/storage/volumes', name='v')['num_records'] == 0


def test_error_after_the_effect(sim, rest):
    sim.control.add_fault(match=CREATE, action={'status': 500, 'when': 'after'}, count=1)
    assert rest('POST', '/storage/volumes', NEW).status_code == 500
    assert rest.ok('GET', '/storage/volumes', name='v')['num_records'] == 1


@pytest.mark.parametrize('when', ['before', 'after'])
def test_an_answer_hangs_before_or_after_the_effect(sim, rest, monkeypatch, when):
    svm, seen = sim.world.clusters[0].svm('svm_manila'), []
    monkeypatch.setattr(front.time, 'sleep', lambda seconds: seen.append(
        (seconds, [policy.name for policy in svm.export_policies])))
    sim.control.add_fault(match={'method': 'POST'}, action={'hang': 60, 'when': when}, count=1)
    rest.ok('POST', '/protocols/nfs/export-policies', {'name': 'policy', 'svm': SVM})
    assert (60, ['default', 'policy'] if when == 'after' else ['default']) in seen
    assert [p.name for p in svm.export_policies] == ['default', 'policy']


def test_truncated_body(sim, rest):
    sim.control.add_fault(match={'path': '/cluster$'}, action={'truncate': 10}, count=1)
    with pytest.raises(requests.exceptions.RequestException):
        rest('GET', '/cluster').json()


def test_latency_delays_every_matching_call(sim, rest):
    rest.ok('GET', '/cluster')
    sim.control.add_fault(match={'transport': 'rest'}, action={'latency': 0.15})
    started = time.monotonic()
    rest.ok('GET', '/cluster')
    assert time.monotonic() - started >= 0.15


def test_fault_waits_for_its_turn_and_is_used_up(sim, rest):
    fault = sim.control.add_fault(match={'path': '/cluster$'}, action={'status': 502}, skip=1, count=1)
    assert [rest('GET', '/cluster').status_code for _ in range(3)] == [200, 502, 200]
    assert sim.control.faults()[0]['hits'] >= 1
    sim.control.remove_faults(id=fault['id'])
    assert sim.control.faults() == []


def test_unknown_keys_of_a_fault_are_refused(sim):
    with pytest.raises(ValueError, match='colour'):
        sim.control.add_fault(match={'colour': 'blue'}, action={'status': 500})


def test_faults_of_the_older_transport(sim):
    zapi = Zapi(sim, vfiler='svm_manila')
    arguments = {'volume': 'v', 'containing-aggr-name': 'aggr1', 'size': '1g'}
    sim.control.add_fault(match={'transport': 'zapi', 'api': '^volume-create$'},
                          action={'zapi_error': {'errno': 13114, 'reason': 'boom'}}, count=1)
    assert zapi.errno('volume-create', arguments) == 13114
    sim.control.add_fault(match={'api': 'volume-create'}, action={'drop': 'after'}, count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        zapi('volume-create', arguments)
    assert zapi.errno('volume-create', arguments) == 17159
    sim.control.add_fault(match={'api': 'modify'}, action={'record_failure': {'errno': 160, 'reason': 'no'}}, count=1)
    results = zapi('volume-modify-iter', {
        'query': {'volume-attributes': {'volume-id-attributes': {'name': 'v'}}},
        'attributes': {'volume-attributes': {'volume-space-attributes': {'size': 2 * GIB}}}})
    assert results.findtext('failure-list/volume-modify-iter-info/error-code') == '160'
    sim.control.add_fault(match={'transport': 'zapi'}, action={'body': 'malformed'}, count=1)
    assert not zapi.raw(b'<netapp/>').text.endswith('>')


def test_job_fails_without_effect(sim, rest):
    sim.control.fail_jobs('volume.create', message='aggregate vanished', code='13107')
    job = rest.ok('POST', '/storage/volumes', NEW)['job']['uuid']
    record = rest.ok('GET', '/cluster/jobs/' + job)
    assert (record['state'], record['error']) == ('failure', {'code': '13107', 'message': 'aggregate vanished'})
    assert rest.ok('GET', '/storage/volumes', name='v')['num_records'] == 0
    rest.ok('POST', '/storage/volumes', NEW, return_timeout=10)


def test_job_hangs_or_is_lost(sim, rest):
    sim.control.fail_jobs('volume.create', stuck=True)
    job = '/cluster/jobs/' + rest.ok('POST', '/storage/volumes', NEW)['job']['uuid']
    sim.control.advance(10000)
    assert rest.ok('GET', job)['state'] == 'running'
    sim.control.fail_jobs('volume.create', lost=True)
    job = '/cluster/jobs/' + rest.ok('POST', '/storage/volumes', NEW)['job']['uuid']
    assert rest.refused('GET', job) == (404, '4')


def test_full_aggregate(sim, rest):
    sim.control.aggregate('aggr1', free=10 * 1024 ** 2)
    assert rest.refused('POST', '/storage/volumes', NEW, return_timeout=10) == (507, '917898')
    assert rest.find('/storage/aggregates', name='aggr1')['space']['block_storage']['available'] == 10 * 1024 ** 2
    sim.control.aggregate('aggr1', free=100 * GIB)
    rest.ok('POST', '/storage/volumes', NEW, return_timeout=10)


def test_takeover_moves_aggregates_and_lifs_to_the_partner(sim, rest):
    sim.control.node('cluster1-01', action='takeover')
    assert rest.find('/storage/aggregates', name='aggr1')['node']['name'] == 'cluster1-02'
    lif = rest.find('/network/ip/interfaces', name='lif1')
    assert (lif['location']['node']['name'], lif['location']['is_home']) == ('cluster1-02', False)
    assert rest.find('/cluster/nodes', name='cluster1-01')['state'] == 'taken_over'
    sim.control.node('cluster1-01', action='giveback')
    assert rest.find('/network/ip/interfaces', name='lif1')['location']['is_home'] is True


def test_degraded_and_dead_ports(sim, rest):
    sim.control.port('cluster1-01', 'e0c', reasons=['l2_reachability'])
    assert rest.ok('GET', '/network/ethernet/ports', state='degraded')['num_records'] == 1
    sim.control.port('cluster1-01', 'e0c', state='down', reasons=[])
    assert rest.find('/network/ip/interfaces', name='lif1')['state'] == 'down'


def test_missing_licence(sim, rest):
    sim.control.licences(remove=['cifs', 'flexclone'])
    names = {r['name'] for r in rest.ok('GET', '/cluster/licensing/licenses')['records']}
    assert 'cifs' not in names and 'nfs' in names


def test_ldap_servers_that_answer_late(sim, rest):
    sim.control.settings(ldap_failures=1)
    body = {'svm.name': 'svm_manila', 'servers': ['192.0.2.60'], 'schema': 'RFC-2307', 'bind_dn': 'cn=x',
            'bind_password': 'hush'}
    assert rest('POST', '/name-services/ldap', body).status_code == 400
    rest.ok('POST', '/name-services/ldap', body)
