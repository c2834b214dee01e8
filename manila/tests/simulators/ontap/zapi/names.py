"""DNS, LDAP and Kerberos."""

from manila.tests.simulators.ontap.model import errors, names, svms
from manila.tests.simulators.ontap.model.base import find, get
from manila.tests.simulators.ontap.zapi.api import api, iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items

REALM = ('kdc-ip kdc-port kdc-vendor admin-server-ip admin-server-port password-server-ip password-server-port '
         'clock-skew comment')


LDAP_KEPT = {'base-scope': 'subtree', 'min-bind-level': 'anonymous', 'query-timeout': '3', 'referral-enabled': 'false',
             'session-security': 'none', 'use-start-tls': 'false', 'ldaps-enabled': 'false',
             'bind-as-cifs-server': 'false'}
LDAP = ' '.join(['ldap-servers servers ad-domain tcp-port schema bind-dn bind-password base-dn preferred-ad-servers',
                 *LDAP_KEPT])


@api('net-dns-get', may='desired-attributes')
def get_dns(call):
    if call.svm.dns is None:
        raise errors.missing('DNS configuration', call.svm.name)
    return {'attributes': {'net-dns-info': _dns(call.svm)}}


def _dns(svm):
    dns = svm.dns
    return {'dns-state': 'enabled', 'domains': Items('string', dns.domains), 'vserver-name': svm.name,
            'name-servers': Items('ip-address', dns.servers), 'timeout': dns.timeout, 'attempts': dns.attempts}


@iterator('net-dns-get-iter', 'net-dns-info')
def dns_configs(call):
    return [_dns(svm) for svm in call.svms if svm.dns is not None]


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
     may=LDAP)
def create_ldap_client(call):
    name = call.text('ldap-client-config')
    if find(call.svm.ldap_clients, name=name):
        raise errors.duplicate('LDAP client configuration', name)
    values = {'servers': call.items('ldap-servers') or call.items('servers') or [],
              'ad_domain': call.text('ad-domain') or '', 'port': call.number('tcp-port', 389),
              'schema': call.text('schema', 'RFC-2307'), 'bind_dn': call.text('bind-dn') or '',
              'base_dn': call.text('base-dn') or ''}
    names.check_ldap(values)
    call.svm.ldap_clients.append(names.Ldap(call.svm, name, attributes=_kept(call), **values))


def _kept(call):
    return {name: call.text(name) for name in LDAP_KEPT if call.has(name)}


@api('ldap-client-modify', need='ldap-client-config', may=LDAP)
def modify_ldap_client(call):
    client = get(call.svm.ldap_clients, 'LDAP client configuration', name=call.text('ldap-client-config'))
    values = {'servers': call.items('ldap-servers') or call.items('servers'), 'ad_domain': call.text('ad-domain'),
              'port': call.number('tcp-port'), 'schema': call.text('schema'), 'bind_dn': call.text('bind-dn'),
              'base_dn': call.text('base-dn')}
    # Servers and a domain exclude each other: what is given takes the other's place.
    if values['servers']:
        values['ad_domain'] = ''
    elif values['ad_domain']:
        values['servers'] = []
    values = {key: getattr(client, key) if value is None else value for key, value in values.items()}
    names.check_ldap(values)
    names.modify_ldap(client, attributes=_kept(call), **values)


@iterator('ldap-client-get-iter', 'ldap-client')
def ldap_clients(call):
    return [dict({
        'ldap-client-config': c.name, 'vserver': svm.name, 'tcp-port': c.port, 'schema': c.schema,
        'ad-domain': c.ad_domain or None, 'bind-dn': c.bind_dn or None, 'base-dn': c.base_dn or None,
        'ldap-servers': Items('string', c.servers) if c.servers else None},
        **{name: c.attributes.get(name, first) for name, first in LDAP_KEPT.items()})
        for svm in call.svms for c in svm.ldap_clients]


@api('ldap-client-delete', need='ldap-client-config')
def delete_ldap_client(call):
    client = get(call.svm.ldap_clients, 'LDAP client configuration', name=call.text('ldap-client-config'))
    if call.svm.ldap is not None and call.svm.ldap.name == client.name:
        raise errors.Refused('in_use', 'LDAP client configuration "%s" is in use.' % client.name)
    call.svm.ldap_clients.remove(client)


@api('ldap-config-create', need='client-config client-enabled', may='skip-config-validation')
def create_ldap_config(call):
    client = get(call.svm.ldap_clients, 'LDAP client configuration', name=call.text('client-config'))
    names.create_ldap(call.svm, client.name, servers=client.servers, ad_domain=client.ad_domain, port=client.port,
                      schema=client.schema, bind_dn=client.bind_dn, base_dn=client.base_dn)


@iterator('ldap-config-get-iter', 'ldap-config')
def ldap_configs(call):
    return [{'client-config': svm.ldap.name, 'client-enabled': True, 'vserver': svm.name}
            for svm in call.svms if svm.ldap is not None]


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
                       password_server=call.text('password-server-ip') or '',
                       admin_port=call.number('admin-server-port', 749), clock_skew=call.number('clock-skew', 5),
                       password_port=call.number('password-server-port', 464))


@api('kerberos-realm-modify', need='realm', may=REALM)
def modify_realm(call):
    names.modify_realm(call.svm, call.text('realm'), kdc=call.text('kdc-ip'),
                       admin_server=call.text('admin-server-ip'), password_server=call.text('password-server-ip'),
                       kdc_port=call.number('kdc-port'), vendor=call.text('kdc-vendor'), comment=call.text('comment'),
                       admin_port=call.number('admin-server-port'), clock_skew=call.number('clock-skew'),
                       password_port=call.number('password-server-port'))


@api('kerberos-realm-delete', need='realm')
def delete_realm(call):
    call.svm.realms.remove(get(call.svm.realms, 'Kerberos realm', name=call.text('realm')))


@iterator('kerberos-realm-get-iter', 'kerberos-realm')
def realms(call):
    return [{'realm': r.name, 'vserver-name': svm.name, 'kdc-ip': r.kdc, 'kdc-port': r.kdc_port, 'kdc-vendor': r.vendor,
             'comment': r.comment, 'admin-server-ip': r.admin_server or r.kdc, 'admin-server-port': r.admin_port,
             'password-server-ip': r.password_server or r.kdc, 'password-server-port': r.password_port,
             'clock-skew': r.clock_skew}
            for svm in call.svms for r in svm.realms]


@iterator('nameservice-nsswitch-get-iter', 'namservice-nsswitch-config-info')
def switches(call):
    """The record's name has lost a letter in the interface itself."""
    return [{'nameservice-database': database, 'vserver-name': svm.name,
             'nameservice-sources': Items('nss-source-type', sources) if sources else None}
            for svm in call.svms for database, sources in svm.nsswitch.items()]


@api('nameservice-nsswitch-create', need='nameservice-database nameservice-sources')
def create_switch(call):
    if call.text('nameservice-database') in call.svm.nsswitch:
        raise errors.duplicate('name service switch', call.text('nameservice-database'))
    call.svm.nsswitch[call.text('nameservice-database')] = call.items('nameservice-sources')


@api('nameservice-nsswitch-modify', need='nameservice-database', may='nameservice-sources')
def modify_switch(call):
    call.svm.nsswitch[_database(call)] = call.items('nameservice-sources') or []


@api('nameservice-nsswitch-destroy', need='nameservice-database')
def destroy_switch(call):
    del call.svm.nsswitch[_database(call)]


def _database(call):
    name = call.text('nameservice-database')
    if name not in call.svm.nsswitch:
        raise errors.missing('name service switch', name)
    return name


@iterator('name-mapping-unix-user-get-iter', 'unix-user-info')
def unix_users(call):
    return [{'user-name': u.name, 'user-id': u.id, 'group-id': u.primary_gid, 'full-name': u.full_name,
             'vserver': svm.name} for svm in call.svms for u in svm.unix_users]


@api('name-mapping-unix-user-create', need='user-name user-id group-id', may='full-name')
def create_unix_user(call):
    if find(call.svm.unix_users, name=call.text('user-name')):
        raise errors.duplicate('UNIX user', call.text('user-name'))
    call.svm.unix_users.append(svms.UnixUser(call.text('user-name'), call.number('user-id'), call.number('group-id'),
                                             call.text('full-name') or ''))


@api('name-mapping-unix-user-modify', need='user-name', may='user-id group-id full-name')
def modify_unix_user(call):
    user = get(call.svm.unix_users, 'UNIX user', name=call.text('user-name'))
    user.id, user.primary_gid = call.number('user-id', user.id), call.number('group-id', user.primary_gid)
    user.full_name = call.text('full-name', user.full_name)


@api('name-mapping-unix-user-destroy', need='user-name')
def destroy_unix_user(call):
    call.svm.unix_users.remove(get(call.svm.unix_users, 'UNIX user', name=call.text('user-name')))


@iterator('name-mapping-unix-group-get-iter', 'unix-group-info')
def unix_groups(call):
    return [{'group-name': g.name, 'group-id': g.id, 'vserver': svm.name,
             'users': Items('unix-user-name', [{'user-name': u} for u in g.users]) if g.users else None}
            for svm in call.svms for g in svm.unix_groups]


def _unix_group(call):
    return get(call.svm.unix_groups, 'UNIX group', name=call.text('group-name'))


@api('name-mapping-unix-group-create', need='group-name group-id', may='skip-name-validation')
def create_unix_group(call):
    if find(call.svm.unix_groups, name=call.text('group-name')):
        raise errors.duplicate('UNIX group', call.text('group-name'))
    call.svm.unix_groups.append(svms.UnixGroup(call.text('group-name'), call.number('group-id')))


@api('name-mapping-unix-group-modify', need='group-name', may='group-id')
def modify_unix_group(call):
    group = _unix_group(call)
    group.id = call.number('group-id', group.id)


@api('name-mapping-unix-group-add-user', need='group-name user-name')
def add_to_unix_group(call):
    group, user = _unix_group(call), call.text('user-name')
    if user in group.users:
        raise errors.duplicate('user of UNIX group', user)
    group.users.append(user)


@api('name-mapping-unix-group-delete-user', need='group-name user-name')
def remove_from_unix_group(call):
    group, user = _unix_group(call), call.text('user-name')
    if user not in group.users:
        raise errors.missing('user of UNIX group', user)
    group.users.remove(user)


@api('name-mapping-unix-group-destroy', need='group-name')
def destroy_unix_group(call):
    call.svm.unix_groups.remove(_unix_group(call))


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
