"""/cluster/peers, /svm/peers."""

from manila.tests.simulators.ontap.model import errors, jobs, peers
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource


@resource
class ClusterPeers(Resource):
    path = '/cluster/peers'
    scope = 'cluster'

    def all(self, call):
        return call.cluster.peers

    def render(self, call, p):
        return {'uuid': p.uuid, 'name': p.name, 'status': {'state': p.state},
                'remote': {'name': p.name, 'ip_addresses': list(p.addresses),
                           'serial_number': p.remote.serial_number if p.remote else None},
                'peer_applications': list(p.applications), 'authentication': {
                    'state': 'ok' if p.remote else 'pending', 'in_use': 'ok' if p.remote else 'absent'}}

    def create(self, call, body):
        """The remote cluster is found by one of its addresses or by name."""
        addresses = body.need('remote.ip_addresses')
        for name in ('authentication.passphrase', 'authentication.expiry_time', 'authentication.generate_passphrase'):
            body.get(name)
        name = body.get('remote.name') or body.get('name')
        if not name:
            others = [c.name for c in call.cluster.world.clusters if c is not call.cluster]
            name = others[0] if len(others) == 1 else addresses[0]
        return peers.create_cluster_peer(call.cluster, name, addresses)

    def remove(self, call, peer, data):
        peers.delete_cluster_peer(peer)


@resource
class SvmPeers(Resource):
    path = '/svm/peers'
    identity = ('uuid', 'name', 'svm', 'peer')

    def all(self, call):
        return call.cluster.svm_peers

    def render(self, call, p):
        return {'uuid': p.uuid, 'name': p.local_name, 'state': p.state, 'svm': call.svm_ref(p.svm),
                'applications': list(p.applications),
                'peer': {'svm': {'name': p.remote_name, 'uuid': p.peer.uuid}, 'cluster': {
                    'name': p.peer.cluster.name, 'uuid': p.peer.cluster.uuid}}}

    def create(self, call, body):
        svm = call.find_svm(body)
        job = jobs.start(call.cluster, 'POST /api/svm/peers', 'peer.create', svm, svm=svm,
                         peer_name=body.need('peer.svm.name'), peer_cluster=body.get('peer.cluster.name'),
                         applications=body.get('applications') or ('snapmirror',), local_name=body.get('name'))
        return Made(job, '/svm/peers')

    def modify(self, call, peer, body):
        if body.get('state') == 'peered':
            peers.accept(peer)
        if 'applications' in body:
            peer.applications = body.get('applications')

    def remove(self, call, peer, data):
        return jobs.start(call.cluster, 'DELETE /api/svm/peers/%s' % peer.uuid, 'peer.delete', peer.svm, peer=peer)


@resource
class SvmPeerPermissions(Resource):
    """Peerings that need no acceptance, by the cluster that asks for them."""

    path = '/svm/peer-permissions'
    keys = ('cluster_peer.uuid', 'svm.uuid')
    identity = ('cluster_peer', 'svm')
    scope = 'cluster'

    def all(self, call):
        return call.cluster.peer_permissions

    def key(self, permission):
        return (permission.peer.uuid, permission.svm.uuid if permission.svm else '*')

    def render(self, call, p):
        return {'cluster_peer': call.ref('/cluster/peers', p.peer), 'applications': list(p.applications),
                'svm': call.svm_ref(p.svm) if p.svm else {'name': '*', 'uuid': '*'}}

    def create(self, call, body):
        wanted = body.get('cluster_peer.uuid') or body.need('cluster_peer.name')
        peer = next((p for p in call.cluster.peers if wanted in (p.uuid, p.name)), None)
        if peer is None:
            raise errors.missing('cluster peer', wanted)
        svm = None if '*' in (body.get('svm.name'), body.get('svm.uuid')) else call.find_svm(body)
        return peers.permit(call.cluster, peer, svm, body.get('applications') or ('snapmirror',))

    def modify(self, call, permission, body):
        permission.applications = list(body.need('applications'))

    def remove(self, call, permission, data):
        call.cluster.peer_permissions.remove(permission)
