"""All SQL about export locations."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import base, query, session
from manila.resources.exports.model import locations, metadata
from manila.resources.shares.model import instances

PREFERRED = 'preferred'
_ROWS = (sa.select(*locations.c, instances.c.replica_state, instances.c.status)
         .join(instances, instances.c.id == locations.c.share_instance_id)
         .order_by(locations.c.position, locations.c.id))


def replace(connection, instance_id, found):
    """Make the locations of an instance those that a driver named; a path that stays keeps its id and metadata.

    :param found: list of ``{'path', 'is_admin_only', 'metadata'}``
    """
    kept = {path: location_id for location_id, path in connection.execute(
        sa.select(locations.c.id, locations.c.path).where(locations.c.share_instance_id == instance_id))}
    wanted = {each['path']: each for each in found}
    gone = [location_id for path, location_id in kept.items() if path not in wanted]
    if gone:
        connection.execute(sa.delete(locations).where(locations.c.id.in_(gone)))
    for position, (path, each) in enumerate(wanted.items()):
        if path in kept:
            connection.execute(sa.update(locations).where(locations.c.id == kept[path]).values(
                is_admin_only=each['is_admin_only'], position=position, updated_at=base.now()))
            query.set_key_values(connection, metadata, metadata.c.export_location_id, kept[path], each['metadata'])
    insert(connection, instance_id, [each for path, each in wanted.items() if path not in kept], len(kept))


def insert(connection, instance_id, found, first=0):
    """Write the locations of an instance that has none of these paths, in two statements at most."""
    now = base.now()
    rows = [{'id': base.new_id(), 'share_instance_id': instance_id, 'path': each['path'],
             'is_admin_only': each['is_admin_only'], 'position': first + place, 'created_at': now, 'updated_at': now}
            for place, each in enumerate(found)]
    if rows:
        connection.execute(sa.insert(locations), rows)
    pairs = [{'export_location_id': row['id'], 'key': key, 'value': value}
             for row, each in zip(rows, found) for key, value in each['metadata'].items()]
    if pairs:
        connection.execute(sa.insert(metadata), pairs)


def set_metadata(connection, location_id, pairs, replace=False):
    """Set metadata of a location; with ``replace`` what is not given goes."""
    try:
        query.set_key_values(connection, metadata, metadata.c.export_location_id, location_id, pairs, replace)
    except db_exc.DBReferenceError as error:
        raise exception.ExportLocationNotFound(uuid=location_id) from error


def remove_metadata(connection, location_id, key):
    """Remove one pair of metadata; returns whether there was one."""
    return query.remove_key_value(connection, metadata, metadata.c.export_location_id, location_id, key)


def find(context, instance_ids, admin_only, location_id=None):
    """The locations of instances, in the drivers' order.

    ``metadata`` are without the key that is shown as ``preferred``, which ``reserved`` holds as it is kept.

    :param admin_only: whether those kept to administrators count
    """
    statement = _ROWS.where(locations.c.share_instance_id.in_(instance_ids))
    if not admin_only:
        statement = statement.where(locations.c.is_admin_only.is_(False))
    if location_id is not None:
        statement = statement.where(locations.c.id == location_id)
    with session.reader(context) as connection:
        rows = query.rows(connection, statement)
        pairs = query.key_values(connection, metadata, metadata.c.export_location_id, [row['id'] for row in rows])
    for row in rows:
        row['metadata'] = pairs[row['id']]
        row['reserved'] = {key: row['metadata'].pop(key) for key in (PREFERRED,) if key in row['metadata']}
        row['preferred'] = row['reserved'].get(PREFERRED, 'false').lower() == 'true'
    return rows
