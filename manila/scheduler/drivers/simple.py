"""Choose the back end with the least data."""
import collections

from manila.conf import CONF
from manila.scheduler.drivers import filter
from manila.scheduler.filters import base_host, location
from manila.scheduler.pools import number
from manila.scheduler.weighers import base_host as base_weigher


class SimpleScheduler(filter.FilterScheduler):
    """Takes a pool of the right zone on the back end with fewest GiB, up to ``max_gigabytes`` each."""

    def filters(self):
        return [location.AvailabilityZoneFilter(), MostGigabytes()]

    def extend_filters(self):
        return [MostGigabytes()]

    def group_filters(self):
        return [location.AvailabilityZoneFilter()]

    def weighers(self):
        return [FewestGigabytes()]

    def candidates(self, request):
        pools = super().candidates(request)
        request['backend_gigabytes'] = collections.Counter()
        for pool in pools:
            request['backend_gigabytes'][pool.backend_host] += number(pool.allocated_capacity_gb, 0)
        return pools


class MostGigabytes(base_host.ExplainingFilter):
    """Passes pools whose back end stays within ``max_gigabytes``."""

    def refusal(self, host_state, filter_properties):
        grows = filter_properties['size_increase']
        size = filter_properties['size'] if grows is None else grows
        used = filter_properties['backend_gigabytes'][host_state.backend_host]
        if used + size <= CONF.max_gigabytes:
            return None
        return f'capacity: {size} GiB wanted, {used} of at most {CONF.max_gigabytes} GiB are used'


class FewestGigabytes(base_weigher.BaseHostWeigher):
    """Prefers the back end with fewest GiB."""

    def _weigh_object(self, host_state, weight_properties):
        return -weight_properties['backend_gigabytes'][host_state.backend_host]
