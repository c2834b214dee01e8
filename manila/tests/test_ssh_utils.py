import os
import socket
import threading

import paramiko
import pytest
from oslo_concurrency import processutils

from manila import exception, ssh_utils


class Account(paramiko.ServerInterface):
    """Lets one user in, with the password 'right', and answers each command with its own text."""

    def check_auth_password(self, username, password):
        return paramiko.AUTH_SUCCESSFUL if (username, password) == ('user', 'right') else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username):
        return 'password'

    def check_channel_request(self, kind, channel_id):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        def answer():
            channel.sendall(command)
            channel.send_exit_status(0)
            channel.shutdown_write()    # a close could overtake our consent, which is sent once this method returns
        threading.Thread(target=answer, daemon=True).start()
        return True


class Server:
    """An SSH server on loopback that knows its connections."""

    def __init__(self):
        self.key = paramiko.ECDSAKey.generate()
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]
        self.transports = []
        self.closing = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            connection, _address = self.socket.accept()
            if self.closing:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            self.transports.append(transport)
            transport.start_server(server=Account(), event=threading.Event())

    def close(self):
        self.closing = True
        socket.create_connection(('127.0.0.1', self.port)).close()
        self.thread.join()
        self.socket.close()
        for transport in self.transports:
            transport.close()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture
def pool(server, tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    os.makedirs(tmp_path / '.ssh')
    return ssh_utils.SSHPool('127.0.0.1', server.port, 10, 'user', password='right', min_size=1, max_size=2)


def test_commands_run_over_a_borrowed_connection(pool):
    with pool.item() as ssh:
        assert processutils.ssh_execute(ssh, 'show volumes')[0] == 'show volumes'


def test_connections_are_used_again(pool, server):
    for _number in range(3):
        with pool.item():
            pass
    assert len(server.transports) == 1


def test_no_more_connections_are_made_than_allowed(pool):
    first, second = pool.get(), pool.get()
    got = []
    waiting = threading.Thread(target=lambda: got.append(pool.get()), daemon=True)
    waiting.start()
    assert pool.current_size == 2
    pool.put(first)
    waiting.join(10)
    assert got == [first]
    pool.put(second)


def test_who_waits_opens_a_connection_when_a_broken_one_is_removed(pool):
    first, second = pool.get(), pool.get()
    got = []
    waiting = threading.Thread(target=lambda: got.append(pool.get()), daemon=True)
    waiting.start()
    pool.remove(first)
    waiting.join(10)
    assert len(got) == 1
    assert got[0] not in (first, second)


def test_a_connection_that_broke_is_replaced(pool):
    with pool.item() as ssh:
        ssh.close()
    with pool.item() as other:
        assert other.get_transport().is_active()


def test_a_wrong_password_is_told(server, tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    pool = ssh_utils.SSHPool('127.0.0.1', server.port, 10, 'user', password='wrong', min_size=1)
    with pytest.raises(exception.SSHException) as caught:
        pool.get()
    assert 'wrong' not in str(caught.value)
    assert pool.current_size == 0


def test_password_or_key_is_needed(server):
    with pytest.raises(exception.SSHException, match='password or a private key'):
        ssh_utils.SSHPool('127.0.0.1', server.port, 10, 'user', min_size=0).get()
