"""Peering of clusters and SVMs."""

from manila.tests.simulators.ontap.model import errors, peers
from manila.tests.simulators.ontap.model.base import OPERATIONS
from manila.tests.simulators.ontap.zapi.api import api, find_svm, iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items


@api('vserver-peer-create', need='vserver peer-vserver', may='peer-cluster applications', scope='cluster')
def create_svm_peer(call):
    OPERATIONS['peer.create'](find_svm(call.cluster, call.text('vserver')), call.text('peer-vserver'),
                              call.text('peer-cluster'), call.items('applications') or ('snapmirror',))


@api('vserver-peer-accept', need='vserver peer-vserver', scope='cluster')
def accept(call):
    peers.accept(peers.find_svm_peer(find_svm(call.cluster, call.text('vserver')), call.text('peer-vserver')))


@api('vserver-peer-delete', need='vserver peer-vserver', scope='cluster')
def delete_svm_peer(call):
    peers.delete_svm_peer(peers.find_svm_peer(find_svm(call.cluster, call.text('vserver')),
                                              call.text('peer-vserver')))


@iterator('vserver-peer-get-iter', 'vserver-peer-info', scope='any')
def svm_peers(call):
    return [{'vserver': p.svm.name, 'peer-vserver': p.local_name, 'remote-vserver-name': p.remote_name,
             'peer-state': p.state,
             'peer-cluster': p.peer.cluster.name, 'applications': Items('vserver-peer-application', p.applications)}
            for p in call.cluster.svm_peers if call.svm in (None, p.svm)]


@api('cluster-peer-create', need='peer-addresses', may='user-name password passphrase', scope='cluster')
def create_cluster_peer(call):
    others = [c.name for c in call.cluster.world.clusters if c is not call.cluster]
    addresses = call.items('peer-addresses')
    peers.create_cluster_peer(call.cluster, others[0] if len(others) == 1 else addresses[0], addresses)


@iterator('cluster-peer-get-iter', 'cluster-peer-info', scope='cluster')
def cluster_peers(call):
    return [{'active-addresses': Items('remote-inet-address', p.addresses),
             'peer-addresses': Items('remote-inet-address', p.addresses), 'availability': p.state,
             'cluster-name': p.name, 'remote-cluster-name': p.name, 'timeout': 60,
             'cluster-uuid': p.remote.uuid if p.remote else None,
             'serial-number': p.remote.serial_number if p.remote else None} for p in call.cluster.peers]


@api('cluster-peer-delete', need='cluster-name', scope='cluster')
def delete_cluster_peer(call):
    for peer in call.cluster.peers:
        if peer.name == call.text('cluster-name'):
            peers.delete_cluster_peer(peer)
            return
    raise errors.missing('cluster peer', call.text('cluster-name'))


@api('cluster-peer-policy-get', scope='cluster')
def get_policy(call):
    return {'attributes': {'cluster-peer-policy': {
        'is-unauthenticated-access-permitted': call.cluster.settings['unauthenticated_peers'],
        'passphrase-minimum-length': call.cluster.settings['passphrase_length']}}}


@api('cluster-peer-policy-modify', may='is-unauthenticated-access-permitted passphrase-minlength', scope='cluster')
def modify_policy(call):
    settings = call.cluster.settings
    settings['unauthenticated_peers'] = call.flag('is-unauthenticated-access-permitted',
                                                  settings['unauthenticated_peers'])
    settings['passphrase_length'] = call.number('passphrase-minlength', settings['passphrase_length'])
