"""What must hold for every state of a cluster; tests and the control plane ask for violations."""


def violations(world):
    """Sentences, one per broken rule; empty when all is well."""
    found = []
    for cluster in world.clusters:
        for check in (_aggregates, _volumes, _snapshots, _network, _exports, _peers):
            found += ['%s: %s' % (cluster.name, text) for text in check(cluster)]
    return found


def _aggregates(cluster):
    for aggregate in cluster.aggregates:
        if aggregate.used + aggregate.available != aggregate.size:
            yield 'aggregate %s: used + available differs from size' % aggregate.name
        if aggregate.available < 0:
            yield 'aggregate %s: more used than there is' % aggregate.name


def _volumes(cluster):
    names = set()
    for volume in cluster.volumes:
        if (volume.svm, volume.name) in names:
            yield 'volume name %s is used twice in SVM %s' % (volume.name, volume.svm.name)
        names.add((volume.svm, volume.name))
        if volume.svm not in cluster.svms:
            yield 'volume %s belongs to an SVM that is gone' % volume.name
        if volume.parent is not None and volume.parent not in cluster.volumes:
            yield 'clone %s has lost its parent' % volume.name
        if volume.junction and volume.state != 'online':
            yield 'volume %s is mounted but %s' % (volume.name, volume.state)
        if min(volume.active, volume.shared, volume.inherited) < 0 or volume.shared > volume.active:
            yield 'volume %s: blocks do not add up' % volume.name
        if volume.qos_policy is not None and volume.qos_policy not in cluster.qos_policies:
            yield 'volume %s refers to a QoS policy that is gone' % volume.name
    for svm in cluster.data_svms:
        junctions = [v.junction for v in svm.volumes if v.junction]
        if len(junctions) != len(set(junctions)):
            yield 'SVM %s: a junction path is used twice' % svm.name


def _snapshots(cluster):
    for volume in cluster.volumes:
        if any(s.own < 0 or s.shared < 0 for s in volume.snapshots):
            yield 'volume %s: a snapshot has negative space' % volume.name
        if volume.parent_snapshot is not None and volume.parent_snapshot not in volume.parent.snapshots:
            yield 'clone %s: its base snapshot is gone' % volume.name


def _network(cluster):
    addresses = set()
    for lif in cluster.lifs:
        if lif.svm not in cluster.svms:
            yield 'LIF %s belongs to an SVM that is gone' % lif.name
        if lif.home_port not in cluster.ports or lif.port not in cluster.ports:
            yield 'LIF %s is on a port that is gone' % lif.name
        if (lif.svm.ipspace, lif.address) in addresses:
            yield 'address %s is used twice' % lif.address
        addresses.add((lif.svm.ipspace, lif.address))
    for port in cluster.ports:
        if port.base is not None and port.base not in cluster.ports:
            yield 'VLAN %s is on a port that is gone' % port.full_name
        if port.broadcast_domain is not None and port.broadcast_domain not in cluster.broadcast_domains:
            yield 'port %s is in a broadcast domain that is gone' % port.full_name


def _exports(cluster):
    for svm in cluster.data_svms:
        for volume in svm.volumes:
            if volume.export_policy is not None and volume.export_policy not in svm.export_policies:
                yield 'volume %s refers to an export policy that is gone' % volume.name


def _peers(cluster):
    for peer in cluster.svm_peers:
        if peer.svm not in cluster.svms or peer.peer not in peer.peer.cluster.svms:
            yield 'SVM peer %s dangles' % peer.local_name
        elif peer.other not in peer.peer.cluster.svm_peers:
            yield 'SVM peer %s has no other side' % peer.local_name
