"""Aggregates and disks."""

from manila.tests.simulators.ontap.zapi.api import iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items

DISK_TYPES = {'ssd': 'SSD', 'sas': 'SAS', 'ata': 'ATA', 'fsas': 'FSAS', 'bsas': 'BSAS', 'fcal': 'FCAL', 'lun': 'LUN',
              'msata': 'MSATA', 'vmdisk': 'VMDISK', 'ssd_nvm': 'SSD-NVM'}


@iterator('aggr-get-iter', 'aggr-attributes', scope='cluster')
def aggregates(call):
    """All aggregates; those that hold the root volume of a node are marked."""
    records = []
    for a in call.cluster.aggregates:
        records.append({
            'aggregate-name': a.name, 'aggregate-uuid': a.uuid,
            'aggr-space-attributes': {'size-total': a.size, 'size-used': a.used, 'size-available': a.available,
                                      'percent-used-capacity': a.used_percent},
            'aggr-raid-attributes': {
                'raid-type': a.raid_type, 'is-hybrid': a.is_hybrid, 'has-local-root': a.is_root,
                'has-partner-root': False, 'encrypt-with-aggr-key': a.encrypted, 'state': a.state,
                'is-root-aggregate': a.is_root},
            'aggr-ownership-attributes': {
                'home-id': _node_id(call, a.home), 'home-name': a.home.name, 'owner-id': _node_id(call, a.owner),
                'owner-name': a.owner.name},
            'aggr-snaplock-attributes': {'is-snaplock': a.snaplock_type != 'non_snaplock',
                                         'snaplock-type': a.snaplock_type},
            'aggr-volume-count-attributes': {'flexvol-count': len(a.volumes)}})
    return records


def _node_id(call, node):
    return 4082368500 + call.cluster.nodes.index(node)


@iterator('storage-disk-get-iter', 'storage-disk-info', scope='cluster')
def disks(call):
    return [{'disk-name': d.name, 'disk-uid': d.uid, 'disk-raid-info': {
        'effective-disk-type': DISK_TYPES.get(d.effective_type, d.effective_type.upper()),
        'container-type': 'aggregate',
        'disk-aggregate-info': {'aggregate-name': d.aggregate.name},
        'disk-shared-info': {'aggregate-list': Items('shared-aggregate-info', [
            {'aggregate-name': d.aggregate.name}])}}} for d in call.cluster.disks]
