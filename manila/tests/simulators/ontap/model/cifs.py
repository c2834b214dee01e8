"""CIFS servers, shares and their access lists, domain controllers, local users."""

import dataclasses
import re

from manila.tests.simulators.ontap.model import errors, jobs
from manila.tests.simulators.ontap.model.base import operation

PERMISSIONS = ('no_access', 'read', 'change', 'full_control')
NETBIOS = re.compile(r'^[A-Za-z0-9_!@#$%^&()~{}\'.-]{1,15}$')
SHARE_NAME = re.compile(r'^[^\\/:*?"<>|;,=+\[\]]{1,80}$')


@dataclasses.dataclass(eq=False)
class Acl:
    user: str
    permission: str = 'full_control'
    type: str = 'windows'


@dataclasses.dataclass(eq=False)
class Share:
    """A share of a path of the SVM's namespace. Every new one lets everybody in."""

    svm: object
    name: str
    path: str
    comment: str = ''
    admin: bool = False
    properties: dict = dataclasses.field(default_factory=dict)
    acls: list = dataclasses.field(default_factory=lambda: [Acl('Everyone')])

    @property
    def volume(self):
        """The volume the path is on: the one with the longest junction that is a prefix of it."""
        best = None
        for volume in self.svm.volumes:
            junction = volume.junction
            if junction and (self.path == junction or self.path.startswith(junction.rstrip('/') + '/')):
                if best is None or len(junction) > len(best.junction):
                    best = volume
        return best


@dataclasses.dataclass(eq=False)
class Server:
    """The SVM's computer account in an Active Directory."""

    svm: object
    name: str
    domain: str
    unit: str = 'CN=Computers'
    site: str = ''
    enabled: bool = True
    comment: str = ''
    signing: bool = False
    enc_types: list = dataclasses.field(default_factory=lambda: ['rc4', 'aes_128', 'aes_256'])
    discovery: str = 'all'
    preferred_dcs: list = dataclasses.field(default_factory=list)
    local_users: list = dataclasses.field(default_factory=list)
    attributes: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(eq=False)
class LocalUser:
    name: str
    sid: str
    password_set: int = 0
    disabled: bool = True
    full_name: str = ''
    description: str = ''


def check_login(cluster, domain, user, password, what='create'):
    """Check credentials against the realm data of the tests; an unknown realm lets everybody in.

    A realm is {'users': {name: {'password': text, 'admin': bool}}}.
    """
    realm = cluster.settings['ad_realms'].get((domain or '').lower())
    if realm is None:
        return
    account = realm.get('users', {}).get((user or '').split('@')[0])
    if account is None or account.get('password') != password:
        raise errors.Refused('ad.login', 'Failed to %s the Active Directory machine account: could not authenticate '
                             'as user "%s".' % (what, user))
    if not account.get('admin', True):
        raise errors.Refused('ad.rights', 'Failed to %s the Active Directory machine account: insufficient access '
                             'for user "%s".' % (what, user))


def request_create(svm, name, domain, user, password, **more):
    """Check the request and start the job that joins the domain. The password is not kept."""
    cluster = svm.cluster
    cluster.require_licence('cifs')
    if svm.cifs is not None:
        raise errors.duplicate('CIFS server', svm.cifs.name)
    if not NETBIOS.match(name or ''):
        raise errors.invalid('name', name, 'A NetBIOS name has at most 15 characters.')
    if svm.dns is None:
        raise errors.Refused('cifs.no_dns', 'Cannot create a CIFS server: DNS is not configured for SVM "%s".' % (
            svm.name))
    check_login(cluster, domain, user, password)
    return jobs.start(cluster, 'POST /api/protocols/cifs/services', 'cifs.create', svm,
                      server=Server(svm, name.upper(), domain, **more))


@operation('cifs.create')
def create(server):
    svm = server.svm
    if svm.cifs is not None:
        raise errors.duplicate('CIFS server', svm.cifs.name)
    server.local_users = [LocalUser('%s\\Administrator' % server.name, 'S-1-5-21-256008430-3394229847-3930036330-500')]
    svm.cifs = server
    svm.cifs_shares += [Share(svm, 'c$', '/', admin=True), Share(svm, 'ipc$', '/', admin=True)]
    return server


def delete(svm, user=None, password=None, force=False):
    """Remove the server and its shares; without `force` the account is removed from the domain first."""
    if svm.cifs is None:
        raise errors.missing('CIFS server', svm.name)
    if not force:
        check_login(svm.cluster, svm.cifs.domain, user, password, 'delete')
    svm.cifs = None
    svm.cifs_shares[:] = []


def find_share(svm, name):
    for share in svm.cifs_shares:
        if share.name.lower() == name.lower():
            return share
    raise errors.missing('CIFS share', name)


def create_share(svm, name, path, **more):
    """Share names are unique per SVM whatever their case, and the path is in the namespace."""
    if svm.cifs is None:
        raise errors.Refused('cifs.no_server', 'SVM "%s" has no CIFS server.' % svm.name)
    if not SHARE_NAME.match(name or ''):
        raise errors.invalid('name', name)
    if any(s.name.lower() == name.lower() for s in svm.cifs_shares):
        raise errors.duplicate('CIFS share', name)
    check_path(svm, path)
    share = Share(svm, name, path, **more)
    svm.cifs_shares.append(share)
    return share


def check_path(svm, path):
    """The path leads to a volume below the root. Directories inside a volume are not modelled: qtrees are."""
    if not path or not path.startswith('/'):
        raise errors.invalid('path', path)
    junctions = {v.junction for v in svm.volumes if v.junction}
    qtrees = {q.path for q in svm.qtrees if q.path}
    if path.rstrip('/') not in junctions | qtrees and path != '/':
        raise errors.Refused('cifs.bad_path', 'The specified path "%s" does not exist in the namespace belonging to '
                             'SVM "%s".' % (path, svm.name), 'path')


def modify_share(share, **values):
    if values.get('path') is not None:
        check_path(share.svm, values['path'])
    for key, value in values.items():
        if value is not None:
            setattr(share, key, value)


def delete_share(share):
    if share.admin:
        raise errors.Refused('cifs.admin_share', 'Share "%s" is a default share and cannot be deleted.' % share.name)
    share.svm.cifs_shares.remove(share)


def find_acl(share, user):
    for acl in share.acls:
        if acl.user.lower() == user.lower():
            return acl
    raise errors.missing('CIFS share access control', user)


def add_acl(share, user, permission, kind='windows'):
    check_permission(permission)
    if not user:
        raise errors.required('user_or_group')
    if any(a.user.lower() == user.lower() for a in share.acls):
        raise errors.duplicate('CIFS share access control', user)
    acl = Acl(user, permission, kind)
    share.acls.append(acl)
    return acl


def check_permission(permission):
    if permission not in PERMISSIONS:
        raise errors.invalid('permission', permission)


def add_preferred_dc(server, domain, address):
    if (domain, address) in server.preferred_dcs:
        raise errors.duplicate('preferred domain controller', address)
    server.preferred_dcs.append((domain, address))


def rename_local_user(svm, name, new):
    for user in svm.cifs.local_users if svm.cifs else ():
        if user.name.lower() == name.lower():
            user.name = new
            return
    raise errors.missing('local user', name)


def set_local_password(svm, name):
    """Count that a password was set. The password itself is not kept."""
    for user in svm.cifs.local_users if svm.cifs else ():
        if user.name.lower() == name.lower():
            user.password_set += 1
            return
    raise errors.missing('local user', name)
