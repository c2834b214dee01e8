"""The operations on availability zones."""
from manila.api.operation import Operations
from manila.resources.zones import policy, schema, store

operations = Operations('zones', 'Availability zones')


@operations.get('/availability-zones', legacy_path='/os-availability-zone', policy=policy.INDEX,
                view=schema.ZONE,
                collection='availability_zones')
def index(req):
    """List the availability zones in which there are services."""
    return store.list_served(req.context)
