"""All SQL of the jobs table.

The statements that every job needs are made once, when the module is imported: to put a statement together
costs about as much as to run it.
"""
import dataclasses
import datetime
import json

import sqlalchemy as sa
from oslo_db import exception as db_exc
from sqlalchemy.dialects import mysql, postgresql, sqlite

from manila.db import base, session
from manila.jobs import bell, outcome
from manila.jobs.model import jobs

_NOW = base.epoch()
_IDLE = jobs.c.owner.is_(None) | (jobs.c.lease_until < _NOW)
_COLUMNS = (jobs.c.id, jobs.c.kind, jobs.c.queue, jobs.c.target, jobs.c.args, jobs.c.context, jobs.c.step,
            jobs.c.owner, jobs.c.claims, jobs.c.attempts, jobs.c.exclusive, jobs.c.run_after, jobs.c.created_at)
_FREE = dict(owner=None, lease_until=None, running=None)


@dataclasses.dataclass(frozen=True)
class Claim:
    """A job in the hands of a worker; ``interrupted`` when an earlier worker was lost over it, ``delayed`` when it was
    to be claimed only from a certain time on.
    """

    id: int
    kind: str
    queue: str
    target: str
    args: dict
    context: dict
    step: str
    claims: int
    attempts: int
    owner: str
    interrupted: bool
    delayed: bool
    ordered_at: datetime.datetime


def _claimed(row, owner):
    """The :class:`Claim` of ``owner`` on a row as it was before."""
    return Claim(row.id, row.kind, row.queue, row.target, json.loads(row.args), json.loads(row.context),
                 row.step, row.claims + 1, row.attempts + 1, owner, row.owner is not None, row.run_after > 0,
                 row.created_at)


def _orders():
    """Statements that write an order, by name of the dialect (None: any) and whether it has a delay."""
    later = {'run_after': _NOW + sa.bindparam('delay', type_=sa.Double)}
    found = {(None, False): sa.insert(jobs).inline(), (None, True): sa.insert(jobs).inline().values(later)}
    for dialect in (mysql, postgresql, sqlite):
        name = dialect.dialect.name
        for values in (None, later):
            statement = dialect.insert(jobs).inline()
            if values:
                statement = statement.values(values)
            found[name, bool(values)] = _or_touch(statement, name)
    return found


def _or_touch(statement, dialect):
    # Touching the waiting row locks it: no worker claims it, and reads, before this transaction is visible.
    if dialect == 'mysql':
        return statement.on_duplicate_key_update(
            run_after=sa.func.least(jobs.c.run_after, statement.inserted.run_after))
    least = sa.func.min if dialect == 'sqlite' else sa.func.least
    return statement.on_conflict_do_update(
        index_elements=['waiting'], set_={'run_after': least(jobs.c.run_after, statement.excluded.run_after)})


_ORDERS = _orders()


def insert(context, kind, target, queue, args=None, lock_id=None, delay=0):
    """Write an order in the open transaction and ring for it after the commit.

    :param kind: a :class:`manila.jobs.kind.Kind`
    :param target: id of the resource the job is about
    :param queue: who is to work on it
    :param lock_id: id of what the kind locks; default: the target
    :param delay: seconds to wait before it may be claimed
    """
    values = {
        'kind': kind.name, 'queue': queue, 'target': target, 'project_id': context.project_id,
        'args': json.dumps(args or {}), 'context': json.dumps(context.to_dict()), 'claims': 0, 'attempts': 0,
        'created_at': base.now(), 'exclusive': kind.lock(lock_id or target),
        'waiting': f'{kind.name}:{target}' if kind.coalesce else None,
    }
    values['delay' if delay else 'run_after'] = float(delay)
    with session.writer(context) as connection:
        dialect = connection.dialect.name if kind.coalesce else None
        connection.execute(_ORDERS[dialect, bool(delay)], values)
        if not delay:
            session.after_commit(context, lambda: bell.ring(queue))


def _claimable(*also):
    other = jobs.alias('other')
    held = sa.exists().where(other.c.running == jobs.c.exclusive, other.c.id != jobs.c.id)
    return (sa.select(*_COLUMNS)
            .where(jobs.c.queue == sa.bindparam('queue'), jobs.c.failed_at.is_(None),
                   jobs.c.run_after <= _NOW, _IDLE, jobs.c.exclusive.is_(None) | ~held, *also)
            .order_by(jobs.c.id).limit(sa.bindparam('most', type_=sa.Integer))
            .with_for_update(skip_locked=True, of=jobs))


_CLAIMABLE = _claimable()
_CLAIMABLE_BESIDE = _claimable(
    jobs.c.exclusive.is_(None) | jobs.c.exclusive.not_in(sa.bindparam('reserved', expanding=True)))
_TAKE = (sa.update(jobs).where(jobs.c.id.in_(sa.bindparam('ids', expanding=True)))
         .values(owner=sa.bindparam('to'), claims=jobs.c.claims + 1, attempts=jobs.c.attempts + 1,
                 lease_until=_NOW + sa.bindparam('lease', type_=sa.Double), waiting=None,
                 running=jobs.c.exclusive))


def claim(context, queue, owner, limit, lease, in_hand=(), reserved=()):
    """Claim up to ``limit`` jobs of a queue, the oldest first.

    :param owner: the worker; :param lease: seconds for which they are its own
    :param in_hand: ids of the jobs it works on: it must not claim them itself should their leases have lapsed
    :param reserved: locks that the jobs must not have
    :returns: list of :class:`Claim`, and whether there may be more to claim at once
    """
    try:
        return session.attempt(lambda: _claim(context, queue, owner, limit, lease, in_hand, reserved))
    except db_exc.DBDuplicateEntry:
        # Another worker took the same lock for another job in this moment: one by one, the others go through.
        found = []
        for _ in range(limit):
            try:
                taken, more = session.attempt(lambda: _claim(context, queue, owner, 1, lease, in_hand, reserved))
            except db_exc.DBDuplicateEntry:
                continue
            found += taken
            if not more:
                return found, False
        return found, True


def _claim(context, queue, owner, limit, lease, in_hand, reserved):
    with session.writer(context) as connection:
        if reserved:
            rows = connection.execute(
                _CLAIMABLE_BESIDE, {'queue': queue, 'most': limit, 'reserved': sorted(reserved)}).all()
        else:
            rows = connection.execute(_CLAIMABLE, {'queue': queue, 'most': limit}).all()
        locks, taken = set(), []
        for row in rows:
            if row.exclusive not in locks and row.id not in in_hand:
                taken.append(row)
                if row.exclusive is not None:
                    locks.add(row.exclusive)
        if taken:
            changed = connection.execute(
                _TAKE, {'ids': [row.id for row in taken], 'to': owner, 'lease': lease}).rowcount
            if changed != len(taken):
                raise db_exc.DBDeadlock('a job was claimed by another worker in the same moment')
    claims = [_claimed(row, owner) for row in taken]
    return claims, bool(claims) and (len(rows) == limit or len(claims) < len(rows))


_MINE = (jobs.c.id == sa.bindparam('job_id'), jobs.c.owner == sa.bindparam('job_owner'),
         jobs.c.claims == sa.bindparam('job_claims'))
_UPDATE_MINE = sa.update(jobs).where(*_MINE)
_REMOVE = sa.delete(jobs).where(*_MINE)
_PUT_BACK = _UPDATE_MINE.values(
    **_FREE, run_after=_NOW + sa.bindparam('delay', type_=sa.Double), error=sa.bindparam('why'),
    step=sa.func.coalesce(sa.bindparam('to_step', type_=sa.String), jobs.c.step),
    args=sa.func.coalesce(sa.bindparam('with_args', type_=sa.Text), jobs.c.args),
    attempts=sa.bindparam('counted'))
_CHECKPOINT = _UPDATE_MINE.values(step=sa.bindparam('to_step'), args=sa.bindparam('with_args'))
_RENEW = (sa.update(jobs)
          .where(jobs.c.owner == sa.bindparam('whose'), jobs.c.id.in_(sa.bindparam('ids', expanding=True)))
          .values(lease_until=_NOW + sa.bindparam('lease', type_=sa.Double)))


def _fenced(context, statement, job, **values):
    values.update(job_id=job.id, job_owner=job.owner, job_claims=job.claims)
    with session.writer(context) as connection:
        if connection.execute(statement, values).rowcount != 1:
            raise outcome.Fenced(f'job {job.id} was taken over')


def remove(context, job):
    """End a job in the open transaction.

    :raises manila.jobs.outcome.Fenced: when another worker has taken it over
    """
    _fenced(context, _REMOVE, job)


def put_back(context, job, after=0, step=None, args=None, error=None, count=True):
    """Give a job back to be claimed after so many seconds.

    :param step: where to go on, and :param args: with what arguments; None leaves them as they are
    :param count: whether this attempt counts against the kind's greatest number

    :raises manila.jobs.outcome.Fenced: when another worker has taken it over
    """
    _fenced(context, _PUT_BACK, job, delay=after, why=error and str(error)[:4000],
            to_step=step, with_args=None if args is None else json.dumps(args),
            counted=job.attempts if count else 0)


def hand_over(context, job, kind, queue, args, target=None, lock_id=None):
    """Make a job another worker's, as another kind, in the open transaction.

    :raises manila.jobs.outcome.Fenced: when another worker has taken it over
    """
    target = target or job.target
    with session.writer(context):
        _fenced(context, _UPDATE_MINE, job, **_FREE, kind=kind.name, queue=queue, target=target,
                args=json.dumps(args), attempts=0, step=None, run_after=0.0, error=None,
                exclusive=kind.lock(lock_id or target))
        session.after_commit(context, lambda: bell.ring(queue))


def checkpoint(context, job, step, args):
    """Keep how far a job has come.

    :raises manila.jobs.outcome.Fenced: when another worker has taken it over
    """
    _fenced(context, _CHECKPOINT, job, to_step=step, with_args=json.dumps(args))


def fail(context, job, error):
    """Keep a job as failed, for operators to look at; it holds no locks and is not claimed any more.

    :raises manila.jobs.outcome.Fenced: when another worker has taken it over
    """
    _fenced(context, _UPDATE_MINE, job, **_FREE, waiting=None, error=str(error)[:4000], failed_at=base.now())


def renew(context, owner, ids, lease):
    """Renew the leases of jobs in the hands of a worker; returns how many are still its own."""
    with session.writer(context) as connection:
        return connection.execute(_RENEW, {'whose': owner, 'ids': list(ids), 'lease': lease}).rowcount


def release(context, owner, ids):
    """Give back jobs that were claimed but not begun."""
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).where(jobs.c.owner == owner, jobs.c.id.in_(ids))
                           .values(dict(_FREE, attempts=jobs.c.attempts - 1)))


def lapse(context, queue=None, owners=None, keep=None):
    """End the leases of workers known to be gone, so that their jobs are taken over at once.

    :param queue: all jobs of this queue but those of the worker ``keep``
    :param owners: or those of these workers
    :returns: how many jobs
    """
    conditions = [jobs.c.owner.isnot(None)]
    if queue is not None:
        conditions.append(jobs.c.queue == queue)
    if owners is not None:
        conditions.append(jobs.c.owner.in_(owners))
    if keep is not None:
        conditions.append(jobs.c.owner != keep)
    with session.writer(context) as connection:
        return connection.execute(sa.update(jobs).where(*conditions).values(lease_until=0.0)).rowcount


def taken(context, locks):
    """Those of some locks that jobs have which are worked on, or were when their worker was lost."""
    with session.reader(context) as connection:
        return set(connection.scalars(sa.select(jobs.c.running).where(jobs.c.running.in_(locks))))


def owners(context):
    """The workers that hold jobs."""
    with session.reader(context) as connection:
        return list(connection.scalars(sa.select(jobs.c.owner).where(jobs.c.owner.isnot(None)).distinct()))


def find(context, job_id=None, queue=None, target=None, failed=None, limit=1000):
    """Jobs as plain dicts, for operators, the oldest first; ``clock`` is the time that the leases go by."""
    statement = sa.select(jobs, _NOW.label('clock')).order_by(jobs.c.id).limit(limit)
    for column, value in ((jobs.c.id, job_id), (jobs.c.queue, queue), (jobs.c.target, target)):
        if value is not None:
            statement = statement.where(column == value)
    if failed is not None:
        statement = statement.where(jobs.c.failed_at.isnot(None) if failed else jobs.c.failed_at.is_(None))
    with session.reader(context) as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def cancel(context, job_id):
    """Claim a job that nobody works on for an operator who ends it; returns the :class:`Claim` or None."""
    owner = 'operator:' + base.new_id()
    with session.writer(context) as connection:
        wanted = sa.select(*_COLUMNS).where(jobs.c.id == job_id, _IDLE).with_for_update()
        row = connection.execute(wanted).first()
        if row is None:
            return None
        connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(
            owner=owner, claims=jobs.c.claims + 1, attempts=jobs.c.attempts + 1, lease_until=_NOW + 60,
            waiting=None))
    return _claimed(row, owner)


def retry(context, job_id):
    """Let a job that is delayed, or has failed for good, be claimed now; returns whether there was one."""
    with session.writer(context) as connection:
        queue = connection.scalar(sa.select(jobs.c.queue).where(jobs.c.id == job_id))
        # A lost worker, or an attempt that did not end the job, stays on record: the next one knows that it was begun.
        lapsed = sa.case((jobs.c.owner.isnot(None), 0.0))
        begun = sa.case((jobs.c.failed_at.is_(None) & (jobs.c.attempts > 0), 1), else_=0)
        changed = connection.execute(
            sa.update(jobs).where(jobs.c.id == job_id, _IDLE)
            .values(running=None, lease_until=lapsed, run_after=0.0, attempts=begun, failed_at=None)).rowcount
        if changed:
            session.after_commit(context, lambda: bell.ring(queue))
        return bool(changed)


def purge_failed(context, before, limit):
    """Remove up to ``limit`` failed jobs from before a time; returns how many."""
    with session.writer(context) as connection:
        ids = list(connection.scalars(sa.select(jobs.c.id).where(jobs.c.failed_at < before).limit(limit)))
        connection.execute(sa.delete(jobs).where(jobs.c.id.in_(ids)))
        return len(ids)


def count(context):
    """Per (queue, kind): how many jobs there are and the age of the oldest in seconds."""
    with session.reader(context) as connection:
        rows = connection.execute(
            sa.select(jobs.c.queue, jobs.c.kind, sa.func.count(), sa.func.min(jobs.c.created_at))
            .where(jobs.c.failed_at.is_(None)).group_by(jobs.c.queue, jobs.c.kind)).all()
    now = base.now()
    return {(queue, kind): (number, (now - oldest).total_seconds()) for queue, kind, number, oldest in rows}
