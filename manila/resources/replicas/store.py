"""All SQL about share replicas: share instances that have a replica state.

A row is a plain dict: the columns of the instance, ``project_id`` of its share, ``availability_zone`` and ``metadata``.
"""
import sqlalchemy as sa

from manila import exception
from manila.db import query, session
from manila.resources.replicas.model import metadata
from manila.resources.shares import states
from manila.resources.shares.model import instances, shares
from manila.resources.zones.model import zones

_ROWS = (sa.select(*instances.c, shares.c.project_id, zones.c.name.label('availability_zone'))
         .join(shares, shares.c.id == instances.c.share_id)
         .outerjoin(zones, zones.c.id == instances.c.availability_zone_id)
         .where(instances.c.replica_state.is_not(None)))

SORTABLE = {name: instances.c[name] for name in ('id', 'share_id', 'status', 'replica_state', 'created_at',
                                                 'updated_at')}


def find(context, page, share_id=None, deferred=False):
    """One page of the replicas of the context's project; returns rows and whether there are more.

    :param share_id: only those of this share
    :param deferred: also those whose deletion is put off
    """
    statement = _ROWS.where(query.visible(context, shares.c.project_id))
    if share_id is not None:
        statement = statement.where(instances.c.share_id == share_id)
    if not deferred:
        statement = statement.where(instances.c.status.not_in(states.DEFERRED))
    with session.reader(context) as connection:
        rows, more = query.page(connection, statement, page, SORTABLE, instances.c.id)
        return _with_metadata(connection, rows), more


def get(context, replica_id):
    """A replica.

    :raises manila.exception.ShareReplicaNotFound: when the context may see none
    """
    statement = _ROWS.where(query.visible(context, shares.c.project_id), instances.c.id == replica_id)
    with session.reader(context) as connection:
        row = query.first(connection, statement)
        if row is None:
            raise exception.ShareReplicaNotFound(replica_id=replica_id)
        return _with_metadata(connection, [row])[0]


def _with_metadata(connection, rows):
    pairs = query.key_values(connection, metadata, metadata.c.share_instance_id, [row['id'] for row in rows])
    return [{**row, 'metadata': pairs[row['id']]} for row in rows]


def set_metadata(connection, replica_id, pairs, replace=False):
    """Set metadata of a replica; with ``replace`` what is not given goes."""
    query.set_key_values(connection, metadata, metadata.c.share_instance_id, replica_id, pairs, replace)


def remove_metadata(connection, replica_id, key):
    """Remove one pair of metadata; returns whether there was one."""
    return query.remove_key_value(connection, metadata, metadata.c.share_instance_id, replica_id, key)
