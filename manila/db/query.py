"""What all stores share: tenancy, pages, and plain rows.

Tenancy is decided here and nowhere else: a store that reads or changes rows of projects puts :func:`visible` into
its condition.
"""
import dataclasses
import functools

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from manila import exception

DESCENDING = 'desc'


def visible(context, column, also=None):
    """The condition that a row belongs to the context's project; everything for administrators.

    :param column: the column of the project id
    :param also: a condition under which rows of other projects may be seen too
    """
    if context.is_admin:
        return sa.true()
    mine = column == (context.project_id or '')
    return mine if also is None else sa.or_(mine, also)


def tenancy(is_admin, column, also=None):
    """As :func:`visible`, for statements made once: the project is the parameter ``project``."""
    if is_admin:
        return sa.true()
    mine = column == sa.bindparam('project')
    return mine if also is None else sa.or_(mine, also)


@dataclasses.dataclass
class Page:
    """Which part of a list is asked for.

    :param marker: id of the last row of the page before
    """

    limit: int = None
    offset: int = 0
    marker: str = None
    sort_key: str = 'created_at'
    sort_dir: str = DESCENDING


def rows(connection, statement, *args):
    """The rows of a statement as plain dicts."""
    return [dict(row) for row in connection.execute(statement, *args).mappings()]


def first(connection, statement, *args):
    """The first row as a plain dict, or None."""
    row = connection.execute(statement, *args).mappings().first()
    return None if row is None else dict(row)


def page(connection, statement, page, sortable, id_column, within=None):
    """One page of a list by key: its rows as plain dicts, and whether there are more.

    The cost does not grow with the place of the page in the list, as long as the caller goes on by marker.

    :param statement: the whole list, with filters
    :param sortable: sort key -> column
    :param id_column: decides between equal sort keys
    :param within: a column and the only value of it that the list has, where an index leads with that column
    :raises manila.exception.InvalidInput: for a sort key that is not sortable
    """
    if page.sort_key not in sortable:
        raise exception.InvalidInput(reason=f'Sort key "{page.sort_key}" is not one of {", ".join(sorted(sortable))}.')
    column = sortable[page.sort_key]
    down = page.sort_dir == DESCENDING
    order = ()
    if within is not None:
        statement, order = _within(statement, *within, page.marker, down)
    if page.marker is not None:
        statement = _after(connection, statement, column, id_column, page.marker, down)
    statement = statement.order_by(*order, *_order(column, id_column, down))
    if page.limit is not None:
        statement = statement.limit(page.limit + 1)
    if page.offset:
        if page.limit is None:
            statement = statement.limit(2 ** 31)
        statement = statement.offset(page.offset)
    found = rows(connection, statement)
    if page.limit is not None and len(found) > page.limit:
        return found[:page.limit], True
    return found, False


def count(connection, statement, within=None):
    """How many rows a list has; ``within`` as for :func:`page`."""
    if within is not None:
        statement = statement.where(within[0] == within[1])
    return connection.scalar(sa.select(sa.func.count()).select_from(statement.subquery()))


def _order(column, id_column, down):
    order = [] if not _nullable(column) else [column.isnot(None) if not down else column.is_(None)]
    # Empty values come last upwards and first downwards, on every database alike.
    order = [part.desc() for part in order]
    if column is not id_column:
        order.append(column.desc() if down else column.asc())
    return [*order, id_column.desc() if down else id_column.asc()]


def _within(statement, column, value, marker, down):
    """The part of a list that has a value in a column, and how to sort it first of all.

    Behind a marker MariaDB would follow an equation to the head of the index and read up to the marker from there.
    Two inequalities let it begin at the marker; but then the order of the index has to be asked for as a whole.
    """
    if marker is None:
        return statement.where(column == value), ()
    return statement.where(column >= value, column <= value), (column.desc() if down else column.asc(),)


def _nullable(column):
    return getattr(column, 'nullable', True)


def _after(connection, statement, column, id_column, marker, down):
    """The part of a list behind the row with the id ``marker``; all of it when there is no such row."""
    at = connection.execute(statement.with_only_columns(column.label('at')).where(id_column == marker)).first()
    if at is None:
        return statement
    later_id = id_column < marker if down else id_column > marker
    if column is id_column:
        return statement.where(later_id)
    if at[0] is None:
        behind = column.is_(None) & later_id
        return statement.where(behind | column.isnot(None) if down else behind)
    # Not the plain value: SQLAlchemy takes True and False for words that have no order.
    value = sa.literal(at[0], column.type)
    beyond = column < value if down else column > value
    behind = beyond | ((column == value) & later_id)
    if not down and _nullable(column):
        return statement.where(behind | column.is_(None))
    # Says nothing new, but lets MariaDB begin at the marker instead of at the head of the list.
    return statement.where(column <= value if down else column >= value, behind)


#: Up to so many rows count as few.
FEW = 2000


def are_few(connection, *conditions):
    """Whether only few rows of a table match; costs little, however many there are, where an index finds them."""
    found = sa.select(sa.literal(1)).where(*conditions).limit(FEW + 1).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(found)) <= FEW


def in_turn(*conditions):
    """The condition that some row of another table matches, looked up for each row of a list in its turn.

    That is right for what most rows of the list have, if the list is read in the order of an index until a page is
    full. An EXISTS is right for what few have: MariaDB collects all that match before it looks at the list.
    """
    return sa.select(sa.literal(1)).where(*conditions).limit(1).scalar_subquery().is_not(None)


def some(connection, mine, condition):
    """The condition that a row of another table matches, in the form that is quick for as many as do.

    :param mine: what joins that table to the rows of the list
    """
    return sa.exists().where(mine, condition) if are_few(connection, condition) else in_turn(mine, condition)


def like(column, text):
    """The condition that a column holds a text somewhere, whatever the text holds."""
    return column.contains(text, autoescape=True)


def key_values(connection, table, parent_column, ids):
    """The pairs of a key and value table: parent id -> {key: value}, with an entry for every id."""
    found = {parent: {} for parent in ids}
    if found:
        statement = sa.select(parent_column, table.c.key, table.c.value).where(parent_column.in_(list(found)))
        for parent, key, value in connection.execute(statement.order_by(table.c.key)):
            found[parent][key] = value
    return found


def set_key_values(connection, table, parent_column, parent, pairs, replace=False):
    """Set pairs of one parent; with ``replace`` those not given are removed."""
    if replace:
        connection.execute(sa.delete(table).where(parent_column == parent, table.c.key.not_in(list(pairs))))
    if pairs:
        connection.execute(_upsert(connection.dialect.name, table), [
            {parent_column.name: parent, 'key': key, 'value': value} for key, value in sorted(pairs.items())])


_INSERTS = {'postgresql': postgresql.insert, 'sqlite': sqlite.insert, 'mysql': mysql.insert,
            'mariadb': mysql.insert}


def remove_key_value(connection, table, parent_column, parent, key):
    """Remove one pair of a parent; returns whether there was one."""
    return connection.execute(sa.delete(table).where(parent_column == parent, table.c.key == key)).rowcount == 1


@functools.cache
def _upsert(dialect, table):
    """The statement that writes pairs of a key and value table, also when someone else has just done that."""
    statement = _INSERTS[dialect](table)
    if dialect in ('mysql', 'mariadb'):
        return statement.on_duplicate_key_update(value=statement.inserted.value)
    return statement.on_conflict_do_update(index_elements=list(table.primary_key),
                                           set_={'value': statement.excluded.value})


def insert_missing(connection, table, values):
    """Insert those of some rows that are not there yet, also when others insert the same at that moment.

    :param values: list of dicts; which rows are the same is decided by the keys of the table
    """
    statement = _INSERTS[connection.dialect.name](table)
    if connection.dialect.name in ('mysql', 'mariadb'):
        first_key = next(iter(table.primary_key)).name
        statement = statement.on_duplicate_key_update({first_key: table.c[first_key]})
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, values)
