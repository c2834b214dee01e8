"""What all lists share, beside the pages that :mod:`manila.tests.all_operations.test_pages` walks."""
import datetime

import pytest
import sqlalchemy as sa

from manila.db import query, session
from manila.resources.zones.model import zones

pytestmark = pytest.mark.every_database

MOMENT = datetime.datetime(2026, 1, 1)


@pytest.fixture
def five(context, database):
    """Five rows of the same moment."""
    with session.writer(context) as connection:
        connection.execute(sa.insert(zones), [
            {'id': f'id{number}', 'name': name, 'created_at': MOMENT} for number, name in enumerate('abcde')])


def names(context, **page):
    with session.reader(context) as connection:
        within = page.pop('within', None)
        rows, more = query.page(connection, sa.select(zones), query.Page(sort_key='name', **page),
                                {'name': zones.c.name}, zones.c.id, within)
        return ''.join(row['name'] for row in rows), more


def test_few_is_what_does_not_pass_a_bound(context, five, monkeypatch):
    for bound, wanted in ((4, False), (5, True)):
        monkeypatch.setattr(query, 'FEW', bound)
        with session.reader(context) as connection:
            assert query.are_few(connection, zones.c.name > '') is wanted
            assert query.are_few(connection, zones.c.name == 'nobody')


def test_looked_up_in_turn_is_the_same_as_exists(context, five):
    other = zones.alias()
    condition = other.c.id == zones.c.id, other.c.name.in_(('b', 'd'))
    with session.reader(context) as connection:
        found = [sorted(connection.scalars(sa.select(zones.c.name).where(form)))
                 for form in (query.in_turn(*condition), sa.exists().where(*condition))]
    assert found == [['b', 'd'], ['b', 'd']]


@pytest.mark.parametrize('direction, first, rest', [('asc', 'ab', 'cde'), ('desc', 'ed', 'cba')])
def test_list_within_one_value_goes_on_behind_the_marker(context, five, direction, first, rest):
    here = (zones.c.created_at, MOMENT)
    assert names(context, within=here, sort_dir=direction, limit=2) == (first, True)
    marker = f'id{"abcde".index(first[-1])}'
    assert names(context, within=here, sort_dir=direction, marker=marker) == (rest, False)
    assert names(context, within=(zones.c.created_at, datetime.datetime(2025, 1, 1)), sort_dir=direction) == ('', False)


def test_count_is_that_of_the_whole_list(context, five):
    with session.reader(context) as connection:
        assert query.count(connection, sa.select(zones)) == 5
        assert query.count(connection, sa.select(zones), (zones.c.name, 'c')) == 1
