"""The scheduler's role: chooses pools for what the jobs of its queue ask for."""
import contextlib
import json
import threading

from oslo_log import log
from oslo_utils import importutils

from manila import context as manila_context, exception, health, policy, resources
from manila.conf import CONF
from manila.db import base, session
from manila.jobs import sweep, worker
from manila.resources.messages import service as messages
from manila.resources.recycle_bin import service as recycle_bin
from manila.resources.services import store as services
from manila.resources.shares import store as shares
from manila.resources.transfers import service as transfers
from manila.resources.zones import service as zones
from manila.rpc import workers
from manila.scheduler import pools, request

LOG = log.getLogger(__name__)

BINARY = 'manila-scheduler'
REAP_BATCH = 1000


class Scheduler:
    """Knows the pools and chooses among them; what jobs of the scheduler's queue are given."""

    def __init__(self):
        self.pools = pools.Pools(provisioned=self._provisioned)
        self._context = manila_context.get_admin_context()
        self.driver = importutils.import_object(CONF.scheduler_driver, self.pools)
        self._reported = {}
        self._refreshing = threading.Lock()

    def _provisioned(self, host):
        context = manila_context.get_admin_context()
        with session.reader(context) as connection:
            return float(shares.provisioned(connection, host))

    def refresh(self, context):
        """Take in what has changed of the back ends: new reports, services disabled, down or gone.

        One statement when no back end has reported since, so it is done before each choice: a disabled service
        counts at once, and no lost message can leave the picture stale.
        """
        # One after the other, so that nobody puts an older picture over a newer one, or chooses from half a one.
        with self._refreshing:
            found = services.conditions(context, 'manila-share')
            for host in set(self.pools.hosts()) - set(found):
                self.pools.remove(host)
                self._reported.pop(host, None)
            if any(reported_at != self._reported.get(host) for host, (_, _, reported_at) in found.items()):
                self._take_in({row['host']: row for row in services.reports(context, 'manila-share')})
            for host, (disabled, up, _) in found.items():
                self.pools.mark(host, disabled=disabled, up=up)

    def _take_in(self, rows):
        for host, row in rows.items():
            if row['reported_at'] == self._reported.get(host):
                continue
            self._reported[host] = row['reported_at']
            service = {key: value for key, value in row.items() if key not in ('report', 'host')}
            self.pools.update(host, json.loads(row['report']), row['reported_at'], row['availability_zone_id'],
                              row['zone'], row['disabled'], row['up'], service=service)

    def choose(self, context, spec, hints=None, tried=None):
        """The best pool for a request, with the room taken from it.

        :raises manila.exception.NoValidHost: when no pool can take it, with the reasons
        """
        self.refresh(context)
        wanted = request.build(context, spec, hints, tried, host_admin=policy.check(context, policy.HOST_ADMIN),
                               hosts_of=lambda share: self._hosts_of(context, share))
        return self.driver.place(wanted).pool

    def check(self, context, spec, host, increase):
        """The pool at ``host`` if it has room for a share there to grow by ``increase`` GiB, with that taken from it.

        :raises manila.exception.NoValidHost: when it has not
        """
        self.refresh(context)
        wanted = request.build(context, spec, size_increase=increase)
        return self.driver.check(host, wanted, self.driver.extend_filters())

    def passes(self, context, spec, host):
        """The pool at ``host`` if the filters let a share pass that lies there already.

        :raises manila.exception.NoValidHost: when they do not
        """
        self.refresh(context)
        return self.driver.check(host, request.build(context, spec, size=0))

    def _hosts_of(self, context, share_id):
        try:
            return [each['host'] for each in shares.brief(context, share_id)['instances']]
        except exception.ShareNotFound:
            return None


class Role:
    """Runs a scheduler: its worker, its heartbeat, and the cleaning that belongs to no back end."""

    name = BINARY

    def __init__(self):
        self._context = manila_context.get_admin_context()
        self._stop = threading.Event()
        self._threads = []
        self._row = None
        self.scheduler = None
        self.worker = None

    def start(self):
        """Begin to choose; returns once jobs are taken."""
        resources.modules('work')
        self.scheduler = Scheduler()
        zone_id = zones.ensure(self._context, CONF.storage_availability_zone)
        self._row = services.register(self._context, CONF.host, BINARY, CONF.scheduler_topic, zone_id)
        self.scheduler.refresh(self._context)
        self.worker = worker.Worker(workers.SCHEDULER, self.scheduler)
        self.worker.start()
        self._server = workers.SchedulerRPC.server(CONF.host, wake=self.worker.wake)
        self._server.start()
        for period, work in ((CONF.report_interval, self._beat), (CONF.jobs.sweep_interval, self._sweep),
                             (CONF.message_reap_interval, self._reap),
                             (CONF.check_for_expired_transfers, self._expire_transfers),
                             (CONF.check_for_expired_shares_in_recycle_bin_interval, self._empty_recycle_bin)):
            thread = threading.Thread(target=self._repeat, args=(period, work), name=work.__name__, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self):
        """Take no more jobs, end those in hand."""
        self._stop.set()
        self._server.stop()
        self.worker.stop()
        for thread in self._threads:
            thread.join(5)
        with contextlib.suppress(Exception):
            services.stop(self._context, self._row['id'])

    def checks(self):
        """How the scheduler is, for :mod:`manila.health`."""
        yield health.Check('worker', health.READY, lambda: self.worker.trouble() if self.worker else 'it is starting')
        yield health.Check('threads', health.LIVE, self._ended)

    def _ended(self):
        """The thread that should go on and does not; None when all do."""
        if self.worker is not None and not self.worker.is_alive():
            return 'that of the worker has ended'
        return next((f'{each.name} has ended' for each in self._threads if not each.is_alive()), None)

    def _repeat(self, period, work):
        context = manila_context.get_admin_context()
        while not self._stop.wait(period):
            try:
                work(context)
            except Exception as error:
                LOG.warning('%s failed and is done again in %s s: %s', work.__name__.lstrip('_'), period, error)

    def _beat(self, context):
        if not services.heartbeat(context, self._row['id']):
            self._row = services.register(context, CONF.host, BINARY, CONF.scheduler_topic,
                                          zones.ensure(context, CONF.storage_availability_zone))

    def _sweep(self, context):
        sweep.run(context)

    def _reap(self, context):
        while messages.purge(context, base.now(), REAP_BATCH) == REAP_BATCH:
            pass

    def _empty_recycle_bin(self, context):
        while recycle_bin.expire(context, REAP_BATCH) == REAP_BATCH:
            pass

    def _expire_transfers(self, context):
        while transfers.expire(context, REAP_BATCH) == REAP_BATCH:
            pass
