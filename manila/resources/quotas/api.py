"""The operations on quotas and quota classes."""
from manila import exception
from manila.api import types
from manila.api.operation import Operations
from manila.resources.quotas import policy, schema, service
from manila.resources.types import service as share_types

operations = Operations('quotas', 'Quotas')


def _whose(req, project_id):
    """The user or share type that a request is about: keyword arguments of the service."""
    req.context.authorize({'project_id': project_id})
    user_id, share_type = req.query.get('user_id'), req.query.get('share_type')
    if user_id and share_type:
        raise exception.InvalidInput(reason='Quotas are those of a user or of a share type, not of both.')
    if not share_type:
        return {'user_id': user_id}
    return {'share_type_id': share_types.resolve(req.context, share_type)['id']}


@operations.get('/quota-sets/{project_id}', legacy_path='/os-quota-sets/{project_id}', policy=policy.SHOW,
                query=schema.WHOSE, view=schema.QUOTA_SET)
def show(req, project_id):
    """Show the quotas of a project, or of a user or share type in it."""
    return {'id': project_id, **service.show(req.context, project_id, **_whose(req, project_id))}


@operations.get('/quota-sets/{project_id}/detail', since='2.25', policy=policy.SHOW, query=schema.WHOSE,
                view=schema.DETAIL)
def detail(req, project_id):
    """Show quotas together with what is in use."""
    return {'id': project_id, **service.show_usage(req.context, project_id, **_whose(req, project_id))}


@operations.get('/quota-sets/{project_id}/defaults', legacy_path='/os-quota-sets/{project_id}/defaults',
                policy=policy.SHOW, view=schema.QUOTA_SET)
def defaults(req, project_id):
    """Show the quotas of projects for which none are set."""
    req.context.authorize({'project_id': project_id})
    return {'id': project_id, **service.show_defaults(req.context)}


@operations.put('/quota-sets/{project_id}', legacy_path='/os-quota-sets/{project_id}', policy=policy.UPDATE,
                query=schema.WHOSE, body=schema.CHANGE, view=schema.QUOTA_SET)
def update(req, project_id, body):
    """Set quotas of a project, or of a user or share type in it."""
    whose = _whose(req, project_id)
    given = {name: body[name] for name in service.RESOURCES if name in body}
    if not given:
        types.refuse('quota_set', 'must have at least one quota')
    values = {name: limit for name, limit in given.items() if limit is not None}
    service.change(req.context, project_id, values, force=bool(body['force']), **whose)
    return service.show(req.context, project_id, **whose)


@operations.delete('/quota-sets/{project_id}', legacy_path='/os-quota-sets/{project_id}',
                   policy=policy.DELETE,
                   query=schema.WHOSE, status=202)
def delete(req, project_id):
    """Put the quotas of a project, or of a user or share type in it, back to the default ones."""
    service.reset(req.context, project_id, **_whose(req, project_id))


@operations.get('/quota-class-sets/{class_name}', legacy_path='/os-quota-class-sets/{class_name}',
                policy=policy.SHOW_CLASS, view=schema.CLASS_SET)
def show_class(req, class_name):
    """Show the quotas of a quota class; users see that of their own project."""
    if not req.context.is_admin and req.context.quota_class != class_name:
        raise exception.PolicyNotAuthorized(action=policy.SHOW_CLASS)
    return {'id': class_name, **service.show_class(req.context, class_name)}


@operations.put('/quota-class-sets/{class_name}', legacy_path='/os-quota-class-sets/{class_name}',
                policy=policy.UPDATE_CLASS, body=schema.CHANGE_CLASS, view=schema.CLASS_SET)
def update_class(req, class_name, body):
    """Set quotas of a quota class; the class "default" counts for all projects for which none are set."""
    service.change_class(req.context, class_name, body)
    return service.show_class(req.context, class_name)
