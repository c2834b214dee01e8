"""The operations on services."""
from manila.api.operation import Operations
from manila.resources.services import policy, schema, service, store

operations = Operations('services', 'Services')

_PLAIN = ('host', 'binary', 'zone', 'ensuring')
_STATES = {'up': True, 'down': False}
_STATUSES = {'enabled': False, 'disabled': True}


@operations.get('/services', legacy_path='/os-services', policy=policy.INDEX, query=schema.LIST,
                view=schema.SERVICE, collection='services')
def index(req):
    """List services; a filter with a value that no service can have lists none."""
    filters = {name: value for name, value in req.query.items() if name in _PLAIN}
    for name, key, words in (('state', 'up', _STATES), ('status', 'disabled', _STATUSES)):
        if name in req.query:
            filters[key] = words.get(req.query[name])
    if None in filters.values():
        return []
    return store.find(req.context, **filters)


@operations.put('/services/enable', legacy_path='/os-services/enable', policy=policy.UPDATE,
                body=schema.ENABLE,
                view=schema.SUMMARY)
def enable(req, body):
    """Let the scheduler use a service again."""
    service.enable(req.context, body['host'], body['binary'])
    return {**body, 'disabled': False, 'disabled_reason': '', 'ensuring': None}


@operations.put('/services/disable', legacy_path='/os-services/disable', policy=policy.UPDATE,
                body=schema.DISABLE,
                view=schema.SUMMARY)
def disable(req, body):
    """Keep the scheduler from using a service."""
    service.disable(req.context, body['host'], body['binary'], body.get('disabled_reason'))
    return {'disabled_reason': None, **body, 'disabled': True, 'ensuring': None}
