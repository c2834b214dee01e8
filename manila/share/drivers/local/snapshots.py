"""Snapshots of the local driver: read-only subvolumes beside the shares, exported while used."""
import os

from manila import exception
from manila.common import constants
from manila.i18n import _
from manila.share import utils as share_utils
from manila.share.drivers.local import btrfs, copies
from manila.share.drivers.local.failures import reported
from manila.share.drivers.local.pool import GIB, SNAPSHOTS


class LocalSnapshots:
    """What the driver does with snapshots."""

    def create_snapshot(self, context, snapshot, share_server=None):
        """Freeze the share's present content."""
        with reported():
            source = self._snapshot_source(snapshot)
            self._pool.snapshot(self._source({'id': snapshot['share_id']}), source)
            update = {'provider_location': source}
            if self._mountable(snapshot):
                update['export_locations'] = self._publish_snapshot(snapshot, source)
            return update

    def delete_snapshot(self, context, snapshot, share_server=None):
        """Stop exporting and destroy the snapshot."""
        with reported():
            source = self._snapshot_source(snapshot)
            for server in self._servers():
                server.withdraw(snapshot['id'])
            self._pool.destroy(source)
            self._pool.remove_directory(os.path.dirname(source))

    def create_share_from_snapshot(self, context, share, snapshot, share_server=None, parent_share=None):
        """Make a share that starts with the snapshot's content and shares its blocks.

        From the pool of another local back end of this machine it is copied, which takes a while.
        """
        with reported():
            origin, source = self._snapshot_source(snapshot), self._source(share)
            if self._is_elsewhere(share, parent_share):
                return self._copy_from(parent_share['host'], origin, share)
            self._require(origin)
            self._pool.clone(origin, source, share['size'])
            self._server(share).publish(share['id'], source, name=share.get('mount_point_name'))
            self._pool.commit()
            return self._locations(share)

    @staticmethod
    def _is_elsewhere(share, parent_share):
        hosts = [share_utils.extract_host(each['host'], 'backend')
                 for each in (share, parent_share or {}) if each.get('host')]
        return len(set(hosts)) == 2

    def _copy_from(self, host, origin, share):
        path = os.path.join(copies.pool_of(host), origin)
        if not btrfs.is_subvolume(path):
            raise exception.SnapshotResourceNotFound(name=origin)
        self._copies.begin(share['id'], path, self._source(share), share['size'])
        return {'status': constants.STATUS_CREATING_FROM_SNAPSHOT, 'export_locations': []}

    def get_share_status(self, share, share_server=None):
        """How far the copy of a share is; a complete one is exported, to nobody yet."""
        with reported():
            progress = self._copies.progress(share['id'])
            if progress is not None:
                return {'status': constants.STATUS_CREATING_FROM_SNAPSHOT, 'progress': progress}
            self._server(share).publish(share['id'], self._source(share), name=share.get('mount_point_name'))
            return {'status': constants.STATUS_AVAILABLE, 'progress': '100%',
                    'export_locations': self._locations(share)}

    def revert_to_snapshot(self, context, snapshot, share_access_rules, snapshot_access_rules,
                           share_server=None):
        """Give the share the snapshot's content and size again; clients have to mount it anew."""
        with reported():
            share = {'id': snapshot['share_id'], 'share_proto': self._protocol(snapshot)}
            origin, source = self._snapshot_source(snapshot), self._source(share)
            self._require(origin)
            size = snapshot['size']
            server = self._server(share)
            server.suspend(share['id'])
            try:
                self._pool.revert(origin, source, size)
            finally:
                server.publish(share['id'], source)
            return size

    def snapshot_update_access(self, context, snapshot, access_rules, add_rules, delete_rules,
                               share_server=None):
        """Let exactly these rules' clients read the snapshot."""
        with reported():
            server = self._server({'share_proto': self._protocol(snapshot)})
            self._publish_snapshot(snapshot, self._snapshot_source(snapshot))
            rules = [{**rule, 'access_level': constants.ACCESS_LEVEL_RO} for rule in access_rules]
            verdicts = server.allow(snapshot['id'], rules, self._project(snapshot))
        refused = [access for access, verdict in verdicts.items()
                   if verdict['state'] != constants.ACCESS_STATE_ACTIVE]
        if refused:
            raise exception.InvalidShareAccess(
                reason=_('These rules cannot be applied: %s') % ', '.join(sorted(refused)))

    def _publish_snapshot(self, snapshot, source):
        self._require(source)
        server = self._server({'share_proto': self._protocol(snapshot)})
        server.publish(snapshot['id'], source, read_only=True)
        return [{'path': path, 'is_admin_only': False} for path in server.locations(snapshot['id'])]

    def _require(self, source):
        if not self._pool.exists(source):
            raise exception.SnapshotResourceNotFound(name=source)

    def _snapshot_source(self, snapshot):
        return snapshot.get('provider_location') or os.path.join(
            SNAPSHOTS, snapshot['share_id'], snapshot['id'])

    def _protocol(self, snapshot):
        return snapshot.get('share_proto') or snapshot['share']['share_proto']

    def _mountable(self, snapshot):
        return bool((snapshot.get('share') or {}).get('mount_snapshot_support', True))

    def _project(self, snapshot):
        return (snapshot.get('share') or {}).get('project_id')

    # --- taking over and letting go

    def manage_existing_snapshot(self, snapshot, driver_options):
        """Take over a read-only snapshot, given as its path in the pool.

        :raises ManageInvalidShareSnapshot: when there is none at that path
        """
        location = snapshot.get('provider_location') or ''
        with reported():
            problem = self._pool.unfit_as_snapshot(location)
            if problem:
                raise exception.ManageInvalidShareSnapshot(reason=f'{location} {problem}')
            source = os.path.join(SNAPSHOTS, snapshot['share_id'], snapshot['id'])
            self._pool.move(location, source)
            update = {'provider_location': source, 'size': -(-(self._pool.size(source) or GIB) // GIB)}
            if self._mountable(snapshot):
                update['export_locations'] = self._publish_snapshot(snapshot, source)
            return update

    def unmanage_snapshot(self, snapshot):
        """Leave the snapshot where it is, but let nobody mount it."""
        with reported():
            for server in self._servers():
                server.withdraw(snapshot['id'])
