"""The work on snapshot instances: what drivers do."""
from oslo_log import log

from manila import exception
from manila.conf import CONF
from manila.db import session
from manila.jobs import outcome
from manila.resources.messages.fields import Action
from manila.resources.snapshot_access import store as access
from manila.resources.snapshot_exports import store as exports
from manila.resources.snapshots import service, states, store
from manila.share import backend as backends

LOG = log.getLogger(__name__)

#: Seconds after which a deletion looks again whether a share is still being made from the snapshot.
CLONE_PAUSE = 5


@states.CREATE.runs
def create(job, backend):
    """Have the driver take a snapshot."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'creating':
        return
    snapshot = service.for_driver(job.context, instance)
    if (job.interrupted or job.attempts > 1) and not backend.driver.create_is_idempotent:
        _remove(backend, job.context, snapshot)
    answer = backend.call('create_snapshot', job.context, snapshot, share_server=None) or {}

    def write(connection):
        if store.try_move(connection, instance['id'], 'created', progress='100%',
                          provider_location=answer.get('provider_location')):
            _keep_locations(connection, snapshot, answer)
    job.finish(write)


def _keep_locations(connection, snapshot, answer):
    if snapshot['share']['mount_snapshot_support']:
        exports.insert(connection, snapshot['id'], backends.locations(answer.get('export_locations')))


def _remove(backend, context, snapshot):
    try:
        backend.call('delete_snapshot', context, snapshot, share_server=None)
    except exception.SnapshotResourceNotFound:
        LOG.info('Snapshot instance %s was not there any more', snapshot['id'])


@states.CREATE.fails
def create_failed(context, job, error):
    """A snapshot could not be taken."""
    service.report_failure(context, store.instance(context, job.target), 'create_failed', Action.CREATE,
                           exception=error)


@states.DELETE.runs
def delete(job, backend):
    """Have the driver remove a snapshot, once no share is being made from it any more."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] not in states.GOING:
        return
    force = job.args.get('force')
    if not force and store.is_being_cloned(job.context, instance['snapshot_id']):
        raise outcome.Again(CLONE_PAUSE)
    snapshot = service.for_driver(job.context, instance)
    try:
        _remove_rules(job, backend, snapshot)
        _remove(backend, job.context, snapshot)
    except outcome.TryLater:
        raise
    except Exception as error:
        if not force and instance['status'] in states.DEFERRED:
            _put_off(job, instance, error)
        if not force:
            raise
        LOG.exception('Snapshot instance %s is removed by force though its driver failed: %s', job.target,
                      error)
    job.finish(lambda connection: service.remove_instance(job.context, connection, instance))


def _put_off(job, instance, error):
    """Have a deletion that nobody waits for tried again later."""
    LOG.warning('Snapshot instance %s could not be removed, next try in %s s: %s', job.target,
                CONF.periodic_deferred_delete_interval, error)
    job.checkpoint(job.step, lambda connection: service.report_failure(
        job.context, instance, 'delete_failed', Action.DELETE, exception=error))
    raise outcome.Again(CONF.periodic_deferred_delete_interval)


def _remove_rules(job, backend, snapshot):
    """Have the driver take the rules away; that it fails does not matter, for the snapshot goes."""
    rules = access.all_of(job.context, snapshot['id'])
    if not rules:
        return
    try:
        backend.call('snapshot_update_access', job.context, snapshot, [], add_rules=[], delete_rules=rules,
                     share_server=None)
    except outcome.TryLater:
        raise
    except Exception as error:
        LOG.warning('The access rules of snapshot instance %s could not be removed: %s', snapshot['id'],
                    error)


@states.DELETE.fails
def delete_failed(context, job, error):
    """A snapshot could not be removed; where nobody waits for that, it is tried again."""
    instance = store.instance(context, job.target)
    service.report_failure(context, instance, 'delete_failed', Action.DELETE, exception=error)
    if instance is not None and instance['status'] in states.DEFERRED:
        service.order(context, states.DELETE, instance, job.args, CONF.periodic_deferred_delete_interval)


@states.MANAGE.runs
def manage(job, backend):
    """Have the driver take a snapshot over."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'manage_starting':
        return
    snapshot = service.for_driver(job.context, instance)
    answer = backend.call('manage_existing_snapshot', snapshot, job.args['driver_options']) or {}

    def write(connection):
        location = answer.get('provider_location') or instance['provider_location']
        if store.try_move(connection, instance['id'], 'managed', progress='100%', provider_location=location):
            store.change(connection, instance['snapshot_id'],
                         size=answer.get('size') or instance['share_size'])
            store.set_metadata(connection, instance['snapshot_id'],
                               {service.MANAGED_AT: instance['created_at'].isoformat()})
            service.count(job.context, connection, instance['snapshot_id'], True)
            _keep_locations(connection, snapshot, answer)
    job.finish(write)


@states.MANAGE.fails
def manage_failed(context, job, error):
    """A snapshot could not be taken over."""
    instance = store.instance(context, job.target)
    with session.writer(context) as connection:
        if instance is not None and store.try_move(connection, instance['id'], 'manage_failed'):
            store.change(connection, instance['snapshot_id'], size=1)


@states.UNMANAGE.runs
def unmanage(job, backend):
    """Have the driver let go of a snapshot."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'unmanage_starting':
        return
    snapshot = service.for_driver(job.context, instance)
    if CONF.unmanage_remove_access_rules:
        _remove_rules(job, backend, snapshot)
    backend.call('unmanage_snapshot', snapshot)
    job.finish(lambda connection: service.remove_instance(job.context, connection, instance))


@states.UNMANAGE.fails
def unmanage_failed(context, job, error):
    """A snapshot could not be let go of."""
    service.report_failure(context, store.instance(context, job.target), 'unmanage_failed')
