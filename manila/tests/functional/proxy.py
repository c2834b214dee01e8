"""A TCP proxy on the loopback address that can be cut: an outage for the services of one test only."""
import contextlib
import socket
import threading


class Proxy:
    """Passes connections on to one address.

    :param host: where to
    :param port: where to
    """

    def __init__(self, host, port):
        self._target = (host, port)
        self._lock = threading.Lock()
        self._open = set()
        self._listener = None
        self.port = 0

    def __enter__(self):
        self.heal()
        return self

    def __exit__(self, *exc_info):
        self.cut()

    def heal(self):
        """Take connections, on the same port as before; nothing changes if they are taken already."""
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.1', self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self):
        """Close all connections and refuse new ones until :meth:`heal`."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.drop()

    def drop(self):
        """Close all connections, as a server that is restarted does; new ones are taken at once."""
        with self._lock:
            doomed, self._open = self._open, set()
        for connection in doomed:
            _close(connection)

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target, 5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._lock:
                late = self._listener is not listener
                if not late:
                    self._open |= {client, server}
            if late:
                _close(client)
                _close(server)
                return
            for source, sink in ((client, server), (server, client)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with self._lock:
            self._open -= {source, sink}
        _close(source)
        _close(sink)


def _close(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
