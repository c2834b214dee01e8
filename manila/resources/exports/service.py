"""The rules of export locations: which of them a caller sees, and which of their metadata he may change."""
from manila import exception
from manila.common import constants
from manila.conf import CONF
from manila.db import session
from manila.i18n import _
from manila.resources.exports import store
from manila.resources.shares import service as shares


def find(context, share_id, replicas=True):
    """The export locations of a share.

    :param replicas: whether those of replicas that are not active count
    """
    return store.find(context, _instances(shares.get(context, share_id), replicas), context.is_admin)


def get(context, share_id, location_id, replicas=True):
    """One export location of a share."""
    return one_of(context, _instances(shares.get(context, share_id), replicas), location_id)


def one_of(context, instance_ids, location_id):
    """One export location of some instances; that it is there, if only for administrators, also others are told.

    :raises manila.exception.ExportLocationNotFound: when they have no such location
    :raises manila.exception.NotAuthorized: when it is kept to administrators
    """
    found = store.find(context, instance_ids, True, location_id)
    if not found:
        raise exception.ExportLocationNotFound(uuid=location_id)
    if found[0]['is_admin_only'] and not context.is_admin:
        raise exception.NotAuthorized(_('The export location %s is for administrators.') % location_id)
    return found[0]


def metadata_of(context, share_id, location_id):
    """All metadata of an export location, also what else is shown as a field of its own."""
    return _whole(get(context, share_id, location_id, replicas=False))


def _whole(location):
    return {**location['metadata'], **location['reserved']}


@session.transaction
def set_metadata(context, share_id, location_id, pairs, may_all, replace=False):
    """Set metadata; returns all of it.

    :param may_all: whether the caller may change what is kept to administrators
    :param replace: what is not given goes, except what the caller may not change
    """
    present = _whole(_own(context, share_id, location_id))
    reserved = () if may_all else [key for key in pairs if key in CONF.admin_only_el_metadata]
    if reserved:
        raise exception.NotAuthorized(_('Only administrators may set the metadata %s.') % ', '.join(reserved))
    if replace and not may_all:
        pairs = {**{key: value for key, value in present.items() if key in CONF.admin_only_el_metadata}, **pairs}
    with session.writer(context) as connection:
        store.set_metadata(connection, location_id, pairs, replace)
    return pairs if replace else {**present, **pairs}


@session.transaction
def remove_metadata(context, share_id, location_id, key, may_all):
    """Remove one pair of metadata."""
    _own(context, share_id, location_id)
    if key in CONF.admin_only_el_metadata and not may_all:
        raise exception.NotAuthorized(_('Only administrators may remove the metadata %s.') % key)
    with session.writer(context) as connection:
        if not store.remove_metadata(connection, location_id, key):
            raise exception.MetadataItemNotFound()


def _own(context, share_id, location_id):
    """An export location of a share that the context may change."""
    return one_of(context, _instances(shares.own(context, share_id), False), location_id)


def _instances(share, replicas):
    """The instances whose export locations count."""
    return [each['id'] for each in share['instances']
            if each['status'] != constants.STATUS_MIGRATING_TO
            and (replicas or each['replica_state'] in (None, constants.REPLICA_STATE_ACTIVE))]
