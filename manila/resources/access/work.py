"""Putting access rules into force on back ends."""
from oslo_log import log

from manila import exception
from manila.db import session
from manila.resources.access import store
from manila.resources.access.states import SYNC
from manila.resources.messages import service as messages
from manila.resources.messages.fields import Action, Detail, Resource
from manila.resources.shares import service, store as shares
from manila.resources.shares.states import GOING

LOG = log.getLogger(__name__)

_READ_ONLY = 'ro'


@SYNC.runs
def sync(job, backend):
    """Give the back end all changes of an instance's rules that wait."""
    instance = shares.instance(job.context, job.target)
    if instance is None or instance['status'] in GOING:
        return
    rules = _begin(job)
    changed = [rule for rule in rules if rule['state'] in ('applying', 'updating', 'denying')]
    if not changed:
        job.finish(lambda connection: store.end(connection, job.target))
        return
    refused, rules = _split_unsupported(backend, instance, rules)
    answer = _apply(job, backend, instance, rules)
    failed = refused + [access_id for access_id, each in answer.items() if each.get('state') == 'error']
    known = {rule['access_id']: rule['access_key'] for rule in rules}
    keys = {access_id: each['access_key'] for access_id, each in answer.items()
            if each.get('access_key') and each['access_key'] != known.get(access_id)}
    news = {rule['access_id'] for rule in changed}.intersection(failed)

    def write(connection):
        store.end(connection, job.target, failed, keys)
        if news:
            _tell(job.context, instance, detail=Detail.UNSUPPORTED_CLIENT_ACCESS)
    job.finish(write)


def _tell(context, instance, **message):
    """Tell the owner of a share that not all of its rules are in force."""
    messages.add(context, Action.UPDATE_ACCESS_RULES, Resource.SHARE, instance['share_id'],
                 project_id=instance['project_id'], **message)


def _begin(job):
    @session.transaction
    def begin(context):
        return store.begin(context.transaction.connection, job.target)
    return begin(job.context)


def _split_unsupported(backend, instance, rules):
    """Set rules for IPv6 clients apart where the driver does not know IPv6; removals always pass."""
    if instance['share_proto'] != 'NFS' or backend.driver.ipv6_implemented:
        return [], rules
    refused = [rule for rule in rules if rule['access_type'] == 'ip' and ':' in rule['access_to']
               and rule['state'] != 'denying']
    if refused:
        LOG.warning('%s does not know IPv6: %d rules of share instance %s are not in force', backend.host,
                    len(refused), instance['id'])
    return [rule['access_id'] for rule in refused], [rule for rule in rules if rule not in refused]


def _apply(job, backend, instance, rules):
    """Call the driver; returns what it says of single rules."""
    share = service.for_driver(instance, job.context)
    share['metadata'] = shares.metadata_of(job.context, instance['share_id'])
    if instance['cast_rules_to_readonly']:
        rules = [{**rule, 'access_level': _READ_ONLY} for rule in rules]
    wanted = [rule for rule in rules if rule['state'] in ('applying', 'updating', 'active')]
    by_state = {state: [rule for rule in rules if rule['state'] == state]
                for state in ('applying', 'updating', 'denying')}
    # Whoever was lost in the middle may have carried anything out: then the whole list counts, not the changes.
    whole = job.interrupted or job.attempts > 1 or instance['cast_rules_to_readonly']
    changes = {'add_rules': [], 'delete_rules': [], 'update_rules': []} if whole else {
        'add_rules': by_state['applying'], 'delete_rules': by_state['denying'], 'update_rules': by_state['updating']}
    try:
        return backend.call('update_access', job.context, share, wanted, share_server=None, **changes) or {}
    except NotImplementedError:
        return _one_by_one(job, backend, share, by_state)


def _one_by_one(job, backend, share, by_state):
    """For drivers that only know single rules."""
    answer = {}
    for rule in by_state['denying'] + by_state['updating']:
        backend.call('deny_access', job.context, share, rule, share_server=None)
    for rule in by_state['applying'] + by_state['updating']:
        try:
            key = backend.call('allow_access', job.context, share, rule, share_server=None)
        except exception.ShareAccessExists:
            LOG.info('Access rule %s is in force on share instance %s already', rule['access_id'], share['id'])
            continue
        answer[rule['access_id']] = {'access_key': key}
    return answer


@SYNC.fails
def sync_failed(context, job, error):
    """The back end did not take the changes."""
    instance = shares.instance(context, job.target)
    if instance is None:
        return
    store.end(context.transaction.connection, job.target, all_failed=True)
    refused = isinstance(error, (exception.InvalidShareAccess, exception.InvalidShareAccessLevel,
                                 exception.InvalidShareAccessType))
    _tell(context, instance, detail=Detail.UNSUPPORTED_CLIENT_ACCESS if refused else Detail.UNKNOWN_ERROR)
