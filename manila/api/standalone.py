"""Accounts without Keystone: an htpasswd file with bcrypt passwords, a YAML file with projects and roles."""
import hashlib
import hmac
import os
import secrets
import threading
import time

import bcrypt
import webob.exc
import yaml
from oslo_log import log
from oslo_middleware import basic_auth

from manila.conf import CONF

LOG = log.getLogger(__name__)

_CACHE_MAX = 1024
_PASSWORD_MAX = 72      # bytes; bcrypt knows no longer ones
#: Roles that a role brings along, as in Keystone.
_IMPLIED = {'admin': 'manager', 'manager': 'member', 'member': 'reader'}


def accounts_file():
    """Path of the accounts file.

    :raises FileNotFoundError: when no directory of the configuration has it
    """
    path = CONF.find_file(CONF.standalone.accounts_file)
    if not path:
        raise FileNotFoundError(f'[standalone] accounts_file {CONF.standalone.accounts_file} was not found')
    return path


class _File:
    """A file that is read anew when it has changed; errors leave what was read before in force."""

    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()
        self._stamp = self._state()
        self.content = self.read()

    def _state(self):
        found = os.stat(self.path)
        return found.st_mtime_ns, found.st_size, found.st_ino

    def read(self):
        """What the file says."""
        raise NotImplementedError

    def refresh(self):
        """Look whether the file has changed."""
        try:
            stamp = self._state()
            if stamp != self._stamp:
                with self._lock:
                    self._stamp = stamp
                    self.content = self.read()
        except Exception as error:
            LOG.error('%s cannot be used as it is: %s; what it said before still counts', self.path, error)


class Passwords(_File):
    """Checks passwords against the htpasswd file.

    bcrypt takes tens of milliseconds on purpose. A password that was found right is therefore remembered for
    a while, only as a hash keyed with a secret of this process.
    """

    def __init__(self, path):
        self._secret = secrets.token_bytes(32)
        self._known = {}
        self._nobody = None
        super().__init__(path)

    def read(self):
        """Lines of the file by user."""
        lines = {}
        with open(self.path, encoding='utf-8') as file:
            for line in file:
                line = line.strip()
                if line and not line.startswith('#'):
                    user, _crypted = basic_auth.parse_entry(line)
                    lines[user] = line
        rounds = max((int(line.split('$')[2]) for line in lines.values()), default=12)
        nobody = bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt(rounds)).decode()
        self._nobody = f':{nobody}'
        self._known = {}
        return lines

    def user_of(self, header):
        """The user whose name and password an Authorization header has, or None."""
        self.refresh()
        try:
            token = basic_auth.parse_header({'HTTP_AUTHORIZATION': header})
            user, password = basic_auth.parse_token(token)
        except webob.exc.HTTPException:
            return None
        key = hmac.new(self._secret, f'{user}\0'.encode() + password, hashlib.sha256).digest()
        known = self._known
        if known.get(key, 0) > time.monotonic():
            return user
        if not self._matches(user, password):
            LOG.warning('User name or password refused')
            return None
        self._remember(known, key)
        return user

    def _matches(self, user, password):
        """Whether the password is the user's; takes as long for a user who does not exist."""
        line = self.content.get(user)
        fits = 0 < len(password) <= _PASSWORD_MAX and b'\0' not in password
        try:
            basic_auth.auth_entry(line or self._nobody, password if fits else b'-')
        except webob.exc.HTTPException:
            return False
        return bool(line) and fits

    def _remember(self, known, key):
        if CONF.standalone.password_cache_seconds:
            if len(known) >= _CACHE_MAX:
                known.clear()
            known[key] = time.monotonic() + CONF.standalone.password_cache_seconds


class Accounts(_File):
    """Projects and roles of users.

    The file maps user names to ``project_id``, and optionally ``user_id``, ``project_name`` and ``roles``
    (``[member]`` by default).
    """

    def read(self):
        """Arguments of a context by user."""
        with open(self.path, encoding='utf-8') as file:
            users = yaml.safe_load(file) or {}
        return {str(user): _account(str(user), values) for user, values in users.items()}

    def get(self, user):
        """Arguments for the context of a user, or None."""
        self.refresh()
        account = self.content.get(user)
        return account and {**account, 'roles': list(account['roles'])}


def _account(user, values):
    if not isinstance(values, dict) or not values.get('project_id'):
        raise ValueError(f'user {user} has no project_id')
    unknown = set(values) - {'project_id', 'project_name', 'user_id', 'roles'}
    if unknown:
        raise ValueError(f'user {user} has unknown settings: {", ".join(sorted(map(str, unknown)))}')
    roles = values.get('roles', ['member'])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError(f'the roles of user {user} must be a list of names')
    return {'user_id': str(values.get('user_id', user)), 'user_name': user,
            'project_id': str(values['project_id']), 'project_name': values.get('project_name'),
            'roles': _with_implied(roles)}


def _with_implied(roles):
    found = list(roles)
    for role in found:      # grows while it is walked
        implied = _IMPLIED.get(role)
        if implied and implied not in found:
            found.append(implied)
    return found
