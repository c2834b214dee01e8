"""The scheduler's picture of all pools, made from the reports of the back ends and kept in memory.

A report replaces the :class:`PoolState` objects of its back end; between two reports only
:meth:`PoolState.consume` changes them. Readers get the objects themselves: reading 200 pools copies nothing.
"""
import datetime
import re
import threading

from oslo_utils import strutils, timeutils

from manila import exception
from manila.conf import CONF
from manila.scheduler import capabilities as matching

UNKNOWN = frozenset(['unknown', 'infinite'])

#: What a pool takes from the report of its back end unless it says something else itself.
INHERITED = (
    'share_backend_name', 'storage_protocol', 'vendor_name', 'driver_version', 'driver_handles_share_servers',
    'snapshot_support', 'create_share_from_snapshot_support', 'revert_to_snapshot_support',
    'mount_snapshot_support', 'snapshot_inherit_share_access_support', 'dedupe', 'compression',
    'replication_type', 'replication_domain', 'sg_consistent_snapshot_support',
    'security_service_update_support', 'network_allocation_update_support',
    'share_server_multiple_subnet_support', 'share_replicas_migration_support', 'encryption_support',
    'qos_type_support', 'ipv4_support', 'ipv6_support', 'filter_function', 'goodness_function',
    'server_pools_mapping', 'timestamp')

#: What counts when neither the pool nor its back end says anything.
DEFAULTS = {
    'total_capacity_gb': 'unknown', 'free_capacity_gb': 'unknown', 'allocated_capacity_gb': 0,
    'reserved_percentage': 0, 'reserved_snapshot_percentage': 0, 'reserved_share_extend_percentage': 0,
    'qos': False, 'snapshot_support': False, 'create_share_from_snapshot_support': False,
    'revert_to_snapshot_support': False, 'mount_snapshot_support': False,
    'share_server_multiple_subnet_support': False, 'mount_point_name_support': False,
    'snapshot_inherit_share_access_support': False}

#: Attributes of every pool that have no default above; None when unreported.
OPTIONAL = ('provisioned_capacity_gb', 'max_over_subscription_ratio', 'thin_provisioning',
            'replication_type', 'replication_domain', 'dedupe', 'compression', 'filter_function',
            'goodness_function', 'server_pools_mapping', 'sg_consistent_snapshot_support',
            'share_backend_name', 'storage_protocol', 'vendor_name', 'driver_version',
            'driver_handles_share_servers')


class PoolState:
    """One pool as filters and weighers see it (their ``host_state``).

    Every reported key is an attribute and stands in ``capabilities``; capacities are in GiB or ``'unknown'``.

    :ivar host: ``host@backend#pool``
    :ivar backend_host: ``host@backend``
    :ivar service: dict of the back end's service: id, host, disabled, up, updated_at, availability_zone_id,
        availability_zone (with id and name)
    """

    def __init__(self, backend_host, capabilities, service):
        for key in OPTIONAL:
            setattr(self, key, None)
        for key, value in capabilities.items():
            if isinstance(key, str) and not hasattr(type(self), key):
                setattr(self, key, value)
        self.backend_host = backend_host
        self.pool_name = capabilities['pool_name']
        self.host = f'{backend_host}#{self.pool_name}'
        self.capabilities = capabilities
        self.service = service
        self.updated = capabilities.get('timestamp')
        if self.max_over_subscription_ratio is None:
            self.max_over_subscription_ratio = CONF.max_over_subscription_ratio

    @property
    def availability_zone_id(self):
        """Id of the back end's availability zone."""
        return self.service['availability_zone_id']

    @property
    def availability_zone(self):
        """Name of the back end's availability zone."""
        return self.service['availability_zone']['name']

    @property
    def thin(self):
        """Whether the pool can make thin shares."""
        offered = self.thin_provisioning
        values = offered if isinstance(offered, (list, tuple, set)) else [offered]
        return any(strutils.bool_from_string(value) for value in values)

    @property
    def only_thin(self):
        """Whether all shares in the pool are thin."""
        return self.thin and not isinstance(self.thin_provisioning, (list, tuple, set))

    def consume(self, size):
        """Count a share of ``size`` GiB that is being made here, until the next report does.

        In a pool that is thin only, it takes no room before it is written to: there the promised sizes grow.
        """
        self.allocated_capacity_gb = number(self.allocated_capacity_gb, 0) + size
        if self.provisioned_capacity_gb is not None:
            self.provisioned_capacity_gb += size
        if number(self.free_capacity_gb) is not None and not self.only_thin:
            self.free_capacity_gb -= size

    def __repr__(self):
        return f'<PoolState {self.host} free={self.free_capacity_gb} total={self.total_capacity_gb}>'


def number(value, default=None):
    """A capacity in GiB as a number; ``default`` when it is unknown or missing."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else default


class Pools:
    """All back ends that have reported; safe for several threads.

    :param provisioned: function of a pool's full host that gives the GiB of all share instances there; asked
        for thin pools that do not report ``provisioned_capacity_gb`` themselves
    """

    def __init__(self, provisioned=None):
        self._provisioned = provisioned
        self._backends = {}
        self._lock = threading.Lock()

        #: Held by who chooses until it has consumed, so that two requests do not get the same last room.
        #: Reports do not wait for it: a filter from elsewhere may be slow.
        self.placing = threading.RLock()

    def update(self, host, capabilities, timestamp, zone_id=None, zone_name=None, disabled=False, up=True,
               service=None):
        """Take in a report of a back end.

        :param host: ``host@backend``
        :param capabilities: the dict the driver reported
        :param timestamp: when it was made: datetime, ISO 8601 text or seconds. An older report than the known
            one is ignored; one of the same time only updates zone, disabled and up
        :param disabled: whether an administrator took the back end out of service
        :param up: whether the service is alive
        :param service: further columns of the service row (id, updated_at ...) for filters that want them
        :returns: whether the pools were replaced
        """
        moment = _seconds(timestamp)
        service = {'host': host, **(service or {}), 'disabled': disabled, 'up': up,
                   'availability_zone_id': zone_id, 'availability_zone': {'id': zone_id, 'name': zone_name}}
        with self._lock:
            known = self._backends.get(host)
            if known and moment <= known.moment:
                if moment == known.moment:
                    known.service.update(service)
                return False
        fresh = _Backend(moment, service, self._build(host, capabilities, timestamp, service))
        with self._lock:
            known = self._backends.get(host)
            if known is None or known.moment < moment:
                self._backends[host] = fresh
        return True

    def _build(self, host, capabilities, timestamp, service):
        pools = {}
        for merged in _merge(host, capabilities, timestamp):
            pool = PoolState(host, merged, service)
            if pool.thin and pool.provisioned_capacity_gb is None:
                pool.provisioned_capacity_gb = (self._provisioned(pool.host) if self._provisioned
                                                else pool.allocated_capacity_gb)
            pools[pool.host] = pool
        return pools

    def mark(self, host, disabled=None, up=None):
        """Note that a back end was disabled or enabled, or its service went down or came back."""
        news = {key: value for key, value in (('disabled', disabled), ('up', up)) if value is not None}
        with self._lock:
            if host in self._backends:
                self._backends[host].service.update(news)

    def remove(self, host):
        """Forget a back end."""
        with self._lock:
            self._backends.pop(host, None)

    def hosts(self):
        """``host@backend`` of every back end that has reported, whatever its state."""
        with self._lock:
            return list(self._backends)

    def all(self, include_disabled=False):
        """Pools of the back ends that are up and enabled.

        :param include_disabled: also those an administrator disabled, not those that are down
        """
        with self._lock:
            return [pool for backend in self._backends.values()
                    if backend.service['up'] and (include_disabled or not backend.service['disabled'])
                    for pool in backend.pools.values()]

    def find(self, host):
        """The pool with this full host, whatever its back end's state; None when unknown.

        :param host: without a pool name, it stands for any pool of the back end
        """
        backend_host, _, name = host.partition('#')
        with self._lock:
            backend = self._backends.get(backend_host)
            if backend is None:
                return None
            return backend.pools.get(host) if name else next(iter(backend.pools.values()), None)

    def list(self, filters=None, extra_specs=None):
        """Describe pools for the pools API.

        :param filters: ``host``, ``backend``, ``pool``: regular expressions that match from the start of the
            name's part; ``capabilities``: dict compared like extra specs
        :param extra_specs: extra specs that the pools have to satisfy
        :returns: dicts with name, host, backend, pool, capabilities, sorted by name
        :raises manila.exception.InvalidInput: when a regular expression is none
        """
        filters = filters or {}
        patterns = {part: _pattern(part, filters[part])
                    for part in ('host', 'backend', 'pool') if filters.get(part)}
        wanted = {**(filters.get('capabilities') or {}), **(extra_specs or {})}
        found = (_describe(pool) for pool in self.all()
                 if matching.extra_specs_satisfied(pool.capabilities, wanted).satisfied)
        return sorted((row for row in found
                       if all(pattern.match(row[part] or '') for part, pattern in patterns.items())),
                      key=lambda row: row['name'])


class _Backend:
    """Last report of one back end."""

    def __init__(self, moment, service, pools):
        self.moment = moment
        self.service = service    # shared by the pools: a change is seen by all of them
        self.pools = pools


def _merge(host, report, timestamp):
    """Yield the complete capabilities of each pool of a report."""
    backend = {**report, 'timestamp': timestamp if isinstance(timestamp, str) else _iso(timestamp),
               'sg_consistent_snapshot_support':
                   (report.get('share_group_stats') or {}).get('consistent_snapshot_support')}
    pools = backend.pop('pools', None)
    if pools is None:
        name = report.get('pool_name') or report.get('share_backend_name') or host.partition('@')[2] or host
        pools = [{**backend, 'pool_name': name}]
    inherited = {key: backend[key] for key in INHERITED if key in backend}
    for pool in pools:
        yield {**DEFAULTS, **inherited, **pool}


def _describe(pool):
    host, _, backend = pool.backend_host.partition('@')
    return {'name': pool.host, 'host': host, 'backend': backend or None, 'pool': pool.pool_name,
            'capabilities': pool.capabilities}


def _pattern(part, text):
    try:
        return re.compile(text)
    except re.error as error:
        raise exception.InvalidInput(reason=f'{part} is no regular expression: {error}')


def _seconds(timestamp):
    """Seconds since the epoch; times without a zone are UTC."""
    if isinstance(timestamp, str):
        timestamp = timeutils.parse_isotime(timestamp)
    if isinstance(timestamp, datetime.datetime):
        zone = timestamp.tzinfo or datetime.timezone.utc
        return timestamp.replace(tzinfo=zone).timestamp()
    return float(timestamp)


def _iso(timestamp):
    moment = datetime.datetime.fromtimestamp(_seconds(timestamp), datetime.timezone.utc)
    return moment.replace(tzinfo=None).isoformat()
