"""The search for resources that no job is going to move on."""
import datetime

import pytest
import sqlalchemy as sa

from manila.db import base, session
from manila.jobs import store, sweep
from manila.jobs.model import jobs
from manila.resources.types.model import types
from manila.tests.jobs import programs

pytestmark = pytest.mark.every_database
OLD = datetime.timedelta(seconds=301)


@pytest.fixture
def settled(monkeypatch):
    """Search the table of types, by their description; the ids of what was settled."""
    monkeypatch.setattr(sweep, '_declared', [])
    found = []

    def on_orphan(context, connection, row):
        found.append(row.id)
        if row.name == 'broken':
            raise ValueError('no')
        connection.execute(sa.update(types).where(types.c.id == row.id).values(description='error'))
    sweep.declare(sweep.Sweep(types, 'description', ('creating', 'deleting'), on_orphan))
    return found


def insert(context, name, status, age=OLD, updated=None):
    row_id = base.new_id()
    with session.writer(context) as connection:
        connection.execute(sa.insert(types).values(
            id=row_id, name=name, description=status, created_at=base.now() - age,
            updated_at=updated and base.now() - updated))
    return row_id


def statuses(context):
    with session.reader(context) as connection:
        return {row.name: row.description for row in connection.execute(sa.select(types))}


def test_orphan_is_moved_on(database, context, settled):
    row_id = insert(context, 'orphan', 'creating')
    assert sweep.run(context) == 1
    assert settled == [row_id]
    assert statuses(context) == {'orphan': 'error'}
    assert sweep.run(context) == 0


def test_what_is_young_settled_or_changed_lately_is_left_alone(database, context, settled):
    insert(context, 'young', 'creating', datetime.timedelta(seconds=290))
    insert(context, 'good', 'available')
    insert(context, 'changed', 'deleting', updated=datetime.timedelta(seconds=10))
    assert sweep.run(context) == 0 and settled == []


def test_grace_is_configurable(database, context, settled, conf):
    conf.config(group='jobs', sweep_grace=0)
    insert(context, 'young', 'creating', datetime.timedelta(seconds=1))
    assert sweep.run(context) == 1


def test_what_has_a_job_is_left_alone_until_the_job_has_failed(database, context, settled):
    row_id = insert(context, 'share', 'creating')
    programs.order(context, programs.PLAIN, row_id)
    assert sweep.run(context) == 0
    with session.writer(context) as connection:
        connection.execute(sa.update(jobs).values(failed_at=base.now()))
    assert sweep.run(context) == 1
    assert store.find(context)[0]['target'] == row_id


def test_one_that_cannot_be_settled_does_not_stop_the_others(database, context, settled):
    insert(context, 'broken', 'creating')
    insert(context, 'orphan', 'creating')
    assert sweep.run(context) == 1
    assert statuses(context) == {'broken': 'creating', 'orphan': 'error'}
