"""Snapshots over REST."""
from manila.share.drivers.netapp.dataontap.client import face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig, time_of
from manila.share.drivers.netapp.dataontap.client.rest.transport import exact

_FIELDS = 'name,create_time,owners,size,volume.name'


class Snapshots(Noun, face.Snapshots):
    """``/storage/volumes/{uuid}/snapshots``."""

    def limit(self):
        return 1023 if self.client.version >= values.Version(9, 4) else 255

    def find(self, volume, name):
        record = self.first(_path(volume.uuid), name=exact(name), fields=_FIELDS)
        return _snapshot(record, volume.name) if record else None

    def create(self, volume, name):
        self.post(_path(volume.uuid), {'name': name})

    def delete(self, volume, snapshot):
        self.delete_at(f'{_path(volume.uuid)}/{snapshot.uuid}')

    def rename(self, volume, snapshot, name):
        self.patch(f'{_path(volume.uuid)}/{snapshot.uuid}', {'name': name})

    def list(self, pattern):
        return [_snapshot(record, dig(record, 'volume.name'))
                for record in self.records(_path('*'), name=pattern, fields=_FIELDS)]


def _path(volume_uuid):
    return f'/storage/volumes/{volume_uuid}/snapshots'


def _snapshot(record, volume):
    return values.Snapshot(record['name'], volume, time_of(record.get('create_time')), record.get('size', 0),
                           frozenset(record.get('owners') or ()), record['uuid'])
