"""Access rules on their way to the back ends."""
import pytest

from manila.db import session
from manila.resources.access import service as access, store
from manila.tests.fixtures.roles import wait_until

DRIVERS = 'manila.tests.flows.drivers'


def in_force(service, share_id):
    """Address of each rule on the storage and its level."""
    record = service.storage.objects('share')[service.instance_of(share_id)]
    return {brief[1]: brief[2] for brief in record['rules'].values()}


def synced(service, share_id):
    """Wait for the end of all work; returns the status of the rules of the share."""
    service.idle()
    return service.show(share_id)['access_rules_status']


@pytest.fixture
def share(service):
    """A share of a running service."""
    service.start()
    return service.create()


def test_rule_is_applied_and_taken_away(service, share):
    rule = service.allow(share, '192.0.2.1', access_level='ro')
    assert synced(service, share) == 'active'
    assert in_force(service, share) == {'192.0.2.1': 'ro'}
    assert service.rules(share) == {'192.0.2.1': 'active'}
    service.act(share, 'deny_access', {'access_id': rule})
    assert synced(service, share) == 'active'
    assert (in_force(service, share), service.rules(share)) == ({}, {})
    service.check()


def test_level_of_a_rule_is_changed(service, share):
    rule = service.allow(share, '192.0.2.1')
    service.idle()
    answer = service.user('PUT', f'/share-access-rules/{rule}', {'update_access': {'access_level': 'ro'}})
    assert answer.status_int == 200 and answer.json['access']['state'] == 'queued_to_update'
    assert synced(service, share) == 'active'
    assert in_force(service, share) == {'192.0.2.1': 'ro'}


def test_level_changed_before_the_rule_is_applied_is_applied_with_it(service, share):
    service.stop()
    rule = service.allow(share, '192.0.2.1')
    service.user('PUT', f'/share-access-rules/{rule}', {'update_access': {'access_level': 'ro'}})
    assert service.rules(share) == {'192.0.2.1': 'queued_to_apply'}
    service.start()
    assert synced(service, share) == 'active'
    assert in_force(service, share) == {'192.0.2.1': 'ro'}
    assert len(service.storage.calls('update_access')) == 1


@pytest.mark.every_database
def test_thousand_rules_on_a_share_coalesce_into_few_calls_of_the_driver(service, database):
    count = 1000 if database.backend == 'sqlite' else 200
    service.start()
    share = service.create()
    fault = service.storage.plan('update_access', hold=True, times=1)
    context = service.user.context()
    for number in range(count):
        access.allow(context, share, {'access_type': 'ip', 'access_to': f'10.0.{number // 250}.{number % 250 + 1}'})
    service.storage.lift(fault)
    assert synced(service, share) == 'active'
    assert len(in_force(service, share)) == count
    assert len(service.storage.calls('update_access')) <= 3
    service.delete(share)
    assert service.settle(share) is None
    service.check()


def test_rule_added_while_syncing_is_applied_next(service, share):
    fault = service.storage.plan('update_access', hold=True, times=1)
    service.allow(share, '192.0.2.1')
    service.storage.wait_for_call('update_access')
    service.allow(share, '192.0.2.2')
    assert service.rules(share) == {'192.0.2.1': 'applying', '192.0.2.2': 'queued_to_apply'}
    service.storage.lift(fault)
    assert synced(service, share) == 'active'
    assert set(in_force(service, share)) == {'192.0.2.1', '192.0.2.2'}
    service.check()


def test_rule_denied_while_it_is_applied_is_taken_away_next(service, share):
    fault = service.storage.plan('update_access', hold=True, times=1)
    rule = service.allow(share, '192.0.2.1')
    service.storage.wait_for_call('update_access')
    service.act(share, 'deny_access', {'access_id': rule})
    assert service.rules(share) == {'192.0.2.1': 'queued_to_deny'}
    service.storage.lift(fault)
    assert synced(service, share) == 'active'
    assert (in_force(service, share), service.rules(share)) == ({}, {})
    service.check()


def test_rule_denied_twice_is_taken_away_once(service, share):
    rule = service.allow(share, '192.0.2.1')
    service.idle()
    fault = service.storage.plan('update_access', hold=True, times=1)
    service.act(share, 'deny_access', {'access_id': rule})
    service.storage.wait_for_call('update_access', number=2)
    service.act(share, 'deny_access', {'access_id': rule})
    answer = service.user('PUT', f'/share-access-rules/{rule}', {'update_access': {'access_level': 'ro'}})
    assert answer.status_int == 400
    assert service.rules(share) == {'192.0.2.1': 'denying'}
    service.storage.lift(fault)
    assert synced(service, share) == 'active'
    assert len(service.storage.calls('update_access')) == 2
    service.act(share, 'deny_access', {'access_id': rule}, expected=404)


def test_driver_error_is_shown_and_got_over_by_denying(service, share):
    service.allow(share, '192.0.2.1')
    service.idle()
    fault = service.storage.plan('update_access', error='ShareBackendException')
    rule = service.allow(share, '192.0.2.2')
    assert synced(service, share) == 'error'
    assert service.rules(share) == {'192.0.2.1': 'active', '192.0.2.2': 'error'}
    assert service.messages(share) == ['update access rules: An unknown error occurred.']
    service.act(share, 'allow_access', {'access_type': 'ip', 'access_to': '192.0.2.3'}, 400, version='2.27')
    service.storage.lift(fault)
    service.act(share, 'deny_access', {'access_id': rule})
    assert synced(service, share) == 'active'
    assert service.rules(share) == {'192.0.2.1': 'active'}
    service.check()


def test_rule_of_a_kind_that_the_driver_does_not_know_is_an_error_that_says_so(service, share):
    service.storage.plan('update_access', error='InvalidShareAccess')
    service.allow(share)
    assert synced(service, share) == 'error'
    assert 'does not support this type or level of access' in service.messages(share)[0]


def test_driver_may_refuse_single_rules(service, share):
    driver = service.driver()
    change = driver.update_access

    def refuse(context, share, access_rules, add_rules, *args, **kwargs):
        change(context, share, access_rules, add_rules, *args, **kwargs)
        return {rule['access_id']: {'state': 'error'} for rule in add_rules if rule['access_to'] == '192.0.2.66'}
    driver.update_access = refuse
    service.allow(share, '192.0.2.1')
    service.allow(share, '192.0.2.66')
    assert synced(service, share) == 'error'
    assert service.rules(share) == {'192.0.2.1': 'active', '192.0.2.66': 'error'}
    assert len(service.messages(share)) == 1


def test_back_end_out_of_reach_is_told_all_rules_when_it_is_back(service, share):
    service.storage.plan('update_access', error='TimeoutError', times=1, moment='after')
    service.allow(share, '192.0.2.1')
    assert synced(service, share) == 'active'
    assert len(service.storage.calls('update_access')) == 2
    assert set(in_force(service, share)) == {'192.0.2.1'}
    service.check()


def test_ipv6_is_refused_by_a_driver_without_it_while_other_rules_are_applied(service):
    service.backends('alpha', driver=f'{DRIVERS}.OnlyIPv4')
    service.start()
    share = service.create()
    service.allow(share, '192.0.2.1')
    rule = service.allow(share, '2001:db8::1')
    assert synced(service, share) == 'error'
    assert service.rules(share) == {'192.0.2.1': 'active', '2001:db8::1': 'error'}
    assert len(service.messages(share)) == 1
    service.allow(share, '192.0.2.2')
    assert synced(service, share) == 'error'
    assert len(service.messages(share)) == 1
    service.act(share, 'deny_access', {'access_id': rule})
    assert synced(service, share) == 'active'
    assert set(in_force(service, share)) == {'192.0.2.1', '192.0.2.2'}


@pytest.mark.parametrize('moment', ['before', 'after'])
def test_driver_that_knows_only_single_rules_is_told_each(service, moment):
    service.backends('alpha', driver=f'{DRIVERS}.SingleRules')
    service.start()
    share = service.create()
    service.storage.plan('allow_access', error='TimeoutError', times=1, moment=moment)
    rules = [service.allow(share, f'192.0.2.{number}') for number in range(3)]
    assert synced(service, share) == 'active'
    assert len(service.storage.objects('share')[service.instance_of(share)]['rules']) == 3
    service.user('PUT', f'/share-access-rules/{rules[0]}', {'update_access': {'access_level': 'ro'}})
    service.act(share, 'deny_access', {'access_id': rules[1]})
    assert synced(service, share) == 'active'
    assert len(service.storage.objects('share')[service.instance_of(share)]['rules']) == 2
    service.delete(share)
    assert service.settle(share) is None
    service.check()


def test_keys_that_the_back_end_makes_are_shown(service, share):
    service.conf.config(enabled_share_protocols=['NFS', 'CEPHFS'])
    service.act(share, 'allow_access', {'access_type': 'cephx', 'access_to': 'alice'}, 200)
    service.idle()
    rule, = service.user.get(f'/share-access-rules?share_id={share}')['access_list']
    assert rule['access_key'] == 'key-of-alice'


def test_rules_left_waiting_by_a_failed_deletion_are_applied(service, share):
    service.storage.plan('delete_share', error='ShareBackendException')
    fault = service.storage.plan('extend_share', hold=True)
    service.act(share, 'extend', {'new_size': 2, 'force': True}, who=service.admin)
    service.storage.wait_for_call('extend_share')
    service.act(share, 'reset_status', {'status': 'available'}, who=service.admin)
    service.allow(share)
    service.delete(share)
    service.storage.lift(fault)
    assert synced(service, share) == 'active'
    assert service.show(share)['status'] == 'error_deleting'
    assert service.rules(share) == {'192.0.2.1': 'active'}


def test_rules_without_a_job_are_applied_after_a_sweep(service, share):
    service.allow(share)
    service.idle()
    with session.writer(service.context) as connection:
        store.queue_again(connection, service.instance_of(share))
    assert service.show(share)['access_rules_status'] == 'syncing'
    service.roles[-1]._sweep(service.context)
    assert synced(service, share) == 'active'
    service.check()


def test_back_end_that_lost_its_rules_gets_them_again_after_a_start(service):
    service.backends('alpha', driver=f'{DRIVERS}.Forgetful')
    service.start()
    share = service.create()
    service.allow(share, '192.0.2.1')
    service.idle()
    service.stop()
    service.conf.config(group='alpha', dummy_driver_addresses=['192.0.2.99'])
    service.start()
    wait_until(lambda: len(service.storage.calls('update_access')) == 2)
    assert synced(service, share) == 'active'
    assert in_force(service, share) == {'192.0.2.1': 'rw'}
    service.check()
