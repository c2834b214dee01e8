"""Which projects may use what is not public: tables of a row each for a parent and a project."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila.db import base, query, session


class Grants:
    """The projects that have access to private rows of another table.

    :param table: with the columns of the parent's id, ``project_id`` and ``created_at``
    :param parent: the column of the parent's id
    """

    def __init__(self, table, parent):
        self._table = table
        self._parent = parent

    def given(self, parent, project):
        """The condition that a parent is open to a project.

        :param parent: the column of its id
        :param project: id, or the parameter that stands for it
        """
        return sa.exists().where(self._parent == parent, self._table.c.project_id == project)

    def find(self, context, parent_id):
        """Who has access to a parent: rows of its id and project_id."""
        statement = (sa.select(self._parent, self._table.c.project_id).where(self._parent == parent_id)
                     .order_by(self._table.c.project_id))
        with session.reader(context) as connection:
            return query.rows(connection, statement)

    def add(self, context, parent_id, project_id):
        """Give a project access; returns whether it had none."""
        values = {self._parent.name: parent_id, 'project_id': project_id, 'created_at': base.now()}
        with session.writer(context) as connection:
            try:
                connection.execute(sa.insert(self._table).values(values))
            except db_exc.DBDuplicateEntry:
                return False
        return True

    def remove(self, context, parent_id, project_id):
        """Take the access of a project away; returns whether it had any."""
        statement = sa.delete(self._table).where(self._parent == parent_id, self._table.c.project_id == project_id)
        with session.writer(context) as connection:
            return connection.execute(statement).rowcount == 1
