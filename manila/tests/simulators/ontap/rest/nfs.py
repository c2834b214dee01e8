"""/protocols/nfs: services and Kerberos."""

from manila.tests.simulators.ontap.model import errors, names
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.rest.resource import Resource, resource

FIELDS = {'enabled': 'enabled', 'v3': 'protocol.v3_enabled', 'v40': 'protocol.v40_enabled',
          'v41': 'protocol.v41_enabled', 'pnfs': 'protocol.v41_features.pnfs_enabled', 'showmount': 'showmount_enabled',
          'ms_dos': 'windows.v3_ms_dos_client_enabled', 'vstorage': 'vstorage_enabled',
          'connection_drop': 'protocol.v3_features.connection_drop', 'tcp_size': 'transport.tcp_max_transfer_size',
          'ejukebox': 'protocol.v3_features.ejukebox_enabled'}


@resource
class Services(Resource):
    path = '/protocols/nfs/services'
    keys = ('svm.uuid',)
    identity = ('svm',)

    def all(self, call):
        return [svm.nfs for svm in call.cluster.data_svms if svm.nfs is not None]

    def key(self, service):
        return (service.svm.uuid,)

    def render(self, call, s):
        return {
            'svm': call.svm_ref(s.svm), 'enabled': s.enabled, 'state': 'online' if s.enabled else 'offline',
            'showmount_enabled': s.showmount, 'vstorage_enabled': s.vstorage,
            'protocol': {'v3_enabled': s.v3, 'v40_enabled': s.v40, 'v41_enabled': s.v41,
                         'v41_features': {'pnfs_enabled': s.pnfs},
                         'v3_features': {'connection_drop': s.connection_drop, 'ejukebox_enabled': s.ejukebox}},
            'transport': {'tcp_enabled': True, 'udp_enabled': True, 'tcp_max_transfer_size': s.tcp_size},
            'windows': {'v3_ms_dos_client_enabled': s.ms_dos}}

    def create(self, call, body):
        svm = call.find_svm(body)
        values = body.pick(**FIELDS)
        return names.create_nfs(svm, attributes=body.leftovers(), **values)

    def modify(self, call, service, body):
        values = body.pick(**FIELDS)
        names.modify_nfs(service, attributes=body.leftovers(), **values)

    def remove(self, call, service, data):
        names.delete_nfs(service.svm)


@resource
class KerberosRealms(Resource):
    path = '/protocols/nfs/kerberos/realms'
    keys = ('svm.uuid', 'name')
    identity = ('svm', 'name')

    def all(self, call):
        return [r for svm in call.cluster.data_svms for r in svm.realms]

    def key(self, realm):
        return (realm.svm.uuid, realm.name)

    def render(self, call, r):
        return {'svm': call.svm_ref(r.svm), 'name': r.name, 'comment': r.comment or None,
                'kdc': {'ip': r.kdc, 'port': r.kdc_port, 'vendor': r.vendor}}

    def create(self, call, body):
        svm = call.find_svm(body)
        more = body.pick(kdc_port='kdc.port', vendor='kdc.vendor', comment='comment')
        body.leftovers()
        return names.create_realm(svm, body.need('name'), body.need('kdc.ip'), **more)

    def modify(self, call, realm, body):
        names.modify_realm(realm.svm, realm.name, **body.pick(kdc='kdc.ip', kdc_port='kdc.port',
                                                             vendor='kdc.vendor', comment='comment'))

    def remove(self, call, realm, data):
        realm.svm.realms.remove(realm)


@resource
class KerberosInterfaces(Resource):
    """Kerberos on the data LIFs; one entry per LIF."""

    path = '/protocols/nfs/kerberos/interfaces'
    keys = ('interface.uuid',)
    identity = ('svm', 'interface')

    def all(self, call):
        return [lif for lif in call.cluster.lifs if lif.svm.type == 'data']

    def key(self, lif):
        return (lif.uuid,)

    def record(self, call, lif):
        record = self.render(call, lif)
        record['_links'] = call.links(self.location(lif))
        return record

    def render(self, call, lif):
        state = lif.svm.kerberos.get(lif.uuid, {'enabled': False})
        record = {'svm': call.svm_ref(lif.svm), 'enabled': state['enabled'],
                  'interface': {'name': lif.name, 'uuid': lif.uuid, 'ip': {'address': lif.address}}}
        if state.get('spn'):
            record['spn'] = state['spn']
        return record

    def modify(self, call, lif, body):
        for name in ('user', 'password', 'interface.name'):
            body.get(name)
        if 'enabled' not in body:
            raise errors.required('enabled')
        names.set_kerberos(lif, body.get('enabled'), body.get('spn'))


def lif_by_name(svm, name):
    return get(svm.lifs, 'LIF', name=name)
