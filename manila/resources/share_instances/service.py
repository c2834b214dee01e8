"""The rules of share instances."""
from manila import exception
from manila.db import session
from manila.resources.exports import store as exports
from manila.resources.share_instances import store
from manila.resources.shares import service as shares


def find(context, filters, page, paths=False):
    """One page of share instances, and whether there are more; see :func:`.store.find`."""
    return store.find(context, filters, page, paths, deferred=shares.sees_deferred(context))


def find_of_share(context, share_id, paths=False):
    """The instances of a share."""
    return store.of_share(context, shares.own(context, share_id)['id'], paths)


def get(context, instance_id, paths=False):
    """A share instance."""
    return store.get(context, instance_id, paths)


@session.transaction
def reset_status(context, instance_id, status):
    """Set the status of a share instance by force."""
    row, instance = _with_share(context, instance_id)
    shares.set_status(context, row, instance, status)


@session.transaction
def force_delete(context, instance_id):
    """Order the removal of a share instance, and of its share if it is the last."""
    row, instance = _with_share(context, instance_id)
    shares.delete_instance(context, row, instance, force=True)


def _with_share(context, instance_id):
    """An instance, and the share that it is of."""
    row = shares.own(context, store.get(context, instance_id)['share_id'])
    return row, next(each for each in row['instances'] if each['id'] == instance_id)


def find_locations(context, instance_id):
    """The export locations of an instance."""
    store.get(context, instance_id)
    return exports.find(context, [instance_id], context.is_admin)


def get_location(context, instance_id, location_id):
    """One export location of an instance."""
    store.get(context, instance_id)
    found = exports.find(context, [instance_id], context.is_admin, location_id)
    if not found:
        raise exception.ExportLocationNotFound(uuid=location_id)
    return found[0]
