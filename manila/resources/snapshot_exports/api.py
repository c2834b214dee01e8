"""Operations on the export locations of snapshots and of their instances."""
from manila.api.operation import Operations
from manila.resources.snapshot_exports import policy, schema, service

operations = Operations('snapshot_exports', 'Export locations of snapshots')

COLLECTION = 'share_snapshot_export_locations'
OF_SNAPSHOT = '/snapshots/{snapshot_id}/export-locations'
OF_INSTANCE = '/snapshot-instances/{snapshot_instance_id}/export-locations'


@operations.get(OF_SNAPSHOT, since='2.32', policy=policy.INDEX, view=schema.SUMMARY, collection=COLLECTION)
def index(req, snapshot_id):
    """List the export locations of a snapshot."""
    return service.find(req.context, snapshot_id)


@operations.get(f'{OF_SNAPSHOT}/{{export_location_id}}', since='2.32', policy=policy.SHOW, view=schema.DETAIL)
def show(req, snapshot_id, export_location_id):
    """Show an export location of a snapshot."""
    return service.get(req.context, snapshot_id, export_location_id)


@operations.get(OF_INSTANCE, since='2.32', policy=policy.INSTANCE_INDEX, view=schema.SUMMARY,
                collection=COLLECTION)
def instance_index(req, snapshot_instance_id):
    """List the export locations of a snapshot instance."""
    return service.find_of_instance(req.context, snapshot_instance_id)


@operations.get(f'{OF_INSTANCE}/{{export_location_id}}', since='2.32', policy=policy.INSTANCE_SHOW,
                view=schema.DETAIL)
def instance_show(req, snapshot_instance_id, export_location_id):
    """Show an export location of a snapshot instance."""
    return service.get_of_instance(req.context, snapshot_instance_id, export_location_id)
