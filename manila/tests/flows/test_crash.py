"""Workers that are lost over a job, wherever they are in it: nothing is stuck, leaked or counted wrong afterwards."""
import pytest

from manila.jobs import bell, kind, outcome, store as jobs, worker
from manila.scheduler import service as scheduler_service
from manila.share import backend
from manila.tests.fixtures.roles import wait_until

MOMENTS = ('before the call', 'during the call', 'after the call', 'after settling')
ALPHA = 'share:node@alpha'
STRICT = 'manila.tests.flows.drivers.Strict'


class Cut(BaseException):
    """The end of a process, as far as the code of a job can tell."""


class Doomed:
    """A back end or scheduler whose process ends around the call of one method."""

    def __init__(self, real, method, moment):
        self._real, self._method, self._moment = real, method, moment
        self.called = 0

    def __getattr__(self, name):
        return self._around(getattr(self._real, name)) if name == self._method else getattr(self._real, name)

    def call(self, method, *args, **kwargs):
        """Call a method of the driver, or end before or after it."""
        return self._around(self._real.call)(method, *args, **kwargs)

    def _around(self, function):
        def call(*args, **kwargs):
            mine = function != self._real_call or args[0] == self._method
            if mine and self._moment == 'before the call':
                raise Cut
            result = function(*args, **kwargs)
            self.called += mine
            if mine and self._moment == 'during the call':
                raise Cut
            return result
        return call

    @property
    def _real_call(self):
        return getattr(self._real, 'call', None)


class DoomedJob(worker.Job):
    """A job whose worker ends before it is settled, or right after."""

    moment = None
    late = None     # what would have been written

    def _settle(self, write, end):
        if self.moment == 'after the call':
            self.late = write, end
            raise Cut
        super()._settle(write, end)
        if self.moment == 'after settling':
            raise Cut


def doomed_worker(service, queue, resources, moment):
    """Claim the only job of a queue, and be lost over it; returns the job."""
    (claim,), _more = jobs.claim(service.context, queue, 'doomed', 1, lease=3600)
    job = DoomedJob(claim)
    job.moment = moment
    try:
        kind.get(claim.kind).run(job, resources)
        if not job.settled:
            job.finish()
    except Cut:
        pass
    else:
        raise AssertionError('the worker was not lost')
    return job


def alpha(service):
    """The back end, in the hands of the worker that will be lost."""
    found = backend.Backend('alpha', service.context)
    found.set_up()
    found.ready = True
    return found


def schedule(service):
    """Have a scheduler hand its jobs over to back ends that do not run."""
    service.keep_alive()
    service.start(share=False)
    wait_until(lambda: not jobs.find(service.context, queue='scheduler'))
    service.stop()


def lose(service, moment, order, queue, method):
    """Have a worker lost over what ``order()`` orders, and the rest of the service take over; returns the lost job."""
    service.start()
    share_id = service.create(2)
    rule = service.allow(share_id, '192.0.2.1')
    service.idle()
    service.stop()
    order(share_id, rule)
    if queue != 'scheduler':
        schedule(service)
    real = scheduler_service.Scheduler() if queue == 'scheduler' else alpha(service)
    service.keep_alive()
    job = doomed_worker(service, queue, Doomed(real, method, moment), moment)
    jobs.lapse(service.context, owners=['doomed'])
    service.start()
    service.check()
    return job


ORDERS = {
    'schedule': (lambda service, share, rule: service.create(3, wait=False), 'scheduler', 'choose'),
    'create': (lambda service, share, rule: service.create(3, wait=False), ALPHA, 'create_share'),
    'delete': (lambda service, share, rule: service.delete(share), ALPHA, 'delete_share'),
    'rules of delete': (lambda service, share, rule: service.delete(share), ALPHA, 'update_access'),
    'schedule_extend': (lambda service, share, rule: service.act(share, 'extend', {'new_size': 5}), 'scheduler',
                        'check'),
    'extend': (lambda service, share, rule: service.act(share, 'extend', {'new_size': 5}), ALPHA, 'extend_share'),
    'shrink': (lambda service, share, rule: service.act(share, 'shrink', {'new_size': 1}), ALPHA, 'shrink_share'),
    'sync': (lambda service, share, rule: service.allow(share, '192.0.2.2'), ALPHA, 'update_access'),
    'sync of denial': (lambda service, share, rule: service.act(share, 'deny_access', {'access_id': rule}), ALPHA,
                       'update_access'),
}
EXPECTED = {
    'schedule': [('available', 2, {'192.0.2.1'}), ('available', 3, set())],
    'create': [('available', 2, {'192.0.2.1'}), ('available', 3, set())],
    'delete': [], 'rules of delete': [],
    'schedule_extend': [('available', 5, {'192.0.2.1'})],
    'extend': [('available', 5, {'192.0.2.1'})],
    'shrink': [('available', 1, {'192.0.2.1'})],
    'sync': [('available', 2, {'192.0.2.1', '192.0.2.2'})],
    'sync of denial': [('available', 2, set())],
}


def outcome_of(service):
    """Status, size and addresses of rules of each share, as the API and the storage agree on them."""
    stored = service.storage.objects('share')
    found = []
    for row in service.user.get('/shares/detail?sort_key=size&sort_dir=asc')['shares']:
        record = stored[service.instance_of(row['id'])]
        rules = {brief[1] for brief in record['rules'].values()}
        assert record['size'] == row['size']
        assert rules == set(service.rules(row['id']))
        found.append((row['status'], row['size'], rules))
    return found


@pytest.mark.parametrize('moment', MOMENTS)
@pytest.mark.parametrize('name', ORDERS)
def test_work_is_finished_after_its_worker_was_lost(service, name, moment):
    order, queue, method = ORDERS[name]
    lose(service, moment, lambda share, rule: order(service, share, rule), queue, method)
    assert outcome_of(service) == EXPECTED[name]
    assert service.in_use() == sum(size for _, size, _ in EXPECTED[name])


@pytest.mark.parametrize('name', ORDERS)
def test_late_worker_is_fenced_off(service, name):
    order, queue, method = ORDERS[name]
    job = lose(service, 'after the call', lambda share, rule: order(service, share, rule), queue, method)
    with pytest.raises(outcome.Fenced):
        worker.Job._settle(job, *job.late)
    assert outcome_of(service) == EXPECTED[name]
    service.check()


@pytest.mark.parametrize('moment', MOMENTS)
def test_creation_is_begun_on_clean_ground_where_the_driver_is_not_idempotent(service, moment):
    service.backends('alpha', driver=STRICT)
    order, queue, method = ORDERS['create']
    lose(service, moment, lambda share, rule: order(service, share, rule), queue, method)
    assert outcome_of(service) == EXPECTED['create']


def test_creation_interrupted_twice_is_begun_on_clean_ground_again(service):
    service.backends('alpha', driver=STRICT)
    service.start()
    service.stop()
    service.storage.plan('delete_share', error='TimeoutError', times=1)
    lose_create(service)
    assert [status for status, _, _ in outcome_of(service)] == ['available']
    assert len(service.storage.calls('delete_share')) == 2


def lose_create(service):
    """Have a worker lost over a creation after the driver has made the share."""
    service.create(3, wait=False)
    schedule(service)
    doomed_worker(service, ALPHA, Doomed(alpha(service), 'create_share', 'during the call'), 'during the call')
    jobs.lapse(service.context, owners=['doomed'])
    service.start()
    service.check()


def test_driver_that_keeps_killing_its_worker_ends_in_an_error(service):
    service.conf.config(group='jobs', max_attempts=2)
    service.start()
    service.stop()
    share_id = service.create(3, wait=False)
    schedule(service)
    for _ in range(2):
        doomed_worker(service, ALPHA, Doomed(alpha(service), 'create_share', 'during the call'), 'during the call')
        jobs.lapse(service.context, owners=['doomed'])
    service.start()
    assert service.settle(share_id) == 'error'
    assert service.messages(share_id)
    service.delete(share_id)
    assert service.settle(share_id) is None
    assert service.stored() == set()
    service.check()


def test_api_that_dies_right_after_its_commit_has_ordered_the_work(service, monkeypatch):
    service.conf.config(group='jobs', poll_interval=0.2)
    service.start()
    share_id = service.create(1)
    with monkeypatch.context() as patch:
        patch.setattr(bell, 'ring', lambda queue: None)
        second = service.create(2, wait=False)
        service.allow(share_id)
        service.act(share_id, 'extend', {'new_size': 4})
    assert service.settle(second) == 'available'
    service.idle()
    assert outcome_of(service) == [('available', 2, set()), ('available', 4, {'192.0.2.1'})]
    service.check()


def test_driver_that_ends_its_thread_is_a_failure(service):
    service.start()

    def leave(*args, **kwargs):
        raise SystemExit(3)
    service.driver().create_share = leave
    share_id = service.create(wait=False)
    assert service.settle(share_id) == 'error'
    service.delete(share_id)
    assert service.settle(share_id) is None
    service.check()


def test_creation_retried_by_an_operator_is_begun_on_clean_ground(service):
    service.conf.config(group='jobs', retry_delay=3600.0)
    service.backends('alpha', driver=STRICT)
    service.start()
    service.storage.plan('create_share', error='TimeoutError', times=1, moment='after')
    share_id = service.create(wait=False)
    job = wait_until(lambda: next((job for job in jobs.find(service.context) if job['error']), None))
    assert jobs.retry(service.context, job['id'])
    assert service.settle(share_id) == 'available'
    assert len(service.storage.calls('delete_share')) == 1
    service.check()
