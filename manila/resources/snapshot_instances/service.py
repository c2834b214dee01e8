"""The rules of snapshot instances."""
from manila.db import session
from manila.resources.snapshots import service as snapshots, store


def find(context, page, snapshot_id=None):
    """One page of snapshot instances, of one snapshot or all; returns rows and whether there are more."""
    return store.find_instances(context, page, snapshot_id)


def get(context, instance_id):
    """A snapshot instance."""
    return store.get_instance(context, instance_id)


@session.transaction
def reset_status(context, instance_id, status):
    """Set the status of a snapshot instance by force."""
    snapshots.set_status(context, store.get_instance(context, instance_id), status)
