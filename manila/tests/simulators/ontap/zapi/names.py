"""DNS, LDAP and Kerberos."""

from manila.tests.simulators.ontap.model import errors, names
from manila.tests.simulators.ontap.model.base import find, get
from manila.tests.simulators.ontap.zapi.api import api
from manila.tests.simulators.ontap.zapi.xmltree import Items

REALM = ('kdc-ip kdc-port kdc-vendor admin-server-ip admin-server-port password-server-ip password-server-port '
         'clock-skew comment')


@api('net-dns-get', may='desired-attributes')
def get_dns(call):
    dns = call.svm.dns
    if dns is None:
        raise errors.missing('DNS configuration', call.svm.name)
    return {'attributes': {'net-dns-info': {
        'dns-state': 'enabled', 'domains': Items('string', dns.domains), 'vserver-name': call.svm.name,
        'name-servers': Items('ip-address', dns.servers), 'timeout': dns.timeout, 'attempts': dns.attempts}}}


@api('net-dns-create', need='domains name-servers', may='dns-state skip-config-validation')
def create_dns(call):
    names.create_dns(call.svm, call.items('domains'), call.items('name-servers'))


@api('net-dns-modify', may='domains name-servers dns-state skip-config-validation')
def modify_dns(call):
    if call.svm.dns is None:
        raise errors.missing('DNS configuration', call.svm.name)
    names.modify_dns(call.svm.dns, call.items('domains'), call.items('name-servers'))


@api('net-dns-destroy')
def destroy_dns(call):
    if call.svm.dns is None:
        raise errors.missing('DNS configuration', call.svm.name)
    call.svm.dns = None


@api('ldap-client-create', need='ldap-client-config',
     may='ldap-servers servers ad-domain tcp-port schema bind-dn bind-password base-dn base-scope')
def create_ldap_client(call):
    name = call.text('ldap-client-config')
    if find(call.svm.ldap_clients, name=name):
        raise errors.duplicate('LDAP client configuration', name)
    values = {'servers': call.items('ldap-servers') or call.items('servers') or [],
              'ad_domain': call.text('ad-domain') or '', 'port': call.number('tcp-port', 389),
              'schema': call.text('schema', 'RFC-2307'), 'bind_dn': call.text('bind-dn') or '',
              'base_dn': call.text('base-dn') or ''}
    names.check_ldap(values)
    call.svm.ldap_clients.append(names.Ldap(call.svm, name, **values))


@api('ldap-client-delete', need='ldap-client-config')
def delete_ldap_client(call):
    client = get(call.svm.ldap_clients, 'LDAP client configuration', name=call.text('ldap-client-config'))
    if call.svm.ldap is not None and call.svm.ldap.name == client.name:
        raise errors.Refused('in_use', 'LDAP client configuration "%s" is in use.' % client.name)
    call.svm.ldap_clients.remove(client)


@api('ldap-config-create', need='client-config client-enabled')
def create_ldap_config(call):
    client = get(call.svm.ldap_clients, 'LDAP client configuration', name=call.text('client-config'))
    names.create_ldap(call.svm, client.name, servers=client.servers, ad_domain=client.ad_domain, port=client.port,
                      schema=client.schema, bind_dn=client.bind_dn, base_dn=client.base_dn)


@api('ldap-config-delete')
def delete_ldap_config(call):
    if call.svm.ldap is None:
        raise errors.missing('LDAP configuration', call.svm.name)
    call.svm.ldap = None


@api('kerberos-realm-create', need='realm kdc-ip', may=REALM)
def create_realm(call):
    names.create_realm(call.svm, call.text('realm'), call.text('kdc-ip'), kdc_port=call.number('kdc-port', 88),
                       vendor=call.text('kdc-vendor', 'other'), comment=call.text('comment') or '',
                       admin_server=call.text('admin-server-ip') or '',
                       password_server=call.text('password-server-ip') or '')


@api('kerberos-realm-modify', need='realm', may=REALM)
def modify_realm(call):
    names.modify_realm(call.svm, call.text('realm'), kdc=call.text('kdc-ip'),
                       admin_server=call.text('admin-server-ip'), password_server=call.text('password-server-ip'))


@api('kerberos-config-modify', need='interface-name is-kerberos-enabled',
     may='admin-user-name admin-password service-principal-name')
def modify_kerberos(call):
    lif = get(call.svm.lifs, 'LIF', name=call.text('interface-name'))
    names.set_kerberos(lif, call.flag('is-kerberos-enabled'), call.text('service-principal-name'))


@api('kerberos-config-get', need='interface-name', may='desired-attributes')
def get_kerberos(call):
    lif = get(call.svm.lifs, 'LIF', name=call.text('interface-name'))
    state = call.svm.kerberos.get(lif.uuid)
    if state is None:
        raise errors.missing('Kerberos configuration', lif.name)
    return {'attributes': {'kerberos-config-info': {
        'interface-name': lif.name, 'is-kerberos-enabled': state['enabled'],
        'service-principal-name': state['spn'] or None, 'vserver': call.svm.name}}}
