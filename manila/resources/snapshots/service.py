"""The rules of snapshots: what may be asked for, and the jobs that carry it out."""
from manila import exception, policy as policies
from manila.common import constants
from manila.conf import CONF
from manila.db import base, session
from manila.i18n import _
from manila.jobs import store as jobs, sweep
from manila.resources.messages import service as messages
from manila.resources.messages.fields import Action, Resource
from manila.resources.quotas import counts, service as quotas
from manila.resources.shares import service as shares, store as share_store
from manila.resources.snapshot_exports import store as exports
from manila.resources.snapshots import policy, states, store
from manila.resources.snapshots.model import instances

#: Metadata that tells since when a snapshot that was not made here is managed.
MANAGED_AT = '__managed_at'


def sees_deferred(context):
    """Whether the caller sees snapshots whose deletion is put off."""
    return policies.check(context, policy.LIST_DEFERRED)


def get(context, snapshot_id, pairs=True):
    """A snapshot of the context's project.

    :param pairs: whether metadata are wanted
    """
    row = store.get(context, snapshot_id, pairs)
    context.authorize(row)
    if row['status'] in states.DEFERRED and not sees_deferred(context):
        raise exception.ShareSnapshotNotFound(snapshot_id=snapshot_id)
    return row


def find(context, filters, page, **options):
    """One page of snapshots; see :func:`manila.resources.snapshots.store.find`."""
    return store.find(context, filters, page, deferred=sees_deferred(context), **options)


@session.transaction
def create(context, wanted):
    """Order a snapshot of a share.

    :param wanted: share_id, name, description, metadata
    :returns: the snapshot row, in status ``creating``
    :raises manila.exception.ShareSnapshotNotSupported: when the share can have none
    """
    share = store.lock_share(context, wanted['share_id'])
    context.authorize(share)
    _refuse_recycled(share)
    if not share['snapshot_support']:
        raise exception.ShareSnapshotNotSupported(share_name=share['id'])
    _refuse_busy(share)
    row, instance = _new_rows(context, wanted, share, constants.STATUS_CREATING)
    quotas.take(context, _amounts(row), context.project_id, context.user_id,
                share['instance']['share_type_id'])
    return _write(context, states.CREATE, share, row, instance, wanted.get('metadata') or {})


def _refuse_recycled(share):
    if share['is_soft_deleted']:
        raise exception.NotAuthorized(_('The share %s is in the recycle bin.') % share['id'])


def _refuse_busy(share):
    status = share['instance']['status']
    if status != constants.STATUS_AVAILABLE:
        raise exception.InvalidShare(
            reason=_('A snapshot is taken of a share in status "available", and not in "%s".') % status)
    if share['task_state'] in constants.BUSY_TASK_STATES:
        raise exception.ShareBusyException(
            reason=_('The share is busy with a task in state "%s".') % share['task_state'])


def _new_rows(context, wanted, share, status, **values):
    now = base.now()
    row = {'id': base.new_id(), 'user_id': context.user_id, 'project_id': context.project_id,
           'share_id': share['id'], 'size': share['size'], 'share_size': share['size'],
           'share_proto': share['share_proto'], 'display_name': wanted.get('name'),
           'display_description': wanted.get('description'), 'counted': status == constants.STATUS_CREATING,
           'created_at': now, 'updated_at': None}
    instance = {'id': base.new_id(), 'snapshot_id': row['id'], 'share_instance_id': share['instance']['id'],
                'status': status, 'progress': '0%', 'provider_location': None, 'created_at': now,
                'updated_at': None, **values}
    return row, instance


def _amounts(row):
    """What a snapshot counts for in quotas."""
    return {'snapshots': 1, 'snapshot_gigabytes': row['size']}


def _write(context, kind, share, row, instance, pairs, args=None):
    """Write a new snapshot and the order for its first job; returns the whole row."""
    of_share = share['instance']
    with session.writer(context) as connection:
        store.insert(connection, row, instance, pairs)
    order(context, kind, {**instance, 'host': of_share['host']}, args)
    known = {**instance, 'host': of_share['host'], 'replica_state': of_share['replica_state'],
             'share_status': of_share['status']}
    return store.settle({**row, 'instances': [known], 'metadata': pairs})


def order(context, kind, instance, args=None, delay=0):
    """Give the back end of a snapshot instance a job; the lock is that of the share instance."""
    jobs.insert(context, kind, instance['id'], shares.queue_of(instance['host']), args,
                lock_id=instance['share_instance_id'], delay=delay)


@session.transaction
def update(context, snapshot_id, values):
    """Change name or description; returns the snapshot row."""
    row = get(context, snapshot_id)
    changed = {key: value for key, value in values.items() if row[key] != value}
    if changed:
        with session.writer(context) as connection:
            store.change(connection, snapshot_id, **changed)
        row.update(changed)
    return row


@session.transaction
def delete(context, snapshot_id, force=False):
    """Order the removal of a snapshot.

    :param force: whatever its status, and even when the driver fails
    """
    row = get(context, snapshot_id, pairs=False)
    if not force and row['status'] not in states.DELETABLE:
        raise exception.InvalidShareSnapshot(
            reason=_('A snapshot in status "%(status)s" cannot be deleted; it must be one of %(wanted)s.') % {
                'status': row['status'], 'wanted': ', '.join(states.DELETABLE)})
    later = CONF.is_deferred_deletion_enabled and not force
    event = 'force_delete' if force else 'delete_later' if later else 'delete'
    with session.writer(context) as connection:
        for instance in row['instances']:
            store.move(connection, instance['id'], event)
            order(context, states.DELETE, instance, {'force': force})
        if later:
            count(context, connection, snapshot_id, False)


def count(context, connection, snapshot_id, wanted):
    """Have quotas count a snapshot, or not any more; without limits, because it is there already."""
    row = store.lock(connection, snapshot_id)
    if row is not None and row['counted'] is not wanted:
        store.change(connection, snapshot_id, counted=wanted)
        _count(context, row, wanted)


def _count(context, row, wanted):
    sign = 1 if wanted else -1
    quotas.take(context, {name: sign * amount for name, amount in _amounts(row).items()}, row['project_id'],
                row['user_id'], row['share_type_id'], check=False)


def remove_instance(context, connection, instance):
    """Remove an instance, and with the last one the snapshot, which then counts for nothing any more."""
    if store.remove_instance(connection, instance['id']):
        row = store.remove_without_instances(connection, instance['snapshot_id'])
        if row is not None and row['counted']:
            _count(context, row, False)


@session.transaction
def manage(context, wanted):
    """Order that a snapshot which exists on a back end is brought under management.

    :param wanted: share_id, provider_location, name, description, driver_options, metadata
    :returns: the snapshot row, in status ``manage_starting``
    """
    share = store.lock_share(context, wanted['share_id'])
    context.authorize(share)
    _refuse_recycled(share)
    _refuse_replicas(share['instances'])
    source = share['instance']
    if not source['host'] or source['status'] in constants.TRANSITIONAL_STATUSES:
        raise exception.InvalidShare(reason=_('Snapshots of a share in status "%s" cannot be managed.')
                                     % source['status'])
    location = wanted['provider_location']
    with session.reader(context) as connection:
        if store.is_location_known(connection, share['id'], location):
            raise exception.Conflict(err=_('A snapshot of the share is at %s already.') % location)
    row, instance = _new_rows(context, wanted, share, constants.STATUS_MANAGING, provider_location=location)
    return _write(context, states.MANAGE, share, row, instance, wanted.get('metadata') or {},
                  {'driver_options': wanted.get('driver_options') or {}})


def _refuse_replicas(found):
    if sum(each['replica_state'] is not None for each in found) > 1:
        raise exception.Conflict(
            err=_('The share has replicas; its snapshots cannot be managed or unmanaged.'))


@session.transaction
def unmanage(context, snapshot_id):
    """Order that a snapshot is let go of; it stays on its back end."""
    row = get(context, snapshot_id, pairs=False)
    _refuse_replicas(row['instances'])
    if not states.INSTANCE.can('unmanage', row['status']):
        raise exception.NotAuthorized(_('A snapshot in status "%s" cannot be unmanaged.') % row['status'])
    instance = row['instance']
    with session.writer(context) as connection:
        store.move(connection, instance['id'], 'unmanage')
        order(context, states.UNMANAGE, instance)


@session.transaction
def reset_status(context, snapshot_id, status):
    """Set the status of a snapshot by force."""
    row = get(context, snapshot_id, pairs=False)
    if status not in states.RESETTABLE:
        raise exception.InvalidInput(reason=_('The status must be one of %s.') % ', '.join(states.RESETTABLE))
    set_status(context, row['instance'], status)


@session.transaction
def set_status(context, instance, status):
    """Set the status of a snapshot instance; quotas count a snapshot that is available."""
    with session.writer(context) as connection:
        store.change_instance(connection, instance['id'], status=status)
        if status == constants.STATUS_AVAILABLE:
            count(context, connection, instance['snapshot_id'], True)


@session.transaction
def set_metadata(context, snapshot_id, pairs, replace=False):
    """Set metadata; returns all of it.

    :param replace: what is not given goes
    """
    row = get(context, snapshot_id)
    with session.writer(context) as connection:
        store.set_metadata(connection, snapshot_id, pairs, replace)
    return pairs if replace else {**row['metadata'], **pairs}


@session.transaction
def remove_metadata(context, snapshot_id, key):
    """Remove one pair of metadata."""
    get(context, snapshot_id, pairs=False)
    with session.writer(context) as connection:
        if not store.remove_metadata(connection, snapshot_id, key):
            raise exception.MetadataItemNotFound()


def report_failure(context, instance, event, action=None, **message):
    """In the open transaction, move an instance to where a failure leaves it, and tell its owner."""
    with session.writer(context) as connection:
        if instance and store.try_move(connection, instance['id'], event) and action:
            messages.add(context, action, Resource.SHARE_SNAPSHOT, instance['snapshot_id'],
                         project_id=instance['project_id'], **message)


def for_driver(context, instance):
    """A snapshot instance as drivers know it, with ``share``, the instance that it was taken of."""
    share = share_store.instance(context, instance['share_instance_id'])
    view = {key: value for key, value in instance.items() if key not in ('host', 'parent_id')}
    return {**view, 'share_id': instance['share_instance_id'],
            'name': CONF.share_snapshot_name_template % instance['id'],
            'share_name': CONF.share_name_template % instance['share_instance_id'],
            'share': shares.for_driver(share, context),
            'export_locations': exports.of_instance(context, instance['id']), 'deleted': False,
            'deleted_at': None}


_ORPHANED = {'creating': ('create_failed', Action.CREATE), 'deleting': ('delete_failed', Action.DELETE),
             'manage_starting': ('manage_failed', None), 'unmanage_starting': ('unmanage_failed', None)}


def _settle_orphan(context, connection, row):
    """Move an instance that no job is going to move to where its owner can act again."""
    event, action = _ORPHANED[row.status]
    report_failure(context, store.instance(context, row.id), event, action)


def _settle_deferred(context, connection, row):
    """Go on with a deletion that was put off."""
    order(context, states.DELETE, store.instance(context, row.id), {'force': False})


def _settle_restoring(context, connection, row):
    """Nobody is reverting the share any more."""
    store.try_move(connection, row.id, 'restored')


sweep.declare(sweep.Sweep(instances, 'status', tuple(_ORPHANED), _settle_orphan))
sweep.declare(sweep.Sweep(instances, 'status', states.DEFERRED, _settle_deferred))
sweep.declare(sweep.Sweep(instances, 'status', ('restoring',), _settle_restoring, target='share_instance_id'))

for _resource in ('snapshots', 'snapshot_gigabytes'):
    counts.register(_resource, lambda connection, projects, resource=_resource: store.usage(
        connection, projects, resource))
