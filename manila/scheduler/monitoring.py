"""What a scheduler tells Prometheus of the whole service: its back ends and pools."""
from prometheus_client.core import GaugeMetricFamily as Gauge

from manila.resources.services import store as services
from manila.scheduler.pools import number

_CAPACITIES = {
    'total': ('total_capacity_gb', 'Capacity of a pool.'),
    'free': ('free_capacity_gb', 'What is free of it.'),
    'allocated': ('allocated_capacity_gb', 'What its shares take, as the driver counts.'),
    'provisioned': ('provisioned_capacity_gb', 'The sizes of its shares.'),
}


def sources(role):
    """What a scheduler counts for :class:`manila.metrics.census.Census`."""
    return service_states, lambda context: capacities(context, role.scheduler)


def service_states(context):
    """Whether each service is alive, and enabled."""
    up = Gauge('manila_service_up', 'Whether a service is alive.', labels=('binary', 'host'))
    enabled = Gauge('manila_service_enabled', 'Whether new shares may be placed there.', labels=('binary', 'host'))
    for row in services.find(context):
        up.add_metric((row['binary'], row['host']), row['up'])
        enabled.add_metric((row['binary'], row['host']), not row['disabled'])
    return [up, enabled]


def capacities(context, scheduler):
    """The capacities of all pools in GiB, as a scheduler knows them; unknown ones are left out."""
    pools = []
    if scheduler is not None:
        scheduler.refresh(context)
        pools = scheduler.pools.all(include_disabled=True)
    return [_capacity(pools, f'manila_pool_{name}_capacity_gib', *what) for name, what in _CAPACITIES.items()]


def _capacity(pools, name, attribute, text):
    gauge = Gauge(name, text, labels=('pool',))
    for pool in pools:
        value = number(getattr(pool, attribute, None))
        if value is not None:
            gauge.add_metric((pool.host,), value)
    return gauge
