"""manila-api as a process."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import pytest

import manila
from manila.cmd import api

ROOT = pathlib.Path(manila.__file__).parents[1]


def test_address_of_either_family():
    assert api.address('127.0.0.1', 1) == '127.0.0.1:1'
    assert api.address('::1', 1) == '[::1]:1'


def test_machine_without_ipv6_is_served_on_ipv4(monkeypatch):
    monkeypatch.setattr(api, '_has_ipv6', lambda: False)
    assert api.address('::', 8786) == '0.0.0.0:8786'
    monkeypatch.setattr(api, '_has_ipv6', lambda: True)
    assert api.address('::', 8786) == '[::]:8786'


def test_requests_in_flight_are_counted_until_their_last_byte():
    seen = []

    def application(environ, start_response):
        seen.append(served._count)
        yield b'a'
        seen.append(served._count)

    served = api.InFlight(application)
    assert list(served({}, None)) == [b'a']
    assert (seen, served._count) == ([1, 1], 0)
    served.wait(0)


def test_failing_request_is_no_longer_in_flight():
    served = api.InFlight(lambda environ, start_response: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(served({}, None))
    assert served._count == 0


def test_standalone_mode_on_the_network_is_refused(monkeypatch, tmp_path, caplog):
    (tmp_path / 'manila.conf').write_text('[DEFAULT]\nauth_strategy = http_basic\nosapi_share_listen = ::\n')
    monkeypatch.setattr(sys, 'argv', ['manila-api', '--config-file', str(tmp_path / 'manila.conf')])
    monkeypatch.setattr(api.log, 'setup', lambda *args: None)
    assert api.main() == 1
    assert 'loopback' in caplog.text


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Service:
    """A manila-api of two processes; ``expect`` reads its log."""

    def __init__(self, directory):
        self.port = free_port()
        (directory / 'manila.conf').write_text(
            f'[DEFAULT]\nauth_strategy = noauth\nosapi_share_listen = 127.0.0.1\nosapi_share_workers = 2\n'
            f'osapi_share_listen_port = {self.port}\nstate_path = {directory}\nuse_stderr = true\n'
            f'api_paste_config = {ROOT}/etc/manila/api-paste.ini\n')
        code = 'import sys; from manila.cmd.api import main; sys.exit(main())'
        self.process = subprocess.Popen(
            [sys.executable, '-c', code, '--config-file', str(directory / 'manila.conf')],
            stderr=subprocess.PIPE, text=True, cwd=directory, env={**os.environ, 'PYTHONPATH': str(ROOT)})
        self.lines = []
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stderr:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()

    def expect(self, text, count=1, seconds=60):
        """Wait for a line of the log."""
        with self._news:
            found = self._news.wait_for(lambda: sum(text in line for line in self.lines) >= count, seconds)
            assert found, self.lines

    def get(self):
        try:
            return urllib.request.urlopen(f'http://127.0.0.1:{self.port}/', timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def service(tmp_path):
    found = Service(tmp_path)
    yield found
    if found.process.poll() is None:
        found.process.kill()
    found.process.wait()
    found.process.stderr.close()


def children(pid):
    return pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()


def test_service_says_ready_reloads_and_stops_with_its_children(service):
    service.expect('manila-api ready')
    assert service.get() == 300
    first = children(service.process.pid)
    assert len(first) == 2

    service.process.send_signal(signal.SIGHUP)
    service.expect('manila-api ready', count=2)
    assert service.get() == 300

    second = set(children(service.process.pid)) - set(first)
    assert len(second) == 2
    with socket.create_connection(('127.0.0.1', service.port)) as idle, \
            socket.create_connection(('127.0.0.1', service.port)) as half:
        half.sendall(b'GET / HTTP/1.1\r\n')
        begun = time.monotonic()
        service.process.terminate()
        assert service.process.wait(20) == 0
        assert time.monotonic() - begun < 9, 'neither an idle nor a half-open connection holds the service up'
        assert idle.fileno() >= 0
    assert not [pid for pid in second if os.path.exists(f'/proc/{pid}')]


def test_all_processes_answer_for_the_requests_of_each(service):
    service.expect('manila-api ready')
    for _ in range(12):
        # Each connection is taken by either of the two.
        request = urllib.request.Request(f'http://127.0.0.1:{service.port}/v2/', headers={'X-Auth-Token': 'ann'})
        assert urllib.request.urlopen(request, timeout=10).status == 200
    pids = children(service.process.pid)
    for _ in range(4):
        text = urllib.request.urlopen(f'http://127.0.0.1:{service.port}/metrics', timeout=10).read().decode()
        assert 'manila_api_requests_total{operation="none",status="200"} 12.0' in text.splitlines()
        assert 'manila_api_request_seconds_count{operation="none"} 12.0' in text.splitlines()
    directory, = {path.parent for pid in pids for path in pathlib.Path(tempfile.gettempdir()).glob(
        f'manila-metrics-*/*_{pid}.db')}
    service.process.terminate()
    assert service.process.wait(20) == 0
    assert not directory.exists()
