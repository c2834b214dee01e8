"""Ports, VLANs, broadcast domains, IPspaces and routes."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, svms
from manila.tests.simulators.ontap.model.base import find, get, new_uuid


@dataclasses.dataclass(eq=False)
class IPspace:
    name: str
    id: int = 0
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class BroadcastDomain:
    name: str
    ipspace: IPspace
    mtu: int = 1500
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class Port:
    """A physical port, an interface group ('lag') or a VLAN on one of them. Speed in Mbit/s."""

    node: object
    name: str
    type: str = 'physical'
    role: str = 'data'
    speed: int = 10000
    state: str = 'up'
    degraded_reasons: list = dataclasses.field(default_factory=list)
    mtu: int = 1500
    broadcast_domain: BroadcastDomain = None
    base: object = None
    tag: int = None
    lag: object = None
    mac: str = '00:a0:98:00:00:01'
    uuid: str = dataclasses.field(default_factory=new_uuid)

    @property
    def full_name(self):
        return '%s:%s' % (self.node.name, self.name)


@dataclasses.dataclass(eq=False)
class Route:
    svm: object
    gateway: str
    address: str = '0.0.0.0'
    prefix: int = 0
    metric: int = 20
    ipspace: IPspace = None
    uuid: str = dataclasses.field(default_factory=new_uuid)


def ports_of(cluster, domain):
    return [p for p in cluster.ports if p.broadcast_domain is domain]


def create_ipspace(cluster, name):
    """A new IPspace and the hidden system SVM of the same name."""
    if find(cluster.ipspaces, name=name):
        raise errors.duplicate('IPspace', name)
    ipspace = IPspace(name, cluster.number())
    cluster.ipspaces.append(ipspace)
    cluster.svms.append(svms.Svm(cluster, name, type='system', ipspace=ipspace))
    return ipspace


def rename_ipspace(cluster, ipspace, name):
    if ipspace.name in ('Default', 'Cluster'):
        raise errors.Refused('ipspace.builtin', 'IPspace "%s" cannot be renamed.' % ipspace.name)
    if find(cluster.ipspaces, name=name):
        raise errors.duplicate('IPspace', name)
    for svm in cluster.svms:
        if svm.type == 'system' and svm.ipspace is ipspace:
            svm.name = name
    ipspace.name = name


def delete_ipspace(cluster, ipspace):
    """Refused while SVMs, ports or broadcast domains are in it."""
    if ipspace.name in ('Default', 'Cluster'):
        raise errors.Refused('ipspace.builtin', 'IPspace "%s" cannot be deleted.' % ipspace.name)
    if any(s.ipspace is ipspace and s.type != 'system' for s in cluster.svms):
        raise errors.Refused('ipspace.in_use', 'IPspace "%s" contains SVMs.' % ipspace.name)
    domains = [d for d in cluster.broadcast_domains if d.ipspace is ipspace]
    if any(ports_of(cluster, d) for d in domains):
        raise errors.Refused('ipspace.in_use', 'IPspace "%s" contains network ports.' % ipspace.name)
    if domains:
        raise errors.Refused('ipspace.in_use', 'IPspace "%s" contains broadcast domains.' % ipspace.name)
    cluster.ipspaces.remove(ipspace)
    cluster.svms[:] = [s for s in cluster.svms if not (s.type == 'system' and s.ipspace is ipspace)]


def find_domain(cluster, name, ipspace_name):
    for domain in cluster.broadcast_domains:
        if domain.name == name and domain.ipspace.name == ipspace_name:
            return domain
    raise errors.missing('broadcast domain', name)


def create_domain(cluster, name, ipspace_name, mtu):
    ipspace = get(cluster.ipspaces, 'IPspace', name=ipspace_name or 'Default')
    if any(d.name == name and d.ipspace is ipspace for d in cluster.broadcast_domains):
        raise errors.duplicate('broadcast domain', name)
    check_mtu(mtu)
    domain = BroadcastDomain(name, ipspace, mtu)
    cluster.broadcast_domains.append(domain)
    return domain


def check_mtu(mtu):
    if not isinstance(mtu, int) or not 68 <= mtu <= 9000:
        raise errors.invalid('mtu', mtu, 'The MTU must be between 68 and 9000.')


def modify_domain(cluster, domain, name=None, mtu=None, ipspace=None):
    if ipspace is not None and ipspace != domain.ipspace.name:
        domain.ipspace = get(cluster.ipspaces, 'IPspace', name=ipspace)
    if name is not None and name != domain.name:
        if any(d.name == name and d.ipspace is domain.ipspace for d in cluster.broadcast_domains):
            raise errors.duplicate('broadcast domain', name)
        domain.name = name
    if mtu is not None:
        check_mtu(mtu)
        domain.mtu = mtu
        for port in ports_of(cluster, domain):
            port.mtu = mtu


def delete_domain(cluster, domain):
    """Its ports leave it; refused while one of them carries a LIF."""
    if any(lif.home_port in ports_of(cluster, domain) for lif in cluster.lifs):
        raise errors.Refused('broadcast_domain.in_use', 'Broadcast domain "%s" has ports with LIFs.' % domain.name)
    for port in ports_of(cluster, domain):
        port.broadcast_domain = None
    cluster.broadcast_domains.remove(domain)


def join_domain(cluster, port, domain, move=False):
    """Put a port into a broadcast domain; without `move` it must not be in another one."""
    if port.broadcast_domain is domain:
        raise errors.Refused('port.in_domain', 'Port "%s" is already a member of broadcast domain "%s".' % (
            port.full_name, domain.name))
    if port.broadcast_domain is not None and not move:
        raise errors.Refused('port.in_other_domain', 'Port "%s" belongs to broadcast domain "%s".' % (
            port.full_name, port.broadcast_domain.name))
    if port.broadcast_domain is not None and port.broadcast_domain.ipspace is not domain.ipspace:
        if any(lif.home_port is port for lif in cluster.lifs):
            raise errors.Refused('port.in_use', 'Port "%s" already has a lif bound.' % port.full_name)
    port.broadcast_domain = domain
    port.mtu = domain.mtu


def leave_domain(cluster, port):
    if any(lif.home_port is port for lif in cluster.lifs):
        raise errors.Refused('port.in_use', 'Port "%s" already has a lif bound.' % port.full_name)
    port.broadcast_domain = None


def find_port(cluster, node_name, name):
    for port in cluster.ports:
        if port.node.name == node_name and port.name == name:
            return port
    raise errors.missing('port', '%s:%s' % (node_name, name))


def create_vlan(cluster, node_name, base_name, tag):
    """A VLAN port named '<port>-<tag>'; it belongs to no broadcast domain at first."""
    if not 1 <= tag <= 4094:
        raise errors.invalid('vlan.tag', tag, 'VLAN tags are 1 to 4094.')
    base = find_port(cluster, node_name, base_name)
    if base.type == 'vlan':
        raise errors.invalid('vlan.base_port.name', base_name, 'A VLAN cannot be made on a VLAN.')
    name = '%s-%d' % (base_name, tag)
    if any(p.node is base.node and p.name == name for p in cluster.ports):
        raise errors.duplicate('VLAN', name)
    port = Port(base.node, name, type='vlan', speed=base.speed, mtu=base.mtu, base=base, tag=tag, state=base.state)
    cluster.ports.append(port)
    return port


def delete_vlan(cluster, port):
    if port.type != 'vlan':
        raise errors.Refused('port.not_vlan', 'Port "%s" is not a VLAN.' % port.full_name)
    if any(lif.home_port is port or lif.port is port for lif in cluster.lifs):
        raise errors.Refused('vlan.in_use', 'Port already has a lif bound: "%s".' % port.full_name)
    cluster.ports.remove(port)


def set_port(port, state=None, reasons=None):
    """Take a port up or down, or degrade it for reasons such as 'l2_reachability'."""
    if state is not None:
        port.state = state
    if reasons is not None:
        port.degraded_reasons = list(reasons)


def create_route(svm, gateway, address, prefix):
    for route in svm.routes:
        if (route.gateway, route.address, route.prefix) == (gateway, address, prefix):
            raise errors.Refused('route.duplicate', 'Duplicate route exists: %s/%s via %s.' % (
                address, prefix, gateway))
    route = Route(svm, gateway, address, prefix, ipspace=svm.ipspace)
    svm.routes.append(route)
    return route
