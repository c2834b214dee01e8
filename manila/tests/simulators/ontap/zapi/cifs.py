"""CIFS servers, shares and access lists."""

from manila.tests.simulators.ontap.model import cifs, errors, jobs
from manila.tests.simulators.ontap.zapi.api import api, iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items


def server(call):
    if call.svm.cifs is None:
        raise errors.missing('CIFS server', call.svm.name)
    return call.svm.cifs


# Properties of a share in this interface and in the model's words, with what they are at first.
PROPERTIES = {'oplocks': ('oplocks', True), 'browsable': ('browsable', True),
              'changenotify': ('change_notify', True), 'showsnapshot': ('show_snapshot', False),
              'encrypt_data': ('encryption', False), 'homedirectory': ('home_directory', False),
              'access_based_enumeration': ('access_based_enumeration', False),
              'continuously_available': ('continuously_available', False)}
LINKS = {'symlinks': 'local', 'enable': 'local', 'symlinks_and_widelinks': 'widelink', 'disable': 'disable'}
SHARE = 'comment share-properties symlink-properties vscan-fileop-profile'


def _properties(call):
    """What a request says about a share, under the model's names."""
    values, given = {}, call.items('share-properties')
    for name in given or ():
        if name.replace('-', '_') not in PROPERTIES:
            raise errors.invalid('share-properties', name)
    if given is not None:
        values.update({key: any(name.replace('-', '_') == own for name in given)
                       for own, (key, _) in PROPERTIES.items()})
    links = call.items('symlink-properties')
    if links:
        if links[0] not in LINKS:
            raise errors.invalid('symlink-properties', links[0])
        values['unix_symlink'] = LINKS[links[0]]
    if call.text('vscan-fileop-profile'):
        values['vscan_profile'] = call.text('vscan-fileop-profile').replace('-', '_')
    return values


@api('cifs-share-create', need='share-name path', may=SHARE)
def create_share(call):
    cifs.create_share(call.svm, call.text('share-name'), call.text('path'), comment=call.text('comment') or '',
                      properties=_properties(call))


@api('cifs-share-modify', need='share-name', may='path ' + SHARE)
def modify_share(call):
    share = cifs.find_share(call.svm, call.text('share-name'))
    cifs.modify_share(share, path=call.text('path') or None, comment=call.text('comment'))
    share.properties.update(_properties(call))


@api('cifs-share-delete', need='share-name')
def delete_share(call):
    cifs.delete_share(cifs.find_share(call.svm, call.text('share-name')))


@iterator('cifs-share-get-iter', 'cifs-share')
def shares(call):
    return [{'share-name': s.name, 'path': s.path, 'comment': s.comment or None, 'vserver': svm.name,
             'volume': s.volume.name if s.volume else None, 'cifs-server': svm.cifs.name if svm.cifs else None,
             'share-properties': Items('cifs-share-properties', [
                 own for own, (key, first) in PROPERTIES.items() if s.properties.get(key, first)]),
             'symlink-properties': Items('cifs-share-symlink-properties', [
                 name for name, key in LINKS.items() if s.properties.get('unix_symlink', 'local') == key][:1]),
             'vscan-fileop-profile': s.properties.get('vscan_profile', 'standard')}
            for svm in call.svms for s in svm.cifs_shares]


@api('cifs-share-access-control-create', need='share user-or-group permission', may='user-group-type')
def create_acl(call):
    cifs.add_acl(cifs.find_share(call.svm, call.text('share')), call.text('user-or-group'), call.text('permission'))


@api('cifs-share-access-control-modify', need='share user-or-group permission', may='user-group-type')
def modify_acl(call):
    cifs.check_permission(call.text('permission'))
    acl = cifs.find_acl(cifs.find_share(call.svm, call.text('share')), call.text('user-or-group'))
    acl.permission = call.text('permission')


@api('cifs-share-access-control-delete', need='share user-or-group', may='user-group-type')
def delete_acl(call):
    share = cifs.find_share(call.svm, call.text('share'))
    share.acls.remove(cifs.find_acl(share, call.text('user-or-group')))


@iterator('cifs-share-access-control-get-iter', 'cifs-share-access-control')
def acls(call):
    return [{'user-or-group': a.user, 'permission': a.permission, 'share': s.name, 'vserver': svm.name,
             'user-group-type': a.type} for svm in call.svms for s in svm.cifs_shares for a in s.acls]


@api('cifs-server-create', need='cifs-server domain admin-username admin-password',
     may='force-account-overwrite organizational-unit default-site administrative-status')
def create_server(call):
    more = {}
    if call.text('organizational-unit'):
        more['unit'] = call.text('organizational-unit')
    if call.text('default-site'):
        more['site'] = call.text('default-site')
    jobs.conclude(cifs.request_create(call.svm, call.text('cifs-server'), call.text('domain'),
                                      call.text('admin-username'), call.text('admin-password'), **more))
    call.svm.cifs.enabled = call.text('administrative-status', 'up') == 'up'


@api('cifs-server-start')
def start_server(call):
    server(call).enabled = True


@api('cifs-server-stop')
def stop_server(call):
    server(call).enabled = False


@api('cifs-server-modify', may='cifs-server admin-username admin-password force-account-overwrite default-site')
def modify_server(call):
    target = server(call)
    if call.text('admin-username'):
        cifs.check_login(call.cluster, target.domain, call.text('admin-username'), call.text('admin-password'),
                         'modify')
    target.site = call.text('default-site', target.site)


@api('cifs-server-delete', may='admin-username admin-password force-account-delete')
def delete_server(call):
    cifs.delete(call.svm, call.text('admin-username'), call.text('admin-password'),
                call.flag('force-account-delete', False))


@iterator('cifs-server-get-iter', 'cifs-server-config')
def servers(call):
    return [{'cifs-server': svm.cifs.name, 'domain': svm.cifs.domain, 'vserver': svm.name,
             'administrative-status': 'up' if svm.cifs.enabled else 'down', 'auth-style': 'domain',
             'organizational-unit': svm.cifs.unit, 'default-site': svm.cifs.site or None}
            for svm in call.svms if svm.cifs is not None]


@api('cifs-security-modify', may='advertised-enc-types is-aes-encryption-enabled is-signing-required')
def modify_security(call):
    target = server(call)
    kinds = call.items('advertised-enc-types')
    if kinds is not None:
        for kind in kinds:
            if kind not in ('des', 'rc4', 'aes_128', 'aes_256'):
                raise errors.invalid('advertised-enc-types', kind)
        target.enc_types = kinds
    aes = call.flag('is-aes-encryption-enabled')
    if aes is not None:
        target.enc_types = ['aes_128', 'aes_256'] if aes else ['des', 'rc4']
    target.signing = call.flag('is-signing-required', target.signing)


@iterator('cifs-security-get-iter', 'cifs-security')
def security(call):
    return [{'vserver': svm.name, 'is-signing-required': svm.cifs.signing,
             'is-aes-encryption-enabled': any(kind.startswith('aes') for kind in svm.cifs.enc_types),
             'advertised-enc-types': Items('cifskrbenctypes', svm.cifs.enc_types)}
            for svm in call.svms if svm.cifs is not None]


@iterator('cifs-local-user-get-iter', 'cifs-local-user')
def local_users(call):
    return [{'user-name': user.name, 'full-name': user.full_name, 'is-account-disabled': user.disabled,
             'description': user.description, 'vserver': svm.name}
            for svm in call.svms if svm.cifs is not None for user in svm.cifs.local_users]


@api('cifs-local-user-modify', need='user-name', may='full-name is-account-disabled description')
def modify_user(call):
    name = _local_user(call, 'user-name').lower()
    for user in server(call).local_users:
        if user.name.lower() == name:
            user.full_name = call.text('full-name', user.full_name)
            user.disabled = call.flag('is-account-disabled', user.disabled)
            user.description = call.text('description', user.description)
            return
    raise errors.missing('local user', name)


@api('cifs-domain-preferred-dc-add', need='domain preferred-dc', may='skip-config-validation')
def add_preferred(call):
    for address in call.items('preferred-dc'):
        cifs.add_preferred_dc(server(call), call.text('domain'), address)


@api('cifs-domain-preferred-dc-remove', need='domain', may='preferred-dc')
def remove_preferred(call):
    target, domain, only = server(call), call.text('domain'), call.items('preferred-dc')
    gone = [(d, a) for d, a in target.preferred_dcs if d == domain and (only is None or a in only)]
    if not gone:
        raise errors.missing('preferred domain controller', domain)
    target.preferred_dcs[:] = [pair for pair in target.preferred_dcs if pair not in gone]


@api('cifs-domain-server-discovery-mode-modify', need='mode')
def discovery(call):
    if call.text('mode') not in ('none', 'site', 'all'):
        raise errors.invalid('mode', call.text('mode'))
    server(call).discovery = call.text('mode')


def _local_user(call, name):
    """'SERVER\\user'. Some clients write the backslash twice; a name alone is one of the server's."""
    text = call.text(name).replace('\\\\', '\\')
    return text if '\\' in text else '%s\\%s' % (server(call).name, text)


@api('cifs-local-user-set-password', need='user-name user-password')
def set_password(call):
    cifs.set_local_password(call.svm, _local_user(call, 'user-name'))


@api('cifs-local-user-rename', need='user-name new-user-name')
def rename_user(call):
    cifs.rename_local_user(call.svm, _local_user(call, 'user-name'), _local_user(call, 'new-user-name'))
