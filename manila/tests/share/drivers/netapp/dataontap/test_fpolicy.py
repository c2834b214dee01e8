"""FPolicy: shares that want the same have one policy, and nothing is left when the last one goes."""
import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.share.drivers.netapp.dataontap.test_scenario import name_of, names


@pytest.fixture
def avi(specs):
    """Shares are to be without films."""
    specs['netapp:fpolicy_extensions_to_include'] = 'avi,mp4'
    return specs


def created(driver, make, **values):
    """A new share."""
    share = make.share(**values)
    driver.create_share(None, share)
    return share


def test_a_policy_watches_the_share_over_its_protocols(driver, svm, make, avi):
    share = created(driver, make)
    policy, = svm.fpolicies
    under = share['id'].replace('-', '_')
    assert (policy.name, policy.enabled, policy.priority, policy.engine) == (
        f'fpolicy_policy_{under}', True, 1, 'native')
    assert policy.scope['include_shares'] == [name_of(share)]
    assert sorted(policy.scope['include_extension']) == ['avi', 'mp4']
    assert {event.name: (event.protocol, sorted(event.operations)) for event in policy.events} == {
        f'fpolicy_event_{protocol}_{under}': (protocol, ['create', 'rename', 'write'])
        for protocol in ('nfsv3', 'nfsv4')}
    driver.create_share(None, share)
    driver.ensure_share(None, share)
    assert svm.fpolicies == [policy] and policy.scope['include_shares'] == [name_of(share)]


def test_shares_that_want_the_same_have_one_policy(driver, svm, make, avi):
    first, second = created(driver, make), created(driver, make)
    other = created(driver, make, proto='CIFS')
    assert [policy.scope['include_shares'] for policy in svm.fpolicies] == [
        [name_of(first), name_of(second)], [name_of(other)]]
    driver.delete_share(None, first)
    assert svm.fpolicies[0].scope['include_shares'] == [name_of(second)]
    driver.delete_share(None, second)
    driver.delete_share(None, other)
    assert svm.fpolicies == [] and svm.fpolicy_events == []


def test_a_change_of_the_type_brings_another_policy(driver, svm, make, avi):
    share = created(driver, make)
    avi['netapp:fpolicy_extensions_to_exclude'] = 'txt'
    avi['netapp:fpolicy_file_operations'] = 'open, read'
    driver.ensure_share(None, share)
    policy, = svm.fpolicies
    assert policy.scope['exclude_extension'] == ['txt']
    assert {operation for event in policy.events for operation in event.operations} == {'open', 'read'}


def test_what_types_that_have_changed_leave_behind_is_tidied_up(driver, svm, make, avi):
    first, second = created(driver, make), created(driver, make)
    driver.place_of().client.fpolicy.set_shares(
        driver.place_of().client.fpolicy.policies()[0], [name_of(first), name_of(second), 'theirs'])
    del avi['netapp:fpolicy_extensions_to_include']
    driver.delete_share(None, first)
    driver.clean_up()
    assert svm.fpolicies[0].scope['include_shares'] == [name_of(second), 'theirs']
    driver.place_of().client.fpolicy.set_shares(driver.place_of().client.fpolicy.policies()[0], [name_of(second)])
    driver.delete_share(None, second)
    driver.clean_up()
    assert svm.fpolicies == [] and svm.fpolicy_events == []


def test_clones_are_watched_too(driver, svm, make, avi):
    parent = created(driver, make)
    snapshot, child = make.snapshot(parent), make.share()
    driver.create_snapshot(None, snapshot)
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    assert svm.fpolicies[0].scope['include_shares'] == [name_of(parent), name_of(child)]


def test_a_managed_volume_keeps_being_watched(driver, svm, make, avi):
    old = created(driver, make, mount_point_name='old')
    share = make.share(export_locations=[{'path': '192.0.2.11:/old'}])
    driver.manage_existing(share, {})
    policy, = svm.fpolicies
    assert policy.scope['include_shares'] == [name_of(share)] and name_of(old) not in names(svm.volumes)


def test_an_svm_has_ten_policies_at_most(driver, svm, make, avi):
    for number in range(10):
        avi['netapp:fpolicy_extensions_to_include'] = f'x{number}'
        created(driver, make)
    assert sorted(policy.priority for policy in svm.fpolicies) == list(range(1, 11))
    avi['netapp:fpolicy_extensions_to_include'] = 'more'
    share = make.share()
    with pytest.raises(exception.NetAppException, match='10 FPolicy'):
        driver.create_share(None, share)
    driver.delete_share(None, share)
    assert len(svm.fpolicies) == 10 and len(svm.fpolicy_events) == 20


def test_what_an_interrupted_attempt_has_left_is_made_anew(driver, svm, make, avi, monkeypatch):
    share = make.share()
    fpolicy = type(driver.place_of().client.fpolicy)
    with monkeypatch.context() as patch:
        def fail(self, policy):
            raise errors.Unreachable(reason='cut')
        patch.setattr(fpolicy, 'create', fail)
        with pytest.raises(errors.Unreachable):
            driver.create_share(None, share)
    assert len(svm.fpolicy_events) == 2 and svm.fpolicies == []
    driver.create_share(None, share)
    driver.delete_share(None, share)
    assert svm.fpolicies == [] and svm.fpolicy_events == []


def test_a_policy_without_scope_is_made_anew(make_driver, svm, make, avi):
    driver = make_driver()
    share = make.share()
    client = driver.place_of().client
    name = driver.fpolicy._policy_name(share['id'])
    client.fpolicy.create_event(values.FpolicyEvent('theirs', 'cifs', frozenset(['open'])))
    client.fpolicy.create(values.FpolicyPolicy(name, ('theirs',), frozenset(['a']), shares=('other',), priority=3))
    svm.fpolicies[0].enabled, svm.fpolicies[0].priority, svm.fpolicies[0].scope = False, None, {}
    driver.create_share(None, share)
    policy, = svm.fpolicies
    assert policy.enabled and policy.scope['include_shares'] == [name_of(share)]
