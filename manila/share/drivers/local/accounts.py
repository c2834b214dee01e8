"""The accounts of SMB users: locked Unix accounts with passwords of Samba's own.

Samba knows one set of names for all shares, so a name belongs to the project that used it first: with the
password it was given, nobody else's rule for the same name may open another share.
"""
import glob
import grp
import os
import pwd
import re
import secrets
import threading

from oslo_log import log

from manila import utils
from manila.share.drivers.local.layout import read_json, write_json

LOG = log.getLogger(__name__)

_NAME = re.compile(r'[a-z_][a-z0-9_.-]{0,31}')
_PASSWORD_BYTES = 18


class AccountRefused(Exception):
    """The name cannot be given access; the text says why."""


class Accounts:
    """Accounts that access rules name.

    :param directory: where they are noted, passwords included
    :param samba_config: Samba's configuration file, which names its password database
    :param group: Unix group of the accounts; an administrator's own accounts in it may be named by rules too
    """

    def __init__(self, directory, samba_config, group):
        self._directory, self._samba_config, self._group = directory, samba_config, group
        self._lock = threading.Lock()

    def data_owner(self):
        """(user id, group id) of the account to which all files on SMB shares belong; made if missing."""
        with self._lock:
            self._ensure_group()
            if not _exists(self._group):
                self._add_unix_account(self._group)
        account = pwd.getpwnam(self._group)
        return account.pw_uid, account.pw_gid

    def grant(self, name, project):
        """Make sure the account exists; returns its password, None for an administrator's own account.

        :raises AccountRefused: when the name is no account name, or belongs to somebody else
        """
        if not _NAME.fullmatch(name) or name == self._group:
            raise AccountRefused(f'{name} cannot be the name of an account')
        with self._lock:
            known = read_json(self._file(name))
            if known is not None:
                if known['project'] != project:
                    raise AccountRefused(f'the name {name} is in use by another project')
                if _exists(name) and known['complete']:
                    return known['password']
            elif _exists(name):
                if name not in grp.getgrnam(self._group).gr_mem:
                    raise AccountRefused(f'{name} is a system account outside of the group {self._group}')
                return None
            return self._create(name, project)

    def _create(self, name, project):
        # Noted before it is made, so that what a crash leaves is known as ours.
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        note = {'project': project, 'password': password, 'complete': False}
        write_json(self._file(name), note)
        if not _exists(name):
            self._add_unix_account(name)
        utils.execute('smbpasswd', '-c', self._samba_config, '-a', '-s', name,
                      process_input=f'{password}\n{password}\n')
        write_json(self._file(name), {**note, 'complete': True})
        LOG.info('The SMB account %s was made.', name)
        return password

    def keep_only(self, names):
        """Remove the accounts made here that no rule names any more."""
        with self._lock:
            for file in glob.glob(os.path.join(self._directory, '*.json')):
                name = os.path.basename(file).removesuffix('.json')
                if name not in names:
                    self._remove(name)

    def _remove(self, name):
        # 1: no such entry; 6: no such account
        utils.execute('smbpasswd', '-c', self._samba_config, '-x', name, check_exit_code=[0, 1])
        utils.execute('userdel', name, check_exit_code=[0, 6])
        os.unlink(self._file(name))
        LOG.info('The SMB account %s was removed.', name)

    def _ensure_group(self):
        try:
            grp.getgrnam(self._group)
        except KeyError:
            utils.execute('groupadd', '--system', self._group, check_exit_code=[0, 9])     # 9: exists by now

    def _add_unix_account(self, name):
        utils.execute('useradd', '--system', '--no-create-home', '--no-user-group', '--gid', self._group,
                      '--shell', '/usr/sbin/nologin', '--comment', 'Manila SMB user', name)

    def _file(self, name):
        return os.path.join(self._directory, f'{name}.json')


def _exists(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
