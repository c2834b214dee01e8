"""Operations on shares."""
from manila import exception
from manila.api.operation import Operations, Page
from manila.resources.shares import policy, schema, service

operations = Operations('shares', 'Shares')

ONE = '/shares/{share_id}'
ACTION = '/shares/{share_id}/action'


def _filters(req):
    """The filters of a list request; raises when one needs a right that the caller lacks."""
    filters = {key: value for key, value in req.query.items() if value is not None}
    for key, rule in (('host', policy.LIST_BY_HOST), ('share_server_id', policy.LIST_BY_SERVER),
                      ('extra_specs', 'share_types_extra_spec:index')):
        if key in filters:
            req.require(rule)
    if filters.get('status') in ('deferred_deleting', 'error_deferred_deleting'):
        req.require(policy.LIST_DEFERRED)
    if not req.context.is_admin:
        filters.pop('encryption_key_ref', None)
    filters.setdefault('is_soft_deleted', False)
    everywhere = filters.pop('all_tenants', False) and req.allows(policy.LIST_ALL_PROJECTS)
    if not everywhere:
        filters.pop('project_id', None)
    return filters, everywhere, bool(filters.pop('is_public', False))


def _page(req, **options):
    filters, everywhere, public = _filters(req)
    rows, more, count = service.find(req.context, filters, req.page, everywhere=everywhere, public=public, **options)
    return Page(rows, more, count)


@operations.get('/shares', policy=policy.GET_ALL, query=schema.LIST, view=schema.SUMMARY, collection='shares',
                paged=True)
def index(req):
    """List shares."""
    return _page(req, details=False)


@operations.get('/shares/detail', policy=policy.GET_ALL, query=schema.DETAIL_LIST, view=schema.DETAIL,
                collection='shares', paged=True)
def detail(req):
    """List shares with all their fields."""
    return _page(req, paths=not req.since('2.9'))


@operations.get(ONE, policy=policy.GET, view=schema.DETAIL)
def show(req, share_id):
    """Show a share."""
    return service.get(req.context, share_id, paths=not req.since('2.9'))


@operations.post('/shares', policy=policy.CREATE, body=schema.CREATE, view=schema.DETAIL, missing=422)
def create(req, body):
    """Create a share."""
    if body.get('is_public'):
        req.require(policy.CREATE_PUBLIC)
    if body.get('share_type') and body.get('volume_type'):
        raise exception.InvalidInput(reason='Only one of share_type and volume_type may be given.')
    body['share_type'] = body.get('share_type') or body.get('volume_type')
    return service.create(req.context, body, check_zones=req.since('2.48'), check_clone=req.since('2.24'))


@operations.put(ONE, policy=policy.UPDATE, body=schema.UPDATE, view=schema.DETAIL, missing=422)
def update(req, share_id, body):
    """Change name, description or visibility of a share."""
    if body.get('is_public'):
        req.require(policy.SET_PUBLIC)
    return service.update(req.context, share_id, body)


@operations.delete(ONE, policy=policy.DELETE, query=schema.DELETE, status=202)
def delete(req, share_id):
    """Delete a share."""
    service.delete(req.context, share_id, group_id=req.query.get('share_group_id'))


@operations.action(ACTION, 'force_delete', legacy='os-force_delete', policy=(policy.FORCE_DELETE, policy.DELETE))
def force_delete(req, share_id):
    """Delete a share whatever its status."""
    service.delete(req.context, share_id, force=True)


@operations.action(ACTION, 'reset_status', legacy='os-reset_status', policy=policy.RESET_STATUS,
                   body=schema.RESET_STATUS)
def reset_status(req, share_id, body):
    """Set the status of a share by force."""
    service.reset_status(req.context, share_id, body['status'])


@operations.action(ACTION, 'reset_task_state', since='2.22', experimental=('2.22', '2.95'),
                   policy=(policy.RESET_TASK_STATE, policy.RESET_STATUS), body=schema.RESET_TASK_STATE)
def reset_task_state(req, share_id, body):
    """Set the task state of a share by force."""
    service.reset_task_state(req.context, share_id, body['task_state'])


@operations.action(ACTION, 'extend', legacy='os-extend', policy=policy.EXTEND, body=schema.EXTEND)
def extend(req, share_id, body):
    """Make a share larger."""
    force = body.get('force', False)
    if force:
        req.require(policy.FORCE_EXTEND)
    try:
        service.extend(req.context, share_id, body['new_size'], force, privileged=req.allows(policy.EXTEND_BEYOND))
    except exception.ShareSizeExceedsAvailableQuota as error:
        # Clients know this refusal of an extension by 403, unlike that of a creation.
        raise exception.NotAuthorized(error.msg) from error


@operations.action(ACTION, 'shrink', legacy='os-shrink', policy=policy.SHRINK, body=schema.SHRINK)
def shrink(req, share_id, body):
    """Make a share smaller."""
    service.shrink(req.context, share_id, body['new_size'])


@operations.get('/shares/{share_id}/metadata', policy=policy.GET_METADATA, view=schema.METADATA_VIEW)
def metadata_index(req, share_id):
    """List the metadata of a share."""
    return {'metadata': service.get(req.context, share_id)['metadata']}


@operations.get('/shares/{share_id}/metadata/{key}', policy=policy.GET_METADATA, view=schema.META_VIEW)
def metadata_show(req, share_id, key):
    """Show one pair of metadata of a share."""
    pairs = service.get(req.context, share_id)['metadata']
    if key not in pairs:
        raise exception.MetadataItemNotFound()
    return {'meta': {key: pairs[key]}}


def _set(req, share_id, pairs, replace=False):
    may_all = req.allows(policy.UPDATE_ADMIN_METADATA)
    return {'metadata': service.set_metadata(req.context, share_id, pairs, may_all, replace)}


@operations.post('/shares/{share_id}/metadata', policy=policy.UPDATE_METADATA, body=schema.METADATA,
                 view=schema.METADATA_VIEW)
def metadata_create(req, share_id, body):
    """Add metadata to a share."""
    return _set(req, share_id, body['metadata'])


@operations.put('/shares/{share_id}/metadata', policy=policy.UPDATE_METADATA, body=schema.METADATA_ALL,
                view=schema.METADATA_VIEW)
def metadata_replace(req, share_id, body):
    """Replace the metadata of a share."""
    answer = _set(req, share_id, body['metadata'] or {}, replace=True)
    return {'metadata': None} if body['metadata'] is None else answer


@operations.post('/shares/{share_id}/metadata/{key}', policy=policy.UPDATE_METADATA, body=schema.METADATA_ITEM,
                 view=schema.METADATA_VIEW)
def metadata_update(req, share_id, key, body):
    """Set one pair of metadata of a share."""
    if list(body['metadata']) != [key]:
        raise exception.InvalidInput(reason='The body must hold exactly the key that the path names.')
    _set(req, share_id, body['metadata'])
    return body


@operations.delete('/shares/{share_id}/metadata/{key}', policy=policy.DELETE_METADATA)
def metadata_delete(req, share_id, key):
    """Remove one pair of metadata from a share."""
    service.remove_metadata(req.context, share_id, key, req.allows(policy.UPDATE_ADMIN_METADATA))
