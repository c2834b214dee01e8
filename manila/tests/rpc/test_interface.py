"""RPC interfaces on the transport inside this process."""
import threading
import time

import pytest

from manila import rpc
from manila.jobs import bell
from manila.rpc import interface, workers


@pytest.fixture(autouse=True)
def transport(conf):
    """A transport of the test's own."""
    conf.config(transport_url=rpc.IN_MEMORY)
    rpc.cleanup()
    yield
    rpc.cleanup()


class Greeter(interface.Interface):
    topic = 'share_topic'

    @interface.cast
    def tell(self, word):
        """Say something."""

    @interface.call
    def ask(self, word):
        """Ask something."""


@pytest.fixture
def serve():
    """Start a server that is stopped in the end."""
    started = []

    def serve(kind, name, **handlers):
        started.append(kind.server(name, **handlers))
        started[-1].start()
    yield serve
    for server in started:
        server.stop()


def test_cast_is_carried_out_and_call_answered(serve):
    heard = []
    told = threading.Event()

    def tell(word):
        heard.append(word)
        told.set()
    serve(Greeter, 'here', tell=tell, ask=lambda word: word.upper())
    Greeter.client('here').tell(word='hello')
    assert told.wait(10) and heard == ['hello']
    assert Greeter.client('here').ask(word='why') == 'WHY'


def test_server_needs_a_handler_for_each_method():
    with pytest.raises(TypeError, match='ask'):
        Greeter.server('here', tell=print)
    with pytest.raises(TypeError, match='other'):
        Greeter.server('here', tell=print, ask=print, other=print)


def test_clients_are_made_anew_on_a_new_transport():
    first = Greeter.client('here')
    assert Greeter.client('here') is first
    assert Greeter.client('there') is not first
    rpc.cleanup()
    assert Greeter.client('here') is not first


def test_bell_reaches_workers_of_other_processes(serve):
    woken = {'scheduler': threading.Event(), 'share': threading.Event()}
    serve(workers.SchedulerRPC, 'node', wake=woken['scheduler'].set)
    serve(workers.ShareRPC, 'node@alpha', wake=woken['share'].set)
    workers.connect()
    try:
        bell.ring('scheduler')
        bell.ring('share:node@alpha')
        assert all(event.wait(10) for event in woken.values())
    finally:
        workers.disconnect()


class Absent:
    """What a server does while the broker is away."""

    def __init__(self):
        self.gate = threading.Event()

    def start(self):
        self.gate.wait()

    stop = wait = start


def test_broker_that_is_away_holds_nothing_up():
    server = interface.Server(Absent())
    begin = time.monotonic()
    server.start(patience=0.05)
    server.stop(patience=0.05)
    assert time.monotonic() - begin < 5
