"""Putting access rules of snapshots into force on back ends."""
from manila.db import session
from manila.resources.messages import service as messages
from manila.resources.messages.fields import Action, Detail, Resource
from manila.resources.snapshot_access import store
from manila.resources.snapshot_access.states import SYNC
from manila.resources.snapshots import service as snapshots, store as snapshot_store


@SYNC.runs
def sync(job, backend):
    """Give the back end all changes of a snapshot instance's rules that wait."""
    instance = snapshot_store.instance(job.context, job.target)
    if instance is None:
        return
    rules = _begin(job)
    by_state = {state: [rule for rule in rules if rule['state'] == state]
                for state in ('applying', 'denying', 'active')}
    if by_state['applying'] or by_state['denying']:
        # Whoever was lost in the middle may have carried anything out: then the whole list counts.
        whole = job.interrupted or job.attempts > 1
        backend.call('snapshot_update_access', job.context, snapshots.for_driver(job.context, instance),
                     by_state['active'] + by_state['applying'],
                     add_rules=[] if whole else by_state['applying'],
                     delete_rules=[] if whole else by_state['denying'], share_server=None)
    job.finish(lambda connection: store.end(connection, job.target))


def _begin(job):
    @session.transaction
    def begin(context):
        return store.begin(context.transaction.connection, job.target)
    return begin(job.context)


@SYNC.fails
def sync_failed(context, job, error):
    """The back end did not take the changes."""
    instance = snapshot_store.instance(context, job.target)
    if instance is None:
        return
    store.end(context.transaction.connection, job.target, failed=True)
    messages.add(context, Action.UPDATE_ACCESS_RULES, Resource.SHARE_SNAPSHOT, instance['snapshot_id'],
                 detail=Detail.UNKNOWN_ERROR, project_id=instance['project_id'])
