"""Snapshots from the request to the storage."""
import pytest

from manila.tests.fixtures.roles import wait_until
from manila.tests.fixtures.snapshots import Snapshots


@pytest.fixture
def snapshots(service):
    """What tests do with snapshots."""
    return Snapshots(service)


@pytest.mark.every_database
def test_snapshot_is_taken_and_deleted_and_counts_meanwhile(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(3, name='mine', metadata={'a': 'b'})
    snapshot = snapshots.show(snapshot_id)
    assert (snapshot['status'], snapshot['size'], snapshot['share_size'], snapshot['share_id']) == (
        'available', 3, 3, share_id)
    assert snapshot['metadata'] == {'a': 'b'}
    assert snapshot['provider_location'] == snapshots.record(snapshot_id)['name']
    assert snapshots.in_use() == (1, 3)
    service.delete(share_id, expected=403)
    service.act(share_id, 'force_delete', who=service.admin, expected=400)
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None
    assert (snapshots.in_use(), snapshots.stored()) == ((0, 0), set())
    service.delete(share_id)
    assert service.settle(share_id) is None
    snapshots.check()


def test_snapshot_keeps_the_size_that_the_share_had(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(2)
    service.act(share_id, 'extend', {'new_size': 5})
    service.settle(share_id)
    second = snapshots.take(share_id)
    assert [snapshots.show(each)['size'] for each in (snapshot_id, second)] == [2, 5]
    assert snapshots.in_use() == (2, 7)
    snapshots.check()


def test_driver_that_fails_leaves_an_error_with_a_message_and_the_snapshot_counts_until_it_is_deleted(
        service, snapshots):
    service.start()
    share_id = snapshots.share(2)
    fault = service.storage.plan('create_snapshot', error='ShareBackendException')
    snapshot_id = snapshots.take(share_id, wait=False)
    assert snapshots.settle(snapshot_id) == 'error'
    assert service.messages(snapshot_id) == ['create: An unknown error occurred.']
    assert snapshots.in_use() == (1, 2)
    service.storage.lift(fault)
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None
    assert snapshots.in_use() == (0, 0)
    snapshots.check()


def test_driver_that_fails_to_delete_leaves_an_error_until_it_is_deleted_by_force(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('delete_snapshot', error='ShareBackendException')
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) == 'error_deleting'
    assert service.messages(snapshot_id) == ['delete: An unknown error occurred.']
    snapshots.delete(snapshot_id, expected=400)
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    assert snapshots.settle(snapshot_id) is None
    assert snapshots.in_use() == (0, 0)


def test_snapshot_that_is_gone_on_the_storage_already_is_deleted(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('delete_snapshot', error='SnapshotResourceNotFound')
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None


def test_back_end_out_of_reach_is_tried_again(service, snapshots):
    service.start()
    share_id = snapshots.share()
    service.storage.plan('create_snapshot', error='StorageCommunicationException', times=2)
    assert snapshots.settle(snapshots.take(share_id, wait=False)) == 'available'
    assert len(service.storage.calls('create_snapshot')) == 3
    snapshots.check()


def test_nothing_else_is_done_to_the_share_while_a_snapshot_is_taken(service, snapshots):
    service.start()
    share_id = snapshots.share()
    fault = service.storage.plan('create_snapshot', hold=True)
    snapshot_id = snapshots.take(share_id, wait=False)
    service.storage.wait_for_call('create_snapshot')
    service.allow(share_id)
    service.act(share_id, 'extend', {'new_size': 2, 'force': True}, who=service.admin)
    assert service.storage.calls('update_access') == service.storage.calls('extend_share') == []
    service.storage.lift(fault)
    assert snapshots.settle(snapshot_id) == 'available'
    assert service.settle(share_id) == 'available'
    assert service.rules(share_id) == {'192.0.2.1': 'active'}
    snapshots.check()


def test_snapshot_deleted_by_force_while_it_is_taken_leaves_nothing(service, snapshots):
    service.start()
    share_id = snapshots.share()
    fault = service.storage.plan('create_snapshot', moment='after', hold=True)
    snapshot_id = snapshots.take(share_id, wait=False)
    service.storage.wait_for_call('create_snapshot')
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    service.storage.lift(fault)
    assert snapshots.settle(snapshot_id) is None
    assert snapshots.stored() == set()
    snapshots.check()


def test_deferred_deletion_hides_and_frees_at_once_and_is_tried_until_it_succeeds(service, snapshots):
    service.conf.config(is_deferred_deletion_enabled=True, periodic_deferred_delete_interval=1)
    service.start()
    share_id, snapshot_id = snapshots.taken(2)
    fault = service.storage.plan('delete_snapshot', error='ShareBackendException')
    snapshots.delete(snapshot_id)
    assert service.user('GET', f'/snapshots/{snapshot_id}').status_int == 404
    assert service.user.get('/snapshots')['snapshots'] == []
    assert snapshots.in_use() == (0, 0)
    wait_until(lambda: snapshots.show(snapshot_id)['status'] == 'error_deferred_deleting')
    listed = service.admin.get('/snapshots?all_tenants=1&status=error_deferred_deleting')['snapshots']
    assert [each['id'] for each in listed] == [snapshot_id]
    service.storage.wait_for_call('delete_snapshot', number=2)
    assert len(service.messages(snapshot_id)) == 1
    service.delete(share_id)
    service.storage.lift(fault)
    wait_until(lambda: snapshots.show(snapshot_id) is None)
    assert snapshots.in_use() == (0, 0)


def test_share_is_removed_after_its_snapshots_whose_deletion_was_put_off(service, snapshots):
    service.conf.config(is_deferred_deletion_enabled=True, periodic_interval=1)
    service.start()
    share_id, snapshot_id = snapshots.taken()
    snapshots.delete(snapshot_id)
    service.delete(share_id)
    assert service.settle(share_id) is None
    assert snapshots.stored() == service.stored() == set()
    snapshots.check()


def test_deferred_deletion_goes_on_although_its_job_was_lost(service, snapshots):
    service.conf.config(is_deferred_deletion_enabled=True, periodic_deferred_delete_interval=3600)
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('delete_snapshot', error='StorageCommunicationException', times=5)
    snapshots.delete(snapshot_id)
    wait_until(lambda: snapshots.show(snapshot_id)['status'] == 'error_deferred_deleting')
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    wait_until(lambda: snapshots.show(snapshot_id) is None)
    assert snapshots.in_use() == (0, 0)


def test_unmanaged_snapshot_stays_on_the_storage_and_can_be_managed_again(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(2)
    location = snapshots.show(snapshot_id)['provider_location']
    snapshots.manage(share_id, location, expected=409)
    snapshots.act(snapshot_id, 'unmanage', who=service.admin)
    assert snapshots.settle(snapshot_id) is None
    assert snapshots.in_use() == (0, 0)
    assert [record['managed'] for record in service.storage.objects('snapshot').values()] == [False]
    again = snapshots.manage(share_id, location, name='again')
    assert snapshots.settle(again) == 'available'
    shown = snapshots.show(again)
    assert (shown['size'], shown['name'], shown['provider_location']) == (2, 'again', location)
    assert '__managed_at' in shown['metadata']
    assert snapshots.in_use(service.admin) == (1, 2)
    assert service.admin.get(f'/snapshots/{again}/export-locations')['share_snapshot_export_locations']
    snapshots.check()


def test_snapshot_that_is_not_there_cannot_be_managed_and_counts_nothing(service, snapshots):
    service.start()
    share_id = snapshots.share(4)
    snapshot_id = snapshots.manage(share_id, 'nothing')
    assert snapshots.settle(snapshot_id) == 'manage_error'
    assert (snapshots.show(snapshot_id)['size'], snapshots.in_use(service.admin)) == (1, (0, 0))
    snapshots.act(snapshot_id, 'unmanage', who=service.admin)
    assert snapshots.settle(snapshot_id) == 'unmanage_error'
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    assert snapshots.settle(snapshot_id) is None
    snapshots.check()


def test_snapshot_that_an_administrator_calls_available_counts(service, snapshots):
    service.start()
    share_id = snapshots.share()
    snapshot_id = snapshots.manage(share_id, 'nothing')
    snapshots.settle(snapshot_id)
    snapshots.reset(snapshot_id, 'error')
    assert snapshots.in_use(service.admin) == (0, 0)
    snapshots.reset(snapshot_id, 'available')
    snapshots.reset(snapshot_id, 'available')
    assert snapshots.in_use(service.admin) == (1, 1)
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    assert snapshots.settle(snapshot_id) is None
    assert snapshots.in_use(service.admin) == (0, 0)
    snapshots.check()


def test_driver_that_does_not_let_go_of_a_snapshot_leaves_an_error(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('unmanage_snapshot', error='UnmanageInvalidShareSnapshot', times=1)
    snapshots.act(snapshot_id, 'unmanage', who=service.admin)
    assert snapshots.settle(snapshot_id) == 'unmanage_error'
    snapshots.act(snapshot_id, 'unmanage', who=service.admin)
    assert snapshots.settle(snapshot_id) is None
    snapshots.check()


def test_sweep_moves_on_what_has_lost_its_job(service, snapshots):
    service.start()
    share_id = snapshots.share()
    ends = {'creating': 'error', 'deleting': 'error_deleting', 'manage_starting': 'manage_error',
            'unmanage_starting': 'unmanage_error', 'restoring': 'available'}
    found = {status: snapshots.take(share_id) for status in ends}
    for status, snapshot_id in found.items():
        snapshots.reset(snapshot_id, status)
    service.roles[-1]._sweep(service.context)
    assert {status: snapshots.show(snapshot_id)['status'] for status, snapshot_id in found.items()} == ends
    assert service.messages(found['creating']) and service.messages(found['deleting'])
    snapshots.check()
