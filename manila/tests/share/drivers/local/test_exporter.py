"""The export host where it need not run: its command, its choices, its care for servers."""
import os
import signal
import sys
import time

import pytest

from manila.share.drivers.local import exporter, servers
from manila.share.drivers.local.layout import Layout, read_json, write_json


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path)


def host(layout, **settings):
    write_json(layout.settings, {'versions': [3, 4], 'smb': False, 'pool': '/pool', **settings})
    return exporter.ExportHost(layout)


def test_start_refuses_a_directory_that_is_no_back_ends(layout, capsys):
    assert exporter.main(['--start', layout.state]) == 1
    assert 'not the state directory' in capsys.readouterr().err
    assert os.listdir(layout.state) == []


def test_stop_and_status_of_a_host_that_does_not_run(layout, capsys):
    assert exporter.main(['--stop', layout.state]) == 0
    assert exporter.main(['--status', layout.state]) == 1
    assert 'does not run' in capsys.readouterr().err


def test_only_version_4_is_served_without_a_port_mapper(layout, monkeypatch, caplog):
    made = host(layout)
    monkeypatch.setattr(made, '_ensure', lambda server, path: False)
    assert made._servable_versions() == [4]
    assert 'rpcbind' in caplog.text


def test_port_mapper_is_not_needed_for_version_4(layout, monkeypatch):
    made = host(layout, versions=[4])
    monkeypatch.setattr(made, '_ensure', lambda server, path: pytest.fail('it was asked for'))
    assert made._servable_versions() == [4]


def test_samba_runs_from_the_first_share_on(layout):
    os.makedirs(layout.samba)
    made = host(layout, smb=[445, '127.0.0.1'])
    assert [server.name for server in made._wanted()] == ['ganesha.nfsd']
    with open(layout.samba_shares, 'w'):
        pass
    assert [server.name for server in made._wanted()] == ['ganesha.nfsd', 'smbd']
    assert [server.name for server in host(layout)._wanted()] == ['ganesha.nfsd']


@pytest.mark.parametrize('request_, answer', (
    (b'{"do": "binds"}', {'ok': []}),
    (b'{"do": "stop"}', {'ok': None}),
    (b'{"do": "bind", "name": "1", "source": "nowhere", "read_only": false}',
     {'errno': 2, 'error': "[Errno 2] No such file or directory: '/pool/nowhere'"}),
    (b'nonsense', {'error': "JSONDecodeError('Expecting value: line 1 column 1 (char 0)')"})))
def test_requests_are_answered(layout, request_, answer):
    assert host(layout)._answer(request_) == answer


def test_quick_deaths_delay_the_next_start_more_and_more(tmp_path):
    server = servers.Server('sleeper', [sys.executable, '-c', 'import time; time.sleep(60)'], tmp_path / 'log')
    pauses = []
    for _ in range(12):
        server.start()
        pid = server.pid
        server.kill()
        _, status = os.waitpid(pid, 0)
        before = time.monotonic()
        server.ended(os.waitstatus_to_exitcode(status))
        pauses.append(round(server.not_before - before, 2))
        assert server.pid is None
    assert pauses[:4] == [0.05, 0.1, 0.2, 0.4] and pauses[-1] == 5
    assert server.starts == 12
    server.signal(signal.SIGTERM)      # nothing to send it to


def test_file_is_replaced_in_one_step(tmp_path):
    path = str(tmp_path / 'file')
    write_json(path, {'old': 1})
    with pytest.raises(TypeError):
        write_json(path, {'new': object()})
    assert read_json(path) == {'old': 1}
    assert os.listdir(tmp_path) == ['file']
    assert os.stat(path).st_mode & 0o777 == 0o600


def test_state_directory_too_deep_for_sockets_is_refused():
    with pytest.raises(ValueError, match='too long'):
        Layout('/x' * 60).make()
