"""The rules of availability zones: they come into being with the first service in them."""
from manila import exception
from manila.db import session
from manila.resources.zones import store


def find(context, name_or_id):
    """The zone with this id or name.

    :raises manila.exception.AvailabilityZoneNotFound: when there is none
    """
    found = store.find(context, name_or_id)
    if found is None:
        raise exception.AvailabilityZoneNotFound(id=name_or_id)
    return found


@session.transaction
def ensure(context, name):
    """The id of the zone with this name, which is made if need be."""
    return store.insert_missing(context, name)
