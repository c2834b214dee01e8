"""Whether a pool has the room, with its reserve and over-subscription. Sizes are in GiB."""
import math

from oslo_utils import strutils

from manila.scheduler.filters import base_host
from manila.scheduler.pools import number

THIN_SPECS = ('thin_provisioning', 'capabilities:thin_provisioning')


def reserved_share(pool, filter_properties):
    """Part of the pool's total (0..1) that this kind of request may not use."""
    if filter_properties.get('is_share_extend'):
        percentage = pool.reserved_share_extend_percentage
    elif filter_properties.get('snapshot_id'):
        percentage = pool.reserved_snapshot_percentage
    else:
        percentage = pool.reserved_percentage
    return number(percentage, 0) / 100


def thin_wanted(pool, filter_properties):
    """Whether the share will be thin: the pool can, and the type does not refuse."""
    specs = base_host.extra_specs(filter_properties)
    wanted = next((specs[key] for key in THIN_SPECS if key in specs), 'true')
    return pool.thin and strutils.bool_from_string(str(wanted).replace('<is>', '').strip())


def free_after_reserve(pool, reserved):
    """Whole GiB that may still be used, from known capacities."""
    return math.floor(pool.free_capacity_gb - pool.total_capacity_gb * reserved)


class CapacityFilter(base_host.ExplainingFilter):
    """Passes pools with enough room for the share, or for its growth."""

    def refusal(self, host_state, filter_properties):
        if host_state.free_capacity_gb is None:
            return 'capacity: the free capacity is not reported'
        if number(host_state.free_capacity_gb) is None:
            return None    # unknown or infinite: the back end will say when it is full
        size = filter_properties.get('size_increase') or filter_properties.get('size') or 0
        reserved = reserved_share(host_state, filter_properties)
        if number(host_state.total_capacity_gb) is None:
            return self._of_unknown_total(host_state, size, reserved)
        if host_state.total_capacity_gb <= 0:
            return 'capacity: the pool has none'
        if thin_wanted(host_state, filter_properties):
            return self._thin(host_state, size, reserved)
        return self._thick(host_state, size, reserved)

    def _of_unknown_total(self, pool, size, reserved):
        if reserved:
            return f'capacity: {reserved * 100:g} % of an unknown total is reserved'
        if size > pool.free_capacity_gb:
            return f'capacity: {size} GiB wanted, {pool.free_capacity_gb:.10g} GiB free'
        return None

    def _thick(self, pool, size, reserved):
        free = free_after_reserve(pool, reserved)
        return _too_small(size, free, reserved) if size > free else None

    def _thin(self, pool, size, reserved):
        ratio, provisioned = pool.max_over_subscription_ratio, number(pool.provisioned_capacity_gb, 0)
        if ratio < 1:
            return f'capacity: a maximal over-subscription of {ratio} is below 1'
        if (provisioned + size) / pool.total_capacity_gb > ratio:
            return (f'capacity: {size} GiB wanted, {provisioned:.10g} GiB promised already, '
                    f'{ratio:g} times {pool.total_capacity_gb:.10g} GiB allowed')
        free = free_after_reserve(pool, reserved)
        if free * ratio < size:
            return f'{_too_small(size, free, reserved)}, over-subscription {ratio:g}'
        return None


def _too_small(size, free, reserved):
    return f'capacity: {size} GiB wanted, {max(free, 0)} GiB free after {reserved * 100:g} % reserved'
