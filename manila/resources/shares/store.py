"""All SQL about shares and share instances.

A share row is a plain dict: the columns of the share, what it takes over from its representative instance, its
``instances``, ``metadata`` and, when asked for, ``export_paths``.
"""
import functools

import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.common import constants
from manila.db import base, query, session
from manila.resources.exports.model import locations
from manila.resources.shares import states
from manila.resources.shares.model import instances, metadata, shares
from manila.resources.types.model import extra_specs, types
from manila.resources.zones.model import zones

# Which of several instances speaks for the share, the first of these statuses first.
_STATUS_ORDER = {status: place for place, status in enumerate(
    ('reverting', 'replication_change', 'migrating', 'server_migrating', 'available', 'error'))}
_RULES_ORDER = ('error', 'syncing', 'active')
_TAKEN_OVER = ('status', 'host', 'share_server_id', 'share_network_id', 'availability_zone', 'availability_zone_id',
               'share_type_id', 'share_type_name', 'progress', 'encryption_key_ref', 'mount_point_name')

_SHARE_NAMES = tuple(column.name for column in shares.c)
_INSTANCE_NAMES = (*(column.name for column in instances.c), 'availability_zone', 'share_type_name')
_INSTANCE_COLUMNS = (*(column.label(f'instance_{column.name}') for column in instances.c),
                     zones.c.name.label('availability_zone'), types.c.name.label('share_type_name'))
_INSTANCE_TABLES = (instances.outerjoin(zones, zones.c.id == instances.c.availability_zone_id)
                    .outerjoin(types, types.c.id == instances.c.share_type_id))
_WITH_INSTANCES = (sa.select(*shares.c, *_INSTANCE_COLUMNS)
                   .select_from(shares.outerjoin(_INSTANCE_TABLES, instances.c.share_id == shares.c.id))
                   .order_by(instances.c.created_at, instances.c.id))
_BRIEF_SHARE = ('id', 'project_id', 'user_id', 'is_soft_deleted')
_BRIEF_INSTANCE = ('id', 'host', 'status', 'access_rules_status', 'replica_state')
_BRIEF = (sa.select(*(shares.c[name] for name in _BRIEF_SHARE),
                    *(instances.c[name].label(f'instance_{name}') for name in _BRIEF_INSTANCE))
          .select_from(shares.outerjoin(instances, instances.c.share_id == shares.c.id))
          .order_by(instances.c.created_at, instances.c.id))
_INSTANCES = (sa.select(*_INSTANCE_COLUMNS).select_from(_INSTANCE_TABLES)
              .where(instances.c.share_id.in_(sa.bindparam('shares', expanding=True)))
              .order_by(instances.c.created_at, instances.c.id))
_INSERT = sa.insert(shares)
_INSERT_INSTANCE = sa.insert(instances)
_METADATA = (sa.select(metadata.c.share_id, metadata.c.key, metadata.c.value)
             .where(metadata.c.share_id.in_(sa.bindparam('shares', expanding=True))).order_by(metadata.c.key))
_PATHS = (sa.select(instances.c.share_id, instances.c.replica_state, locations.c.path)
          .where(instances.c.share_id.in_(sa.bindparam('shares', expanding=True)),
                 instances.c.status == constants.STATUS_AVAILABLE,
                 locations.c.share_instance_id == instances.c.id, locations.c.is_admin_only.is_(False))
          .order_by(locations.c.position, locations.c.id))


def _of_instance(column):
    """A column of the share's instance as a value to sort by."""
    return (sa.select(sa.func.min(column)).where(instances.c.share_id == shares.c.id)
            .correlate(shares).scalar_subquery())


SORTABLE = {
    **{name: shares.c[name] for name in ('id', 'size', 'share_proto', 'user_id', 'project_id', 'created_at',
                                         'updated_at',
                                         'display_name', 'snapshot_id', 'is_public', 'task_state')},
    'name': shares.c.display_name,
    'snapshot': shares.c.snapshot_id,
    **{name: _of_instance(instances.c[name]) for name in ('status', 'host', 'share_type_id', 'share_network_id',
                                                          'share_server_id', 'availability_zone_id')},
    'share_type': _of_instance(instances.c.share_type_id),
    'share_network': _of_instance(instances.c.share_network_id),
    'availability_zone': _of_instance(instances.c.availability_zone_id),
}


@functools.cache
def _one(select, is_admin, public):
    """The statement that reads one share with its instances, made once for each kind of caller."""
    also = shares.c.is_public.is_(True) if public else None
    return select.where(shares.c.id == sa.bindparam('id'), query.tenancy(is_admin, shares.c.project_id, also))


def _read(context, connection, select, share_id, public=False):
    found = connection.execute(_one(select, context.is_admin, public),
                               {'id': share_id, 'project': context.project_id or ''}).all()
    if not found:
        raise exception.ShareNotFound(share_id=share_id)
    return found


def get(context, share_id, public=False, paths=False):
    """A share that the context may see.

    :param public: whether public shares of other projects count
    :param paths: whether ``export_paths`` are wanted
    :raises manila.exception.ShareNotFound: when there is none
    """
    with session.reader(context) as connection:
        found = _read(context, connection, _WITH_INSTANCES, share_id, public)
        width = len(_SHARE_NAMES)
        row = dict(zip(_SHARE_NAMES, found[0]))
        row['instances'] = [dict(zip(_INSTANCE_NAMES, each[width:])) for each in found if each[width] is not None]
        return _complete(connection, [row], paths)[0]


def brief(context, share_id, public=False):
    """What operations on parts of a share need of it: whose it is, whether it is soft-deleted, and of its
    ``instances`` id, host, status, access_rules_status and replica_state.

    :raises manila.exception.ShareNotFound: when the context may see none
    """
    with session.reader(context) as connection:
        found = _read(context, connection, _BRIEF, share_id, public)
    share_width = len(_BRIEF_SHARE)
    row = dict(zip(_BRIEF_SHARE, found[0]))
    row['instances'] = [dict(zip(_BRIEF_INSTANCE, each[share_width:])) for each in found
                        if each[share_width] is not None]
    row['access_rules_status'] = _rules_status(row['instances'])
    return row


def find(context, filters, page, everywhere=False, public=False, deferred=False, paths=False, details=True):
    """One page of the shares that match; returns rows and whether there are more.

    :param everywhere: shares of all projects, as far as the context may see them
    :param public: also public shares of other projects
    :param deferred: also those whose deletion is put off
    :param details: whether instances and metadata are wanted
    """
    within = None if everywhere or public else (shares.c.project_id, context.project_id or '')
    statement = sa.select(*shares.c).where(_visible(context, everywhere, public), *_conditions(filters))
    if not deferred:
        statement = statement.where(~_has_instance(instances.c.status.in_(states.DEFERRED)))
    with session.reader(context) as connection:
        statement = statement.where(*(query.some(connection, instances.c.share_id == shares.c.id, _matches(key, value))
                                      for key, value in filters.items() if key in _BY_INSTANCE))
        rows, more = query.page(connection, statement, page, SORTABLE, shares.c.id, within)
        count = None
        if filters.get('with_count'):
            count = query.count(connection, statement, within)
        if details and rows:
            _add_instances(connection, rows)
            _complete(connection, rows, paths)
        return rows, more, count


def _visible(context, everywhere, public):
    """The condition that a share belongs into a list, unless the list is within the caller's project anyway."""
    also = shares.c.is_public.is_(True) if public else None
    if everywhere:
        return query.visible(context, shares.c.project_id, also=also)
    return sa.true() if also is None else sa.or_(shares.c.project_id == context.project_id, also)


_PLAIN = {'id': shares.c.id, 'project_id': shares.c.project_id, 'name': shares.c.display_name,
          'snapshot_id': shares.c.snapshot_id,
          'description': shares.c.display_description, 'share_group_id': shares.c.share_group_id,
          'is_soft_deleted': shares.c.is_soft_deleted}
_BY_INSTANCE = {name: instances.c[name] for name in (
    'status', 'host', 'share_server_id', 'share_type_id', 'share_network_id', 'mount_point_name',
    'encryption_key_ref', 'availability_zone_id')}


def _conditions(filters):
    for key, value in filters.items():
        if key in _PLAIN:
            yield _PLAIN[key] == value
        elif key == 'name~':
            yield query.like(shares.c.display_name, value)
        elif key == 'description~':
            yield query.like(shares.c.display_description, value)
        elif key == 'metadata':
            for name, text in value.items():
                yield sa.exists().where(metadata.c.share_id == shares.c.id, metadata.c.key == name,
                                        metadata.c.value == text)
        elif key == 'extra_specs':
            for name, text in value.items():
                yield _has_instance(instances.c.share_type_id == extra_specs.c.share_type_id,
                                    extra_specs.c.key == name, extra_specs.c.value == text)
        elif key in ('export_location_id', 'export_location_path'):
            column = locations.c.id if key.endswith('id') else locations.c.path
            yield _has_instance(locations.c.share_instance_id == instances.c.id, column == value)


def _matches(key, value):
    if key == 'host' and '#' not in value:
        # A host or back end stands for all its pools.
        return sa.or_(instances.c.host == value, instances.c.host.startswith(f'{value}#', autoescape=True),
                      instances.c.host.startswith(f'{value}@', autoescape=True))
    return _BY_INSTANCE[key] == value


def _has_instance(*conditions):
    return sa.exists().where(instances.c.share_id == shares.c.id, *conditions)


def _add_instances(connection, rows):
    by_id = {row['id']: row for row in rows}
    for row in rows:
        row['instances'] = []
    for found in connection.execute(_INSTANCES, {'shares': list(by_id)}):
        instance = dict(zip(_INSTANCE_NAMES, found))
        by_id[instance['share_id']]['instances'].append(instance)


def _complete(connection, rows, paths):
    """Add metadata, paths and what a share takes over from its instances."""
    by_id = {row['id']: row for row in rows}
    for row in rows:
        row['metadata'] = {}
        row['export_paths'] = []
        settle(row)
    for share_id, key, value in connection.execute(_METADATA, {'shares': list(by_id)}):
        by_id[share_id]['metadata'][key] = value
    if paths:
        found = connection.execute(_PATHS, {'shares': list(by_id)}).all()
        replicated = {share_id for share_id, state, _ in found if state == constants.REPLICA_STATE_ACTIVE}
        for share_id, state, path in found:
            if share_id not in replicated or state == constants.REPLICA_STATE_ACTIVE:
                by_id[share_id]['export_paths'].append(path)
    return rows


def settle(row):
    """Add to a share what follows from its instances."""
    instance = representative(row['instances'])
    for name in _TAKEN_OVER:
        row[name] = instance[name] if instance else None
    row['access_rules_status'] = _rules_status(row['instances'])
    row['has_replicas'] = sum(each['replica_state'] is not None for each in row['instances']) > 1
    row['instance'] = instance
    return row


def _rules_status(found):
    worst = {each['access_rules_status'] for each in found if each['status'] == constants.STATUS_AVAILABLE}
    return next((status for status in _RULES_ORDER if status in worst), 'active')


def _rank(instance):
    status = instance['status']
    return _STATUS_ORDER.get(status, 98 if status not in constants.TRANSITIONAL_STATUSES else 99)


def representative(found):
    """The instance that speaks for the share: its status, host and so on are the share's."""
    ordered = sorted(found, key=_rank)
    if ordered and ordered[0]['status'] != constants.STATUS_REPLICATION_CHANGE:
        ordered.sort(key=lambda each: each['replica_state'] != constants.REPLICA_STATE_ACTIVE)
    return ordered[0] if ordered else None


def insert(connection, share, instance, pairs):
    """Write a new share with its first instance and metadata."""
    connection.execute(_INSERT, share)
    connection.execute(_INSERT_INSTANCE, instance)
    if pairs:
        query.set_key_values(connection, metadata, metadata.c.share_id, share['id'], pairs)


def change(connection, share_id, **values):
    """Set columns of a share."""
    connection.execute(sa.update(shares).where(shares.c.id == share_id)
                       .values(updated_at=base.now(), **values))


def change_instance(connection, instance_id, **values):
    """Set columns of an instance."""
    connection.execute(sa.update(instances).where(instances.c.id == instance_id)
                       .values(updated_at=base.now(), **values))


def move(connection, instance_id, event, where=(), **values):
    """Carry out a transition of an instance.

    :raises manila.exception.InvalidState: when it may not happen now
    """
    states.INSTANCE.move(connection, instances, instance_id, event, where, **values)


def try_move(connection, instance_id, event, where=(), **values):
    """As :func:`move`; returns whether it happened."""
    return states.INSTANCE.try_move(connection, instances, instance_id, event, where, **values)


def begin_extension(connection, share_id, size, new_size):
    """Note the size that a share is to get; returns whether it has ``size`` still and is to get no other."""
    return connection.execute(
        sa.update(shares).where(shares.c.id == share_id, shares.c.size == size, shares.c.pending_size.is_(None))
        .values(pending_size=new_size, updated_at=base.now())).rowcount == 1


def end_extension(connection, share_id, new_size, done=False):
    """Forget the size that a share was to get, or make it the share's; returns whether it was that one."""
    return connection.execute(
        sa.update(shares).where(shares.c.id == share_id, shares.c.pending_size == new_size)
        .values(pending_size=None, updated_at=base.now(), **({'size': new_size} if done else {}))).rowcount == 1


def place(connection, instance_id, host, zone_id):
    """Note the pool that was chosen for a new instance; returns whether it still wants one."""
    return connection.execute(
        sa.update(instances).where(instances.c.id == instance_id, instances.c.status == 'creating')
        .values(host=host, availability_zone_id=zone_id, scheduled_at=base.now(), updated_at=base.now())
    ).rowcount == 1


def unplace(connection, instance_id):
    """Note that a new instance needs another pool; returns whether it still wants one."""
    return connection.execute(
        sa.update(instances).where(instances.c.id == instance_id, instances.c.status == 'creating')
        .values(host=None, updated_at=base.now())).rowcount == 1


def hold_instances(connection, share_id):
    """Let the statuses of the instances of a share not change until the open transaction ends."""
    connection.execute(sa.select(instances.c.id).where(instances.c.share_id == share_id).order_by(instances.c.id)
                       .with_for_update())


def host_of(connection, instance_id):
    """The pool of an instance."""
    return connection.scalar(sa.select(instances.c.host).where(instances.c.id == instance_id))


def remove_instance(connection, instance_id):
    """Remove an instance; returns whether there was one."""
    return connection.execute(sa.delete(instances).where(instances.c.id == instance_id)).rowcount == 1


_LOCK = (sa.select(*(shares.c[name] for name in ('id', 'project_id', 'user_id', 'size', 'pending_size',
                                                 'replication_type', 'counted')))
         .where(shares.c.id == sa.bindparam('share')).with_for_update())


def lock(connection, share_id):
    """What quotas need of a share, which does not change until the transaction ends; None when it is gone."""
    return query.first(connection, _LOCK, {'share': share_id})


def type_of(connection, share_id):
    """The id of the type of a share."""
    return connection.scalar(sa.select(sa.func.min(instances.c.share_type_id)).where(instances.c.share_id == share_id))


def remove_share_without_instances(connection, share_id):
    """Remove a share if no instance of it is left; returns whether it went."""
    rest = sa.exists().where(instances.c.share_id == share_id)
    return connection.execute(sa.delete(shares).where(shares.c.id == share_id, ~rest)).rowcount == 1


_FOR_DRIVER = (sa.select(*shares.c, *_INSTANCE_COLUMNS)
               .select_from(_INSTANCE_TABLES.join(shares, shares.c.id == instances.c.share_id)))
_FOR_DRIVER_BY_ID = _FOR_DRIVER.where(instances.c.id == sa.bindparam('instance'))


def instance(context, instance_id):
    """An instance merged with its share, as work and drivers see it; None when it is gone.

    ``id`` is the instance's, ``share_id`` the share's; size, names and project are the share's.
    """
    with session.reader(context) as connection:
        found = connection.execute(_FOR_DRIVER_BY_ID, {'instance': instance_id}).first()
    return None if found is None else _merged(found)


def merged(context, *conditions, order, limit):
    """Up to ``limit`` instances that match, merged with their shares."""
    with session.reader(context) as connection:
        return [_merged(found) for found in connection.execute(
            _FOR_DRIVER.where(*conditions).order_by(order).limit(limit))]


def instances_on(context, host, available=False):
    """The instances on a back end (``host@backend``), merged with their shares.

    :param available: only those whose status is ``available``
    """
    statement = _FOR_DRIVER.where(sa.or_(instances.c.host == host,
                                         instances.c.host.startswith(f'{host}#', autoescape=True)))
    if available:
        statement = statement.where(instances.c.status == constants.STATUS_AVAILABLE)
    with session.reader(context) as connection:
        return [_merged(found) for found in connection.execute(statement)]


def _merged(found):
    width = len(_SHARE_NAMES)
    return {**dict(zip(_SHARE_NAMES, found)), **dict(zip(_INSTANCE_NAMES, found[width:]))}


def metadata_of(context, share_id):
    """The metadata of a share as a dict."""
    return metadata_of_all(context, [share_id]).get(share_id, {})


def metadata_of_all(context, share_ids):
    """The metadata of shares: id -> dict; shares without any are left out."""
    found = {}
    with session.reader(context) as connection:
        for share_id, key, value in connection.execute(_METADATA, {'shares': list(share_ids)}):
            found.setdefault(share_id, {})[key] = value
    return found


def count_instances(connection, share_id):
    """How many instances a share has."""
    return connection.scalar(sa.select(sa.func.count()).where(instances.c.share_id == share_id))


def set_metadata(connection, share_id, pairs, replace=False):
    """Set metadata of a share; with ``replace`` what is not given goes."""
    try:
        query.set_key_values(connection, metadata, metadata.c.share_id, share_id, pairs, replace)
    except db_exc.DBReferenceError as error:
        raise exception.ShareNotFound(share_id=share_id) from error


def remove_metadata(connection, share_id, key):
    """Remove one pair of metadata; returns whether there was one."""
    return query.remove_key_value(connection, metadata, metadata.c.share_id, share_id, key)


def usage(connection, projects, resource):
    """What shares count for in quotas: rows of project, user, share type and amount.

    :param projects: ids, or None for all
    """
    size = sa.func.coalesce(shares.c.pending_size, shares.c.size)
    replicas = resource in ('share_replicas', 'replica_gigabytes')
    amount = sa.func.sum(size) if resource.endswith('gigabytes') else sa.func.count()
    statement = (sa.select(shares.c.project_id, shares.c.user_id, instances.c.share_type_id, amount)
                 .join(instances, instances.c.share_id == shares.c.id)
                 .where(shares.c.counted)
                 .group_by(shares.c.project_id, shares.c.user_id, instances.c.share_type_id))
    if replicas:
        statement = statement.where(instances.c.replica_state.isnot(None))
    else:
        # A share counts once, by its first instance.
        other = instances.alias('other')
        statement = statement.where(~sa.exists().where(other.c.share_id == shares.c.id, other.c.id < instances.c.id))
    if projects is not None:
        statement = statement.where(shares.c.project_id.in_(projects))
    return [(project, user, share_type, int(number))
            for project, user, share_type, number in connection.execute(statement)]


def provisioned(connection, host):
    """GiB of all shares in a pool."""
    return connection.scalar(sa.select(sa.func.coalesce(sa.func.sum(shares.c.size), 0))
                             .where(instances.c.share_id == shares.c.id, instances.c.host == host))
