"""Who is in charge of a back end, and since when it is up."""
import threading

import pytest

from manila.jobs import worker
from manila.resources.services import store as services
from manila.rpc import interface
from manila.share import service
from manila.tests.fixtures.backends import Driver
from manila.tests.fixtures.roles import wait_until

HOST = 'node@alpha'


class Fake(Driver):
    """A driver whose preparation can be held or fail."""

    safe_for_several_workers = False

    def __init__(self, **answers):
        super().__init__(get_backend_info=NotImplementedError, ensure_shares=NotImplementedError,
                         ensure_share=NotImplementedError, get_share_stats={'pools': []}, **answers)
        self.prepared = threading.Event()

    def do_setup(self, context):
        self.prepared.set()
        answer = self.answers.get('do_setup')
        if answer:
            answer()


@pytest.fixture
def keep(database, conf, monkeypatch):
    """Make keepers of one back end, stopped in the end."""
    monkeypatch.setattr(interface.Server, 'start', lambda self: None)
    monkeypatch.setattr(interface.Server, 'stop', lambda self: None)
    monkeypatch.setattr(service, 'SET_UP_PAUSE', 0.05)
    conf.config(host='node', transport_url='fake:/', report_interval=1, service_down_time=60)
    conf.config(group='jobs', stop_timeout=1)
    made = []

    def keep(start=True, **answers):
        keeper = service.Keeper('alpha')
        keeper.backend.driver = Fake(**answers)
        made.append(keeper)
        if start:
            keeper.start()
        return keeper
    yield keep
    for keeper in made:
        keeper.begin_stop()
    for keeper in made:
        if keeper._thread.is_alive():
            keeper.stop()


def row(context):
    return next(iter(services.find(context, host=HOST)), None)


def test_back_end_is_up_once_it_is_ready_and_down_once_it_is_stopped(keep, context):
    gate = threading.Event()
    keeper = keep(do_setup=gate.wait)
    keeper.backend.driver.prepared.wait(10)
    assert (row(context)['up'], row(context)['owner']) == (False, keeper.owner)
    gate.set()
    assert keeper.wait_ready(10)
    assert row(context)['up']
    keeper.stop()
    assert (row(context)['up'], row(context)['owner']) == (False, None)
    assert not keeper.backend.ready


def test_preparation_is_tried_until_it_succeeds(keep, context):
    failures = iter([RuntimeError('one'), RuntimeError('two')])

    def fail():
        for failure in failures:
            raise failure
    keeper = keep(do_setup=fail)
    assert keeper._tried.wait(10)
    wait_until(lambda: row(context)['up'])
    assert keeper.backend.ready


def test_back_end_that_is_not_ready_stays_down_but_in_charge(keep, context):
    def fail():
        raise RuntimeError('the array is switched off')
    keeper = keep(do_setup=fail)
    assert not keeper.wait_ready(10)
    wait_until(lambda: keeper.backend.problem == 'the array is switched off')
    assert (row(context)['up'], row(context)['owner']) == (False, keeper.owner)


def test_stand_by_takes_over_when_the_first_has_stopped(keep, context):
    first = keep()
    assert first.wait_ready(10)
    second = keep()
    assert not second.wait_ready(10)
    assert row(context)['owner'] == first.owner
    first.stop()
    wait_until(lambda: second.backend.ready and row(context)['up'])
    assert row(context)['owner'] == second.owner


def test_process_that_has_lost_the_back_end_leaves_it(keep, context):
    first = keep()
    assert first.wait_ready(10)
    services.own(context, row(context)['id'], 'another', 60, force=True)
    wait_until(lambda: not first.backend.ready)
    assert 'another process' in first.backend.problem
    assert row(context)['owner'] == 'another'
    services.disown(context, row(context)['id'], 'another')
    wait_until(lambda: first.backend.ready)
    assert row(context)['owner'] == first.owner


def test_back_end_of_a_process_that_is_gone_is_taken_over_at_once(keep, context):
    keeper = keep(start=False)
    service_id = services.register(context, HOST, 'manila-share', 'topic', None)['id']
    gone = f'{worker._machine()}/4194304/1/x'
    assert services.own(context, service_id, gone, 3600)
    keeper.start()
    assert keeper.wait_ready(10)
    assert row(context)['owner'] == keeper.owner


def test_stop_does_not_wait_for_a_preparation_that_does_not_end(keep):
    gate = threading.Event()
    keeper = keep(do_setup=gate.wait)
    keeper.backend.driver.prepared.wait(10)
    stopping = threading.Thread(target=keeper.stop)
    stopping.start()
    stopping.join(8)
    assert not stopping.is_alive()
    gate.set()


def test_lease_is_renewed_while_the_driver_prepares(keep, context, conf):
    conf.config(service_down_time=2)
    gate = threading.Event()
    first = keep(do_setup=gate.wait)
    first.backend.driver.prepared.wait(10)
    before = row(context)['lease_until']
    wait_until(lambda: row(context)['lease_until'] > before)
    gate.set()
    assert first.wait_ready(10)
