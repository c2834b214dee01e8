"""The rules of shares: what may be asked for, and the jobs that carry it out."""
import re

from manila import exception, policy as policies
from manila.common import constants
from manila.conf import CONF
from manila.db import base, session
from manila.i18n import _
from manila.jobs import store as jobs, sweep
from manila.resources.affinity import service as affinity
from manila.resources.clones import service as clones
from manila.resources.exports import store as exports
from manila.resources.locks import service as locks
from manila.resources.messages import service as messages
from manila.resources.messages.fields import Action, Resource
from manila.resources.qos import service as qos
from manila.resources.quotas import counts, service as quotas
from manila.resources.shares import policy, states, store
from manila.resources.shares.model import instances
from manila.resources.snapshots import store as snapshots
from manila.resources.types import service as types, specs, store as type_store
from manila.resources.zones import service as zones

SCHEDULER = 'scheduler'
_MOUNT_POINT = re.compile('[a-zA-Z0-9_-]{1,255}')


def queue_of(host):
    """The queue of the back end that a pool (``host@backend#pool``) belongs to."""
    return f'share:{host.partition("#")[0]}'


def sees_deferred(context):
    """Whether the caller sees shares whose deletion is put off."""
    return policies.check(context, policy.LIST_DEFERRED)


def _refuse_hidden(context, row):
    if any(each['status'] in states.DEFERRED for each in row['instances']) and not sees_deferred(context):
        raise exception.ShareNotFound(share_id=row['id'])


def get(context, share_id, paths=False):
    """A share of the context's project, or a public one."""
    row = store.get(context, share_id, public=True, paths=paths)
    _refuse_hidden(context, row)
    if not (row['is_public'] and row['project_id'] != context.project_id):
        context.authorize(row)
    return row


def find(context, filters, page, **options):
    """One page of shares; see :func:`manila.resources.shares.store.find`."""
    zone = filters.pop('availability_zone', None)
    if zone is not None:
        try:
            filters['availability_zone_id'] = zones.find(context, zone)['id']
        except exception.AvailabilityZoneNotFound:
            return [], False, 0 if filters.get('with_count') else None
    return store.find(context, filters, page, deferred=sees_deferred(context), **options)


def own(context, share_id):
    """A share that the context may change.

    :raises manila.exception.NotAuthorized: for a public share of another project
    """
    return _own(context, store.get(context, share_id, public=True))


def own_brief(context, share_id):
    """What operations on parts of a share need of it; see :func:`manila.resources.shares.store.brief`."""
    return _own(context, store.brief(context, share_id, public=True))


def _own(context, row):
    _refuse_hidden(context, row)
    if not context.is_admin and row['project_id'] != context.project_id:
        raise exception.NotAuthorized(_('The share %s belongs to another project.') % row['id'])
    context.authorize(row)
    return row


def refuse_recycled(row):
    """Refuse what cannot be done with a share in the recycle bin."""
    if row['is_soft_deleted']:
        raise exception.NotAuthorized(_('The share %s is in the recycle bin.') % row['id'])


@session.transaction
def create(context, wanted, check_zones=True, check_clone=True):
    """Order a new share.

    :param wanted: the parsed request
    :param check_zones: whether the zones of the share type bind
    :param check_clone: whether the share of the snapshot must allow that shares are made from it
    :returns: the share row, in status ``creating``
    """
    _check_unknown_sources(wanted)
    source = clones.source(context, wanted, check_clone)
    share_type = source['share_type'] if source else types.resolve(context, wanted.get('share_type'))
    _check_type_suits(share_type, wanted)
    check_protocol(wanted['share_proto'])
    size = source['size'] if source else wanted.get('size')
    if size is None:
        raise exception.InvalidInput(reason=_('A share needs a size of at least 1 GiB.'))
    extra = share_type['extra_specs']
    specs.refuse_size(extra, size)
    named = wanted.get('availability_zone')
    zone = source['zone'] if source else zones.find(context, named) if named else None
    allowed = specs.zones(extra) if check_zones else []
    if named and check_zones:
        specs.refuse_zone(extra, zone['name'])
    share, instance = new_rows(context, wanted, share_type, size, zone)
    quotas.take(context, counted(share, 1), context.project_id, context.user_id, share_type['id'], size=size)
    hints = {key: value for key, value in (wanted.get('scheduler_hints') or {}).items() if value}
    pairs = {**_driver_metadata(extra), **(wanted.get('metadata') or {}), **affinity.metadata_of(hints)}
    stays = source is not None and not CONF.use_scheduler_creating_share_from_snapshot
    if stays:
        instance.update(host=source['host'], scheduled_at=base.now())
    with session.writer(context) as connection:
        store.insert(connection, share, instance, pairs)
        affinity.remember(context, connection, share['id'], affinity.metadata_of(hints))
    if stays:
        jobs.insert(context, states.CREATE, instance['id'], queue_of(source['host']))
    else:
        spec = request_spec(share, instance, share_type, pairs, zone, allowed)
        jobs.insert(context, states.SCHEDULE, instance['id'], SCHEDULER, {
            'request_spec': {**spec, 'snapshot_host': source and source['host']}, 'hints': hints, 'tried': {}})
    instance.update(availability_zone=zone and zone['name'], share_type_name=share_type['name'])
    return store.settle({**share, 'instances': [instance], 'metadata': pairs, 'export_paths': []})


def _check_unknown_sources(wanted):
    """Refuse references to resources that this service does not have."""
    for key, error in (('share_network_id', exception.ShareNetworkNotFound),
                       ('share_group_id', exception.ShareGroupNotFound)):
        if wanted.get(key):
            raise error(**{key: wanted[key]})


def _check_type_suits(share_type, wanted):
    if specs.handles_share_servers(share_type['extra_specs']):
        raise exception.InvalidInput(reason=_('Shares of type "%s" need a share network.') % share_type['name'])
    if wanted.get('encryption_key_ref'):
        raise exception.InvalidInput(reason=_('Shares of type "%s" cannot be encrypted with a key of yours.')
                                     % share_type['name'])


def check_protocol(protocol):
    """Refuse a protocol that the operator has not enabled."""
    if protocol.upper() not in (name.upper() for name in CONF.enabled_share_protocols):
        raise exception.InvalidInput(reason=_('Share protocol "%(protocol)s" is not one of %(enabled)s.') % {
            'protocol': protocol, 'enabled': ', '.join(CONF.enabled_share_protocols)})


def _driver_metadata(extra):
    """Extra specs of the form ``vendor:key`` whose key drivers take from metadata become metadata of the share."""
    found = {}
    for key, value in extra.items():
        prefix, colon, name = key.partition(':')
        if colon and prefix != 'provisioning' and name in CONF.driver_updatable_metadata:
            found[name] = value
    return found


def _mount_point_name(context, share_type, name):
    """The name under which a share is to be exported, with the prefix of its type; None when none is asked for."""
    if not name:
        return None
    extra = share_type['extra_specs']
    if not specs.is_true(extra, 'mount_point_name_support'):
        raise exception.InvalidInput(reason=_('Shares of type "%s" cannot have a mount point name.')
                                     % share_type['name'])
    prefix = extra.get('provisioning:mount_point_prefix', CONF.default_mount_point_prefix)
    full = prefix.format_map({'project_id': context.project_id, 'user_id': context.user_id}) + name
    if not _MOUNT_POINT.fullmatch(full):
        raise exception.InvalidInput(reason=_('The mount point name "%s" may only have letters, digits, hyphens and '
                                              'underscores, 255 in all.') % full)
    return full


def new_rows(context, wanted, share_type, size, zone=None):
    """The rows of a new share and of its instance, in status ``creating``."""
    now = base.now()
    flags = specs.share_values(share_type['extra_specs'])
    share = {
        'id': base.new_id(), 'user_id': context.user_id, 'project_id': context.project_id, 'size': size,
        'pending_size': None, 'display_name': wanted.get('name'), 'display_description': wanted.get('description'),
        'snapshot_id': wanted.get('snapshot_id') or None, 'source_backup_id': None, **flags,
        'share_proto': wanted['share_proto'].upper(),
        'is_public': bool(wanted.get('is_public')), 'share_group_id': None,
        'source_share_group_snapshot_member_id': None, 'task_state': None, 'is_soft_deleted': False,
        'scheduled_to_be_deleted_at': None, 'counted': True, 'created_at': now, 'updated_at': None}
    instance = {
        'id': base.new_id(), 'share_id': share['id'], 'host': None, 'status': constants.STATUS_CREATING,
        'progress': None,
        'mount_point_name': _mount_point_name(context, share_type, wanted.get('mount_point_name')),
        'access_rules_status': 'active',
        'replica_state': constants.REPLICA_STATE_ACTIVE if flags['replication_type'] else None,
        'cast_rules_to_readonly': False, 'share_type_id': share_type['id'],
        'qos_type_id': qos.resolve(context, share_type['extra_specs'].get(specs.DEFAULT_QOS_TYPE)),
        'availability_zone_id': zone and zone['id'], 'share_network_id': None, 'share_server_id': None,
        'encryption_key_ref': None, 'scheduled_at': None, 'launched_at': None, 'terminated_at': None,
        'created_at': now, 'updated_at': None}
    return share, instance


_PROPERTIES = ('id', 'size', 'user_id', 'project_id', 'snapshot_support', 'create_share_from_snapshot_support',
               'revert_to_snapshot_support', 'mount_snapshot_support', 'share_proto', 'is_public', 'share_group_id',
               'source_share_group_snapshot_member_id', 'snapshot_id', 'replication_type')
_INSTANCE_PROPERTIES = ('id', 'availability_zone_id', 'share_network_id', 'share_server_id', 'share_id', 'host',
                        'status',
                        'replica_state', 'share_type_id', 'encryption_key_ref', 'qos_type_id')


def request_spec(share, instance, share_type, pairs, zone=None, allowed=()):
    """What the scheduler looks at; kept with the job."""
    return {
        'share_properties': {**{name: share[name] for name in _PROPERTIES}, 'metadata': pairs,
                             'share_type_id': share_type['id']},
        'share_instance_properties': {name: instance[name] for name in _INSTANCE_PROPERTIES},
        'share_proto': share['share_proto'], 'share_id': share['id'], 'snapshot_id': share['snapshot_id'],
        'share_type': {name: share_type[name] for name in ('id', 'name', 'is_public', 'extra_specs')},
        'availability_zone_id': zone and zone['id'], 'availability_zones': list(allowed)}


def counted(share, sign, size=None):
    """What a share counts for in quotas."""
    size = share['size'] if size is None else size
    deltas = {'shares': sign, 'gigabytes': sign * size}
    if share['replication_type']:
        deltas.update(share_replicas=sign, replica_gigabytes=sign * size)
    return deltas


@session.transaction
def update(context, share_id, values):
    """Change name, description or visibility; returns the share row."""
    row = own(context, share_id)
    refuse_recycled(row)
    changed = {key: value for key, value in values.items() if row[key] != value}
    if changed:
        with session.writer(context) as connection:
            store.change(connection, share_id, **changed)
        row.update(changed)
    return row


@session.transaction
def delete(context, share_id, group_id=None, force=False):
    """Order the removal of a share; one that has no host yet goes at once.

    :param force: whatever its status
    """
    row = own(context, share_id)
    _check_group(row, group_id)
    check_deletable(context, row, force)
    with session.writer(context) as connection:
        affinity.forget(context, connection, row)
        for instance in row['instances']:
            delete_instance(context, row, instance, force)


def check_deletable(context, row, force=False):
    """Refuse the removal of a share that does not allow it; to be called where it is ordered.

    :param force: whatever its status
    """
    if row['has_replicas']:
        raise exception.Conflict(err=_('The share %s has replicas; delete them first.') % row['id'])
    if not force and row['status'] not in states.DELETABLE:
        raise exception.NotAuthorized(_('A share in status "%(status)s" cannot be deleted; it must be one of '
                                        '%(wanted)s.') % {'status': row['status'],
                                                          'wanted': ', '.join(states.DELETABLE)})
    refuse_busy(row)
    locks.refuse_deletion(context, row['id'], force)


def _check_group(row, group_id):
    if row['share_group_id'] != group_id and (row['share_group_id'] or group_id):
        raise exception.InvalidInput(reason=_('The share is in the share group %(group)s, which must be given to '
                                              'delete it.') % {'group': row['share_group_id'] or _('(none)')})


def refuse_busy(row):
    """Refuse what cannot be done with a share that is being migrated or the like."""
    if row['task_state'] in constants.BUSY_TASK_STATES:
        raise exception.ShareBusyException(
            reason=_('The share is busy with a task in state "%s".') % row['task_state'])


@session.transaction
def delete_instance(context, row, instance, force):
    """Order the removal of one instance of a share.

    :param force: whatever its status, and even when the driver fails
    """
    later = CONF.is_deferred_deletion_enabled and not force
    event = 'force_delete' if force else 'delete_later' if later else 'delete'
    with session.writer(context) as connection:
        store.move(connection, instance['id'], event, terminated_at=base.now())
        # Now that the row is ours nobody takes a snapshot of it any more.
        refuse_snapshots(connection, row, force)
        # Now that the row is ours: the scheduler may have placed it, or a back end refused it, since it was read.
        host = store.host_of(connection, instance['id'])
        if host is not None:
            jobs.insert(context, states.DELETE, instance['id'], queue_of(host), {'force': force})
            if later:
                count(context, connection, row['id'], False)
        elif store.remove_instance(connection, instance['id']):
            give_back_last(context, connection, row, instance)


def refuse_snapshots(connection, row, force=False):
    """Refuse what cannot be done with a share that has snapshots.

    :param force: it was to be done by force
    """
    if snapshots.has_any(connection, row['id']):
        reason = _('The share %s has snapshots; delete them first.') % row['id']
        raise exception.InvalidShare(reason=reason) if force else exception.NotAuthorized(reason)


def give_back_last(context, connection, share, instance):
    """After an instance went: remove the share if that was its last, and release what it counted."""
    row = store.lock(connection, share['id'])
    if store.remove_share_without_instances(connection, share['id']) and row['counted']:
        _count(context, row, instance['share_type_id'], -1)


def count(context, connection, share_id, wanted):
    """Have quotas count a share, or not any more; without limits, because it is there already."""
    row = store.lock(connection, share_id)
    if row is not None and row['counted'] is not wanted:
        store.change(connection, share_id, counted=wanted)
        _count(context, row, store.type_of(connection, share_id), 1 if wanted else -1)


def _count(context, row, share_type_id, sign):
    size = max(row['size'], row['pending_size'] or 0)
    quotas.take(context, counted(row, sign, size), row['project_id'], row['user_id'], share_type_id, check=False)


@session.transaction
def reset_status(context, share_id, status):
    """Set the status of a share by force."""
    row = own(context, share_id)
    refuse_recycled(row)
    if status not in states.RESETTABLE:
        raise exception.InvalidInput(reason=_('The status must be one of %s.') % ', '.join(states.RESETTABLE))
    set_status(context, row, row['instance'], status)


@session.transaction
def set_status(context, row, instance, status):
    """Set the status of an instance of a share; quotas count a share that is available."""
    with session.writer(context) as connection:
        store.change_instance(connection, instance['id'], status=status)
        if row['pending_size'] is not None:
            undo_extension(context, connection, row, row['pending_size'])
        if status == constants.STATUS_AVAILABLE:
            count(context, connection, row['id'], True)


@session.transaction
def reset_task_state(context, share_id, task_state):
    """Set the task state of a share by force; None says that there is no task."""
    refuse_recycled(own(context, share_id))
    with session.writer(context) as connection:
        store.change(connection, share_id, task_state=task_state)


@session.transaction
def extend(context, share_id, new_size, force=False, privileged=False):
    """Order more room for a share.

    :param force: without asking the scheduler whether the pool has it
    :param privileged: the share type's limit for privileged callers counts
    """
    row = own(context, share_id)
    _check_resizable(row, 'extend')
    if new_size <= row['size']:
        raise exception.InvalidInput(reason=_('The new size must be larger than the present %s GiB.') % row['size'])
    share_type = _type_of(context, row)
    specs.refuse_size(share_type['extra_specs'], new_size, low=False, extending_beyond=privileged)
    instance = row['instance']
    deltas = size_counted(row, new_size - row['size'], len(row['instances']))
    quotas.take(context, deltas, row['project_id'], row['user_id'], instance['share_type_id'], size=new_size)
    with session.writer(context) as connection:
        store.move(connection, instance['id'], 'extend')
        if not store.begin_extension(connection, share_id, row['size'], new_size):
            raise exception.InvalidState(reason=_('the size of the share has just been changed'))
    order = {'new_size': new_size}
    if force:
        jobs.insert(context, states.EXTEND, instance['id'], queue_of(instance['host']), order)
    else:
        spec = request_spec(row, instance, share_type, row['metadata'])
        jobs.insert(context, states.SCHEDULE_EXTEND, instance['id'], SCHEDULER, {
            **order, 'request_spec': {**spec, 'is_share_extend': True}})


def size_counted(share, more, count):
    """What a share with ``count`` instances counts for in quotas when it is larger by ``more`` GiB."""
    deltas = {'gigabytes': more}
    if share['replication_type']:
        deltas['replica_gigabytes'] = more * count
    return deltas


def undo_extension(context, connection, share, new_size):
    """Release what an extension to ``new_size`` has counted, unless it has ended in the meantime."""
    if store.end_extension(connection, share['id'], new_size):
        release_size(context, connection, share, new_size - share['size'])


def release_size(context, connection, share, less):
    """Release ``less`` GiB of each instance of a share."""
    count = store.count_instances(connection, share['id']) if share['replication_type'] else 1
    quotas.give_back(context, size_counted(share, less, count), share['project_id'], share['user_id'],
                     share['share_type_id'])


@session.transaction
def shrink(context, share_id, new_size):
    """Order that a share gives room back."""
    row = own(context, share_id)
    _check_resizable(row, 'shrink')
    if new_size >= row['size']:
        raise exception.InvalidInput(reason=_('The new size must be smaller than the present %s GiB.') % row['size'])
    specs.refuse_size(_type_of(context, row)['extra_specs'], new_size, high=False)
    instance = row['instance']
    with session.writer(context) as connection:
        store.move(connection, instance['id'], 'shrink')
    jobs.insert(context, states.SHRINK, instance['id'], queue_of(instance['host']), {'new_size': new_size})


def _type_of(context, row):
    return type_store.by_ids(context, [row['share_type_id']])[row['share_type_id']]


def _check_resizable(row, event):
    refuse_recycled(row)
    if not states.INSTANCE.can(event, row['status']):
        raise exception.InvalidShare(reason=_('A share in status "%(status)s" cannot be resized; it must be one of '
                                              '%(wanted)s.') % {
            'status': row['status'], 'wanted': ', '.join(states.INSTANCE.sources(event))})
    refuse_busy(row)


@session.transaction
def set_metadata(context, share_id, pairs, may_all, replace=False):
    """Set metadata; returns all of it.

    :param may_all: whether the caller may change what is kept to administrators
    :param replace: what is not given goes, except what the caller may not change
    """
    row = own(context, share_id)
    reserved = () if may_all else [key for key in pairs if key in CONF.admin_only_metadata]
    if reserved:
        raise exception.NotAuthorized(_('Only administrators may set the metadata %s.') % ', '.join(reserved))
    if replace and not may_all:
        pairs = {**{key: value for key, value in row['metadata'].items() if key in CONF.admin_only_metadata}, **pairs}
    with session.writer(context) as connection:
        store.set_metadata(connection, share_id, pairs, replace)
    _tell_driver(context, row, pairs)
    return pairs if replace else {**row['metadata'], **pairs}


def _tell_driver(context, row, pairs):
    """Pass those metadata on that the driver of a share acts upon."""
    changed = {key: value for key, value in pairs.items()
               if key in CONF.driver_updatable_metadata}
    if changed and row['host']:
        jobs.insert(context, states.UPDATE_METADATA, row['instance']['id'], queue_of(row['host']),
                    {'metadata': changed})


@session.transaction
def remove_metadata(context, share_id, key, may_all):
    """Remove one pair of metadata."""
    own(context, share_id)
    if key in CONF.admin_only_metadata and not may_all:
        raise exception.NotAuthorized(_('Only administrators may remove the metadata %s.') % key)
    with session.writer(context) as connection:
        if not store.remove_metadata(connection, share_id, key):
            raise exception.MetadataItemNotFound()


def report_failure(context, instance, event, action, **message):
    """In the open transaction, move an instance to the status that a failure leaves it in, and tell its owner."""
    with session.writer(context) as connection:
        if instance and store.try_move(connection, instance['id'], event):
            messages.add(context, action, Resource.SHARE, instance['share_id'],
                         project_id=instance['project_id'], **message)


def for_driver(instance, context=None):
    """An instance as drivers know it; with a context also its export locations."""
    share = {**instance, 'name': CONF.share_name_template % instance['id'], 'share_server': None,
             'deleted': False, 'deleted_at': None, 'export_locations': []}
    if context is not None:
        share['export_locations'] = exports.find(context, [instance['id']], admin_only=True)
    return share


_ORPHANED = {'creating': ('create_failed', Action.CREATE), 'creating_from_snapshot': ('create_failed', Action.CREATE),
             'deleting': ('delete_failed', Action.DELETE), 'extending': ('extend_failed', Action.EXTEND),
             'shrinking': ('shrink_failed', Action.SHRINK), 'reverting': ('revert_failed', Action.REVERT_TO_SNAPSHOT)}


def _settle_orphan(context, connection, row):
    """Move an instance that no job is going to move to where its owner can act again."""
    instance = store.instance(context, row.id)
    event, action = _ORPHANED[row.status]
    if row.status in ('extending', 'reverting') and instance['pending_size'] is not None:
        undo_extension(context, connection, {**instance, 'id': row.share_id}, instance['pending_size'])
    report_failure(context, instance, event, action)


def _settle_deferred(context, connection, row):
    """Go on with a deletion that was put off."""
    jobs.insert(context, states.DELETE, row.id, queue_of(row.host), {'force': False})


sweep.declare(sweep.Sweep(instances, 'status', tuple(_ORPHANED), _settle_orphan))
sweep.declare(sweep.Sweep(instances, 'status', states.DEFERRED, _settle_deferred))

for _resource in ('shares', 'gigabytes', 'share_replicas', 'replica_gigabytes'):
    counts.register(_resource, lambda connection, projects, resource=_resource: store.usage(
        connection, projects, resource))
