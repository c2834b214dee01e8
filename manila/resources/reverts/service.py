"""The rules of reverts: a share goes back to its newest snapshot, and to the size that it had then."""
from manila import exception
from manila.common import constants
from manila.db import session
from manila.i18n import _
from manila.jobs import store as jobs
from manila.resources.quotas import service as quotas
from manila.resources.reverts.states import REVERT
from manila.resources.shares import service as shares, store as share_store
from manila.resources.snapshots import service as snapshots, store as snapshot_store


@session.transaction
def revert(context, share_id, snapshot_id):
    """Order that a share gets the content and the size of a snapshot.

    :raises manila.exception.Conflict: when the states of the two, or of access rules, do not allow it
    """
    share = shares.own(context, share_id)
    _refuse_unable(share)
    snapshot = snapshots.get(context, snapshot_id, pairs=False)
    _refuse_unfit(share, snapshot)
    instance = share['instance']
    source = next(each for each in snapshot['instances'] if each['share_instance_id'] == instance['id'])
    with session.writer(context) as connection:
        # From here on nobody takes a newer snapshot.
        share_store.move(connection, instance['id'], 'revert')
        if snapshot_store.newest(connection, share_id) != snapshot_id:
            raise exception.Conflict(
                err=_('The snapshot %s is not the newest one of the share.') % snapshot_id)
        snapshot_store.move(connection, source['id'], 'restore')
        _count_growth(context, connection, share, snapshot['size'])
    jobs.insert(context, REVERT, instance['id'], shares.queue_of(instance['host']),
                {'snapshot_instance_id': source['id']})


def _refuse_unable(share):
    if share['is_soft_deleted']:
        raise exception.NotAuthorized(_('The share %s is in the recycle bin.') % share['id'])
    if not share['revert_to_snapshot_support']:
        raise exception.InvalidShare(reason=_('The share %s cannot be reverted to a snapshot.') % share['id'])


def _refuse_unfit(share, snapshot):
    if snapshot['share_id'] != share['id']:
        raise exception.InvalidInput(reason=_('The snapshot %s is none of the share.') % snapshot['id'])
    for what, status in ((_('share'), share['status']), (_('snapshot'), snapshot['status'])):
        if status != constants.STATUS_AVAILABLE:
            raise exception.Conflict(err=_('The %(what)s is in status "%(status)s" and not "available".') % {
                'what': what, 'status': status})
    if share['task_state'] in constants.BUSY_TASK_STATES:
        raise exception.Conflict(err=_('The share is busy with a task in state "%s".') % share['task_state'])
    if any(each['access_rules_status'] != constants.SHARE_INSTANCE_RULES_ACTIVE
           for each in share['instances']):
        raise exception.Conflict(err=_('Access rules of the share are not in force yet, or in error.'))


def _count_growth(context, connection, share, size):
    """Have quotas count a size that is larger than the present one; what is freed counts until it is."""
    if size > share['size']:
        quotas.take(context, shares.size_counted(share, size - share['size'], len(share['instances'])),
                    share['project_id'], share['user_id'], share['share_type_id'])
        if not share_store.begin_extension(connection, share['id'], share['size'], size):
            raise exception.InvalidState(reason=_('the size of the share has just been changed'))


def end(context, connection, instance, size):
    """After a revert: make its size, in GiB, the share's, and have quotas count that.

    :param instance: a share instance merged with its share, as it is in the open transaction
    """
    counted = instance['pending_size'] or instance['size']
    share_store.change(connection, instance['share_id'], size=size, pending_size=None)
    if counted != size:
        shares.release_size(context, connection, {**instance, 'id': instance['share_id']}, counted - size)
