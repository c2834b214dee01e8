"""A share from its creation to its end."""
import threading

import pytest

from manila import context as contexts
from manila.jobs import bell, store as jobs
from manila.tests.fixtures.roles import wait_until


@pytest.mark.every_database
def test_share_is_created_extended_shrunk_and_deleted(service):
    service.start()
    share_id = service.create(3, name='mine', metadata={'a': 'b'})
    share = service.show(share_id)
    assert (share['status'], share['size'], share['progress'], share['host']) == (
        'available', 3, '100%', 'node@alpha#pool0')
    assert (service.in_use('shares'), service.in_use()) == (1, 3)
    service.act(share_id, 'extend', {'new_size': 7})
    assert service.settle(share_id) == 'available'
    assert (service.show(share_id)['size'], service.in_use()) == (7, 7)
    service.act(share_id, 'shrink', {'new_size': 2})
    assert service.settle(share_id) == 'available'
    assert (service.show(share_id)['size'], service.in_use()) == (2, 2)
    service.allow(share_id)
    service.delete(share_id)
    assert service.settle(share_id) is None
    assert (service.in_use('shares'), service.in_use()) == (0, 0)
    assert service.stored() == set()
    service.check()


def test_export_locations_are_those_of_the_driver_and_some_are_for_administrators(service):
    service.start()
    share_id = service.create()
    path = f'/shares/{share_id}/export_locations'
    seen = service.user.get(path)['export_locations']
    assert [(each['path'].partition(':/')[0], each['preferred']) for each in seen] == [
        ('192.0.2.10', True), ('[2001:db8::10]', False)]
    everything = service.admin.get(path)['export_locations']
    assert [each['is_admin_only'] for each in everything] == [False, False, True]
    hidden = everything[2]['id']
    assert service.user('GET', f'{path}/{hidden}').status_int == 403
    assert service.user.get(f'{path}/{seen[0]["id"]}')['export_location']['path'] == seen[0]['path']
    assert len(service.user.get(f'/shares/{share_id}', version='2.8')['share']['export_locations']) == 2


def test_driver_that_refuses_to_shrink_leaves_the_share_available_with_a_message(service):
    service.backends('alpha', dummy_driver_used_percentage=50)
    service.start()
    share_id = service.create(10)
    service.act(share_id, 'shrink', {'new_size': 4})
    assert service.settle(share_id) == 'available'
    assert service.show(share_id)['size'] == 10
    assert 'holds more than the new size' in service.messages(share_id)[0]
    service.act(share_id, 'shrink', {'new_size': 5})
    service.settle(share_id)
    assert service.show(share_id)['size'] == 5
    service.check()


def test_driver_that_cannot_shrink_leaves_the_share_available_with_a_message(service):
    service.start()
    share_id = service.create(2)
    service.storage.plan('shrink_share', error='NotImplementedError')
    service.act(share_id, 'shrink', {'new_size': 1})
    assert service.settle(share_id) == 'available'
    assert 'The driver cannot shrink shares.' in service.messages(share_id)[0]
    service.check()


@pytest.mark.parametrize(('action', 'size', 'status'), [
    ('extend', 5, 'extending_error'), ('shrink', 1, 'shrinking_error')])
def test_driver_that_fails_to_resize_leaves_an_error_and_exact_quotas(service, action, size, status):
    service.start()
    share_id = service.create(2)
    service.storage.plan(f'{action}_share', error='ShareBackendException')
    service.act(share_id, action, {'new_size': size})
    assert service.settle(share_id) == status
    assert (service.show(share_id)['size'], service.in_use()) == (2, 2)
    assert len(service.messages(share_id)) == 1
    service.storage.lift()
    service.act(share_id, 'force_delete', who=service.admin)
    assert service.settle(share_id) is None
    service.check()


def test_driver_that_fails_to_delete_leaves_an_error_until_it_is_deleted_by_force(service):
    service.start()
    share_id = service.create()
    fault = service.storage.plan('delete_share', error='ShareBackendException')
    service.delete(share_id)
    assert service.settle(share_id) == 'error_deleting'
    assert service.messages(share_id) == ['delete: An unknown error occurred.']
    assert service.in_use('shares') == 1
    service.act(share_id, 'reset_status', {'status': 'error'}, who=service.admin)
    service.storage.lift(fault)
    service.delete(share_id)
    assert service.settle(share_id) is None
    service.check()


def test_forced_deletion_goes_on_although_the_driver_fails(service):
    service.start()
    share_id = service.create()
    service.storage.plan('delete_share', error='ShareBackendException')
    service.act(share_id, 'force_delete', who=service.admin)
    assert service.settle(share_id) is None
    assert service.in_use('shares') == 0


def test_share_that_is_gone_on_the_storage_already_is_deleted(service):
    service.start()
    share_id = service.create()
    service.storage.plan('delete_share', error='ShareResourceNotFound')
    service.storage.plan('update_access', error='ShareResourceNotFound')
    service.delete(share_id)
    assert service.settle(share_id) is None


def test_share_deleted_by_force_while_it_is_created_leaves_nothing(service):
    service.start()
    fault = service.storage.plan('create_share', moment='after', hold=True)
    share_id = service.create(wait=False)
    service.storage.wait_for_call('create_share')
    service.act(share_id, 'force_delete', who=service.admin)
    service.storage.lift(fault)
    assert service.settle(share_id) is None
    assert service.stored() == set()
    service.check()


def test_share_deleted_by_force_while_its_pool_refuses_it_leaves_nothing(service):
    service.backends('alpha', 'beta')
    service.start()
    fault = service.storage.plan('create_share', error='ShareBackendException', hold=True)
    share_id = service.create(wait=False)
    service.storage.wait_for_call('create_share')
    service.act(share_id, 'force_delete', who=service.admin)
    service.storage.lift(fault)
    assert service.settle(share_id) is None
    assert len(service.storage.calls('create_share')) == 1
    service.check()


def test_share_without_a_place_is_deleted_at_once(service):
    service.start(share=False)
    share_id = service.create(wait=False)
    assert service.settle(share_id) == 'error'
    service.delete(share_id)
    assert service.show(share_id) is None
    service.check()


def test_share_deleted_before_it_is_placed_is_never_created(service):
    share_id = service.create(wait=False)
    service.act(share_id, 'force_delete', who=service.admin)
    assert service.show(share_id) is None
    service.start()
    service.check()
    assert service.storage.calls('create_share') == []


def test_share_created_before_any_service_runs_is_made_later(service):
    share_id = service.create(wait=False)
    service.start()
    assert service.settle(share_id) == 'available'


def test_lost_wake_up_costs_one_poll_interval_at_most(service, monkeypatch):
    service.conf.config(group='jobs', poll_interval=0.2)
    service.start()
    monkeypatch.setattr(bell, 'ring', lambda queue: None)
    share_id = service.create(wait=False)
    assert service.settle(share_id) == 'available'
    service.delete(share_id)
    assert service.settle(share_id) is None
    service.check()


def test_back_end_out_of_reach_is_tried_again(service):
    service.start()
    service.storage.plan('create_share', error='StorageCommunicationException', times=2)
    share_id = service.create(wait=False)
    assert service.settle(share_id) == 'available'
    assert len(service.storage.calls('create_share')) == 3
    service.check()


def test_create_cut_off_from_the_storage_is_begun_anew_where_the_driver_is_not_idempotent(service):
    service.backends('alpha', driver='manila.tests.flows.drivers.Strict')
    service.start()
    service.storage.plan('create_share', error='TimeoutError', times=1, moment='after')
    share_id = service.create(wait=False)
    assert service.settle(share_id) == 'available'
    assert len(service.storage.calls('delete_share')) == 1
    service.check()


def test_extension_of_a_share_whose_status_was_reset_counts_once(service):
    service.start()
    share_id = service.create(1)
    fault = service.storage.plan('extend_share', hold=True)
    service.act(share_id, 'extend', {'new_size': 5})
    service.storage.wait_for_call('extend_share')
    service.act(share_id, 'reset_status', {'status': 'available'}, who=service.admin)
    assert service.in_use() == 1
    service.act(share_id, 'extend', {'new_size': 3})
    service.storage.lift(fault)
    assert service.settle(share_id) == 'available'
    service.check()


def test_force_delete_while_extending_gives_everything_back(service):
    service.start()
    share_id = service.create(1)
    fault = service.storage.plan('extend_share', hold=True)
    service.act(share_id, 'extend', {'new_size': 5})
    service.storage.wait_for_call('extend_share')
    service.act(share_id, 'force_delete', who=service.admin)
    service.storage.lift(fault)
    assert service.settle(share_id) is None
    assert service.in_use() == 0
    service.check()


def test_stop_waits_for_the_jobs_in_hand(service):
    service.start()
    fault = service.storage.plan('create_share', hold=True)
    share_id = service.create(wait=False)
    service.storage.wait_for_call('create_share')
    stopping = threading.Thread(target=service.stop)
    stopping.start()
    wait_until(lambda: service.services()['node'] and not service.services()['node']['up'])
    service.storage.lift(fault)
    stopping.join(10)
    assert service.show(share_id)['status'] == 'available'
    assert not service.services()['node@alpha']['up']
    assert service.services()['node@alpha']['owner'] is None
    service.check()


def test_stop_hands_back_what_does_not_end_in_time(service):
    service.conf.config(group='jobs', stop_timeout=0)
    service.start()
    fault = service.storage.plan('create_share', hold=True, times=1)
    share_id = service.create(wait=False)
    service.storage.wait_for_call('create_share')
    service.stop()
    service.start()
    assert service.settle(share_id) == 'available'
    service.storage.lift(fault)
    service.check()


def test_sweep_moves_on_what_has_lost_its_job(service):
    service.start()
    found = {status: service.create() for status in ('creating', 'deleting')}
    for status, share_id in found.items():
        service.act(share_id, 'reset_status', {'status': status}, who=service.admin)
    service.roles[-1]._sweep(contexts.get_admin_context())
    assert [service.show(share_id)['status'] for share_id in found.values()] == ['error', 'error_deleting']
    assert all(service.messages(share_id) for share_id in found.values())
    service.check()


def test_jobs_of_shares_end_when_the_share_has_vanished(service):
    order = service.create
    share_id = order(wait=False)
    service.act(share_id, 'force_delete', who=service.admin)
    assert len(jobs.find(service.context)) == 1
    service.start()
    service.check()
