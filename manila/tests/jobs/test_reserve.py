"""Locks that one job takes for a while beside its own."""
import pytest

from manila.db import session
from manila.jobs import bell, kind, reserve, store
from manila.jobs.worker import Job, Worker
from manila.tests.fixtures.roles import wait_until

pytestmark = pytest.mark.every_database

LONG = kind.Kind('reserve.long')
SHORT = kind.Kind('reserve.short', exclusive='thing')
ended = []


@SHORT.runs
def short(job, resources):
    ended.append(job.target)


@pytest.fixture
def order(context, database):
    """Order a job."""
    def order(target, of=SHORT):
        with session.writer(context):
            store.insert(context, of, target, 'q')
    ended.clear()
    return order


@pytest.fixture
def job(context, order):
    """The job that works on many things."""
    order('all', LONG)
    (claim,), _more = store.claim(context, 'q', 'me', 1, 60)
    return Job(claim)


@pytest.fixture
def look():
    """Have a worker of the queue look for jobs, and carry out those that it gets."""
    worker = Worker('q', threads=1)

    def look():
        while worker._claim() or not worker.idle():
            wait_until(worker.idle, what='the jobs')
    yield look
    worker.stop()


def test_jobs_with_reserved_locks_wait_and_others_go_before_them(job, order, look, monkeypatch):
    rung = []
    order('a')
    order('b')
    with reserve.reserved(job, {'thing:a', 'thing:c'}) as free:
        assert free == {'thing:a', 'thing:c'}
        look()
        assert ended == ['b']
        order('c')
        look()
        assert ended == ['b']
        monkeypatch.setattr(bell, 'ring', rung.append)
    assert rung == ['q']
    look()
    assert ended == ['b', 'a', 'c']


def test_locks_of_jobs_in_hand_are_left_out(context, job, order, look):
    order('a')
    (claim,), _more = store.claim(context, 'q', 'me', 1, 60)
    with reserve.reserved(job, {'thing:a', 'thing:b'}) as free:
        assert free == {'thing:b'}
        with reserve.reserved(job, {'thing:b', 'thing:c'}) as further:
            assert further == {'thing:c'}
    store.put_back(context, claim)
    with reserve.reserved(job, {'thing:a'}) as free:
        assert free == {'thing:a'}


def test_a_failure_lets_go_of_the_locks(job, order, look):
    order('a')
    with pytest.raises(ZeroDivisionError), reserve.reserved(job, {'thing:a'}):
        raise ZeroDivisionError
    look()
    assert ended == ['a']
