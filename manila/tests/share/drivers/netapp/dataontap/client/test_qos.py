"""QoS policy groups over each transport: the same limits are written and read by both."""
import pytest

from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.fixtures.ontap import SVM

FIXED = {'max_throughput_iops': 500, 'max_throughput_mbps': 10, 'min_throughput_iops': 5, 'min_throughput_mbps': 0,
         'capacity_shared': True}
ADAPTIVE = {'expected_iops': 100, 'peak_iops': 200, 'absolute_min_iops': 30, 'block_size': '8k',
            'expected_iops_allocation': 'used_space', 'peak_iops_allocation': 'allocated_space'}
KINDS = pytest.mark.parametrize(('adaptive', 'limits'), [(False, FIXED), (True, ADAPTIVE)], ids=['fixed', 'adaptive'])


@pytest.fixture
def client(cluster_client):
    """QoS policies take credentials of the cluster."""
    return cluster_client


@pytest.fixture
def on_array(sim):
    """A function that gives the policies of the array, or one by name."""
    def find(name=None):
        found = {policy.name: policy for policy in sim.world.clusters[0].qos_policies}
        return found if name is None else found[name]
    return find


@KINDS
def test_a_policy_is_made_and_read(client, on_array, adaptive, limits):
    client.qos.create('policy', limits, adaptive)
    policy = on_array('policy')
    assert (policy.svm.name, policy.kind, policy.limits) == (SVM, 'adaptive' if adaptive else 'fixed', limits)
    found = client.qos.find('policy')
    assert (found.name, found.svm, found.adaptive, found.users, found.limits) == ('policy', SVM, adaptive, 0, limits)
    assert client.qos.find('polic*') is None
    with pytest.raises(errors.Duplicate):
        client.qos.create('policy', limits, adaptive)


def test_limits_not_given_are_unlimited(client, on_array):
    client.qos.create('policy', {'max_throughput_mbps': 7})
    assert on_array('policy').limits == {
        'max_throughput_iops': 0, 'max_throughput_mbps': 7, 'min_throughput_iops': 0, 'min_throughput_mbps': 0,
        'capacity_shared': False}
    assert client.qos.find('policy').limits == on_array('policy').limits


def test_limits_of_the_other_unit_go(client, on_array):
    client.qos.create('policy', FIXED)
    for _again in range(2):
        client.qos.modify(client.qos.find('policy'), {'max_throughput_iops': 900})
        assert on_array('policy').limits == {
            'max_throughput_iops': 900, 'max_throughput_mbps': 0, 'min_throughput_iops': 0, 'min_throughput_mbps': 0,
            'capacity_shared': True}


def test_an_adaptive_policy_is_changed(client, on_array):
    client.qos.create('policy', ADAPTIVE, True)
    client.qos.modify(client.qos.find('policy'), {'expected_iops': 10, 'peak_iops': 20})
    assert on_array('policy').limits == {**ADAPTIVE, 'expected_iops': 10, 'peak_iops': 20}
    with pytest.raises(errors.OntapError):
        client.qos.modify(client.qos.find('policy'), {'expected_iops': 30, 'peak_iops': 20})


@KINDS
def test_a_policy_is_renamed_and_deleted(client, on_array, adaptive, limits):
    client.qos.create('policy', limits, adaptive)
    client.qos.rename(client.qos.find('policy'), 'other')
    assert list(on_array()) == ['other']
    found = client.qos.find('other')
    for _again in range(2):
        client.qos.delete(found)
        assert not on_array()


@KINDS
def test_a_policy_in_use_stays(client, spec, on_array, adaptive, limits):
    client.qos.create('policy', limits, adaptive)
    client.volumes.create(spec(qos=values.Qos('policy', adaptive)))
    found = client.qos.find('policy')
    assert found.users == 1
    with pytest.raises(errors.InUse):
        client.qos.delete(found)
    assert list(on_array()) == ['policy']


def test_policies_are_listed_by_pattern(client):
    client.qos.create('deleted_manila_a', FIXED)
    client.qos.create('deleted_manila_b', ADAPTIVE, True)
    client.qos.create('kept', FIXED)
    assert sorted((policy.name, policy.adaptive) for policy in client.qos.list('deleted_manila_*')) == [
        ('deleted_manila_a', False), ('deleted_manila_b', True)]


def test_only_policies_of_the_svm_count(sim, client):
    cluster = sim.world.clusters[0]
    client.qos.create('mine', FIXED)
    other = client.for_svm('svm_other')
    assert other.qos.find('mine') is None and other.qos.list('*') == []
    assert [policy.svm.name for policy in cluster.qos_policies] == [SVM]
