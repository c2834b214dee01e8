"""Search for resources in a transitional state that no job is going to move on.

This must not happen: an order is written in the transaction that changes the state. Where it does, through a
mistake in the code or a hand in the database, the resource is moved on to where its owner can act again.
"""
import dataclasses
import datetime
import typing

import sqlalchemy as sa
from oslo_log import log

from manila.conf import CONF
from manila.db import base, session
from manila.jobs.model import jobs

LOG = log.getLogger(__name__)
BATCH = 1000

_declared = []


@dataclasses.dataclass(frozen=True)
class Sweep:
    """What to look for in one table, to be given to :func:`declare`.

    :param table: has the columns ``id``, ``created_at`` and ``updated_at``
    :param column: name of the column with the status
    :param statuses: those that a job has to end
    :param on_orphan: ``on_orphan(context, connection, row)`` settles a row in the open transaction
    :param target: name of the column with the id that jobs name as their target
    """

    table: sa.Table
    column: str
    statuses: tuple
    on_orphan: typing.Callable
    target: str = 'id'

    def orphans(self, *conditions):
        """The statement that finds the rows."""
        columns = self.table.c
        before = base.now() - datetime.timedelta(seconds=CONF.jobs.sweep_grace)
        job = sa.exists().where(jobs.c.target == columns[self.target], jobs.c.failed_at.is_(None))
        return sa.select(self.table).where(
            columns[self.column].in_(self.statuses),
            sa.func.coalesce(columns.updated_at, columns.created_at) < before, ~job, *conditions)


def declare(sweep):
    """Have a table searched; returns the :class:`Sweep`."""
    _declared.append(sweep)
    return sweep


def declared():
    """All that was declared: list of :class:`Sweep`."""
    return list(_declared)


def run(context):
    """Search all declared tables and settle what is found; returns how many rows."""
    return sum(_run(context, sweep) for sweep in declared())


def _run(context, sweep):
    with session.reader(context) as connection:
        found = connection.execute(sweep.orphans().limit(BATCH)).all()
    return sum(_settle(context, sweep, row.id) for row in found)


def _settle(context, sweep, row_id):
    try:
        return session.attempt(lambda: _settle_locked(context, sweep, row_id))
    except Exception:
        LOG.exception('%s %s has no job that ends its status, and could not be moved on', sweep.table.name,
                      row_id)
        return False


def _settle_locked(context, sweep, row_id):
    with session.writer(context) as connection:
        row = connection.execute(sweep.orphans(sweep.table.c.id == row_id).with_for_update()).first()
        if row is None:
            return False
        LOG.error('%s %s is in status "%s" without a job: it is moved on', sweep.table.name, row_id,
                  getattr(row, sweep.column))
        sweep.on_orphan(context, connection, row)
        return True
