"""Peering of clusters and of SVMs."""

import dataclasses

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, new_uuid, operation


@dataclasses.dataclass(eq=False)
class ClusterPeer:
    """What one cluster knows of another. `remote` is the cluster itself once both sides agree."""

    cluster: object
    name: str
    addresses: list
    remote: object = None
    reachable: bool = True
    applications: list = dataclasses.field(default_factory=lambda: ['snapmirror'])
    uuid: str = dataclasses.field(default_factory=new_uuid)

    @property
    def state(self):
        if self.remote is None:
            return 'pending'
        return 'available' if self.reachable else 'unavailable'


@dataclasses.dataclass(eq=False)
class SvmPeer:
    """One side of a peering of two SVMs.

    `local_name` is what the peer is called here, `remote_name` what is known here of its own name.
    """

    svm: object
    peer: object
    local_name: str
    state: str = 'peered'
    applications: list = dataclasses.field(default_factory=lambda: ['snapmirror'])
    other: object = None
    uuid: str = dataclasses.field(default_factory=new_uuid)

    remote_name: str = None

    def __post_init__(self):
        self.remote_name = self.remote_name or self.peer.name


def announce(svm):
    """An SVM has a new name: its peers learn of it, those on other clusters some time later."""
    cluster = svm.cluster
    for peer in [p for p in cluster.svm_peers if p.svm is svm]:
        seconds = cluster.settings['rename_propagation_seconds'] if peer.peer.cluster is not cluster else 0
        if seconds > 0:
            cluster.world.after(seconds, 'peer.renamed', peer=peer.other, name=svm.name)
        else:
            renamed(peer.other, svm.name)


@operation('peer.renamed')
def renamed(peer, name):
    """Take a new name of the peer over, also as local name unless that is another one; an outdated name is void."""
    if peer.peer.name != name:
        return
    if peer.local_name == peer.remote_name:
        peer.local_name = name
    peer.remote_name = name


def name_at(svm, other):
    """What the cluster of an SVM takes for the name of another SVM."""
    if svm.cluster is other.cluster:
        return other.name
    known = find(svm.cluster.svm_peers, svm=svm, peer=other)
    return known.remote_name if known is not None else other.name


@dataclasses.dataclass(eq=False)
class Permission:
    """Peerings asked for by a cluster with an SVM here, or with any, need no acceptance. `svm` None means any."""

    peer: ClusterPeer
    svm: object = None
    applications: list = dataclasses.field(default_factory=lambda: ['snapmirror'])


def permit(cluster, peer, svm, applications):
    if any(p.peer is peer and p.svm is svm for p in cluster.peer_permissions):
        raise errors.duplicate('SVM peer permission', svm.name if svm else '*')
    permission = Permission(peer, svm, list(applications))
    cluster.peer_permissions.append(permission)
    return permission


def _permitted(svm, cluster, applications):
    return any(p.peer.remote is cluster and p.svm in (None, svm) and set(applications) <= set(p.applications)
               for p in svm.cluster.peer_permissions)


def connect(one, two):
    """Peer two clusters, as a topology asks for it."""
    for here, there in ((one, two), (two, one)):
        here.peers.append(ClusterPeer(here, there.name, ['127.0.0.1'], remote=there))


def create_cluster_peer(cluster, name, addresses, **more):
    """Ask for a peering: available once the other cluster asked as well."""
    if any(p.name == name for p in cluster.peers):
        raise errors.duplicate('cluster peer', name)
    peer = ClusterPeer(cluster, name, list(addresses), **more)
    remote = cluster.world.cluster(name)
    if remote is not None:
        for back in remote.peers:
            if back.name == cluster.name:
                back.remote, peer.remote = cluster, remote
    cluster.peers.append(peer)
    return peer


def delete_cluster_peer(peer):
    if any(p.peer.cluster is peer.remote for p in peer.cluster.svm_peers if peer.remote is not None):
        raise errors.Refused('peer.in_use', 'Cluster peer "%s" is used by SVM peers.' % peer.name)
    peer.cluster.peers.remove(peer)


def find_svm_peer(svm, peer_name):
    for peer in svm.cluster.svm_peers:
        if peer.svm is svm and peer_name in (peer.local_name, peer.remote_name):
            return peer
    raise errors.missing('SVM peer', '%s, %s' % (svm.name, peer_name))


@operation('peer.create')
def create_svm_peer(svm, peer_name, peer_cluster=None, applications=('snapmirror',), local_name=None):
    """Peer two SVMs: at once within a cluster, else once the other side accepts."""
    cluster = svm.cluster
    remote = cluster if peer_cluster in (None, cluster.name) else next(
        (p.remote for p in cluster.peers if p.name == peer_cluster and p.state == 'available'), None)
    if remote is None:
        raise errors.Refused('peer.no_cluster', 'Cluster "%s" is not an available peer.' % peer_cluster,
                             'peer.cluster.name')
    other = next((s for s in remote.data_svms if s.name == peer_name), None)
    if other is None:
        raise errors.Refused('peer.no_svm', 'SVM "%s" does not exist in cluster "%s".' % (peer_name, remote.name),
                             'peer.svm.name')
    alias = local_name or peer_name
    if any(p.svm is svm and p.peer is other for p in cluster.svm_peers):
        raise errors.duplicate('SVM peer', peer_name)
    if remote is not cluster and any(s.name == alias for s in cluster.svms):
        raise errors.Refused('peer.name_conflict', 'The peer name "%s" is in use in the local cluster.' % alias, 'name')
    here = SvmPeer(svm, other, alias, applications=list(applications))
    there = SvmPeer(other, svm, svm.name, applications=list(applications), other=here)
    here.other = there
    if remote is not cluster and not _permitted(other, cluster, applications):
        here.state, there.state = 'initiated', 'pending'
    cluster.svm_peers.append(here)
    remote.svm_peers.append(there)
    return here


def accept(peer):
    if peer.state != 'pending':
        raise errors.Refused('peer.state', 'SVM peer "%s" is %s, not pending.' % (peer.local_name, peer.state))
    peer.state = peer.other.state = 'peered'


@operation('peer.delete')
def delete_svm_peer(peer):
    """Both sides forget the peering; not while SnapMirror uses it."""
    for cluster in {peer.svm.cluster, peer.peer.cluster}:
        for relation in cluster.relationships:
            if {relation.source_svm, relation.destination_svm} == {peer.svm, peer.peer}:
                raise errors.Refused('peer.in_use', 'SVM peer "%s" is used by SnapMirror.' % peer.local_name)
    for side in (peer, peer.other):
        if side in side.svm.cluster.svm_peers:
            side.svm.cluster.svm_peers.remove(side)


def reachable(one, two):
    """Whether the line between the clusters of two SVMs is up, as the first one's cluster sees it."""
    if one.cluster is two.cluster:
        return True
    return any(p.remote is two.cluster and p.reachable for p in one.cluster.peers)


def set_reachable(peer, reachable):
    """Cut or mend the line to a peer cluster; both ends notice."""
    peer.reachable = reachable
    for back in peer.remote.peers if peer.remote is not None else ():
        if back.remote is peer.cluster:
            back.reachable = reachable


def peered(one, two):
    return one is two or any(p.svm is one and p.peer is two and p.state == 'peered' for p in one.cluster.svm_peers)
