"""Replicas of the dummy driver. They are always in sync."""
from manila.common import constants
from manila.share import utils as share_utils
from manila.share.drivers.dummy import shares, snapshots


class Replicas:
    """Making, promoting and removing replicas, and their snapshots."""

    def create_replica(self, context, replica_list, new_replica, access_rules, replica_snapshots,
                       share_server=None):
        """Make a replica here, with the instances of snapshots that belong to it."""
        locations = self.create_share(context, new_replica, share_server)
        with self._lock:
            record = self._share(new_replica, share_server)
            rules = shares.change_rules(record['rules'], access_rules, (), (), ())
            self.array.put('share', new_replica['id'], {**record, 'rules': rules})
            for pair in replica_snapshots:
                snapshot = pair['share_replica_snapshot']
                self.array.put('snapshot', snapshot['id'], snapshots.snapshot_record(snapshot))
        writable = self._replication_type == constants.REPLICATION_TYPE_WRITABLE
        return {
            'export_locations': locations,
            'replica_state': constants.REPLICA_STATE_ACTIVE if writable else constants.REPLICA_STATE_IN_SYNC,
            'access_rules_status': constants.SHARE_INSTANCE_RULES_ACTIVE,
        }

    def delete_replica(self, context, replica_list, replica_snapshots, replica, share_server=None):
        """Remove the replica here, with its instances of snapshots."""
        with self._lock:
            for snapshot in replica_snapshots:
                self.array.remove('snapshot', snapshot['id'])
        self.delete_share(context, replica, share_server)

    def promote_replica(self, context, replica_list, replica, access_rules, share_server=None,
                        quiesce_wait_time=None):
        """Make a replica the active one; the others are in sync with it at once."""
        with self._lock:
            self._share(replica, share_server)
        states = {replica['id']: constants.REPLICA_STATE_ACTIVE}
        return [{'id': each['id'], 'replica_state': states.get(each['id'], constants.REPLICA_STATE_IN_SYNC)}
                for each in replica_list]

    def update_replica_state(self, context, replica_list, replica, access_rules, replica_snapshots,
                             share_server=None):
        """A replica that exists is in sync."""
        with self._lock:
            self._share(replica, share_server)
        return constants.REPLICA_STATE_IN_SYNC

    def create_replicated_snapshot(self, context, replica_list, replica_snapshots, share_server=None):
        """Take a snapshot of all replicas at once."""
        for snapshot, array in self._arrays_of(replica_list, replica_snapshots):
            array.put('snapshot', snapshot['id'], snapshots.snapshot_record(snapshot))
        return [{'id': snapshot['id'], 'status': constants.STATUS_AVAILABLE, 'progress': '100%',
                 'provider_location': snapshots.snapshot_name(snapshot)} for snapshot in replica_snapshots]

    def delete_replicated_snapshot(self, context, replica_list, replica_snapshots, share_server=None):
        """Remove a snapshot from all replicas at once."""
        for snapshot, array in self._arrays_of(replica_list, replica_snapshots):
            array.remove('snapshot', snapshot['id'])
        return [{'id': snapshot['id'], 'status': constants.STATUS_DELETED} for snapshot in replica_snapshots]

    def update_replicated_snapshot(self, context, replica_list, share_replica, replica_snapshots,
                                   replica_snapshot, share_server=None):
        """A snapshot that exists is ready."""
        with self._lock:
            record = self._snapshot(replica_snapshot)
        return {'status': constants.STATUS_AVAILABLE, 'provider_location': record['name']}

    def revert_to_replicated_snapshot(self, context, active_replica, replica_list, active_replica_snapshot,
                                      replica_snapshots, share_access_rules, snapshot_access_rules,
                                      share_server=None):
        """Go back to a snapshot: there is no content, so nothing changes."""
        with self._lock:
            self._snapshot(active_replica_snapshot)

    def _arrays_of(self, replica_list, replica_snapshots):
        """Pairs of a snapshot instance and the array it lies on, as far as that can be reached from here."""
        hosts = {replica['id']: replica['host'] for replica in replica_list}
        for snapshot in replica_snapshots:
            host = hosts.get(snapshot.get('share_instance_id') or snapshot['share_id'])
            backend = host and share_utils.extract_host(host, level='backend_name')
            array = self.array if backend in (None, self._backend) else self.array.sibling(backend)
            if array is not None:
                yield snapshot, array
