"""Handing shares over to other projects on their back ends."""
from oslo_log import log

from manila import exception
from manila.jobs import outcome
from manila.resources.access import calls, store as access
from manila.resources.shares import service as shares, store as share_store
from manila.resources.transfers import service, states, store

LOG = log.getLogger(__name__)


@states.ACCEPT.runs
def accept(job, backend):
    """Make the back end know a share under its new owner, and give it to him."""
    row = store.offer(job.context, job.target)
    if row is None or row['status'] != store.ACCEPTING:
        return
    instance = share_store.instance(job.context, row['instance_id'])
    share = shares.for_driver(instance, job.context)
    rules = access.all_of(job.context, instance['id'])
    clear, user_id, project_id = job.args['clear_rules'], job.args['user_id'], job.args['project_id']
    try:
        if clear and rules:
            calls.remove_rules(backend, job.context, share, rules)
        backend.call('transfer_accept', job.context, share, user_id, project_id,
                     access_rules=[] if clear else rules, share_server=None)
        job.finish(lambda connection: service.complete(job.context, job.target, project_id, user_id, clear))
    except (outcome.TryLater, outcome.Fenced, exception.DriverCannotTransferShareWithRules):
        raise
    except Exception:
        _take_back(job, backend, share, instance)
        raise


def _take_back(job, backend, share, instance):
    """Make the back end know a share under its old owner again."""
    LOG.warning('Share instance %s stays with project %s', instance['id'], instance['project_id'])
    try:
        backend.call('transfer_accept', job.context, share, instance['user_id'], instance['project_id'],
                     access_rules=[], share_server=None)
    except Exception as error:
        LOG.error('Back end %s may know share instance %s under another owner: %s', backend.host, instance['id'],
                  error)


@states.ACCEPT.fails
def accept_failed(context, job, error):
    """A share could not be handed over."""
    service.fail(context, job, error)
