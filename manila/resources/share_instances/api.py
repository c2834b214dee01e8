"""Operations on share instances and their export locations."""
from manila.api.operation import Operations, Page
from manila.resources.exports import schema as exports_schema
from manila.resources.share_instances import policy, schema, service
from manila.resources.shares import policy as shares_policy

operations = Operations('share_instances', 'Share instances')

ONE = '/share_instances/{share_instance_id}'
ACTION = '/share_instances/{share_instance_id}/action'
LOCATIONS = '/share_instances/{share_instance_id}/export_locations'


@operations.get('/share_instances', since='2.3', policy=policy.INDEX, query=schema.LIST, view=schema.DETAIL,
                collection='share_instances', paged=True)
def index(req):
    """List share instances."""
    filters = {key: value for key, value in req.query.items() if value is not None}
    return Page(*service.find(req.context, filters, req.page, paths=not req.since('2.9')))


@operations.get('/shares/{share_id}/instances', since='2.3', policy=policy.INDEX, view=schema.DETAIL,
                collection='share_instances')
def by_share(req, share_id):
    """List the instances of a share."""
    return service.find_of_share(req.context, share_id, paths=not req.since('2.9'))


@operations.get(ONE, since='2.3', policy=policy.SHOW, view=schema.DETAIL)
def show(req, share_instance_id):
    """Show a share instance."""
    return service.get(req.context, share_instance_id, paths=not req.since('2.9'))


@operations.action(ACTION, 'reset_status', legacy='os-reset_status', since='2.3', policy=policy.RESET_STATUS,
                   body=schema.RESET_STATUS)
def reset_status(req, share_instance_id, body):
    """Set the status of a share instance by force."""
    service.reset_status(req.context, share_instance_id, body['status'])


@operations.action(ACTION, 'force_delete', legacy='os-force_delete', since='2.3',
                   policy=(policy.FORCE_DELETE, shares_policy.DELETE))
def force_delete(req, share_instance_id):
    """Delete a share instance whatever its status."""
    service.force_delete(req.context, share_instance_id)


@operations.get(LOCATIONS, since='2.9', policy=policy.LOCATION_INDEX, view=exports_schema.SUMMARY,
                collection='export_locations')
def location_index(req, share_instance_id):
    """List the export locations of a share instance."""
    return service.find_locations(req.context, share_instance_id)


@operations.get('/share_instances/{share_instance_id}/export_locations/{export_location_id}', since='2.9',
                policy=policy.LOCATION_SHOW, view=exports_schema.DETAIL)
def location_show(req, share_instance_id, export_location_id):
    """Show an export location of a share instance."""
    return service.get_location(req.context, share_instance_id, export_location_id)
