"""``/metrics`` of manila-api: for those who scrape it directly, from networks that may."""
import ipaddress

import prometheus_client

from manila.conf import CONF
from manila.metrics import observers, registry

_PROXIES = ('HTTP_FORWARDED', 'HTTP_X_FORWARDED_FOR', 'HTTP_X_FORWARDED_HOST', 'HTTP_X_REAL_IP')


class Application:
    """WSGI application; refuses everybody outside ``[metrics] allowed_source_ranges`` and all who use a proxy.

    A proxy on this machine would make the whole world come from the loopback address.
    """

    def __init__(self):
        self._networks = [ipaddress.ip_network(text) for text in CONF.metrics.allowed_source_ranges]

    def __call__(self, environ, start_response):
        if not self._may_read(environ):
            start_response('403 Forbidden', [('Content-Type', 'text/plain'), ('Content-Length', '0')])
            return []
        environ = {**environ, 'PATH_INFO': '/metrics'}
        return prometheus_client.make_wsgi_app(registry.readable())(environ, start_response)

    def _may_read(self, environ):
        if any(environ.get(name) for name in _PROXIES):
            return False
        try:
            address = ipaddress.ip_address(environ.get('REMOTE_ADDR', ''))
        except ValueError:
            return False
        address = getattr(address, 'ipv4_mapped', None) or address
        return any(address in network for network in self._networks)


def factory(global_conf=None, **local_conf):
    """The application, with what it shows being counted from now on."""
    observers.attach_api()
    return Application()
