"""Workers that are lost over work on snapshots: nothing is stuck, leaked or counted wrong afterwards."""
import pytest

from manila.jobs import outcome, store as jobs, worker
from manila.tests.fixtures.snapshots import Snapshots
from manila.tests.flows.test_crash import ALPHA, MOMENTS, STRICT, Doomed, alpha, doomed_worker


@pytest.fixture
def snapshots(service):
    """What tests do with snapshots."""
    return Snapshots(service)


def unmanaged(snapshots, share_id):
    """The location of a snapshot that is on the storage and not managed."""
    snapshot_id = snapshots.take(share_id)
    location = snapshots.show(snapshot_id)['provider_location']
    snapshots.act(snapshot_id, 'unmanage', who=snapshots.service.admin)
    snapshots.settle(snapshot_id)
    return location


def allow(snapshots, snapshot_id, access_to):
    snapshots.act(snapshot_id, 'allow_access', {'access_type': 'ip', 'access_to': access_to})


ORDERS = {
    'create': (lambda snapshots, share, snapshot: snapshots.take(share, wait=False), 'create_snapshot'),
    'delete': (lambda snapshots, share, snapshot: snapshots.delete(snapshot), 'delete_snapshot'),
    'rules of delete': (lambda snapshots, share, snapshot: snapshots.delete(snapshot),
                        'snapshot_update_access'),
    'unmanage': (lambda snapshots, share,
                 snapshot: snapshots.act(snapshot, 'unmanage', who=snapshots.service.admin),
                 'unmanage_snapshot'),
    'sync': (lambda snapshots, share, snapshot: allow(snapshots, snapshot, '192.0.2.2'),
             'snapshot_update_access'),
    'revert': (lambda snapshots, share,
               snapshot: snapshots.service.act(share, 'revert', {'snapshot_id': snapshot}),
               'revert_to_snapshot'),
    'clone': (lambda snapshots, share,
              snapshot: snapshots.service.create(None, wait=False, snapshot_id=snapshot),
              'create_share_from_snapshot'),
}
ONE = [('available', 2)]
OLD = {'192.0.2.1'}
# Statuses and sizes of the shares, and statuses and rules of the snapshots.
EXPECTED = {
    'create': (ONE, [('available', OLD), ('available', set())]),
    'delete': (ONE, []),
    'rules of delete': (ONE, []),
    'unmanage': (ONE, []),
    'sync': (ONE, [('available', OLD | {'192.0.2.2'})]),
    'revert': (ONE, [('available', OLD)]),
    'clone': (ONE * 2, [('available', OLD)]),
}


def lose(snapshots, moment, order, method):
    """Have a worker lost over what ``order()`` orders, and others take over; returns the lost job."""
    service = snapshots.service
    service.start()
    share_id, snapshot_id = snapshots.taken(2)
    allow(snapshots, snapshot_id, '192.0.2.1')
    service.idle()
    service.stop()
    order(snapshots, share_id, snapshot_id)
    service.keep_alive()
    job = doomed_worker(service, ALPHA, Doomed(alpha(service), method, moment), moment)
    jobs.lapse(service.context, owners=['doomed'])
    service.start()
    snapshots.check()
    return job


def outcome_of(snapshots):
    """What the API says of shares and snapshots, which the storage agrees with."""
    user = snapshots.service.user
    shares = [(row['status'], row['size']) for row in user.get('/shares/detail')['shares']]
    found = []
    for row in user.get('/snapshots/detail?sort_dir=asc')['snapshots']:
        rules = {brief[1] for brief in snapshots.record(row['id'])['rules'].values()}
        assert rules == set(snapshots.rules(row['id']))
        found.append((row['status'], rules))
    return shares, found


@pytest.mark.parametrize('moment', MOMENTS)
@pytest.mark.parametrize('name', ORDERS)
def test_work_is_finished_after_its_worker_was_lost(snapshots, name, moment):
    lose(snapshots, moment, *ORDERS[name])
    assert outcome_of(snapshots) == EXPECTED[name]
    number = len(EXPECTED[name][1])
    assert snapshots.in_use() == (number, 2 * number)


@pytest.mark.parametrize('name', ORDERS)
def test_late_worker_is_fenced_off(snapshots, name):
    job = lose(snapshots, 'after the call', *ORDERS[name])
    with pytest.raises(outcome.Fenced):
        worker.Job._settle(job, *job.late)
    assert outcome_of(snapshots) == EXPECTED[name]
    snapshots.check()


@pytest.mark.parametrize('moment', MOMENTS)
def test_snapshot_is_begun_on_clean_ground_where_the_driver_is_not_idempotent(snapshots, moment):
    snapshots.service.backends('alpha', driver=STRICT)
    lose(snapshots, moment, *ORDERS['create'])
    assert outcome_of(snapshots) == EXPECTED['create']


@pytest.mark.parametrize('moment', MOMENTS)
def test_snapshot_to_be_managed_is_managed_or_in_error(snapshots, moment):
    service = snapshots.service
    service.start()
    share_id = snapshots.share(2)
    location = unmanaged(snapshots, share_id)
    service.stop()
    snapshot_id = snapshots.manage(share_id, location)
    service.keep_alive()
    doomed_worker(service, ALPHA, Doomed(alpha(service), 'manage_existing_snapshot', moment), moment)
    jobs.lapse(service.context, owners=['doomed'])
    service.start()
    # A driver that took it over, and could not say so, does not find it a second time.
    expected = 'available' if moment in ('before the call', 'after settling') else 'manage_error'
    assert snapshots.settle(snapshot_id) == expected
    assert snapshots.in_use(service.admin) == ((1, 2) if expected == 'available' else (0, 0))
    service.check()


@pytest.mark.parametrize('moment', MOMENTS)
def test_share_cloned_in_the_background_is_watched_by_the_next_worker(snapshots, moment):
    service = snapshots.service
    service.backends('alpha', dummy_driver_async_clone=True)
    service.start()
    _, snapshot_id = snapshots.taken(2)
    fault = service.storage.plan('get_share_status', error='StorageCommunicationException', times=1)
    service.stop()
    share_id = service.create(None, wait=False, snapshot_id=snapshot_id)
    service.keep_alive()
    begun = doomed_worker(service, ALPHA, alpha(service), 'after settling')
    assert begun.settled
    service.storage.lift(fault)
    doomed_watch(service, moment)
    service.start()
    assert service.settle(share_id) == 'available'
    assert service.show(share_id)['progress'] == '100%'
    snapshots.check()


def doomed_watch(service, moment):
    """Have the worker lost that asks how far a share is for the last time."""
    real = alpha(service)
    real.driver.get_share_status = lambda *args, **kwargs: {'status': 'available', 'progress': '100%'}
    doomed_worker(service, ALPHA, Doomed(real, 'get_share_status', moment), moment)
    jobs.lapse(service.context, owners=['doomed'])
