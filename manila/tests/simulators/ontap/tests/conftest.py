"""Fixtures: running simulators and the clients that talk to them."""

import pytest
import requests

from manila.tests.simulators.ontap import server

GIB = 1024 ** 3
PASSWORD = 'netapp123'


@pytest.fixture(scope='session', autouse=True)
def _own_certificates_only():
    """Bundles named in the environment would replace the simulator's authority, proxies its address."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'http_proxy', 'https_proxy',
                     'HTTP_PROXY', 'HTTPS_PROXY'):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def start():
    """Start simulators that are stopped after the test."""
    running = []

    def starter(description='single'):
        simulator = server.Simulator(description).start()
        running.append(simulator)
        return simulator

    yield starter
    for simulator in running:
        simulator.stop()


@pytest.fixture
def sim(start):
    """One cluster with the SVM svm_manila, on which jobs end at once."""
    return start({'seed': 'single', 'with': {'durations': {
        'default': 0, 'volume.create': 0, 'flexgroup.create': 0, 'svm.create': 0, 'svm.delete': 0}}})


class Rest:
    """A small REST client: (method, path, ...) in, response out."""

    def __init__(self, simulator, user='admin', password=PASSWORD, cluster=None, svm=None, headers=None):
        self.base = 'https://%s:%d/api' % simulator.address(cluster, svm)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = simulator.ca_path
        self.session.auth = (user, password)
        self.session.headers.update(headers or {})

    def __call__(self, method, path, body=None, **params):
        return self.session.request(method, self.base + path, json=body, params=params, timeout=30)

    def ok(self, method, path, body=None, **params):
        """The JSON of an answer that must be a success."""
        reply = self(method, path, body, **params)
        assert reply.status_code < 300, '%s %s: %s %s' % (method, path, reply.status_code, reply.text)
        return reply.json()

    def refused(self, method, path, body=None, **params):
        """(HTTP status, code) of an answer that must be a refusal."""
        reply = self(method, path, body, **params)
        assert reply.status_code >= 400, '%s %s: %s' % (method, path, reply.text)
        return reply.status_code, reply.json()['error']['code']

    def volume(self, name='vol1', size=GIB, aggregate='aggr1', **more):
        """Make a volume and return its record."""
        body = {'name': name, 'svm': {'name': 'svm_manila'}, 'aggregates': [{'name': aggregate}], 'size': size,
                'nas': {'path': '/' + name}}
        body.update(more)
        self.ok('POST', '/storage/volumes', body, return_timeout=20)
        return self.find('/storage/volumes', name=name)

    def find(self, path, fields='**', **query):
        """The one record of a query."""
        records = self.ok('GET', path, fields=fields, **query)['records']
        assert len(records) == 1, records
        return records[0]


@pytest.fixture
def rest(sim):
    return Rest(sim)
