"""Aggregates over ZAPI."""
from manila.share.drivers.netapp.dataontap.client import face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_NAME = 'aggregate-name'
_RAID, _OWNERSHIP, _SPACE = 'aggr-raid-attributes/', 'aggr-ownership-attributes/', 'aggr-space-attributes/'
_DATA_ONLY = {_RAID + 'has-local-root': False, _RAID + 'has-partner-root': False}
_OF_DISK = 'disk-raid-info/disk-aggregate-info/aggregate-name'
_OF_SHARED_DISK = 'disk-raid-info/disk-shared-info/aggregate-list/shared-aggregate-info/aggregate-name'
_DISK_TYPE = 'disk-raid-info/effective-disk-type'

_ENCRYPTED_SINCE = values.Version(9, 6)


class Aggregates(Noun, face.Aggregates):
    """``aggr-get-iter``, without the aggregates of the nodes' own root volumes; for accounts of the cluster."""

    def list(self, names=None):
        records = self._records(names, self._wanted())
        types = self._disk_types([elements.text(record, _NAME) for record in records])
        return [_aggregate(record, types) for record in records]

    def _wanted(self):
        paths = [_NAME, _RAID + 'raid-type', _RAID + 'is-hybrid', _OWNERSHIP + 'home-name', _OWNERSHIP + 'owner-name']
        if self.client.knows('SnapLock'):
            paths.append('aggr-snaplock-attributes/snaplock-type')
        if self.client.version >= _ENCRYPTED_SINCE:
            paths.append(_RAID + 'encrypt-with-aggr-key')
        return paths

    def _records(self, names, wanted):
        if names is not None and not names:
            return []
        query = {**_DATA_ONLY, _NAME: elements.like_any(names) if names else None}
        records = self.wire.records('aggr-get-iter', 'aggr-attributes', elements.nested(query),
                                    elements.named(*wanted))
        return [record for record in records if not names or elements.text(record, _NAME) in names]

    def _disk_types(self, names):
        """Aggregate -> types of its disks, in upper case. Disks may be shared by aggregates as partitions."""
        found = {}
        if not names:
            return found
        wanted = elements.named(_OF_DISK, _OF_SHARED_DISK, _DISK_TYPE)
        for path in (_OF_DISK, _OF_SHARED_DISK):
            query = elements.nested({path: elements.like_any(names)})
            for record in self.wire.records('storage-disk-get-iter', 'storage-disk-info', query, wanted):
                if kind := elements.text(record, _DISK_TYPE):
                    for name in elements.texts(record, path):
                        found.setdefault(name, set()).add(kind.upper())
        return {name: tuple(sorted(kinds)) for name, kinds in found.items()}

    def names(self):
        return [elements.text(record, _NAME) for record in self._records(None, [_NAME])]

    def spaces(self, names):
        paths = {'total': _SPACE + 'size-total', 'used': _SPACE + 'size-used', 'free': _SPACE + 'size-available'}
        return {elements.text(record, _NAME): values.AggregateSpace(
            elements.text(record, _NAME), **{field: elements.number(record, path, 0) for field, path in paths.items()})
            for record in self._records(list(names), [_NAME, *paths.values()])}


def _aggregate(record, types):
    name = elements.text(record, _NAME)
    return values.Aggregate(
        name=name, home_node=elements.text(record, _OWNERSHIP + 'home-name'),
        node=elements.text(record, _OWNERSHIP + 'owner-name'), raid_type=elements.text(record, _RAID + 'raid-type'),
        hybrid=elements.yes(record, _RAID + 'is-hybrid', False),
        encrypted=elements.yes(record, _RAID + 'encrypt-with-aggr-key', False),
        snaplock_type=elements.text(record, 'aggr-snaplock-attributes/snaplock-type', 'non_snaplock'),
        disk_types=types.get(name, ()))
