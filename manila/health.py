"""How a process is: checks that say what is wrong, and their sum for load balancers and supervisors.

A check is a function that returns None, or the reason why it is not content. Its level says what that means:
``LIVE``: only a new process helps. ``READY``: the process cannot serve at present. ``DEGRADED``: it serves, but
somebody should look.
"""
import dataclasses
import json
import threading
import time
import typing

from oslo_log import log

from manila.db import session
from manila.jobs import bell
from manila.rpc import broker

LOG = log.getLogger(__name__)

LIVE, READY, DEGRADED = 'live', 'ready', 'degraded'

#: Seconds that a check may take, and for which its answer is good.
PATIENCE = 5
FRESH = 2
#: Seconds after which a message that waits for the broker is a reason to look.
STUCK = 5
_STATUS = {None: 'ok', DEGRADED: 'degraded', READY: 'not ready', LIVE: 'not alive'}


@dataclasses.dataclass(frozen=True)
class Check:
    """A check of one part of a process."""

    name: str
    level: str
    reason: typing.Callable


class Probe:
    """A check that may hang: done in a thread of its own, at most one at a time, its answer kept for a while.

    :param work: raises, or returns a reason, when something is wrong
    """

    def __init__(self, work, patience=PATIENCE, fresh=FRESH):
        self._work = work
        self._patience = patience
        self._fresh = fresh
        self._lock = threading.Lock()
        self._begun = 0
        self._done = None
        self._answer = None

    def __call__(self):
        with self._lock:
            now = time.monotonic()
            if self._done is None or self._done.is_set() and now - self._begun > self._fresh:
                self._begun, self._done = now, threading.Event()
                threading.Thread(target=self._run, args=(self._done,), name='probe', daemon=True).start()
            begun, done = self._begun, self._done
        if not done.wait(max(0, begun + self._patience - now)):
            return f'no answer for {time.monotonic() - begun:.0f} s'
        return self._answer

    def forget(self):
        """Ask anew next time."""
        with self._lock:
            self._done = None

    def _run(self, done):
        try:
            self._answer = self._work()
        except Exception as error:
            LOG.debug('A check failed', exc_info=error)
            # No text: it may name accounts and addresses.
            self._answer = type(error).__name__
        done.set()


def _reach_broker():
    if bell.stuck() > STUCK:
        return f'a message has waited for the broker for {bell.stuck():.0f} s; work is found by polling'
    if broker.in_memory() or not broker.unreachable(timeout=2):
        return None
    return 'no broker can be reached; work is found by polling'


#: The checks that every process needs. Without a broker the service works on, only slower.
database = Check('database', READY, Probe(session.ping))
messaging = Check('messaging', DEGRADED, Probe(_reach_broker, fresh=10))


def report(checks):
    """What all checks say: name -> (level, None or reason); one that fails itself is a reason too."""
    return {check.name: (check.level, _ask(check)) for check in checks}


def _ask(check):
    try:
        return check.reason()
    except Exception as error:
        LOG.exception('The check of %s failed', check.name)
        return type(error).__name__


def worst(found):
    """The worst level at which something is wrong in a :func:`report`; None when all is well."""
    wrong = {level for level, reason in found.values() if reason is not None}
    return next((level for level in (LIVE, READY, DEGRADED) if level in wrong), None)


def application(checks):
    """WSGI application: ``/`` answers 503 when the process cannot serve, ``/live`` when only a new one helps.

    :param checks: function that gives the checks of the moment
    """
    def answer(environ, start_response):
        found = report(checks())
        level = worst(found)
        failing = (LIVE,) if environ.get('PATH_INFO', '').rstrip('/') == '/live' else (LIVE, READY)
        status = '503 Service Unavailable' if level in failing else '200 OK'
        body, kind = _text(found, level), 'text/plain; charset=utf-8'
        if 'application/json' in environ.get('HTTP_ACCEPT', ''):
            body, kind = _json(found, level), 'application/json'
        body = body.encode()
        start_response(status, [('Content-Type', kind), ('Content-Length', str(len(body)))])
        return [] if environ['REQUEST_METHOD'] == 'HEAD' else [body]
    return answer


def _json(found, level):
    return json.dumps({'status': _STATUS[level], 'checks': {
        name: {'level': of, 'reason': reason} for name, (of, reason) in found.items()}})


def _text(found, level):
    lines = [f'{name}: {reason or "ok"}' for name, (_, reason) in found.items()]
    return '\n'.join([_STATUS[level], *lines]) + '\n'
