"""QoS: policies of single shares and of QoS types."""
import pytest

from manila import exception
from manila.share import qos_types
from manila.share.drivers.netapp.dataontap import qos
from manila.share.drivers.netapp.dataontap.client import values
from manila.tests.share.drivers.netapp.dataontap.test_scenario import name_of, volumes


@pytest.fixture
def qos_type(monkeypatch):
    """The QoS type of all shares: a dict of its specs, which tests fill."""
    known = {}
    monkeypatch.setattr(qos_types, 'get_specs_from_share', lambda share: dict(known))
    monkeypatch.setattr(qos_types, 'get_qos_type_name_from_share', lambda share: 'fast')
    return known


@pytest.fixture
def driver(make_driver, transport, specs):
    """With credentials of the cluster, which QoS takes."""
    return make_driver(transport)


def policies(svm):
    """Policies by name."""
    return {policy.name: policy for policy in svm.cluster.qos_policies}


def qos_name(share):
    """The name of the policy of a share."""
    return 'qos_share_' + share['id'].replace('-', '_')


def test_a_share_with_limits_has_a_policy_that_grows_with_it(driver, svm, make, specs):
    specs.update({'qos': 'true', 'netapp:maxiopspergib': '50', 'netapp:minbps': '1048576'})
    share = make.share(size=2)
    driver.create_share(None, share)
    policy = policies(svm)[qos_name(share)]
    assert volumes(svm)[name_of(share)].qos_policy is policy
    assert (policy.limits['max_throughput_iops'], policy.limits['min_throughput_mbps']) == (100, 1)
    driver.create_share(None, share)
    driver.extend_share(share, 4)
    assert policy.limits['max_throughput_iops'] == 200
    driver.shrink_share(share, 3)
    assert (policy.limits['max_throughput_iops'], policy.limits['min_throughput_mbps']) == (150, 1)
    driver.delete_share(None, share)
    assert policies(svm) == {}


def test_a_change_of_the_type_changes_the_unit_of_limits(driver, svm, make, specs):
    specs.update({'qos': 'true', 'netapp:maxiops': '50'})
    share = make.share()
    driver.create_share(None, share)
    del specs['netapp:maxiops']
    specs['netapp:maxbps'] = '3000000'
    driver.ensure_share(None, share)
    limits = policies(svm)[qos_name(share)].limits
    assert (limits['max_throughput_iops'], limits['max_throughput_mbps']) == (0, 3)


def test_shares_of_a_qos_type_have_one_policy(driver, svm, make, qos_type):
    qos_type.update({'policy_type': 'fixed', 'max_throughput_iops': '500'})
    shares = [make.share(), make.share()]
    for share in shares:
        driver.create_share(None, share)
    policy = policies(svm)['FIXED_QOS_svm_manila_fast']
    assert {volume.qos_policy for volume in volumes(svm).values()} == {policy}
    qos_type['max_throughput_iops'] = '700'
    driver.ensure_share(None, shares[0])
    assert policy.limits['max_throughput_iops'] == 700
    driver.delete_share(None, shares[0])
    assert list(policies(svm)) == ['FIXED_QOS_svm_manila_fast']


def test_a_qos_type_may_adapt_to_the_size(driver, svm, make, qos_type):
    qos_type.update({'policy_type': 'adaptive', 'expected_iops': '100', 'peak_iops': '200', 'block_size': '8k'})
    share = make.share()
    driver.create_share(None, share)
    policy = policies(svm)['ADAPTIVE_QOS_svm_manila_fast']
    assert (policy.kind, policy.limits['expected_iops'], policy.limits['block_size']) == ('adaptive', 100, '8k')
    assert volumes(svm)[name_of(share)].qos_policy is policy
    driver.ensure_share(None, share)


def test_an_existing_adaptive_group_is_assigned(driver, svm, make, specs):
    driver.place_of().client.qos.create('theirs', {'expected_iops': 5, 'peak_iops': 10}, adaptive=True)
    specs['netapp:adaptive_qos_policy_group'] = 'theirs'
    parent = make.share()
    driver.create_share(None, parent)
    snapshot, child = make.snapshot(parent), make.share()
    driver.create_snapshot(None, snapshot)
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    driver.delete_share(None, parent)
    assert volumes(svm)[name_of(child)].qos_policy is policies(svm)['theirs']


def test_a_managed_volume_keeps_its_own_policy_under_a_new_name(driver, svm, make, specs):
    specs.update({'qos': 'true', 'netapp:maxiops': '50'})
    old = make.share(mount_point_name='old')
    driver.create_share(None, old)
    policy = policies(svm)[qos_name(old)]
    specs['netapp:maxiops'] = '80'
    share = make.share(export_locations=[{'path': '192.0.2.11:/old'}])
    driver.manage_existing(share, {})
    assert policies(svm) == {qos_name(share): policy} and policy.limits['max_throughput_iops'] == 80


def test_a_managed_volume_leaves_a_policy_that_others_have(driver, svm, make, specs):
    client = driver.place_of().client
    client.qos.create('theirs', {'max_throughput_iops': 5})
    olds = [make.share(mount_point_name=f'old{number}') for number in range(2)]
    for old in olds:
        driver.create_share(None, old)
        volume = client.volumes.find(name_of(old))
        client.volumes.modify(volume, values.VolumeChange(qos=values.Qos('theirs')))
    specs.update({'qos': 'true', 'netapp:maxiops': '80'})
    share = make.share(export_locations=[{'path': '192.0.2.11:/old0'}])
    driver.manage_existing(share, {})
    assert {name: policy.limits['max_throughput_iops'] for name, policy in policies(svm).items()} == {
        qos_name(share): 80, 'theirs': 5}
    assert volumes(svm)[name_of(share)].qos_policy.name == qos_name(share)
    assert volumes(svm)[name_of(olds[1])].qos_policy.name == 'theirs'


def test_qos_takes_credentials_of_the_cluster_and_one_source(make_driver, make, specs, qos_type):
    specs.update({'qos': 'true', 'netapp:maxiops': '50'})
    with pytest.raises(exception.NetAppException, match='credentials'):
        make_driver(credentials='svm').create_share(None, make.share())
    qos_type.update({'policy_type': 'fixed', 'max_throughput_iops': '500'})
    driver = make_driver()
    for others in ({'qos': 'true', 'netapp:maxiops': '50'}, {'netapp:adaptive_qos_policy_group': 'theirs'}):
        specs.clear()
        specs.update(others)
        with pytest.raises(exception.NetAppException, match='exclude'):
            driver.create_share(None, make.share())


@pytest.mark.parametrize('wrong', [
    {}, {'policy_type': 'fixed', 'max_throughput_iops': '5', 'capacity_shared': 'perhaps'},
    {'policy_type': 'big'}, {'policy_type': 'fixed'}, {'policy_type': 'fixed', 'peak_iops': '5'},
    {'policy_type': 'fixed', 'max_throughput_iops': 'x'}, {'policy_type': 'adaptive', 'peak_iops': '5'},
    {'policy_type': 'adaptive', 'peak_iops': '5', 'expected_iops': '1', 'block_size': '9k'},
    {'policy_type': 'adaptive', 'peak_iops': '5', 'expected_iops': '1', 'peak_iops_allocation': 'mine'},
    {'policy_type': 'adaptive', 'peak_iops': '5', 'expected_iops': '1', 'max_throughput_iops': '1'}])
def test_qos_types_that_say_nothing_sensible_are_refused(wrong):
    with pytest.raises(exception.NetAppException):
        qos.limits_of_type(wrong)


def test_a_shared_limit_is_one_for_all_volumes():
    assert qos.limits_of_type({'policy_type': 'fixed', 'max_throughput_mbps': '5', 'capacity_shared': 'True'}) == (
        {'max_throughput_mbps': 5, 'capacity_shared': True}, False)
