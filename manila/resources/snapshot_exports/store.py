"""All SQL about export locations of snapshots."""
import sqlalchemy as sa

from manila.db import base, query, session
from manila.resources.snapshot_exports.model import locations

_ROWS = (sa.select(locations)
         .where(locations.c.snapshot_instance_id.in_(sa.bindparam('instances', expanding=True)))
         .order_by(locations.c.position, locations.c.id))


def insert(connection, instance_id, found):
    """Write the locations of an instance that has none.

    :param found: list of ``{'path', 'is_admin_only'}``
    """
    now = base.now()
    rows = [{'id': base.new_id(), 'snapshot_instance_id': instance_id, 'path': each['path'],
             'is_admin_only': each['is_admin_only'], 'position': position, 'created_at': now}
            for position, each in enumerate(found)]
    if rows:
        connection.execute(sa.insert(locations), rows)


def find(context, instance_ids, admin_only, location_id=None):
    """The locations of instances, in the drivers' order.

    :param admin_only: whether those kept to administrators count
    """
    statement = _ROWS
    if not admin_only:
        statement = statement.where(locations.c.is_admin_only.is_(False))
    if location_id is not None:
        statement = statement.where(locations.c.id == location_id)
    with session.reader(context) as connection:
        return query.rows(connection, statement, {'instances': instance_ids})


def of_instance(context, instance_id):
    """All locations of an instance."""
    with session.reader(context) as connection:
        return query.rows(connection, _ROWS, {'instances': [instance_id]})
