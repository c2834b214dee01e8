"""The weighers of this project."""
import math

from manila import exception
from manila.conf import CONF
from manila.scheduler.filters import capabilities, capacity, location
from manila.scheduler.pools import number
from manila.scheduler.weighers import base_host


class CapacityWeigher(base_host.BaseHostWeigher):
    """Prefers the pool with most GiB left; one that does not know comes last."""

    def weight_multiplier(self):
        return CONF.capacity_weight_multiplier

    def _weigh_object(self, host_state, weight_properties):
        if number(host_state.free_capacity_gb) is None or number(host_state.total_capacity_gb) is None:
            return -math.inf if self.weight_multiplier() > 0 else math.inf
        reserved = capacity.reserved_share(host_state, weight_properties)
        if capacity.thin_wanted(host_state, weight_properties):
            total = host_state.total_capacity_gb
            promised = number(host_state.provisioned_capacity_gb, 0)
            return math.floor(total * host_state.max_over_subscription_ratio - promised - total * reserved)
        return capacity.free_after_reserve(host_state, reserved)


class GoodnessWeigher(base_host.BaseHostWeigher):
    """Prefers the pool whose ``goodness_function`` gives most of 0..100."""

    def _weigh_object(self, host_state, weight_properties):
        if host_state.goodness_function is None:
            return 0
        try:
            value = capabilities.evaluate(host_state.goodness_function, host_state, weight_properties)
        except exception.EvaluatorParseException as error:
            capabilities.LOG.warning('Goodness function of pool %s: %s', host_state.host, error)
            return 0
        if isinstance(value, bool):
            return 100 if value else 0
        return value if number(value) is not None and 0 <= value <= 100 else 0


class HostAffinityWeigher(base_host.BaseHostWeigher):
    """Prefers the pool nearest to the snapshot that a share is made from."""

    SAME_POOL, SAME_BACKEND, SAME_ZONE, ELSEWHERE = 100, 75, 50, 25

    def _weigh_object(self, host_state, weight_properties):
        request = weight_properties.get('request_spec') or {}
        source = request.get('snapshot_host')
        if not request.get('snapshot_id') or not source:
            return 0
        if source == host_state.host:
            return self.SAME_POOL
        if location.backend_of(source) == host_state.backend_host:
            return self.SAME_BACKEND
        zone = weight_properties.get('snapshot_availability_zone_id')
        return self.SAME_ZONE if zone and zone == host_state.availability_zone_id else self.ELSEWHERE


class PoolWeigher(base_host.BaseHostWeigher):
    """Prefers pools that a share server of the back end uses already."""

    def weight_multiplier(self):
        return CONF.pool_weight_multiplier

    def _weigh_object(self, host_state, weight_properties):
        servers = host_state.server_pools_mapping or {}
        return int(any(pool['pool_name'] == host_state.pool_name
                       for pools in servers.values() for pool in pools))
