"""Notifications of the life of resources on the message bus, as ``[oslo_messaging_notifications]`` asks for them.

:func:`emit` never fails and never waits for the broker: what is to be sent goes through a queue to a thread. In a
transaction it takes effect with the commit. A process that dies, or a broker that is away for long, loses
notifications; work is never made to depend on them.
"""
import collections
import os
import threading

import oslo_messaging
from oslo_log import log

from manila.conf import CONF
from manila.db import session

LOG = log.getLogger(__name__)

#: Notifications that wait for the broker; what comes on top of them is dropped.
QUEUE_LIMIT = 10000
_SILENT = frozenset(['noop'])
_UNKNOWN = object()

_lock = threading.Lock()
_sender = _UNKNOWN      # None when nobody wants notifications
_inherited = None


class Sender:
    """Sends notifications from a thread of its own, in the order given."""

    def __init__(self, transport):
        self._transport = transport
        self._notifier = oslo_messaging.Notifier(transport)
        self._waiting = collections.deque()
        self._changed = threading.Condition()
        self._stopped = False
        self._lost = 0
        self._thread = threading.Thread(target=self._run, name='notifications', daemon=True)
        self._thread.start()

    def put(self, context, priority, publisher, event_type, payload):
        """Have a notification sent; returns at once."""
        with self._changed:
            if len(self._waiting) >= QUEUE_LIMIT:
                self._lost += 1
                if self._lost == 1:
                    LOG.error('%d notifications wait for the broker; from now on they are dropped', QUEUE_LIMIT)
                return
            self._waiting.append((context, priority, publisher, event_type, payload))
            self._changed.notify()

    def stop(self, patience):
        """Send what still waits, for so many seconds, and end."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(patience)
        lost = len(self._waiting) + self._lost
        if self._thread.is_alive() or lost:
            LOG.error('About %d notifications could not be sent', max(lost, 1))
            return
        self._transport.cleanup()

    def _run(self):
        while True:
            with self._changed:
                while not self._waiting and not self._stopped:
                    self._changed.wait()
                if not self._waiting:
                    return
                item = self._waiting.popleft()
                if self._lost and len(self._waiting) < QUEUE_LIMIT // 2:
                    LOG.error('%d notifications were dropped while the broker was away', self._lost)
                    self._lost = 0
            self._send(*item)

    def _send(self, context, priority, publisher, event_type, payload):
        try:
            getattr(self._notifier.prepare(publisher_id=publisher), priority)(context, event_type, payload)
        except Exception as error:
            LOG.error('Notification %s could not be sent: %s', event_type, error)


def _current():
    """The sender of this process, made at first use; None when no driver is configured."""
    global _sender
    if _sender is _UNKNOWN:
        with _lock:
            if _sender is _UNKNOWN:
                _sender = _make()
    return _sender


def _make():
    try:
        # Registers the options, too; a connection is made when something is sent.
        transport = oslo_messaging.get_notification_transport(CONF)
        if set(CONF.oslo_messaging_notifications.driver) <= _SILENT:
            return None
        return Sender(transport)
    except Exception as error:
        LOG.error('Notifications cannot be sent: %s', error)
        return None


def enabled():
    """Whether anybody wants notifications; costs next to nothing."""
    return _current() is not None


def emit(context, event_type, payload, service='api', host=None, priority='info'):
    """Send a notification; in a transaction, once that is committed.

    :param payload: a dict of plain values, or a function without arguments that gives one and is called at once,
        but only when somebody wants notifications; it must not use the database
    :param service: what kind of process the resource is worked on by: ``api``, ``scheduler`` or ``share``
    :param host: where; by default this node
    :param priority: ``info``, ``warn`` or ``error``
    """
    sender = _current()
    if sender is None:
        return
    publisher = f'{service}.{host or CONF.host}'
    try:
        values = payload() if callable(payload) else payload
    except Exception:
        LOG.exception('Notification %s could not be put together', event_type)
        return

    def send():
        sender.put(context, priority, publisher, event_type, values)
    if context.transaction is None:
        send()
    else:
        session.after_commit(context, send)


def stop(patience=2):
    """Send what still waits, for so many seconds, and close the connection; later notifications open a new one."""
    global _sender
    with _lock:
        sender, _sender = _sender, _UNKNOWN
    if sender not in (None, _UNKNOWN):
        sender.stop(patience)


def _forget():
    # Thread and connection are the parent's.
    global _inherited, _sender, _lock
    _inherited, _sender, _lock = _sender, _UNKNOWN, threading.Lock()


os.register_at_fork(after_in_child=_forget)
