"""Replicas of shares on several back ends, and their snapshots."""


class Replication:
    """What a driver does with replicas.

    ``replica_list`` holds all replicas of a share, with their share servers. In :meth:`create_replica` and
    :meth:`update_replica_state` ``replica_snapshots`` is a list of dicts with ``active_replica_snapshot`` and
    ``share_replica_snapshot``; elsewhere it is the list of all instances of one snapshot.
    """

    def create_replica(self, context, replica_list, new_replica, access_rules, replica_snapshots,
                       share_server=None):
        """Make a further replica of a share, on this back end.

        :returns: None, or a dict with ``export_locations``, ``replica_state``, ``access_rules_status`` and
            ``share_access_rules`` (dicts with ``id`` and ``state``)
        """
        raise NotImplementedError

    def delete_replica(self, context, replica_list, replica_snapshots, replica, share_server=None):
        """Remove a replica from this back end, with its instances of snapshots."""
        raise NotImplementedError

    def promote_replica(self, context, replica_list, replica, access_rules, share_server=None,
                        quiesce_wait_time=None):
        """Make the replica on this back end the active one.

        :param quiesce_wait_time: most seconds to wait for the last transfer
        :returns: None (this one becomes active, the old one out of sync), or a list of dicts with ``id``,
            ``replica_state``, ``export_locations`` and ``access_rules_status``
        """
        raise NotImplementedError

    def update_replica_state(self, context, replica_list, replica, access_rules, replica_snapshots,
                             share_server=None):
        """Look whether a replica that is not active is up to date, and help it along if not.

        :returns: 'in_sync', 'out_of_sync', 'error', or None for no change
        """
        raise NotImplementedError

    def create_replicated_snapshot(self, context, replica_list, replica_snapshots, share_server=None):
        """Take a snapshot of a replicated share; called on the back end of the active replica.

        :returns: list of dicts with ``id`` and what to note of ``status``, ``provider_location``,
            ``progress``. Instances that stay in 'creating' are followed with
            :meth:`update_replicated_snapshot`.
        """
        raise NotImplementedError

    def revert_to_replicated_snapshot(self, context, active_replica, replica_list, active_replica_snapshot,
                                      replica_snapshots, share_access_rules, snapshot_access_rules,
                                      share_server=None):
        """Give a replicated share back the content it had when the snapshot was taken."""
        raise NotImplementedError

    def delete_replicated_snapshot(self, context, replica_list, replica_snapshots, share_server=None):
        """Remove a snapshot of a replicated share from all its replicas.

        :returns: list of dicts with ``id`` and ``status``; those with 'deleted' are forgotten
        """
        raise NotImplementedError

    def update_replicated_snapshot(self, context, replica_list, share_replica, replica_snapshots,
                                   replica_snapshot, share_server=None):
        """Look how far a snapshot is on a replica that is not active.

        :returns: None, or a dict with ``status``, ``provider_location`` and the like
        :raises manila.exception.SnapshotResourceNotFound: when it is not there: done, if it is being deleted
        """
        raise NotImplementedError
