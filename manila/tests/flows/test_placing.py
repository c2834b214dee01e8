"""Where shares go, and what their owners are told when they go nowhere."""
import pytest

from manila.jobs import store as jobs
from manila.tests.fixtures.roles import NODE


def failed(service, **values):
    """Create a share that ends in error; returns its id and its only message."""
    share_id = service.create(wait=False, **values)
    assert service.settle(share_id) == 'error'
    message, = service.messages(share_id)
    assert '@' not in message and NODE not in message
    return share_id, message


def test_pools_are_tried_one_after_the_other_until_one_makes_the_share(service):
    service.backends('alpha', 'beta', 'gamma', 'delta')
    service.start()
    for name in ('alpha', 'gamma', 'delta'):
        service.driver(name).faults.plan('create_share', error='ShareBackendException')
    share_ids = [service.create(wait=False) for _ in range(6)]
    assert {service.settle(share_id) for share_id in share_ids} == {'available'}
    assert {service.show(share_id)['host'] for share_id in share_ids} == {f'{NODE}@beta#pool0'}
    service.check()


def test_share_that_every_pool_refuses_is_in_error_with_the_reasons(service):
    service.backends('alpha', 'beta')
    service.start()
    service.storage.plan('create_share', error='ShareBackendException')
    share_id, message = failed(service)
    assert message == ('allocate host: No storage could be allocated for this share request: all back ends have been '
                       'tried already: RetryFilter. '
                       'already tried: the back end could not create the share (2 pools)')
    assert service.show(share_id)['host'] is None
    assert len(service.storage.calls('create_share')) == 2
    service.delete(share_id)
    assert service.show(share_id) is None
    service.check()


def test_message_names_each_reason(service):
    service.backends('alpha', dummy_driver_total_capacity_gb=5)
    service.conf.config(group='alpha', backend_availability_zone='east')
    service.backends('alpha', 'beta')
    service.conf.config(group='beta', dummy_driver_report_capabilities={'vendor_name': 'Someone'})
    service.start()
    service.storage.plan('create_share', error='ShareBackendException')
    _share_id, message = failed(service, size=7, availability_zone='nova')
    assert 'already tried' in message and 'availability zone' in message.lower()


def test_one_attempt_only_where_the_configuration_says_so(service):
    service.conf.config(scheduler_max_attempts=1)
    service.backends('alpha', 'beta')
    service.start()
    service.storage.plan('create_share', error='ShareBackendException')
    _share_id, message = failed(service)
    assert message == 'create: An unknown error occurred.'
    assert len(service.storage.calls('create_share')) == 1


def test_what_cannot_be_cleaned_up_keeps_the_share_on_its_pool(service):
    service.backends('alpha', 'beta')
    service.start()
    service.storage.plan('create_share', error='ShareBackendException', moment='after')
    fault = service.storage.plan('delete_share', error='ShareBackendException')
    share_id, _message = failed(service)
    assert service.show(share_id)['host'] is not None
    assert len(service.storage.calls('create_share')) == 1
    service.storage.lift(fault)
    service.delete(share_id)
    assert service.settle(share_id) is None
    assert service.stored() == set()
    service.check()


def test_secrets_of_a_driver_do_not_reach_users(service):
    service.start()

    def refuse(*args, **kwargs):
        raise RuntimeError('login admin:secret at 10.9.8.7 failed')
    service.driver().create_share = refuse
    _share_id, message = failed(service)
    assert 'secret' not in message and '10.9.8.7' not in message


def test_capacity_decides_and_two_shares_do_not_get_the_same_last_room(service):
    service.backends('alpha', dummy_driver_total_capacity_gb=10)
    service.conf.config(periodic_interval=3600)
    service.start()
    first, second = service.create(6, wait=False), service.create(6, wait=False)
    assert sorted([service.settle(first), service.settle(second)]) == ['available', 'error']
    lost = first if service.show(first)['status'] == 'error' else second
    assert 'CapacityFilter' in service.messages(lost)[0]
    service.check()


def test_availability_zone_decides(service):
    service.backends('alpha', 'beta')
    service.conf.config(group='beta', backend_availability_zone='west')
    service.start()
    for _ in range(3):
        share = service.show(service.create(availability_zone='west'))
        assert (share['host'], share['availability_zone']) == (f'{NODE}@beta#pool0', 'west')


def test_disabled_service_gets_nothing_more_at_once(service):
    service.backends('alpha', 'beta')
    service.start()
    answer = service.admin('PUT', '/services/disable', {'host': f'{NODE}@alpha', 'binary': 'manila-share'})
    assert answer.status_int == 200, answer.text
    share_ids = [service.create(wait=False) for _ in range(8)]
    assert [service.settle(share_id) for share_id in share_ids] == ['available'] * 8
    assert {service.show(share_id)['host'] for share_id in share_ids} == {f'{NODE}@beta#pool0'}
    service.admin('PUT', '/services/disable', {'host': f'{NODE}@beta', 'binary': 'manila-share'})
    failed(service)
    service.admin('PUT', '/services/enable', {'host': f'{NODE}@alpha', 'binary': 'manila-share'})
    assert service.show(service.create())['host'] == f'{NODE}@alpha#pool0'


def test_back_end_that_was_stopped_gets_nothing_more_at_once(service):
    service.backends('alpha', 'beta')
    service.start()
    service.keeper('alpha').stop()
    share_ids = [service.create(wait=False) for _ in range(4)]
    assert [service.settle(share_id) for share_id in share_ids] == ['available'] * 4
    assert {service.show(share_id)['host'] for share_id in share_ids} == {f'{NODE}@beta#pool0'}


def test_back_end_that_is_not_ready_gets_nothing(service):
    service.backends('alpha', 'beta')
    service.conf.config(group='beta', dummy_driver_failures={'check_for_setup_error': 'ShareBackendException'})
    service.start()
    assert not service.services()[f'{NODE}@beta']['up']
    assert {service.show(service.create())['host'] for _ in range(4)} == {f'{NODE}@alpha#pool0'}


def test_before_any_back_end_has_reported_owners_are_told_so(service):
    service.start(share=False)
    _share_id, message = failed(service)
    assert message == 'allocate host: No back end has reported yet; please try again later.'


def test_extension_without_room_leaves_the_share_as_it_is(service):
    service.backends('alpha', dummy_driver_total_capacity_gb=10)
    service.start()
    share_id = service.create(6)
    service.act(share_id, 'extend', {'new_size': 11})
    assert service.settle(share_id) == 'available'
    assert (service.show(share_id)['size'], service.in_use()) == (6, 6)
    message, = service.messages(share_id)
    assert message.startswith('extend: No storage could be allocated for this share request: no back end is left with '
                              'enough space: CapacityFilter.')
    assert '@' not in message
    service.check()


def test_forced_extension_does_not_ask_the_scheduler(service):
    service.start(scheduler=False)
    service.start(share=False)
    share_id = service.create(6)
    service.roles.pop().stop()
    service.act(share_id, 'extend', {'new_size': 11, 'force': True}, who=service.admin)
    assert service.settle(share_id) == 'available'
    assert service.show(share_id)['size'] == 11
    service.check()


@pytest.mark.parametrize('reset', [False, True])
def test_extension_that_is_not_wanted_any_more_ends(service, reset):
    service.start()
    share_id = service.create(1)
    service.roles.pop().stop()
    service.act(share_id, 'extend', {'new_size': 4})
    if reset:
        service.act(share_id, 'reset_status', {'status': 'available'}, who=service.admin)
    else:
        service.act(share_id, 'force_delete', who=service.admin)
    service.start(share=False)
    service.check()
    assert service.in_use() == (1 if reset else 0)
    assert not jobs.find(service.context)
