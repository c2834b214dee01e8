"""Operations on resource locks."""
from manila.api.operation import Operations, Page
from manila.resources.locks import policy, schema, service

operations = Operations('locks', 'Resource locks')

SINCE = '2.81'
ONE = '/resource-locks/{lock_id}'


@operations.get('/resource-locks', since=SINCE, policy=policy.GET_ALL, query=schema.LIST, view=schema.LOCK,
                collection='resource_locks', paged=True)
def index(req):
    """List resource locks: those of the project, and those on its shares."""
    filters = {key: value for key, value in req.query.items() if value is not None}
    everywhere = filters.pop('all_projects', False)
    if everywhere:
        req.require(policy.GET_ALL_PROJECTS)
    rows, more, count = service.find(req.context, filters, req.page, everywhere)
    return Page(rows, more, count or None)


@operations.get(ONE, since=SINCE, policy=policy.GET, view=schema.LOCK)
def show(req, lock_id):
    """Show a resource lock."""
    return service.get(req.context, lock_id)


@operations.post('/resource-locks', since=SINCE, policy=policy.CREATE, body=schema.CREATE, view=schema.LOCK)
def create(req, body):
    """Lock a share against deletion, or an access rule against deletion or being seen."""
    return service.create(req.context, body)


@operations.put(ONE, since=SINCE, policy=policy.UPDATE, body=schema.UPDATE, view=schema.LOCK)
def update(req, lock_id, body):
    """Change what a resource lock stops, or the reason given for it."""
    return service.update(req.context, lock_id, body)


@operations.delete(ONE, since=SINCE, policy=policy.DELETE, status=204)
def delete(req, lock_id):
    """Remove a resource lock."""
    service.delete(req.context, lock_id)
