"""The HTTP servers of a simulator: a thread per connection, TLS, and full say over what leaves the socket."""

import http.server
import socket
import socketserver
import ssl
import threading

from manila.tests.simulators.ontap import calllog, control, faults, front, tls, topology
from manila.tests.simulators.ontap.model import codec

LOCAL = '127.0.0.1'


class Simulator:
    """One process's simulated clusters and their addresses.

    :param description: a topology (see `topology`): a dict or the name of a seed.
    Use as a context manager, or call `start` and `stop`.
    """

    def __init__(self, description='single'):
        self.description = topology.resolve(description)
        self.world = topology.build(self.description)
        self.faults = faults.Faults()
        self.log = calllog.CallLog()
        self.authority = tls.Authority(self.description.get('tls', {}).get('directory'))
        self.control = control.Control(self)
        self.endpoints = {}
        self._servers = []
        self._seed = self.dump()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        for part in self.description['clusters']:
            where = part.get('management', {})
            self._listen(part['name'], front.FrontDoor(self, part['name']), where, part)
            for svm in part.get('svms', ()):
                if 'management' in svm:
                    door = front.FrontDoor(self, part['name'], svm['name'])
                    self._listen('%s/%s' % (part['name'], svm['name']), door, svm['management'] or {}, part)
        self._listen('control', self.control, self.description.get('control', {}), {'tls': {'enabled': False}})
        return self

    def _listen(self, name, door, where, part):
        options = dict(self.description.get('tls', {}), **part.get('tls', {}))
        host = where.get('address', LOCAL)
        context = None
        if options.get('enabled', True):
            hosts = ['wrong.example.test'] if options.get('wrong_host') else [
                host, 'localhost', LOCAL, '::1', *options.get('hosts', ())]
            context = self.authority.server_context(sorted(set(hosts)), options.get('expired', False))
        server = _Server((host, int(where.get('port', 0))), door, context)
        self._servers.append(server)
        self.endpoints[name] = server.server_address[:2]
        threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True,
                         name='ontap-sim-%s' % name).start()

    def stop(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()
        self.authority.close()

    def address(self, cluster=None, svm=None):
        """(host, port) of a cluster's management address, by default the first one's, or of an SVM's."""
        cluster = cluster or self.description['clusters'][0]['name']
        return self.endpoints['%s/%s' % (cluster, svm) if svm else cluster]

    @property
    def ca_path(self):
        return self.authority.path

    # --- state ----------------------------------------------------------------------------------------------
    def dump(self):
        """The whole state as plain JSON data."""
        with self.world.lock:
            self.world.settle()
            return codec.dump([self.world.clusters, self.world.agenda(), self.world.clock.now()])

    def load(self, data):
        """Put a dumped state back."""
        clusters, agenda, now = codec.load(data, {'world': self.world})
        self.world.restore(clusters, agenda, now)

    def reset(self):
        """The state right after the start; faults and log are cleared."""
        self.load(self._seed)
        self.faults.remove()
        self.log.clear()


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 512
    block_on_close = False

    def __init__(self, address, door, context):
        self.address_family = socket.AF_INET6 if ':' in address[0] else socket.AF_INET
        self.door = door
        self.context = context
        super().__init__(address, _Handler)

    def finish_request(self, request, client_address):
        """The handshake is made in the connection's own thread, so that a slow client holds nobody up."""
        if self.context is not None:
            request.settimeout(30)
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):
                return
        try:
            super().finish_request(request, client_address)
        finally:
            request.close()

    def handle_error(self, request, client_address):
        """Clients may leave at any time; nothing to say about that."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version = 'libzapid-httpd'
    sys_version = ''
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120

    def _handle(self):
        length = int(self.headers.get('Content-Length') or 0)
        certificate = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        request = front.Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()},
                                self.rfile.read(length) if length else b'', tls.common_name_of(certificate))
        try:
            response = self.server.door.serve(request)
        except front.Drop:
            self._cut()
            return
        self._send(response)

    do_GET = do_POST = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_PUT = _handle

    def _send(self, response):
        self.send_response(response.status)
        self.send_header('Content-Type', response.content_type)
        self.send_header('Content-Length', str(len(response.body)))
        self.send_header('Cache-Control', 'no-cache,no-store,must-revalidate')
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        body = b'' if self.command == 'HEAD' else response.body
        if response.keep is not None:
            self.wfile.write(body[:response.keep])
            self._cut()
            return
        self.wfile.write(body)

    def _cut(self):
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def log_message(self, template, *args):
        """Calls are kept in the call log instead."""
