"""/name-services: DNS, LDAP, local hosts, UNIX accounts, name mappings."""

from manila.tests.simulators.ontap.model import errors, names, svms
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest.resource import Resource, resource


@resource
class DnsConfigurations(Resource):
    path = '/name-services/dns'
    keys = ('svm.uuid',)
    identity = ('svm',)
    scope = 'svm'

    def all(self, call):
        return [svm.dns for svm in call.cluster.data_svms if svm.dns is not None]

    def key(self, dns):
        return (dns.svm.uuid,)

    def render(self, call, d):
        return {'uuid': d.uuid, 'svm': call.svm_ref(d.svm), 'domains': list(d.domains), 'servers': list(d.servers),
                'timeout': d.timeout, 'attempts': d.attempts, 'scope': 'svm', 'dynamic_dns': {'enabled': d.dynamic}}

    def create(self, call, body):
        svm = call.find_svm(body)
        body.get('skip_config_validation'), body.get('scope')
        return names.create_dns(svm, body.get('domains'), body.get('servers'), **body.pick(
            timeout='timeout', attempts='attempts'))

    def modify(self, call, dns, body):
        body.get('skip_config_validation')
        names.modify_dns(dns, **body.pick(domains='domains', servers='servers', timeout='timeout',
                                          attempts='attempts', dynamic='dynamic_dns.enabled'))

    def remove(self, call, dns, data):
        dns.svm.dns = None


@resource
class LdapConfigurations(Resource):
    path = '/name-services/ldap'
    keys = ('svm.uuid',)
    identity = ('svm',)

    def all(self, call):
        return [svm.ldap for svm in call.cluster.data_svms if svm.ldap is not None]

    def key(self, ldap):
        return (ldap.svm.uuid,)

    def render(self, call, d):
        record = {'svm': call.svm_ref(d.svm), 'schema': d.schema, 'port': d.port, 'base_dn': d.base_dn,
                  'bind_dn': d.bind_dn}
        if d.servers:
            record['servers'] = list(d.servers)
        if d.ad_domain:
            record['ad_domain'] = d.ad_domain
        return record

    def _values(self, body):
        body.get('bind_password'), body.get('skip_config_validation')
        return body.pick(servers='servers', ad_domain='ad_domain', schema='schema', port='port', base_dn='base_dn',
                         bind_dn='bind_dn')

    def create(self, call, body):
        svm = call.find_svm(body)
        values = self._values(body)
        return names.create_ldap(svm, svm.name, attributes=body.leftovers(), **values)

    def modify(self, call, ldap, body):
        values = self._values(body)
        names.modify_ldap(ldap, attributes=body.leftovers(), **values)

    def remove(self, call, ldap, data):
        ldap.svm.ldap = None


@resource
class LocalHosts(Resource):
    path = '/name-services/local-hosts'
    keys = ('owner.uuid', 'address')
    identity = ('owner', 'address')

    def all(self, call):
        return [h for svm in call.cluster.data_svms for h in svm.local_hosts]

    def key(self, host):
        return (host.svm.uuid, host.address)

    def render(self, call, h):
        return {'owner': call.svm_ref(h.svm), 'address': h.address, 'hostname': h.hostname, 'aliases': list(h.aliases)}

    def create(self, call, body):
        wanted = body.get('owner.name') or body.get('owner.uuid')
        svm = next((s for s in call.cluster.data_svms if wanted in (s.name, s.uuid)), call.svm)
        if svm is None:
            raise errors.missing('SVM', wanted)
        return names.add_local_host(svm, body.need('address'), body.need('hostname'), body.get('aliases') or ())

    def modify(self, call, host, body):
        for key, value in body.pick(hostname='hostname', aliases='aliases').items():
            setattr(host, key, value)

    def remove(self, call, host, data):
        host.svm.local_hosts.remove(host)


class Accounts(Resource):
    """UNIX users and groups: lists of the SVM by name."""

    keys = ('svm.uuid', 'name')
    identity = ('svm', 'name')
    kind = 'UNIX account'
    listing = None

    def all(self, call):
        return [(svm, a) for svm in call.cluster.data_svms for a in getattr(svm, self.listing)]

    def svm_of(self, pair):
        return pair[0]

    def key(self, pair):
        return (pair[0].uuid, pair[1].name)

    def render(self, call, pair):
        svm, account = pair
        record = {'svm': call.svm_ref(svm), 'name': account.name, 'id': account.id}
        if self.listing == 'unix_users':
            record.update(primary_gid=account.primary_gid, full_name=account.full_name)
        return record

    def make(self, body):
        raise NotImplementedError

    def create(self, call, body):
        svm = call.find_svm(body)
        accounts = getattr(svm, self.listing)
        account = self.make(body)
        if find(accounts, name=account.name):
            raise errors.duplicate(self.kind, account.name)
        accounts.append(account)
        return (svm, account)

    def modify(self, call, pair, body):
        for key, value in body.pick(id='id', primary_gid='primary_gid', full_name='full_name').items():
            setattr(pair[1], key, value)

    def remove(self, call, pair, data):
        getattr(pair[0], self.listing).remove(pair[1])


@resource
class UnixUsers(Accounts):
    path = '/name-services/unix-users'
    kind = 'UNIX user'
    listing = 'unix_users'

    def make(self, body):
        return svms.UnixUser(body.need('name'), body.need('id'), body.need('primary_gid'),
                             body.get('full_name') or '')


@resource
class UnixGroups(Accounts):
    path = '/name-services/unix-groups'
    kind = 'UNIX group'
    listing = 'unix_groups'

    def make(self, body):
        return svms.UnixGroup(body.need('name'), body.need('id'))


@resource
class NameMappings(Resource):
    path = '/name-services/name-mappings'
    keys = ('svm.uuid', 'direction', 'index')
    identity = ('svm', 'direction', 'index')

    def all(self, call):
        return [m for svm in call.cluster.data_svms for m in svm.name_mappings]

    def key(self, m):
        return (m.svm.uuid, m.direction, str(m.index))

    def render(self, call, m):
        return {'svm': call.svm_ref(m.svm), 'direction': m.direction, 'index': m.index, 'pattern': m.pattern,
                'replacement': m.replacement}

    def create(self, call, body):
        svm = call.find_svm(body)
        mapping = names.NameMapping(svm, body.need('direction'), body.need('index'), body.need('pattern'),
                                    body.need('replacement'))
        if any(m.direction == mapping.direction and m.index == mapping.index for m in svm.name_mappings):
            raise errors.duplicate('name mapping', mapping.index)
        svm.name_mappings.append(mapping)
        return mapping

    def modify(self, call, mapping, body):
        for key, value in body.pick(pattern='pattern', replacement='replacement').items():
            setattr(mapping, key, value)

    def remove(self, call, mapping, data):
        mapping.svm.name_mappings.remove(mapping)
