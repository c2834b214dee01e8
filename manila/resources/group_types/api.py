"""The operations on share group types, their group specs and who has access to them."""
import functools

from manila import exception
from manila.api import types
from manila.api.operation import Operations
from manila.resources.group_types import policy, schema, service, store

operations = Operations('group_types', 'Share group types')

ALL = '/share-group-types'
ONE = '/share-group-types/{share_group_type_id}'
ACTION = '/share-group-types/{share_group_type_id}/action'
SPECS = '/share-group-types/{share_group_type_id}/group-specs'
SPEC = '/share-group-types/{share_group_type_id}/group-specs/{key}'

_get, _post, _put, _delete, _action = (
    functools.partial(declare, since='2.31', experimental=schema.EXPERIMENTAL)
    for declare in (operations.get, operations.post, operations.put, operations.delete, operations.action))


@_get(ALL, policy=policy.INDEX, query=schema.LIST, view=schema.TYPE, collection='share_group_types')
def index(req):
    """List share group types: public ones and those to which the project has access.

    Administrators see the same unless they ask for others.
    """
    is_public = req.query.get('is_public', True) if req.context.is_admin else None
    return service.find_all(req.context, is_public, req.query.get('group_specs'))


@_get('/share-group-types/default', policy=policy.DEFAULT, view=schema.TYPE)
def default(req):
    """Show the share group type of share groups that name none."""
    return service.default(req.context)


@_get(ONE, policy=policy.SHOW, view=schema.TYPE)
def show(req, share_group_type_id):
    """Show a share group type."""
    return store.get(req.context, share_group_type_id)


@_post(ALL, policy=policy.CREATE, body=schema.CREATE, view=schema.TYPE)
def create(req, body):
    """Create a share group type."""
    given = body['share_group_type']
    return service.create(req.context, given['name'], given['share_types'], given.get('group_specs'),
                          given['is_public'])


@_delete(ONE, policy=policy.DELETE, status=204)
def delete(req, share_group_type_id):
    """Delete a share group type."""
    service.delete(req.context, share_group_type_id)


@_get('/share-group-types/{share_group_type_id}/access', policy=policy.LIST_ACCESS, view=schema.ACCESS,
      collection='share_group_type_access')
def list_access(req, share_group_type_id):
    """List the projects that have access to a private share group type."""
    return service.accesses(req.context, share_group_type_id)


@_action(ACTION, 'addProjectAccess', policy=policy.ADD_ACCESS, body=schema.ACCESS_CHANGE)
def add_access(req, share_group_type_id, body):
    """Give a project access to a private share group type."""
    service.add_access(req.context, share_group_type_id, body['project'])


@_action(ACTION, 'removeProjectAccess', policy=policy.REMOVE_ACCESS, body=schema.ACCESS_CHANGE)
def remove_access(req, share_group_type_id, body):
    """Take the access to a private share group type from a project."""
    service.remove_access(req.context, share_group_type_id, body['project'])


@_get(SPECS, policy=policy.INDEX_SPECS, view=types.OBJECT, wrap='group_specs')
def index_specs(req, share_group_type_id):
    """List the group specs of a share group type."""
    return store.get(req.context, share_group_type_id)['group_specs']


@_post(SPECS, policy=policy.CREATE_SPEC, body=schema.SPECS, view=types.OBJECT, wrap='group_specs')
def create_specs(req, share_group_type_id, body):
    """Set group specs of a share group type; others stay as they are."""
    return service.set_specs(req.context, share_group_type_id, body['group_specs'])


@_get(SPEC, policy=policy.SHOW_SPEC, view=types.OBJECT)
def show_spec(req, share_group_type_id, key):
    """Show a group spec of a share group type."""
    found = store.get(req.context, share_group_type_id)['group_specs']
    if key not in found:
        raise exception.ShareGroupTypeSpecsNotFound(type_id=share_group_type_id, specs_key=key)
    return {key: found[key]}


@_put(SPEC, policy=policy.UPDATE_SPEC, body=types.EXTRA_SPECS, view=types.OBJECT)
def update_spec(req, share_group_type_id, key, body):
    """Change a group spec of a share group type."""
    if list(body) != [key]:
        types.refuse(key, 'must be the one key of the body, as in the path')
    return service.set_specs(req.context, share_group_type_id, body)


@_delete(SPEC, policy=policy.DELETE_SPEC, status=204)
def delete_spec(req, share_group_type_id, key):
    """Remove a group spec from a share group type."""
    service.remove_spec(req.context, share_group_type_id, key)
