"""The API inside another process, in threads: for manila-all and for tests."""
import threading

from cheroot import wsgi
from oslo_log import log

from manila.api import app, auth
from manila.conf import CONF

LOG = log.getLogger(__name__)
_HEADERS_MAX = 64 * 1024        # bytes of a request's first line and headers


class ApiServer:
    """Serves the API on one address.

    :param host: address; by default ``osapi_share_listen``
    :param port: port; by default ``osapi_share_listen_port``; 0 takes a free one, see :attr:`port`
    :param application: WSGI application; by default the one of api-paste.ini
    """

    def __init__(self, host=None, port=None, application=None):
        self.host = CONF.osapi_share_listen if host is None else host
        self.port = CONF.osapi_share_listen_port if port is None else port
        auth.refuse_passwords_in_the_clear(self.host, tls=False)
        self._server = wsgi.Server((self.host, self.port), application or app.load(),
                                   numthreads=CONF.osapi_share_threads, server_name='manila-api',
                                   shutdown_timeout=CONF.osapi_share_graceful_timeout)
        self._server.max_request_header_size = _HEADERS_MAX
        self._server.error_log = _log
        self._thread = None

    def start(self):
        """Listen and serve; returns as soon as requests are answered.

        :raises OSError: when the address cannot be had
        """
        self._server.prepare()
        self.port = self._server.bind_addr[1]
        self._thread = threading.Thread(target=self._server.serve, name='manila-api', daemon=True)
        self._thread.start()
        LOG.info('manila-api ready on %s port %s', self.host, self.port)

    def stop(self):
        """Let requests that are being served end, and listen no longer."""
        self._server.stop()

    def wait(self):
        """Return once the server has stopped."""
        if self._thread is not None:
            self._thread.join()


def _log(message='', level=20, traceback=False):
    LOG.log(level, '%s', message, exc_info=traceback)
