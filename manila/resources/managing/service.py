"""The rules of managing shares: what may come under management, and what may leave it."""
from manila import exception
from manila.common import constants
from manila.db import base, session
from manila.i18n import _
from manila.jobs import store as jobs, sweep
from manila.resources.affinity import service as affinity
from manila.resources.exports import store as exports
from manila.resources.locks import service as locks
from manila.resources.managing import states, store
from manila.resources.services import store as services
from manila.resources.shares import service as shares, states as share_states, store as share_store
from manila.resources.shares.model import instances
from manila.resources.types import service as types, specs

#: Metadata that tells since when a share that was not made here is managed.
MANAGED_AT = '__managed_at'
_BINARY = 'manila-share'


@session.transaction
def manage(context, wanted):
    """Order that a share which exists on a back end is brought under management.

    :param wanted: service_host, protocol, export_path, share_type, name, description, driver_options, is_public,
        share_server_id, mount_point_name
    :returns: the share row, in status ``manage_starting``
    :raises manila.exception.Conflict: when a share in the pool has the path already
    """
    share_type = types.resolve(context, wanted.get('share_type') or None)
    _check_server(share_type, wanted.get('share_server_id'))
    host, path = wanted['service_host'], wanted['export_path']
    service = _service(context, host)
    share, instance = shares.new_rows(
        context, {**wanted, 'share_proto': wanted['protocol'], 'snapshot_id': None}, share_type, 0)
    share['counted'] = False
    instance.update(host=host, status=constants.STATUS_MANAGING)
    with session.writer(context) as connection:
        services.hold(connection, service['id'])
        if store.is_path_managed(connection, host, path):
            raise exception.Conflict(err=_('A share in the pool is at %s already.') % path)
        share_store.insert(connection, share, instance, {})
        exports.insert(connection, instance['id'], [{'path': path, 'is_admin_only': False, 'metadata': {}}])
    jobs.insert(context, states.SCHEDULE, instance['id'], shares.SCHEDULER, {
        'request_spec': shares.request_spec(share, instance, share_type, {}),
        'driver_options': wanted.get('driver_options') or {}})
    instance.update(availability_zone=None, share_type_name=share_type['name'])
    return share_store.settle({**share, 'instances': [instance], 'metadata': {}, 'export_paths': [path]})


def _check_server(share_type, server_id):
    """Share servers do not exist here, so a share of a type that wants one cannot be managed."""
    if not specs.handles_share_servers(share_type['extra_specs']):
        if server_id:
            raise exception.InvalidInput(reason=_('Shares of type "%s" are on no share server.') % share_type['name'])
    elif not server_id:
        raise exception.InvalidInput(reason=_('Shares of type "%s" are on a share server, which must be given.')
                                     % share_type['name'])
    else:
        raise exception.InvalidInput(reason=_('There is no share server %s.') % server_id)


def _service(context, host):
    """The service of the back end that a pool belongs to."""
    backend, _hash, pool = host.partition('#')
    if not pool:
        raise exception.InvalidInput(reason=_('The host "%s" must name a pool: host@backend#pool.') % host)
    found = services.find(context, host=backend, binary=_BINARY)
    if not found:
        raise exception.HostBinaryNotFound(host=backend, binary=_BINARY)
    if not found[0]['up']:
        raise exception.ServiceIsDown(service=f'{_BINARY} {backend}')
    return found[0]


@session.transaction
def unmanage(context, share_id, on_servers=True):
    """Order that a share is let go of; it stays on its back end.

    :param on_servers: whether shares on share servers may be, too
    """
    with session.writer(context) as connection:
        # From here on nobody takes a snapshot of it or begins anything else.
        share_store.hold_instances(connection, share_id)
        row = shares.own(context, share_id)
        _refuse_unfit(context, connection, row, on_servers)
        affinity.forget(context, connection, row)
        for instance in row['instances']:
            share_store.move(connection, instance['id'], 'unmanage', terminated_at=base.now())
            if instance['host']:
                jobs.insert(context, states.UNMANAGE, instance['id'], shares.queue_of(instance['host']))
            else:
                remove(context, connection, instance)


def _refuse_unfit(context, connection, row, on_servers):
    shares.refuse_recycled(row)
    if row['has_replicas']:
        raise exception.Conflict(err=_('The share %s has replicas; delete them first.') % row['id'])
    if row['share_server_id'] and not on_servers:
        raise exception.NotAuthorized(_('A share on a share server can be unmanaged from microversion 2.49 on.'))
    if not share_states.INSTANCE.can('unmanage', row['status']):
        raise exception.NotAuthorized(_('A share in status "%s" cannot be unmanaged.') % row['status'])
    shares.refuse_busy(row)
    shares.refuse_snapshots(connection, row)
    locks.refuse_deletion(context, row['id'])


def remove(context, connection, instance):
    """In the open transaction, forget an instance that is on no back end any more as far as we know."""
    if share_store.remove_instance(connection, instance['id']):
        shares.give_back_last(context, connection, {'id': instance['share_id']}, instance)


def give_up(connection, instance):
    """In the open transaction, note that a share could not be brought under management."""
    if share_store.try_move(connection, instance['id'], 'manage_failed'):
        share_store.change(connection, instance['share_id'], size=0)


def _settle_orphan(context, connection, row):
    """Move an instance that no job is going to move to where an administrator can act again."""
    if row.status == constants.STATUS_MANAGING:
        give_up(connection, {'id': row.id, 'share_id': row.share_id})
    else:
        share_store.try_move(connection, row.id, 'unmanage_failed')


sweep.declare(sweep.Sweep(instances, 'status', (constants.STATUS_MANAGING, *states.UNMANAGING), _settle_orphan))
