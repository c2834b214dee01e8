"""Accounts, passwords and roles: who may log in where, and do what."""

import dataclasses
import hashlib
import hmac
import os
import re

from manila.tests.simulators.ontap.model.base import find, new_uuid


@dataclasses.dataclass(eq=False)
class Privilege:
    """Access (none, readonly, all) to a path of REST or a command of the older interface, '*' as wildcard."""

    path: str
    access: str = 'all'


@dataclasses.dataclass(eq=False)
class Role:
    name: str
    privileges: list
    svm: object = None
    builtin: bool = False


@dataclasses.dataclass(eq=False)
class Account:
    """An account of the cluster or of one SVM. The password is kept as a salted hash."""

    name: str
    role: Role
    svm: object = None
    salt: bytes = b''
    digest: bytes = b''
    locked: bool = False
    common_name: str = None
    uuid: str = dataclasses.field(default_factory=new_uuid)

    def set_password(self, password):
        self.salt = os.urandom(8)
        self.digest = _digest(self.salt, password)

    def accepts(self, password):
        return bool(self.digest) and not self.locked and hmac.compare_digest(
            self.digest, _digest(self.salt, password))


def _digest(salt, password):
    # Iterations would only slow the tests down: nothing of worth is kept here.
    return hashlib.sha256(salt + password.encode()).digest()


def builtin_roles():
    return [Role('admin', [Privilege('*')], builtin=True), Role('readonly', [Privilege('*', 'readonly')], builtin=True),
            Role('none', [], builtin=True), Role('vsadmin', [Privilege('*')], builtin=True)]


def login(cluster, svm, name, password):
    """The account that these credentials open at an address of the cluster or of one SVM, or None."""
    account = find([a for a in cluster.accounts if a.svm is svm], name=name)
    return account if account is not None and account.accepts(password) else None


def login_by_certificate(cluster, svm, common_name):
    """The account a client certificate stands for: its common name is the account's."""
    for account in cluster.accounts:
        if account.svm is svm and not account.locked and (account.common_name or account.name) == common_name:
            return account
    return None


def allowed(account, kind, target, write):
    """Whether the role lets an account read or write `target`, a REST path or the name of an older call.

    The most specific entry decides. Entries for calls of the older interface start with 'zapi:'.
    """
    best, access = -1, 'none'
    for privilege in account.role.privileges:
        path = privilege.path
        is_zapi = path.startswith('zapi:')
        if path != '*' and is_zapi != (kind == 'zapi'):
            continue
        pattern = path[len('zapi:'):] if is_zapi else path
        if _matches(kind, pattern, target) and len(pattern) > best:
            best, access = len(pattern), privilege.access
    return access == 'all' or (access == 'readonly' and not write)


def _matches(kind, pattern, target):
    if pattern == '*':
        return True
    if kind == 'rest' and (target == pattern or target.startswith(pattern.rstrip('/') + '/')):
        return True
    expression = ''.join('.*' if c == '*' else re.escape(c) for c in pattern)
    return re.fullmatch(expression, target) is not None
