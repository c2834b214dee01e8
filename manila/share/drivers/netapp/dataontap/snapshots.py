"""Snapshots: Snapshot copies of volumes."""
import time

from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import naming
from manila.share.drivers.netapp.dataontap.client import errors

LOG = log.getLogger(__name__)

_BUSY_PAUSE = 5


class Snapshots:
    """Life cycle of snapshots, and going back to them."""

    def create_snapshot(self, context, snapshot, share_server=None):
        """Take a snapshot; one of its name is there already after an interrupted attempt.

        :raises manila.exception.NetAppException: when the volume holds as many as the array allows
        """
        place = self.place_of(share_server)
        volume, name = self._volume(place, snapshot['share']), naming.snapshot(snapshot)
        limit = place.client.snapshots.limit()
        try:
            if volume.snapshot_count >= limit and place.client.snapshots.find(volume, name) is None:
                raise errors.TooManySnapshots(text=f'{volume.snapshot_count} of {limit}')
            place.client.snapshots.create(volume, name)
        except errors.Duplicate:
            pass
        except errors.TooManySnapshots as error:
            raise exception.NetAppException(
                _('Share %(share)s cannot have another snapshot: the array keeps at most %(limit)s of a volume.') % {
                    'share': snapshot['share_id'], 'limit': limit}) from error
        return {'provider_location': name}

    def delete_snapshot(self, context, snapshot, share_server=None):
        """Remove a snapshot, or put it aside while clones need it, which are then separated from it.

        :raises manila.exception.ShareSnapshotIsBusy: when something else needs it
        """
        client = self.place_of(share_server).client
        try:
            volume = client.volumes.find(self.names.volume(snapshot['share_id']))
        except errors.SvmNotFound:
            volume = None
        found = volume and client.snapshots.find(volume, naming.snapshot(snapshot))
        if not found:
            LOG.info('Snapshot %s is not there any more', snapshot['id'])
            return
        if found.busy and not found.locked_by_clone:
            raise exception.ShareSnapshotIsBusy(snapshot_name=found.name)
        if found.locked_by_clone and volume.is_flexgroup:
            self._free(client, volume, found)
        try:
            client.snapshots.delete(volume, found)
        except errors.NotFound:
            pass
        except errors.SnapshotBusy as error:
            self._put_aside(client, volume, found, error)

    @staticmethod
    def _put_aside(client, volume, found, error):
        """A snapshot that FlexClones are based on: housekeeping deletes it once they stand on their own.

        Clones that were deleted and wait in the recovery queue need it, too, although nobody sees them.
        """
        children = client.volumes.clones_of(volume, found.name)
        if not children and not found.locked_by_clone:
            raise exception.ShareSnapshotIsBusy(snapshot_name=found.name) from error
        client.snapshots.rename(volume, found, naming.deleted(found.name))
        for child in children:
            client.volumes.start_split(child)

    def _free(self, client, volume, found):
        """Separate clones of a FlexGroup volume and wait until nobody needs the snapshot."""
        for child in client.volumes.clones_of(volume, found.name):
            client.volumes.start_split(child)
        end = time.monotonic() + self.configuration.netapp_delete_busy_flexgroup_snapshot_timeout
        while (present := client.snapshots.find(volume, found.name)) is not None and present.busy:
            if time.monotonic() >= end:
                raise exception.ShareSnapshotIsBusy(snapshot_name=found.name)
            time.sleep(_BUSY_PAUSE)

    def revert_to_snapshot(self, context, snapshot, share_access_rules, snapshot_access_rules, share_server=None):
        """Give a volume back the content, and the size, of a snapshot; later snapshots are lost.

        :returns: the size in GiB afterwards
        """
        place = self.place_of(share_server)
        volume = self._volume(place, snapshot['share'])
        place.client.volumes.restore(volume, naming.snapshot(snapshot))
        return naming.gib(self._volume(place, snapshot['share']).size)
