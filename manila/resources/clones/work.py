"""Watching a back end make a share from a snapshot."""
from manila.common import constants
from manila.conf import CONF
from manila.db import base
from manila.jobs import outcome
from manila.resources.clones.states import WATCH
from manila.resources.exports import store as exports
from manila.resources.messages.fields import Action, Detail
from manila.resources.shares import service as shares, store as share_store
from manila.share import backend as backends


@WATCH.runs
def watch(job, backend):
    """Ask the driver how far a share is, until that is done."""
    instance = share_store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'creating_from_snapshot':
        return
    answer = backend.call('get_share_status', shares.for_driver(instance, job.context),
                          share_server=None) or {}
    status = answer.get('status')
    if status == constants.STATUS_CREATING_FROM_SNAPSHOT:
        progress = answer.get('progress')
        if progress and progress != instance['progress']:
            job.checkpoint(job.step, lambda connection: share_store.change_instance(
                connection, instance['id'], progress=progress))
        raise outcome.Again(CONF.periodic_interval)
    if status != constants.STATUS_AVAILABLE:
        raise outcome.Failed(f'the driver says "{status}"')

    def write(connection):
        if share_store.try_move(connection, instance['id'], 'created', progress='100%',
                                launched_at=base.now()):
            found = backends.locations(answer.get('export_locations'))
            if found:
                exports.replace(connection, instance['id'], found)
    job.finish(write)


@WATCH.fails
def watch_failed(context, job, error):
    """The driver could not make the share, or not tell."""
    instance = share_store.instance(context, job.target)
    if instance is not None and instance['status'] == 'creating_from_snapshot':
        share_store.change_instance(context.transaction.connection, instance['id'], progress=None)
        shares.report_failure(context, instance, 'create_failed', Action.UPDATE,
                              detail=Detail.DRIVER_FAILED_CREATING_FROM_SNAP)
