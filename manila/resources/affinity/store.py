"""All SQL about the metadata by which shares remember their neighbours."""
import sqlalchemy as sa

from manila.db import query
from manila.resources.shares.model import metadata, shares


def lock(context, connection, share_ids):
    """Those of some shares that the context may see; their metadata do not change until the transaction ends."""
    statement = (sa.select(shares.c.id).where(shares.c.id.in_(share_ids), query.visible(context, shares.c.project_id))
                 .order_by(shares.c.id).with_for_update())
    return list(connection.scalars(statement))


def values(connection, share_ids, key):
    """The value that a key of metadata has in each of some shares."""
    return dict(connection.execute(sa.select(metadata.c.share_id, metadata.c.value).where(
        metadata.c.share_id.in_(share_ids), metadata.c.key == key)).all())


def set_value(connection, share_id, key, value):
    """Set one pair of metadata, or remove it when the value is empty."""
    if value:
        query.set_key_values(connection, metadata, metadata.c.share_id, share_id, {key: value})
    else:
        query.remove_key_value(connection, metadata, metadata.c.share_id, share_id, key)
