"""The rules of share transfers.

A transfer is offered by the owner of a share and accepted by whoever knows its key. A job of the back end carries
it out; ownership and what quotas count change in the one transaction that ends the job.
"""
import datetime
import hashlib
import hmac
import secrets
import time

from manila import exception, notify
from manila.common import constants
from manila.conf import CONF
from manila.db import base, session
from manila.i18n import _
from manila.jobs import store as jobs, sweep
from manila.resources.access import service as access
from manila.resources.locks import service as locks
from manila.resources.messages import service as messages
from manila.resources.messages.fields import Action, Detail, Resource
from manila.resources.notifications import payloads
from manila.resources.quotas import service as quotas
from manila.resources.shares import service as shares, store as share_store
from manila.resources.transfers import states, store
from manila.resources.transfers.model import transfers
from manila.resources.types import store as type_store

#: Seconds for which a request waits for the end of the transfer that it accepted.
PATIENCE = 20


def find(context, filters, page, everywhere=False):
    """One page of transfers; see :func:`manila.resources.transfers.store.find`."""
    return store.find(context, filters, page, everywhere)


def get(context, transfer_id):
    """A transfer that the caller's project offers."""
    row = store.get(context, transfer_id)
    context.authorize({'project_id': row['source_project_id']})
    return row


@session.transaction
def create(context, share_id, name):
    """Offer a share; returns the transfer with ``auth_key``, which is kept nowhere."""
    try:
        share = shares.own(context, share_id)
    except exception.ShareNotFound as error:
        raise exception.InvalidInput(reason=error.msg) from error
    _check_transferable(context, share)
    locks.refuse_deletion(context, share_id, forced=True)
    salt, key = _random(CONF.share_transfer_salt_length), _random(CONF.share_transfer_key_length)
    now = base.now()
    row = {'id': base.new_id(), 'share_id': share_id, 'display_name': name, 'status': store.WAITING, 'salt': salt,
           'crypt_hash': _hash(salt, key), 'source_project_id': share['project_id'], 'destination_project_id': None,
           'expires_at': now + datetime.timedelta(seconds=CONF.transfer_retention_time), 'created_at': now,
           'updated_at': None}
    with session.writer(context) as connection:
        if not share_store.try_move(connection, share['instance']['id'], 'transfer'):
            raise exception.InvalidShare(reason=_('The share has just changed its status.'))
        store.insert(connection, row)
    _tell(context, 'create', row, share, 'start')
    _tell(context, 'create', row, {**share, 'status': constants.STATUS_AWAITING_TRANSFER}, 'end')
    return {**row, 'auth_key': key}


def _tell(context, verb, row, share, moment):
    notify.emit(context, f'transfer.{verb}.{moment}', lambda: payloads.transfer(row, share))


def _random(length):
    return secrets.token_hex((length + 1) // 2)[:length]


def _hash(salt, key):
    return hmac.new(salt.encode(), key.encode(), hashlib.sha256).hexdigest()


def _check_transferable(context, share):
    if share['is_soft_deleted']:
        raise exception.InvalidShare(reason=_('The share is in the recycle bin.'))
    if share['status'] != constants.STATUS_AVAILABLE:
        raise exception.InvalidShare(reason=_('A share in status "%s" cannot be transferred; it must be available.')
                                     % share['status'])
    if share['task_state'] in constants.BUSY_TASK_STATES:
        raise exception.ShareBusyException(reason=_('a task on the share is in state "%s"') % share['task_state'])
    if share['share_network_id']:
        raise exception.InvalidShare(reason=_('A share on a share network cannot be transferred.'))
    if share['share_group_id']:
        raise exception.InvalidShare(reason=_('A share in a share group cannot be transferred.'))
    if len(share['instances']) != 1:
        raise exception.InvalidShare(reason=_('A share with replicas cannot be transferred.'))
    if (share['mount_point_name'] or '').startswith(share['project_id']):
        raise exception.InvalidShare(reason=_('The mount point name of the share names its project.'))
    _check_snapshots(context, share['id'])


def _check_snapshots(context, share_id):
    if store.has_unavailable_snapshot(context, share_id):
        raise exception.InvalidShare(reason=_('All snapshots of the share must be available.'))


@session.transaction
def accept(context, transfer_id, key, clear_rules=False):
    """Order that a share becomes the caller's; see :func:`wait_for_end`.

    :param key: what the creation answered
    :param clear_rules: take all access rules away on the way
    """
    row = store.offer(context, transfer_id)
    if row is None or row['expires_at'] < base.now():
        raise exception.InvalidInput(reason=_('There is no transfer %s; perhaps it has expired.') % transfer_id)
    if not hmac.compare_digest(_hash(row['salt'], key), row['crypt_hash']):
        raise exception.InvalidAuthKey(reason=_('it is not that of the transfer.'))
    if row['instance_status'] != constants.STATUS_AWAITING_TRANSFER:
        raise exception.InvalidShare(reason=_('The share is in status "%s", it awaits no transfer.')
                                     % row['instance_status'])
    _check_type(context, row['instance_share_type_id'])
    _check_snapshots(context, row['share_id'])
    locks.refuse_deletion(context, row['share_id'], forced=True)
    with session.writer(context) as connection:
        if not store.try_move(connection, transfer_id, 'accept', destination_project_id=context.project_id):
            raise exception.InvalidShare(reason=_('The transfer is being accepted already.'))
        _check_quotas(context, connection, row)
        jobs.insert(context, states.ACCEPT, transfer_id, shares.queue_of(row['instance_host']),
                    {'user_id': context.user_id, 'project_id': context.project_id, 'clear_rules': clear_rules},
                    lock_id=row['instance_id'])


def _check_type(context, share_type_id):
    try:
        type_store.get(context, share_type_id)
    except exception.ShareTypeNotFound as error:
        raise exception.InvalidShareType(reason=_('the share is of a type to which the project has no access.')) \
            from error


def _check_quotas(context, connection, row):
    """Refuse what would exceed the caller's quotas, although they change only when the transfer ends."""
    back = _move_quotas(context, connection, row, context.project_id, context.user_id)
    for project_id, user_id, deltas in back:
        quotas.take(context, deltas, project_id, user_id, row['instance_share_type_id'], check=False)


def _move_quotas(context, connection, row, project_id, user_id):
    """Count a share and its snapshots for another owner; returns the changes that undo that."""
    type_id = row['instance_share_type_id']
    whole = {}
    back = []
    for owner, deltas in _counted(connection, row).items():
        quotas.give_back(context, deltas, row['share_project_id'], owner, type_id)
        back.append((row['share_project_id'], owner, deltas))
        for resource, delta in deltas.items():
            whole[resource] = whole.get(resource, 0) + delta
    quotas.take(context, whole, project_id, user_id, type_id, size=row['share_size'])
    back.append((project_id, user_id, {resource: -delta for resource, delta in whole.items()}))
    return back


def _counted(connection, row):
    """What each user of the old project has in quotas because of a share and its snapshots."""
    found = {row['share_user_id']: shares.counted({'size': row['share_size'],
                                                   'replication_type': row['share_replication_type']}, 1)}
    for snapshot in store.snapshots_of(connection, row['share_id']):
        deltas = found.setdefault(snapshot['user_id'], {})
        deltas['snapshots'] = deltas.get('snapshots', 0) + 1
        deltas['snapshot_gigabytes'] = deltas.get('snapshot_gigabytes', 0) + snapshot['size']
    return found


def wait_for_end(context, transfer_id):
    """Wait until a transfer that is being accepted has ended, up to :data:`PATIENCE` seconds.

    :raises manila.exception.Conflict: when it could not be carried out
    """
    end, pause = time.monotonic() + PATIENCE, 0.02
    while (status := store.status(context, transfer_id)) == store.ACCEPTING and time.monotonic() < end:
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)
    if status == store.WAITING:
        raise exception.Conflict(err=_('The back end could not transfer the share; the messages of the project say '
                                       'why.'))


def complete(context, transfer_id, project_id, user_id, clear_rules):
    """In the open transaction, give a share with all that belongs to it to its new owner.

    :raises manila.exception.QuotaError: when the new owner may not have so much
    :raises manila.exception.InvalidState: when the share does not await the transfer any more
    """
    with session.writer(context) as connection:
        row = store.offer(context, transfer_id)
        if not (row and store.remove(connection, transfer_id, store.ACCEPTING)
                and share_store.try_move(connection, row['instance_id'], 'transferred')):
            raise exception.InvalidState(reason=_('the share does not await the transfer any more'))
        share_id = row['share_id']
        _move_quotas(context, connection, row, project_id, user_id)
        share_store.change(connection, share_id, project_id=project_id, user_id=user_id)
        store.own_snapshots(connection, share_id, project_id, user_id)
        # Whoever placed locks has no say any more.
        locks.forget(context, share_id)
        if clear_rules:
            access.forget_all(context, share_id)


def fail(context, job, error):
    """In the open transaction, offer a share again that could not be handed over, and tell who wanted it."""
    with session.writer(context) as connection:
        row = store.offer(context, job.target)
        if row is None or not store.try_move(connection, job.target, 'fail', destination_project_id=None):
            return
        cause = getattr(error, 'cause', None) or error
        rules = isinstance(cause, exception.DriverCannotTransferShareWithRules)
        detail = Detail.DRIVER_FAILED_TRANSFER_ACCEPT if rules else Detail.UNKNOWN_ERROR
        reason = cause.msg if isinstance(cause, exception.QuotaError) else None
        messages.add(context, Action.TRANSFER_ACCEPT, Resource.SHARE, row['share_id'], detail=detail, reason=reason,
                     project_id=job.args['project_id'])
        if job.args['clear_rules']:
            access.apply_again(context, row['instance_id'], row['instance_host'])


@session.transaction
def delete(context, transfer_id):
    """Withdraw an offer."""
    row = store.offer(context, get(context, transfer_id)['id'])
    with session.writer(context) as connection:
        if not _withdraw(connection, transfer_id, row and row['instance_id'], must_wait=True):
            raise exception.InvalidShare(reason=_('The share does not await the transfer, or is being transferred.'))
    _tell_withdrawn(context, row)


def _tell_withdrawn(context, row):
    if not notify.enabled():
        return
    share = row and share_store.instance(context, row['instance_id'])
    if share:
        _tell(context, 'delete', row, {**share, 'status': constants.STATUS_AWAITING_TRANSFER}, 'start')
        _tell(context, 'delete', row, share, 'end')


def _withdraw(connection, transfer_id, instance_id, must_wait=False):
    """Remove an offer that nobody is accepting, and make its share available again.

    :param must_wait: only if the share awaits the transfer still
    """
    if not store.remove(connection, transfer_id, store.WAITING):
        return False
    return share_store.try_move(connection, instance_id, 'transferred') or not must_wait


def expire(context, limit):
    """Withdraw up to ``limit`` offers whose time is over; returns how many there were."""
    found = store.expired(context, limit)
    for row in found:
        _expire(context, row)
    return len(found)


@session.transaction
def _expire(context, row):
    with session.writer(context) as connection:
        if _withdraw(connection, row['id'], row['instance_id']):
            _tell_withdrawn(context, row)


def _settle_orphan(context, connection, row):
    """Offer a share again that no job is handing over."""
    store.try_move(connection, row.id, 'fail', destination_project_id=None)


sweep.declare(sweep.Sweep(transfers, 'status', (store.ACCEPTING,), _settle_orphan))
