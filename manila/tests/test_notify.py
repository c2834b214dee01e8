"""Notifications: what is sent, when, and that nothing ever depends on it."""
import threading

import oslo_messaging
import pytest
from oslo_messaging.notify import _impl_test

from manila import notify
from manila.db import session

PAYLOAD = {'share_id': 'one', 'size': 3}


@pytest.fixture
def wanted(conf):
    """Function that gives what was sent, to a driver for tests: publisher, type, payload, priority of each."""
    oslo_messaging.get_notification_transport(conf.conf, 'fake:/')
    notify.stop()
    _impl_test.reset()
    conf.config(group='oslo_messaging_notifications', driver=['test'], transport_url='fake:/')

    def sent():
        notify.stop(patience=30)
        return [(message['publisher_id'], message['event_type'], message['payload'], priority)
                for _, message, priority, _ in _impl_test.NOTIFICATIONS]
    yield sent
    notify.stop()
    _impl_test.reset()


@pytest.fixture
def driver(monkeypatch):
    """Function that replaces what the driver does with a notification."""
    return lambda function: monkeypatch.setattr(_impl_test.TestDriver, 'notify', function)


def test_publisher_names_service_and_host(wanted, context, conf):
    conf.config(host='node')
    notify.emit(context, 'share.create.start', PAYLOAD, service='share', host='node@alpha')
    notify.emit(context, 'share_type.create', PAYLOAD)
    notify.emit(context, 'scheduler.extend_share', PAYLOAD, service='scheduler', priority='error')
    assert wanted() == [('share.node@alpha', 'share.create.start', PAYLOAD, 'INFO'),
                        ('api.node', 'share_type.create', PAYLOAD, 'INFO'),
                        ('scheduler.node', 'scheduler.extend_share', PAYLOAD, 'ERROR')]


def test_in_a_transaction_it_is_sent_with_the_commit(database, wanted, context):
    with session.writer(context):
        notify.emit(context, 'share.create.start', PAYLOAD)
        assert not _impl_test.NOTIFICATIONS
    assert len(wanted()) == 1


def test_nothing_is_sent_of_a_transaction_that_is_undone(database, wanted, context):
    with pytest.raises(ZeroDivisionError), session.writer(context):
        notify.emit(context, 'share.create.start', PAYLOAD)
        raise ZeroDivisionError
    assert wanted() == []


@pytest.mark.parametrize('drivers', [[], ['noop']])
def test_without_a_driver_nothing_is_done_for_it(drivers, conf, context, wanted, monkeypatch):
    conf.config(group='oslo_messaging_notifications', driver=drivers)
    monkeypatch.setattr(notify, 'Sender', None)

    def payload():
        raise AssertionError('nobody wants it')
    notify.emit(context, 'share.create.start', payload)
    assert not notify.enabled()


def test_driver_that_fails_is_only_logged(wanted, context, driver, caplog):
    def fail(self, *args):
        raise RuntimeError('no way')
    driver(fail)
    notify.emit(context, 'share.create.start', PAYLOAD)
    wanted()
    assert 'no way' in caplog.text


def test_payload_that_cannot_be_made_is_only_logged(wanted, context, caplog):
    notify.emit(context, 'share.create.start', lambda: {}['missing'])
    assert wanted() == []
    assert 'share.create.start could not be put together' in caplog.text


def test_transport_that_cannot_be_made_is_only_logged(wanted, conf, context, caplog):
    conf.config(group='oslo_messaging_notifications', transport_url='unheard-of://')
    notify.emit(context, 'share.create.start', PAYLOAD)
    assert 'Notifications cannot be sent' in caplog.text


def test_broker_that_is_away_holds_nobody_up_and_what_is_too_much_is_dropped(wanted, context, driver, monkeypatch,
                                                                           caplog):
    away, taken = threading.Event(), []

    def wait(self, context, message, *args):
        away.wait(30)
        taken.append(message['event_type'])
    driver(wait)
    monkeypatch.setattr(notify, 'QUEUE_LIMIT', 3)
    for number in range(10):
        notify.emit(context, f'event.{number}', PAYLOAD)
    away.set()
    notify.stop(patience=30)
    assert 3 <= len(taken) <= 4 and taken[0] == 'event.0'
    assert 'from now on they are dropped' in caplog.text


def test_end_of_the_process_does_not_wait_for_a_broker_that_is_away(wanted, context, driver, caplog):
    away = threading.Event()
    driver(lambda self, *args: away.wait(60))
    notify.emit(context, 'event.0', PAYLOAD)
    notify.stop(patience=0.05)
    assert 'could not be sent' in caplog.text
    away.set()
