"""RPC interfaces: a class of signatures from which client and server are made.

What has an outcome is a job, so hardly more is sent than wake-ups::

    class Worker(Interface):
        topic = 'share_topic'

        @cast
        def wake(self):
            "Look for jobs now."

    Worker.client('host@backend').wake()
    server = Worker.server('host@backend', wake=worker.wake)
"""
import functools
import threading

import oslo_messaging

from manila import rpc
from manila.conf import CONF

VERSION = '2.0'


def cast(function):
    """Decorator: a method that is sent and not waited for."""
    function.send = 'cast'
    return function


def call(function):
    """Decorator: a method whose answer is waited for."""
    function.send = 'call'
    return function


class Interface:
    """The base of RPC interfaces; ``topic`` names the option that holds the messaging topic."""

    topic = None

    @classmethod
    def methods(cls):
        """The names of the methods and how each is sent."""
        return {name: member.send for name, member in vars(cls).items() if hasattr(member, 'send')}

    @classmethod
    def client(cls, server=None):
        """An object with the methods of the interface, which sends them to a server or to any of the topic."""
        return _client(cls, server)

    @classmethod
    def server(cls, server, **handlers):
        """A server that carries the methods out by the given functions."""
        unknown = set(cls.methods()) ^ set(handlers)
        if unknown:
            raise TypeError(f'handlers and methods of {cls.__name__} differ: {", ".join(sorted(unknown))}')
        endpoint = type('Endpoint', (), {
            'target': oslo_messaging.Target(version=VERSION),
            **{name: _handler(function) for name, function in handlers.items()}})()
        target = oslo_messaging.Target(topic=getattr(CONF, cls.topic), server=server, version=VERSION)
        return Server(rpc.get_server(target, [endpoint]))


class Server:
    """A server whose owner waits neither long to start nor long to stop it, even if the broker is away."""

    def __init__(self, server):
        self._server = server

    def start(self, patience=5):
        """Listen from now on, or, when that takes longer than ``patience`` seconds, once the broker is there."""
        self._in_background(self._server.start, patience)

    def stop(self, patience=2):
        """Listen no longer, and let what is being carried out end."""
        self._in_background(self._end, patience)

    def _end(self):
        self._server.stop()
        self._server.wait()

    def _in_background(self, function, patience):
        thread = threading.Thread(target=function, name='rpc-server', daemon=True)
        thread.start()
        thread.join(patience)


def _handler(function):
    return lambda self, context, **kwargs: function(**kwargs)


class _Client:
    def __init__(self, interface, server):
        target = oslo_messaging.Target(topic=getattr(CONF, interface.topic), server=server, version=VERSION)
        rpc_client = rpc.get_client(target)
        for name, send in interface.methods().items():
            setattr(self, name, functools.partial(getattr(rpc_client, send), {}, name))


_clients = {}
_transport = None   # the one that the clients use


def _client(interface, server):
    global _clients, _transport
    if _transport is not rpc.init():
        # It was closed, or belongs to the process that this one was forked from.
        _transport, _clients = rpc.init(), {}
    key = interface, server, getattr(CONF, interface.topic)
    if key not in _clients:
        _clients[key] = _Client(interface, server)
    return _clients[key]
