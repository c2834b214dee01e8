"""The dummy driver, assembled from its parts, and what it reports."""
import threading

from oslo_utils import strutils

from manila.share import driver
from manila.share.drivers.dummy import (
    array,
    backups,
    faults,
    managing,
    migration,
    options,
    progress,
    replicas,
    servers,
    shares,
    snapshots,
)


class DummyDriver(shares.Shares, snapshots.Snapshots, managing.Managing, replicas.Replicas, servers.Servers,
                  migration.Migration, backups.Backups, progress.Progress, driver.ShareDriver):
    """A driver that only keeps books; see the package for what it is good for.

    ``array`` is what exists, ``faults`` what goes wrong.
    """

    create_is_idempotent = True
    ipv6_implemented = True
    qos_type_support = True
    security_service_update_support = True
    network_allocation_update_support = True
    share_replicas_migration_support = True

    def __init__(self, *args, **kwargs):
        super().__init__((True, False), *args, config_opts=[options.dummy_opts], **kwargs)
        self._lock = threading.RLock()
        self._read_options()
        use_notes = self.configuration.dummy_driver_use_private_storage
        self._notes = kwargs.get('private_storage') if use_notes else None
        path = self.configuration.dummy_driver_state_file
        state_file = array.StateFile(path) if path else None
        self.array = array.FileArray(state_file, self._backend) if state_file else array.MemoryArray()
        self.faults = faults.Faults(self, self._backend, state_file)
        self._plan_faults(wrap_all=state_file is not None)
        if self.driver_handles_share_servers:
            self.encryption_support = ['share_server']

    def _read_options(self):
        # Read once: an option costs more than a whole call of this driver.
        configuration = self.configuration
        self._backend = configuration.config_group or 'DEFAULT'
        self._pool_names = configuration.dummy_driver_pools
        self._total_capacity = configuration.dummy_driver_total_capacity_gb
        self._used_part = configuration.dummy_driver_used_percentage / 100
        self._own_addresses = configuration.dummy_driver_addresses
        self._own_admin_address = configuration.dummy_driver_admin_address
        self._replication_type = configuration.dummy_driver_replication_type
        self._async_clone = configuration.dummy_driver_async_clone

    def _plan_faults(self, wrap_all):
        if wrap_all:
            for method in methods():
                self.faults.wrap(method)
        for method, seconds in self.configuration.dummy_driver_driver_methods_delays.items():
            self.faults.plan(method, delay=seconds)
        for method, text in self.configuration.dummy_driver_failures.items():
            error, times = faults.parse_failure(text)
            self.faults.plan(method, error=error, times=times)

    def get_configured_ip_versions(self):
        """The versions of the addresses; those of share servers come from their networks."""
        if self.driver_handles_share_servers:
            return [4, 6]
        return sorted({6 if ':' in address else 4 for address in self._own_addresses})

    def _update_share_stats(self, data=None):
        """Report pools with their capacity, and capabilities."""
        replicated = bool(self.replication_domain)
        wanted = {name: _value(text)
                  for name, text in self.configuration.dummy_driver_report_capabilities.items()}
        capabilities = {
            'storage_protocol': 'NFS_CIFS',
            'thin_provisioning': False,
            'dedupe': [True, False],
            'compression': [True, False],
            'revert_to_snapshot_support': True,
            'mount_snapshot_support': True,
            'mount_point_name_support': True,
            'share_server_multiple_subnet_support': True,
            'replication_type': self._replication_type if replicated else None,
            'share_group_stats': {'consistent_snapshot_support': 'pool'},
            **wanted,
        }
        pools = [{**self._pool_stats(name), **wanted} for name in self._pool_names]
        super()._update_share_stats({**capabilities, 'pools': pools, **(data or {})})

    def _pool_stats(self, name):
        configuration = self.configuration
        with self._lock:
            used = self.array.used(name)
        return {
            'pool_name': name,
            'total_capacity_gb': self._total_capacity,
            'free_capacity_gb': self._total_capacity - used,
            'allocated_capacity_gb': used,
            'reserved_percentage': configuration.reserved_share_percentage,
            'reserved_snapshot_percentage': configuration.reserved_share_from_snapshot_percentage
            or configuration.reserved_share_percentage,
            'reserved_share_extend_percentage': configuration.reserved_share_extend_percentage
            or configuration.reserved_share_percentage,
            'thin_provisioning': False,
            'dedupe': [True, False],
            'compression': [True, False],
            'qos': False,
        }


def methods():
    """The methods of the driver that the service calls."""
    return sorted({name for part in driver.ShareDriver.__mro__[:-1] for name, value in vars(part).items()
                   if callable(value) and not name.startswith('_')})


def _value(text):
    """The value of a capability that the configuration states."""
    if text.lower() == 'none':
        return None
    try:
        return float(text) if '.' in text else int(text)
    except ValueError:
        pass
    try:
        return strutils.bool_from_string(text, strict=True)
    except ValueError:
        return text
