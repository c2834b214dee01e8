"""``/metrics`` and ``/healthcheck`` of processes that have no API, on an address of their own."""
import socket
import threading
from wsgiref import simple_server

import prometheus_client
from oslo_log import log
from prometheus_client.exposition import ThreadingWSGIServer

from manila import health
from manila.conf import CONF
from manila.metrics import observers, registry

LOG = log.getLogger(__name__)
_HEALTH = '/healthcheck'


class _Handler(simple_server.WSGIRequestHandler):
    timeout = 30

    def log_message(self, text, *args):
        """Say nothing: it is asked every few seconds."""


class Server:
    """A role that starts before those whose health it tells, and stops after them.

    :param port: where to listen, at ``[metrics] listen``; None: not at all; 0: at a free port, see ``port``
    :param checks: function that gives the checks of the moment
    :param collectors: further ones for Prometheus
    """

    def __init__(self, port, checks, collectors=()):
        self.port = port
        self._health = health.application(checks)
        self._metrics = prometheus_client.make_wsgi_app(registry.REGISTRY)
        self._collectors = collectors
        self._server = None

    def start(self):
        """Count and answer from now on."""
        if self.port is None:
            return
        observers.attach_work()
        for collector in self._collectors:
            registry.REGISTRY.register(collector)
        family = type('Server', (ThreadingWSGIServer,), {'address_family': _family(CONF.metrics.listen)})
        self._server = simple_server.make_server(CONF.metrics.listen, self.port, self._answer, family, _Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, name='metrics', daemon=True).start()
        LOG.info('Metrics and health are answered on %s port %s', CONF.metrics.listen, self.port)

    def stop(self):
        """Answer no longer."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        for collector in self._collectors:
            registry.REGISTRY.unregister(collector)

    def _answer(self, environ, start_response):
        path = environ.get('PATH_INFO', '')
        if path == '/metrics':
            return self._metrics(environ, start_response)
        if path == _HEALTH or path.startswith(f'{_HEALTH}/'):
            return self._health({**environ, 'PATH_INFO': path.removeprefix(_HEALTH)}, start_response)
        start_response('404 Not Found', [('Content-Length', '0')])
        return []


def _family(address):
    return socket.AF_INET6 if ':' in address else socket.AF_INET
