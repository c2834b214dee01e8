"""Notifications of long work: each kind of job that is listed here tells when it begins and how it ends."""
from oslo_log import log

from manila import notify
from manila.db import session
from manila.jobs import kind
from manila.resources.access import store as access
from manila.resources.notifications import payloads
from manila.resources.shares import store as shares
from manila.resources.snapshot_access import store as snapshot_access
from manila.resources.snapshots import store as snapshots
from manila.resources.transfers import store as transfers

LOG = log.getLogger(__name__)

#: Argument of a job that says its beginning was told already.
TOLD = 'begin_told'


class Teller(kind.Watcher):
    """Tells of jobs of one kind: ``<event>.start``, and ``.end`` or ``.error``.

    :param event: what the types of events begin with
    :param read: ``read(job)`` gives the payload as the rows are now; None when what it is about is gone
    :param done: ``done(job, payload)`` says whether a job that has ended well has done what it was to do
    :param gone: whether a job that has done its work leaves nothing to read
    :param start: whether the beginning is told
    """

    def __init__(self, event, read, done=lambda job, payload: True, gone=False, start=True):
        self.event = event
        self._read = read
        self._done = done
        self._gone = gone
        self._start = start

    def began(self, job):
        """Keep what it is about, and tell that the work begins, once."""
        if not notify.enabled():
            return
        job.subject = self._quietly(job)
        if job.subject is not None and self._start and job.args.get(TOLD) != self.event:
            # Kept with the job when it is put back.
            job.args[TOLD] = self.event
            self._tell(job, 'start', job.subject)

    def ended(self, job):
        """Tell that the work has been done, if it has."""
        before = getattr(job, 'subject', None)
        if before is None or not notify.enabled():
            return
        now = self._quietly(job)
        if self._gone:
            if now is None:
                self._tell(job, 'end', {**before, 'status': 'deleted'})
        elif now is not None and self._done(job, now):
            self._tell(job, 'end', now)

    def failed(self, job, error):
        """Tell that the work will not be done."""
        if not notify.enabled():
            return
        payload = self._quietly(job) or getattr(job, 'subject', None)
        if payload is not None:
            self._tell(job, 'error', {**payload, 'reason': type(error).__name__}, 'error')

    def _tell(self, job, moment, payload, priority='info'):
        notify.emit(job.context, f'{self.event}.{moment}', payload, service='share',
                    host=(payload.get('host') or '').partition('#')[0] or None, priority=priority)

    def _quietly(self, job):
        try:
            return self._read(job)
        except session.ERRORS:
            # The transaction is over with this: whoever has opened it sees to that.
            if job.context.transaction is not None:
                raise
            LOG.warning('No notification about job %s (%s): the database cannot be read', job.id, self.event)
        except Exception:
            LOG.exception('No notification about job %s (%s)', job.id, self.event)
        return None


class Refusals(kind.Watcher):
    """Tells of requests that the scheduler found no place for.

    :param method: what the scheduler was to do
    """

    def __init__(self, method):
        self.method = method

    def failed(self, job, error):
        """Tell it."""
        notify.emit(job.context, f'scheduler.{self.method}',
                    lambda: payloads.refusal(self.method, job.args, job.target, error), service='scheduler',
                    priority='error')


def _share(job):
    row = shares.instance(job.context, job.target)
    return row and payloads.share(row)


def _snapshot(job):
    row = snapshots.instance(job.context, job.target)
    return row and payloads.snapshot(row)


def _rules(job):
    row = shares.instance(job.context, job.target)
    return row and payloads.share(row, rules=payloads.rules(access.all_of(job.context, job.target)))


def _snapshot_rules(job):
    row = snapshots.instance(job.context, job.target)
    return row and payloads.snapshot(row, rules=payloads.rules(snapshot_access.all_of(job.context, job.target)))


def _transferred(job):
    """The share of a transfer; once that has ended, the share is found by what was read before."""
    known = getattr(job, 'subject', None)
    row = transfers.offer(job.context, job.target)
    instance_id = row['instance_id'] if row else known and known['share_instance_id']
    share = instance_id and shares.instance(job.context, instance_id)
    if not share:
        return None
    if row:
        return payloads.transfer(row, share)
    kept = {name: known[name] for name in ('transfer_id', 'source_project_id', 'destination_project_id')}
    return payloads.share(share, **kept)


def _is_available(job, payload):
    return payload['status'] == 'available'


def _has_size(job, payload):
    return payload['status'] == 'available' and payload['size'] == job.args['new_size']


def _has_owner(job, payload):
    return payload['project_id'] == job.args['project_id']


TELLERS = {
    'share.create': Teller('share.create', _share, _is_available),
    'share.watch_clone': Teller('share.create', _share, _is_available, start=False),
    'share.delete': Teller('share.delete', _share, gone=True),
    'share.extend': Teller('share.extend', _share, _has_size),
    'share.shrink': Teller('share.shrink', _share, _has_size),
    'share.revert': Teller('share.revert', _share, _is_available),
    'share.manage': Teller('share.manage', _share, _is_available),
    'share.unmanage': Teller('share.unmanage', _share, gone=True),
    'snapshot.create': Teller('snapshot.create', _snapshot, _is_available),
    'snapshot.delete': Teller('snapshot.delete', _snapshot, gone=True),
    'snapshot.manage': Teller('snapshot.manage', _snapshot, _is_available),
    'snapshot.unmanage': Teller('snapshot.unmanage', _snapshot, gone=True),
    'access.sync': Teller('share_access.apply', _rules),
    'snapshot_access.sync': Teller('snapshot_access.apply', _snapshot_rules),
    'transfer.accept': Teller('transfer.accept', _transferred, _has_owner),
    'share.schedule': Refusals('create_share_instance'),
    'share.schedule_extend': Refusals('extend_share'),
    'share.schedule_manage': Refusals('manage_share'),
}

for _name, _teller in TELLERS.items():
    kind.watch(_name, _teller)
