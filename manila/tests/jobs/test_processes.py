"""Several processes on one table of jobs."""
import collections
import threading
import time

import pytest
import sqlalchemy as sa

from manila import context as manila_context
from manila.db import session
from manila.jobs import store
from manila.jobs.model import jobs
from manila.tests.jobs import programs

pytestmark = pytest.mark.every_database
FAST = ('jobs.poll_interval=0.2', 'jobs.workers=4')
#: Long enough that one process cannot have done everything before the others look.
BRIEF = {'seconds': 0.05}


def read(context, statement):
    with session.reader(context) as connection:
        return connection.execute(statement).all()


def wait_until(condition, seconds=90):
    """Return once ``condition()`` is true; fails the test when that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, 'it did not happen in time'
        time.sleep(0.05)


def left(context):
    return read(context, sa.select(sa.func.count()).select_from(jobs))[0][0]


def test_hundreds_of_jobs_are_done_exactly_once_by_several_processes(context, start):
    for number in range(150):
        programs.order(context, programs.PLAIN, f'early-{number}', args=BRIEF)
    found = [start('test', *FAST).expect('ready') for _ in range(3)]
    for number in range(150):
        programs.order(context, programs.PLAIN, f'late-{number}', args=BRIEF)
    wait_until(lambda: not left(context))
    assert [program.stop() for program in found] == [0, 0, 0]
    rows = read(context, sa.select(programs.done))
    assert collections.Counter(row.target for row in rows) == {
        f'{when}-{number}': 1 for when in ('early', 'late') for number in range(150)}
    assert {row.attempts for row in rows} == {1}
    assert len({row.owner for row in rows}) > 1


def test_jobs_of_one_lock_never_overlap_while_other_locks_go_on(context, start):
    for number in range(60):
        lock = f'lock-{number % 4}'
        programs.order(context, programs.LOCKED, f'share-{number}', args={'lock': lock, 'seconds': 0.02},
                       lock_id=lock)
    found = [start('test', *FAST).expect('ready') for _ in range(2)]
    wait_until(lambda: not left(context))
    assert [program.stop() for program in found] == [0, 0]
    by_lock = collections.defaultdict(list)
    for row in read(context, sa.select(programs.spans).order_by(programs.spans.c.start)):
        by_lock[row.lock].append((row.start, row.end))
    numbers = {lock: len(rows) for lock, rows in by_lock.items()}
    assert numbers == {f'lock-{number}': 15 for number in range(4)}
    for rows in by_lock.values():
        assert all(before[1] <= after[0] for before, after in zip(rows, rows[1:], strict=False))
    everything = sorted(span for rows in by_lock.values() for span in rows)
    assert any(before[1] > after[0] for before, after in zip(everything, everything[1:], strict=False))


def test_coalesced_orders_lose_nothing(traces, start):
    found = [start('test', *FAST).expect('ready') for _ in range(2)]
    targets = ('share-1', 'share-2')

    def write_rules(number):
        context = manila_context.get_admin_context()

        @session.transaction
        def write(context, target):
            insert = sa.insert(programs.rules).values(target=target, seen=False)
            context.transaction.connection.execute(insert)
            store.insert(context, programs.SYNC, target, 'test')
        for turn in range(40):
            write(context, targets[(number + turn) % 2])

    threads = [threading.Thread(target=write_rules, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    context = manila_context.get_admin_context()
    wait_until(lambda: not left(context))
    assert [program.stop() for program in found] == [0, 0]
    rows = read(context, sa.select(programs.rules))
    assert len(rows) == 160 and all(row.seen for row in rows)
    assert len(read(context, sa.select(programs.done))) < 160


def test_jobs_of_a_killed_process_are_resumed_at_once(context, start):
    first = start('test', *FAST).expect('ready')
    programs.order(context, programs.STUCK, 'share')
    first.expect('stuck')
    first.kill()
    begin = time.monotonic()
    start('test', *FAST).expect('ready')
    wait_until(lambda: not left(context))
    assert time.monotonic() - begin < 30, 'the lease of 60 s was waited for'
    (row,) = read(context, sa.select(programs.done))
    assert (row.target, row.attempts, row.interrupted) == ('share', 2, True)


def test_stopped_process_hands_back_what_does_not_end(context, start):
    first = start('test', 'jobs.stop_timeout=0', *FAST).expect('ready')
    programs.order(context, programs.STUCK, 'share')
    first.expect('stuck')
    assert first.stop() == 0
    (row,) = store.find(context)
    assert row['owner'] and row['lease_until'] < row['clock']
    start('test', *FAST).expect('ready')
    wait_until(lambda: not left(context))
    (row,) = read(context, sa.select(programs.done))
    assert (row.attempts, row.interrupted) == (2, True)
