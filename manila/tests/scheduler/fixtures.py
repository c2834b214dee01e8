"""Pools and requests for tests of the scheduler."""
from manila.scheduler import pools, request as requests

TYPE = {'id': 'type-1', 'name': 'gold', 'extra_specs': {}}


def pool(host='node@alpha#one', zone='zone-1', zone_name='nova', **capabilities):
    """A pool with room, of which some capabilities differ."""
    backend_host, _, name = host.partition('#')
    service = {'host': backend_host, 'disabled': False, 'up': True, 'availability_zone_id': zone,
               'availability_zone': {'id': zone, 'name': zone_name}}
    report = {'pool_name': name, 'total_capacity_gb': 100, 'free_capacity_gb': 100,
              'storage_protocol': 'NFS_CIFS', **capabilities}
    return pools.PoolState(backend_host, {**pools.DEFAULTS, **report}, service)


def request(size=1, specs=None, spec=None, share=None, instance=None, **kwargs):
    """Filter properties of a request for a new NFS share.

    :param specs: extra specs of its type
    :param spec, share, instance: further keys of the request spec, its share and instance properties
    :param kwargs: further arguments of :func:`manila.scheduler.request.build`
    """
    request_spec = {'share_type': {**TYPE, 'extra_specs': specs or {}}, 'share_id': 'share-1',
                    'share_proto': 'NFS',
                    'share_properties': {'id': 'share-1', 'size': size, **(share or {})},
                    'share_instance_properties': {'id': 'instance-1', **(instance or {})}, **(spec or {})}
    return requests.build(None, request_spec, **kwargs)
