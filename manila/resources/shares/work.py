"""The work on share instances: the scheduler's choices, and what drivers do."""
from oslo_log import log

from manila import exception
from manila.common import constants
from manila.conf import CONF
from manila.db import base
from manila.i18n import _
from manila.jobs import outcome, store as jobs
from manila.resources.access import calls, store as access
from manila.resources.access.states import SYNC
from manila.resources.clones.states import WATCH
from manila.resources.exports import store as exports
from manila.resources.messages import service as messages
from manila.resources.messages.fields import Action, Detail, Resource
from manila.resources.shares import service, states, store
from manila.resources.snapshots import service as snapshots, store as snapshot_store
from manila.share import backend as backends

LOG = log.getLogger(__name__)

WEEK = 7 * 24 * 3600


@states.SCHEDULE.runs
def schedule(job, scheduler):
    """Choose a pool for a new instance and hand it to the back end."""
    spec = job.args['request_spec']
    pool = _ask(scheduler.choose, job.context, spec, job.args.get('hints'), job.args.get('tried'))
    placed = _hand_over(job, states.CREATE, service.queue_of(pool.host), job.args, lambda connection: store.place(
        connection, job.target, pool.host, pool.availability_zone_id))
    if not placed:
        pool.consume(-spec['share_properties']['size'])


def _ask(question, *args):
    """The pool that the scheduler names; that it knows none is an outcome like others."""
    try:
        return question(*args)
    except (exception.NoValidHost, exception.WillNotSchedule) as error:
        raise outcome.Failed(error.msg, cause=error) from error


def _hand_over(job, kind, queue, args, write):
    """Make the job one of another kind if ``write(connection)`` finds that it is still wanted, or else end it.

    :returns: whether it was wanted
    """
    def checked(connection):
        if not write(connection):
            raise exception.InvalidState(reason='the share does not want to be created any more')
    try:
        job.hand_over(kind, queue, args, checked)
        return True
    except exception.InvalidState as error:
        LOG.info('Job %s of share instance %s ends: %s', job.id, job.target, error)
        job.finish()
        return False


@states.SCHEDULE.fails
def schedule_failed(context, job, error):
    """No pool could take the share."""
    service.report_failure(context, store.instance(context, job.target), 'create_failed', Action.ALLOCATE_HOST,
                           **_why(error))


def _why(error):
    """What the owner of a share is told about a scheduler that found no place for it."""
    cause = getattr(error, 'cause', None) or error
    if isinstance(cause, exception.WillNotSchedule):
        return {'detail': Detail.SHARE_BACKEND_NOT_READY_YET}
    reason = cause.kwargs.get('reason') if isinstance(cause, exception.NoValidHost) else None
    return {'exception': cause, 'reason': reason}


@states.SCHEDULE_EXTEND.runs
def schedule_extend(job, scheduler):
    """See whether the pool of an instance has room for its extension, and hand it to the back end."""
    instance = _to_extend(job)
    if instance is None:
        return
    _ask(scheduler.check, job.context, job.args['request_spec'], instance['host'],
         job.args['new_size'] - instance['size'])
    job.hand_over(states.EXTEND, service.queue_of(instance['host']), job.args)


def _to_extend(job):
    """The instance of a job that extends; None when it is gone, or its status was reset meanwhile."""
    instance = store.instance(job.context, job.target)
    wanted = instance is not None and instance['status'] == 'extending'
    return instance if wanted and instance['pending_size'] == job.args['new_size'] else None


@states.SCHEDULE_EXTEND.fails
def schedule_extend_failed(context, job, error):
    """The pool has no room: the share stays as it is."""
    _undo_extend(context, job, 'extend_refused', **_why(error))


@states.CREATE.runs
def create(job, backend):
    """Have the driver make an instance."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'creating':
        return
    share = service.for_driver(instance)
    try:
        if _may_have_begun(job) and not backend.driver.create_is_idempotent:
            _remove(backend, job.context, share)
        status, found = _make(job, backend, instance, share)
        extra = backend.call('get_optional_share_creation_data', share, share_server=None) or {}
    except outcome.TryLater:
        raise
    except Exception as error:
        _refused(job, backend, instance, share, error)
        return

    done = status == constants.STATUS_AVAILABLE
    event, values = ('created', {'launched_at': base.now()}) if done else ('cloning', {})

    def write(connection):
        if store.try_move(connection, instance['id'], event, progress='100%' if done else '0%', **values):
            exports.insert(connection, instance['id'], found)
            if extra.get('metadata'):
                store.set_metadata(connection, instance['share_id'], extra['metadata'])
    if done:
        job.finish(write)
    else:
        job.hand_over(WATCH, service.queue_of(instance['host']), {}, write)


def _make(job, backend, instance, share):
    """Have the driver make an instance; returns the status that leads to, and the export locations."""
    if instance['snapshot_id'] is None:
        answer = backend.call('create_share', job.context, share, share_server=None)
        return constants.STATUS_AVAILABLE, backends.locations(answer)
    source = _snapshot_of(job, instance)
    answer = backend.call('create_share_from_snapshot', job.context, share, source, share_server=None,
                          parent_share=source['share'])
    if not isinstance(answer, dict):
        return constants.STATUS_AVAILABLE, backends.locations(answer)
    status = answer.get('status')
    if status not in (constants.STATUS_AVAILABLE, constants.STATUS_CREATING_FROM_SNAPSHOT):
        raise exception.InvalidShareInstance(reason=_('The driver leaves it in status "%s".') % status)
    return status, backends.locations(answer.get('export_locations'))


def _snapshot_of(job, instance):
    """The snapshot that an instance is to be made from, as drivers know it."""
    row = snapshot_store.get(job.context, instance['snapshot_id'], pairs=False)
    if row['status'] not in (constants.STATUS_AVAILABLE, constants.STATUS_RESTORING):
        raise exception.InvalidShareSnapshot(reason=_('It is in status "%s" by now.') % row['status'])
    return snapshots.for_driver(job.context, snapshot_store.instance(job.context, row['instance']['id']))


def _may_have_begun(job):
    """Whether an earlier attempt was lost, or was cut off from the storage in the middle of a call."""
    return job.interrupted or job.attempts > 1


def _refused(job, backend, instance, share, error):
    """A driver did not make an instance: leave nothing behind, and let the scheduler try the next pool."""
    LOG.warning('%s could not create share instance %s: %s', instance['host'], instance['id'], error,
                exc_info=not isinstance(error, exception.ManilaException))
    if CONF.scheduler_max_attempts == 1 or 'request_spec' not in job.args:
        raise error
    try:
        _remove(backend, job.context, share)
    except outcome.TryLater:
        raise
    except Exception as problem:
        # Something may be left there, so the instance stays bound to the pool: its deletion cleans up.
        raise outcome.Failed(f'{error}; and what was left could not be removed: {problem}', cause=error) from problem
    tried = {**job.args.get('tried', {}), instance['host']: 'the back end could not create the share'}
    errors = {**job.args.get('errors', {}), instance['host']: str(error)[:1000]}
    _hand_over(job, states.SCHEDULE, service.SCHEDULER, {**job.args, 'tried': tried, 'errors': errors},
               lambda connection: store.unplace(connection, instance['id']))


def _remove(backend, context, share):
    try:
        backend.call('delete_share', context, share, share_server=None)
    except exception.ShareResourceNotFound:
        LOG.info('Share instance %s was not there any more', share['id'])


@states.CREATE.fails
def create_failed(context, job, error):
    """An instance could not be made."""
    service.report_failure(context, store.instance(context, job.target), 'create_failed', Action.CREATE,
                           exception=getattr(error, 'cause', None) or error)


@states.DELETE.runs
def delete(job, backend):
    """Have the driver take the rules of an instance away and remove it."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] not in states.GOING:
        return
    if snapshot_store.has_left(job.context, instance['share_id']):
        # Only snapshots whose deletion was put off: they go first.
        raise outcome.Again(CONF.periodic_interval)
    share = {**service.for_driver(instance, job.context), 'duration_seconds': _duration(instance)}
    try:
        rules = access.all_of(job.context, share['id'])
        if rules:
            calls.remove_rules(backend, job.context, share, rules)
        _remove(backend, job.context, share)
    except outcome.TryLater:
        raise
    except Exception as error:
        if not job.args.get('force'):
            if instance['status'] in states.DEFERRED:
                _put_off(job, instance, error)
            raise
        LOG.exception('Share instance %s is removed by force though its driver failed: %s', job.target, error)

    def write(connection):
        if store.remove_instance(connection, instance['id']):
            service.give_back_last(job.context, connection, {**instance, 'id': instance['share_id']}, instance)
    job.finish(write)


def _put_off(job, instance, error):
    """Have a deletion that nobody waits for tried again later."""
    LOG.warning('Share instance %s could not be removed, next try in %s s: %s', job.target,
                CONF.periodic_deferred_delete_interval, error)
    job.checkpoint(job.step, lambda connection: service.report_failure(
        job.context, instance, 'delete_failed', Action.DELETE, exception=error))
    raise outcome.Again(CONF.periodic_deferred_delete_interval)


def _duration(instance):
    """For how many seconds an instance existed; a week when that is not known."""
    if instance['scheduled_at'] is None or instance['terminated_at'] is None:
        return WEEK
    return (instance['terminated_at'] - instance['scheduled_at']).total_seconds()


@states.DELETE.fails
def delete_failed(context, job, error):
    """An instance could not be removed."""
    instance = store.instance(context, job.target)
    service.report_failure(context, instance, 'delete_failed', Action.DELETE, exception=error)
    if instance is not None and instance['status'] in states.DEFERRED:
        jobs.insert(context, states.DELETE, instance['id'], service.queue_of(instance['host']), job.args,
                    delay=CONF.periodic_deferred_delete_interval)
    elif instance is not None and instance['access_rules_status'] == 'syncing':
        # Changes of rules were left alone while the instance was to go.
        jobs.insert(context, SYNC, instance['id'], service.queue_of(instance['host']))


@states.EXTEND.runs
def extend(job, backend):
    """Have the driver make an instance larger."""
    instance = _to_extend(job)
    if instance is None:
        return
    size = job.args['new_size']
    backend.call('extend_share', service.for_driver(instance, job.context), size, share_server=None)

    def write(connection):
        if store.try_move(connection, instance['id'], 'extended'):
            store.end_extension(connection, instance['share_id'], size, done=True)
    job.finish(write)


@states.EXTEND.fails
def extend_failed(context, job, error):
    """An instance could not be made larger."""
    _undo_extend(context, job, 'extend_failed', detail=Detail.DRIVER_FAILED_EXTEND)


def _undo_extend(context, job, event, **message):
    instance = store.instance(context, job.target)
    if instance is None or instance['pending_size'] != job.args['new_size']:
        return
    service.undo_extension(context, context.transaction.connection, {**instance, 'id': instance['share_id']},
                           job.args['new_size'])
    service.report_failure(context, instance, event, Action.EXTEND, **message)


@states.SHRINK.runs
def shrink(job, backend):
    """Have the driver make an instance smaller."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'shrinking':
        return
    size = job.args['new_size']
    try:
        # An order given at the same moment may have made it as small already.
        if size < instance['size']:
            backend.call('shrink_share', service.for_driver(instance, job.context), size, share_server=None)
    except exception.ShareShrinkingPossibleDataLoss:
        _refuse_shrink(job, instance, Detail.DRIVER_REFUSED_SHRINK)
        return
    except NotImplementedError:
        _refuse_shrink(job, instance, Detail.DRIVER_FAILED_SHRINK)
        return

    def write(connection):
        less = instance['size'] - size
        if store.try_move(connection, instance['id'], 'shrunk') and less > 0:
            store.change(connection, instance['share_id'], size=size)
            service.release_size(job.context, connection, {**instance, 'id': instance['share_id']}, less)
    job.finish(write)


def _refuse_shrink(job, instance, detail):
    LOG.info('Share instance %s is not shrunk: %s', instance['id'], detail[1])
    job.finish(lambda connection: service.report_failure(job.context, instance, 'shrink_refused', Action.SHRINK,
                                                         detail=detail))


@states.UPDATE_METADATA.runs
def update_metadata(job, backend):
    """Have the driver act upon metadata of a share."""
    instance = store.instance(job.context, job.target)
    if instance is None or instance['status'] in states.GOING:
        return
    share = service.for_driver(instance, job.context)
    share['metadata'] = store.metadata_of(job.context, instance['share_id'])
    backend.call('update_share_from_metadata', job.context, share, job.args['metadata'], share_server=None)
    job.finish(lambda connection: _tell(job.context, instance, Detail.UPDATE_METADATA_SUCCESS))


def _tell(context, instance, detail):
    messages.add(context, Action.UPDATE_METADATA, Resource.SHARE, instance['share_id'],
                 project_id=instance['project_id'], detail=detail)


@states.UPDATE_METADATA.fails
def update_metadata_failed(context, job, error):
    """The driver could not act upon metadata."""
    instance = store.instance(context, job.target)
    if instance is not None:
        _tell(context, instance, Detail.UPDATE_METADATA_FAILURE)


@states.SHRINK.fails
def shrink_failed(context, job, error):
    """An instance could not be made smaller."""
    service.report_failure(context, store.instance(context, job.target), 'shrink_failed', Action.SHRINK,
                           detail=Detail.DRIVER_FAILED_SHRINK)
