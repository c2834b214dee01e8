"""All SQL about snapshots and snapshot instances.

A snapshot row is a plain dict: the columns of the snapshot, what it takes over from its instances, its
``instances`` and ``metadata``.
"""
import functools

import sqlalchemy as sa

from manila import exception
from manila.common import constants
from manila.db import base, query, session
from manila.resources.shares import store as share_store
from manila.resources.shares.model import instances as share_instances, shares
from manila.resources.snapshots import states
from manila.resources.snapshots.model import instances, metadata, snapshots

# Of the statuses of instances on replicas that are up to date, the first of these is the snapshot's.
_STATUS_ORDER = ('deleting', 'creating', 'error', 'migrating', 'server_migrating', 'available')
_CURRENT = (constants.REPLICA_STATE_ACTIVE, constants.REPLICA_STATE_IN_SYNC)
_MIGRATING = (constants.STATUS_MIGRATING, constants.STATUS_SERVER_MIGRATING)

_NAMES = (*(column.name for column in snapshots.c), 'mount_snapshot_support',
          'snapshot_inherit_share_access_support')
_COLUMNS = (*snapshots.c, shares.c.mount_snapshot_support, shares.c.snapshot_inherit_share_access_support)
_FROM_SHARE = ('host', 'replica_state', 'share_status', 'share_type_id')
_INSTANCE_NAMES = (*(column.name for column in instances.c), *_FROM_SHARE)
_INSTANCE_COLUMNS = (*(column.label(f'instance_{column.name}') for column in instances.c),
                     share_instances.c.host,
                     share_instances.c.replica_state, share_instances.c.status.label('share_status'),
                     share_instances.c.share_type_id)
_INSTANCE_TABLES = instances.join(share_instances, share_instances.c.id == instances.c.share_instance_id)
_WITH_INSTANCES = (sa.select(*_COLUMNS, *_INSTANCE_COLUMNS)
                   .select_from(snapshots.join(shares, shares.c.id == snapshots.c.share_id)
                                .join(_INSTANCE_TABLES, instances.c.snapshot_id == snapshots.c.id))
                   .where(snapshots.c.id == sa.bindparam('id'))
                   .order_by(instances.c.created_at, instances.c.id))
_IDS = sa.bindparam('snapshots', expanding=True)
_INSTANCES = (sa.select(*_INSTANCE_COLUMNS).select_from(_INSTANCE_TABLES)
              .where(instances.c.snapshot_id.in_(_IDS)).order_by(instances.c.created_at, instances.c.id))
_METADATA = (sa.select(metadata.c.snapshot_id, metadata.c.key, metadata.c.value)
             .where(metadata.c.snapshot_id.in_(_IDS)).order_by(metadata.c.key))
_INSERT = sa.insert(snapshots)
_INSERT_INSTANCE = sa.insert(instances)


def _of_instance(column):
    """A column of the snapshot's instance as a value to sort by."""
    return (sa.select(sa.func.min(column)).where(instances.c.snapshot_id == snapshots.c.id)
            .correlate(snapshots).scalar_subquery())


SORTABLE = {
    **{name: snapshots.c[name] for name in (
        'id', 'user_id', 'project_id', 'share_id', 'size', 'share_size', 'share_proto', 'display_name',
        'display_description', 'created_at', 'updated_at')},
    'name': snapshots.c.display_name,
    'description': snapshots.c.display_description,
    **{name: _of_instance(instances.c[name]) for name in ('status', 'progress', 'provider_location')},
}


@functools.cache
def _one(is_admin):
    return _WITH_INSTANCES.where(query.tenancy(is_admin, snapshots.c.project_id))


def get(context, snapshot_id, pairs=True):
    """A snapshot that the context may see.

    :param pairs: whether metadata are wanted
    :raises manila.exception.ShareSnapshotNotFound: when there is none
    """
    with session.reader(context) as connection:
        found = connection.execute(_one(context.is_admin),
                                   {'id': snapshot_id, 'project': context.project_id or ''}).all()
        if not found:
            raise exception.ShareSnapshotNotFound(snapshot_id=snapshot_id)
        width = len(_NAMES)
        row = dict(zip(_NAMES, found[0]))
        row['instances'] = [dict(zip(_INSTANCE_NAMES, each[width:])) for each in found]
        if pairs:
            row['metadata'] = metadata_of(connection, snapshot_id)
    return settle(row)


def metadata_of(connection, snapshot_id):
    """The metadata of a snapshot as a dict."""
    return {key: value for _, key, value in connection.execute(_METADATA, {'snapshots': [snapshot_id]})}


def find(context, filters, page, everywhere=False, deferred=False, details=True):
    """One page of the snapshots that match.

    Returns rows, whether there are more, and their number if asked for.

    :param everywhere: snapshots of all projects, as far as the context may see them
    :param deferred: also those whose deletion is put off
    :param details: whether instances and metadata are wanted
    """
    within = None if everywhere else (snapshots.c.project_id, context.project_id or '')
    visible = query.visible(context, snapshots.c.project_id) if everywhere else sa.true()
    statement = sa.select(*snapshots.c).where(visible, *_conditions(filters))
    mine = instances.c.snapshot_id == snapshots.c.id
    if not deferred:
        statement = statement.where(query.in_turn(mine, instances.c.status.not_in(states.DEFERRED)))
    with session.reader(context) as connection:
        if 'status' in filters:
            statement = statement.where(query.some(connection, mine, instances.c.status == filters['status']))
        rows, more = query.page(connection, statement, page, SORTABLE, snapshots.c.id, within)
        count = None
        if filters.get('with_count'):
            count = query.count(connection, statement, within)
        if details and rows:
            _complete(connection, rows)
        return rows, more, count


_PLAIN = {'project_id': snapshots.c.project_id, 'name': snapshots.c.display_name,
          'description': snapshots.c.display_description, 'share_id': snapshots.c.share_id,
          'size': snapshots.c.size}


def _conditions(filters):
    for key, value in filters.items():
        if key in _PLAIN:
            yield _PLAIN[key] == value
        elif key == 'name~':
            yield query.like(snapshots.c.display_name, value)
        elif key == 'description~':
            yield query.like(snapshots.c.display_description, value)
        elif key == 'metadata':
            for name, text in value.items():
                yield sa.exists().where(metadata.c.snapshot_id == snapshots.c.id, metadata.c.key == name,
                                        metadata.c.value == text)


def _complete(connection, rows):
    by_id = {row['id']: row for row in rows}
    for row in rows:
        row.update(instances=[], metadata={})
    for found in connection.execute(_INSTANCES, {'snapshots': list(by_id)}):
        instance = dict(zip(_INSTANCE_NAMES, found))
        by_id[instance['snapshot_id']]['instances'].append(instance)
    for snapshot_id, key, value in connection.execute(_METADATA, {'snapshots': list(by_id)}):
        by_id[snapshot_id]['metadata'][key] = value
    for row in rows:
        settle(row)


def settle(row):
    """Add to a snapshot what follows from its instances."""
    instance = row['instance'] = representative(row['instances'])
    row['provider_location'] = instance and instance['provider_location']
    row['progress'] = instance and instance['progress']
    current = [each['status'] for each in row['instances'] if each['replica_state'] in _CURRENT]
    row['status'] = min(current, key=_rank) if current else instance and instance['status']
    return row


def _rank(status):
    return _STATUS_ORDER.index(status) if status in _STATUS_ORDER else len(_STATUS_ORDER)


def representative(found):
    """The instance that speaks for the snapshot; None of none."""
    for wanted in (lambda each: each['replica_state'] == constants.REPLICA_STATE_ACTIVE,
                   lambda each: each['share_status'] in _MIGRATING, lambda each: True):
        for each in found:
            if wanted(each):
                return each
    return None


_SOURCE_NAMES = ('id', 'project_id', 'user_id', 'size', 'share_proto', 'task_state', 'is_soft_deleted',
                 'snapshot_support', 'mount_snapshot_support', 'snapshot_inherit_share_access_support')
_SOURCE_INSTANCE = ('id', 'host', 'status', 'share_type_id', 'replica_state')
_SOURCE = (sa.select(*(shares.c[name] for name in _SOURCE_NAMES),
                     *(share_instances.c[name].label(f'instance_{name}') for name in _SOURCE_INSTANCE))
           .join(share_instances, share_instances.c.share_id == shares.c.id)
           .where(shares.c.id == sa.bindparam('id'))
           .order_by(share_instances.c.created_at, share_instances.c.id).with_for_update(of=share_instances))


@functools.cache
def _source(is_admin):
    return _SOURCE.where(query.tenancy(is_admin, shares.c.project_id))


def lock_share(context, share_id):
    """What snapshots need of their share.

    The statuses of its instances do not change until the transaction ends.

    :returns: a dict with ``instances``, and ``instance``, which speaks for the share
    :raises manila.exception.ShareNotFound: when the context may see none
    """
    with session.writer(context) as connection:
        found = connection.execute(_source(context.is_admin),
                                   {'id': share_id, 'project': context.project_id or ''}).all()
    if not found:
        raise exception.ShareNotFound(share_id=share_id)
    width = len(_SOURCE_NAMES)
    row = dict(zip(_SOURCE_NAMES, found[0]))
    row['instances'] = [dict(zip(_SOURCE_INSTANCE, each[width:])) for each in found]
    row['instance'] = share_store.representative(row['instances'])
    return row


def insert(connection, snapshot, instance, pairs):
    """Write a new snapshot with its instance and metadata."""
    connection.execute(_INSERT, snapshot)
    connection.execute(_INSERT_INSTANCE, instance)
    if pairs:
        query.set_key_values(connection, metadata, metadata.c.snapshot_id, snapshot['id'], pairs)


def is_location_known(connection, share_id, location):
    """Whether a share has a snapshot that its back end knows under a name."""
    return connection.scalar(
        sa.select(instances.c.id).join(snapshots, snapshots.c.id == instances.c.snapshot_id)
        .where(snapshots.c.share_id == share_id,
               instances.c.provider_location == location).limit(1)) is not None


_NEWEST = (sa.select(snapshots.c.id).where(snapshots.c.share_id == sa.bindparam('share'))
           .order_by(snapshots.c.created_at.desc(), snapshots.c.id.desc()).limit(1))
_LEFT = (sa.select(instances.c.id).join(snapshots, snapshots.c.id == instances.c.snapshot_id)
         .where(snapshots.c.share_id == sa.bindparam('share')).limit(1))
_STAYING = _LEFT.where(instances.c.status.not_in(states.DEFERRED))


def newest(connection, share_id):
    """The id of the newest snapshot of a share; None of a share without."""
    return connection.scalar(_NEWEST, {'share': share_id})


def has_any(connection, share_id):
    """Whether a share has snapshots other than those whose deletion is put off."""
    return connection.scalar(_STAYING, {'share': share_id}) is not None


def has_left(context, share_id):
    """Whether a share has snapshots at all."""
    with session.reader(context) as connection:
        return connection.scalar(_LEFT, {'share': share_id}) is not None


def change(connection, snapshot_id, **values):
    """Set columns of a snapshot."""
    connection.execute(sa.update(snapshots).where(snapshots.c.id == snapshot_id)
                       .values(updated_at=base.now(), **values))


def change_instance(connection, instance_id, **values):
    """Set columns of an instance."""
    connection.execute(sa.update(instances).where(instances.c.id == instance_id)
                       .values(updated_at=base.now(), **values))


def move(connection, instance_id, event, **values):
    """Carry out a transition of an instance.

    :raises manila.exception.InvalidState: when it may not happen now
    """
    states.INSTANCE.move(connection, instances, instance_id, event, **values)


def try_move(connection, instance_id, event, **values):
    """As :func:`move`; returns whether it happened."""
    return states.INSTANCE.try_move(connection, instances, instance_id, event, **values)


_FIRST_TYPE = (sa.select(sa.func.min(share_instances.c.share_type_id))
               .where(share_instances.c.share_id == snapshots.c.share_id)
               .correlate(snapshots).scalar_subquery())
_LOCK = (sa.select(snapshots.c.id, snapshots.c.project_id, snapshots.c.user_id, snapshots.c.size,
                   snapshots.c.counted, _FIRST_TYPE.label('share_type_id'))
         .where(snapshots.c.id == sa.bindparam('id')).with_for_update())


def lock(connection, snapshot_id):
    """What quotas need of a snapshot, locked until the transaction ends; None when it is gone."""
    return query.first(connection, _LOCK, {'id': snapshot_id})


def remove_instance(connection, instance_id):
    """Remove an instance; returns whether there was one."""
    return connection.execute(sa.delete(instances).where(instances.c.id == instance_id)).rowcount == 1


def remove_without_instances(connection, snapshot_id):
    """Remove a snapshot if no instance of it is left; returns what :func:`lock` does if it went."""
    row = lock(connection, snapshot_id)
    rest = sa.exists().where(instances.c.snapshot_id == snapshot_id)
    gone = connection.execute(sa.delete(snapshots).where(snapshots.c.id == snapshot_id, ~rest)).rowcount == 1
    return row if gone else None


def set_metadata(connection, snapshot_id, pairs, replace=False):
    """Set metadata of a snapshot; with ``replace`` what is not given goes."""
    query.set_key_values(connection, metadata, metadata.c.snapshot_id, snapshot_id, pairs, replace)


def remove_metadata(connection, snapshot_id, key):
    """Remove one pair of metadata; returns whether there was one."""
    return query.remove_key_value(connection, metadata, metadata.c.snapshot_id, snapshot_id, key)


# The snapshot's columns but those that mean the instance's to drivers.
_DRIVER_COLUMNS = tuple(column for column in snapshots.c if column.name not in (
    'id', 'share_id', 'created_at', 'updated_at', 'counted'))
_FOR_DRIVER = (sa.select(*instances.c, *_DRIVER_COLUMNS, snapshots.c.share_id.label('parent_id'),
                         share_instances.c.host)
               .select_from(_INSTANCE_TABLES.join(snapshots, snapshots.c.id == instances.c.snapshot_id)))
_FOR_DRIVER_BY_ID = _FOR_DRIVER.where(instances.c.id == sa.bindparam('instance'))


def instance(context, instance_id):
    """An instance merged with its snapshot, as work sees it; None when it is gone.

    ``id`` is the instance's, ``snapshot_id`` the snapshot's, ``parent_id`` the share's.
    """
    with session.reader(context) as connection:
        return query.first(connection, _FOR_DRIVER_BY_ID, {'instance': instance_id})


INSTANCES_SORTABLE = {'created_at': instances.c.created_at, 'id': instances.c.id,
                      'status': instances.c.status, 'snapshot_id': instances.c.snapshot_id}
_PARENT = sa.select(*instances.c, snapshots.c.share_id).join(snapshots,
                                                             snapshots.c.id == instances.c.snapshot_id)


def find_instances(context, page, snapshot_id=None):
    """One page of snapshot instances, of one snapshot or all; returns rows and whether there are more."""
    statement = _PARENT if snapshot_id is None else _PARENT.where(instances.c.snapshot_id == snapshot_id)
    with session.reader(context) as connection:
        return query.page(connection, statement, page, INSTANCES_SORTABLE, instances.c.id)


def get_instance(context, instance_id):
    """A snapshot instance with the id of the share.

    :raises manila.exception.ShareSnapshotInstanceNotFound: when there is none
    """
    with session.reader(context) as connection:
        row = query.first(connection, _PARENT.where(instances.c.id == instance_id))
    if row is None:
        raise exception.ShareSnapshotInstanceNotFound(instance_id=instance_id)
    return row


_CLONE = (sa.select(share_instances.c.id).join(shares, shares.c.id == share_instances.c.share_id)
          .where(shares.c.snapshot_id == sa.bindparam('snapshot'),
                 share_instances.c.status.in_(('creating', 'creating_from_snapshot'))).limit(1))


def is_being_cloned(context, snapshot_id):
    """Whether a share is being made from a snapshot."""
    with session.reader(context) as connection:
        return connection.scalar(_CLONE, {'snapshot': snapshot_id}) is not None


def usage(connection, projects, resource):
    """What snapshots count for in quotas: rows of project, user, share type and amount.

    :param projects: ids, or None for all
    """
    amount = sa.func.sum(snapshots.c.size) if resource.endswith('gigabytes') else sa.func.count()
    of_share = (sa.select(share_instances.c.share_id,
                          sa.func.min(share_instances.c.share_type_id).label('type_id'))
                .group_by(share_instances.c.share_id).subquery())
    statement = (sa.select(snapshots.c.project_id, snapshots.c.user_id, of_share.c.type_id, amount)
                 .join(of_share, of_share.c.share_id == snapshots.c.share_id)
                 .where(snapshots.c.counted.is_(True))
                 .group_by(snapshots.c.project_id, snapshots.c.user_id, of_share.c.type_id))
    if projects is not None:
        statement = statement.where(snapshots.c.project_id.in_(projects))
    return [(project, user, share_type, int(number))
            for project, user, share_type, number in connection.execute(statement)]
