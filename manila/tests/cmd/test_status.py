"""manila-status."""
import socket
import subprocess
import sys

from oslo_upgradecheck.upgradecheck import Code

from manila.cmd import status
from manila.db import migration


def test_present_schema_is_fine(database):
    assert status.Checks().database_schema().code is Code.SUCCESS


def test_schema_without_version_is_a_failure(database):
    migration.downgrade('base')
    result = status.Checks().database_schema()
    assert result.code is Code.FAILURE and 'db sync' in result.details


def test_database_that_cannot_be_read_is_a_failure(database, conf):
    conf.config(group='database', connection='sqlite:////nowhere/at/all.sqlite', max_retries=0)
    status.migration.session.dispose()
    result = status.Checks().database_schema()
    assert result.code is Code.FAILURE and 'cannot be read' in result.details


def test_broker_that_listens_is_fine_and_one_that_does_not_is_a_failure(conf):
    checks = status.Checks()
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
        conf.load_raw_values(transport_url=f'rabbit://127.0.0.1:{port}/')
        assert checks.messaging().code is Code.SUCCESS
    result = checks.messaging()
    assert result.code is Code.FAILURE and str(port) in result.details


def test_in_memory_transport_is_a_warning(conf):
    conf.load_raw_values(transport_url='fake://')
    assert status.Checks().messaging().code is Code.WARNING


def test_command_tells_its_result_by_its_status(tmp_path):
    path = tmp_path / 'manila.conf'
    path.write_text(f'[DEFAULT]\ntransport_url = fake://\n[database]\nconnection = sqlite:///{tmp_path}/a.sqlite\n')
    command = [sys.executable, '-m', 'manila.cmd.status', '--config-file', str(path), 'upgrade', 'check']
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == Code.FAILURE
    assert 'Database schema' in done.stdout and 'Policy file format' in done.stdout
