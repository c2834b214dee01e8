"""The operations on QoS types and their specs."""
from manila import exception
from manila.api import types
from manila.api.operation import Operations, Page
from manila.resources.qos import policy, schema, service, store

operations = Operations('qos', 'QoS types')

SINCE = '2.94'
ONE = '/qos-types/{qos_type_id}'
SPECS = '/qos-types/{qos_type_id}/specs'
SPEC = '/qos-types/{qos_type_id}/specs/{key}'


@operations.get('/qos-types', since=SINCE, policy=policy.INDEX, query=schema.LIST, view=schema.QOS_TYPE,
                collection='qos_types', paged=True)
def index(req):
    """List QoS types."""
    return Page(*store.list_page(req.context, req.page, req.query))


@operations.get(ONE, since=SINCE, policy=policy.SHOW, view=schema.QOS_TYPE)
def show(req, qos_type_id):
    """Show a QoS type."""
    return store.get(req.context, qos_type_id)


@operations.post('/qos-types', since=SINCE, policy=policy.CREATE, body=schema.CREATE, view=schema.QOS_TYPE,
                 missing=422)
def create(req, body):
    """Create a QoS type."""
    return service.create(req.context, body['name'], body.get('description'), body.get('specs') or {})


@operations.put(ONE, since=SINCE, policy=policy.UPDATE, body=schema.UPDATE, view=schema.QOS_TYPE, missing=422)
def update(req, qos_type_id, body):
    """Change the description of a QoS type."""
    return service.change(req.context, qos_type_id, body)


@operations.delete(ONE, since=SINCE, policy=policy.DELETE, status=204)
def delete(req, qos_type_id):
    """Delete a QoS type that no share has."""
    service.delete(req.context, qos_type_id)


@operations.get(SPECS, since=SINCE, policy=policy.INDEX_SPECS, view=types.OBJECT, wrap='specs')
def index_specs(req, qos_type_id):
    """List the specs of a QoS type."""
    return store.get(req.context, qos_type_id)['specs']


@operations.post(SPECS, since=SINCE, policy=policy.CREATE_SPEC, body=schema.SET_SPECS, view=types.OBJECT,
                 wrap='specs')
def create_specs(req, qos_type_id, body):
    """Set specs of a QoS type; others stay as they are."""
    return service.set_specs(req.context, qos_type_id, body['specs'])


@operations.get(SPEC, since=SINCE, policy=policy.SHOW_SPEC, view=types.OBJECT)
def show_spec(req, qos_type_id, key):
    """Show a spec of a QoS type."""
    found = store.get(req.context, qos_type_id)['specs']
    if key not in found:
        raise exception.QosTypeSpecsNotFound(qos_type_id=qos_type_id, key=key)
    return {key: found[key]}


@operations.put(SPEC, since=SINCE, policy=policy.UPDATE_SPEC, body=schema.SPECS, view=types.OBJECT)
def update_spec(req, qos_type_id, key, body):
    """Set a spec of a QoS type."""
    if list(body) != [key]:
        types.refuse(key, 'must be the one key of the body, as in the path')
    return service.set_specs(req.context, qos_type_id, body)


@operations.delete(SPEC, since=SINCE, policy=policy.DELETE_SPEC, status=204)
def delete_spec(req, qos_type_id, key):
    """Remove a spec from a QoS type."""
    service.remove_spec(req.context, qos_type_id, key)
