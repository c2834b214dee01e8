"""NFS service, Kerberos, DNS, LDAP and local host names of SVMs."""

import dataclasses
import ipaddress

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, get, new_uuid


@dataclasses.dataclass(eq=False)
class NfsService:
    """The NFS server of an SVM: versions and transfer sizes."""

    svm: object
    enabled: bool = True
    v3: bool = True
    v40: bool = False
    v41: bool = False
    pnfs: bool = False
    showmount: bool = True
    ms_dos: bool = False
    connection_drop: bool = True
    ejukebox: bool = True
    tcp_size: int = 65536
    udp_size: int = 32768
    vstorage: bool = False
    attributes: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(eq=False)
class Dns:
    svm: object
    domains: list
    servers: list
    timeout: int = 2
    attempts: int = 1
    dynamic: bool = False
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class Ldap:
    """LDAP client settings; bind passwords are not kept."""

    svm: object
    name: str
    servers: list = dataclasses.field(default_factory=list)
    ad_domain: str = ''
    schema: str = 'RFC-2307'
    port: int = 389
    base_dn: str = ''
    bind_dn: str = ''
    attributes: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(eq=False)
class Realm:
    svm: object
    name: str
    kdc: str
    kdc_port: int = 88
    vendor: str = 'other'
    comment: str = ''
    admin_server: str = ''
    password_server: str = ''
    admin_port: int = 749
    password_port: int = 464
    clock_skew: int = 5


@dataclasses.dataclass(eq=False)
class LocalHost:
    svm: object
    address: str
    hostname: str
    aliases: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(eq=False)
class NameMapping:
    svm: object
    direction: str
    index: int
    pattern: str
    replacement: str = ''
    client_match: str = ''


def create_nfs(svm, **values):
    svm.cluster.require_licence('nfs')
    if svm.nfs is not None:
        raise errors.duplicate('NFS service', svm.name)
    check_nfs(values)
    svm.nfs = NfsService(svm, **values)
    return svm.nfs


def check_nfs(values):
    size = values.get('tcp_size')
    if size is not None and not 8192 <= size <= 1048576:
        raise errors.invalid('transport.tcp_max_transfer_size', size)


def modify_nfs(service, **values):
    check_nfs(values)
    attributes = values.pop('attributes', None)
    service.attributes.update(attributes or {})
    for key, value in values.items():
        if value is not None:
            setattr(service, key, value)


def delete_nfs(svm):
    if svm.nfs is None:
        raise errors.missing('NFS service', svm.name)
    svm.nfs = None


def check_dns(domains, servers):
    """At most six domains and three servers, each of them an address."""
    if not domains or len(domains) > 6:
        raise errors.invalid('domains', len(domains or ()), 'One to six domains are needed.')
    if not servers or len(servers) > 3:
        raise errors.invalid('servers', len(servers or ()), 'One to three name servers are needed.')
    for server in servers:
        try:
            ipaddress.ip_address(server)
        except ValueError:
            raise errors.invalid('servers', server) from None


def create_dns(svm, domains, servers, **more):
    if svm.dns is not None:
        raise errors.duplicate('DNS configuration', svm.name)
    check_dns(domains, servers)
    svm.dns = Dns(svm, list(domains), list(servers), **more)
    return svm.dns


def modify_dns(dns, domains=None, servers=None, **more):
    check_dns(domains if domains is not None else dns.domains, servers if servers is not None else dns.servers)
    dns.domains = list(domains) if domains is not None else dns.domains
    dns.servers = list(servers) if servers is not None else dns.servers
    for key, value in more.items():
        if value is not None:
            setattr(dns, key, value)


def check_ldap(values):
    if bool(values.get('servers')) == bool(values.get('ad_domain')):
        raise errors.invalid('servers', values.get('servers'), 'Exactly one of servers and ad_domain is needed.')
    if values.get('schema', 'RFC-2307') not in ('RFC-2307', 'MS-AD-BIS', 'AD-IDMU', 'AD-SFU'):
        raise errors.invalid('schema', values['schema'])


def create_ldap(svm, name, **values):
    """Make and switch on the LDAP client; the first tries may fail while the servers are not reached yet."""
    if svm.ldap is not None:
        raise errors.duplicate('LDAP configuration', svm.name)
    check_ldap(values)
    settings = svm.cluster.settings
    if settings['ldap_failures'] > 0:
        settings['ldap_failures'] -= 1
        raise errors.Refused('ldap.unreachable', 'None of the LDAP servers of SVM "%s" could be reached.' % svm.name)
    svm.ldap = Ldap(svm, name, **values)
    return svm.ldap


def modify_ldap(ldap, **values):
    attributes = values.pop('attributes', None)
    ldap.attributes.update(attributes or {})
    for key, value in values.items():
        if value is not None:
            setattr(ldap, key, value)


def create_realm(svm, name, kdc, **more):
    if find(svm.realms, name=name):
        raise errors.duplicate('Kerberos realm', name)
    realm = Realm(svm, name, kdc, **more)
    svm.realms.append(realm)
    return realm


def modify_realm(svm, name, **values):
    realm = get(svm.realms, 'Kerberos realm', name=name)
    for key, value in values.items():
        if value is not None:
            setattr(realm, key, value)


def set_kerberos(lif, enabled, spn=None):
    """Switch Kerberos on or off on a LIF; the state it has already is refused."""
    now = lif.svm.kerberos.get(lif.uuid, {'enabled': False})
    if now['enabled'] == enabled:
        raise errors.Refused('kerberos.same', 'Kerberos is already %s on LIF "%s".' % (
            'enabled' if enabled else 'disabled', lif.name))
    if enabled and not lif.svm.realms:
        raise errors.missing('Kerberos realm', lif.svm.name)
    lif.svm.kerberos[lif.uuid] = {'enabled': enabled, 'spn': spn or '', 'lif': lif}


def add_local_host(svm, address, hostname, aliases=()):
    if find(svm.local_hosts, address=address):
        raise errors.duplicate('local host', address)
    host = LocalHost(svm, address, hostname, list(aliases))
    svm.local_hosts.append(host)
    return host
