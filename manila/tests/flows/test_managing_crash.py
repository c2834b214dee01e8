"""Workers that are lost over shares that come, go or are told metadata: nothing is stuck, leaked or counted wrong."""
import pytest

from manila.jobs import outcome, store as jobs, worker
from manila.resources.quotas import service as quotas
from manila.resources.shares import store as shares
from manila.scheduler import service as scheduler_service
from manila.tests.fixtures.roles import wait_until
from manila.tests.flows.test_crash import ALPHA, MOMENTS, Doomed, alpha, doomed_worker, schedule
from manila.tests.flows.test_managing import manage, path_of, unmanage


def put_off(service, share_id, path):
    service.conf.config(is_deferred_deletion_enabled=True)
    service.delete(share_id)


def tell(service, share_id, path):
    assert service.user('POST', f'/shares/{share_id}/metadata', {'metadata': {'speed': '9'}}).status_int == 200


ORDERS = {
    'schedule_manage': (lambda service, share, path: manage(service, path), 'scheduler', 'passes'),
    'manage': (lambda service, share, path: manage(service, path), ALPHA, 'manage_existing'),
    'unmanage': (lambda service, share, path: unmanage(service, share), ALPHA, 'unmanage'),
    'rules of unmanage': (lambda service, share, path: unmanage(service, share), ALPHA, 'update_access'),
    'deferred delete': (put_off, ALPHA, 'delete_share'),
    'metadata': (tell, ALPHA, 'update_share_from_metadata'),
}
# Sizes of the shares of the user, and of those of the administrator.
EXPECTED = {'schedule_manage': ([2], [3]), 'manage': ([2], [3]), 'unmanage': ([], []),
            'rules of unmanage': ([], []), 'deferred delete': ([], []), 'metadata': ([2], [])}


def lose(service, name, moment):
    """Have a worker lost over what is ordered, and the rest of the service take over; returns the lost job."""
    order, queue, method = ORDERS[name]
    service.conf.config(unmanage_remove_access_rules=name == 'rules of unmanage', driver_updatable_metadata=['speed'])
    service.start()
    share_id, other = service.create(2), service.create(3)
    service.allow(share_id)
    service.idle()
    path = path_of(service, other)
    unmanage(service, other)
    service.idle()
    service.stop()
    service.keep_alive()
    order(service, share_id, path)
    if queue == ALPHA and jobs.find(service.context, queue='scheduler'):
        schedule(service)
    real = scheduler_service.Scheduler() if queue == 'scheduler' else alpha(service)
    service.keep_alive()
    job = doomed_worker(service, queue, Doomed(real, method, moment), moment)
    jobs.lapse(service.context, owners=['doomed'])
    service.start()
    wait_until(lambda: not jobs.find(service.context, failed=False))
    return job


def check(service, name):
    """What is there must be what was wanted, and be counted right."""
    mine, managed = EXPECTED[name]
    found = service.admin.get('/shares/detail?all_tenants=1')['shares']
    for project, sizes in ((service.user.project_id, mine), (service.admin.project_id, managed)):
        assert [row['size'] for row in found if row['project_id'] == project] == sizes
    assert all(row['status'] == 'available' for row in found)
    records = service.storage.objects('share')
    known = {row['id'] for row in shares.instances_on(service.context, 'node@alpha')}
    assert {key for key, record in records.items() if record['managed']} == known
    assert quotas.check(service.context) == []
    assert service.in_use() == sum(mine)


@pytest.mark.parametrize('moment', MOMENTS)
@pytest.mark.parametrize('name', ORDERS)
def test_work_is_finished_after_its_worker_was_lost(service, name, moment):
    lose(service, name, moment)
    check(service, name)


@pytest.mark.parametrize('name', ORDERS)
def test_late_worker_is_fenced_off(service, name):
    job = lose(service, name, 'after the call')
    with pytest.raises(outcome.Fenced):
        worker.Job._settle(job, *job.late)
    check(service, name)


def test_owner_is_told_how_the_driver_took_metadata(service):
    service.conf.config(driver_updatable_metadata=['speed'])
    service.start()
    share_id = service.create()
    tell(service, share_id, None)
    service.idle()
    (record,) = service.storage.objects('share').values()
    assert record['metadata'] == {'speed': '9'}
    service.storage.plan('update_share_from_metadata', error='ShareBackendException', times=1)
    tell(service, share_id, None)
    service.idle()
    found = service.user.get(f'/messages?resource_id={share_id}&sort_key=created_at&sort_dir=asc')['messages']
    assert [(each['action_id'], each['detail_id']) for each in found] == [('027', '029'), ('027', '030')]
    assert service.show(share_id)['status'] == 'available'
    service.check()
