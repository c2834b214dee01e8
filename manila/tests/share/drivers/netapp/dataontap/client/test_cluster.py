"""The cluster, its aggregates, SVMs and counters over each transport."""
import re

import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.fixtures.ontap import SVM

CLUSTER_ONLY = {
    'nodes': lambda c: c.cluster.nodes(), 'licences': lambda c: c.cluster.licences(),
    'encryption': lambda c: c.cluster.encrypts_volumes(), 'clock': lambda c: c.cluster.compliance_clock_is_set(),
    'aggregates': lambda c: c.aggregates.list(), 'names': lambda c: c.aggregates.names(),
    'spaces': lambda c: c.aggregates.spaces(['aggr1']), 'qos': lambda c: c.qos.list('*'),
    'counters': lambda c: c.perf.sample(),
}


def test_the_version_and_the_rights_are_known(make_client, transport, credentials):
    client = make_client(transport, credentials)
    assert client.version == values.Version(9, 14, 1)
    assert client.version.full.startswith('NetApp Release 9.14.1')
    assert client.has_cluster_rights is (credentials == 'cluster')
    assert (client.transport, client.svm, client.for_svm(SVM).svm) == (transport, None, SVM)
    assert client.for_svm(SVM) is client.for_svm(SVM).for_svm(SVM)


def test_the_cluster_is_described(sim, cluster_client):
    cluster = cluster_client.cluster
    assert cluster.name() == 'cluster1'
    assert sorted(node.name for node in cluster.nodes()) == ['cluster1-01', 'cluster1-02']
    assert {'nfs', 'cifs', 'flexclone', 'snaprestore'} <= cluster.licences()
    sim.control.licences(remove=['flexclone'])
    assert 'flexclone' not in cluster.licences()


@pytest.mark.parametrize('what', CLUSTER_ONLY)
def test_accounts_of_an_svm_may_not_ask(svm_client, what):
    with pytest.raises(errors.Forbidden):
        CLUSTER_ONLY[what](svm_client)


def test_volumes_are_encrypted_where_the_array_can(sim, cluster_client):
    assert cluster_client.cluster.encrypts_volumes()
    sim.world.clusters[0].nve_capable = False
    assert not cluster_client.cluster.encrypts_volumes()
    sim.world.clusters[0].nve_capable = True


def test_a_build_without_encryption_says_so(sim, make_client, transport):
    sim.world.clusters[0].no_dare = True
    client = make_client(transport)
    sim.world.clusters[0].no_dare = False
    assert not client.cluster.encrypts_volumes()


def test_the_compliance_clock_counts_when_all_nodes_have_it(sim, cluster_client):
    for node, wanted in (('cluster1-01', False), ('cluster1-02', True)):
        assert not cluster_client.cluster.compliance_clock_is_set()
        sim.control.node(node, compliance_clock=True)
        assert cluster_client.cluster.compliance_clock_is_set() is wanted


def test_a_notice_gets_into_the_event_log(sim, client):
    client.cluster.log_event('Manila driver ' + 60 * 'x', 1, 'It runs.', 'host')
    message = sim.control.messages()[-1]
    assert message['event_source'] == ('Manila driver ' + 60 * 'x')[:60]
    assert (message['computer_name'], message['event_description']) == ('host', 'It runs.')
    assert (message['category'], str(message['event_id'])) == ('provisioning', '1')


def test_aggregates_are_described(sim, cluster_client):
    found = {each.name: each for each in cluster_client.aggregates.list()}
    assert sorted(found) == ['aggr1', 'aggr2', 'aggr3', 'aggr4'] == sorted(cluster_client.aggregates.names())
    assert found['aggr3'] == values.Aggregate(
        'aggr3', 'cluster1-02', 'cluster1-02', 'raid_dp', False, False, 'non_snaplock', ('SSD',))
    sim.control.node('cluster1-01', action='takeover')
    aggregate, = cluster_client.aggregates.list(['aggr1'])
    assert (aggregate.home_node, aggregate.node) == ('cluster1-01', 'cluster1-02')
    model = sim.world.clusters[0].aggregates
    next(each for each in model if each.name == 'aggr2').encrypted = True
    assert cluster_client.aggregates.list(['aggr2', 'missing'])[0].encrypted
    assert cluster_client.aggregates.list(['aggr*']) == []


def test_spaces_of_aggregates_are_told(sim, cluster_client, spec):
    cluster_client.volumes.create(spec(thin=False))
    model = {each.name: each for each in sim.world.clusters[0].aggregates}
    found = cluster_client.aggregates.spaces(['aggr1', 'aggr2', 'missing'])
    assert found == {name: values.AggregateSpace(name, model[name].size, model[name].used, model[name].available)
                     for name in ('aggr1', 'aggr2')}
    assert cluster_client.aggregates.spaces([]) == {}


def test_svms_are_described(client, svm, credentials):
    assert [(each.name, each.uuid) for each in client.svms.list()] == [(SVM, svm.uuid)]
    found = client.svms.get(SVM)
    assert (found.name, found.uuid, found.state) == (SVM, svm.uuid, 'running')
    assert found.aggregates == ('aggr1', 'aggr2', 'aggr3', 'aggr4')
    with pytest.raises(errors.SvmNotFound):
        client.svms.get('svm_missing')
    spaces = client.svms.spaces(SVM)
    assert spaces == {each.name: values.AggregateSpace(each.name, 0, 0, each.available) for each in svm.aggregates}


def test_the_name_of_the_cluster_is_told_to_those_who_may_know(client, credentials):
    assert client.cluster.name() in (('cluster1',) if credentials == 'cluster' else ('cluster1', None))


def test_counters_run_by_the_load(sim, cluster_client):
    sim.control.node('cluster1-01', load={'cpu': 0.5, 'kahuna': 0.25, 'cp': 0.1})
    first = cluster_client.perf.sample()
    sim.control.advance(1000)
    second = cluster_client.perf.sample()
    assert sorted(second) == ['cluster1-01', 'cluster1-02']
    before, after = first['cluster1-01'], second['cluster1-01']
    assert (after.busy - before.busy) / (after.clock - before.clock) == pytest.approx(0.5, abs=0.05)
    assert (after.kahuna - before.kahuna) / (after.elapsed - before.elapsed) == pytest.approx(0.25, abs=0.05)
    assert after.cp - before.cp == pytest.approx(0.1 * 1000 * 1000, rel=0.1)
    assert 0 < after.cp_flush - before.cp_flush < after.cp - before.cp
    assert after.taken_at >= before.taken_at


def test_both_transports_read_the_same_counters(sim, make_client):
    sim.control.set_speed(0)
    rest, zapi = (make_client(transport).perf.sample() for transport in ('rest', 'zapi'))
    sim.control.set_speed(1)
    assert rest.keys() == zapi.keys()
    for node, load in rest.items():
        assert (load.busy, load.clock, load.kahuna, load.elapsed, load.cp, load.cp_flush) == pytest.approx(
            (zapi[node].busy, zapi[node].clock, zapi[node].kahuna, zapi[node].elapsed, zapi[node].cp,
             zapi[node].cp_flush), rel=0.01)


@pytest.mark.parametrize('release', ['9.12.1', '9.16.1', '9.19.1'])
def test_other_releases_are_understood(cluster_client, release, spec, on_array):
    assert str(cluster_client.version) == release
    cluster_client.volumes.create(spec(junction='/vol', tags=('a:b',), snapshot_reserve=5))
    found = cluster_client.volumes.find('vol', detail=True)
    assert found.tags == (() if release == '9.12.1' else ('a:b',))
    assert on_array().junction == '/vol' and re.fullmatch(r'[0-9a-f-]{36}', found.uuid)
