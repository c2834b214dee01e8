"""Share servers: making them in a share network, and following changes of that network."""
from manila import exception
from manila.i18n import _


class Servers:
    """How a driver that handles share servers does so."""

    #: Whether security services of a share network in use can be added and replaced; noted with each new
    #: server.
    security_service_update_support = False

    #: Whether subnets can be added to a share network in use; noted with each share server that is made.
    network_allocation_update_support = False

    #: Protocol (lower case) -> types of security service of which the share network needs one.
    dhss_mandatory_security_service_association = {}

    #: 'share', 'share_server' or a list of them: what can be encrypted with the user's key; None for nothing.
    encryption_support = None

    @property
    def max_shares_per_share_server(self):
        """Most shares on one share server; -1 for no limit."""
        return self._limit('max_shares_per_share_server')

    @property
    def max_share_server_size(self):
        """Most GiB of all shares on one share server; -1 for no limit."""
        return self._limit('max_share_server_size')

    def _limit(self, option):
        value = self.configuration.safe_get(option) if self.configuration else None
        return -1 if value is None else value

    @property
    def admin_network_api(self):
        """The network plug-in for administrative ports, None without share servers or such ports."""
        return getattr(self, '_admin_network_api', None)

    def setup_server(self, *args, **kwargs):
        """Make a share server.

        An exception may carry ``detail_data={'server_details': {...}}`` with what was made so far.

        :returns: dict of texts, given back as ``server_details`` later; ``identifier`` in it names the server
        """
        return self._setup_server(*args, **kwargs)

    def _setup_server(self, network_info, metadata=None):
        """Make a share server.

        :param network_info: list of dicts, one for each subnet
        :param metadata: dict; what the request says besides: ``share_type_id``, ``encryption_key_ref`` and
            more
        """
        raise NotImplementedError

    def teardown_server(self, *args, **kwargs):
        """Remove a share server."""
        return self._teardown_server(*args, **kwargs)

    def _teardown_server(self, server_details, security_services=None):
        """Remove the share server of which :meth:`setup_server` returned the details."""
        raise NotImplementedError

    def get_share_server_pools(self, share_server):
        """The pools in which a share server can have shares: list of dicts with ``pool_name``."""
        return []

    def choose_share_server_compatible_with_share(self, context, share_servers, share, snapshot=None,
                                                  share_group=None, encryption_key_ref=None):
        """Choose the share server for a share.

        :param share_servers: candidates within the limits
        :returns: one of them, or None to have a new one made
        """
        if share_group and share_group.get('share_server_id'):
            wanted = share_group['share_server_id']
            return next((server for server in share_servers if server['id'] == wanted), None)
        return share_servers[0] if share_servers else None

    def choose_share_server_compatible_with_share_group(self, context, share_servers, share_group_ref,
                                                        share_group_snapshot=None):
        """Choose the share server for a share group; as for a share."""
        return share_servers[0] if share_servers else None

    # Network allocations: the ports of a share server, which the network plug-in makes.

    def get_network_allocations_number(self):
        """How many ports a share server needs in each subnet; 0 when the driver makes them itself."""
        raise NotImplementedError

    def get_admin_network_allocations_number(self):
        """How many administrative ports a share server needs."""
        return 0

    def allocate_network(self, context, share_server, share_network, share_network_subnet, count=None,
                         **kwargs):
        """Have the ports of a share server made in a subnet."""
        count = self.get_network_allocations_number() if count is None else count
        if count:
            self.network_api.allocate_network(context, share_server, share_network=share_network,
                                              share_network_subnet=share_network_subnet, count=count,
                                              **kwargs)

    def allocate_admin_network(self, context, share_server, count=None, **kwargs):
        """Have the administrative ports of a share server made.

        :raises manila.exception.NetworkBadConfigurationException: when no network plug-in is configured for
            them
        """
        count = self.get_admin_network_allocations_number() if count is None else count
        if not count:
            return
        if not self.admin_network_api:
            raise exception.NetworkBadConfigurationException(
                reason=_('The driver needs administrative ports, but admin_network_config_group is not set.'))
        self.admin_network_api.allocate_network(context, share_server, count=count, **kwargs)

    def update_network_allocation(self, context, share_server):
        """Have the network follow a change of a share server."""
        if self.get_network_allocations_number():
            self.network_api.update_network_allocation(context, share_server)

    def update_admin_network_allocation(self, context, share_server):
        """Have the administrative network follow a change of a share server."""
        if self.get_admin_network_allocations_number() and self.admin_network_api:
            self.admin_network_api.update_network_allocation(context, share_server)

    def deallocate_network(self, context, share_server_id, share_network=None, share_network_subnet=None):
        """Have all ports of a share server removed."""
        if self.get_network_allocations_number():
            self.network_api.deallocate_network(context, share_server_id, share_network=share_network,
                                                share_network_subnet=share_network_subnet)

    # Changes of a share network in use.

    def check_update_share_server_security_service(self, context, share_server, network_info, share_instances,
                                                   share_instance_rules, new_security_service,
                                                   current_security_service=None):
        """Whether a share server can take a new security service, or one in place of another."""
        raise NotImplementedError

    def update_share_server_security_service(self, context, share_server, network_info, share_instances,
                                             share_instance_rules, new_security_service,
                                             current_security_service=None):
        """Give a share server a new security service, or one in place of another.

        :returns: None, or updates of access rules: {share instance id: {access id: {'access_key', 'state'}}}
        """
        raise NotImplementedError

    def check_update_share_server_network_allocations(self, context, share_server,
                                                      current_network_allocations,
                                                      new_share_network_subnet, security_services,
                                                      share_instances, share_instances_rules):
        """Whether a share server can be connected to a further subnet."""
        raise NotImplementedError

    def update_share_server_network_allocations(self, context, share_server, current_network_allocations,
                                                new_network_allocations, security_services, shares,
                                                snapshots):
        """Connect a share server to a further subnet.

        :returns: dict with ``share_updates`` (export locations by share instance id), ``snapshot_updates``
            (by snapshot instance id) and ``server_details``
        """
        raise NotImplementedError

    def update_share_network_subnet_from_metadata(self, context, share_network, share_network_subnet,
                                                  share_server, metadata):
        """Act on changed metadata of a subnet; called for keys in driver_updatable_subnet_metadata."""
        raise NotImplementedError
