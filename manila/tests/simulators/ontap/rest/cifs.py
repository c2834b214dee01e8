"""CIFS servers, shares, access lists, domains, preferred controllers, local users."""

from manila.tests.simulators.ontap.model import cifs, errors
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource

ENC_REST = {'aes-128': 'aes_128', 'aes-256': 'aes_256', 'des': 'des', 'rc4': 'rc4'}


@resource
class Services(Resource):
    path = '/protocols/cifs/services'
    keys = ('svm.uuid',)
    identity = ('svm', 'name')
    flags = ('force',)
    delete_body = ('ad_domain', 'ad_domain.user', 'ad_domain.password', 'force')

    def all(self, call):
        return [svm.cifs for svm in call.cluster.data_svms if svm.cifs is not None]

    def key(self, server):
        return (server.svm.uuid,)

    def render(self, call, s):
        back = {v: k for k, v in ENC_REST.items()}
        return {
            'svm': call.svm_ref(s.svm), 'name': s.name, 'enabled': s.enabled, 'comment': s.comment or None,
            'ad_domain': {'fqdn': s.domain, 'organizational_unit': s.unit, 'default_site': s.site},
            'security': {'smb_signing': s.signing, 'advertised_kdc_encryptions': [back[e] for e in s.enc_types]},
            'netbios': {'aliases': [], 'enabled': False}}

    def create(self, call, body):
        svm = call.find_svm(body)
        values = body.pick(unit='ad_domain.organizational_unit', site='ad_domain.default_site',
                           comment='comment', enabled='enabled', signing='security.smb_signing')
        body.get('force')
        if 'security.advertised_kdc_encryptions' in body:
            values['enc_types'] = self._encryptions(body)
        job = cifs.request_create(svm, body.need('name'), body.need('ad_domain.fqdn'),
                                  body.need('ad_domain.user'), body.need('ad_domain.password'), **values)
        job.arguments['server'].attributes.update(body.leftovers())
        return Made(job, '/protocols/cifs/services/%s' % svm.uuid)

    def _encryptions(self, body):
        wanted = body.get('security.advertised_kdc_encryptions')
        for each in wanted:
            if each not in ENC_REST:
                raise errors.invalid('security.advertised_kdc_encryptions', each)
        return [ENC_REST[e] for e in wanted]

    def modify(self, call, server, body):
        user, password = body.get('ad_domain.user'), body.get('ad_domain.password')
        body.get('force')
        if user:
            cifs.check_login(call.cluster, server.domain, user, password, 'modify')
        if 'security.advertised_kdc_encryptions' in body:
            server.enc_types = self._encryptions(body)
        for key, value in body.pick(unit='ad_domain.organizational_unit', site='ad_domain.default_site', name='name',
                                    comment='comment', enabled='enabled', signing='security.smb_signing',
                                    domain='ad_domain.fqdn').items():
            setattr(server, key, value)
        server.attributes.update(body.leftovers())

    def remove(self, call, server, data):
        domain = data.get('ad_domain') or {}
        user = domain.get('user', data.get('ad_domain.user'))
        password = domain.get('password', data.get('ad_domain.password'))
        force = call.flag('force') or str(data.get('force', '')).lower() == 'true'
        cifs.delete(server.svm, user, password, force)


@resource
class Shares(Resource):
    path = '/protocols/cifs/shares'
    keys = ('svm.uuid', 'name')
    identity = ('svm', 'name')
    quick = {'name': lambda s: s.name, 'path': lambda s: s.path}

    def all(self, call):
        return [s for svm in call.cluster.data_svms for s in svm.cifs_shares]

    def key(self, share):
        return (share.svm.uuid, share.name)

    def render(self, call, s):
        record = {'svm': call.svm_ref(s.svm), 'name': s.name, 'path': s.path, 'comment': s.comment or None,
                  'acls': [{'user_or_group': a.user, 'type': a.type, 'permission': a.permission} for a in s.acls]}
        for key, default in (('oplocks', True), ('access_based_enumeration', False), ('change_notify', True),
                             ('encryption', False), ('home_directory', False)):
            record[key] = s.properties.get(key, default)
        if s.volume is not None:
            record['volume'] = {'name': s.volume.name, 'uuid': s.volume.uuid}
        for key, value in s.properties.items():
            record.setdefault(key, value)
        return record

    def create(self, call, body):
        svm = call.find_svm(body)
        name, path = body.need('name'), body.need('path')
        acls = body.get('acls')
        comment = body.get('comment') or ''
        share = cifs.create_share(svm, name, path, comment=comment, properties=body.leftovers(refused=('volume',)))
        if acls:
            share.acls = []
            for item in acls:
                cifs.add_acl(share, item.get('user_or_group'), item.get('permission', 'full_control'),
                             item.get('type', 'windows'))
        return share

    def modify(self, call, share, body):
        cifs.modify_share(share, **body.pick(path='path', comment='comment'))
        acls = body.get('acls')
        if acls is not None:
            share.acls = []
            for item in acls:
                cifs.add_acl(share, item.get('user_or_group'), item.get('permission'), item.get('type', 'windows'))
        share.properties.update(body.leftovers(refused=('volume',)))

    def remove(self, call, share, data):
        cifs.delete_share(share)


@resource
class Acls(Resource):
    path = '/protocols/cifs/shares/{svm.uuid}/{cifs_share.share}/acls'
    keys = ('user_or_group', 'type')
    identity = ('user_or_group', 'type', 'share', 'svm')

    def share(self, call, uuid, name):
        for svm in call.cluster.data_svms:
            if svm.uuid == uuid and call.svm in (None, svm):
                return cifs.find_share(svm, name)
        raise errors.missing('SVM', uuid)

    def all(self, call, uuid, name):
        share = self.share(call, uuid, name)
        return [(share, acl) for acl in share.acls]

    def svm_of(self, pair):
        return pair[0].svm

    def key(self, pair):
        return (pair[1].user, pair[1].type)

    def place(self, pair):
        return '/protocols/cifs/shares/%s/%s/acls' % (pair[0].svm.uuid, pair[0].name)

    def render(self, call, pair):
        share, acl = pair
        return {'user_or_group': acl.user, 'type': acl.type, 'permission': acl.permission, 'share': share.name,
                'svm': call.svm_ref(share.svm)}

    def create(self, call, body, uuid, name):
        share = self.share(call, uuid, name)
        acl = cifs.add_acl(share, body.need('user_or_group'), body.get('permission', 'full_control'),
                           body.get('type', 'windows'))
        return (share, acl)

    def modify(self, call, pair, body):
        permission = body.need('permission')
        cifs.check_permission(permission)
        pair[1].permission = permission

    def remove(self, call, pair, data):
        pair[0].acls.remove(pair[1])


@resource
class Domains(Resource):
    path = '/protocols/cifs/domains'
    linked = False
    keys = ('svm.uuid',)
    identity = ('svm',)

    def all(self, call):
        return [svm.cifs for svm in call.cluster.data_svms if svm.cifs is not None]

    def key(self, server):
        return (server.svm.uuid,)

    def render(self, call, s):
        return {'svm': call.svm_ref(s.svm), 'server_discovery_mode': s.discovery,
                'preferred_dcs': [{'fqdn': d, 'server_ip': a} for d, a in s.preferred_dcs]}

    def modify(self, call, server, body):
        mode = body.get('server_discovery_mode')
        if mode not in (None, 'none', 'site', 'all'):
            raise errors.invalid('server_discovery_mode', mode)
        server.discovery = mode or server.discovery


@resource
class PreferredControllers(Resource):
    path = '/protocols/cifs/domains/{svm.uuid}/preferred-domain-controllers'
    linked = False
    keys = ('fqdn', 'server_ip')
    identity = ('fqdn', 'server_ip')

    def server(self, call, uuid):
        for svm in call.cluster.data_svms:
            if svm.uuid == uuid and call.svm in (None, svm) and svm.cifs is not None:
                return svm.cifs
        raise errors.missing('CIFS server', uuid)

    def all(self, call, uuid):
        server = self.server(call, uuid)
        return [(server, fqdn, address) for fqdn, address in server.preferred_dcs]

    def svm_of(self, item):
        return item[0].svm

    def key(self, item):
        return item[1:]

    def place(self, item):
        return '/protocols/cifs/domains/%s/preferred-domain-controllers' % item[0].svm.uuid

    def render(self, call, item):
        return {'fqdn': item[1], 'server_ip': item[2]}

    def create(self, call, body, uuid):
        server = self.server(call, uuid)
        domain, address = body.need('fqdn'), body.need('server_ip')
        cifs.add_preferred_dc(server, domain, address)
        return (server, domain, address)

    def remove(self, call, item, data):
        item[0].preferred_dcs.remove(item[1:])


@resource
class LocalUsers(Resource):
    path = '/protocols/cifs/local-users'
    keys = ('svm.uuid', 'sid')
    identity = ('svm', 'sid', 'name')

    def all(self, call):
        return [(svm, user) for svm in call.cluster.data_svms if svm.cifs for user in svm.cifs.local_users]

    def svm_of(self, pair):
        return pair[0]

    def key(self, pair):
        return (pair[0].uuid, pair[1].sid)

    def render(self, call, pair):
        svm, user = pair
        return {'svm': call.svm_ref(svm), 'sid': user.sid, 'name': user.name, 'full_name': user.full_name,
                'account_disabled': user.disabled}

    def modify(self, call, pair, body):
        svm, user = pair
        if body.get('password'):
            cifs.set_local_password(svm, user.name)
        if body.get('name'):
            cifs.rename_local_user(svm, user.name, body.get('name'))
        if 'account_disabled' in body:
            user.disabled = body.get('account_disabled')
