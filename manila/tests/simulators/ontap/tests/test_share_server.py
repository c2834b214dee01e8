"""The life of a share server as a driver for several SVMs drives it over REST, in the form in which clients write."""

import pytest

from manila.tests.simulators.ontap.tests.conftest import Rest

QUICK = {'durations': {'default': 0, 'svm.create': 0, 'svm.delete': 0, 'volume.create': 0}}
NAME, IPSPACE, DOMAIN, TAG = 'os_server-1', 'ipspace_net-1', 'domain_net-1', 301


class Driver:
    """Calls in the order and with the texts (dotted keys, booleans as texts) of such a driver."""

    def __init__(self, simulator):
        self.cluster = Rest(simulator)
        self.svm = Rest(simulator, headers={'X-Dot-SVM-Name': NAME})

    def place(self):
        """A port whose name carries data LIFs already and that is in the broadcast domain Default of every node."""
        found = self.cluster.ok('GET', '/network/ip/interfaces', max_records=10000, fields='location.port.name', **{
            'service_policy.name': '!default-management', 'services': 'data_*'})['records']
        names = sorted({r['location']['port']['name'] for r in found})
        nodes = [n['name'] for n in self.cluster.ok('GET', '/cluster/nodes')['records']]
        for node in nodes:
            ports = self.cluster.ok('GET', '/network/ethernet/ports', fields='node.name,speed,name', **{
                'node.name': node, 'state': 'up', 'type': 'physical', 'broadcast_domain.name': 'Default'})['records']
            assert names[0] in [p['name'] for p in ports]
        return nodes, names[0]

    def set_up(self):
        nodes, base = self.place()
        self.cluster.ok('POST', '/network/ipspaces', {'name': IPSPACE})
        self.cluster.ok('POST', '/svm/svms', {
            'name': NAME, 'nsswitch.namemap': ['files'], 'ipspace.name': IPSPACE,
            'aggregates': [{'name': 'aggr1'}, {'name': 'aggr3'}]})
        self.uuid = self.cluster.find('/svm/svms', name=NAME)['uuid']
        self.cluster.ok('POST', '/network/ethernet/broadcast-domains', {
            'ipspace.name': IPSPACE, 'name': DOMAIN, 'mtu': '1500'})
        port = '%s-%d' % (base, TAG)
        for number, node in enumerate(nodes):
            self.cluster.ok('POST', '/network/ethernet/ports', {
                'node.name': node, 'type': 'vlan', 'vlan.base_port.name': base, 'vlan.tag': TAG})
            self.cluster.ok('PATCH', '/network/ethernet/ports/', {
                'broadcast_domain.ipspace.name': IPSPACE, 'broadcast_domain.name': DOMAIN},
                name=port, **{'node.name': node})
            self.cluster.ok('POST', '/network/ip/interfaces', {
                'name': 'os_lif_%d' % number, 'svm.name': NAME, 'ip.address': '10.1.45.%d' % (11 + number),
                'ip.netmask': '255.255.255.0', 'enabled': 'true', 'service_policy.name': 'default-data-files',
                'location.home_node.name': node, 'location.home_port.name': port})
        self.svm.ok('POST', '/network/ip/routes', {
            'gateway': '10.1.45.1', 'destination.address': '0.0.0.0', 'destination.netmask': '0'})
        self.serve()
        return nodes, base

    def serve(self):
        """NFS, DNS, LDAP, CIFS and Kerberos."""
        ok = self.svm.ok
        ok('POST', '/protocols/nfs/services/', {'svm.uuid': self.uuid, 'enabled': 'true'})
        ok('PATCH', '/protocols/nfs/services/' + self.uuid, {
            'protocol.v3_enabled': 'true', 'protocol.v40_enabled': 'false', 'protocol.v41_enabled': 'true',
            'showmount_enabled': 'true', 'protocol.v3_features.connection_drop': 'false'})
        ok('PATCH', '/svm/svms/' + self.uuid, {'nsswitch.passwd': ['ldap', 'files']})
        ok('POST', '/name-services/dns', {'domains': ['example.test'], 'servers': ['10.9.9.8'], 'svm.name': NAME})
        ok('POST', '/name-services/ldap', {
            'svm.name': NAME, 'servers': ['10.9.9.9'], 'schema': 'RFC-2307', 'port': '389', 'bind_dn': 'u',
            'bind_password': 'p'})
        ok('POST', '/protocols/cifs/services', {
            'name': 'OS-SERVER-1', 'ad_domain.fqdn': 'example.test', 'ad_domain.user': 'joe', 'force': 'true',
            'ad_domain.password': 'right', 'security.advertised_kdc_encryptions': ['aes-128', 'aes-256']})
        ok('PATCH', '/protocols/cifs/services/' + self.uuid, {'security.smb_signing': 'true'})
        ok('POST', '/protocols/nfs/kerberos/realms', {
            'comment': '', 'kdc.ip': '10.9.9.7', 'kdc.port': '88', 'kdc.vendor': 'other', 'name': 'EXAMPLE.TEST'})
        for lif in ok('GET', '/network/ip/interfaces', fields='name')['records']:
            ok('PATCH', '/protocols/nfs/kerberos/interfaces/' + lif['uuid'], {
                'enabled': 'true', 'password': 'p', 'user': 'u', 'interface.name': lif['name'],
                'spn': 'nfs/os-server-1.example.test@EXAMPLE.TEST'})

    def tear_down(self, nodes, base):
        ok = self.svm.ok
        for lif in ok('GET', '/network/ip/interfaces', fields='name')['records']:
            ok('PATCH', '/protocols/nfs/kerberos/interfaces/' + lif['uuid'], {
                'enabled': 'false', 'interface.name': lif['name']})
            self.cluster.ok('PATCH', '/network/ip/interfaces', {'enabled': 'false'}, name=lif['name'], **{
                'svm.name': NAME})
        assert ok('GET', '/storage/volumes', return_records='false')['num_records'] == 1
        root = '/storage/volumes/' + self.svm.find('/storage/volumes/', is_svm_root='true')['uuid']
        ok('PATCH', root, {'state': 'offline'})
        ok('DELETE', root)
        assert self.cluster.refused('DELETE', '/svm/svms/' + self.uuid)[1] == '2621525'
        ok('DELETE', '/protocols/cifs/services/' + self.uuid, {
            'ad_domain.user': 'joe', 'ad_domain.password': 'right'})
        self.cluster.ok('DELETE', '/svm/svms/' + self.uuid)
        for node in nodes:
            self.cluster.ok('DELETE', '/network/ethernet/ports/', **{
                'vlan.base_port.name': base, 'node.name': node, 'vlan.tag': TAG})
        self.cluster.ok('DELETE', '/network/ethernet/broadcast-domains', name=DOMAIN, **{'ipspace.name': IPSPACE})
        self.cluster.ok('DELETE', '/network/ipspaces', name=IPSPACE)


@pytest.mark.parametrize('strict', [True, False])
def test_a_share_server_is_set_up_serves_and_leaves_nothing(start, strict):
    simulator = start({'seed': 'multi', 'with': dict(QUICK, settings={'strict': strict})})
    simulator.control.realm('example.test', {'joe': {'password': 'right'}})
    before = set(_objects(simulator))
    driver = Driver(simulator)
    nodes, base = driver.set_up()
    driver.svm.ok('POST', '/storage/volumes', {
        'name': 'share_1', 'size': 1024 ** 3, 'style': 'flexvol', 'aggregates': [{'name': 'aggr1'}], 'type': 'rw',
        'guarantee.type': 'none', 'svm.name': NAME, 'nas.path': '/share_1', 'snapshot_policy.name': 'none',
        'language': 'c.utf_8', 'space.snapshot.reserve_percent': '5', 'encryption.enabled': 'false'})
    driver.svm.ok('POST', '/protocols/cifs/shares', {'name': 'share_1', 'path': '/share_1', 'svm.name': NAME})
    addresses = driver.svm.ok('GET', '/network/ip/interfaces', services='data_nfs,data_cifs', fields='ip.address')
    assert {r['ip']['address'] for r in addresses['records']} == {'10.1.45.11', '10.1.45.12'}
    assert simulator.control.violations() == []
    share = '/storage/volumes/' + driver.svm.find('/storage/volumes', name='share_1')['uuid']
    driver.svm.ok('DELETE', '/protocols/cifs/shares/%s/share_1' % driver.uuid)
    driver.svm.ok('PATCH', share, {'nas.path': ''})
    driver.svm.ok('PATCH', share, {'state': 'offline'})
    driver.svm.ok('DELETE', share, force='true')
    driver.tear_down(nodes, base)
    assert set(_objects(simulator)) == before
    assert simulator.control.violations() == []


def _objects(simulator):
    cluster = simulator.world.cluster('cluster1')
    for things in (cluster.svms, cluster.volumes, cluster.lifs, cluster.ports, cluster.broadcast_domains,
                   cluster.ipspaces, cluster.certificates, cluster.qos_policies):
        yield from things
