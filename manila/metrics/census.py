"""What is read from the database when Prometheus asks, and kept for a while: the whole service, not this process."""
import threading
import time

from oslo_log import log
from prometheus_client.core import GaugeMetricFamily as Gauge

from manila import context as manila_context
from manila.conf import CONF
from manila.jobs import census

LOG = log.getLogger(__name__)

#: What takes longer, in seconds, is not done again before so many times that have passed.
_SHORT, _SHARE = 0.2, 20
_RESOURCE = ('resource', 'column', 'status')
_JOB = ('queue', 'kind', 'state')


class Census:
    """A collector: counts of resources and of jobs, and what else is given.

    :param sources: further functions ``(context)`` that yield metrics
    """

    def __init__(self, *sources):
        self._sources = (_resources, _jobs, *sources)
        self._lock = threading.Lock()
        self._good_until = 0
        self._found = []

    def describe(self):
        """Nothing: the names are known once something was counted."""
        return ()

    def collect(self):
        """The metrics, counted anew if they are older than ``[metrics] refresh_interval``.

        What takes long is done less often, so that the database never spends more than a twentieth of its time on it.
        """
        with self._lock:
            begun = time.monotonic()
            if begun >= self._good_until:
                self._found = self._count()
                took = time.monotonic() - begun
                self._good_until = begun + max(CONF.metrics.refresh_interval, _SHARE * took if took > _SHORT else 0)
            return self._found

    def _count(self):
        begun, good = time.monotonic(), True
        context, found = manila_context.get_admin_context(), []
        for source in self._sources:
            try:
                found += source(context)
            except Exception as error:
                LOG.warning('Figures for Prometheus could not be counted: %s', error)
                good = False
        success = Gauge('manila_census_success', 'Whether all that is counted in the database could be counted.')
        success.add_metric((), good)
        seconds = Gauge('manila_census_seconds', 'How long that took.')
        seconds.add_metric((), time.monotonic() - begun)
        return [*found, success, seconds]


def _resources(context):
    numbers = Gauge('manila_resources', 'Rows in each status.', labels=_RESOURCE)
    for labels, number in census.statuses(context).items():
        numbers.add_metric(labels, number)
    ages = Gauge('manila_transition_oldest_seconds',
                 'For how long the oldest row has been in a status that a job ends.', labels=_RESOURCE)
    for labels, seconds in census.oldest(context).items():
        ages.add_metric(labels, seconds)
    return [numbers, ages]


def _jobs(context):
    numbers = Gauge('manila_jobs', 'Jobs in each state.', labels=_JOB)
    ages = Gauge('manila_job_oldest_seconds', 'Age of the oldest job in each state.', labels=_JOB)
    for labels, (number, seconds) in census.queues(context).items():
        numbers.add_metric(labels, number)
        ages.add_metric(labels, seconds)
    return [numbers, ages]
