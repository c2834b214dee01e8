"""The embedded server."""
import urllib.error
import urllib.request

import pytest

from manila.api import server


def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'hello']


def test_server_answers_until_it_is_stopped():
    served = server.ApiServer('127.0.0.1', 0, application)
    served.start()
    url = f'http://127.0.0.1:{served.port}/'
    assert urllib.request.urlopen(url, timeout=10).read() == b'hello'
    served.stop()
    served.wait()
    with pytest.raises(OSError):
        urllib.request.urlopen(url, timeout=10)


def test_standalone_mode_does_not_listen_on_the_network(conf):
    conf.config(auth_strategy='http_basic')
    with pytest.raises(ValueError, match='loopback'):
        server.ApiServer('0.0.0.0', 0, application)


def test_headers_beyond_all_use_are_refused():
    served = server.ApiServer('127.0.0.1', 0, application)
    served.start()
    try:
        request = urllib.request.Request(f'http://127.0.0.1:{served.port}/', headers={'X-Long': 'a' * 70000})
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request, timeout=10)
        assert refusal.value.code == 413
    finally:
        served.stop()
        served.wait()
