"""Snapshots of shares: making, removing, going back to them, and mounting them."""


class Snapshots:
    """What a driver does with snapshots."""

    @property
    def snapshots_are_supported(self):
        """Whether the driver can make and remove snapshots."""
        return self._has_redefined_driver_methods(('create_snapshot', 'delete_snapshot'))

    @property
    def creating_shares_from_snapshots_is_supported(self):
        """Whether the driver can make shares from its snapshots."""
        return self.snapshots_are_supported and \
            self._has_redefined_driver_methods(('create_share_from_snapshot',))

    def create_snapshot(self, context, snapshot, share_server=None):
        """Take a snapshot.

        :returns: None, or a dict with what to note of ``provider_location``, ``size``, ``status`` and, when
            snapshots can be mounted, ``export_locations``
        """
        raise NotImplementedError

    def delete_snapshot(self, context, snapshot, share_server=None):
        """Remove a snapshot; one that is gone already counts as removed."""
        raise NotImplementedError

    def revert_to_snapshot(self, context, snapshot, share_access_rules, snapshot_access_rules,
                           share_server=None):
        """Give a share back the content it had when the snapshot was taken; the snapshot stays.

        :returns: None, or the new size of the share in GiB
        """
        raise NotImplementedError

    def snapshot_update_access(self, context, snapshot, access_rules, add_rules, delete_rules,
                               share_server=None):
        """Make the access to a mountable snapshot equal to its rules.

        As :meth:`update_access` of shares; when both lists are empty, the state of the back end is unknown.
        """
        raise NotImplementedError
