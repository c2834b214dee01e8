"""Operations on the export locations of shares."""
from manila import exception
from manila.api.operation import Operations
from manila.resources.exports import policy, schema, service

operations = Operations('exports', 'Export locations')

METADATA = '/shares/{share_id}/export_locations/{export_location_id}/metadata'
PAIR = '/shares/{share_id}/export_locations/{export_location_id}/metadata/{key}'


@operations.get('/shares/{share_id}/export_locations', since='2.9', policy=policy.INDEX, view=schema.SUMMARY,
                collection='export_locations')
def index(req, share_id):
    """List the export locations of a share."""
    return service.find(req.context, share_id, replicas=not req.since('2.47'))


@operations.get('/shares/{share_id}/export_locations/{export_location_id}', since='2.9', policy=policy.SHOW,
                view=schema.DETAIL)
def show(req, share_id, export_location_id):
    """Show an export location of a share."""
    return service.get(req.context, share_id, export_location_id, replicas=not req.since('2.47'))


@operations.get(METADATA, since='2.87', policy=policy.GET_METADATA, view=schema.METADATA_VIEW)
def metadata_index(req, share_id, export_location_id):
    """List the metadata of an export location."""
    return {'metadata': service.metadata_of(req.context, share_id, export_location_id)}


@operations.get(PAIR, since='2.87', policy=policy.GET_METADATA, view=schema.META_VIEW)
def metadata_show(req, share_id, export_location_id, key):
    """Show one pair of metadata of an export location."""
    pairs = service.metadata_of(req.context, share_id, export_location_id)
    if key not in pairs:
        raise exception.MetadataItemNotFound()
    return {'meta': {key: pairs[key]}}


def _set(req, share_id, location_id, pairs, replace=False):
    may_all = req.allows(policy.UPDATE_ADMIN_METADATA)
    return service.set_metadata(req.context, share_id, location_id, pairs, may_all, replace)


@operations.post(METADATA, since='2.87', policy=policy.UPDATE_METADATA, body=schema.METADATA,
                 view=schema.METADATA_VIEW)
def metadata_create(req, share_id, export_location_id, body):
    """Add metadata to an export location."""
    return {'metadata': _set(req, share_id, export_location_id, body['metadata'])}


@operations.put(METADATA, since='2.87', policy=policy.UPDATE_METADATA, body=schema.METADATA_ALL,
                view=schema.METADATA_VIEW)
def metadata_replace(req, share_id, export_location_id, body):
    """Replace the metadata of an export location."""
    pairs = _set(req, share_id, export_location_id, body['metadata'] or {}, replace=True)
    return {'metadata': None if body['metadata'] is None else pairs}


@operations.post(PAIR, since='2.87', policy=policy.UPDATE_METADATA, body=schema.METADATA_ITEM,
                 view=schema.METADATA_VIEW)
def metadata_update(req, share_id, export_location_id, key, body):
    """Set one pair of metadata of an export location."""
    if list(body['metadata']) != [key]:
        raise exception.InvalidInput(reason='The body must hold exactly the key that the path names.')
    _set(req, share_id, export_location_id, body['metadata'])
    return body


@operations.delete(PAIR, since='2.87', policy=policy.DELETE_METADATA)
def metadata_delete(req, share_id, export_location_id, key):
    """Remove one pair of metadata from an export location."""
    may_all = req.allows(policy.UPDATE_ADMIN_METADATA)
    service.remove_metadata(req.context, share_id, export_location_id, key, may_all)
