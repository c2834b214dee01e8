"""/network: LIFs, service policies, ports, broadcast domains, IPspaces, routes."""

import ipaddress

from manila.tests.simulators.ontap.model import errors, lifs, network
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest.resource import Resource, resource


def port_ref(call, port):
    return call.ref('/network/ethernet/ports', port, node={'name': port.node.name})


@resource
class Interfaces(Resource):
    path = '/network/ip/interfaces'
    quick = {'name': lambda lif: lif.name, 'svm.name': lambda lif: lif.svm.name,
             'ip.address': lambda lif: lif.address}

    def all(self, call):
        return call.cluster.lifs

    def render(self, call, lif):
        record = {
            'uuid': lif.uuid, 'name': lif.name, 'enabled': lif.enabled, 'state': lif.state, 'scope': lif.scope,
            'ip': {'address': lif.address, 'netmask': str(lif.prefix),
                   'family': 'ipv6' if ':' in lif.address else 'ipv4'},
            'svm': call.svm_ref(lif.svm), 'services': lif.services, 'vip': False,
            'ipspace': call.ref('/network/ipspaces', lif.svm.ipspace),
            'service_policy': call.ref('/network/ip/service-policies', lif.policy),
            'location': {'home_node': call.ref('/cluster/nodes', lif.home_node), 'home_port': port_ref(
                call, lif.home_port), 'node': call.ref('/cluster/nodes', lif.node), 'port': port_ref(call, lif.port),
                'failover': lif.failover, 'is_home': lif.is_home, 'auto_revert': lif.auto_revert}}
        if lif.port.broadcast_domain is not None:
            record['location']['broadcast_domain'] = {'name': lif.port.broadcast_domain.name}
        return record

    def select(self, call, parents):
        """Masks are asked for as prefix length or dotted: both find the LIF."""
        mask = call.params.get('ip.netmask')
        if mask and '.' in mask:
            try:
                call.params['ip.netmask'] = str(ipaddress.ip_network('0.0.0.0/' + mask).prefixlen)
            except ValueError:
                raise errors.invalid('ip.netmask', mask) from None
        return super().select(call, parents)

    def _port(self, call, body, svm):
        """The home port a body names; a node alone gets a port of the SVM's IPspace that is up."""
        name, node = body.get('location.home_port.name'), body.get('location.home_node.name')
        node = node or body.get('location.home_port.node.name')
        uuid, node_uuid = body.get('location.home_port.uuid'), body.get('location.home_node.uuid')
        domain = body.get('location.broadcast_domain.name')
        if not (name or node or uuid or node_uuid or domain):
            raise errors.Refused('lif.no_home', 'The home port, home node or broadcast domain is required.',
                                 'location')
        for port in call.cluster.ports:
            if uuid and port.uuid != uuid or name and port.name != name or node and port.node.name != node:
                continue
            if node_uuid and port.node.uuid != node_uuid:
                continue
            if not (name or uuid) and not self._fits(port, svm, domain):
                continue
            return port
        raise errors.Refused('lif.node_down', 'No port "%s" on node "%s".' % (name or uuid, node),
                             'location.home_port')

    def _fits(self, port, svm, domain):
        return (port.broadcast_domain is not None and port.broadcast_domain.ipspace is svm.ipspace
                and port.state == 'up' and (domain is None or port.broadcast_domain.name == domain))

    def create(self, call, body):
        svm = call.find_svm(body, required=False)
        if svm is None:
            raise errors.Refused('lif.no_svm', 'An interface of scope "svm" needs an SVM.', 'svm.name')
        body.get('scope'), body.get('ipspace.name')
        port = self._port(call, body, svm)
        more = body.pick(enabled='enabled', failover='location.failover', auto_revert='location.auto_revert')
        if more.get('failover', 'default') not in lifs.FAILOVER:
            raise errors.Refused('lif.bad_failover', 'Invalid value "%s" for field "location.failover".' % (
                more['failover']), 'location.failover')
        return lifs.create(svm, body.need('name'), body.need('ip.address'), body.need('ip.netmask'), port.node, port,
                           body.get('service_policy.name') or 'default-data-files', attributes=body.leftovers(), **more)

    def modify(self, call, lif, body):
        values = body.pick(name='name', enabled='enabled', address='ip.address', netmask='ip.netmask',
                           failover='location.failover', auto_revert='location.auto_revert',
                           policy='service_policy.name')
        if any(k.startswith(('location.home_port', 'location.home_node')) for k in body.values):
            values['home_port'] = self._port(call, body, lif.svm)
        if body.get('location.is_home') or body.get('location.revert'):
            lif.node, lif.port = lif.home_node, lif.home_port
        if 'location.node.name' in body or 'location.port.name' in body:
            node = body.get('location.node.name') or lif.node.name
            port = network.find_port(call.cluster, node, body.get('location.port.name') or lif.port.name)
            lif.node, lif.port = port.node, port
        lifs.modify(lif, **values)
        lif.attributes.update(body.leftovers())

    def remove(self, call, lif, data):
        lifs.delete(lif)


@resource
class ServicePolicies(Resource):
    path = '/network/ip/service-policies'

    def all(self, call):
        return [p for svm in call.cluster.data_svms for p in svm.service_policies]

    def render(self, call, p):
        return {'uuid': p.uuid, 'name': p.name, 'scope': p.scope, 'svm': call.svm_ref(p.svm),
                'services': list(p.services), 'is_built_in': p.name.startswith('default-'),
                'ipspace': call.ref('/network/ipspaces', p.svm.ipspace)}

    def create(self, call, body):
        svm = call.find_svm(body)
        name = body.need('name')
        if find(svm.service_policies, name=name):
            raise errors.duplicate('service policy', name)
        policy = lifs.ServicePolicy(svm, name, body.get('services') or [])
        body.get('scope')
        svm.service_policies.append(policy)
        return policy

    def modify(self, call, policy, body):
        for key, value in body.pick(name='name', services='services').items():
            setattr(policy, key, value)

    def remove(self, call, policy, data):
        if any(lif.policy is policy for lif in call.cluster.lifs):
            raise errors.Refused('in_use', 'Service policy "%s" is in use.' % policy.name)
        policy.svm.service_policies.remove(policy)


@resource
class Ports(Resource):
    path = '/network/ethernet/ports'
    scope = 'cluster'
    identity = ('uuid', 'name', 'node')
    quick = {'name': lambda p: p.name, 'node.name': lambda p: p.node.name}

    def all(self, call):
        return call.cluster.ports

    def render(self, call, p):
        record = {'uuid': p.uuid, 'name': p.name, 'node': call.ref('/cluster/nodes', p.node), 'type': p.type,
                  'mtu': p.mtu, 'speed': p.speed, 'enabled': True, 'mac_address': p.mac,
                  'state': 'degraded' if p.degraded_reasons and p.state == 'up' else p.state}
        if p.broadcast_domain is not None:
            record['broadcast_domain'] = call.ref('/network/ethernet/broadcast-domains', p.broadcast_domain, ipspace={
                'name': p.broadcast_domain.ipspace.name})
        if p.type == 'vlan':
            record['vlan'] = {'tag': p.tag, 'base_port': port_ref(call, p.base)}
        return record

    def create(self, call, body):
        if body.need('type') != 'vlan':
            raise errors.invalid('type', body.get('type'), 'Only VLANs can be made.')
        node = body.get('node.name') or next((n.name for n in call.cluster.nodes if n.uuid == body.get('node.uuid')),
                                             None)
        base = body.get('vlan.base_port.name')
        body.get('vlan.base_port.node.name')
        if body.get('vlan.base_port.uuid'):
            port = find(call.cluster.ports, uuid=body.get('vlan.base_port.uuid'))
            base = port.name if port else base
        domain, ipspace = body.get('broadcast_domain.name'), body.get('broadcast_domain.ipspace.name')
        target = network.find_domain(call.cluster, domain, ipspace or 'Default') if domain else None
        port = network.create_vlan(call.cluster, node, base, body.need('vlan.tag'))
        if target is not None:
            network.join_domain(call.cluster, port, target)
        return port

    def modify(self, call, port, body):
        name, ipspace = body.get('broadcast_domain.name'), body.get('broadcast_domain.ipspace.name')
        if name:
            network.join_domain(call.cluster, port, network.find_domain(call.cluster, name, ipspace or 'Default'),
                                move=True)
        if 'enabled' in body:
            network.set_port(port, state='up' if body.get('enabled') else 'down')

    def remove(self, call, port, data):
        network.delete_vlan(call.cluster, port)


@resource
class BroadcastDomains(Resource):
    path = '/network/ethernet/broadcast-domains'
    scope = 'cluster'
    identity = ('uuid', 'name', 'ipspace')

    def all(self, call):
        return call.cluster.broadcast_domains

    def render(self, call, d):
        return {'uuid': d.uuid, 'name': d.name, 'mtu': d.mtu, 'ipspace': call.ref('/network/ipspaces', d.ipspace),
                'ports': [port_ref(call, p) for p in network.ports_of(call.cluster, d)]}

    def create(self, call, body):
        return network.create_domain(call.cluster, body.need('name'), body.get('ipspace.name'), body.need('mtu'))

    def modify(self, call, domain, body):
        network.modify_domain(call.cluster, domain, **body.pick(name='name', mtu='mtu', ipspace='ipspace.name'))

    def remove(self, call, domain, data):
        network.delete_domain(call.cluster, domain)


@resource
class IPspaces(Resource):
    path = '/network/ipspaces'
    scope = 'cluster'

    def all(self, call):
        return call.cluster.ipspaces

    def render(self, call, i):
        return {'uuid': i.uuid, 'name': i.name}

    def create(self, call, body):
        return network.create_ipspace(call.cluster, body.need('name'))

    def modify(self, call, ipspace, body):
        network.rename_ipspace(call.cluster, ipspace, body.need('name'))

    def remove(self, call, ipspace, data):
        network.delete_ipspace(call.cluster, ipspace)


@resource
class Routes(Resource):
    path = '/network/ip/routes'
    identity = ('uuid', 'gateway', 'destination', 'svm')

    def all(self, call):
        return [r for svm in call.cluster.data_svms for r in svm.routes]

    def render(self, call, r):
        return {'uuid': r.uuid, 'gateway': r.gateway, 'metric': r.metric, 'scope': 'svm', 'svm': call.svm_ref(r.svm),
                'ipspace': call.ref('/network/ipspaces', r.ipspace),
                'destination': {'address': r.address, 'netmask': str(r.prefix),
                                'family': 'ipv6' if ':' in r.address else 'ipv4'}}

    def create(self, call, body):
        svm = call.find_svm(body)
        gateway = body.need('gateway')
        try:
            version = ipaddress.ip_address(gateway).version
        except ValueError:
            raise errors.invalid('gateway', gateway) from None
        address = body.get('destination.address') or ('0.0.0.0' if version == 4 else '::')
        mask = str(body.get('destination.netmask') or '0')
        prefix = int(mask) if mask.isdigit() else ipaddress.ip_network('0.0.0.0/' + mask).prefixlen
        body.get('ipspace.name'), body.get('destination.family')
        route = network.create_route(svm, gateway, address, prefix)
        route.metric = body.get('metric') or route.metric
        return route

    def remove(self, call, route, data):
        route.svm.routes.remove(route)
