"""Operations on snapshot instances."""
from manila.api.operation import Operations, Page
from manila.resources.snapshot_instances import policy, schema, service

operations = Operations('snapshot_instances', 'Snapshot instances')

ONE = '/snapshot-instances/{snapshot_instance_id}'


def _page(req):
    return Page(*service.find(req.context, req.page, req.query.get('snapshot_id')))


@operations.get('/snapshot-instances', since='2.19', policy=policy.INDEX, query=schema.LIST,
                view=schema.SUMMARY, collection='snapshot_instances', paged=True)
def index(req):
    """List snapshot instances."""
    return _page(req)


@operations.get('/snapshot-instances/detail', since='2.19', policy=policy.DETAIL, query=schema.LIST,
                view=schema.DETAIL, collection='snapshot_instances', paged=True)
def detail(req):
    """List snapshot instances with all their fields."""
    return _page(req)


@operations.get(ONE, since='2.19', policy=policy.SHOW, view=schema.DETAIL)
def show(req, snapshot_instance_id):
    """Show a snapshot instance."""
    return service.get(req.context, snapshot_instance_id)


@operations.action('/snapshot-instances/{snapshot_instance_id}/action', 'reset_status', since='2.19',
                   policy=policy.RESET_STATUS, body=schema.RESET_STATUS)
def reset_status(req, snapshot_instance_id, body):
    """Set the status of a snapshot instance by force."""
    service.reset_status(req.context, snapshot_instance_id, body['status'])
