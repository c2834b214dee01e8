"""A back end: a driver with its configuration, and the one way by which work calls it.

Every call passes :meth:`Backend.call`: readiness, hooks, timing, one log line, and the translation of failures that
may pass into :class:`manila.jobs.outcome.TryLater`.
"""
import socket
import threading
import time

import requests
from oslo_log import log
from oslo_utils import importutils

from manila import exception
from manila.conf import CONF
from manila.jobs import outcome
from manila.share import configuration, driver, drivers_private_data, hook

LOG = log.getLogger(__name__)

#: Failures of the way to the storage rather than of what was asked for.
PASSING = (exception.StorageCommunicationException, requests.ConnectionError, requests.Timeout, ConnectionError,
           socket.timeout, TimeoutError)


class Backend:
    """A back end of this node.

    :param group: its group in the configuration
    :param observe: ``function(host, method, seconds, error)`` called after each driver call, for metrics
    """

    def __init__(self, group, context, observe=None):
        self.group = group
        self.host = f'{CONF.host}@{group}'
        self.context = context
        self.configuration = configuration.Configuration(driver.share_opts, config_group=group)
        self.driver = None
        self.ready = False
        self.problem = 'it is starting'
        self.leaving = threading.Event()    # long work is to be given up, for another process to go on with it
        self._observe = observe
        self._hooks = []

    def load(self):
        """Make the driver object and those of its hooks."""
        private = drivers_private_data.DriverPrivateData(
            context=self.context, backend_host=self.host, config_group=self.group)
        self.driver = importutils.import_object(self.configuration.share_driver, private_storage=private,
                                                configuration=self.configuration)
        self._hooks = hook.load(self.configuration, self.host)

    def set_up(self):
        """Have the driver prepare; raises what it raises when it cannot work."""
        if self.driver is None:
            self.load()
        self.driver.do_setup(self.context)
        self.driver.check_for_setup_error()
        self.driver.initialized = True

    @property
    def zone(self):
        """Name of the availability zone of the back end."""
        return self.configuration.backend_availability_zone or CONF.storage_availability_zone

    def call(self, method, *args, **kwargs):
        """Call a method of the driver.

        :raises manila.jobs.outcome.TryLater: when the back end is not ready or cannot be reached
        """
        if not self.ready:
            raise outcome.TryLater(f'Back end {self.host} is not ready: {self.problem}')
        return self._timed(method, args, kwargs)

    def _timed(self, method, args, kwargs):
        started, error = time.perf_counter(), None
        try:
            before = [each.execute_pre_hook(self.context, method, *args, **kwargs) for each in self._hooks]
            result = getattr(self.driver, method)(*args, **kwargs)
            for each, data in zip(self._hooks, before):
                each.execute_post_hook(self.context, method, data, result, *args, **kwargs)
            return result
        except PASSING as problem:
            error = problem
            raise outcome.TryLater(f'{self.host}: {problem}') from problem
        except Exception as problem:
            error = problem
            raise
        finally:
            seconds = time.perf_counter() - started
            LOG.debug('%s: %s took %.3f s%s', self.host, method, seconds, f', {error!r}' if error else '')
            if self._observe is not None:
                self._observe(self.host, method, seconds, error)

    def report(self):
        """What the driver says of its pools and abilities."""
        return self._timed('get_share_stats', (), {'refresh': True})


def locations(answer):
    """Export locations as drivers may give them (a path, a dict, a list of either) in one form.

    :returns: list of ``{'path', 'is_admin_only', 'metadata'}``, values of metadata as strings
    """
    if answer is None:
        return []
    if isinstance(answer, (str, dict)):
        answer = [answer]
    found = []
    for each in answer:
        if isinstance(each, str):
            each = {'path': each}
        found.append({'path': each['path'], 'is_admin_only': bool(each.get('is_admin_only', False)),
                      'metadata': {key: str(value) for key, value in (each.get('metadata') or {}).items()}})
    return found
