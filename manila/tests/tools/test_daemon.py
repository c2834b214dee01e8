"""The background process of the quick start where there is no systemd."""
import os
import subprocess
import sys

import pytest
from lib import system
from lib.daemon import Daemon


@pytest.fixture
def daemon(tmp_path):
    """A daemon that says it has begun and then waits."""
    command = [sys.executable, '-u', '-c', 'import time; print("begun"); time.sleep(600)']
    daemon = Daemon(command, tmp_path / 'pid', tmp_path / 'output', use_systemd=False)
    yield daemon
    daemon.stop()


def begun(daemon, times=1):
    """Wait until it has begun so many times."""
    system.wait_until(lambda: daemon.output.read_text().count('begun') == times, 30, 'the daemon')


def test_it_runs_until_it_is_stopped(daemon):
    daemon.start()
    begun(daemon)
    pid = daemon.pid()
    assert daemon.alive() and pid != os.getpid()
    daemon.stop()
    assert not daemon.alive() and not os.path.exists(f'/proc/{pid}')


def test_starting_again_replaces_it(daemon):
    daemon.start()
    begun(daemon)
    first = daemon.pid()
    daemon.start()
    begun(daemon, times=2)
    assert daemon.pid() != first and not os.path.exists(f'/proc/{first}')


def test_a_process_that_only_has_its_old_number_is_left_alone(daemon):
    with subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE) as stranger:
        daemon.pid_file.write_text(f'{stranger.pid}\n')
        assert daemon.pid() is None
        daemon.stop()
        assert stranger.poll() is None
        stranger.communicate(b'\n')


def test_its_last_words_are_found_where_it_wrote_them(daemon, tmp_path):
    daemon.start()
    begun(daemon)
    assert daemon.last_words(tmp_path / 'no.log') == 'begun'
