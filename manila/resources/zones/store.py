"""All SQL of availability zones."""
import sqlalchemy as sa

from manila.db import base, query, session
from manila.resources.services.model import services
from manila.resources.zones.model import zones

_KEY = sa.bindparam('key')
_BY_NAME_OR_ID = sa.select(zones).where((zones.c.id == _KEY) | (zones.c.name == _KEY))


def find(context, name_or_id):
    """The zone with this id or name, or None."""
    with session.reader(context) as connection:
        found = query.rows(connection, _BY_NAME_OR_ID, {'key': name_or_id})
    return min(found, key=lambda row: row['id'] != name_or_id, default=None)


def insert_missing(context, name):
    """Make a zone unless there is one of that name; returns its id."""
    wanted = sa.select(zones.c.id).where(zones.c.name == name)
    with session.writer(context) as connection:
        found = connection.scalar(wanted)
        if found is None:
            values = {'id': base.new_id(), 'name': name, 'created_at': base.now()}
            query.insert_missing(connection, zones, [values])
            found = connection.scalar(wanted)
        return found


def list_served(context):
    """Zones in which there is an enabled service, by name."""
    served = sa.exists().where(services.c.availability_zone_id == zones.c.id,
                               services.c.disabled == sa.false())
    with session.reader(context) as connection:
        return query.rows(connection, sa.select(zones).where(served).order_by(zones.c.name))
