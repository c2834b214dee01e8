"""Ports, VLANs, broadcast domains, IPspaces, LIFs, routes."""

import ipaddress

from manila.tests.simulators.ontap.model import errors, lifs, network
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.zapi.api import api, find_svm, iterator, number
from manila.tests.simulators.ontap.zapi.xmltree import Items

TYPES = {'physical': 'physical', 'lag': 'if_group', 'vlan': 'vlan'}
FAILOVER = {'default': 'system-defined', 'sfo_partners_only': 'sfo-partner-only', 'home_port_only': 'disabled',
            'home_node_only': 'local-only', 'broadcast_domain_only': 'broadcast-domain-wide'}


def render_port(p):
    record = {'node': p.node.name, 'port': p.name, 'port-type': TYPES[p.type], 'role': p.role.replace('_', '-'),
              'mtu': p.mtu, 'link-status': p.state, 'operational-speed': p.speed, 'administrative-speed': 'auto',
              'mac-address': p.mac, 'is-administrative-up': True,
              'health-status': 'degraded' if p.degraded_reasons else 'healthy',
              'health-degraded-reasons': Items('netport-degraded-reason', p.degraded_reasons)
              if p.degraded_reasons else None}
    if p.broadcast_domain is not None:
        record.update({'broadcast-domain': p.broadcast_domain.name, 'ipspace': p.broadcast_domain.ipspace.name})
    else:
        record['ipspace'] = 'Default'
    if p.type == 'vlan':
        record.update({'vlan-id': p.tag, 'vlan-node': p.node.name, 'vlan-port': p.base.name})
    if p.lag is not None:
        record['ifgrp-port'] = p.lag.name
    return record


@api('net-port-get', need='node port', may='desired-attributes', scope='cluster')
def get_port(call):
    port = network.find_port(call.cluster, call.text('node'), call.text('port'))
    return {'attributes': {'net-port-info': render_port(port)}}


@iterator('net-port-get-iter', 'net-port-info', scope='cluster')
def ports(call):
    return [render_port(p) for p in call.cluster.ports]


@api('net-port-modify', need='node port', scope='cluster',
     may='mtu is-administrative-up is-administrative-auto-negotiate administrative-speed administrative-duplex '
         'administrative-flowcontrol ipspace')
def modify_port(call):
    port = network.find_port(call.cluster, call.text('node'), call.text('port'))
    if call.has('mtu'):
        network.check_mtu(call.number('mtu'))
        port.mtu = call.number('mtu')
    if call.has('is-administrative-up'):
        network.set_port(port, 'up' if call.flag('is-administrative-up') else 'down')


def _vlan(call):
    values = {path[-1]: text for path, text in call.struct('vlan-info').items()}
    for name in ('parent-interface', 'node', 'vlanid'):
        if not values.get(name):
            raise errors.required(name)
    return values['node'], values['parent-interface'], number(values['vlanid'], 'vlanid')


@api('net-vlan-create', need='vlan-info', scope='cluster')
def create_vlan(call):
    network.create_vlan(call.cluster, *_vlan(call))


@api('net-vlan-delete', need='vlan-info', scope='cluster')
def delete_vlan(call):
    node, base, tag = _vlan(call)
    network.delete_vlan(call.cluster, network.find_port(call.cluster, node, '%s-%d' % (base, tag)))


@iterator('net-port-broadcast-domain-get-iter', 'net-port-broadcast-domain-info', scope='cluster')
def domains(call):
    return [{'broadcast-domain': d.name, 'ipspace': d.ipspace.name, 'mtu': d.mtu, 'ports': Items('port-info', [
        {'port': p.full_name} for p in network.ports_of(call.cluster, d)])} for d in call.cluster.broadcast_domains]


@api('net-port-broadcast-domain-create', need='broadcast-domain mtu', may='ipspace ports', scope='cluster')
def create_domain(call):
    domain = network.create_domain(call.cluster, call.text('broadcast-domain'), call.text('ipspace', 'Default'),
                                   call.number('mtu'))
    for port in _ports(call):
        network.join_domain(call.cluster, port, domain)


def _domain(call):
    return network.find_domain(call.cluster, call.text('broadcast-domain'), call.text('ipspace', 'Default'))


def _ports(call):
    return [network.find_port(call.cluster, *name.split(':', 1)) for name in call.items('ports') or ()]


@api('net-port-broadcast-domain-modify', need='broadcast-domain mtu', may='ipspace', scope='cluster')
def modify_domain(call):
    network.modify_domain(call.cluster, _domain(call), mtu=call.number('mtu'))


@api('net-port-broadcast-domain-split', need='broadcast-domain new-broadcast-domain ports', may='ipspace',
     scope='cluster')
def split_domain(call):
    """Take ports into a new domain of the same IPspace and MTU."""
    old = _domain(call)
    ports = _ports(call)
    for port in ports:
        if port.broadcast_domain is not old:
            raise errors.missing('port of broadcast domain', port.full_name)
    new = network.create_domain(call.cluster, call.text('new-broadcast-domain'), old.ipspace.name, old.mtu)
    for port in ports:
        port.broadcast_domain = new


@api('net-port-broadcast-domain-destroy', need='broadcast-domain', may='ipspace', scope='cluster')
def destroy_domain(call):
    network.delete_domain(call.cluster, _domain(call))


@api('net-port-broadcast-domain-add-ports', need='broadcast-domain ports', may='ipspace', scope='cluster')
def add_ports(call):
    for port in _ports(call):
        network.join_domain(call.cluster, port, _domain(call))


@api('net-port-broadcast-domain-remove-ports', need='broadcast-domain ports', may='ipspace', scope='cluster')
def remove_ports(call):
    domain = _domain(call)
    for port in _ports(call):
        if port.broadcast_domain is not domain:
            raise errors.missing('port of broadcast domain', port.full_name)
        network.leave_domain(call.cluster, port)


@api('net-ipspaces-create', need='ipspace', scope='cluster')
def create_ipspace(call):
    network.create_ipspace(call.cluster, call.text('ipspace'))


@api('net-ipspaces-rename', need='ipspace new-name', scope='cluster')
def rename_ipspace(call):
    network.rename_ipspace(call.cluster, get(call.cluster.ipspaces, 'IPspace', name=call.text('ipspace')),
                           call.text('new-name'))


@api('net-ipspaces-destroy', need='ipspace', scope='cluster')
def destroy_ipspace(call):
    network.delete_ipspace(call.cluster, get(call.cluster.ipspaces, 'IPspace', name=call.text('ipspace')))


@api('net-ipspaces-assign-vserver', need='ipspace vserver', scope='cluster')
def assign(call):
    """Only an SVM without LIFs can change its IPspace."""
    svm = find_svm(call.cluster, call.text('vserver'))
    if svm.lifs:
        raise errors.Refused('in_use', 'Vserver "%s" has LIFs.' % svm.name)
    svm.ipspace = get(call.cluster.ipspaces, 'IPspace', name=call.text('ipspace'))


@iterator('net-ipspaces-get-iter', 'net-ipspaces-info', scope='cluster')
def ipspaces(call):
    records = []
    for i in call.cluster.ipspaces:
        held = [d for d in call.cluster.broadcast_domains if d.ipspace is i]
        records.append({
            'ipspace': i.name, 'id': i.id, 'uuid': i.uuid,
            'ports': Items('net-qualified-port-name', [
                p.full_name for d in held for p in network.ports_of(call.cluster, d)]),
            'vservers': Items('vserver-name', [
                s.name for s in call.cluster.svms if s.ipspace is i and s.type in ('data', 'admin', 'system')]),
            'broadcast-domains': Items('broadcast-domain-name', [d.name for d in held])})
    return records


# --- LIFs -------------------------------------------------------------------------------------------------------
@api('net-interface-create', need='interface-name vserver address home-node home-port',
     may='netmask netmask-length administrative-status data-protocols role failover-policy firewall-policy '
         'service-policy is-auto-revert', scope='any')
def create_lif(call):
    svm = call.data_svm()
    port = network.find_port(call.cluster, call.text('home-node'), call.text('home-port'))
    mask = call.text('netmask') or call.text('netmask-length')
    if not mask:
        raise errors.required('netmask')
    lifs.create(svm, call.text('interface-name'), call.text('address'), mask, port.node, port,
                call.text('service-policy', 'default-data-files'), data_protocols=call.items('data-protocols'),
                enabled=call.text('administrative-status', 'up') == 'up')


def _lif(call):
    return get(call.data_svm().lifs, 'LIF', name=call.text('interface-name'))


@api('net-interface-modify', need='interface-name vserver', scope='any',
     may='administrative-status address netmask failover-policy home-node home-port is-auto-revert service-policy '
         'firewall-policy')
def modify_lif(call):
    values = {}
    if call.has('administrative-status'):
        values['enabled'] = call.text('administrative-status') == 'up'
    if call.has('address'):
        values['address'] = call.text('address')
    if call.has('netmask'):
        values['netmask'] = call.text('netmask')
    if call.has('failover-policy'):
        back = {v: k for k, v in FAILOVER.items()}
        if call.text('failover-policy') not in back:
            raise errors.invalid('failover-policy', call.text('failover-policy'))
        values['failover'] = back[call.text('failover-policy')]
    target = _lif(call)
    if call.has('home-node') or call.has('home-port'):
        values['home_port'] = network.find_port(call.cluster, call.text('home-node', target.home_node.name),
                                                call.text('home-port', target.home_port.name))
    if call.has('is-auto-revert'):
        values['auto_revert'] = call.flag('is-auto-revert')
    if call.has('service-policy'):
        values['policy'] = call.text('service-policy')
    lifs.modify(target, **values)


@api('net-interface-migrate', need='lif vserver destination-node', may='destination-port force', scope='any')
def migrate_lif(call):
    """Serve a LIF elsewhere for now; its home stays."""
    svm = call.data_svm()
    target = get(svm.lifs, 'LIF', name=call.text('lif'))
    port = network.find_port(call.cluster, call.text('destination-node'),
                             call.text('destination-port', target.port.name))
    lifs.check_port(svm, port.node, port)
    target.node, target.port = port.node, port


@api('net-interface-revert', need='lif vserver', scope='any')
def revert_lif(call):
    target = get(call.data_svm().lifs, 'LIF', name=call.text('lif'))
    target.node, target.port = target.home_node, target.home_port


@api('net-interface-rename', need='interface-name vserver new-name', scope='any')
def rename_lif(call):
    lifs.modify(_lif(call), name=call.text('new-name'))


@api('net-interface-delete', need='interface-name vserver', scope='any')
def delete_lif(call):
    lifs.delete(_lif(call), must_be_down=True)


def _netmask(lif):
    """The mask as text of either family: '255.255.255.0', 'ffff:ffff:ffff:ffff::'."""
    return str(ipaddress.ip_network('%s/%d' % (lif.address, lif.prefix), strict=False).netmask)


@iterator('net-interface-get-iter', 'net-interface-info', scope='any')
def interfaces(call):
    return [{
        'address': lif.address, 'administrative-status': 'up' if lif.enabled else 'down',
        'operational-status': lif.state, 'home-node': lif.home_node.name, 'home-port': lif.home_port.name,
        'current-node': lif.node.name, 'current-port': lif.port.name, 'interface-name': lif.name,
        'lif-uuid': lif.uuid, 'netmask': _netmask(lif), 'netmask-length': lif.prefix, 'role': 'data',
        'vserver': lif.svm.name, 'failover-policy': FAILOVER[lif.failover], 'failover-group': 'Default',
        'firewall-policy': 'data', 'is-home': lif.is_home, 'is-auto-revert': lif.auto_revert,
        'data-protocols': Items('data-protocol', lif.protocols), 'ipspace': lif.svm.ipspace.name,
        'address-family': 'ipv6' if ':' in lif.address else 'ipv4', 'service-policy': lif.policy.name,
    } for lif in call.cluster.lifs if call.svm in (None, lif.svm)]


@api('net-routes-create', need='destination gateway', may='return-record metric')
def create_route(call):
    target = _network(call.text('destination'))
    route = network.create_route(call.svm, call.text('gateway'), str(target.network_address), target.prefixlen)
    route.metric = call.number('metric', route.metric)
    if call.flag('return-record'):
        return {'result': {'net-vs-routes-info': {
            'address-family': 'ipv6' if target.version == 6 else 'ipv4', 'destination': call.text('destination'),
            'gateway': route.gateway, 'metric': route.metric, 'vserver': call.svm.name}}}


def _network(text):
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise errors.invalid('destination', text) from None


def _route(call):
    target = _network(call.text('destination'))
    for route in call.svm.routes:
        if (route.address, route.prefix, route.gateway) == (
                str(target.network_address), target.prefixlen, call.text('gateway', route.gateway)):
            return route
    raise errors.missing('route', call.text('destination'))


@api('net-routes-get', need='destination', may='gateway desired-attributes')
def get_route(call):
    route = _route(call)
    return {'attributes': {'net-vs-routes-info': {
        'destination': '%s/%d' % (route.address, route.prefix), 'gateway': route.gateway, 'metric': route.metric,
        'vserver': call.svm.name}}}


@iterator('net-routes-get-iter', 'net-vs-routes-info', scope='any')
def routes(call):
    return [{'address-family': 'ipv6' if ':' in r.gateway else 'ipv4', 'destination': '%s/%d' % (r.address, r.prefix),
             'gateway': r.gateway, 'metric': r.metric, 'vserver': svm.name} for svm in call.svms for r in svm.routes]


@api('net-routes-destroy', need='destination gateway')
def destroy_route(call):
    call.svm.routes.remove(_route(call))


@iterator('net-vlan-get-iter', 'vlan-info', scope='cluster')
def vlans(call):
    return [{'interface-name': p.name, 'node': p.node.name, 'parent-interface': p.base.name, 'vlanid': p.tag}
            for p in call.cluster.ports if p.type == 'vlan']


@api('net-options-get', scope='cluster')
def options(call):
    return {'net-options': {'ipv6-options-info': {'enabled': True}}}


@iterator('data-lif-capacity-details', 'data-lif-capacity-details-info', scope='cluster')
def lif_capacity(call):
    return [{'node': n.name, 'limit-for-node': n.lif_limit, 'count-for-node': n.lif_count,
             'capacity-for-node': n.lif_limit - n.lif_count} for n in call.cluster.nodes]
