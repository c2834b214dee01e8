"""The rules of share replicas."""
from manila import exception
from manila.db import session
from manila.resources.exports import service as export_service, store as exports
from manila.resources.replicas import store
from manila.resources.shares import service as shares, states


def find(context, page, share_id=None):
    """One page of replicas, and whether there are more; see :func:`.store.find`."""
    return store.find(context, page, share_id, deferred=shares.sees_deferred(context))


def get(context, replica_id):
    """A replica of the context's project."""
    row = store.get(context, replica_id)
    if row['status'] in states.DEFERRED and not shares.sees_deferred(context):
        raise exception.ShareReplicaNotFound(replica_id=replica_id)
    context.authorize(row)
    return row


@session.transaction
def set_metadata(context, replica_id, pairs, replace=False):
    """Set metadata; returns all of it.

    :param replace: what is not given goes
    """
    row = get(context, replica_id)
    with session.writer(context) as connection:
        store.set_metadata(connection, replica_id, pairs, replace)
    return pairs if replace else {**row['metadata'], **pairs}


@session.transaction
def remove_metadata(context, replica_id, key):
    """Remove one pair of metadata."""
    get(context, replica_id)
    with session.writer(context) as connection:
        if not store.remove_metadata(connection, replica_id, key):
            raise exception.MetadataItemNotFound()


def find_locations(context, replica_id):
    """The export locations of a replica, with its state and zone."""
    row = get(context, replica_id)
    return [_placed(each, row) for each in exports.find(context, [replica_id], context.is_admin)]


def get_location(context, replica_id, location_id):
    """One export location of a replica, with its state and zone.

    :raises manila.exception.ExportLocationNotFound: when the replica has no such location
    :raises manila.exception.NotAuthorized: when it is kept to administrators
    """
    row = get(context, replica_id)
    return _placed(export_service.one_of(context, [replica_id], location_id), row)


def _placed(location, replica):
    return {**location, 'availability_zone': replica['availability_zone']}
