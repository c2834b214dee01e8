"""The rules of shares made from snapshots: what follows from the snapshot, and what may be asked for."""
from manila import exception
from manila.common import constants
from manila.conf import CONF
from manila.i18n import _
from manila.resources.shares import store as share_store
from manila.resources.snapshots import store as snapshot_store
from manila.resources.types import service as types, store as type_store
from manila.resources.zones import service as zones


def source(context, wanted, check_support=True):
    """What a new share takes over from its snapshot; None when none is named.

    :param wanted: the parsed request
    :param check_support: whether the share of the snapshot must allow clones
    :returns: dict with ``id`` of the snapshot, ``size``, ``share_type`` and ``zone`` of the new share, and
        ``host``, the pool of the snapshot
    :raises manila.exception.Invalid: when the request contradicts the snapshot
    """
    if not wanted.get('snapshot_id'):
        return None
    snapshot = snapshot_store.get(context, wanted['snapshot_id'], pairs=False)
    if snapshot['status'] != constants.STATUS_AVAILABLE:
        raise exception.InvalidShareSnapshot(
            reason=_('Shares are made from a snapshot in status "available", and not in "%s".')
            % snapshot['status'])
    parent = share_store.instance(context, snapshot['instance']['share_instance_id'])
    if check_support and not parent['create_share_from_snapshot_support']:
        raise exception.InvalidShare(reason=_('Shares cannot be made from snapshots of share %s.')
                                     % snapshot['share_id'])
    size = wanted.get('size') or snapshot['size']
    if size < snapshot['size']:
        raise exception.InvalidInput(
            reason=_('A share from the snapshot needs at least %s GiB.') % snapshot['size'])
    return {'id': snapshot['id'], 'size': size, 'host': parent['host'],
            'share_type': _share_type(context, wanted.get('share_type'), parent),
            'zone': _zone(context, wanted.get('availability_zone'), parent)}


def _share_type(context, name, parent):
    if not name:
        return type_store.by_ids(context, [parent['share_type_id']])[parent['share_type_id']]
    found = types.resolve(context, name)
    if found['id'] != parent['share_type_id']:
        raise exception.InvalidInput(reason=_('A share from the snapshot has the type of its share, %s.')
                                     % parent['share_type_name'])
    return found


def _zone(context, name, parent):
    if not name:
        return {'id': parent['availability_zone_id'], 'name': parent['availability_zone']}
    found = zones.find(context, name)
    if found['id'] != parent['availability_zone_id'] and not CONF.use_scheduler_creating_share_from_snapshot:
        raise exception.InvalidInput(reason=_('A share from the snapshot is made in its zone, %s.')
                                     % parent['availability_zone'])
    return found
