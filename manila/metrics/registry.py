"""What is counted in this process, and what Prometheus reads of it.

Where an API runs in several processes, these share the files of :mod:`manila.metrics.shared`.
"""
import functools

import prometheus_client
from prometheus_client import multiprocess

from manila.metrics import shared

#: All metrics of the service are in here, and not in the library's own registry, which others may use.
REGISTRY = prometheus_client.CollectorRegistry()


def readable():
    """The registry to be read: that of this process, or of all that count together."""
    if not shared.directory():
        return REGISTRY
    together = prometheus_client.CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return together


@functools.cache
def describe_process():
    """Count memory, open files and CPU time of this process, too."""
    prometheus_client.ProcessCollector(registry=REGISTRY)
    prometheus_client.GCCollector(registry=REGISTRY)
