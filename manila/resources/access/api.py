"""Operations on access rules."""
from manila import exception
from manila.api.operation import Operations
from manila.i18n import _
from manila.resources.access import policy, schema, service

operations = Operations('access', 'Access rules')

ACTION = '/shares/{share_id}/action'
RULE = '/share-access-rules/{access_id}'


@operations.action(ACTION, 'allow_access', legacy='os-allow_access', policy=policy.ALLOW, body=schema.ALLOW,
                   view=schema.DETAIL)
def allow_access(req, share_id, body):
    """Give a client access to a share."""
    if body.get('lock_reason') and not (body['lock_visibility'] or body['lock_deletion']):
        raise exception.InvalidInput(reason=_('A reason for a lock needs a lock.'))
    return service.allow(req.context, share_id, body, ipv6=req.since('2.38'), tolerate_errors=req.since('2.74'),
                         old_states=not req.since('2.28'))


@operations.action(ACTION, 'deny_access', legacy='os-deny_access', policy=policy.DENY, body=schema.DENY)
def deny_access(req, share_id, body):
    """Take a client's access to a share away."""
    service.deny(req.context, share_id, body['access_id'], tolerate_errors=req.since('2.74'),
                 unrestrict=body.get('unrestrict', False))


@operations.action(ACTION, 'access_list', legacy='os-access_list', until='2.44', policy=policy.GET_ALL,
                   view=schema.SUMMARY, collection='access_list')
def access_list(req, share_id):
    """List the access rules of a share."""
    return service.find(req.context, share_id, {})


@operations.get('/share-access-rules', since='2.45', policy=(policy.RULE_INDEX, policy.GET_ALL), query=schema.LIST,
                view=schema.SUMMARY, collection='access_list')
def index(req):
    """List the access rules of a share."""
    filters = {key: value for key, value in req.query.items() if value is not None}
    if 'access_to' in filters and 'access_type' not in filters:
        raise exception.InvalidInput(reason=_('A filter by access_to needs one by access_type.'))
    share_id = filters.pop('share_id')
    try:
        return service.find(req.context, share_id, filters)
    except exception.ShareNotFound as error:
        raise exception.InvalidInput(reason=error.msg) from error


@operations.get(RULE, since='2.45', policy=(policy.RULE_GET, policy.GET), view=schema.DETAIL)
def show(req, access_id):
    """Show an access rule."""
    return service.get(req.context, access_id)


@operations.put(RULE, since='2.88', policy=policy.RULE_UPDATE, body=schema.UPDATE, view=schema.DETAIL)
def update(req, access_id, body):
    """Change the level of an access rule."""
    return service.update(req.context, access_id, body['access_level'])


@operations.put('/share-access-rules/{access_id}/metadata', since='2.45', policy=policy.UPDATE_METADATA,
                body=schema.METADATA, view=schema.METADATA_VIEW)
def metadata_update(req, access_id, body):
    """Set metadata of an access rule."""
    return {'metadata': service.set_metadata(req.context, access_id, body['metadata'])}


@operations.delete('/share-access-rules/{access_id}/metadata/{key}', since='2.45', policy=policy.DELETE_METADATA)
def metadata_delete(req, access_id, key):
    """Remove one pair of metadata of an access rule."""
    service.remove_metadata(req.context, access_id, key)
