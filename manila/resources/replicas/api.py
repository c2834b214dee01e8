"""Operations that show share replicas and their export locations, and change their metadata."""
from manila import exception
from manila.api.operation import Operations, Page
from manila.resources.replicas import policy, schema, service

operations = Operations('replicas', 'Share replicas')

LOCATIONS = '/share-replicas/{share_replica_id}/export-locations'
LOCATION = '/share-replicas/{share_replica_id}/export-locations/{export_location_id}'
METADATA = '/share-replicas/{share_replica_id}/metadata'
PAIR = '/share-replicas/{share_replica_id}/metadata/{key}'
METADATA_SINCE = '2.95'


@operations.get('/share-replicas', since='2.11', experimental=schema.EXPERIMENTAL, policy=policy.INDEX,
                query=schema.LIST, view=schema.SUMMARY, collection='share_replicas',
                collection_links='share_replica_links', paged=True)
def index(req):
    """List share replicas."""
    return Page(*service.find(req.context, req.page, req.query.get('share_id')))


@operations.get('/share-replicas/detail', since='2.11', experimental=schema.EXPERIMENTAL, policy=policy.INDEX,
                query=schema.LIST, view=schema.DETAIL, collection='share_replicas',
                collection_links='share_replica_links', paged=True)
def detail(req):
    """List share replicas in detail."""
    return Page(*service.find(req.context, req.page, req.query.get('share_id')))


@operations.get('/share-replicas/{share_replica_id}', since='2.11', experimental=schema.EXPERIMENTAL,
                policy=policy.SHOW, view=schema.DETAIL)
def show(req, share_replica_id):
    """Show a share replica."""
    return service.get(req.context, share_replica_id)


@operations.get(LOCATIONS, since='2.47', experimental=schema.LOCATIONS_EXPERIMENTAL, policy=policy.LOCATION_INDEX,
                view=schema.LOCATION_SUMMARY, collection='export_locations')
def location_index(req, share_replica_id):
    """List the export locations of a share replica."""
    return service.find_locations(req.context, share_replica_id)


@operations.get(LOCATION, since='2.47', experimental=schema.LOCATIONS_EXPERIMENTAL, policy=policy.LOCATION_SHOW,
                view=schema.LOCATION)
def location_show(req, share_replica_id, export_location_id):
    """Show an export location of a share replica."""
    return service.get_location(req.context, share_replica_id, export_location_id)


@operations.get(METADATA, since=METADATA_SINCE, policy=policy.GET_METADATA, view=schema.METADATA_VIEW)
def metadata_index(req, share_replica_id):
    """List the metadata of a share replica."""
    return {'metadata': service.get(req.context, share_replica_id)['metadata']}


@operations.get(PAIR, since=METADATA_SINCE, policy=policy.GET_METADATA, view=schema.META_VIEW)
def metadata_show(req, share_replica_id, key):
    """Show one pair of metadata of a share replica."""
    pairs = service.get(req.context, share_replica_id)['metadata']
    if key not in pairs:
        raise exception.MetadataItemNotFound()
    return {'meta': {key: pairs[key]}}


@operations.post(METADATA, since=METADATA_SINCE, policy=policy.UPDATE_METADATA, body=schema.METADATA,
                 view=schema.METADATA_VIEW)
def metadata_create(req, share_replica_id, body):
    """Add metadata to a share replica."""
    return {'metadata': service.set_metadata(req.context, share_replica_id, body['metadata'])}


@operations.put(METADATA, since=METADATA_SINCE, policy=policy.UPDATE_METADATA, body=schema.METADATA_ALL,
                view=schema.METADATA_VIEW)
def metadata_replace(req, share_replica_id, body):
    """Replace the metadata of a share replica."""
    pairs = service.set_metadata(req.context, share_replica_id, body['metadata'] or {}, replace=True)
    return {'metadata': None if body['metadata'] is None else pairs}


@operations.post(PAIR, since=METADATA_SINCE, policy=policy.UPDATE_METADATA, body=schema.METADATA_ITEM,
                 view=schema.METADATA_VIEW)
def metadata_update(req, share_replica_id, key, body):
    """Set one pair of metadata of a share replica."""
    if list(body['metadata']) != [key]:
        raise exception.InvalidInput(reason='The body must hold exactly the key that the path names.')
    service.set_metadata(req.context, share_replica_id, body['metadata'])
    return body


@operations.delete(PAIR, since=METADATA_SINCE, policy=policy.DELETE_METADATA)
def metadata_delete(req, share_replica_id, key):
    """Remove one pair of metadata from a share replica."""
    service.remove_metadata(req.context, share_replica_id, key)
