"""Tables of transitions."""
import pytest
import sqlalchemy as sa

from manila import exception
from manila.db import base, session
from manila.resources.types.model import types
from manila.states import States

TABLE = States(
    'description',
    ('created', 'creating', 'available'),
    ('delete', 'available error', 'deleting'),
    ('failed', 'creating', 'error'),
    ('failed', 'deleting', 'error_deleting'),
    ('reset', '*', 'available'),
    ('rescue', 'deleting', 'error_deleting'),
    ('rescue', '*', 'error'),
)


@pytest.fixture
def row(database, context):
    """Makes a row of a status and tells its status and name."""
    class Row:
        id = base.new_id()

        def make(self, status):
            with session.writer(context) as connection:
                connection.execute(sa.delete(types))
                connection.execute(sa.insert(types).values(id=self.id, name='n', description=status,
                                                           created_at=base.now()))

        def move(self, event, **options):
            with session.writer(context) as connection:
                return TABLE.move(connection, types, self.id, event, **options)

        def try_move(self, event, **options):
            with session.writer(context) as connection:
                return TABLE.try_move(connection, types, self.id, event, **options)

        @property
        def now(self):
            with session.reader(context) as connection:
                return connection.execute(sa.select(types).where(types.c.id == self.id)).one()
    return Row()


@pytest.mark.every_database
@pytest.mark.parametrize('event, source, target', [
    ('created', 'creating', 'available'), ('delete', 'error', 'deleting'), ('failed', 'creating', 'error'),
    ('failed', 'deleting', 'error_deleting'), ('reset', 'anything', 'available'),
    ('rescue', 'deleting', 'error_deleting'), ('rescue', 'anything', 'error')])
def test_event_leads_where_the_table_says(row, event, source, target):
    row.make(source)
    assert TABLE.can(event, source) and TABLE.target(event, source) == target
    row.move(event)
    assert row.now.description == target
    assert row.now.updated_at is not None


@pytest.mark.every_database
def test_event_of_another_status_is_refused_and_changes_nothing(row):
    row.make('available')
    assert not TABLE.can('failed', 'available') and TABLE.target('failed', 'available') is None
    with pytest.raises(exception.InvalidState, match='"failed" is not possible .* in status "available"'):
        row.move('failed', name='new')
    assert not row.try_move('failed')
    assert (row.now.description, row.now.name) == ('available', 'n')


def test_row_that_is_gone_is_an_invalid_state(row):
    with pytest.raises(exception.InvalidState):
        row.move('created')


def test_move_sets_further_columns_also_by_expressions(row):
    row.make('creating')
    moment = base.now().replace(year=2001)
    row.move('created', name=types.c.name + '!', is_public=False, updated_at=moment)
    assert (row.now.name, row.now.is_public, row.now.updated_at) == ('n!', False, moment)


def test_move_takes_further_conditions(row):
    row.make('creating')
    assert not row.try_move('created', where=[types.c.name == 'other'])
    assert row.try_move('created', where=[types.c.name == 'n'])


def test_sources_lists_the_statuses_of_an_event():
    assert sorted(TABLE.sources('failed')) == ['creating', 'deleting']
    assert TABLE.sources('reset') == ['*']


def test_two_targets_from_one_status_are_refused():
    with pytest.raises(ValueError):
        States('status', ('go', 'here', 'there'), ('go', 'here', 'elsewhere'))


def test_table_is_told_as_rst():
    assert '   * - delete\n     - available, error\n     - deleting\n' in TABLE.to_rst()
