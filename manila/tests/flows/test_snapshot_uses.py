"""What snapshots are good for: going back, making shares of them, mounting them."""
import pytest

from manila.resources.snapshots import service as snapshot_service
from manila.tests.fixtures.roles import wait_until
from manila.tests.fixtures.snapshots import Snapshots


@pytest.fixture
def snapshots(service):
    """What tests do with snapshots."""
    return Snapshots(service)


def revert(service, share_id, snapshot_id, expected=202):
    return service.act(share_id, 'revert', {'snapshot_id': snapshot_id}, expected)


def clone(service, snapshot_id, wait=True, size=None, **values):
    return service.create(size, wait=wait, snapshot_id=snapshot_id, **values)


# ---- going back

@pytest.mark.parametrize('resized', [1, 5])
def test_share_is_reverted_to_the_content_and_size_of_its_newest_snapshot(service, snapshots, resized):
    service.start()
    share_id, snapshot_id = snapshots.taken(3)
    service.allow(share_id)
    service.settle(share_id)
    service.act(share_id, 'extend' if resized > 3 else 'shrink', {'new_size': resized})
    service.settle(share_id)
    fault = service.storage.plan('revert_to_snapshot', hold=True)
    revert(service, share_id, snapshot_id)
    service.storage.wait_for_call('revert_to_snapshot')
    assert service.show(share_id)['status'] == 'reverting'
    assert snapshots.show(snapshot_id)['status'] == 'restoring'
    assert service.in_use() == max(3, resized)
    service.storage.lift(fault)
    assert service.settle(share_id) == 'available'
    assert snapshots.settle(snapshot_id) == 'available'
    assert (service.show(share_id)['size'], service.in_use()) == (3, 3)
    snapshots.check()


def test_driver_may_say_another_size_after_a_revert(service, snapshots, monkeypatch):
    service.start()
    share_id, snapshot_id = snapshots.taken(3)
    monkeypatch.setattr(service.driver(), 'revert_to_snapshot', lambda *args, **kwargs: 4)
    revert(service, share_id, snapshot_id)
    assert service.settle(share_id) == 'available'
    assert (service.show(share_id)['size'], service.in_use()) == (4, 4)
    assert snapshots.in_use() == (1, 3)
    snapshots.check()


def test_driver_that_fails_to_revert_leaves_an_error_a_message_and_exact_quotas(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(3)
    service.act(share_id, 'shrink', {'new_size': 1})
    service.settle(share_id)
    service.storage.plan('revert_to_snapshot', error='ShareBackendException')
    revert(service, share_id, snapshot_id)
    assert service.settle(share_id) == 'reverting_error'
    assert snapshots.show(snapshot_id)['status'] == 'available'
    assert service.messages(share_id) == ['revert to snapshot: An unknown error occurred.']
    assert (service.show(share_id)['size'], service.in_use()) == (1, 1)
    snapshots.check()


def test_share_is_not_reverted_beyond_its_quota(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(3)
    service.act(share_id, 'shrink', {'new_size': 1})
    service.settle(share_id)
    service.conf.config(group='quota', gigabytes=2)
    revert(service, share_id, snapshot_id, expected=403)
    assert service.show(share_id)['status'] == snapshots.show(snapshot_id)['status'] == 'available'
    snapshots.check()


def test_only_the_newest_snapshot_can_be_reverted_to(service, snapshots):
    service.start()
    share_id, old = snapshots.taken()
    new = snapshots.take(share_id)
    revert(service, share_id, old, expected=409)
    snapshots.delete(new)
    snapshots.settle(new)
    revert(service, share_id, old)
    assert service.settle(share_id) == 'available'


def test_share_is_not_reverted_while_states_do_not_allow_it(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken()
    other, foreign = snapshots.taken()
    revert(service, share_id, foreign, expected=400)
    revert(service, share_id, '01234567-0123-0123-0123-0123456789ab', expected=400)
    snapshots.reset(snapshot_id, 'error')
    revert(service, share_id, snapshot_id, expected=409)
    snapshots.reset(snapshot_id, 'available')
    service.act(share_id, 'reset_status', {'status': 'error'}, who=service.admin)
    revert(service, share_id, snapshot_id, expected=409)
    service.act(share_id, 'reset_status', {'status': 'available'}, who=service.admin)
    service.storage.plan('update_access', error='ShareBackendException', times=1)
    service.allow(share_id)
    service.settle(share_id)
    assert service.show(share_id)['access_rules_status'] == 'error'
    revert(service, share_id, snapshot_id, expected=409)
    service.act(share_id, 'revert', {'snapshot_id': 'no uuid'}, 400)


def test_share_whose_type_does_not_allow_it_is_not_reverted(service, snapshots):
    service.start()
    share_id = service.create()
    _, snapshot_id = snapshots.taken()
    revert(service, share_id, snapshot_id, expected=400)
    service.act(share_id, 'revert', {'snapshot_id': snapshot_id}, 404, version='2.26')


def test_revert_of_a_share_whose_status_was_reset_frees_the_snapshot(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(3)
    service.act(share_id, 'shrink', {'new_size': 1})
    service.settle(share_id)
    fault = service.storage.plan('revert_to_snapshot', hold=True)
    revert(service, share_id, snapshot_id)
    service.storage.wait_for_call('revert_to_snapshot')
    service.act(share_id, 'reset_status', {'status': 'available'}, who=service.admin)
    assert service.in_use() == 1
    service.storage.lift(fault)
    assert snapshots.settle(snapshot_id) == 'available'
    snapshots.check()


def test_share_whose_snapshot_is_deleted_by_force_before_the_revert_stays_as_it_is(service, snapshots):
    service.start()
    share_id, snapshot_id = snapshots.taken(3)
    service.act(share_id, 'shrink', {'new_size': 1})
    service.settle(share_id)
    fault = service.storage.plan('snapshot_update_access', hold=True)
    allow(snapshots, snapshot_id)
    service.storage.wait_for_call('snapshot_update_access')
    revert(service, share_id, snapshot_id)
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    service.storage.lift(fault)
    assert service.settle(share_id) == 'available'
    assert (service.show(share_id)['size'], service.in_use()) == (1, 1)
    assert service.messages(share_id) == ['revert to snapshot: An unknown error occurred.']
    assert service.storage.calls('revert_to_snapshot') == []
    assert snapshots.settle(snapshot_id) is None
    snapshots.check()


# ---- making shares

@pytest.mark.every_database
def test_share_is_made_from_a_snapshot_on_its_back_end_without_the_scheduler(service, snapshots):
    service.backends('alpha', 'beta')
    service.start()
    share_id, snapshot_id = snapshots.taken(2)
    scheduler = service.roles.pop()
    scheduler.stop()
    made = service.show(clone(service, snapshot_id))
    assert (made['size'], made['snapshot_id'], made['share_type_name']) == (2, snapshot_id, 'full')
    assert made['host'] == service.show(share_id)['host']
    assert made['availability_zone'] == service.show(share_id)['availability_zone']
    assert (service.in_use('shares'), service.in_use()) == (2, 4)
    snapshots.check()


def test_share_from_a_snapshot_may_be_larger_but_not_smaller(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken(3)
    assert service.show(clone(service, snapshot_id, size=5))['size'] == 5
    answer = service.user('POST', '/shares',
                          {'share': {'share_proto': 'NFS', 'size': 2, 'snapshot_id': snapshot_id}})
    assert answer.status_int == 400
    snapshots.check()


@pytest.mark.parametrize('domain, expected', [('near', 'available'), (None, 'error')])
def test_scheduler_may_place_a_share_from_a_snapshot_elsewhere_in_the_replication_domain(
        service, snapshots, domain, expected):
    service.conf.config(use_scheduler_creating_share_from_snapshot=True)
    service.backends('alpha', 'beta', replication_domain=domain)
    service.start()
    share_id, snapshot_id = snapshots.taken()
    away = 'beta' if '@alpha' in service.show(share_id)['host'] else 'alpha'
    share_from = clone(service, snapshot_id, wait=False, scheduler_hints={'different_host': share_id})
    # The dummy drivers of two back ends do not know each other's snapshots.
    assert service.settle(share_from) in ('available', 'error')
    calls = service.storage.calls('create_share_from_snapshot')
    assert [call['backend'] for call in calls] == ([away] if expected == 'available' else [])


def test_pool_that_refuses_a_clone_is_followed_by_the_next(service, snapshots):
    service.conf.config(use_scheduler_creating_share_from_snapshot=True)
    service.backends('alpha', dummy_driver_pools=['one', 'two'])
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('create_share_from_snapshot', error='ShareBackendException', times=1)
    assert service.settle(clone(service, snapshot_id, wait=False)) == 'available'
    assert len(service.storage.calls('create_share_from_snapshot')) == 2
    snapshots.check()


def test_driver_that_fails_to_clone_leaves_an_error_on_the_same_back_end(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('create_share_from_snapshot', error='ShareBackendException')
    share_id = clone(service, snapshot_id, wait=False)
    assert service.settle(share_id) == 'error'
    assert service.messages(share_id) == ['create: An unknown error occurred.']
    service.delete(share_id)
    assert service.settle(share_id) is None
    snapshots.check()


def test_share_cloned_in_the_background_is_watched_until_it_is_there(service, snapshots):
    service.backends('alpha', dummy_driver_async_clone=True)
    service.start()
    _, snapshot_id = snapshots.taken()
    fault = service.storage.plan('get_share_status', hold=True)
    share_id = clone(service, snapshot_id, wait=False)
    service.storage.wait_for_call('get_share_status')
    shown = service.show(share_id)
    assert (shown['status'], shown['progress']) == ('creating_from_snapshot', '0%')
    assert service.user.get(f'/shares/{share_id}', '2.53')['share']['status'] == 'creating'
    service.storage.lift(fault)
    assert wait_until(lambda: service.show(share_id)['progress'] != '0%')
    assert service.settle(share_id) == 'available'
    assert service.show(share_id)['progress'] == '100%'
    assert len(service.storage.calls('get_share_status')) == 2
    assert service.user.get(f'/shares/{share_id}/export_locations')['export_locations']
    snapshots.check()


def test_clone_that_fails_in_the_background_is_an_error_with_a_message(service, snapshots):
    service.backends('alpha', dummy_driver_async_clone=True)
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('get_share_status', error='ShareBackendException')
    share_id = clone(service, snapshot_id, wait=False)
    assert service.settle(share_id) == 'error'
    assert service.show(share_id)['progress'] is None
    assert service.messages(share_id) == ['update: The driver could not make a share from the snapshot.']
    service.delete(share_id)
    assert service.settle(share_id) is None
    snapshots.check()


def test_snapshot_is_deleted_only_when_no_share_is_being_made_from_it(service, snapshots, monkeypatch):
    monkeypatch.setattr('manila.resources.snapshots.work.CLONE_PAUSE', 0.1)
    service.start()
    _, snapshot_id = snapshots.taken()
    fault = service.storage.plan('create_share_from_snapshot', hold=True)
    share_id = clone(service, snapshot_id, wait=False)
    service.storage.wait_for_call('create_share_from_snapshot')
    snapshots.delete(snapshot_id)
    assert service.storage.calls('delete_snapshot') == []
    service.storage.lift(fault)
    assert service.settle(share_id) == 'available'
    assert snapshots.settle(snapshot_id) is None
    assert service.show(share_id)['snapshot_id'] == snapshot_id
    snapshots.check()


def test_share_whose_snapshot_is_gone_before_it_is_made_is_an_error(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    service.stop()
    service.keep_alive()
    share_id = clone(service, snapshot_id, wait=False)
    snapshots.act(snapshot_id, 'force_delete', who=service.admin)
    service.start()
    assert service.settle(share_id) == 'error'
    assert service.storage.calls('create_share_from_snapshot') == []
    assert snapshots.settle(snapshot_id) is None
    snapshots.check()


# ---- mounting

def allow(snapshots, snapshot_id, access_to='192.0.2.1', expected=202, version='2.99'):
    return snapshots.act(snapshot_id, 'allow_access', {'access_type': 'ip', 'access_to': access_to}, expected,
                         version=version)


def in_force(snapshots, snapshot_id):
    return {rule[1] for rule in snapshots.record(snapshot_id)['rules'].values()}


@pytest.mark.every_database
def test_access_to_a_snapshot_is_given_and_taken_away(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    first = allow(snapshots, snapshot_id).json['snapshot_access']
    assert first['state'] == 'queued_to_apply'
    allow(snapshots, snapshot_id, '2001:db8::/64')
    snapshots.settle(snapshot_id)
    assert snapshots.rules(snapshot_id) == {'192.0.2.1': 'active', '2001:db8::/64': 'active'}
    snapshots.act(snapshot_id, 'deny_access', {'access_id': first['id']})
    snapshots.settle(snapshot_id)
    assert snapshots.rules(snapshot_id) == {'2001:db8::/64': 'active'}
    assert in_force(snapshots, snapshot_id) == {'2001:db8::/64'}
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None
    snapshots.check()


def test_changes_of_access_that_wait_are_applied_together(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    fault = service.storage.plan('snapshot_update_access', hold=True)
    allow(snapshots, snapshot_id, '192.0.2.1')
    service.storage.wait_for_call('snapshot_update_access')
    allow(snapshots, snapshot_id, '192.0.2.2')
    allow(snapshots, snapshot_id, '192.0.2.3')
    service.storage.lift(fault)
    snapshots.settle(snapshot_id)
    assert in_force(snapshots, snapshot_id) == {'192.0.2.1', '192.0.2.2', '192.0.2.3'}
    assert len(service.storage.calls('snapshot_update_access')) == 2
    snapshots.check()


def test_driver_that_refuses_access_to_a_snapshot_leaves_an_error_that_can_be_denied(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    service.storage.plan('snapshot_update_access', error='ShareBackendException', times=1)
    rule = allow(snapshots, snapshot_id).json['snapshot_access']['id']
    snapshots.settle(snapshot_id)
    assert snapshots.rules(snapshot_id) == {'192.0.2.1': 'error'}
    assert service.messages(snapshot_id) == ['update access rules: An unknown error occurred.']
    snapshots.act(snapshot_id, 'deny_access', {'access_id': rule})
    snapshots.settle(snapshot_id)
    assert snapshots.rules(snapshot_id) == {}
    snapshots.check()


def test_snapshot_is_deleted_although_its_rules_cannot_be_taken_away(service, snapshots):
    service.start()
    _, snapshot_id = snapshots.taken()
    allow(snapshots, snapshot_id)
    snapshots.settle(snapshot_id)
    service.storage.plan('snapshot_update_access', error='ShareBackendException')
    snapshots.delete(snapshot_id)
    assert snapshots.settle(snapshot_id) is None


def test_rule_of_a_snapshot_that_has_lost_its_job_is_applied(service, snapshots, monkeypatch):
    service.start()
    _, snapshot_id = snapshots.taken()
    with monkeypatch.context() as patch:
        patch.setattr(snapshot_service, 'order', lambda *args, **kwargs: None)
        allow(snapshots, snapshot_id)
    assert snapshots.rules(snapshot_id) == {'192.0.2.1': 'queued_to_apply'}
    service.roles[-1]._sweep(service.context)
    snapshots.settle(snapshot_id)
    assert snapshots.rules(snapshot_id) == {'192.0.2.1': 'active'}
    snapshots.check()


def test_active_rules_are_told_to_a_driver_that_reverts(service, snapshots, monkeypatch):
    service.start()
    share_id, snapshot_id = snapshots.taken()
    service.allow(share_id)
    service.settle(share_id)
    allow(snapshots, snapshot_id, '192.0.2.9')
    snapshots.settle(snapshot_id)
    told = []
    monkeypatch.setattr(service.driver(), 'revert_to_snapshot',
                        lambda context, snapshot, *rules, **kwargs: told.append((snapshot, *rules)))
    revert(service, share_id, snapshot_id)
    service.settle(share_id)
    (snapshot, of_share, of_snapshot), = told
    assert [rule['access_to'] for rule in of_share] == ['192.0.2.1']
    assert [rule['access_to'] for rule in of_snapshot] == ['192.0.2.9']
    assert snapshot['share_id'] == snapshot['share_instance_id'] == service.instance_of(share_id)
