"""The operations on pools."""
from manila.api.operation import Operations
from manila.resources.pools import policy, schema, service

operations = Operations('pools', 'Pools')


def _find_all(req):
    filters = {name: value for name, value in req.query.items() if name != 'share_type' and value}
    return service.find_all(req.context, filters, req.query.get('share_type'))


@operations.get('/scheduler-stats/pools', policy=policy.INDEX, query=schema.LIST, view=schema.POOL,
                collection='pools')
def index(req):
    """List pools."""
    return _find_all(req)


@operations.get('/scheduler-stats/pools/detail', policy=policy.DETAIL, query=schema.LIST, view=schema.DETAIL,
                collection='pools')
def detail(req):
    """List pools with what they offer."""
    return _find_all(req)
