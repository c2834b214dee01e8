"""The tool the outage tests rely on."""
import contextlib
import socket
import threading

import pytest

from manila.tests.functional.proxy import Proxy


@pytest.fixture
def echo():
    """Port of a server that sends back what it gets."""
    with socket.create_server(('127.0.0.1', 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection):
            with contextlib.suppress(OSError), connection:
                while data := connection.recv(100):
                    connection.sendall(data)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def test_what_is_sent_comes_back_through_the_proxy(echo):
    with Proxy('127.0.0.1', echo) as proxy, socket.create_connection(('127.0.0.1', proxy.port), 5) as client:
        client.sendall(b'hello')
        assert client.recv(100) == b'hello'


def test_a_cut_ends_connections_and_refuses_new_ones_until_it_is_healed(echo):
    with Proxy('127.0.0.1', echo) as proxy:
        client = socket.create_connection(('127.0.0.1', proxy.port), 5)
        client.sendall(b'hello')
        assert client.recv(100) == b'hello'
        proxy.cut()
        with contextlib.suppress(ConnectionError):
            assert client.recv(100) == b''
        with pytest.raises(OSError):
            socket.create_connection(('127.0.0.1', proxy.port), 5)
        proxy.heal()
        with socket.create_connection(('127.0.0.1', proxy.port), 5) as again:
            again.sendall(b'back')
            assert again.recv(100) == b'back'


def test_dropped_connections_may_come_back_at_once(echo):
    with Proxy('127.0.0.1', echo) as proxy:
        client = socket.create_connection(('127.0.0.1', proxy.port), 5)
        client.sendall(b'hello')
        client.recv(100)
        proxy.drop()
        with contextlib.suppress(ConnectionError):
            assert client.recv(100) == b''
        with socket.create_connection(('127.0.0.1', proxy.port), 5) as again:
            again.sendall(b'back')
            assert again.recv(100) == b'back'
