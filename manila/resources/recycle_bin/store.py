"""All SQL about the recycle bin."""
import sqlalchemy as sa

from manila.db import base, session
from manila.resources.shares.model import instances, shares


def put_in(connection, share_id, until):
    """Put a share into the recycle bin until a time."""
    connection.execute(sa.update(shares).where(shares.c.id == share_id).values(
        is_soft_deleted=True, scheduled_to_be_deleted_at=until, updated_at=base.now()))


def take_out(connection, share_id):
    """Take a share out of the recycle bin; returns whether it was there."""
    return connection.execute(
        sa.update(shares).where(shares.c.id == share_id, shares.c.is_soft_deleted)
        .values(is_soft_deleted=False, scheduled_to_be_deleted_at=None, updated_at=base.now())).rowcount == 1


def expired(context, statuses, limit):
    """The ids of up to ``limit`` shares whose time in the recycle bin is over, those first that are there longest.

    :param statuses: only those whose instances all are in one of these
    """
    busy = sa.exists().where(instances.c.share_id == shares.c.id, instances.c.status.not_in(statuses))
    statement = (sa.select(shares.c.id)
                 .where(shares.c.is_soft_deleted, shares.c.scheduled_to_be_deleted_at <= base.now(), ~busy)
                 .order_by(shares.c.scheduled_to_be_deleted_at, shares.c.id).limit(limit))
    with session.reader(context) as connection:
        return list(connection.scalars(statement))
