"""The work of checks: the driver looks at all shares of its back end, which is served meanwhile."""
import hashlib

from oslo_log import log

from manila.common import constants
from manila.db import session
from manila.jobs import outcome, reserve
from manila.resources.access import service as access
from manila.resources.ensuring import service, store
from manila.resources.ensuring.states import ENSURE
from manila.resources.exports import store as exports
from manila.resources.services import store as services
from manila.resources.shares import service as shares, store as share_store
from manila.resources.shares.states import lock
from manila.share.backend import locations

LOG = log.getLogger(__name__)

#: Shares that a driver is given at once; other work on them waits meanwhile.
BATCH = 50
#: Seconds after which shares that were being worked on are looked at again.
BUSY_PAUSE = 1
_MARKED = 'marked'


def fingerprint(backend, context):
    """A short text that changes with the description of a back end; None when its driver gives none."""
    try:
        info = backend.call('get_backend_info', context)
    except NotImplementedError:
        return None
    return hashlib.sha1(str(sorted((info or {}).items())).encode(), usedforsecurity=False).hexdigest()


@ENSURE.runs
def ensure(job, backend):
    """Have the driver check the shares, batch by batch; after an interruption it goes on with the next."""
    known = fingerprint(backend, job.context)
    if job.step is None:
        job.checkpoint(_MARKED, lambda connection: _mark(connection, job, backend), after='', good=True, left=[])
    statuses = service.candidates()
    while found := store.ids(job.context, backend.host, statuses, job.args['after'], BATCH):
        good, busy = _check(job, backend, found)
        job.checkpoint(_MARKED, after=found[-1], good=good and job.args['good'], left=[*job.args['left'], *busy])
    good, busy = job.args['good'], []
    for start in range(0, len(job.args['left']), BATCH):
        fine, still = _check(job, backend, job.args['left'][start:start + BATCH])
        good, busy = good and fine, busy + still
    if busy:
        raise outcome.Again(BUSY_PAUSE, good=good, left=busy)

    def write(connection):
        store.end(connection, int(job.target), backend.host)
        if good:
            services.save_info_hash(job.context, int(job.target), known)
    job.finish(write)


def _mark(connection, job, backend):
    store.begin(connection, int(job.target))
    if constants.STATUS_AVAILABLE not in service.candidates():
        store.mark(connection, backend.host)


def _views(context, found):
    """Instances as drivers know them, by id."""
    views = {each['id']: shares.for_driver(each) for each in found}
    for each in exports.find(context, list(views), admin_only=True):
        views[each['share_instance_id']]['export_locations'].append(each)
    metadata = share_store.metadata_of_all(context, {each['share_id'] for each in found})
    for view in views.values():
        view['metadata'] = metadata.get(view['share_id'], {})
    return views


def _check(job, backend, ids):
    """Have the driver check some instances on which no other job works, nor begins to; returns whether it could check
    each, and the ids of those that are to be checked later.
    """
    if backend.leaving.is_set():
        raise outcome.Again(0)
    locks = {lock(each): each for each in ids}
    with reserve.reserved(job, locks) as free:
        busy = [each for name, each in locks.items() if name not in free]
        found = store.among(job.context, service.candidates(), [locks[name] for name in free])
        return not found or _ask(backend, job.context, _views(job.context, found)), busy


def _ask(backend, context, views):
    """Have the driver check shares; returns whether it could check each."""
    LOG.info('Checking %d shares of back end %s', len(views), backend.host)
    try:
        answers = backend.call('ensure_shares', context, list(views.values())) or {}
        good = True
    except NotImplementedError:
        answers, good = _one_by_one(backend, context, views)
    unchanged = []
    for instance_id, view in views.items():
        try:
            answer = {**_pool(backend, view), **(answers.get(instance_id) or {})}
            if _changes(view, answer):
                _save(context, view, answer)
            else:
                unchanged.append(instance_id)
        except outcome.TryLater:
            raise
        except Exception:
            LOG.exception('What was found of share instance %s could not be saved', instance_id)
            good = False
    _release(context, unchanged)
    return good


def _one_by_one(backend, context, views):
    """What the driver says of single shares, and whether it could check each."""
    answers, good = {}, True
    for instance_id, view in views.items():
        if backend.leaving.is_set():
            raise outcome.Again(0)
        try:
            answers[instance_id] = {'export_locations': backend.call('ensure_share', context, view,
                                                                     share_server=None)}
        except NotImplementedError:
            break
        except outcome.TryLater:
            raise
        except Exception as error:
            LOG.error('Share instance %s could not be checked: %s', instance_id, error)
            good = False
    return answers, good


def _pool(backend, view):
    """The full host of a share whose pool is not known yet."""
    if '#' in view['host']:
        return {}
    pool = backend.call('get_pool', view)
    return {'host': f'{view["host"]}#{pool}'} if pool else {}


def _changes(view, answer):
    """Whether anything is to be written of what was found of a share."""
    found = answer.get('export_locations')
    return (answer.get('status') == constants.STATUS_ERROR or 'host' in answer or answer.get('metadata')
            or _rules(view, answer) or found is not None and _differ(view['export_locations'], locations(found)))


def _differ(known, found):
    """Whether export locations are not those that are known, in the same order; users may have added metadata."""
    if [(each['path'], each['is_admin_only']) for each in known] != [
            (each['path'], each['is_admin_only']) for each in found]:
        return True
    return any(not new['metadata'].items() <= {**old['metadata'], **old['reserved']}.items()
               for old, new in zip(known, found))


def _rules(view, answer):
    """Whether the access rules of a share are to be put into force anew."""
    return answer.get('reapply_access_rules') or view['access_rules_status'] == constants.STATUS_ERROR


@session.transaction
def _save(context, view, answer):
    """Write what was found of one share, if that is there still."""
    connection = context.transaction.connection
    if store.lock(connection, view['id']) not in (constants.STATUS_AVAILABLE, constants.STATUS_ENSURING):
        return
    if 'host' in answer:
        share_store.change_instance(connection, view['id'], host=answer['host'])
    if answer.get('export_locations') is not None:
        exports.replace(connection, view['id'], locations(answer['export_locations']))
    if answer.get('metadata'):
        share_store.set_metadata(connection, view['share_id'], answer['metadata'])
    if _rules(view, answer):
        access.apply_again(context, view['id'], view['host'],
                           failed=view['access_rules_status'] == constants.STATUS_ERROR)
    event = 'lost' if answer.get('status') == constants.STATUS_ERROR else 'ensured'
    share_store.try_move(connection, view['id'], event)


@session.transaction
def _release(context, ids):
    store.release(context.transaction.connection, ids)


@ENSURE.fails
def ensure_failed(context, job, error):
    """The shares could not be checked; they may be in order, so they can be used."""
    found = services.get(context, int(job.target))
    if found is not None:
        store.end(context.transaction.connection, found['id'], found['host'])
