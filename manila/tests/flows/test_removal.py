"""Shares that go: into the recycle bin and out of it, or at once although their back end is not there yet."""
import datetime

import pytest

from manila.conf import CONF
from manila.db import base, session
from manila.jobs import store as jobs
from manila.resources.recycle_bin import service as recycle_bin
from manila.resources.shares import store as shares
from manila.tests.fixtures.roles import wait_until


def expire(service, share_id):
    """Let the time of a share in the recycle bin be over."""
    with session.writer(service.context) as connection:
        shares.change(connection, share_id, scheduled_to_be_deleted_at=base.now() - datetime.timedelta(seconds=1))


def test_share_is_put_into_the_recycle_bin_and_restored(service):
    service.start()
    share_id = service.create(2, name='mine')
    service.allow(share_id)
    service.idle()
    service.act(share_id, 'soft_delete')
    assert service.user.get('/shares')['shares'] == []
    (share,) = service.user.get('/shares/detail?is_soft_deleted=True')['shares']
    left = datetime.datetime.fromisoformat(share['scheduled_to_be_deleted_at']) - base.now()
    assert abs(left.total_seconds() - CONF.soft_deleted_share_retention_time) < 60
    assert share['is_soft_deleted'] is True and share['status'] == 'available'
    assert service.user.get('/shares?is_soft_deleted=1', version='2.68')['shares'] == []
    assert service.in_use() == 2
    service.act(share_id, 'restore')
    assert service.user.get(f'/shares/{share_id}')['share']['scheduled_to_be_deleted_at'] is None
    assert [each['id'] for each in service.user.get('/shares')['shares']] == [share_id]
    assert service.rules(share_id) == {'192.0.2.1': 'active'}
    service.act(share_id, 'restore', expected=200)
    service.check()


@pytest.mark.every_database
def test_share_is_deleted_when_its_time_in_the_recycle_bin_is_over(service):
    service.conf.config(check_for_expired_shares_in_recycle_bin_interval=1)
    service.start()
    gone, kept, restored = service.create(1), service.create(2), service.create(4)
    for share_id in (gone, kept, restored):
        service.act(share_id, 'soft_delete')
    service.act(restored, 'restore')
    expire(service, gone)
    wait_until(lambda: service.show(gone) is None, what='the end of the share')
    service.idle()
    assert service.in_use() == 6
    assert service.stored() == {service.instance_of(kept), service.instance_of(restored)}
    service.check()


def test_deletion_of_an_expired_share_that_failed_is_tried_again(service):
    service.start()
    share_id = service.create()
    service.act(share_id, 'soft_delete')
    expire(service, share_id)
    service.storage.plan('delete_share', error='ShareBackendException', times=1)
    assert recycle_bin.expire(service.context, 10) == 1
    assert recycle_bin.expire(service.context, 10) == 0
    service.idle()
    assert service.show(share_id)['status'] == 'error_deleting'
    service.act(share_id, 'restore', expected=403)
    assert recycle_bin.expire(service.context, 10) == 1
    assert service.settle(share_id) is None
    service.check()


def test_share_from_the_recycle_bin_may_be_deleted_at_once(service):
    service.start()
    share_id = service.create()
    service.act(share_id, 'soft_delete')
    service.delete(share_id)
    assert service.settle(share_id) is None
    service.check()


@pytest.mark.every_database
def test_deferred_deletion_hides_and_frees_at_once_and_is_tried_until_it_succeeds(service):
    service.conf.config(is_deferred_deletion_enabled=True, periodic_deferred_delete_interval=1)
    service.start()
    share_id = service.create(3)
    fault = service.storage.plan('delete_share', error='ShareBackendException')
    service.delete(share_id)
    assert service.user('GET', f'/shares/{share_id}').status_int == 404
    assert service.user('PUT', f'/shares/{share_id}', {'share': {'name': 'x'}}).status_int == 404
    assert service.user.get('/shares?with_count=1') == {'shares': [], 'count': 0}
    assert service.user('GET', '/shares?status=deferred_deleting').status_int == 403
    assert (service.in_use('shares'), service.in_use()) == (0, 0)
    wait_until(lambda: service.show(share_id)['status'] == 'error_deferred_deleting')
    listed = service.admin.get('/shares?all_tenants=1&status=error_deferred_deleting')['shares']
    assert [each['id'] for each in listed] == [share_id]
    service.storage.wait_for_call('delete_share', number=2)
    assert len(service.messages(share_id)) == 1
    service.storage.lift(fault)
    wait_until(lambda: service.show(share_id) is None)
    service.check()


def test_deferred_deletion_goes_on_after_the_back_end_was_out_of_reach_for_long(service):
    service.conf.config(is_deferred_deletion_enabled=True, periodic_deferred_delete_interval=1)
    service.conf.config(group='jobs', max_attempts=2)
    service.start()
    share_id = service.create()
    service.storage.plan('delete_share', error='StorageCommunicationException', times=3)
    service.delete(share_id)
    wait_until(lambda: service.show(share_id) is None)
    service.check()


def test_deferred_deletion_without_a_job_is_taken_up_again(service):
    from manila.jobs import sweep
    from manila.tests.fixtures.rows import without_jobs
    service.conf.config(is_deferred_deletion_enabled=True)
    service.start()
    share_id = service.create()
    service.stop()
    service.delete(share_id)
    without_jobs(service.context)
    assert sweep.run(service.context) == 1
    service.start()
    wait_until(lambda: service.show(share_id) is None)
    service.check()


def test_share_that_an_administrator_calls_available_after_its_deletion_counts_again(service):
    service.conf.config(is_deferred_deletion_enabled=True)
    service.start()
    share_id = service.create(3)
    service.stop()
    service.delete(share_id)
    assert service.in_use() == 0
    service.act(share_id, 'reset_status', {'status': 'available'}, who=service.admin)
    assert (service.in_use('shares'), service.in_use()) == (1, 3)
    service.start()
    service.idle()
    assert service.show(share_id)['status'] == 'available'
    service.check()


def test_forced_deletion_is_not_put_off(service):
    service.conf.config(is_deferred_deletion_enabled=True)
    service.start()
    share_id = service.create(3)
    service.stop()
    service.act(share_id, 'force_delete', who=service.admin)
    assert service.user.get(f'/shares/{share_id}')['share']['status'] == 'deleting'
    assert service.in_use() == 3
    service.start()
    assert service.settle(share_id) is None
    service.check()


@pytest.mark.every_database
def test_neighbours_forget_a_share_that_goes(service):
    service.start()
    first = service.create()
    key = '__affinity_same_host'
    second = service.create(scheduler_hints={'same_host': first})
    third = service.create(scheduler_hints={'same_host': f'{first}, {second}'})
    assert service.show(first)['metadata'] == {key: f'{second},{third}'}
    assert service.show(second)['metadata'] == {key: f'{first},{third}'}
    assert service.show(third)['metadata'] == {key: f'{first},{second}'}
    service.delete(second)
    assert service.show(first)['metadata'] == {key: third}
    assert service.show(third)['metadata'] == {key: first}
    service.act(third, 'unmanage', who=service.admin)
    assert service.show(first)['metadata'] == {}


def test_hints_keep_shares_together_and_apart(service):
    service.backends('alpha', 'beta')
    service.start()
    first = service.create()
    host = service.show(first)['host']
    together = service.create(scheduler_hints={'same_host': first})
    apart = service.create(scheduler_hints={'different_host': first})
    assert service.show(together)['host'] == host
    assert service.show(apart)['host'].split('#')[0] != host.split('#')[0]
    torn = service.create(scheduler_hints={'same_host': first, 'different_host': first}, wait=False)
    assert service.settle(torn) == 'error'
    answer = service.user('POST', '/shares', {'share': {
        'share_proto': 'NFS', 'size': 1, 'scheduler_hints': {'same_host': '11111111-2222-3333-4444-555555555555'}}})
    assert answer.status_int == 404
    answer = service.stranger('POST', '/shares', {'share': {
        'share_proto': 'NFS', 'size': 1, 'scheduler_hints': {'same_host': first}}})
    assert answer.status_int == 404
    assert not jobs.find(service.context, failed=False)


@pytest.mark.parametrize(('action', 'body'), [
    ('extend', {'new_size': 2}), ('shrink', {'new_size': 1}), ('soft_delete', None),
    ('allow_access', {'access_type': 'ip', 'access_to': '192.0.2.1'})])
def test_share_in_the_recycle_bin_is_left_alone(service, action, body):
    service.start()
    share_id = service.create()
    service.act(share_id, 'soft_delete')
    service.act(share_id, action, body, expected=403)
    for name, body in (('unmanage', None), ('reset_status', {'status': 'error'}),
                       ('reset_task_state', {'task_state': None})):
        service.act(share_id, name, body, expected=403, who=service.admin)
    assert service.user('PUT', f'/shares/{share_id}', {'share': {'name': 'x'}}).status_int == 403
    assert service.user('POST', '/snapshots', {'snapshot': {'share_id': share_id}}).status_int == 403
