"""Who is told about jobs and attempts, and workers that tell how they are."""
import threading

import pytest
import sqlalchemy as sa

from manila.db import session
from manila.jobs import bell, kind, outcome, store, worker
from manila.jobs.model import jobs
from manila.tests.jobs.test_worker import JOB, LOCKED, script  # noqa: F401


class Watcher(kind.Watcher):
    """Notes what it is told of a kind of jobs."""

    def __init__(self):
        self.told = []

    def began(self, job):
        self.told.append(('began', job.target))

    def ended(self, job):
        self.told.append(('ended', job.target, job.context.transaction is not None))

    def failed(self, job, error):
        self.told.append(('failed', job.target, str(error), job.context.transaction is not None))


@pytest.fixture
def told(monkeypatch):
    """What a watcher of ``worker.job`` is told."""
    monkeypatch.setattr(kind, '_watchers', {})
    watcher = Watcher()
    kind.watch('worker.job', watcher)
    return watcher.told


@pytest.fixture
def observed(monkeypatch):
    """(kind, outcome) of each attempt."""
    found = []
    monkeypatch.setattr(worker, 'observers', [lambda claim, how, seconds: found.append((claim.kind, how))])
    return found


def carry_out(context, number=1):
    """Work on the oldest jobs here."""
    claims, _more = store.claim(context, 'alpha', 'me', number, 60)
    for claim in claims:
        worker.Worker('alpha')._carry_out(claim)


def test_watcher_is_told_in_the_transactions_that_end_a_job(database, context, script, told, observed):  # noqa: F811
    script.steps = {'good': [None], 'bad': [outcome.Failed('no')]}
    with session.writer(context):
        store.insert(context, JOB, 'good', 'alpha')
        store.insert(context, JOB, 'bad', 'alpha')
    carry_out(context, 2)
    assert told == [('began', 'good'), ('ended', 'good', True), ('began', 'bad'), ('failed', 'bad', 'no', True)]
    assert observed == [('worker.job', 'done'), ('worker.job', 'failed')]


def test_what_is_done_again_or_handed_over_has_not_ended(database, context, script, told, observed):  # noqa: F811
    script.steps = {'again': [outcome.Again(0)], 'later': [outcome.TryLater('no', after=0)],
                    'over': [lambda job: job.hand_over(LOCKED, 'other', {})]}
    with session.writer(context):
        for target in script.steps:
            store.insert(context, JOB, target, 'alpha')
    carry_out(context, 3)
    assert [word for word, *_ in told] == ['began'] * 3
    assert [how for _, how in observed] == ['again', 'later', 'handed over']


def test_attempt_that_another_worker_has_taken_over_is_lost(database, context, script, told, observed):  # noqa: F811
    def take_over(job):
        with session.writer(context) as connection:
            connection.execute(sa.update(jobs).values(owner='other'))
    script.steps = {'one': [take_over]}
    with session.writer(context):
        store.insert(context, JOB, 'one', 'alpha')
    carry_out(context)
    assert [word for word, *_ in told] == ['began']
    assert observed == [('worker.job', 'lost')]


def test_worker_that_cannot_look_for_jobs_says_so(database, context, monkeypatch):
    found = worker.Worker('alpha')
    assert found.is_alive() and found.trouble() == 'it is starting'
    found.start()
    try:
        assert found.trouble() is None
        monkeypatch.setattr(worker, 'BLIND', -10000)
        assert 'no job could be looked for' in found.trouble()
    finally:
        found.stop()
    assert not found.is_alive()


def test_wake_up_that_waits_for_the_broker_is_noticed():
    gate, sending = threading.Event(), threading.Event()

    def send(queue):
        sending.set()
        gate.wait(30)
    assert bell.stuck() == 0
    bell.connect(send)
    try:
        bell.ring('far-away')
        assert sending.wait(30)
        assert bell.stuck() > 0
        gate.set()
    finally:
        bell.connect(None)
    assert bell.stuck() == 0
