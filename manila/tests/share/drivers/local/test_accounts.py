"""Who gets an SMB account, without making real ones."""
import grp
import os
import pwd
import types

import pytest

from manila import utils
from manila.share.drivers.local.accounts import AccountRefused, Accounts


@pytest.fixture
def machine(monkeypatch):
    """Accounts of a machine that is not there: ``users``, ``members`` of the group, and ``commands`` run."""
    machine = types.SimpleNamespace(users={'root', 'guest'}, members=[], commands=[])

    def execute(*command, process_input=None, **_):
        machine.commands.append((command, process_input))
        if command[0] == 'useradd':
            machine.users.add(command[-1])
        if command[0] == 'userdel':
            machine.users.discard(command[-1])

    def getpwnam(name):
        if name not in machine.users:
            raise KeyError(name)
        return types.SimpleNamespace(pw_uid=900, pw_gid=901)
    monkeypatch.setattr(utils, 'execute', execute)
    monkeypatch.setattr(pwd, 'getpwnam', getpwnam)
    monkeypatch.setattr(grp, 'getgrnam', lambda _: types.SimpleNamespace(gr_mem=machine.members))
    return machine


@pytest.fixture
def accounts(tmp_path, machine):
    return Accounts(str(tmp_path), '/smb.conf', 'share-users')


def test_account_is_made_once_with_a_password_that_is_on_no_command_line(accounts, machine):
    password = accounts.grant('alice', 'project')
    made = list(machine.commands)
    assert [command[0] for command, _ in made] == ['useradd', 'smbpasswd']
    assert made[1][1] == f'{password}\n{password}\n' and len(password) >= 24
    assert not any(password in word for command, _ in made for word in command)
    assert accounts.grant('alice', 'project') == password
    assert machine.commands == made


@pytest.mark.parametrize('name', ('root', 'Alice', 'a b', '-x', 'a"b', 'x' * 33, 'share-users', '../etc'))
def test_unfit_names_are_refused_and_nothing_is_run(accounts, machine, name):
    with pytest.raises(AccountRefused):
        accounts.grant(name, 'project')
    assert machine.commands == []


def test_another_project_does_not_get_the_name(accounts):
    accounts.grant('alice', 'one')
    with pytest.raises(AccountRefused, match='another project'):
        accounts.grant('alice', 'two')


def test_administrators_account_in_the_group_is_left_alone(accounts, machine):
    with pytest.raises(AccountRefused, match='group'):
        accounts.grant('guest', 'project')
    machine.members.append('guest')
    assert accounts.grant('guest', 'project') is None
    accounts.keep_only(set())
    assert machine.commands == [] and 'guest' in machine.users


def test_account_half_made_is_finished(accounts, machine, monkeypatch):
    def fail(*command, **_):
        raise utils.exception.ProcessExecutionError(cmd=command[0])
    with monkeypatch.context() as broken:
        broken.setattr(utils, 'execute', fail)
        with pytest.raises(utils.exception.ProcessExecutionError):
            accounts.grant('alice', 'project')
    accounts.grant('alice', 'project')
    assert [command[0] for command, _ in machine.commands] == ['useradd', 'smbpasswd']


def test_accounts_without_rules_are_removed(accounts, machine, tmp_path):
    for name in ('alice', 'bob'):
        accounts.grant(name, 'project')
    machine.commands.clear()
    accounts.keep_only({'bob'})
    assert [command for command, _ in machine.commands] == [
        ('smbpasswd', '-c', '/smb.conf', '-x', 'alice'), ('userdel', 'alice')]
    assert os.listdir(tmp_path) == ['bob.json']
