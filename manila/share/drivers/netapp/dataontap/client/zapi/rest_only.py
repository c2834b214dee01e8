"""What ZAPI has no calls for, done over REST where the array has that too: tags, deletion without recovery queue.

All of it is done as well as possible: nothing here fails because REST is off or the account may not use it.
"""
from oslo_log import log

from manila import exception
from manila.share.drivers.netapp.dataontap.client import values
from manila.share.drivers.netapp.dataontap.client.rest import transport

LOG = log.getLogger(__name__)

_PATH = '/storage/volumes'
_SINCE = values.Version(9, 6)
_TAGS_SINCE = values.Version(9, 14, 1)
_TROUBLE = exception.NetAppException, exception.StorageCommunicationException


class RestOnly:
    """REST in aid of a :class:`.client.ZapiClient`; both log in alike."""

    def __init__(self, client):
        self._client = client
        self._wire = transport.Transport(client.connection)

    def has_tags(self):
        """Whether volumes of this release have tags."""
        return self._client.version >= _TAGS_SINCE

    def tags(self, uuid):
        """The tags of a volume; none when they cannot be had."""
        if not self.has_tags():
            return ()
        try:
            return tuple(self._wire.get(f'{_PATH}/{uuid}', {'fields': '_tags'}).get('_tags') or ())
        except _TROUBLE as error:
            LOG.info('The tags of volume %s cannot be read: %s', uuid, error)
            return ()

    def set_tags(self, uuid, tags):
        """Give a volume its tags."""
        if not self.has_tags():
            return
        try:
            self._wire.write('PATCH', f'{_PATH}/{uuid}', {'_tags': list(tags)}, repeatable=True)
        except _TROUBLE as error:
            LOG.info('Volume %s cannot be tagged: %s', uuid, error)

    def delete(self, uuid):
        """Delete a volume past the recovery queue; returns whether that worked."""
        if self._client.version < _SINCE:
            return False
        try:
            self._wire.write('DELETE', f'{_PATH}/{uuid}', params={'force': 'true'})
        except _TROUBLE as error:
            LOG.info('Volume %s cannot be deleted past the recovery queue: %s', uuid, error)
            return False
        return True

    def close(self):
        """Let go of the connections."""
        self._wire.close()
