"""Access rules of shares."""
from manila import exception
from manila.share.drivers.netapp.dataontap.client import errors


class Access:
    """Access to shares."""

    def update_access(self, context, share, access_rules, add_rules, delete_rules, update_rules, share_server=None):
        """Put all rules in force, whatever has changed: over NFS that is one switch, over CIFS single entries.

        :raises manila.exception.ShareResourceNotFound: when the share is gone
        """
        place = self.place_of(share_server)
        volume = self._volume(place, share)
        protocol = place.exports.protocol(share)
        try:
            protocol.apply(place.client, share, volume, self.names.junction(share), access_rules)
        except errors.NotFound as error:
            if place.client.volumes.find(volume.name) is None:
                raise exception.ShareResourceNotFound(share_id=share['id']) from error
            raise
