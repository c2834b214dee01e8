"""The work of reverts: what the driver of a share does."""
from manila.common import constants
from manila.resources.access import store as access
from manila.resources.messages.fields import Action
from manila.resources.reverts import service
from manila.resources.reverts.states import REVERT
from manila.resources.shares import service as shares, store as share_store
from manila.resources.snapshot_access import store as snapshot_access
from manila.resources.snapshots import service as snapshots, store as snapshot_store


@REVERT.runs
def revert(job, backend):
    """Have the driver give a share the content of a snapshot; done again, it leads to the same."""
    instance = share_store.instance(job.context, job.target)
    if instance is None or instance['status'] != 'reverting':
        job.finish(lambda connection: _free_snapshot(connection, job))
        return
    source = snapshot_store.instance(job.context, job.args['snapshot_instance_id'])
    if source is None or source['status'] != 'restoring':
        # Removed by force, or its status was reset.
        job.finish(lambda connection: _undo(job.context, connection, job, 'revert_refused'))
        return
    size = backend.call('revert_to_snapshot', job.context, snapshots.for_driver(job.context, source),
                        _active(access.all_of(job.context, job.target)),
                        _active(snapshot_access.all_of(job.context, source['id'])), share_server=None)

    def write(connection):
        if share_store.try_move(connection, job.target, 'reverted'):
            service.end(job.context, connection, share_store.instance(job.context, job.target),
                        size or source['size'])
        _free_snapshot(connection, job)
    job.finish(write)


def _active(rules):
    return [rule for rule in rules if rule['state'] == constants.ACCESS_STATE_ACTIVE]


def _free_snapshot(connection, job):
    snapshot_store.try_move(connection, job.args['snapshot_instance_id'], 'restored')


def _undo(context, connection, job, event, **message):
    """Give back what the revert has counted, and tell the owner of the share."""
    instance = share_store.instance(context, job.target)
    if instance is None or instance['status'] != 'reverting':
        return
    if instance['pending_size'] is not None:
        shares.undo_extension(context, connection, {**instance, 'id': instance['share_id']},
                              instance['pending_size'])
    shares.report_failure(context, instance, event, Action.REVERT_TO_SNAPSHOT, **message)


@REVERT.fails
def revert_failed(context, job, error):
    """A share could not be reverted; what its content is now, nobody knows."""
    connection = context.transaction.connection
    _free_snapshot(connection, job)
    _undo(context, connection, job, 'revert_failed', exception=error)
