"""All SQL of QoS types."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import base, query, session
from manila.resources.qos.model import specs, types
from manila.resources.shares.model import instances

SORTABLE = {name: types.c[name] for name in ('id', 'name', 'description', 'created_at', 'updated_at')}
_KEY = sa.bindparam('key')
# A shared lock: shares may be made at the same time, while the type cannot go.
_BY_NAME_OR_ID = sa.select(types.c.id).where((types.c.id == _KEY) | (types.c.name == _KEY)).with_for_update(read=True)


def list_page(context, page, filters):
    """One page of QoS types with their specs, and whether there are more.

    :param filters: exact ``name`` and ``description``, and with ``~`` parts of them
    """
    statement = sa.select(types)
    for name in ('name', 'description'):
        if filters.get(name) is not None:
            statement = statement.where(types.c[name] == filters[name])
        if filters.get(f'{name}~') is not None:
            statement = statement.where(query.like(types.c[name], filters[f'{name}~']))
    with session.reader(context) as connection:
        rows, more = query.page(connection, statement, page, SORTABLE, types.c.id)
        return _with_specs(connection, rows), more


def _with_specs(connection, rows):
    found = query.key_values(connection, specs, specs.c.qos_type_id, [row['id'] for row in rows])
    return [{**row, 'specs': found[row['id']]} for row in rows]


def get(context, qos_type_id):
    """A QoS type with its specs.

    :raises manila.exception.QosTypeNotFound: when there is none
    """
    with session.reader(context) as connection:
        row = query.first(connection, sa.select(types).where(types.c.id == qos_type_id))
        if row is None:
            raise exception.QosTypeNotFound(qos_type_id=qos_type_id)
        return _with_specs(connection, [row])[0]


def find_id(context, name_or_id):
    """The id of the QoS type with this id or name, which stays until the open transaction ends; None without one."""
    with session.reader(context) as connection:
        found = list(connection.scalars(_BY_NAME_OR_ID, {'key': name_or_id}))
    return name_or_id if name_or_id in found else next(iter(found), None)


def insert(context, values, pairs):
    """Insert a QoS type with its specs; returns it.

    :raises manila.exception.Conflict: when the name is taken
    """
    values = {'id': base.new_id(), 'created_at': base.now(), 'updated_at': None, **values}
    with session.writer(context) as connection:
        try:
            connection.execute(sa.insert(types).values(values))
        except db_exc.DBDuplicateEntry:
            raise exception.Conflict(err=exception.QosTypeExists(id=values['name']).msg) from None
        query.set_key_values(connection, specs, specs.c.qos_type_id, values['id'], pairs)
    return {**values, 'specs': dict(pairs)}


def change(context, qos_type_id, values):
    """Change columns of a QoS type.

    :raises manila.exception.QosTypeNotFound: when it is gone
    """
    statement = sa.update(types).where(types.c.id == qos_type_id).values(updated_at=base.now(), **values)
    with session.writer(context) as connection:
        if not connection.execute(statement).rowcount:
            raise exception.QosTypeNotFound(qos_type_id=qos_type_id)


def remove(context, qos_type_id):
    """Remove a QoS type with its specs.

    :raises manila.exception.QosTypeNotFound: when it is gone
    """
    with session.writer(context) as connection:
        if not connection.execute(sa.delete(types).where(types.c.id == qos_type_id)).rowcount:
            raise exception.QosTypeNotFound(qos_type_id=qos_type_id)


def in_use(context, qos_type_id):
    """Whether share instances have a QoS type."""
    with session.reader(context) as connection:
        return bool(connection.scalar(sa.select(sa.exists().where(instances.c.qos_type_id == qos_type_id))))


def set_specs(context, qos_type_id, pairs):
    """Set specs of a QoS type; others stay as they are."""
    with session.writer(context) as connection:
        try:
            query.set_key_values(connection, specs, specs.c.qos_type_id, qos_type_id, pairs)
        except db_exc.DBReferenceError:
            raise exception.QosTypeNotFound(qos_type_id=qos_type_id) from None


def remove_spec(context, qos_type_id, key):
    """Remove a spec.

    :raises manila.exception.QosTypeSpecsNotFound: when the QoS type does not have it
    """
    with session.writer(context) as connection:
        if not query.remove_key_value(connection, specs, specs.c.qos_type_id, qos_type_id, key):
            raise exception.QosTypeSpecsNotFound(qos_type_id=qos_type_id, key=key)
