"""The rules of export locations of snapshots: which of them a caller sees."""
from manila import exception
from manila.common import constants
from manila.resources.snapshot_exports import store
from manila.resources.snapshots import service as snapshots, store as snapshot_store


def find(context, snapshot_id):
    """The export locations of a snapshot: those of its instances that are available."""
    return store.find(context, _instances(context, snapshot_id), context.is_admin)


def get(context, snapshot_id, location_id):
    """One export location of a snapshot."""
    return _only(store.find(context, _instances(context, snapshot_id), context.is_admin, location_id),
                 location_id)


def _instances(context, snapshot_id):
    found = [each for each in snapshots.get(context, snapshot_id, pairs=False)['instances']
             if each['status'] == constants.STATUS_AVAILABLE]
    active = [each for each in found if each['replica_state'] == constants.REPLICA_STATE_ACTIVE]
    return [each['id'] for each in active or found]


def find_of_instance(context, instance_id):
    """The export locations of a snapshot instance."""
    snapshot_store.get_instance(context, instance_id)
    return store.find(context, [instance_id], context.is_admin)


def get_of_instance(context, instance_id, location_id):
    """One export location of a snapshot instance."""
    snapshot_store.get_instance(context, instance_id)
    return _only(store.find(context, [instance_id], context.is_admin, location_id), location_id)


def _only(found, location_id):
    if not found:
        raise exception.ExportLocationNotFound(uuid=location_id)
    return found[0]
