"""/storage/aggregates, /storage/disks and the SnapLock clocks of the nodes."""

from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest.resource import Resource, resource


@resource
class Aggregates(Resource):
    """Data aggregates only: those of the nodes' own root volumes are never listed."""

    path = '/storage/aggregates'
    scope = 'cluster'

    def all(self, call):
        return [a for a in call.cluster.aggregates if not a.is_root]

    def render(self, call, a):
        return {
            'uuid': a.uuid, 'name': a.name, 'state': a.state, 'snaplock_type': a.snaplock_type,
            'create_time': iso(a.create_time), 'home_node': call.ref('/cluster/nodes', a.home),
            'node': call.ref('/cluster/nodes', a.owner),
            'volume-count': len([v for v in a.volumes if not v.in_recovery_queue]),
            'data_encryption': {'software_encryption_enabled': a.encrypted, 'drive_protection_enabled': False},
            'block_storage': {
                'primary': {'raid_type': a.raid_type, 'disk_count': a.disk_count, 'disk_type': a.disk_type,
                            'disk_class': 'solid_state' if a.storage_type == 'ssd' else 'capacity'},
                'hybrid_cache': {'enabled': a.is_hybrid}, 'mirror': {'enabled': False, 'state': 'unmirrored'},
                'storage_type': a.storage_type},
            'space': {
                'block_storage': {'size': a.size, 'available': a.available, 'used': a.used,
                                  'used_percent': a.used_percent, 'physical_used': sum(
                                      v.physical // len(v.aggregates) for v in a.volumes)},
                'footprint': a.used, 'snapshot': {'reserve_percent': 0, 'used': 0, 'available': 0, 'total': 0},
                'efficiency': {'savings': sum(v.inherited for v in a.volumes), 'ratio': 1.0,
                               'logical_used': sum(v.active // len(v.aggregates) for v in a.volumes)}},
        }


@resource
class Disks(Resource):
    path = '/storage/disks'
    linked = False
    keys = ('name',)
    identity = ('name',)
    scope = 'cluster'

    def all(self, call):
        return [d for d in call.cluster.disks if not d.aggregate.is_root]

    def key(self, disk):
        return (disk.name,)

    def render(self, call, d):
        return {
            'name': d.name, 'uid': d.uid, 'type': d.effective_type, 'effective_type': d.effective_type,
            'usable_size': d.usable_size, 'container_type': 'aggregate', 'state': 'present',
            'home_node': call.ref('/cluster/nodes', d.node), 'node': call.ref('/cluster/nodes', d.node),
            'aggregates': [call.ref('/storage/aggregates', d.aggregate)]}


@resource
class ComplianceClocks(Resource):
    """The clock of a node, once somebody has set it."""

    path = '/storage/snaplock/compliance-clocks'
    keys = ('node.uuid',)
    identity = ('node',)
    scope = 'cluster'

    def all(self, call):
        return [n for n in call.cluster.nodes if n.compliance_clock]

    def key(self, node):
        return (node.uuid,)

    def render(self, call, node):
        return {'node': call.ref('/cluster/nodes', node), 'time': iso(call.now)}

    def create(self, call, body):
        wanted = body.get('node.uuid') or body.get('node.name')
        for node in call.cluster.nodes:
            if wanted in (node.uuid, node.name):
                node.compliance_clock = True
                return node
        return None
