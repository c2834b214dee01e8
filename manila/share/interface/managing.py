"""Taking existing shares, snapshots and share servers under management, and letting them go again."""


class Managing:
    """How a driver adopts what it has not made."""

    def manage_existing(self, share, driver_options):
        """Take over the share that the export location of ``share`` names; without share servers.

        :param driver_options: dict of hints for the driver, given by the administrator
        :returns: dict with ``size`` (GiB) and, if they change, ``export_locations`` and other fields
        :raises manila.exception.ManageInvalidShare: when it cannot be taken over
        :raises manila.exception.ManageExistingShareTypeMismatch: when it does not fit its share type
        """
        raise NotImplementedError

    def manage_existing_with_server(self, share, driver_options, share_server=None):
        """As :meth:`manage_existing`, for a share on a share server."""
        raise NotImplementedError

    def unmanage(self, share):
        """Prepare for a share being no longer managed; its data stay. Without share servers.

        :raises manila.exception.InvalidShare: when that cannot be
        """

    def unmanage_with_server(self, share, share_server=None):
        """As :meth:`unmanage`, for a share on a share server."""

    def manage_existing_snapshot(self, snapshot, driver_options):
        """Take over the snapshot that ``provider_location`` names; without share servers.

        :returns: dict with what is to be noted of ``size``, ``provider_location`` and ``export_locations``
        :raises manila.exception.ManageInvalidShareSnapshot: when it cannot be taken over
        """
        raise NotImplementedError

    def manage_existing_snapshot_with_server(self, snapshot, driver_options, share_server=None):
        """As :meth:`manage_existing_snapshot`, for a share on a share server."""
        raise NotImplementedError

    def unmanage_snapshot(self, snapshot):
        """Prepare for a snapshot being no longer managed; it stays. Without share servers.

        :raises manila.exception.UnmanageInvalidShareSnapshot: when that cannot be
        """

    def unmanage_snapshot_with_server(self, snapshot, share_server=None):
        """As :meth:`unmanage_snapshot`, for a share on a share server."""

    def get_share_server_network_info(self, context, share_server, identifier, driver_options):
        """The IP addresses of a share server that is to be managed, as list of texts."""
        raise NotImplementedError

    def manage_server(self, context, share_server, identifier, driver_options):
        """Take over a share server that exists.

        :param identifier: how the storage calls it
        :returns: (new identifier or None, dict of back-end details)
        """
        raise NotImplementedError

    def unmanage_server(self, server_details, security_services=None):
        """Prepare for a share server being no longer managed; it stays."""
        raise NotImplementedError
