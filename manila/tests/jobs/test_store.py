"""Orders, claims and settlements of jobs on real databases."""
import datetime
import json
import threading

import pytest
import sqlalchemy as sa

from manila import context as manila_context
from manila.db import base, session
from manila.jobs import bell, kind, outcome, store
from manila.jobs.model import jobs

pytestmark = pytest.mark.every_database

PLAIN = kind.Kind('store.plain')
OTHER = kind.Kind('store.other', exclusive='share')
LOCKED = kind.Kind('store.locked', exclusive='share')
SYNC = kind.Kind('store.sync', coalesce=True, exclusive='share')


def order(context, kind_, target='t', queue='q', **options):
    with session.writer(context):
        store.insert(context, kind_, target, queue, **options)


def claim(context, owner='me', limit=10, queue='q', lease=60, **options):
    return store.claim(context, queue, owner, limit, lease, **options)[0]


def rows(context, **filters):
    return store.find(context, **filters)


def change(context, **values):
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).values(values))


@pytest.fixture
def rung(monkeypatch):
    found = []
    monkeypatch.setattr(bell, 'ring', found.append)
    return found


def test_order_rings_after_the_commit_only(database, context, rung):
    with session.writer(context):
        store.insert(context, PLAIN, 't', 'q')
        assert rung == []
    assert rung == ['q']
    with pytest.raises(ZeroDivisionError), session.writer(context):
        store.insert(context, PLAIN, 't', 'q')
        raise ZeroDivisionError
    assert rung == ['q'] and len(rows(context)) == 1


def test_claim_tells_all_about_the_order(database, rung):
    context = manila_context.RequestContext(user_id='u', project_id='p', is_admin=False, roles=['member'])
    order(context, PLAIN, 'share-1', args={'size': 1, 'name': 'ü'})
    (found,) = claim(context)
    assert (found.kind, found.queue, found.target, found.args) == ('store.plain', 'q', 'share-1',
                                                                   {'size': 1, 'name': 'ü'})
    assert (found.owner, found.attempts, found.step, found.interrupted) == ('me', 1, None, False)
    assert found.context['project_id'] == 'p' and found.context['request_id'] == context.request_id
    assert 'auth_token' not in json.dumps(found.context)


def test_jobs_are_claimed_once_the_oldest_first_up_to_the_limit(database, context):
    for number in range(5):
        order(context, PLAIN, f't{number}')
    order(context, PLAIN, 'elsewhere', queue='r')
    found, more = store.claim(context, 'q', 'me', 3, 60)
    assert [job.target for job in found] == ['t0', 't1', 't2'] and more
    found, more = store.claim(context, 'q', 'you', 3, 60)
    assert [job.target for job in found] == ['t3', 't4'] and not more
    assert store.claim(context, 'q', 'me', 3, 60) == ([], False)


def test_delayed_order_is_not_claimed_before_it_is_due_and_does_not_ring(database, context, rung):
    order(context, PLAIN, delay=3600)
    assert rung == [] and claim(context) == []
    change(context, run_after=base.epoch() - 1)
    assert len(claim(context)) == 1


def test_one_job_of_a_lock_is_claimed_at_a_time(database, context):
    order(context, LOCKED, 'a')
    order(context, OTHER, 'a')
    order(context, LOCKED, 'b')
    order(context, LOCKED, 'c', lock_id='b')
    order(context, PLAIN, 'a')
    found, more = store.claim(context, 'q', 'me', 10, 60)
    assert [(job.kind, job.target) for job in found] == [
        ('store.locked', 'a'), ('store.locked', 'b'), ('store.plain', 'a')]
    assert more, 'there were jobs that had to be left for their locks'
    assert claim(context, 'you') == []
    with session.writer(context):
        store.remove(context, found[0])
    assert [(job.kind, job.target) for job in claim(context, 'you')] == [('store.other', 'a')]


def test_lock_holds_across_queues(database, context):
    order(context, LOCKED, 'a')
    order(context, OTHER, 'a', queue='r')
    (first,) = claim(context)
    assert claim(context, queue='r') == []
    store.put_back(context, first, after=60)
    assert len(claim(context, queue='r')) == 1


def test_orders_given_while_one_waits_are_one_order(database, context):
    for _ in range(3):
        order(context, SYNC, 'a')
    order(context, SYNC, 'b')
    assert [row['target'] for row in rows(context)] == ['a', 'b']
    claim(context)
    order(context, SYNC, 'a')
    order(context, SYNC, 'a')
    assert [row['target'] for row in rows(context)] == ['a', 'b', 'a']


def test_order_without_delay_hastens_the_one_that_waits(database, context):
    order(context, SYNC, 'a', delay=3600)
    order(context, SYNC, 'a', delay=1800)
    (row,) = rows(context)
    assert 1700 < row['run_after'] - row['clock'] < 1801
    order(context, SYNC, 'a', delay=3600)
    assert rows(context)[0]['run_after'] == row['run_after']
    order(context, SYNC, 'a')
    assert len(claim(context)) == 1


@pytest.mark.every_database('mysql', 'postgresql')
def test_waiting_order_is_not_claimed_while_it_is_given_again(database, context):
    order(context, SYNC, 'a')
    other = manila_context.get_admin_context()
    with session.writer(context):
        store.insert(context, SYNC, 'a', 'q')
        assert claim(other) == [], 'the worker would read before what was written with the order'
    assert len(claim(other)) == 1


def test_put_back_job_does_not_take_later_orders_with_it(database, context):
    order(context, SYNC, 'a')
    (first,) = claim(context)
    store.put_back(context, first, after=3600)
    order(context, SYNC, 'a')
    assert len(rows(context)) == 2 and len(claim(context)) == 1


def test_lapsed_lease_is_taken_over_exactly_once(database, context):
    order(context, LOCKED, 'a')
    (first,) = claim(context)
    assert claim(context, 'you') == []
    change(context, lease_until=base.epoch() - 1)
    barrier = threading.Barrier(6)
    found = []

    def take(number):
        own = manila_context.get_admin_context()
        barrier.wait(30)
        found.extend(claim(own, f'worker-{number}'))
    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (second,) = found
    assert second.interrupted and second.attempts == 2 and second.claims == 2
    assert second.owner != first.owner


def settlements(context, job):
    """All ways to settle a job or to write beside it."""
    return {
        'remove': lambda: store.remove(context, job),
        'put_back': lambda: store.put_back(context, job, 1),
        'hand_over': lambda: store.hand_over(context, job, OTHER, 'r', {}),
        'checkpoint': lambda: store.checkpoint(context, job, 'step', {}),
        'fail': lambda: store.fail(context, job, 'error'),
    }


@pytest.mark.parametrize('way', ['remove', 'put_back', 'hand_over', 'checkpoint', 'fail'])
def test_late_worker_is_fenced_off_and_nothing_it_writes_stays(database, context, way):
    order(context, LOCKED, 'a')
    (late,) = claim(context)
    change(context, lease_until=base.epoch() - 1)
    (present,) = claim(context, 'you')
    (before,) = rows(context)
    with pytest.raises(outcome.Fenced), session.writer(context):
        order(context, PLAIN, 'what it found out')
        settlements(context, late)[way]()
    (after,) = rows(context)
    assert {**after, 'clock': 0} == {**before, 'clock': 0}
    settlements(context, present)[way]()


def test_late_thread_is_fenced_off_from_a_later_claim_of_its_own_worker(database, context):
    order(context, PLAIN)
    (late,) = claim(context)
    change(context, lease_until=base.epoch() - 1)
    (second,) = claim(context)
    store.put_back(context, second, count=False)
    (third,) = claim(context)
    # Only the number of claims tells them apart.
    assert (third.owner, third.attempts) == (late.owner, late.attempts)
    with pytest.raises(outcome.Fenced):
        store.remove(context, late)
    store.remove(context, third)


def test_jobs_in_hand_are_not_claimed_again_by_the_same_worker(database, context):
    order(context, PLAIN)
    (first,) = claim(context)
    change(context, lease_until=base.epoch() - 1)
    assert claim(context, in_hand={first.id}) == []
    assert store.renew(context, 'me', [first.id], 60) == 1
    assert claim(context, 'you') == []


def test_only_leases_of_jobs_in_hand_are_renewed(database, context):
    order(context, PLAIN, 'a')
    order(context, PLAIN, 'b')
    first, second = claim(context, lease=1)
    assert store.renew(context, 'me', [first.id], 600) == 1
    assert store.renew(context, 'you', [first.id, second.id], 600) == 0
    left = {row['target']: row['lease_until'] - row['clock'] for row in rows(context)}
    assert left['a'] > 500 and left['b'] <= 1


def test_put_back_job_waits_frees_its_lock_and_keeps_its_attempts(database, context):
    order(context, LOCKED, 'a', args={'x': 1})
    order(context, OTHER, 'a')
    (first,) = claim(context)
    store.put_back(context, first, after=3600, error='no answer')
    assert [job.kind for job in claim(context)] == ['store.other']
    (row, _) = rows(context)
    assert (row['owner'], row['running'], row['error'], row['attempts']) == (None, None, 'no answer', 1)
    assert 3590 < row['run_after'] - row['clock'] <= 3600
    assert (row['step'], json.loads(row['args'])) == (None, {'x': 1})


def test_put_back_changes_step_and_arguments_and_can_forget_the_attempt(database, context):
    order(context, PLAIN, args={'x': 1})
    (first,) = claim(context)
    store.checkpoint(context, first, 'second', {'x': 2})
    store.put_back(context, first, count=False)
    (second,) = claim(context)
    assert (second.step, second.args, second.attempts, second.interrupted) == ('second', {'x': 2}, 1, False)
    store.put_back(context, second, step='third', args={'x': 3})
    (third,) = claim(context)
    assert (third.step, third.args, third.attempts) == ('third', {'x': 3}, 2)


def test_handed_over_job_is_one_of_the_other_queue(database, context, rung):
    order(context, LOCKED, 'a')
    (first,) = claim(context)
    store.checkpoint(context, first, 'step', {})
    rung.clear()
    with session.writer(context):
        store.hand_over(context, first, OTHER, 'r', {'host': 'h'}, lock_id='b')
        assert rung == []
    assert rung == ['r'] and claim(context) == []
    (second,) = claim(context, queue='r')
    assert (second.kind, second.target, second.args, second.step, second.attempts, second.interrupted) == (
        'store.other', 'a', {'host': 'h'}, None, 1, False)
    assert rows(context)[0]['running'] == 'share:b'


def test_failed_job_is_kept_but_holds_nothing(database, context):
    order(context, SYNC, 'a')
    (first,) = claim(context)
    store.fail(context, first, 'x' * 5000)
    assert claim(context) == []
    (row,) = rows(context, failed=True)
    assert (row['owner'], row['running'], row['waiting'], len(row['error'])) == (None, None, None, 4000)
    assert rows(context, failed=False) == []
    order(context, SYNC, 'a')
    assert len(claim(context)) == 1


def test_released_job_counts_as_never_claimed(database, context):
    order(context, LOCKED)
    (first,) = claim(context)
    store.release(context, 'me', [first.id])
    (second,) = claim(context, 'you')
    assert (second.attempts, second.interrupted) == (1, False)
    with pytest.raises(outcome.Fenced):
        store.remove(context, first)


def test_leases_of_workers_known_to_be_gone_end_at_once(database, context):
    for number in range(3):
        order(context, PLAIN, f't{number}')
        claim(context, f'worker-{number}')
    assert sorted(store.owners(context)) == ['worker-0', 'worker-1', 'worker-2']
    assert store.lapse(context, owners=['worker-0']) == 1
    assert [job.target for job in claim(context)] == ['t0']
    assert store.lapse(context, queue='q', keep='me') == 2
    assert [job.target for job in claim(context)] == ['t1', 't2']
    assert store.lapse(context, queue='other') == 0


def test_cancelled_job_is_the_operators(database, context):
    order(context, SYNC, 'a')
    found = store.cancel(context, rows(context)[0]['id'])
    assert claim(context) == [] and store.cancel(context, found.id) is None
    store.remove(context, found)
    assert rows(context) == []


def test_job_in_hand_is_neither_cancelled_nor_retried(database, context):
    order(context, PLAIN)
    (first,) = claim(context)
    assert store.cancel(context, first.id) is None
    assert not store.retry(context, first.id)
    store.remove(context, first)


def test_retried_job_runs_at_once_with_all_its_attempts(database, context, rung):
    order(context, PLAIN)
    (first,) = claim(context)
    store.fail(context, first, 'error')
    rung.clear()
    assert store.retry(context, first.id) and rung == ['q']
    (second,) = claim(context)
    assert (second.attempts, second.interrupted) == (1, False)
    assert not store.retry(context, 987654)


def test_purge_removes_old_failed_jobs_in_batches(database, context):
    for number in range(5):
        order(context, PLAIN, f't{number}')
    change(context, failed_at=base.now() - datetime.timedelta(days=1))
    order(context, PLAIN, 'waiting')
    assert store.purge_failed(context, base.now() - datetime.timedelta(days=2), 10) == 0
    assert [store.purge_failed(context, base.now(), 3) for _ in range(3)] == [3, 2, 0]
    assert [row['target'] for row in rows(context)] == ['waiting']


def test_count_tells_number_and_age_by_queue_and_kind(database, context):
    order(context, PLAIN, 'a')
    order(context, PLAIN, 'b')
    order(context, OTHER, 'a', queue='r')
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).where(jobs.c.target == 'b').values(
            created_at=base.now() - datetime.timedelta(seconds=100)))
    found = store.count(context)
    assert set(found) == {('q', 'store.plain'), ('r', 'store.other')}
    number, age = found['q', 'store.plain']
    assert number == 2 and 100 <= age < 160


def test_statements_of_a_job_stay_few(database, context):
    statements = []
    sa.event.listen(session.engine(), 'before_cursor_execute', lambda *given: statements.append(given[2]))
    order(context, LOCKED)
    (first,) = claim(context)
    store.remove(context, first)
    made = [statement.split()[0] for statement in statements if not statement.startswith('BEGIN')]
    assert made == ['INSERT', 'SELECT', 'UPDATE', 'DELETE']
