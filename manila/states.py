"""State machines as tables.

A package lists its transitions in ``states.py``::

    REPLICA = States('status',
        # event      from                to
        ('created', 'creating',          'available'),
        ('delete',  'available error',   'deleting'))

:meth:`States.move` carries a transition out as one conditional UPDATE: to check and to act are the same act.
"""
import sqlalchemy as sa

from manila import exception
from manila.db import base

ANY = '*'


class States:
    """The transitions of one status column."""

    def __init__(self, column, *rows):
        self.column = column
        self.rows = rows
        self._moves = {}
        self._statements = {}
        for event, sources, target in rows:
            for source in sources.split():
                if (event, source) in self._moves:
                    raise ValueError(f'two transitions for event {event} from {source}')
                self._moves[event, source] = target
        self._sources = {}
        for (event, source), target in self._moves.items():
            self._sources.setdefault(event, {}).setdefault(target, []).append(source)

    def can(self, event, status):
        """Whether the event may happen in a status."""
        return (event, status) in self._moves or (event, ANY) in self._moves

    def target(self, event, status):
        """The status that the event leads to from ``status``; None when it may not happen."""
        return self._moves.get((event, status)) or self._moves.get((event, ANY))

    def sources(self, event):
        """The statuses in which the event may happen."""
        return [source for sources in self._sources[event].values() for source in sources]

    def move(self, connection, table, row_id, event, where=(), **values):
        """Carry a transition out and set further columns with it.

        :param where: conditions besides the row's id and status
        :raises manila.exception.InvalidState: when the row is gone or in another status
        :returns: nothing; the new status follows from the table
        """
        if not self.try_move(connection, table, row_id, event, where, **values):
            status = connection.scalar(sa.select(table.c[self.column]).where(table.c.id == row_id))
            raise exception.InvalidState(
                reason=f'"{event}" is not possible for {table.name} {row_id} in status "{status}".')

    def try_move(self, connection, table, row_id, event, where=(), **values):
        """As :meth:`move`; returns whether a row was changed instead of raising."""
        key = table.name, event
        if key not in self._statements:
            self._statements[key] = self._statement(table, event)
        statement = self._statements[key]
        if where:
            statement = statement.where(*where)
        parts = {name: value for name, value in values.items() if isinstance(value, sa.ClauseElement)}
        if parts:
            statement = statement.values(parts)
        plain = {name: value for name, value in values.items() if name not in parts}
        plain.setdefault('updated_at', base.now())
        return connection.execute(statement, {'moved_id': row_id, **plain}).rowcount == 1

    def _statement(self, table, event):
        """The UPDATE of an event, made once."""
        column = table.c[self.column]
        targets = dict(self._sources[event])
        anywhere = next((target for target, sources in targets.items() if ANY in sources), None)
        statement = sa.update(table).where(table.c.id == sa.bindparam('moved_id'))
        if anywhere is None:
            statement = statement.where(column.in_(self.sources(event)))
        if len(targets) == 1:
            return statement.values({column: next(iter(targets))})
        cases = [(column.in_(sources), target) for target, sources in targets.items() if target != anywhere]
        return statement.values({column: sa.case(*cases, else_=column if anywhere is None else anywhere)})

    def to_rst(self):
        """The table as a reStructuredText list-table, for the documentation."""
        lines = ['.. list-table::', '   :header-rows: 1', '', '   * - Event', '     - From', '     - To']
        for event, sources, target in self.rows:
            lines += [f'   * - {event}', f'     - {", ".join(sources.split())}', f'     - {target}']
        return '\n'.join(lines) + '\n'
