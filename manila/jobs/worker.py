"""Workers: claim the jobs of one queue, carry them out in threads, settle them."""
import heapq
import os
import queue as queues
import socket
import threading
import time

from oslo_db import exception as db_exc
from oslo_log import log

from manila import context as manila_context
from manila.conf import CONF
from manila.db import base, session
from manila.jobs import bell, kind, outcome, reserve, store

LOG = log.getLogger(__name__)

#: Functions ``(claim, outcome, seconds)`` called after each attempt with how it went on (``done``, ``handed over``,
#: ``again``, ``later``, ``failed``, ``lost``) and how long it took; they must be quick and must not fail.
observers = []
#: Seconds without a look for jobs, beyond the poll interval, from which on a worker is in trouble.
BLIND = 30


def _machine():
    """What process ids are relative to: the host, its present run, and the namespace of processes."""
    try:
        with open('/proc/sys/kernel/random/boot_id', encoding='ascii') as file:
            boot = file.read().strip()[:8]
        return f'{socket.gethostname()}:{boot}:{os.stat("/proc/self/ns/pid").st_ino}'
    except OSError:
        return socket.gethostname()


def _started(pid):
    """Start time of a process as /proc tells it: with the pid it names it for good; None when it is gone."""
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
            fields = file.read().rpartition(')')[2].split()
    except OSError:
        return None
    return None if fields[0] in 'ZX' else fields[19]


def new_owner():
    """A name for a worker of this process: machine, pid and start of the process, and a random part."""
    return f'{_machine()}/{os.getpid()}/{_started(os.getpid())}/{base.new_id()}'


def is_gone(owner):
    """Whether a worker is known to be gone: its process ran on this machine and does not any more."""
    machine, _, rest = owner.partition('/')
    pid, _, rest = rest.partition('/')
    return machine == _machine() and pid.isdigit() and _started(pid) != rest.partition('/')[0]


class Job:
    """A claimed job as its work sees it."""

    def __init__(self, claim):
        self.claim = claim
        self.id = claim.id
        self.target = claim.target
        self.args = claim.args
        self.step = claim.step
        self.attempts = claim.attempts
        self.interrupted = claim.interrupted
        self.context = manila_context.RequestContext.from_dict(claim.context, overwrite=True)
        self.settled = False
        self.outcome = None     # how the attempt went on, for observers
        self.watchers = kind.watchers(claim.kind)

    def finish(self, write=None):
        """End the job; ``write(connection)`` writes the results in the same transaction, perhaps repeatedly.

        :raises manila.jobs.outcome.Fenced: when another worker has taken it over; nothing is written then
        """
        def told(connection):
            if write is not None:
                write(connection)
            for watcher in self.watchers:
                watcher.ended(self)
        self._settle(told if self.watchers else write, lambda: store.remove(self.context, self.claim))
        self.outcome = 'done'

    def hand_over(self, to, queue, args, write=None, lock_id=None):
        """Make the job one of kind ``to`` in another queue, with what ``write(connection)`` writes."""
        def end():
            store.hand_over(self.context, self.claim, to, queue, args, lock_id=lock_id)
        self._settle(write, end)
        self.outcome = 'handed over'

    def _settle(self, write, end):
        if self.context.transaction is not None:
            raise RuntimeError('a job is settled in a transaction of its own: give it what is to be written')

        def work():
            with session.writer(self.context) as connection:
                end()
                if write is not None:
                    write(connection)
        # The fence keeps a second run from writing twice: even a commit of unknown end may be repeated.
        session.attempt(work, seconds=CONF.jobs.lease, repeatable=True)
        self.settled = True

    def checkpoint(self, step, write=None, **args):
        """Keep how far the work has come, with what ``write(connection)`` writes in the same transaction."""
        changed = {**self.args, **args}

        def work():
            with session.writer(self.context) as connection:
                store.checkpoint(self.context, self.claim, step, changed)
                if write is not None:
                    write(connection)
        session.attempt(work)
        self.args, self.step = changed, step


class Worker:
    """Works on one queue.

    :param queue: its name
    :param resources: what the work is given beside the job, such as a back end
    :param threads: how many jobs at once; default ``[jobs] workers``
    :param lease: seconds; default ``[jobs] lease``
    """

    def __init__(self, queue, resources=None, threads=None, lease=None, owner=None):
        self.queue = queue
        self.resources = resources
        self.threads = threads or CONF.jobs.workers
        self.lease = lease or CONF.jobs.lease
        self.owner = owner or new_owner()
        self._context = manila_context.get_admin_context()
        self._changed = threading.Condition()   # guards what follows, up to _due
        self._stopping = False
        self._wanted = True                     # somebody wants the worker to look for jobs
        self._look_again = False                # there may be jobs that wait for one in hand to end
        self._in_hand = set()
        self._due = []                          # when jobs that were put back may be claimed, a heap
        self._claims = queues.Queue()
        self._quiet = threading.Event()         # set when leases need not be renewed any more
        self._looked_at = None                  # monotonic time of the last look for jobs that worked
        self._loop = threading.Thread(target=self._run, name=f'{queue}-claim', daemon=True)
        self._heart = threading.Thread(target=self._beat, name=f'{queue}-lease', daemon=True)
        # Daemons: a driver call that never returns must not keep the process from ending.
        self._hands = []

    def start(self):
        """Begin; jobs of workers known to be gone are taken over at once."""
        session.attempt(self._take_over)
        bell.attach(self.queue, self.wake)
        self._looked_at = time.monotonic()
        self._loop.start()
        self._heart.start()

    def _take_over(self):
        gone = [owner for owner in store.owners(self._context) if is_gone(owner)]
        if gone:
            store.lapse(self._context, owners=gone)

    def wake(self):
        """Look for jobs now."""
        with self._changed:
            self._wanted = True
            self._changed.notify_all()

    def stop(self):
        """Claim nothing more, wait for the jobs in hand, give back what does not end in time."""
        with self._changed:
            if self._stopping:
                return
            self._stopping = True
            self._changed.notify_all()
        bell.detach(self.queue, self.wake)
        if self._loop.is_alive():
            self._loop.join(CONF.jobs.stop_timeout)
        with self._changed:
            ended = self._changed.wait_for(lambda: not self._in_hand, CONF.jobs.stop_timeout)
        self._quiet.set()
        if not ended:
            self._abandon()
        for _ in self._hands:
            self._claims.put(None)
        if ended:
            for thread in self._hands:
                thread.join()
        if self._heart.is_alive():
            self._heart.join(CONF.jobs.stop_timeout)
        bell.ring(self.queue)

    def _abandon(self):
        """Let others take over at once what the end of the process cuts off."""
        try:
            number = session.attempt(lambda: store.lapse(self._context, owners=[self.owner]))
            LOG.warning('%s jobs of %s did not end in time and are handed back', number, self.queue)
        except Exception as error:
            LOG.warning('Jobs of %s could not be handed back, their leases will lapse: %s', self.queue, error)

    def is_alive(self):
        """Whether none of its own threads has ended unexpectedly."""
        return all(thread.ident is None or thread.is_alive() for thread in (self._loop, self._heart))

    def trouble(self):
        """Why it does not get at jobs; None while it does."""
        since = self._looked_at
        if since is None:
            return 'it is starting'
        seconds = time.monotonic() - since
        return f'no job could be looked for in {seconds:.0f} s' if seconds > BLIND + CONF.jobs.poll_interval else None

    def idle(self):
        """Whether no job is in hand."""
        with self._changed:
            return not self._in_hand

    def _run(self):
        while self._wait_for_reason():
            try:
                while self._claim():
                    pass
                self._looked_at = time.monotonic()
            except Exception as error:
                lost = isinstance(error, db_exc.DBConnectionError)
                LOG.error('Claiming jobs of %s failed; trying again: %s', self.queue, error,
                          exc_info=not lost)
                self._alarm(1)

    def _wait_for_reason(self):
        """Wait until there is a reason to look for jobs; returns False when there will be none any more."""
        with self._changed:
            poll = time.monotonic() + CONF.jobs.poll_interval
            while not self._stopping:
                now = time.monotonic()
                while self._due and self._due[0] <= now:
                    heapq.heappop(self._due)
                    self._wanted = True
                if self._wanted or now >= poll:
                    self._wanted = False
                    return True
                self._changed.wait(min(poll, self._due[0] if self._due else poll) - now)
            return False

    def _claim(self):
        """Claim and begin as many jobs as there are free threads; returns whether there may be more."""
        with self._changed:
            in_hand = set(self._in_hand)
            free = self.threads - len(in_hand)
            # What is there but locked by a job in hand cannot be claimed yet: look again when one ends.
            self._look_again = bool(in_hand)
            if free <= 0 or self._stopping:
                return False
        with reserve.of(self.queue).claiming() as reserved:
            claims, more = store.claim(self._context, self.queue, self.owner, free, self.lease, in_hand, reserved)
        if self._stopping and claims:
            session.attempt(lambda: store.release(self._context, self.owner, [claim.id for claim in claims]))
            return False
        with self._changed:
            self._in_hand.update(claim.id for claim in claims)
            self._look_again = self._look_again or more
            while len(self._hands) < len(self._in_hand):
                name = f'{self.queue}-job-{len(self._hands)}'
                thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._hands.append(thread)
                thread.start()
        for claim in claims:
            self._claims.put(claim)
        return more

    def _work(self):
        while (claim := self._claims.get()) is not None:
            try:
                self._carry_out(claim)
            except BaseException:
                LOG.exception('Job %s (%s) ended unexpectedly; its lease will lapse', claim.id, claim.kind)
            self._ended(claim)

    def _ended(self, claim):
        with self._changed:
            full = len(self._in_hand) >= self.threads
            self._in_hand.discard(claim.id)
            if full or self._look_again:
                self._wanted = True
                self._changed.notify_all()
            elif self._stopping:
                self._changed.notify_all()

    def _beat(self):
        while not self._quiet.wait(self.lease / 3):
            with self._changed:
                ids = list(self._in_hand)
            if not ids:
                continue
            try:
                session.attempt(lambda ids=ids: store.renew(self._context, self.owner, ids, self.lease))
            except Exception as error:
                LOG.warning('Leases of the jobs of %s could not be renewed: %s', self.queue, error)

    def _carry_out(self, claim):
        job = Job(claim)
        begun = time.monotonic()
        self._run_once(job, claim)
        for observer in observers:
            observer(claim, job.outcome or 'lost', time.monotonic() - begun)

    def _run_once(self, job, claim):
        try:
            how = kind.get(claim.kind)
        except KeyError:
            how = kind.UNKNOWN
        try:
            limit = how.max_attempts or CONF.jobs.max_attempts
            if claim.attempts > limit:
                raise outcome.Failed(f'given up after {limit} attempts')
            work = how.resume if claim.interrupted and how.resume else how.run
            for watcher in job.watchers:
                watcher.began(job)
            work(job, self.resources)
            if not job.settled:
                job.finish()
        except outcome.Fenced:
            LOG.warning('Job %s (%s) was taken over by another worker', job.id, claim.kind)
        except BaseException as error:      # a driver may even call sys.exit()
            self._settle_failure(job, how, error)

    def _settle_failure(self, job, how, error):
        if job.settled:
            LOG.error('Job %s (%s) was settled, but then failed', job.id, how.name, exc_info=error)
            return
        try:
            session.attempt(lambda: self._record(job, how, error), seconds=self.lease, repeatable=True)
        except outcome.Fenced:
            LOG.warning('Job %s (%s) was taken over by another worker', job.id, how.name)
        except Exception:
            LOG.exception('Job %s (%s) could not be settled; its lease will lapse', job.id, how.name)

    def _record(self, job, how, error):
        """Write the outcome that an exception stands for."""
        if isinstance(error, outcome.Again):
            store.put_back(job.context, job.claim, error.after, error.step, {**job.args, **error.changed},
                           count=False)
            job.outcome = 'again'
            self._alarm(error.after)
            return
        limit = how.max_attempts or CONF.jobs.max_attempts
        if isinstance(error, (outcome.TryLater, *session.RETRIED)) and job.attempts < limit:
            after = getattr(error, 'after', None)
            if after is None:
                after = min(CONF.jobs.retry_delay * 2 ** (job.attempts - 1), CONF.jobs.retry_delay_max)
            LOG.warning('Job %s (%s) is tried again in %.1f s: %s', job.id, how.name, after, error)
            store.put_back(job.context, job.claim, after, args=job.args, error=error)
            job.outcome = 'later'
            self._alarm(after)
            return
        if isinstance(error, outcome.Failed):
            LOG.error('Job %s (%s) of %s failed: %s', job.id, how.name, job.target, error)
        else:
            LOG.error('Job %s (%s) of %s failed', job.id, how.name, job.target, exc_info=error)
        with session.writer(job.context):
            store.fail(job.context, job.claim, error)
            if how.failed is not None:
                how.failed(job.context, job, error)
            for watcher in job.watchers:
                watcher.failed(job, error)
        job.outcome = 'failed'

    def _alarm(self, after):
        """Look for jobs in so many seconds, counted generously: whether one is due says the database."""
        with self._changed:
            heapq.heappush(self._due, time.monotonic() + after * 1.001 + 0.01)
            self._changed.notify_all()
