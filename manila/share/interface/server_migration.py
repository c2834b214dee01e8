"""Moving share servers, with all their shares, to another back end or network."""


class ServerMigration:
    """How a driver moves share servers. All calls go to the driver of the destination.

    ``shares`` and ``snapshots`` are those on the source server.
    """

    #: Whether share servers with replicated shares can be moved; noted with each share server that is made.
    share_replicas_migration_support = False

    def share_server_migration_check_compatibility(self, context, share_server, dest_host, old_share_network,
                                                   new_share_network, shares_request_spec):
        """Whether, and with which properties, a share server can be moved here.

        :param shares_request_spec: dict with ``shares_size``, ``snapshots_size`` (GiB) and
            ``shares_req_spec``
        :returns: dict of booleans: ``compatible``, ``writable``, ``nondisruptive``, ``preserve_snapshots``,
            ``migration_cancel``, ``migration_get_progress``; optionally ``share_network_id``
        """
        return {'compatible': False, 'writable': False, 'nondisruptive': False, 'preserve_snapshots': False,
                'migration_cancel': False, 'migration_get_progress': False}

    def share_server_migration_start(self, context, src_share_server, dest_share_server, shares, snapshots):
        """Begin to move a share server; must return soon.

        :returns: None, or a dict with ``backend_details`` to note with the destination server
        """
        raise NotImplementedError

    def share_server_migration_continue(self, context, src_share_server, dest_share_server, shares,
                                        snapshots):
        """Go on with the migration of a share server.

        :returns: whether the first phase is over, so that the migration can be completed
        """
        raise NotImplementedError

    def share_server_migration_get_progress(self, context, src_share_server, dest_share_server, shares,
                                            snapshots):
        """How far the migration of a share server is.

        :returns: dict with ``total_progress``, a percentage
        """
        raise NotImplementedError

    def share_server_migration_cancel(self, context, src_share_server, dest_share_server, shares, snapshots):
        """Give the migration of a share server up before it is completed."""
        raise NotImplementedError

    def share_server_migration_complete(self, context, src_share_server, dest_share_server, shares, snapshots,
                                        new_network_info):
        """Switch over to the destination server.

        :returns: dict with ``share_updates`` (by share instance id: ``export_locations``, ``pool_name``),
            ``snapshot_updates`` (by snapshot instance id: ``provider_location``, ``export_locations``) and,
            when the source server goes on in use, ``server_backend_details``
        """
        raise NotImplementedError
