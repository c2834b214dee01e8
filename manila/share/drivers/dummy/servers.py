"""Share servers of the dummy driver, and their migration."""

class Servers:
    """Making, changing and moving share servers."""

    def get_network_allocations_number(self):
        """A public port and a spare one."""
        return 2

    def get_admin_network_allocations_number(self):
        """A port for administrators, if there is a network for it."""
        return 1 if self.admin_network_api else 0

    def _setup_server(self, network_info, metadata=None):
        """Make a share server with the addresses of its ports."""
        identifier = network_info[0]['server_id']
        details = {'identifier': identifier, **_addresses_of(network_info)}
        with self._lock:
            self.array.put('server', identifier, {'name': identifier, 'details': details, 'managed': True})
        return details

    def _teardown_server(self, server_details, security_services=None):
        """Remove a share server; one that is gone already, or never was made, is no error."""
        identifier = (server_details or {}).get('identifier')
        if identifier:
            with self._lock:
                self.array.remove('server', identifier)

    def get_share_server_pools(self, share_server):
        """All pools serve all share servers."""
        return [{'pool_name': name} for name in self._pool_names]

    def choose_share_server_compatible_with_share(self, context, share_servers, share, snapshot=None,
                                                  share_group=None, encryption_key_ref=None):
        """A share server with the same encryption key."""
        fitting = [server for server in share_servers
                   if server.get('encryption_key_ref') == encryption_key_ref]
        return super().choose_share_server_compatible_with_share(
            context, fitting, share, snapshot=snapshot, share_group=share_group,
            encryption_key_ref=encryption_key_ref)

    def check_update_share_server_security_service(self, context, share_server, network_info, share_instances,
                                                   share_instance_rules, new_security_service,
                                                   current_security_service=None):
        """Any security service will do."""
        return True

    def update_share_server_security_service(self, context, share_server, network_info, share_instances,
                                             share_instance_rules, new_security_service,
                                             current_security_service=None):
        """All rules stay in force."""
        return {entry['share_instance_id']: {rule['access_id']: {'state': 'active'}
                                             for rule in entry['access_rules']}
                for entry in share_instance_rules}

    def check_update_share_server_network_allocations(self, context, share_server,
                                                      current_network_allocations,
                                                      new_share_network_subnet, security_services,
                                                      share_instances, share_instances_rules):
        """Any subnet will do."""
        return True

    def update_share_server_network_allocations(self, context, share_server, current_network_allocations,
                                                new_network_allocations, security_services, shares,
                                                snapshots):
        """The new addresses serve all shares too."""
        details = dict(share_server['backend_details'])
        new = [each['ip_address'] for each in new_network_allocations['network_allocations']]
        details['addresses'] = ','.join([*details['addresses'].split(','), *new])
        updates = self._move_to({**share_server, 'backend_details': details}, shares, snapshots)
        return {'share_updates': {share_id: update['export_locations']
                                  for share_id, update in updates['share_updates'].items()},
                'snapshot_updates': updates['snapshot_updates'], 'server_details': details}

    def update_share_network_subnet_from_metadata(self, context, share_network, share_network_subnet,
                                                  share_server, metadata):
        """Note metadata of a subnet with the share server."""
        identifier = share_server['backend_details']['identifier']
        with self._lock:
            record = self.array.get('server', identifier) or {'name': identifier, 'managed': True,
                                                              'details': share_server['backend_details']}
            self.array.put('server', identifier, {**record, 'subnet_metadata': dict(metadata)})

    # Migration of share servers: all at the destination.

    def share_server_migration_check_compatibility(self, context, share_server, dest_host, old_share_network,
                                                   new_share_network, shares_request_spec):
        """Between dummy back ends everything is possible."""
        possible = self._is_dummy(dest_host)
        return dict.fromkeys(('compatible', 'writable', 'nondisruptive', 'preserve_snapshots',
                              'migration_cancel', 'migration_get_progress'), possible)

    def share_server_migration_start(self, context, src_share_server, dest_share_server, shares, snapshots):
        """Begin; the share server is moved when it has been continued twice."""
        self._begin('server_migration', dest_share_server['id'])

    def share_server_migration_continue(self, context, src_share_server, dest_share_server, shares,
                                        snapshots):
        """Go on."""
        return self._advance('server_migration', dest_share_server['id']) == 100

    def share_server_migration_get_progress(self, context, src_share_server, dest_share_server, shares,
                                            snapshots):
        """How far it is."""
        return {'total_progress': self._progress('server_migration', dest_share_server['id'])}

    def share_server_migration_cancel(self, context, src_share_server, dest_share_server, shares, snapshots):
        """Give up."""
        self._finish('server_migration', dest_share_server['id'])

    def share_server_migration_complete(self, context, src_share_server, dest_share_server, shares, snapshots,
                                        new_network_info):
        """All shares have the addresses of the destination now."""
        self._finish('server_migration', dest_share_server['id'])
        details = {**dest_share_server.get('backend_details', {}), **_addresses_of(new_network_info)}
        return self._move_to({**dest_share_server, 'backend_details': details}, shares, snapshots)

    def _move_to(self, server, shares, snapshots):
        """What changes for shares and snapshots that are served by ``server`` from now on."""
        locations = {}
        for share in shares:
            with self._lock:
                known = self.array.get('share', share['id'])
                known = known or self._new_record({**share, 'host': None}, server)
                self._keep_share(share['id'], {**known, 'server': server['id']})
            locations[share['id']] = {'export_locations': self._locations(share, server),
                                      'pool_name': known['pool']}
        return {'share_updates': locations, 'server_backend_details': server['backend_details'],
                'snapshot_updates': {each['id']: self._snapshot_update(each, server) for each in snapshots}}


def _addresses_of(network_info):
    """The addresses of the ports of a share server, as its details keep them."""
    public = [port['ip_address'] for subnet in network_info for port in subnet['network_allocations']]
    admin = [port['ip_address'] for subnet in network_info
             for port in subnet.get('admin_network_allocations') or ()]
    return {'addresses': ','.join(public), **({'admin_address': admin[0]} if admin else {})}
