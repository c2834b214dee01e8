"""Operations on snapshots."""
import webob.exc

from manila import exception
from manila.api import types
from manila.api.operation import Operations, Page
from manila.resources.snapshots import policy, schema, service, states

operations = Operations('snapshots', 'Snapshots')

ONE = '/snapshots/{snapshot_id}'
ACTION = '/snapshots/{snapshot_id}/action'
METADATA = '/snapshots/{snapshot_id}/metadata'
PAIR = '/snapshots/{snapshot_id}/metadata/{key}'


def _page(req, **options):
    filters = {key: value for key, value in req.query.items() if value is not None}
    if filters.get('status') in states.DEFERRED:
        req.require(policy.LIST_DEFERRED)
    everywhere = filters.pop('all_tenants', False) and req.allows(policy.LIST_ALL_PROJECTS)
    if not everywhere:
        filters.pop('project_id', None)
    return Page(*service.find(req.context, filters, req.page, everywhere=everywhere, **options))


@operations.get('/snapshots', policy=policy.GET_ALL, query=schema.LIST, view=schema.SUMMARY,
                collection='snapshots', collection_links='share_snapshots_links', paged=True)
def index(req):
    """List snapshots."""
    return _page(req, details=False)


@operations.get('/snapshots/detail', policy=policy.GET_ALL, query=schema.DETAIL_LIST, view=schema.DETAIL,
                collection='snapshots', collection_links='share_snapshots_links', paged=True)
def detail(req):
    """List snapshots with all their fields."""
    return _page(req)


@operations.get(ONE, policy=policy.GET, view=schema.DETAIL)
def show(req, snapshot_id):
    """Show a snapshot."""
    return service.get(req.context, snapshot_id)


@operations.post('/snapshots', policy=policy.CREATE, body=schema.CREATE, view=schema.DETAIL, status=202,
                 missing=422)
def create(req, body):
    """Take a snapshot of a share."""
    try:
        return service.create(req.context, body)
    except exception.ShareSnapshotNotSupported as error:
        raise webob.exc.HTTPUnprocessableEntity(error.msg) from error


@operations.post('/snapshots/manage', since='2.12', policy=policy.MANAGE, body=schema.MANAGE,
                 view=schema.DETAIL, status=202, missing=422)
def manage(req, body):
    """Bring a snapshot that exists on a back end under management."""
    for key in ('share_id', 'provider_location'):
        value = body.get(key)
        if not value or not isinstance(value, str):
            raise webob.exc.HTTPUnprocessableEntity(f"Invalid input: the snapshot must have a text '{key}'.")
        types.text(value, f'snapshot.{key}')
    return service.manage(req.context, body)


@operations.put(ONE, policy=policy.UPDATE, body=schema.UPDATE, view=schema.DETAIL, missing=422)
def update(req, snapshot_id, body):
    """Change name or description of a snapshot."""
    return service.update(req.context, snapshot_id, body)


@operations.delete(ONE, policy=policy.DELETE, status=202)
def delete(req, snapshot_id):
    """Delete a snapshot."""
    service.delete(req.context, snapshot_id)


@operations.action(ACTION, 'force_delete', legacy='os-force_delete',
                   policy=(policy.FORCE_DELETE, policy.DELETE))
def force_delete(req, snapshot_id):
    """Delete a snapshot whatever its status."""
    service.delete(req.context, snapshot_id, force=True)


@operations.action(ACTION, 'reset_status', legacy='os-reset_status', policy=policy.RESET_STATUS,
                   body=schema.RESET_STATUS)
def reset_status(req, snapshot_id, body):
    """Set the status of a snapshot by force."""
    service.reset_status(req.context, snapshot_id, body['status'])


@operations.action(ACTION, 'unmanage', since='2.12', policy=policy.UNMANAGE)
def unmanage(req, snapshot_id):
    """Let go of a snapshot without removing it."""
    service.unmanage(req.context, snapshot_id)


@operations.get(METADATA, since='2.73', policy=policy.GET_METADATA, view=schema.METADATA_VIEW)
def metadata_index(req, snapshot_id):
    """List the metadata of a snapshot."""
    return {'metadata': service.get(req.context, snapshot_id)['metadata']}


@operations.get(PAIR, since='2.73', policy=policy.GET_METADATA, view=schema.META_VIEW)
def metadata_show(req, snapshot_id, key):
    """Show one pair of metadata of a snapshot."""
    pairs = service.get(req.context, snapshot_id)['metadata']
    if key not in pairs:
        raise exception.MetadataItemNotFound()
    return {'meta': {key: pairs[key]}}


@operations.post(METADATA, since='2.73', policy=policy.UPDATE_METADATA, body=schema.METADATA,
                 view=schema.METADATA_VIEW)
def metadata_create(req, snapshot_id, body):
    """Add metadata to a snapshot."""
    return {'metadata': service.set_metadata(req.context, snapshot_id, body['metadata'])}


@operations.put(METADATA, since='2.73', policy=policy.UPDATE_METADATA, body=schema.METADATA_ALL,
                view=schema.METADATA_VIEW)
def metadata_replace(req, snapshot_id, body):
    """Replace the metadata of a snapshot."""
    pairs = service.set_metadata(req.context, snapshot_id, body['metadata'] or {}, replace=True)
    return {'metadata': None if body['metadata'] is None else pairs}


@operations.post(PAIR, since='2.73', policy=policy.UPDATE_METADATA, body=schema.METADATA_ITEM,
                 view=schema.METADATA_VIEW)
def metadata_update(req, snapshot_id, key, body):
    """Set one pair of metadata of a snapshot."""
    if list(body['metadata']) != [key]:
        raise exception.InvalidInput(reason='The body must hold exactly the key that the path names.')
    service.set_metadata(req.context, snapshot_id, body['metadata'])
    return body


@operations.delete(PAIR, since='2.73', policy=policy.DELETE_METADATA)
def metadata_delete(req, snapshot_id, key):
    """Remove one pair of metadata from a snapshot."""
    service.remove_metadata(req.context, snapshot_id, key)
