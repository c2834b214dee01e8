"""Operations on share transfers."""
from manila.api.operation import Operations, Page
from manila.resources.transfers import policy, schema, service

operations = Operations('transfers', 'Share transfers')

SINCE = '2.77'
ONE = '/share-transfers/{transfer_id}'


def _page(req):
    filters = {key: value for key, value in req.query.items() if value is not None}
    everywhere = filters.pop('all_tenants', False)
    if everywhere:
        req.require(policy.GET_ALL_PROJECTS)
    return Page(*service.find(req.context, filters, req.page, everywhere))


@operations.get('/share-transfers', since=SINCE, policy=policy.GET_ALL, query=schema.LIST, view=schema.SUMMARY,
                collection='transfers', paged=True)
def index(req):
    """List the share transfers that the project offers."""
    return _page(req)


@operations.get('/share-transfers/detail', since=SINCE, policy=policy.GET_ALL, query=schema.LIST,
                view=schema.TRANSFER, collection='transfers', paged=True)
def detail(req):
    """List the share transfers that the project offers, with all their fields."""
    return _page(req)


@operations.get(ONE, since=SINCE, policy=policy.GET, view=schema.TRANSFER)
def show(req, transfer_id):
    """Show a share transfer."""
    return service.get(req.context, transfer_id)


@operations.post('/share-transfers', since=SINCE, policy=policy.CREATE, body=schema.CREATE, view=schema.CREATED,
                 status=202)
def create(req, body):
    """Offer a share to whoever knows the key that is answered."""
    return service.create(req.context, body['share_id'], body.get('name'))


@operations.post('/share-transfers/{transfer_id}/accept', since=SINCE, policy=policy.ACCEPT, body=schema.ACCEPT,
                 status=202)
def accept(req, transfer_id, body):
    """Take a share over into the project."""
    service.accept(req.context, transfer_id, body['auth_key'], body['clear_access_rules'])
    # Clients look for the share in their project as soon as they have the answer.
    service.wait_for_end(req.context, transfer_id)


@operations.delete(ONE, since=SINCE, policy=policy.DELETE)
def delete(req, transfer_id):
    """Withdraw a share transfer."""
    service.delete(req.context, transfer_id)
