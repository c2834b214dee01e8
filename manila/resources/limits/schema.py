"""What comes out of the operations on limits."""
from manila.api import types
from manila.api.fields import Field, Fields

#: Resource -> (name of its limit, name of its usage, first microversion that has them).
NAMES = {
    'shares': ('maxTotalShares', 'totalSharesUsed', None),
    'gigabytes': ('maxTotalShareGigabytes', 'totalShareGigabytesUsed', None),
    'snapshots': ('maxTotalShareSnapshots', 'totalShareSnapshotsUsed', None),
    'snapshot_gigabytes': ('maxTotalSnapshotGigabytes', 'totalSnapshotGigabytesUsed', None),
    'share_networks': ('maxTotalShareNetworks', 'totalShareNetworksUsed', None),
    'share_replicas': ('maxTotalShareReplicas', 'totalShareReplicasUsed', '2.53'),
    'replica_gigabytes': ('maxTotalReplicaGigabytes', 'totalReplicaGigabytesUsed', '2.53'),
    'share_groups': ('maxTotalShareGroups', 'totalShareGroupsUsed', '2.58'),
    'share_group_snapshots': ('maxTotalShareGroupSnapshots', 'totalShareGroupSnapshotsUsed', '2.58'),
    'backups': ('maxTotalShareBackups', 'totalShareBackupsUsed', '2.80'),
    'backup_gigabytes': ('maxTotalBackupGigabytes', 'totalBackupGigabytesUsed', '2.80'),
}


def _part(resource, part):
    return lambda row, req: row[resource][part]


def _fields():
    for resource, (limit, usage, since) in NAMES.items():
        yield Field(limit, types.INTEGER, since=since, get=_part(resource, 'limit'))
        yield Field(usage, types.INTEGER, since=since, get=_part(resource, 'in_use'))


LIMITS = Fields(
    'limits',
    Field('rate', types.LIST(types.OBJECT),
          doc='Limits of the rate of requests; the service itself has none.'),
    Field('absolute', types.OBJECT(Fields(None, *_fields())), doc='Quotas; -1 means unlimited.'))
