"""CIFS shares seen by smbclient: users, levels, revocation, and life after a crash."""
import os
import pwd
import secrets
import shutil
import subprocess

import pytest

from manila import exception
from manila.share.drivers.local import probe
from manila.tests.share.drivers.local.backend import eventually, rule, share, snapshot

PROBLEM = ' '.join(probe.missing_for_smb()) or (shutil.which('smbclient') is None and 'no smbclient')
pytestmark = [pytest.mark.functional, pytest.mark.skipif(bool(PROBLEM), reason=f'CIFS: {PROBLEM}')]


@pytest.fixture
def names():
    """Account names that nothing else on the machine uses, without leftovers afterwards."""
    mark = f'mt{secrets.token_hex(4)}'
    names = [f'{mark}-{role}' for role in ('group', 'alice', 'bob')]
    yield names
    for name in reversed(names):
        subprocess.run(['userdel', name], capture_output=True)
    subprocess.run(['groupdel', names[0]], capture_output=True)


@pytest.fixture
def backend(stopped_backend, names):
    return stopped_backend.start(local_enable_smb='yes', local_smb_group=names[0],
                                 local_export_ips=['127.0.0.1'])


@pytest.fixture
def target(backend):
    made = share(protocol='CIFS')
    made['export_locations'] = backend.driver.create_share(None, made)
    return made


def allow(backend, target, *rules):
    """Apply rules; returns passwords by user."""
    verdicts = backend.driver.update_access(None, target, list(rules), [], [], [])
    return {given['access_to']: verdicts[given['access_id']].get('access_key') for given in rules}


def smb(backend, target, user, password, command, **kwargs):
    """Run smbclient; returns what it printed."""
    location = target['export_locations'][0]['path'].replace('\\', '/')
    done = subprocess.run(
        ['smbclient', location, '-p', str(backend.smb_port), '-U', user, '-c', command],
        env={**os.environ, 'PASSWD': password or ''}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60, cwd=backend.state, **kwargs)
    return done.stdout + done.stderr


def test_writer_writes_reader_reads_and_stranger_stays_out(backend, target, names):
    _, alice, bob = names
    keys = allow(backend, target, rule(alice, kind='user'))
    assert 'putting file' in smb(backend, target, alice, keys[alice], 'put exporter.json f')
    keys = allow(backend, target, rule(alice, kind='user'), rule(bob, 'ro', kind='user'))
    assert ' f ' in smb(backend, target, bob, keys[bob], 'ls')
    assert 'ACCESS_DENIED' in smb(backend, target, bob, keys[bob], 'put exporter.json g')
    assert 'putting file' in smb(backend, target, alice, keys[alice], 'put exporter.json g')
    allow(backend, target, rule(alice, kind='user'))
    assert 'LOGON_FAILURE' in smb(backend, target, bob, keys[bob], 'ls')
    assert 'LOGON_FAILURE' in smb(backend, target, alice, 'wrong', 'ls')


def test_user_of_one_share_stays_out_of_the_other(backend, target, names):
    _, alice, bob = names
    other = share(protocol='CIFS')
    other['export_locations'] = backend.driver.create_share(None, other)
    keys = {**allow(backend, target, rule(alice, kind='user')),
            **allow(backend, other, rule(bob, kind='user'))}
    assert 'ACCESS_DENIED' in smb(backend, other, alice, keys[alice], 'ls')
    assert 'blocks' in smb(backend, other, bob, keys[bob], 'ls')


def test_name_belongs_to_the_project_that_used_it_first(backend, target, names):
    alice = names[1]
    keys = allow(backend, target, rule(alice, kind='user'))
    foreign = share(protocol='CIFS', project_id='another')
    backend.driver.create_share(None, foreign)
    theirs = rule(alice, kind='user')
    verdicts = backend.driver.update_access(None, foreign, [theirs], [], [], [])
    assert verdicts == {theirs['access_id']: {'state': 'error'}}
    own = share(protocol='CIFS')
    backend.driver.create_share(None, own)
    assert allow(backend, own, rule(alice, kind='user')) == keys


def test_system_accounts_and_addresses_get_no_access(backend, target):
    given = [rule('root', kind='user'), rule('daemon', kind='user'), rule('Not A Name', kind='user'),
             rule('127.0.0.1')]
    verdicts = backend.driver.update_access(None, target, given, [], [], [])
    assert [verdicts[each['access_id']] for each in given] == [{'state': 'error'}] * 4


def test_session_ends_when_its_rule_goes(backend, target, names):
    _, alice, bob = names
    keys = allow(backend, target, rule(alice, kind='user'), rule(bob, kind='user'))
    location = target['export_locations'][0]['path'].replace('\\', '/')
    with subprocess.Popen(
            ['smbclient', location, '-p', str(backend.smb_port), '-U', alice],
            env={**os.environ, 'PASSWD': keys[alice]}, cwd=backend.state, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as client:
        client.stdin.write('put exporter.json f\n')
        client.stdin.flush()
        assert 'putting file' in client.stdout.readline()
        allow(backend, target, rule(bob, kind='user'))
        output, _ = client.communicate('put exporter.json g\n', timeout=60)
    assert 'NT_STATUS' in output
    assert ' g ' not in smb(backend, target, bob, keys[bob], 'ls')


def test_accounts_leave_with_their_last_rule(backend, target, names):
    alice = names[1]
    allow(backend, target, rule(alice, kind='user'))
    account = pwd.getpwnam(alice)
    assert account.pw_shell == '/usr/sbin/nologin'
    backend.driver.delete_share(None, target)
    with pytest.raises(KeyError):
        pwd.getpwnam(alice)


def test_quota_snapshot_and_revert_work_over_smb(backend, target, names):
    alice = names[1]
    key = allow(backend, target, rule(alice, kind='user'))[alice]
    smb(backend, target, alice, key, 'put exporter.json f')
    taken = snapshot(target)
    taken.update(backend.driver.create_snapshot(None, taken))
    smb(backend, target, alice, key, 'rm f')
    rules = [{each: value for each, value in rule(alice, kind='user').items() if each != 'access_level'}]
    backend.driver.snapshot_update_access(None, taken, rules, [], [])
    assert ' f ' in smb(backend, taken, alice, key, 'ls')
    assert 'NT_STATUS' in smb(backend, taken, alice, key, 'put exporter.json g')
    backend.driver.revert_to_snapshot(None, taken, [], [])
    assert ' f ' in smb(backend, target, alice, key, 'ls')
    backend.fill(target, 1023)
    with open(os.path.join(backend.state, 'large'), 'wb') as file:
        file.truncate(2 * 1024 ** 2)
    assert 'DISK_FULL' in smb(backend, target, alice, key, 'put large l')


def test_shares_are_back_after_death_of_server_driver_and_machine(backend, target, names):
    alice = names[1]
    key = allow(backend, target, rule(alice, kind='user'))[alice]
    backend.kill('smbd')
    eventually(lambda: 'putting file' in smb(backend, target, alice, key, 'put exporter.json f'))
    backend.forget()
    assert ' f ' in smb(backend, target, alice, key, 'ls')
    backend.start()
    assert ' f ' in smb(backend, target, alice, key, 'ls')
    backend.reboot()
    backend.start()
    eventually(lambda: ' f ' in smb(backend, target, alice, key, 'ls'))
    assert allow(backend, target, rule(alice, kind='user')) == {alice: key}


def test_unmanaged_share_can_be_managed_again(backend, target, names):
    alice = names[1]
    key = allow(backend, target, rule(alice, kind='user'))[alice]
    backend.driver.unmanage(target)
    assert 'blocks' in smb(backend, target, alice, key, 'ls')
    again = share(protocol='CIFS', export_locations=target['export_locations'])
    assert backend.driver.manage_existing(again, {}) == {
        'size': 1, 'export_locations': target['export_locations']}
    assert allow(backend, again, rule(alice, kind='user')) == {alice: key}
    assert 'blocks' in smb(backend, again, alice, key, 'ls')


def test_share_with_smb_users_is_not_transferred(backend, target):
    with pytest.raises(exception.DriverCannotTransferShareWithRules):
        backend.driver.transfer_accept(None, target, 'u', 'p', access_rules=[rule('alice', kind='user')])


def test_other_protocols_are_refused(backend):
    with pytest.raises(exception.ShareBackendException, match='CEPHFS'):
        backend.driver.create_share(None, share(protocol='CEPHFS'))
