"""Logical interfaces (LIFs) and the service policies that say what may be served on them."""

import dataclasses
import ipaddress

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, new_uuid

FAILOVER = ('default', 'sfo_partners_only', 'home_port_only', 'home_node_only', 'broadcast_domain_only')


@dataclasses.dataclass(eq=False)
class ServicePolicy:
    svm: object
    name: str
    services: list
    scope: str = 'svm'
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class Lif:
    """A LIF: where it lives now (`node`, `port`) and where it belongs (`home_*`)."""

    svm: object
    name: str
    address: str
    prefix: int
    home_node: object
    home_port: object
    policy: ServicePolicy
    enabled: bool = True
    failover: str = 'default'
    auto_revert: bool = True
    node: object = None
    port: object = None
    scope: str = 'svm'
    data_protocols: list = None
    attributes: dict = dataclasses.field(default_factory=dict)
    uuid: str = dataclasses.field(default_factory=new_uuid)

    def __post_init__(self):
        self.node = self.node or self.home_node
        self.port = self.port or self.home_port

    @property
    def is_home(self):
        return self.node is self.home_node and self.port is self.home_port

    @property
    def services(self):
        return list(self.policy.services)

    @property
    def protocols(self):
        """NAS protocols served here, in ZAPI's words."""
        if self.data_protocols is not None:
            return list(self.data_protocols)
        return [s[len('data_'):] for s in self.policy.services if s in ('data_nfs', 'data_cifs')] or ['none']

    @property
    def state(self):
        served = self.svm.state == 'running' or self.scope == 'cluster'
        return 'up' if self.enabled and served and self.port.state != 'down' else 'down'

    @property
    def netmask(self):
        network = ipaddress.ip_network('%s/%s' % (self.address, self.prefix), strict=False)
        return str(network.netmask) if network.version == 4 else str(self.prefix)


def prefix_of(address, netmask):
    """Prefix length from either a prefix or a dotted mask."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        raise errors.invalid('ip.address', address) from None
    text = str(netmask)
    try:
        if ':' in text and version == 6:
            # A mask is a run of ones and nothing but zeros behind it.
            prefix = bin(int(ipaddress.ip_address(text))).count('1')
            prefix = prefix if ipaddress.ip_network('%s/%d' % (text, prefix)).netmask == ipaddress.ip_address(
                text) else -1
        else:
            prefix = int(text) if text.isdigit() else ipaddress.ip_network('0.0.0.0/%s' % text).prefixlen
    except ValueError:
        prefix = -1
    if version == 4 and not 1 <= prefix <= 32:
        raise errors.Refused('lif.bad_ipv4_prefix', 'Netmask "%s" is invalid.' % netmask, 'ip.netmask')
    if version == 6 and not 1 <= prefix <= 127:
        raise errors.Refused('lif.bad_ipv6_prefix', 'Prefix length "%s" is invalid.' % netmask, 'ip.netmask')
    return prefix


def check_address(cluster, ipspace, address, prefix, ignore=None):
    """An address is used once per IPspace and is no network address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        raise errors.invalid('ip.address', address) from None
    network = ipaddress.ip_network('%s/%s' % (address, prefix), strict=False)
    if network.num_addresses > 2 and parsed == network.network_address:
        raise errors.Refused('lif.network_address', 'Address "%s" is a network address.' % address, 'ip.address')
    for lif in cluster.lifs:
        if lif is not ignore and lif.svm.ipspace is ipspace and ipaddress.ip_address(lif.address) == parsed:
            raise errors.Refused('lif.duplicate_address', 'Duplicate IP address %s is used by LIF "%s".' % (
                address, lif.name), 'ip.address')


def check_port(svm, node, port):
    """A home port is in a broadcast domain of the SVM's IPspace and is up."""
    if port.broadcast_domain is None:
        raise errors.Refused('lif.no_broadcast_domain', 'Port "%s" is not in a broadcast domain.' % port.full_name,
                             'location.home_port')
    if port.broadcast_domain.ipspace is not svm.ipspace:
        raise errors.Refused('lif.other_ipspace', 'Port "%s" is not in IPspace "%s" of the SVM.' % (
            port.full_name, svm.ipspace.name), 'location.home_port')
    if port.state == 'down':
        raise errors.Refused('lif.port_down', 'Port "%s" is down.' % port.full_name, 'location.home_port')
    if node.state not in ('up', 'degraded'):
        raise errors.Refused('lif.node_down', 'Node "%s" is not up.' % node.name, 'location.home_node')


def create(svm, name, address, netmask, node, port, policy_name='default-data-files', **more):
    """Make a LIF. Addresses are unique per IPspace, names per SVM."""
    cluster = svm.cluster
    if any(lif.svm is svm and lif.name == name for lif in cluster.lifs):
        raise errors.duplicate('LIF', name)
    policy = find(svm.service_policies, name=policy_name)
    if policy is None:
        raise errors.Refused('lif.no_service_policy', 'Service policy "%s" does not exist in SVM "%s".' % (
            policy_name, svm.name), 'service_policy.name')
    prefix = prefix_of(address, netmask)
    check_address(cluster, svm.ipspace, address, prefix)
    check_port(svm, node, port)
    if node.lif_count >= node.lif_limit:
        raise errors.Refused('lif.limit', 'Node "%s" has reached its limit of %d LIFs.' % (
            node.name, node.lif_limit))
    lif = Lif(svm, name, str(ipaddress.ip_address(address)), prefix, node, port, policy, **more)
    cluster.lifs.append(lif)
    return lif


def modify(lif, **values):
    """Change a LIF: enabled, name, address and netmask, home, failover, service policy."""
    cluster = lif.svm.cluster
    name = values.get('name')
    if name is not None and name != lif.name:
        if any(x.svm is lif.svm and x.name == name for x in cluster.lifs):
            raise errors.duplicate('LIF', name)
    if 'address' in values or 'netmask' in values:
        address = values.get('address', lif.address)
        prefix = prefix_of(address, values.get('netmask', lif.prefix))
        check_address(cluster, lif.svm.ipspace, address, prefix, ignore=lif)
        lif.address, lif.prefix = str(ipaddress.ip_address(address)), prefix
    if 'home_port' in values:
        port = values['home_port']
        check_port(lif.svm, port.node, port)
        lif.home_port, lif.home_node = port, port.node
        lif.port, lif.node = port, port.node
    if 'policy' in values:
        policy = find(lif.svm.service_policies, name=values['policy'])
        if policy is None:
            raise errors.Refused('lif.no_service_policy', 'Service policy "%s" does not exist.' % values['policy'])
        lif.policy = policy
    if values.get('failover') is not None and values['failover'] not in FAILOVER:
        raise errors.Refused('lif.bad_failover', 'Invalid value "%s" for field "location.failover".' % (
            values['failover']), 'location.failover')
    for key in ('enabled', 'failover', 'auto_revert', 'name'):
        if values.get(key) is not None:
            setattr(lif, key, values[key])


def delete(lif, must_be_down=False):
    """Remove a LIF; the older interface wants it down first."""
    if must_be_down and lif.enabled:
        raise errors.Refused('lif.enabled', 'LIF "%s" is administratively up.' % lif.name)
    lif.svm.cluster.lifs.remove(lif)


def default_service_policies(svm):
    """The policies a data SVM is born with."""
    return [
        ServicePolicy(svm, 'default-data-files', ['data_core', 'data_nfs', 'data_cifs', 'data_fpolicy_client',
                                                  'management_dns_client', 'management_ad_client',
                                                  'management_ldap_client', 'management_nis_client']),
        ServicePolicy(svm, 'default-data-blocks', ['data_core', 'data_iscsi']),
        ServicePolicy(svm, 'default-management', ['management_ssh', 'management_https', 'management_dns_client',
                                                  'management_ad_client', 'management_ldap_client']),
    ]
