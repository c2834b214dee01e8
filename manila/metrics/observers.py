"""What is counted as it happens: requests, attempts of jobs, calls of drivers, transactions tried again.

Labels have few values: names of operations, kinds of jobs, back ends, methods, classes of errors; never an id.
"""
import functools

from oslo_db import exception as db_exc
from prometheus_client import Counter, Histogram

from manila.api import metrics as api
from manila.db import base, session
from manila.jobs import worker
from manila.metrics.registry import REGISTRY

_QUICK = (.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10)
_SLOW = (.05, .25, 1, 5, 15, 60, 300, 900, 3600)

REQUESTS = Counter('manila_api_requests', 'Requests that were answered.', ('operation', 'status'), registry=REGISTRY)
REQUEST_SECONDS = Histogram('manila_api_request_seconds', 'Time from the request to its answer.', ('operation',),
                            buckets=_QUICK, registry=REGISTRY)
JOB_WAIT = Histogram('manila_job_wait_seconds', 'Time from the order of a job to its first claim.', ('kind',),
                     buckets=_SLOW, registry=REGISTRY)
JOB_RUN = Histogram('manila_job_run_seconds', 'Time that one attempt of a job took.', ('kind', 'outcome'),
                    buckets=_SLOW, registry=REGISTRY)
JOB_LATENCY = Histogram('manila_job_latency_seconds', 'Time from the order of a job to its end, with all attempts.',
                        ('kind',), buckets=_SLOW, registry=REGISTRY)
DRIVER_SECONDS = Histogram('manila_driver_call_seconds', 'Time that a call of a driver took.', ('backend', 'method'),
                           buckets=_SLOW, registry=REGISTRY)
DRIVER_ERRORS = Counter('manila_driver_call_errors', 'Calls of drivers that raised an error.',
                        ('backend', 'method', 'error'), registry=REGISTRY)
RETRIES = Counter('manila_db_transaction_retries', 'Transactions that were tried again.', ('reason',),
                  registry=REGISTRY)

#: To find the metric of some labels costs more than to count.
_request = functools.cache(lambda name, status: (REQUESTS.labels(name, status), REQUEST_SECONDS.labels(name)))


def request(name, version, status, seconds):
    """A request was answered."""
    count, duration = _request(name or 'none', status)
    count.inc()
    duration.observe(seconds)


def job(claim, outcome, seconds):
    """An attempt of a job has ended."""
    since = max(0, (base.now() - claim.ordered_at).total_seconds())
    JOB_RUN.labels(claim.kind, outcome).observe(seconds)
    if claim.claims == 1 and not claim.delayed:
        JOB_WAIT.labels(claim.kind).observe(max(0, since - seconds))
    if outcome in ('done', 'failed'):
        JOB_LATENCY.labels(claim.kind).observe(since)


def driver_call(backend, method, seconds, error):
    """A method of a driver has returned, or raised an error."""
    DRIVER_SECONDS.labels(backend, method).observe(seconds)
    if error is not None:
        DRIVER_ERRORS.labels(backend, method, type(error).__name__).inc()


def retry(error):
    """A transaction is tried again."""
    reason = {db_exc.DBDeadlock: 'deadlock', db_exc.DBConnectionError: 'connection'}
    RETRIES.labels(next((text for kind, text in reason.items() if isinstance(error, kind)), 'pool')).inc()


def attach_api():
    """Count requests and transactions from now on."""
    _attach(api.observers, request)
    _attach(session.observers, retry)


def attach_work():
    """Count jobs and transactions from now on."""
    _attach(worker.observers, job)
    _attach(session.observers, retry)


def _attach(observers, function):
    if function not in observers:
        observers.append(function)
