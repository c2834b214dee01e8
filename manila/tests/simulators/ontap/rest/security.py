"""/security: key managers and stores, certificates, accounts, roles."""

import re

from manila.tests.simulators.ontap.model import accounts, errors, security
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest.resource import Resource, resource

SECONDS = re.compile(r'^P(\d+)DT?')


@resource
class KeyManagers(Resource):
    """The onboard key manager, where volume encryption is licensed."""

    path = '/security/key-managers'
    identity = ('uuid',)
    scope = 'cluster'

    def all(self, call):
        return [call.cluster]

    def render(self, call, cluster):
        supported = security.encryption_supported(cluster)
        record = {'uuid': cluster.uuid, 'scope': 'cluster', 'onboard': {'enabled': supported},
                  'volume_encryption': {'supported': supported}}
        if not supported:
            record['volume_encryption'].update(code='65536935', message='Volume encryption is not supported.')
        return record


@resource
class KeyStores(Resource):
    path = '/security/key-stores'
    linked = False
    identity = ('uuid', 'configuration')

    def all(self, call):
        return call.cluster.key_stores

    def render(self, call, k):
        return {'uuid': k.uuid, 'type': k.type, 'enabled': k.enabled, 'state': k.state, 'svm': call.svm_ref(k.svm),
                'scope': 'svm' if k.svm else 'cluster', 'configuration': {
                    'name': k.name, 'uuid': k.configuration_uuid}}

    def key(self, store):
        return (store.uuid,)

    def find(self, call, parents, keys):
        """Clients use the uuid of the store or of its configuration."""
        for store in self.visible(call):
            if keys[0] in (store.uuid, store.configuration_uuid):
                return store
        return super().find(call, parents, keys)

    def modify(self, call, store, body):
        if body.get('enabled'):
            security.enable_key_store(store)
        elif 'enabled' in body:
            store.enabled = False


@resource
class Barbican(Resource):
    path = '/security/barbican-kms'
    identity = ('uuid', 'configuration')

    def all(self, call):
        return [k for k in call.cluster.key_stores if k.type == 'barbican']

    def render(self, call, k):
        return {'uuid': k.uuid, 'key_id': k.key_id, 'keystone_url': k.keystone_url, 'enabled': k.enabled,
                'application_cred_id': k.credential_id, 'svm': call.svm_ref(k.svm), 'scope': 'svm',
                'configuration': {'name': k.name, 'uuid': k.configuration_uuid}}

    def create(self, call, body):
        svm = call.find_svm(body)
        body.need('application_cred_secret')
        return security.create_key_store(call.cluster, body.need('configuration.name'), svm=svm,
                                         key_id=body.need('key_id'), keystone_url=body.need('keystone_url'),
                                         credential_id=body.need('application_cred_id'))

    def remove(self, call, store, data):
        call.cluster.key_stores.remove(store)


@resource
class Certificates(Resource):
    path = '/security/certificates'
    identity = ('uuid', 'common_name', 'svm')
    scope = 'any'

    def all(self, call):
        return [c for c in call.cluster.certificates if call.svm in (None, c.svm)]

    def filters(self, call):
        """Clients spell these two with a dash."""
        for name in ('common-name',):
            if name in call.params:
                call.params[name.replace('-', '_')] = call.params.pop(name)
        return super().filters(call)

    def body(self, call, data, access):
        return super().body(call, {k.replace('-', '_'): v for k, v in data.items()}, access)

    def render(self, call, c):
        return {'uuid': c.uuid, 'common_name': c.common_name, 'name': c.common_name, 'type': c.type, 'ca': c.ca,
                'serial_number': c.serial, 'svm': call.svm_ref(c.svm), 'scope': 'svm' if c.svm else 'cluster',
                'key_size': 2048, 'hash_function': 'sha256'}

    def create(self, call, body):
        svm = call.find_svm(body, required=False)
        match = SECONDS.match(body.get('expiry_time') or 'P365DT')
        if not match:
            raise errors.invalid('expiry_time', body.get('expiry_time'))
        return security.create_certificate(call.cluster, svm, body.need('common_name'), body.need('type'),
                                           int(match.group(1)))

    def remove(self, call, certificate, data):
        call.cluster.certificates.remove(certificate)


@resource
class Accounts(Resource):
    path = '/security/accounts'
    keys = ('owner.uuid', 'name')
    identity = ('owner', 'name')
    scope = 'any'

    def all(self, call):
        return [a for a in call.cluster.accounts if call.svm in (None, a.svm)]

    def _owner(self, account, cluster):
        return account.svm or cluster

    def key(self, account):
        return (account.svm.uuid if account.svm else 'cluster', account.name)

    def render(self, call, a):
        owner = a.svm or call.cluster
        return {'owner': {'name': owner.name, 'uuid': owner.uuid}, 'name': a.name, 'locked': a.locked,
                'role': {'name': a.role.name}, 'scope': 'svm' if a.svm else 'cluster',
                'applications': [{'application': 'http', 'authentication_methods': [
                    'certificate' if a.common_name else 'password']},
                    {'application': 'ontapi', 'authentication_methods': ['password']}]}

    def create(self, call, body):
        wanted = body.get('owner.name') or body.get('owner.uuid')
        svm = next((s for s in call.cluster.data_svms if wanted in (s.name, s.uuid)), call.svm)
        name = body.need('name')
        if find([a for a in call.cluster.accounts if a.svm is svm], name=name):
            raise errors.duplicate('account', name)
        role = find(call.cluster.roles, name=body.get('role.name') or ('vsadmin' if svm else 'admin'))
        if role is None:
            raise errors.missing('role', body.get('role.name'))
        body.get('applications')
        account = accounts.Account(name, role, svm)
        if body.get('password'):
            account.set_password(body.get('password'))
        call.cluster.accounts.append(account)
        return account

    def modify(self, call, account, body):
        if body.get('password'):
            account.set_password(body.get('password'))
        if 'locked' in body:
            account.locked = body.get('locked')
        body.get('applications')
        if 'role.name' in body:
            account.role = find(call.cluster.roles, name=body.get('role.name')) or account.role

    def remove(self, call, account, data):
        call.cluster.accounts.remove(account)


@resource
class Roles(Resource):
    path = '/security/roles'
    keys = ('owner.uuid', 'name')
    identity = ('owner', 'name')
    scope = 'any'

    def all(self, call):
        return [r for r in call.cluster.roles if call.svm in (None, r.svm)]

    def key(self, role):
        return (role.svm.uuid if role.svm else 'cluster', role.name)

    def render(self, call, r):
        owner = r.svm or call.cluster
        return {'owner': {'name': owner.name, 'uuid': owner.uuid}, 'name': r.name, 'builtin': r.builtin,
                'scope': 'svm' if r.svm else 'cluster',
                'privileges': [{'path': p.path, 'access': p.access} for p in r.privileges]}

    def create(self, call, body):
        wanted = body.get('owner.name') or body.get('owner.uuid')
        svm = next((s for s in call.cluster.data_svms if wanted in (s.name, s.uuid)), call.svm)
        name = body.need('name')
        if find([r for r in call.cluster.roles if r.svm is svm], name=name):
            raise errors.duplicate('role', name)
        role = accounts.Role(name, [accounts.Privilege(p['path'], p.get('access', 'all'))
                                    for p in body.need('privileges')], svm)
        call.cluster.roles.append(role)
        return role

    def remove(self, call, role, data):
        if role.builtin or any(a.role is role for a in call.cluster.accounts):
            raise errors.Refused('in_use', 'Role "%s" is built in or in use.' % role.name)
        call.cluster.roles.remove(role)
