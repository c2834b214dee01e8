"""manila-api: the API on a server of its own, with several processes."""
import logging
import multiprocessing
import os
import socket
import ssl
import threading
import time

from gunicorn import glogging
from gunicorn.app import base
from gunicorn.workers import gthread
from oslo_log import log

from manila import notify
from manila.cmd import common
from manila.conf import CONF
from manila.metrics import shared
from manila.rpc import workers

LOG = log.getLogger(__name__)
#: Longest first line of a request; filters in queries make it long.
_LINE_MAX = 8190
_HANG_SECONDS = 120
#: Seconds that a stopping process waits for requests that are on their way.
_LINGER = 0.2


class Logger(glogging.Logger):
    """What the server itself says goes where all else goes; the API logs its requests on its own."""

    def setup(self, cfg):
        """Use the handlers of oslo.log."""
        self.error_log.propagate = True
        self.error_log.handlers = []
        self.error_log.setLevel('WARNING')

    def access(self, resp, req, environ, request_time):
        """Nothing: the API has logged the request with its id."""

    def reopen_files(self):
        """Nothing: oslo.log looks after its files."""


class InFlight:
    """WSGI middleware that knows how many requests are being served in this process."""

    def __init__(self, application):
        self.application = application
        self._count = 0
        self._changed = threading.Condition()

    def __call__(self, environ, start_response):
        self._add(1)
        try:
            body = self.application(environ, start_response)
            try:
                yield from body
            finally:
                if hasattr(body, 'close'):
                    body.close()
        finally:
            self._add(-1)

    def _add(self, number):
        with self._changed:
            self._count += number
            self._changed.notify_all()

    def wait(self, seconds):
        """Return as soon as no request is being served, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, seconds)


class Worker(gthread.ThreadWorker):
    """A process that ends with its last request: idle or half-open connections do not hold it up."""

    def handle_exit(self, sig, frame):
        """TERM: listen no longer, and leave once nothing is being served."""
        if self.alive:
            threading.Thread(target=self._leave, daemon=True).start()
        super().handle_exit(sig, frame)

    def _leave(self):
        time.sleep(_LINGER)
        self.wsgi.wait(self.cfg.graceful_timeout)
        workers.disconnect()
        notify.stop()
        logging.shutdown()
        os._exit(0)     # threads that wait for clients would keep the interpreter from ending


class Server(base.BaseApplication):
    """gunicorn with the service's options."""

    def __init__(self):
        self._serving = multiprocessing.Value('i', 0)
        super().__init__(prog='manila-api')

    def load_config(self):
        """Translate the service's options into those of the server."""
        for name, value in _options().items():
            self.cfg.set(name, value)
        self.cfg.set('post_worker_init', self._served)
        self.cfg.set('when_ready', lambda server: common.spare_collector())

    def load(self):
        """The application, made once before the processes fork, so that they share its memory."""
        from manila.api import app
        return InFlight(app.load())

    def reload(self):
        """HUP: read the configuration again and make the application anew; keep the old one if that fails."""
        from manila import policy
        try:
            if not CONF.reload_config_files():
                raise ValueError('the configuration files have errors')
            log.setup(CONF, 'manila')
            policy.reset()
            self.callable = self.load()
        except Exception as error:
            LOG.exception('Nothing is reloaded, what was said before still counts: %s', error)
        self._serving.value = 0
        super().reload()

    def _served(self, worker):
        workers.connect()
        with self._serving.get_lock():
            self._serving.value += 1
            complete = self._serving.value == CONF.osapi_share_workers
        if complete:
            LOG.info('manila-api ready on %s', ', '.join(worker.cfg.settings['bind'].get()))


def _options():
    options = {
        'bind': [address(CONF.osapi_share_listen, CONF.osapi_share_listen_port)],
        'workers': CONF.osapi_share_workers,
        'worker_class': Worker,
        'threads': CONF.osapi_share_threads,
        'graceful_timeout': CONF.osapi_share_graceful_timeout,
        'timeout': _HANG_SECONDS,
        'keepalive': 75,
        'limit_request_line': _LINE_MAX,
        'preload_app': True,
        'proc_name': 'manila-api',
        'logger_class': Logger,
        'control_socket_disable': True,
    }
    if CONF.osapi_share_use_ssl:
        options.update(certfile=CONF.ssl.cert_file, keyfile=CONF.ssl.key_file, ca_certs=CONF.ssl.ca_file,
                       cert_reqs=ssl.CERT_REQUIRED if CONF.ssl.ca_file else ssl.CERT_NONE)
    return options


def address(host, port):
    """An address for the server to bind; where the machine has no IPv6, ``::`` becomes ``0.0.0.0``."""
    if host == '::' and not _has_ipv6():
        host = '0.0.0.0'
    return f'[{host}]:{port}' if ':' in host else f'{host}:{port}'


def _has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(('::', 0))
        return True
    except OSError:
        return False


def main():
    """Run manila-api until it is told to stop."""
    common.prepare()
    from manila.api import auth
    try:
        auth.refuse_passwords_in_the_clear(CONF.osapi_share_listen, tls=CONF.osapi_share_use_ssl)
    except ValueError as error:
        LOG.error('%s', error)
        return 1
    with shared.Directory():
        Server().run()
    return 0
