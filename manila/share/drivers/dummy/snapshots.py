"""Snapshots of the dummy driver, mountable ones and shares made from them included."""
from manila import exception
from manila.common import constants
from manila.share.drivers.dummy import exports, shares


class Snapshots:
    """Making, mounting and using snapshots."""

    def _snapshot(self, snapshot):
        """The record of a snapshot that exists.

        :raises manila.exception.SnapshotResourceNotFound: when it does not
        """
        record = self.array.get('snapshot', snapshot['id'])
        if record is None:
            if not self.array.forgetful:
                raise exception.SnapshotResourceNotFound(name=snapshot['id'])
            self.array.put('snapshot', snapshot['id'], snapshot_record(snapshot))
            record = self.array.get('snapshot', snapshot['id'])
        return record

    def _snapshot_update(self, snapshot, share_server):
        """What the service is to note about a snapshot."""
        share = snapshot.get('share') or {}
        protocol = snapshot.get('share_proto') or share.get('share_proto')
        name = snapshot_name(snapshot)
        locations = exports.locations(name, protocol, *self._addresses(share_server))
        return {'provider_location': name,
                'export_locations': [{'path': each['path'], 'is_admin_only': each['is_admin_only']}
                                     for each in locations]}

    def create_snapshot(self, context, snapshot, share_server=None):
        """Take a snapshot; one that is there already is left as it is."""
        with self._lock:
            if self.array.get('snapshot', snapshot['id']) is None:
                self.array.put('snapshot', snapshot['id'], snapshot_record(snapshot))
        return self._snapshot_update(snapshot, share_server)

    def delete_snapshot(self, context, snapshot, share_server=None):
        """Remove a snapshot; one that is gone already is no error."""
        with self._lock:
            self.array.remove('snapshot', snapshot['id'])

    def create_share_from_snapshot(self, context, share, snapshot, share_server=None, parent_share=None):
        """Make a share with the content of a snapshot, at once or in the background."""
        with self._lock:
            self._snapshot(snapshot)
        locations = self.create_share(context, share, share_server)
        if not self._async_clone:
            return locations
        with self._lock:
            self.array.put('clone', share['id'], {'progress': 0})
        return {'status': constants.STATUS_CREATING_FROM_SNAPSHOT, 'export_locations': locations}

    def get_share_status(self, share, share_server=None):
        """How far a share made from a snapshot is: half way the first time, ready the second."""
        with self._lock:
            clone = self.array.get('clone', share['id'])
            if clone is not None and clone['progress'] == 0:
                self.array.put('clone', share['id'], {'progress': 50})
                return {'status': constants.STATUS_CREATING_FROM_SNAPSHOT, 'progress': '50%'}
            self.array.remove('clone', share['id'])
        return {'status': constants.STATUS_AVAILABLE, 'progress': '100%',
                'export_locations': self._locations(share, share_server)}

    def revert_to_snapshot(self, context, snapshot, share_access_rules, snapshot_access_rules,
                           share_server=None):
        """Go back to a snapshot: there is no content, so nothing changes."""
        with self._lock:
            self._snapshot(snapshot)

    def snapshot_update_access(self, context, snapshot, access_rules, add_rules, delete_rules,
                               share_server=None):
        """Make the rules of a snapshot what they should be."""
        for rule in add_rules if add_rules or delete_rules else access_rules:
            shares.check_rule(rule)
        with self._lock:
            record = self._snapshot(snapshot)
            rules = shares.change_rules(record['rules'], access_rules, add_rules, delete_rules, ())
            self.array.put('snapshot', snapshot['id'], {**record, 'rules': rules})


def snapshot_name(snapshot):
    """How a snapshot is called on the storage."""
    return snapshot.get('name') or f'snapshot-{snapshot["id"]}'


def snapshot_record(snapshot):
    """The record of a snapshot."""
    return {'name': snapshot_name(snapshot), 'size': snapshot.get('size') or snapshot.get('share_size'),
            'share': snapshot.get('share_instance_id') or snapshot['share_id'], 'rules': {}, 'managed': True}
