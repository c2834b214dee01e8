"""What a driver reports about itself: capacity, capabilities, and what decides about placement."""
from manila import exception
from manila.i18n import _


class Stats:
    """The report of a driver to the scheduler."""

    #: Whether the driver can serve IPv6 clients; :meth:`get_configured_ip_versions` then says what is set up.
    ipv6_implemented = False

    #: Whether QoS types are understood.
    qos_type_support = False

    @property
    def replication_domain(self):
        """The name shared by the back ends that can replicate shares among each other, or None."""
        return self.configuration.safe_get('replication_domain') if self.configuration else None

    def get_share_stats(self, refresh=False):
        """The report: a dict of capabilities, with a list of pools in ``pools``.

        :param refresh: whether to find it out anew
        """
        if refresh:
            self._update_share_stats()
        return self._stats

    def _update_share_stats(self, data=None):
        """Find the report out anew; drivers override this and pass on what they know.

        :param data: dict that goes over the defaults
        """
        stats = {
            'share_backend_name': self._backend_name(),
            'driver_handles_share_servers': self.driver_handles_share_servers,
            'vendor_name': 'Open Source',
            'driver_version': '1.0',
            'storage_protocol': None,
            'total_capacity_gb': 'unknown',
            'free_capacity_gb': 'unknown',
            'reserved_percentage': 0,
            'reserved_snapshot_percentage': 0,
            'reserved_share_extend_percentage': 0,
            'qos': False,
            'pools': self.pools or None,
            **self._capabilities(),
            **(data or {}),
        }
        group_stats = stats.get('share_group_stats') or {}
        stats['share_group_stats'] = {
            'consistent_snapshot_support': group_stats.get('consistent_snapshot_support')}
        for pool in stats['pools'] or ():
            if pool.get('filter_function') is None:
                pool['filter_function'] = self.get_filter_function(pool=pool)
        self.add_ip_version_capability(stats)
        self._stats = stats

    def _backend_name(self):
        if not self.configuration:
            return type(self).__name__
        return self.configuration.safe_get('share_backend_name') or self.configuration.config_group \
            or type(self).__name__

    def _capabilities(self):
        """What the driver's class and options say it can do."""
        capabilities = {
            'snapshot_support': self.snapshots_are_supported,
            'create_share_from_snapshot_support': self.creating_shares_from_snapshots_is_supported,
            'revert_to_snapshot_support': False,
            'mount_snapshot_support': False,
            'snapshot_inherit_share_access_support': False,
            'mount_point_name_support': False,
            'share_server_multiple_subnet_support': False,
            'security_service_update_support': self.security_service_update_support,
            'network_allocation_update_support': self.network_allocation_update_support,
            'share_replicas_migration_support': self.share_replicas_migration_support,
            'encryption_support': self.encryption_support,
            'qos_type_support': self.qos_type_support,
            'replication_domain': self.replication_domain,
            'filter_function': self.get_filter_function(),
            'goodness_function': self.get_goodness_function(),
        }
        if self.driver_handles_share_servers:
            capabilities['max_shares_per_share_server'] = self.max_shares_per_share_server
            capabilities['max_share_server_size'] = self.max_share_server_size
        return capabilities

    def get_filter_function(self, pool=None):
        """The expression that says whether the back end, or a pool, may take a share; None for always."""
        return self._option('filter_function') or self.get_default_filter_function(pool=pool)

    def get_goodness_function(self):
        """The expression that says how well the back end suits a share; None for equally."""
        return self._option('goodness_function') or self.get_default_goodness_function()

    def _option(self, name):
        return self.configuration.safe_get(name) if self.configuration else None

    def get_default_filter_function(self, pool=None):
        """The filter function when no option names one."""

    def get_default_goodness_function(self):
        """The goodness function when no option names one."""

    def get_configured_ip_versions(self):
        """The IP versions that clients can come with: list of 4 and 6."""
        return [4]

    def add_ip_version_capability(self, data):
        """Add ``ipv4_support`` and ``ipv6_support`` to a report.

        :raises manila.exception.NetworkBadConfigurationException: when driver and network plug-ins have
            no IP version in common
        """
        self.ip_versions = set(self.get_configured_ip_versions())
        if self.driver_handles_share_servers:
            self.ip_versions &= set(self.network_api.enabled_ip_versions)
            if self.admin_network_api:
                self.ip_versions &= set(self.admin_network_api.enabled_ip_versions)
            if not self.ip_versions:
                raise exception.NetworkBadConfigurationException(
                    reason=_('driver and network plug-ins have no IP version in common.'))
        data['ipv4_support'] = 4 in self.ip_versions
        data['ipv6_support'] = 6 in self.ip_versions
        return data

    def get_periodic_hook_data(self, context, share_instances):
        """What periodic hooks are called with; by default the share instances themselves."""
        return share_instances
