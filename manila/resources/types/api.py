"""The operations on share types, their extra specs and who has access to them."""
from manila import exception
from manila.api import types
from manila.api.operation import Operations
from manila.resources.types import policy, schema, service, specs, store

operations = Operations('types', 'Share types')

#: Up to 2.23 a type always said whether its shares have snapshots; by default they had.
_SNAPSHOT_SUPPORT_SAID = '2.24'


@operations.get('/types', policy=policy.INDEX, query=schema.LIST, view=schema.TYPE, collection='share_types',
                also='volume_types')
def index(req):
    """List share types: public ones and those to which the project has access.

    Administrators see the same unless they ask for others.
    """
    is_public = None
    if req.context.is_admin:
        is_public = req.query.get('is_public', True)
    return service.find_all(req.context, is_public, req.query.get('extra_specs'))


@operations.get('/types/default', policy=policy.DEFAULT, view=schema.TYPE, also='volume_type')
def default(req):
    """Show the share type of shares that name none."""
    return service.resolve(req.context)


@operations.get('/types/{share_type_id}', policy=policy.SHOW, view=schema.TYPE, also='volume_type')
def show(req, share_type_id):
    """Show a share type."""
    return store.get(req.context, share_type_id)


@operations.post('/types', policy=policy.CREATE, body=schema.CREATE, view=schema.TYPE, also='volume_type')
def create(req, body):
    """Create a share type."""
    given = body['share_type']
    extra_specs = given['extra_specs']
    if not req.since(_SNAPSHOT_SUPPORT_SAID):
        extra_specs.setdefault(specs.SNAPSHOT_SUPPORT, 'True')
    return service.create(req.context, given['name'], given.get('description'), given[schema.IS_PUBLIC],
                          extra_specs)


@operations.put('/types/{share_type_id}', since='2.50', policy=policy.UPDATE, body=schema.UPDATE,
                view=schema.TYPE, also='volume_type')
def update(req, share_type_id, body):
    """Change name, description or visibility of a share type."""
    given = body['share_type']
    names = {'name': 'name', 'description': 'description', schema.IS_PUBLIC: 'is_public'}
    values = {column: given[name] for name, column in names.items() if given.get(name) is not None}
    if not values:
        types.refuse('share_type', f'must have one of {", ".join(names)}')
    if values.get('description') == '':
        values['description'] = None
    return service.change(req.context, share_type_id, values)


@operations.delete('/types/{share_type_id}', policy=policy.DELETE, status=202)
def delete(req, share_type_id):
    """Delete a share type that nothing is of."""
    service.delete(req.context, share_type_id)


@operations.get('/types/{share_type_id}/os-share-type-access', policy=policy.LIST_ACCESS, view=schema.ACCESS,
                collection='share_type_access')
def list_access_by_old_name(req, share_type_id):
    """List the projects that have access to a private share type."""
    return service.accesses(req.context, share_type_id)


@operations.get('/types/{share_type_id}/share_type_access', policy=policy.LIST_ACCESS, view=schema.ACCESS,
                collection='share_type_access')
def list_access(req, share_type_id):
    """List the projects that have access to a private share type."""
    return service.accesses(req.context, share_type_id)


@operations.action('/types/{share_type_id}/action', 'addProjectAccess', policy=policy.ADD_ACCESS,
                   body=schema.ACCESS_CHANGE)
def add_access(req, share_type_id, body):
    """Give a project access to a private share type."""
    service.add_access(req.context, share_type_id, body['project'])


@operations.action('/types/{share_type_id}/action', 'removeProjectAccess', policy=policy.REMOVE_ACCESS,
                   body=schema.ACCESS_CHANGE)
def remove_access(req, share_type_id, body):
    """Take the access to a private share type from a project."""
    service.remove_access(req.context, share_type_id, body['project'])


@operations.get('/types/{share_type_id}/extra_specs', policy=policy.INDEX_SPECS, view=types.OBJECT,
                wrap='extra_specs')
def index_specs(req, share_type_id):
    """List the extra specs of a share type."""
    return store.get(req.context, share_type_id)['extra_specs']


@operations.post('/types/{share_type_id}/extra_specs', policy=policy.CREATE_SPEC, body=schema.SPECS,
                 view=types.OBJECT, wrap='extra_specs')
def create_specs(req, share_type_id, body):
    """Set extra specs of a share type; others stay as they are."""
    return service.set_specs(req.context, share_type_id, body['extra_specs'])


@operations.get('/types/{share_type_id}/extra_specs/{key}', policy=policy.SHOW_SPEC, view=types.OBJECT)
def show_spec(req, share_type_id, key):
    """Show an extra spec of a share type."""
    found = store.get(req.context, share_type_id)['extra_specs']
    if key not in found:
        raise exception.ShareTypeExtraSpecsNotFound(share_type_id=share_type_id, extra_specs_key=key)
    return {key: found[key]}


@operations.put('/types/{share_type_id}/extra_specs/{key}', policy=policy.UPDATE_SPEC, body=types.EXTRA_SPECS,
                view=types.OBJECT)
def update_spec(req, share_type_id, key, body):
    """Change an extra spec of a share type."""
    if list(body) != [key]:
        types.refuse(key, 'must be the one key of the body, as in the path')
    return service.set_specs(req.context, share_type_id, body)


@operations.delete('/types/{share_type_id}/extra_specs/{key}', policy=policy.DELETE_SPEC, status=202)
def delete_spec(req, share_type_id, key):
    """Remove an extra spec from a share type."""
    service.remove_spec(req.context, share_type_id, key,
                        snapshot_support_required=not req.since(_SNAPSHOT_SUPPORT_SAID))
