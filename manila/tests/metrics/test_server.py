"""``/metrics`` and ``/healthcheck`` of processes that have no API."""
import contextlib
import urllib.error
import urllib.request

import pytest

from manila import health
from manila.metrics import server
from manila.metrics.registry import REGISTRY


class Collector:
    """One metric."""

    def describe(self):
        """Its name comes later."""
        return ()

    def collect(self):
        """The metric."""
        from prometheus_client.core import GaugeMetricFamily
        yield GaugeMetricFamily('manila_test', 'A test.', value=7)


@contextlib.contextmanager
def running(*checks, collectors=()):
    """Function that reads a path of a server: status and text."""
    role = server.Server(0, lambda: checks, collectors)
    role.start()

    def read(path):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{role.port}{path}', timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
    try:
        yield read
    finally:
        role.stop()


def test_metrics_and_health_are_read_at_their_paths(conf):
    with running(health.Check('worker', health.READY, lambda: 'it is starting'), collectors=[Collector()]) as read:
        status, text = read('/metrics')
        assert status == 200 and 'manila_test 7.0' in text and 'manila_job_run_seconds' in text
        assert read('/healthcheck') == (503, 'not ready\nworker: it is starting\n')
        assert read('/healthcheck/live')[0] == 200
        assert read('/elsewhere')[0] == 404
    assert not [metric for metric in REGISTRY.collect() if metric.name == 'manila_test']


def test_without_a_port_nothing_listens(conf):
    role = server.Server(None, lambda: ())
    role.start()
    assert role.port is None
    role.stop()


def test_it_listens_on_the_loopback_address_unless_told_otherwise(conf):
    role = server.Server(0, lambda: ())
    role.start()
    try:
        assert role._server.server_address[0] == '127.0.0.1'
    finally:
        role.stop()


@pytest.mark.parametrize('address', ['::1'])
def test_ipv6_address_will_do(conf, address):
    conf.config(group='metrics', listen=address)
    role = server.Server(0, lambda: ())
    try:
        role.start()
    except OSError:
        pytest.skip('no IPv6 on this machine')
    assert role._server.server_address[0] == '::1'
    role.stop()
