"""The older transport: a share server as drivers set it up and tear it down, and the access swap on its shares."""

import pytest

from manila.tests.simulators.ontap.tests.zapi_client import Failed, Zapi

SERVER, IPSPACE, DOMAIN = 'os_server-1', 'ipspace_net', 'domain_net'
NODES = ('cluster1-01', 'cluster1-02')


@pytest.fixture
def simulator(start):
    return start({'seed': 'multi', 'with': {'durations': {'default': 0, 'svm.create': 0}}})


@pytest.fixture
def cluster(simulator):
    return Zapi(simulator)


@pytest.fixture
def server(simulator, cluster):
    """A client tunnelled to a server on a VLAN, with one LIF per node."""
    client = Zapi(simulator, vfiler=SERVER)
    assert client.errno('vserver-get') == 15698
    cluster('net-ipspaces-create', {'ipspace': IPSPACE})
    cluster('vserver-create', {'vserver-name': SERVER, 'root-volume': 'root', 'root-volume-aggregate': 'aggr1',
                               'root-volume-security-style': 'unix', 'name-server-switch': {'nsswitch': 'file'},
                               'ipspace': IPSPACE})
    cluster('vserver-modify', {'vserver-name': SERVER, 'aggr-list': {'aggr-name': ['aggr1', 'aggr2']},
                               'volume-delete-retention-hours': 0})
    domain = {'ipspace': IPSPACE, 'broadcast-domain': DOMAIN}
    cluster('net-port-broadcast-domain-create', dict(domain, mtu=9000))
    for number, node in enumerate(NODES):
        cluster('net-vlan-create', vlan(node))
        cluster('net-port-broadcast-domain-add-ports', dict(domain, ports={
            'net-qualified-port-name': node + ':e0c-1001'}))
        cluster('net-interface-create', {
            'interface-name': 'lif%d' % number, 'vserver': SERVER, 'address': '10.1.0.%d' % (number + 2),
            'netmask': '255.255.255.0', 'administrative-status': 'up', 'role': 'data', 'home-node': node,
            'home-port': 'e0c-1001', 'data-protocols': {'data-protocol': ['nfs', 'cifs']}})
    client('net-routes-create', {'destination': '0.0.0.0/0', 'gateway': '10.1.0.1'})
    client('nfs-enable')
    return client


def vlan(node):
    return {'vlan-info': {'parent-interface': 'e0c', 'node': node, 'vlanid': 1001}}


def test_a_server_goes_without_a_trace(simulator, cluster, server):
    with pytest.raises(Failed, match='Duplicate route exists'):
        server('net-routes-create', {'destination': '0.0.0.0/0', 'gateway': '10.1.0.1'})
    found, = cluster.records('net-ipspaces-get-iter', 'net-ipspaces-info', {'vservers': {'vserver_name': SERVER}})
    assert found.findtext('ipspace') == IPSPACE
    assert sorted(e.text for e in found.find('ports')) == [node + ':e0c-1001' for node in NODES]
    with pytest.raises(Failed, match='Port already has a lif bound'):
        cluster('net-vlan-delete', vlan(NODES[0]))
    for number in range(len(NODES)):
        cluster('net-interface-modify', {'interface-name': 'lif%d' % number, 'vserver': SERVER,
                                         'administrative-status': 'down'})
    assert server('volume-get-iter', {'max-records': 1}).find('next-tag') is None
    server('volume-offline', {'name': 'root'})
    server('volume-destroy', {'name': 'root'})
    cluster('vserver-destroy', {'vserver-name': SERVER})
    domain = {'ipspace': IPSPACE, 'broadcast-domain': DOMAIN}
    assert cluster.errno('net-ipspaces-destroy', {'ipspace': IPSPACE}) == 13001
    cluster('net-port-broadcast-domain-remove-ports', dict(domain, ports={
        'net-qualified-port-name': [node + ':e0c-1001' for node in NODES]}))
    cluster('net-port-broadcast-domain-destroy', domain)
    cluster('net-ipspaces-destroy', {'ipspace': IPSPACE})
    for node in NODES:
        cluster('net-vlan-delete', vlan(node))
    assert server.errno('vserver-get') == 15698
    assert simulator.control.violations() == []


def test_a_server_with_a_cifs_server_or_volumes_stays(cluster, server):
    server('net-dns-create', {'domains': {'string': 'ad.test'}, 'name-servers': {'ip-address': '10.1.0.9'}})
    server('cifs-server-create', {'cifs-server': 'OS-1', 'domain': 'ad.test', 'admin-username': 'u',
                                  'admin-password': 'p', 'force-account-overwrite': True})
    server('volume-offline', {'name': 'root'})
    server('volume-destroy', {'name': 'root'})
    assert cluster.errno('vserver-destroy', {'vserver-name': SERVER}) == 13001
    server('cifs-server-delete', {'force-account-delete': True})
    server('volume-create', {'volume': 'share_1', 'containing-aggr-name': 'aggr1', 'size': '1g'})
    assert cluster.errno('vserver-destroy', {'vserver-name': SERVER}) == 13001


def test_access_is_swapped_without_a_moment_of_openness(server):
    """The old policy makes room for a new one under another name; it goes once no volume uses it."""
    server('export-policy-create', {'policy-name': 'policy_1'})
    server('volume-create', {'volume': 'share_1', 'containing-aggr-name': 'aggr1', 'size': '1g',
                             'junction-path': '/share_1', 'export-policy': 'policy_1'})
    server('export-policy-create', {'policy-name': 'temp_new'})
    server('export-rule-create', {'policy-name': 'temp_new', 'client-match': '10.0.0.1', 'ro-rule': {
        'security-flavor': 'sys'}, 'rw-rule': {'security-flavor': 'never'}})
    server('export-policy-rename', {'policy-name': 'policy_1', 'new-policy-name': 'temp_old'})
    assert server.errno('export-policy-destroy', {'policy-name': 'temp_old'}) == 13001
    server('volume-modify-iter', {
        'query': {'volume-attributes': {'volume-id-attributes': {'name': 'share_1'}}},
        'attributes': {'volume-attributes': {'volume-export-attributes': {'policy': 'temp_new'}}}})
    server('export-policy-destroy', {'policy-name': 'temp_old'})
    server('export-policy-rename', {'policy-name': 'temp_new', 'new-policy-name': 'policy_1'})
    record, = server.records('volume-get-iter', 'volume-attributes', {'volume-id-attributes': {'name': 'share_1'}},
                             {'volume-export-attributes': {'policy': ''}})
    assert record.findtext('volume-export-attributes/policy') == 'policy_1'
    rule, = server.records('export-rule-get-iter', 'export-rule-info', {'policy-name': 'policy_1'})
    assert (rule.findtext('client-match'), rule.findtext('rw-rule/security-flavor')) == ('10.0.0.1', 'never')
