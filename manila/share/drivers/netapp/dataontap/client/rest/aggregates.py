"""Aggregates over REST."""
from manila.share.drivers.netapp.dataontap.client import face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig, yes
from manila.share.drivers.netapp.dataontap.client.rest.transport import any_of

_PATH = '/storage/aggregates'
_FIELDS = ('name,home_node.name,node.name,block_storage.primary.raid_type,block_storage.storage_type,'
           'data_encryption.software_encryption_enabled,snaplock_type')
_SPACE = 'name,space.block_storage.size,space.block_storage.used,space.block_storage.available'


class Aggregates(Noun, face.Aggregates):
    """``/storage/aggregates``, which does not list root aggregates; for accounts of the cluster."""

    def list(self, names=None):
        query = {'fields': _FIELDS, **({'name': any_of(names)} if names else {})}
        records = self.wire.records(_PATH, query)
        types = self._disk_types([record['name'] for record in records])
        return [values.Aggregate(
            name=record['name'], home_node=dig(record, 'home_node.name'), node=dig(record, 'node.name'),
            raid_type=dig(record, 'block_storage.primary.raid_type'),
            hybrid=dig(record, 'block_storage.storage_type') == 'hybrid',
            encrypted=bool(yes(dig(record, 'data_encryption.software_encryption_enabled'))),
            snaplock_type=record.get('snaplock_type', 'non_snaplock'), disk_types=types.get(record['name'], ()))
            for record in records]

    def _disk_types(self, names):
        """Aggregate -> types of its disks, in upper case."""
        found = {}
        if not names:
            return found
        for record in self.wire.records('/storage/disks', {
                'aggregates.name': any_of(names), 'fields': 'effective_type,aggregates.name'}):
            for aggregate in record.get('aggregates') or ():
                found.setdefault(aggregate['name'], set()).add(record['effective_type'].upper())
        return {name: tuple(sorted(types)) for name, types in found.items()}

    def names(self):
        return [record['name'] for record in self.wire.records(_PATH, {'fields': 'name'})]

    def spaces(self, names):
        if not names:
            return {}
        found = {}
        for record in self.wire.records(_PATH, {'name': any_of(names), 'fields': _SPACE}):
            space = dig(record, 'space.block_storage', {})
            found[record['name']] = values.AggregateSpace(
                record['name'], space.get('size', 0), space.get('used', 0), space.get('available', 0))
        return found
