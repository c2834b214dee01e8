"""What both transports do alike: login, trust, repetition where harmless, counting, patience, the log."""
import concurrent.futures
import logging
import re

import pytest

from manila.share.drivers.netapp.dataontap.client import errors, http
from manila.tests.fixtures.ontap import PASSWORD, SVM
from manila.tests.simulators.ontap.model import accounts

# What to ask without consequences, and what to do with some, over either transport.
READS = {'rest': {'path': '/api/network/ip/interfaces'}, 'zapi': {'api': '^net-interface-get-iter$'}}
WRITES = {'rest': {'method': 'POST', 'path': '/api/protocols/nfs/export-policies'},
          'zapi': {'api': '^export-policy-create$'}}
OPERATIONS = {'rest': 'GET /network/ip/interfaces', 'zapi': 'net-interface-get-iter'}
# Troubles that pass, after which a read is tried again.
PASSING = {
    'dropped before': {'drop': 'before'}, 'dropped after': {'drop': 'after'},
    'cut off': {'truncate': 1, 'when': 'after'}, '500': {'status': 500}, '502': {'status': 502},
    '503': {'status': 503}, '429': {'status': 429, 'retry_after': 0}, 'html': {'body': 'html'},
    'empty': {'body': 'empty'}, 'malformed': {'body': 'malformed'},
    'internal error': {'error': {'code': '65541', 'status': 500}, 'zapi_error': {'errno': '13114'}},
}


def calls(sim, match):
    """Entries of the simulator's log that a fault of that match would hit."""
    return [entry for entry in sim.log.entries() if all(
        re.search(wanted, entry.operation if key == 'api' else getattr(entry, key)) for key, wanted in match.items())]


@pytest.mark.parametrize('trouble', PASSING)
def test_a_read_is_tried_again(sim, cluster_client, transport, trouble):
    sim.faults.add(READS[transport], PASSING[trouble], count=2)
    assert sorted(lif.name for lif in cluster_client.network.lifs()) == ['lif1', 'lif2']
    assert len(calls(sim, READS[transport])) == 3
    assert cluster_client.connection.counts[OPERATIONS[transport]] == 3


@pytest.mark.parametrize('trouble', [name for name in PASSING if name != '429'])
def test_a_write_is_not_tried_again_when_it_may_have_happened(sim, cluster_client, transport, trouble):
    sim.faults.add(WRITES[transport], PASSING[trouble], count=1)
    with pytest.raises(errors.Unreachable):
        cluster_client.exports.create('policy')
    assert len(calls(sim, WRITES[transport])) == 1


def test_a_write_that_the_array_turned_away_is_tried_again(sim, svm, cluster_client, transport):
    sim.faults.add(WRITES[transport], {'status': 429, 'retry_after': 0}, count=2)
    cluster_client.exports.create('policy')
    assert [policy.name for policy in svm.export_policies] == ['default', 'policy']


def test_patience_ends(sim, cluster_client, transport):
    sim.faults.add(READS[transport], {'status': 503})
    with pytest.raises(errors.Unreachable, match='503'):
        cluster_client.network.lifs()
    assert len(calls(sim, READS[transport])) == cluster_client.connection.retries
    sim.faults.remove()
    sim.faults.add(READS[transport], {'status': 429, 'retry_after': 0})
    with pytest.raises(errors.Overloaded):
        cluster_client.network.lifs()


def test_an_array_that_does_not_answer_is_not_waited_for_without_end(sim, make_client, transport):
    client = make_client(transport)
    client.connection.read_timeout, client.connection.retries = 0.2, 1
    sim.faults.add(READS[transport], {'hang': 2, 'when': 'after'}, count=1)
    with pytest.raises(errors.Unreachable, match='[Tt]imed out'):
        client.for_svm(SVM).network.lifs()


def test_nobody_there(make_client, transport):
    with pytest.raises(errors.Unreachable):
        make_client(transport, port=1)


def test_answers_are_bounded(cluster_client, monkeypatch):
    monkeypatch.setattr(http, '_LONGEST_ANSWER', 100)
    with pytest.raises(errors.Unreachable, match='does not end'):
        cluster_client.network.lifs()


def test_observers_see_each_call(sim, make_client, transport):
    client, seen = make_client(transport), []
    client.connection.observers.append(lambda *call: seen.append(call))
    client.for_svm(SVM).network.lifs()
    operation, seconds, failure = seen.pop()
    assert (operation, failure, seen) == (OPERATIONS[transport], None, [])
    assert seconds > 0
    sim.faults.add(READS[transport], {'status': 503}, count=1)
    client.for_svm(SVM).network.lifs()
    assert [type(failure) for _operation, _seconds, failure in seen] == [errors.Unreachable, type(None)]


# --- login and trust

def test_a_wrong_password_is_said_at_once(sim, make_client, transport, credentials):
    with pytest.raises(errors.NotAuthenticated):
        make_client(transport, credentials, password='wrong')
    assert len(sim.log.entries()) == 1


def test_nobody_is_trusted_without_reason(sim, make_client, transport):
    with pytest.raises(errors.Unreachable, match='TLS'):
        make_client(transport, verify=True)
    assert sim.log.entries() == []
    assert make_client(transport, verify=False).version


def test_a_certificate_logs_in(sim, make_client, transport):
    cluster = sim.world.clusters[0]
    admin = next(role for role in cluster.roles if role.name == 'admin')
    cluster.accounts.append(accounts.Account('robot', admin, common_name='robot'))
    client = make_client(transport, certificate=sim.authority.issue('robot'), password=None)
    assert client.has_cluster_rights
    assert {entry.user for entry in sim.log.entries()} == {'robot'}
    with pytest.raises(errors.NotAuthenticated):
        make_client(transport, certificate=sim.authority.issue('stranger'), password=PASSWORD)


def test_a_role_without_a_right_is_refused_it(sim, make_client, transport):
    cluster = sim.world.clusters[0]
    privileges = [accounts.Privilege('*'), accounts.Privilege('/api/protocols/nfs/export-policies', 'readonly'),
                  accounts.Privilege('zapi:export-policy-create', 'none')]
    account = accounts.Account('limited', accounts.Role('limited', privileges))
    account.set_password(PASSWORD)
    cluster.accounts.append(account)
    client = make_client(transport, login='limited').for_svm(SVM)
    assert client.exports.list('*')
    with pytest.raises(errors.Forbidden):
        client.exports.create('policy')


def test_a_client_serves_several_threads(cluster_client, svm):
    names = [f'policy{number}' for number in range(12)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(cluster_client.exports.create, names))
    assert sorted(policy.name for policy in svm.export_policies if policy.name != 'default') == sorted(names)


def test_the_trace_shows_the_calls_asked_for(make_client, transport, caplog):
    caplog.set_level(logging.DEBUG)
    client = make_client(transport, trace=True, trace_pattern=re.compile('interface'))
    client.for_svm(SVM).network.lifs()
    shown = [record.getMessage() for record in caplog.records if ' done' in record.getMessage()]
    assert len(shown) == 1 and OPERATIONS[transport] in shown[0] and SVM in shown[0]
    assert PASSWORD not in caplog.text


def test_tunnels_are_for_accounts_of_the_cluster(sim, client, credentials):
    sim.log.clear()
    client.network.lifs()
    entry, = sim.log.entries()
    assert entry.svm == SVM
    assert ('vfiler=' in entry.request) is (credentials == 'cluster' and entry.transport == 'zapi')
