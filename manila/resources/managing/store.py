"""All SQL about managing shares."""
import sqlalchemy as sa

from manila.db import base
from manila.resources.exports.model import locations
from manila.resources.shares.model import instances


def is_path_managed(connection, host, path):
    """Whether a share in a pool is exported under a path."""
    return connection.scalar(
        sa.select(instances.c.id).join(locations, locations.c.share_instance_id == instances.c.id)
        .where(instances.c.host == host, locations.c.path == path).limit(1)) is not None


def place(connection, instance_id, zone_id):
    """Note the zone of an instance that is to be managed."""
    connection.execute(
        sa.update(instances).where(instances.c.id == instance_id, instances.c.status == 'manage_starting')
        .values(availability_zone_id=zone_id, scheduled_at=base.now(), updated_at=base.now()))
