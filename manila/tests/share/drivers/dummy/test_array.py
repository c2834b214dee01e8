import os
import subprocess
import sys
import threading

import pytest

from manila import exception
from manila.share.drivers.dummy.array import StateFile

PROGRAM = """
import sys
from manila.conf import CONF
from manila.share import configuration, driver
from manila.share.drivers.dummy import DummyDriver, options
settings = configuration.Configuration(driver.share_opts, 'dummy_crash')
settings.append_config_values(options.dummy_opts)
CONF.set_override('driver_handles_share_servers', False, 'dummy_crash')
CONF.set_override('dummy_driver_state_file', sys.argv[1], 'dummy_crash')
dummy = DummyDriver(configuration=settings)
share = {'id': 's', 'name': 'share-s', 'size': 1, 'share_proto': 'NFS', 'host': 'n@dummy_crash'}
dummy.create_share(None, share)
print('created', flush=True)
"""


@pytest.fixture
def state(tmp_path):
    return StateFile(str(tmp_path / 'deep' / 'state'))


@pytest.fixture
def dummy(make_dummy, state):
    return make_dummy('dummy_crash', dummy_driver_state_file=state.path)


def start(state):
    """A process that creates a share."""
    return subprocess.Popen([sys.executable, '-W', 'ignore', '-c', PROGRAM, state.path],
                            stdout=subprocess.PIPE, text=True)


def test_a_second_process_sees_what_exists(state, dummy):
    assert start(state).communicate()[0] == 'created\n'
    assert list(state.objects('share')) == ['s']
    assert dummy.array.get('share', 's')['name'] == 'share-s'
    dummy.delete_share(None, {'id': 's'})
    assert state.objects('share') == {}


@pytest.mark.parametrize('moment, leaks', [('before', []), ('after', ['s'])])
def test_a_process_killed_in_a_call_leaves_what_it_had_made(state, moment, leaks):
    state.plan('create_share', hold=True, moment=moment)
    process = start(state)
    call = state.wait_for_call('create_share')
    assert (call['pid'], call['subject'], call['finished']) == (process.pid, 's', None)
    while list(state.objects('share')) != leaks:
        assert process.poll() is None
    process.kill()
    assert process.communicate()[0] == ''
    assert list(state.objects('share')) == leaks
    assert state.calls('create_share')[0]['finished'] is None


def test_a_held_call_of_another_process_goes_on_when_lifted(state):
    state.plan('create_share', hold=True)
    process = start(state)
    state.wait_for_call('create_share')
    state.lift()
    assert process.communicate()[0] == 'created\n'
    assert state.wait_for_call('create_share', finished=True)['error'] is None


def test_failures_are_planned_while_the_driver_runs(state, dummy, new_share):
    share = new_share()
    fault = state.plan('create_share', error='ShareBackendException', times=1)
    with pytest.raises(exception.ShareBackendException):
        dummy.create_share(None, share)
    assert state.is_planned(fault)
    dummy.create_share(None, share)
    state.plan('delete_share', error='InvalidShare')
    with pytest.raises(exception.InvalidShare):
        dummy.delete_share(None, share)
    state.lift()
    dummy.delete_share(None, share)
    assert [(call['method'], call['error'] is None) for call in state.calls()] == [
        ('create_share', False), ('create_share', True), ('delete_share', False), ('delete_share', True)]


def test_waiting_for_a_call_that_does_not_come_ends(state):
    with pytest.raises(TimeoutError):
        state.wait_for_call('create_share', timeout=0.02)


def test_what_is_not_in_the_file_does_not_exist(dummy, new_share):
    with pytest.raises(exception.ShareResourceNotFound):
        dummy.extend_share(new_share(), 2)
    share = new_share()
    assert dummy.ensure_shares(None, [share]) == {share['id']: {'status': 'error'}}


def test_back_ends_share_a_file_and_not_their_shares(make_dummy, state, dummy, new_share):
    other = make_dummy('dummy_other', dummy_driver_state_file=state.path)
    mine, theirs = new_share(2), new_share(3)
    dummy.create_share(None, mine)
    other.create_share(None, theirs)
    assert (dummy.array.used('pool0'), other.array.used('pool0')) == (2, 3)
    assert list(dummy.array.all('share')) == [mine['id']]
    assert set(state.objects('share')) == {mine['id'], theirs['id']}
    assert list(state.objects('share', 'dummy_other')) == [theirs['id']]


def test_threads_can_use_the_same_file(dummy, new_share):
    shares = [new_share() for _number in range(16)]
    threads = [threading.Thread(target=dummy.create_share, args=(None, share)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dummy.array.used('pool0') == 16


def test_the_file_is_made_where_it_is_wanted(state):
    assert os.path.exists(state.path)
