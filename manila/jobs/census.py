"""Counts of what there is in the database, for those who watch the service: a few statements, however much there is."""
import sqlalchemy as sa

from manila.db import base, session
from manila.jobs import sweep
from manila.jobs.model import jobs

_NOW = base.epoch()
_STATE = sa.case((jobs.c.failed_at.isnot(None), 'failed'),
                 (sa.and_(jobs.c.owner.isnot(None), jobs.c.lease_until >= _NOW), 'running'),
                 (jobs.c.owner.isnot(None), 'lost'),
                 (jobs.c.run_after > _NOW, 'delayed'), else_='waiting').label('state')
_JOBS = sa.select(jobs.c.queue, jobs.c.kind, _STATE, jobs.c.created_at).subquery()
_QUEUES = (sa.select(_JOBS.c.queue, _JOBS.c.kind, _JOBS.c.state, sa.func.count(), sa.func.min(_JOBS.c.created_at))
           .group_by(_JOBS.c.queue, _JOBS.c.kind, _JOBS.c.state))


def _columns():
    """(table, column) -> transitional statuses, of everything that a sweep looks after."""
    found = {}
    for each in sweep.declared():
        found.setdefault((each.table, each.column), set()).update(each.statuses)
    return found


def statuses(context):
    """How many rows there are in each status: (table, column, status) -> number."""
    found = {}
    with session.reader(context) as connection:
        for table, name in _columns():
            column = table.c[name]
            rows = connection.execute(sa.select(column, sa.func.count()).group_by(column))
            found.update({(table.name, name, status): number for status, number in rows})
    return found


def oldest(context):
    """For how many seconds the oldest row has been in a transitional status: (table, column, status) -> seconds."""
    found, now = {}, base.now()
    with session.reader(context) as connection:
        for (table, name), transitional in _columns().items():
            column = table.c[name]
            since = sa.func.min(sa.func.coalesce(table.c.updated_at, table.c.created_at))
            rows = connection.execute(sa.select(column, since).where(column.in_(transitional)).group_by(column))
            for status, moment in rows:
                found[table.name, name, status] = max(0, (now - moment).total_seconds())
    return found


def queues(context):
    """The jobs: (queue, kind, state) -> (number, age of the oldest in seconds).

    States are ``waiting``, ``delayed``, ``running``, ``lost`` (its worker is) and ``failed``.
    """
    now = base.now()
    with session.reader(context) as connection:
        return {(queue, kind, state): (number, max(0, (now - moment).total_seconds()))
                for queue, kind, state, number, moment in connection.execute(_QUEUES)}
