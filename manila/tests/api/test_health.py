"""The health check of manila-api."""
import socket

import pytest

from manila import health
from manila.api import app
from manila.db import session
from manila.tests.api.test_app import load, send  # noqa: F401


@pytest.fixture
def check(load, database, conf):  # noqa: F811
    """Function that asks for the health of the API; nothing is known from before."""
    with socket.create_server(('127.0.0.1', 0)) as server:
        conf.load_raw_values(transport_url=f'rabbit://127.0.0.1:{server.getsockname()[1]}/')
        application = load('keystone')

        def ask(path='/healthcheck', **headers):
            for each in (health.database, health.messaging):
                each.reason.forget()
            return send(application, path, **headers)
        yield ask
    for each in (health.database, health.messaging):
        each.reason.forget()


def test_all_is_well(check):
    answer = check(Accept='application/json')
    assert answer.status_int == 200
    assert answer.json['reasons'] == ['OK', 'database: OK', 'messaging: OK']


def test_database_that_is_away_is_a_failure(check, conf):
    session.dispose()
    conf.config(group='database', connection='sqlite:////nowhere/at/all.sqlite', max_retries=0)
    answer = check()
    assert answer.status_int == 503
    assert 'FAILED: database:' in answer.text and 'nowhere' not in answer.text


def test_broker_that_is_away_is_told_and_no_failure(check, conf):
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
    conf.load_raw_values(transport_url=f'rabbit://guest:secret@127.0.0.1:{port}/')
    answer = check()
    assert answer.status_int == 200
    assert 'DEGRADED: messaging: no broker can be reached' in answer.text and 'secret' not in answer.text


def test_file_takes_the_api_out_of_service(check, conf, tmp_path, monkeypatch):
    paste = tmp_path / 'api-paste.ini'
    paste.write_text(open(app.paste_file()).read().replace('/etc/manila/healthcheck_disable', f'{tmp_path}/disable'))
    conf.config(api_paste_config=str(paste))
    application = app.load()
    assert send(application, '/healthcheck').status_int == 200
    (tmp_path / 'disable').touch()
    answer = send(application, '/healthcheck')
    assert answer.status_int == 503 and 'DISABLED BY FILE' in answer.text
