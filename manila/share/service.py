"""The role of manila-share: takes charge of back ends, works on their jobs, reports their pools."""
import contextlib
import json
import threading
import time

from oslo_log import log

from manila import context as manila_context, health, resources
from manila.conf import CONF
from manila.db import session
from manila.jobs import store as jobs, worker
from manila.resources.services import store as services
from manila.resources.zones import service as zones
from manila.rpc import workers
from manila.share import backend, ensure, usage

LOG = log.getLogger(__name__)

BINARY = 'manila-share'
SET_UP_PAUSE = 2
SET_UP_PAUSE_MAX = 600


class Keeper:
    """Keeps one back end: waits until it may take charge, prepares the driver, works, reports, hands over."""

    def __init__(self, group, observe=None):
        self.context = manila_context.get_admin_context()
        self.backend = backend.Backend(group, self.context, observe)
        self.owner = worker.new_owner()
        self.queue = f'{workers.SHARE_PREFIX}{self.backend.host}'
        self.renewed_at = None              # monotonic time at which the lease was had last; None without one
        self._stop = threading.Event()
        self._leave = self.backend.leaving  # this process is not in charge any more, or is to stop
        self._tried = threading.Event()
        self._row = None
        self._worker = None
        self._server = None
        self._thread = threading.Thread(target=self._run, name=f'{self.backend.host}-keeper', daemon=True)

    def start(self):
        """Begin in the background."""
        self._thread.start()

    def wait_ready(self, timeout):
        """Wait until the back end is served, or cannot be for now; returns whether it is."""
        self._tried.wait(timeout)
        return self.backend.ready

    def begin_stop(self):
        """Have it stop, without waiting."""
        self._stop.set()
        self._leave.set()

    def stop(self):
        """Give the back end back, with the jobs in hand ended or handed back."""
        self.begin_stop()
        # A driver that is being prepared may take for ever, and has nothing in hand that could be lost.
        self._thread.join(CONF.jobs.stop_timeout + 10 if self._worker is not None else 2)

    def is_alive(self):
        """Whether it goes on: its thread, and the worker's while there is one."""
        return self._thread.is_alive() and (self._worker is None or self._worker.is_alive())

    def trouble(self):
        """Why the back end is not served at present; None if it is."""
        since, working = self.renewed_at, self._worker
        if since is None or not self.backend.ready or working is None:
            return self.backend.problem
        if time.monotonic() - since > CONF.service_down_time:
            return f'its lease could not be renewed for {time.monotonic() - since:.0f} s'
        return working.trouble()

    def _run(self):
        while not self._stop.is_set():
            try:
                if self._take_charge():
                    self._keep()
            except Exception as error:
                LOG.exception('Back end %s is given up for now and taken up again', self.backend.host)
                self.backend.problem = f'it was given up: {type(error).__name__}'
                self._stop.wait(1)
            finally:
                self._hand_back()
        self._tried.set()

    def _take_charge(self):
        """Become the only process in charge; another one's lease is waited for unless it is known to be gone."""
        self._row = services.register(self.context, self.backend.host, BINARY, CONF.share_topic,
                                      zones.ensure(self.context, self.backend.zone), alive=False)
        waiting = False
        while not self._stop.is_set():
            current = services.owner(self.context, self._row['id'])
            gone = current is not None and worker.is_gone(current)
            if services.own(self.context, self._row['id'], self.owner, CONF.service_down_time, force=gone):
                self.renewed_at = time.monotonic()
                jobs.lapse(self.context, queue=self.queue, keep=self.owner)
                return True
            if not waiting:
                LOG.info('Back end %s is served by %s; standing by', self.backend.host, current)
                self.backend.problem = 'another process is in charge of it'
                waiting = True
            self._tried.set()
            self._stop.wait(CONF.report_interval)
        return False

    def _keep(self):
        """Be in charge until that ends: prepare and serve, with the lease renewed all the time."""
        self._leave.clear()
        if self._stop.is_set():
            return
        heart = threading.Thread(target=self._beat_on, name=f'{self.backend.host}-heart', daemon=True)
        heart.start()
        try:
            if self._set_up():
                self._serve()
        finally:
            self._leave.set()
            heart.join(CONF.report_interval)

    def _beat_on(self):
        while not self._leave.wait(CONF.report_interval):
            self._beat()

    def _beat(self):
        """Renew the lease, and say that the back end is alive if it is ready; leave it if it is another one's now."""
        try:
            mine = session.attempt(lambda: services.heartbeat(
                self.context, self._row['id'], self.owner, CONF.service_down_time, alive=self.backend.ready))
        except Exception as error:
            LOG.warning('The heartbeat of back end %s failed: %s', self.backend.host, error)
            return
        self.renewed_at = time.monotonic() if mine else None
        if not mine:
            LOG.warning('Another process is in charge of back end %s now', self.backend.host)
            self.backend.problem = 'another process is in charge of it'
            self.backend.ready = False
            self._leave.set()

    def _set_up(self):
        pause = SET_UP_PAUSE
        while not self._leave.is_set():
            try:
                self.backend.set_up()
                self._report()
                return True
            except Exception as error:
                self.backend.problem = str(error)
                LOG.error('Back end %s is not ready, next try in %s s: %s', self.backend.host, pause, error,
                          exc_info=CONF.debug)
                self._tried.set()
                self._leave.wait(pause)
                pause = min(pause * 2, SET_UP_PAUSE_MAX)
        return False

    def _serve(self):
        self.backend.ready = True
        self._beat()
        if self._leave.is_set():
            return
        self._worker = worker.Worker(self.queue, self.backend, owner=self.owner)
        self._worker.start()
        self._server = workers.ShareRPC.server(self.backend.host, wake=self._worker.wake)
        self._server.start()
        LOG.info('Back end %s is ready', self.backend.host)
        self._tried.set()
        self._beside('ensure', ensure.run, self.backend, self._row['id'])
        self._beside('usage', usage.run, self.backend, self._leave)
        while not self._leave.wait(CONF.periodic_interval):
            self._report_quietly()

    def _beside(self, name, work, *args):
        threading.Thread(target=work, args=args, name=f'{self.backend.host}-{name}', daemon=True).start()

    def _report(self):
        report = self.backend.report()
        services.save_report(self.context, self._row['id'], json.dumps(report, default=str))

    def _report_quietly(self):
        try:
            self._report()
        except Exception as error:
            LOG.warning('Back end %s could not report: %s', self.backend.host, error)

    def _hand_back(self):
        if self._server is not None:
            self._server.stop()
            self._server = None
        if self._worker is not None:
            # The jobs in hand may still call the driver.
            self._worker.stop()
            self._worker = None
        self.backend.ready = False
        self.renewed_at = None
        if self._row is not None:
            with contextlib.suppress(Exception):
                services.disown(self.context, self._row['id'], self.owner)


class Role:
    """Runs the back ends of this node.

    :param observe: is told of each call of a driver, see :class:`manila.share.backend.Backend`
    """

    name = BINARY

    def __init__(self, observe=None):
        self._observe = observe
        self.keepers = []

    def start(self):
        """Take the back ends up; returns once each is served or known not to be for now."""
        if not CONF.enabled_share_backends:
            LOG.warning('enabled_share_backends names no back end: this manila-share serves none')
        resources.modules('work')
        self.keepers = [Keeper(group, self._observe) for group in CONF.enabled_share_backends or ()]
        for keeper in self.keepers:
            keeper.start()
        for keeper in self.keepers:
            keeper.wait_ready(60)

    def stop(self):
        """Give all back ends back."""
        for keeper in self.keepers:
            keeper.begin_stop()
        for keeper in self.keepers:
            keeper.stop()

    def checks(self):
        """How the keepers and their back ends are, for :mod:`manila.health`."""
        served = any(keeper.trouble() is None for keeper in self.keepers)
        # One that is not served is no reason to take the others out of service.
        level = health.DEGRADED if served else health.READY
        for keeper in self.keepers:
            name = keeper.backend.host
            yield health.Check(f'threads of {name}', health.LIVE,
                               lambda keeper=keeper: None if keeper.is_alive() else 'one has ended')
            yield health.Check(f'back end {name}', level, keeper.trouble)
        if not self.keepers:
            yield health.Check('back ends', health.READY, lambda: 'none is served yet')
