"""The work of managing shares: what the scheduler says of their pool, and what drivers do."""
from oslo_log import log

from manila import exception
from manila.conf import CONF
from manila.db import base
from manila.i18n import _
from manila.jobs import outcome
from manila.resources.access import calls, service as access, store as rules
from manila.resources.exports import store as exports
from manila.resources.managing import service, states, store
from manila.resources.quotas import service as quotas
from manila.resources.shares import service as shares, store as share_store
from manila.resources.snapshots import store as snapshots
from manila.resources.types import specs, store as type_store
from manila.share import backend as backends

LOG = log.getLogger(__name__)

# What a driver may tell of a share beside its size and its export locations.
_OF_SHARE = ('display_name', 'display_description', 'share_proto', *specs.FLAGS)
_OF_INSTANCE = ('mount_point_name',)


@states.SCHEDULE.runs
def schedule(job, scheduler):
    """See whether the pool of a share fits its type, and hand it to the back end."""
    instance = _to_manage(job)
    if instance is None:
        return
    shares.check_protocol(instance['share_proto'])
    pool = scheduler.passes(job.context, job.args['request_spec'], instance['host'])

    job.hand_over(states.MANAGE, shares.queue_of(instance['host']), job.args,
                  lambda connection: store.place(connection, job.target, pool.availability_zone_id))


def _to_manage(job):
    """The instance of a job that manages; None when it is gone, or its status was reset meanwhile."""
    instance = share_store.instance(job.context, job.target)
    return instance if instance is not None and instance['status'] == 'manage_starting' else None


@states.MANAGE.runs
def manage(job, backend):
    """Have the driver take a share over."""
    instance = _to_manage(job)
    if instance is None:
        return
    share = shares.for_driver(instance, job.context)
    answer = backend.call('manage_existing', share, job.args['driver_options']) or {}
    size = _checked_size(job.context, instance, answer)
    found = backends.locations(answer.get('export_locations'))

    def write(connection):
        values = {name: answer[name] for name in _OF_INSTANCE if name in answer}
        if share_store.try_move(connection, instance['id'], 'managed', progress='100%', launched_at=base.now(),
                                **values):
            share_store.change(connection, instance['share_id'], size=size,
                               **{name: answer[name] for name in _OF_SHARE if name in answer})
            share_store.set_metadata(connection, instance['share_id'],
                                     {service.MANAGED_AT: instance['created_at'].isoformat()})
            shares.count(job.context, connection, instance['share_id'], True)
            if found:
                exports.replace(connection, instance['id'], found)
    job.finish(write)


def _checked_size(context, instance, answer):
    """The size of a managed share in GiB.

    :raises manila.exception.Invalid: when the driver does not tell it, or the share type does not allow it
    """
    size = answer.get('size')
    if not size:
        raise exception.InvalidShare(reason=_('The driver does not tell the size of the share.'))
    type_id = instance['share_type_id']
    specs.refuse_size(type_store.by_ids(context, [type_id])[type_id]['extra_specs'], size)
    try:
        quotas.check_size(context, size, instance['project_id'], instance['user_id'], type_id)
    except exception.QuotaError as error:
        LOG.warning('Share %s is managed although it is larger than new ones may be: %s', instance['share_id'], error)
    return size


@states.SCHEDULE.fails
@states.MANAGE.fails
def manage_failed(context, job, error):
    """A share could not be brought under management."""
    instance = share_store.instance(context, job.target)
    if instance is not None:
        service.give_up(context.transaction.connection, instance)


@states.UNMANAGE.runs
def unmanage(job, backend):
    """Have the driver let go of a share, perhaps without its access rules."""
    instance = share_store.instance(job.context, job.target)
    if instance is None or instance['status'] not in states.UNMANAGING:
        return
    if snapshots.has_left(job.context, instance['share_id']):
        # Only snapshots whose deletion was put off: they go first.
        raise outcome.Again(CONF.periodic_interval)
    share = shares.for_driver(instance, job.context)
    if CONF.unmanage_remove_access_rules:
        found = rules.all_of(job.context, instance['id'])
        if found:
            calls.remove_rules(backend, job.context, share, found)
    try:
        backend.call('unmanage', share)
    except exception.ShareResourceNotFound:
        LOG.info('Share instance %s was not there, or has not come under management', share['id'])
    job.finish(lambda connection: service.remove(job.context, connection, instance))


@states.UNMANAGE.fails
def unmanage_failed(context, job, error):
    """A share could not be let go of; it is to have its access rules, which may have been removed already."""
    instance = share_store.instance(context, job.target)
    if instance is not None and share_store.try_move(context.transaction.connection, instance['id'],
                                                     'unmanage_failed') and CONF.unmanage_remove_access_rules:
        access.apply_again(context, instance['id'], instance['host'])
