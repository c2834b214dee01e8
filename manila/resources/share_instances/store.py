"""All SQL about share instances as administrators see them."""
import sqlalchemy as sa

from manila import exception
from manila.db import query, session
from manila.resources.exports.model import locations
from manila.resources.shares import states
from manila.resources.shares.model import instances, shares
from manila.resources.zones.model import zones

_ROWS = (sa.select(*instances.c, zones.c.name.label('availability_zone'))
         .join(shares, shares.c.id == instances.c.share_id)
         .outerjoin(zones, zones.c.id == instances.c.availability_zone_id))
_PATHS = (sa.select(locations.c.share_instance_id, locations.c.path)
          .where(locations.c.share_instance_id.in_(sa.bindparam('instances', expanding=True)),
                 locations.c.is_admin_only.is_(False))
          .order_by(locations.c.position, locations.c.id))

SORTABLE = {name: instances.c[name] for name in (
    'id', 'share_id', 'host', 'status', 'progress', 'access_rules_status', 'replica_state', 'share_type_id',
    'availability_zone_id', 'share_network_id', 'share_server_id', 'scheduled_at', 'launched_at', 'terminated_at',
    'created_at', 'updated_at')}


def find(context, filters, page, paths=False, deferred=False):
    """One page of the instances that match; returns rows and whether there are more.

    :param filters: ``is_soft_deleted`` (of the share), ``export_location_id``, ``export_location_path``
    :param paths: whether ``export_paths`` are wanted
    :param deferred: also those whose deletion is put off
    """
    statement = _visible(context).where(*_conditions(filters))
    if not deferred:
        statement = statement.where(instances.c.status.not_in(states.DEFERRED))
    with session.reader(context) as connection:
        rows, more = query.page(connection, statement, page, SORTABLE, instances.c.id)
        return _complete(connection, rows, paths), more


def _visible(context):
    return _ROWS.where(query.visible(context, shares.c.project_id))


def _conditions(filters):
    for key, value in filters.items():
        if key == 'is_soft_deleted':
            yield shares.c.is_soft_deleted.is_(value)
        else:
            column = {'export_location_id': locations.c.id, 'export_location_path': locations.c.path}[key]
            yield sa.exists().where(locations.c.share_instance_id == instances.c.id, column == value)


def of_share(context, share_id, paths=False):
    """The instances of a share, the oldest first."""
    statement = _visible(context).where(instances.c.share_id == share_id)
    with session.reader(context) as connection:
        return _complete(connection, query.rows(
            connection, statement.order_by(instances.c.created_at, instances.c.id)), paths)


def get(context, instance_id, paths=False):
    """An instance.

    :raises manila.exception.ShareInstanceNotFound: when there is none
    """
    with session.reader(context) as connection:
        row = query.first(connection, _visible(context).where(instances.c.id == instance_id))
        if row is None:
            raise exception.ShareInstanceNotFound(share_instance_id=instance_id)
        return _complete(connection, [row], paths)[0]


def _complete(connection, rows, paths):
    """Add ``export_paths`` if they are wanted."""
    if paths and rows:
        by_id = {row['id']: row for row in rows}
        for row in rows:
            row['export_paths'] = []
        for instance_id, path in connection.execute(_PATHS, {'instances': list(by_id)}):
            by_id[instance_id]['export_paths'].append(path)
    return rows
