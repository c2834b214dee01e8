"""Many rows out of few: every row of a small world is repeated, together with the rows that belong to it.

No table is named here but those that stay as they are: a new one is repeated by itself.
"""
import datetime
import functools
import uuid

import sqlalchemy as sa

from manila.db import models, session

_AS_THEY_ARE = {'jobs', 'quota_limits', 'quota_class_limits', 'quota_usages', 'drivers_private_data'}
_BEGIN = datetime.datetime(2026, 1, 1)
#: Columns that differ from row to row, so that there is something to sort by; None where they may be empty.
_VARIED = {
    'size': (1, 2, 3), 'display_name': ('alpha', 'Alpha', 'beta', 'ähre', '', None), 'share_proto': ('NFS', 'CIFS'),
    'display_description': ('one', 'two', None), 'description': ('one', 'two', None), 'user_id': ('u1', 'u2'),
    'task_state': ('data_copying_starting', None), 'progress': ('0%', '50%', '100%', None),
    'provider_location': ('here', 'there', None), 'lock_reason': ('why not', 'because', None),
    'resource_type': ('SHARE', 'SHARE_SNAPSHOT'), 'message_level': ('ERROR', 'WARNING'), 'request_id': ('req-1', None),
    'launched_at': (_BEGIN, None), 'scheduled_at': (_BEGIN, None), 'is_public': (True, False),
    'replica_state': ('active', 'in_sync', None)}
_NOT_VARIED = {('resource_locks', 'resource_type'), ('share_types', 'is_public')}


class Crowd:
    """The rows that there are at the moment, and more like them.

    :param context: an administrator's
    :param pinned: ids of rows that stay single, so that all copies belong to them
    :param random: gives the values of columns that are sorted by; without it they are copied
    """

    def __init__(self, context, pinned=(), random=None):
        self._context, self._pinned, self._random = context, set(pinned), random
        self._tables = [table for table in models.metadata.sorted_tables if table.name not in _AS_THEY_ARE]
        with session.reader(context) as connection:
            self._rows = {table: _read(connection, table) for table in self._tables}
        self._made = 0

    def grow(self, times, tables=None):
        """Add so many copies of every row.

        :param tables: names of those whose rows are repeated; all by default
        """
        copies = {table: [] for table in self._tables}
        for _copy in range(times):
            self._made += 1
            chosen = {table: [row for row in rows if row.get('id') not in self._pinned]
                      for table, rows in self._rows.items() if tables is None or table.name in tables}
            new_ids = {row['id']: self._new_id(row['id']) for rows in chosen.values() for row in rows
                       if isinstance(row.get('id'), str)}
            for table, rows in chosen.items():
                made = [self._copy(table, row, new_ids) for row in rows]
                copies[table] += [copy for copy in made if copy is not None]
        with session.writer(self._context) as connection:
            for table, rows in copies.items():
                if rows:
                    connection.execute(sa.insert(table), rows)

    def _new_id(self, old):
        return str(uuid.UUID(int=uuid.UUID(old).int ^ self._made << 64 ^ self._made))

    def _copy(self, table, row, new_ids):
        copy = {name: new_ids.get(value, value) if isinstance(value, str) else value for name, value in row.items()}
        if isinstance(copy.get('id'), int):
            del copy['id']
        for names in _unique(table):
            if all(copy.get(name) == row[name] and row[name] is not None for name in names):
                if all(table.c[name].foreign_keys for name in names):
                    return None     # it joins two rows that are not repeated
                # The widest text of them, which is neither an id nor a word of few.
                name = max((name for name in names if isinstance(row[name], str)),
                           key=lambda name: table.c[name].type.length)
                copy[name] = f'{row[name]}-{self._made}'
        return self._varied(table, copy) if self._random else copy

    def _varied(self, table, copy):
        taken = {name for names in _unique(table) for name in names}
        for name in copy:
            if name in _VARIED and name not in taken and (table.name, name) not in _NOT_VARIED:
                values = [value for value in _VARIED[name] if value is not None or table.c[name].nullable]
                copy[name] = self._random.choice(values)
        if 'created_at' in copy:        # often the same moment
            copy['created_at'] = _BEGIN + datetime.timedelta(seconds=self._random.randrange(8))
        if 'updated_at' in copy:
            copy['updated_at'] = self._random.choice((None, _BEGIN, copy['created_at']))
        return copy


def _read(connection, table):
    """The rows of a table; those that refer to others of the same come last."""
    inner = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    return sorted(rows, key=lambda row: any(row[name] for name in inner))


@functools.cache
def _unique(table):
    """The sets of columns of which no two rows may have the same values, but for the id."""
    unique = [constraint for constraint in table.constraints
              if isinstance(constraint, (sa.UniqueConstraint, sa.PrimaryKeyConstraint))]
    unique += [index for index in table.indexes if index.unique]
    names = [[column.name for column in each.columns] for each in unique]
    return [each for each in names if each != ['id']]
