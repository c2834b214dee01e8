"""Workers in this process. The poll interval is an hour: what goes on, goes on because somebody was woken."""
import contextlib
import json
import threading
import time

import pytest
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila.db import base, session
from manila.jobs import bell, kind, outcome, store, worker
from manila.jobs.model import jobs
from manila.resources.types.model import types
from manila.tests.functional import proxy as proxies

WAIT = 30       # seconds until a test gives up
JOB = kind.Kind('worker.job', max_attempts=3)
LOCKED = kind.Kind('worker.locked', exclusive='worker')
RESUMED = kind.Kind('worker.resumed')


class Script:
    """What the jobs of a test do, step by step, and what they were given."""

    def __init__(self):
        self.steps = {}
        self.seen = []
        self.failures = []
        self.changed = threading.Condition()

    def run(self, job, resources, how='run'):
        """Do the next step of a job's target; without one, nothing."""
        with self.changed:
            self.seen.append((job.target, how, job.step, job.args, job.attempts))
            steps = self.steps.get(job.target, [])
            step = steps.pop(0) if steps else None
            self.changed.notify_all()
        if isinstance(step, BaseException):
            raise step
        if step is not None:
            step(job)

    def wait(self, number):
        """Wait until so many steps have begun."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.seen) >= number, WAIT), self.seen


@pytest.fixture
def script(monkeypatch):
    """The script of the kinds of jobs of this module."""
    found = Script()

    def failed(context, job, error):
        with session.writer(context) as connection:
            connection.execute(sa.insert(types).values(
                id=base.new_id(), name=job.target, description=str(error), created_at=base.now()))
        found.failures.append((job.target, type(error).__name__, str(error)))
    for kind_ in (JOB, LOCKED, RESUMED):
        monkeypatch.setattr(kind_, 'run', found.run)
        monkeypatch.setattr(kind_, 'failed', failed)
    monkeypatch.setattr(RESUMED, 'resume', lambda job, resources: found.run(job, resources, 'resume'))
    return found


@pytest.fixture
def start(database, conf):
    """Start a worker: ``start(threads=1)``."""
    conf.config(group='jobs', poll_interval=3600, retry_delay=0, workers=4)
    started = []

    def start(queue='q', **options):
        found = worker.Worker(queue, **options)
        found.start()
        started.append(found)
        return found
    yield start
    for found in started:
        found.stop()


def order(context, kind_, target='t', queue='q', **options):
    with session.writer(context):
        store.insert(context, kind_, target, queue, **options)


def until(condition):
    """Wait for what other threads do."""
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end, 'it did not happen in time'
        time.sleep(0.01)


def done(context):
    """Wait until no job is left but those that have failed; returns these."""
    until(lambda: not store.find(context, failed=False))
    return store.find(context)


def test_order_is_carried_out_at_once(start, context, script):
    start(resources='back end')
    order(context, JOB, 'a', args={'size': 1})
    assert done(context) == []
    assert script.seen == [('a', 'run', None, {'size': 1}, 1)]


def test_orders_from_before_the_start_are_carried_out(start, context, script):
    order(context, JOB, 'a')
    start()
    assert done(context) == []


def test_job_gets_what_the_worker_was_given_and_the_context_of_the_order(start, context, script, monkeypatch):
    found = []
    monkeypatch.setattr(JOB, 'run', lambda job, resources: found.append((resources, job.context.request_id)))
    start(resources='back end')
    order(context, JOB)
    done(context)
    assert found == [('back end', context.request_id)]


def test_order_that_is_rolled_back_wakes_nobody(start, context, script):
    found = start()
    until(lambda: not found._wanted)
    with contextlib.suppress(ZeroDivisionError), session.writer(context):
        store.insert(context, JOB, 'a', 'q')
        raise ZeroDivisionError
    assert not found._wanted and script.seen == []


def test_results_are_written_with_the_end_of_the_job(start, context, script):
    def step(job):
        job.finish(lambda connection: connection.execute(sa.insert(types).values(
            id='x', name='made', created_at=base.now())))
    script.steps['a'] = [step]
    start()
    order(context, JOB, 'a')
    assert done(context) == []
    with session.reader(context) as connection:
        assert connection.scalar(sa.select(types.c.name)) == 'made'


def test_again_goes_on_with_step_and_arguments_without_counting(start, context, script):
    script.steps['a'] = [outcome.Again(0, 'second', x=2), outcome.Again(0, y=3), outcome.Again(0, 'last'),
                         outcome.Again(0)]
    start()
    order(context, JOB, 'a', args={'x': 1})
    assert done(context) == []
    assert script.seen == [('a', 'run', None, {'x': 1}, 1), ('a', 'run', 'second', {'x': 2}, 1),
                           ('a', 'run', 'second', {'x': 2, 'y': 3}, 1),
                           ('a', 'run', 'last', {'x': 2, 'y': 3}, 1),
                           ('a', 'run', 'last', {'x': 2, 'y': 3}, 1)]


def test_again_in_a_while_is_not_early_and_needs_no_poll(start, context, script):
    times = []
    script.steps['a'] = [lambda job: times.append(time.monotonic()) or raise_(outcome.Again(0.3)),
                         lambda job: times.append(time.monotonic())]
    start()
    order(context, JOB, 'a')
    done(context)
    assert times[1] - times[0] >= 0.3


def raise_(error):
    raise error


@pytest.mark.parametrize('error', [outcome.TryLater('busy'), db_exc.DBDeadlock(), db_exc.DBConnectionError(),
                                   sa.exc.TimeoutError()])
def test_what_may_pass_is_tried_again_up_to_the_greatest_number(start, context, script, error):
    script.steps['a'] = [error] * 5
    start()
    order(context, JOB, 'a')
    (row,) = done(context)
    assert [seen[4] for seen in script.seen] == [1, 2, 3]
    assert row['failed_at'] is not None and [failure[0] for failure in script.failures] == ['a']


def test_pauses_between_attempts_grow_up_to_the_longest(start, context, script, conf):
    conf.config(group='jobs', retry_delay=100, retry_delay_max=150)
    for target, attempts in (('a', 0), ('b', 1)):
        script.steps[target] = [outcome.TryLater('busy')]
        order(context, JOB, target)
        with session.writer(context) as connection:
            connection.execute(sa.update(jobs).where(jobs.c.target == target).values(attempts=attempts))
    start()
    until(lambda: all(row['error'] and not row['owner'] for row in store.find(context)))
    for row, pause in zip(store.find(context), (100, 150), strict=True):
        assert pause - 20 < row['run_after'] - row['clock'] <= pause
        assert row['error'] == 'busy'


def test_pause_can_be_told(start, context, script, conf):
    conf.config(group='jobs', retry_delay=100)
    script.steps['a'] = [outcome.TryLater('busy', after=0)]
    start()
    order(context, JOB, 'a')
    assert done(context) == [] and len(script.seen) == 2


@pytest.mark.parametrize('error',
                         [outcome.Failed('no space'), ValueError('no space'), SystemExit('no space')])
def test_failure_for_good_is_recorded_in_the_transaction_that_ends_the_job(start, context, script, error):
    script.steps['a'] = [error]
    start()
    order(context, JOB, 'a')
    (row,) = done(context)
    assert (row['error'], row['owner'], row['running']) == ('no space', None, None)
    with session.reader(context) as connection:
        assert connection.execute(sa.select(types.c.name, types.c.description)).all() == [('a', 'no space')]


def test_failure_that_cannot_be_recorded_leaves_the_job_to_its_lease(start, context, script, monkeypatch):
    monkeypatch.setattr(JOB, 'failed', lambda context, job, error: raise_(ValueError('handler')))
    script.steps['a'] = [outcome.Failed('no space')]
    found = start()
    order(context, JOB, 'a')
    script.wait(1)
    until(found.idle)
    (row,) = store.find(context)
    assert row['failed_at'] is None and row['owner'] == found.owner
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).values(lease_until=1.0))
    found.wake()
    assert done(context) == []


def test_job_that_lost_its_workers_too_often_fails(start, context, script):
    order(context, JOB, 'a')
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).values(owner='gone', attempts=3, lease_until=1.0))
    start()
    (row,) = done(context)
    assert script.seen == [] and 'given up after 3 attempts' in row['error']


def test_interrupted_job_is_resumed_from_its_checkpoint(start, context, script):
    order(context, RESUMED, 'a', args={'x': 1})
    (claim,), _ = store.claim(context, 'q', 'gone', 1, 60)
    job = worker.Job(claim)
    job.checkpoint('half', lambda connection: connection.execute(sa.insert(types).values(
        id='x', name='half', created_at=base.now())), x=2)
    with session.writer(context):
        store.lapse(context, owners=['gone'])
    start()
    assert done(context) == []
    assert script.seen == [('a', 'resume', 'half', {'x': 2}, 2)]
    with pytest.raises(outcome.Fenced):
        job.finish()


def test_kind_without_resumption_runs_again(start, context, script):
    order(context, JOB, 'a')
    store.claim(context, 'q', 'gone', 1, 60)
    store.lapse(context, owners=['gone'])
    start()
    done(context)
    assert script.seen == [('a', 'run', None, {}, 2)]


def test_jobs_of_gone_processes_of_this_machine_are_taken_over_at_start(start, context, script):
    machine, _, started, _ = worker.new_owner().split('/')
    gone = f'{machine}/999999999/{started}/x'
    order(context, JOB, 'a')
    order(context, JOB, 'b')
    store.claim(context, 'q', gone, 1, 60)
    store.claim(context, 'q', 'elsewhere/1/1/x', 1, 60)
    start()
    until(lambda: len(store.find(context)) == 1)
    assert [seen[0] for seen in script.seen] == ['a']


def test_process_is_gone_only_if_that_is_certain():
    mine = worker.new_owner()
    machine, pid, started, rest = mine.split('/')
    assert not worker.is_gone(mine)
    assert worker.is_gone(f'{machine}/{pid}/1/{rest}'), 'another process had this number'
    assert worker.is_gone(f'{machine}/999999999/{started}/{rest}')
    assert not worker.is_gone(f'other:{machine}/999999999/{started}/{rest}')
    assert not worker.is_gone('operator:1234')


def test_late_worker_writes_nothing(start, context, script):
    release, found = threading.Event(), []

    def late(job):
        release.wait(WAIT)
        try:
            job.finish(lambda connection: connection.execute(sa.insert(types).values(
                id='x', name='late', created_at=base.now())))
        except outcome.Fenced as error:
            found.append(error)
            raise
    script.steps['a'] = [late]
    start()
    order(context, JOB, 'a')
    script.wait(1)
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).values(lease_until=1.0))
    store.claim(context, 'q', 'you', 1, 60)
    release.set()
    until(lambda: found)
    with session.reader(context) as connection:
        assert connection.execute(sa.select(types)).all() == []
    (row,) = store.find(context)
    assert row['owner'] == 'you' and row['failed_at'] is None and script.failures == []


def test_jobs_of_one_lock_follow_each_other_without_a_poll(start, context, script):
    with session.writer(context):
        for number in range(20):
            store.insert(context, LOCKED, f't{number}', 'q', lock_id='one')
    start()
    assert done(context) == []
    assert [seen[0] for seen in script.seen] == [f't{number}' for number in range(20)]


def test_more_jobs_than_threads_follow_each_other_without_a_poll(start, context, script):
    with session.writer(context):
        for number in range(25):
            store.insert(context, JOB, f't{number}', 'q')
    start(threads=2)
    assert done(context) == [] and len(script.seen) == 25


def test_jobs_run_at_once_up_to_the_number_of_threads(start, context, script):
    barrier = threading.Barrier(3, timeout=WAIT)
    for target in 'abc':
        script.steps[target] = [lambda job: barrier.wait()]
        order(context, JOB, target)
    start(threads=3)
    assert done(context) == [] and script.failures == []


def test_handed_over_job_is_done_by_the_other_queue(start, context, script):
    script.steps['a'] = [lambda job: job.hand_over(LOCKED, 'r', {'host': 'h'}, lambda connection: None)]
    start('q')
    start('r')
    order(context, JOB, 'a')
    assert done(context) == []
    assert script.seen == [('a', 'run', None, {}, 1), ('a', 'run', None, {'host': 'h'}, 1)]


def test_job_is_not_settled_inside_another_transaction(database, context, script):
    order(context, JOB)
    (claim,), _ = store.claim(context, 'q', 'me', 1, 60)
    job = worker.Job(claim)
    with session.writer(job.context), pytest.raises(RuntimeError):
        job.finish()
    job.finish()


def test_exception_after_the_end_of_a_job_changes_nothing(start, context, script):
    script.steps['a'] = [lambda job: job.finish() or raise_(ValueError())]
    found = start()
    order(context, JOB, 'a')
    assert done(context) == []
    until(found.idle)
    assert script.failures == []


def test_job_of_an_unknown_kind_is_left_for_somebody_who_knows_it(start, context, script):
    order(context, JOB, 'a')
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).values(kind='no.such'))
    start()
    (row,) = done(context)
    assert 'no.such' in row['error'] and row['attempts'] == 5 and script.seen == []


def test_leases_of_jobs_in_hand_are_renewed(start, context, script):
    release = threading.Event()
    script.steps['a'] = [lambda job: release.wait(WAIT)]
    found = start(lease=0.3)
    order(context, JOB, 'a')
    script.wait(1)
    (first,) = store.find(context)
    until(lambda: store.find(context)[0]['lease_until'] > first['lease_until'] + 0.5)
    assert store.claim(context, 'q', 'you', 1, 60) == ([], False)
    release.set()
    assert done(context) == [] and found.idle()


def test_stop_waits_for_jobs_in_hand_claims_no_more_and_leaves_no_thread(start, context, script):
    before = set(threading.enumerate())
    release = threading.Event()
    script.steps['a'] = [lambda job: release.wait(WAIT)]
    found = start()
    order(context, JOB, 'a')
    script.wait(1)
    stopping = threading.Thread(target=found.stop)
    stopping.start()
    until(lambda: found._stopping)
    order(context, JOB, 'b')
    release.set()
    stopping.join(WAIT)
    assert [row['target'] for row in store.find(context)] == ['b']
    assert [row['owner'] for row in store.find(context)] == [None]
    assert set(threading.enumerate()) == before
    found.stop()


def test_stop_hands_back_what_does_not_end_in_time(start, context, script, conf):
    conf.config(group='jobs', stop_timeout=0)
    release = threading.Event()
    script.steps['a'] = [lambda job: release.wait(WAIT)]
    found = start()
    order(context, RESUMED, 'a')
    script.wait(1)
    found.stop()
    try:
        start()
        script.wait(2)
        assert script.seen[1][:2] == ('a', 'resume')
    finally:
        release.set()
    assert done(context) == []


def test_jobs_claimed_while_stopping_are_given_back_as_new(start, context, script, monkeypatch):
    found = worker.Worker('q')
    real = store.claim

    def claim(*given):
        claims = real(*given)
        found._stopping = True
        return claims
    monkeypatch.setattr(store, 'claim', claim)
    order(context, JOB, 'a')
    assert not found._claim()
    (row,) = store.find(context)
    assert (row['owner'], row['attempts']) == (None, 0) and script.seen == []


def test_failing_claim_is_tried_again(start, context, script, monkeypatch):
    real, calls = store.claim, []

    def claim(*given):
        calls.append(given)
        if len(calls) == 1:
            raise ValueError('broken')
        return real(*given)
    monkeypatch.setattr(store, 'claim', claim)
    order(context, JOB, 'a')
    start()
    assert done(context) == [] and len(calls) >= 2


@pytest.mark.every_database('mysql', 'postgresql')
def test_job_ends_well_although_the_database_is_away_when_it_does(start, database, context, script, conf):
    conf.config(group='database', transaction_retries=1)
    url = sa.engine.make_url(database.url)
    with proxies.Proxy(url.host, url.port) as proxy:
        session.dispose()
        conf.config(group='database', connection=url.set(host='127.0.0.1', port=proxy.port)
                    .render_as_string(hide_password=False))
        cut = threading.Event()

        def step(job):
            proxy.cut()
            cut.set()
        script.steps['a'] = [step]
        found = start()
        order(context, JOB, 'a')
        assert cut.wait(WAIT)
        time.sleep(1)   # longer than retries without patience go on
        proxy.heal()
        assert done(context) == [] and script.failures == []
        assert [seen[4] for seen in script.seen] == [1]
        found.stop()


def test_bells_of_other_processes_are_rung_once_for_many_orders():
    entered, release, sent = threading.Event(), threading.Event(), []

    def send(queue):
        entered.set()
        release.wait(WAIT)
        sent.append(queue)
    bell.connect(send)
    try:
        bell.ring('a')
        assert entered.wait(WAIT)
        for _ in range(50):
            bell.ring('b')
            bell.ring('a')
        release.set()
    finally:
        bell.connect(None)
    assert sent == ['a', 'a', 'b']


def test_bell_that_cannot_be_sent_harms_nothing():
    sent = []

    def send(queue):
        sent.append(queue)
        raise OSError('no broker')
    bell.connect(send)
    bell.ring('a')
    until(lambda: sent)
    bell.ring('b')
    bell.connect(None)
    assert sent == ['a', 'b']


def test_workers_of_this_process_are_woken_without_a_message():
    woken, sent = [], []
    bell.connect(sent.append)
    first, second = (lambda: woken.append(1)), (lambda: woken.append(2))
    try:
        bell.attach('mine', first)
        bell.attach('mine', second)
        bell.ring('mine')
        bell.detach('mine', first)
        bell.ring('mine')
        bell.detach('mine', second)
        assert woken == [1, 2, 2] and sent == []
        bell.ring('mine')
    finally:
        bell.connect(None)
    assert sent == ['mine']


def test_context_kept_with_a_job_has_no_secret(database, context):
    context.auth_token = 'secret'
    order(context, JOB)
    with session.reader(context) as connection:
        kept = json.loads(connection.scalar(sa.select(jobs.c.context)))
    assert 'secret' not in str(kept)
