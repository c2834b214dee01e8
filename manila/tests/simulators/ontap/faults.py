"""Faults that tests inject: which calls they hit, how often, and what happens then."""

import dataclasses
import itertools
import random
import re
import threading

MATCH = ('transport', 'method', 'path', 'api', 'svm', 'user', 'cluster')
ACTIONS = ('latency', 'jitter', 'hang', 'drop', 'status', 'error', 'zapi_error', 'body', 'when', 'retry_after',
           'truncate', 'record_failure')
BODIES = {
    'html': ('text/html', b'<html><body><h1>Service unavailable</h1></body></html>'),
    'empty': ('application/json', b''),
    'malformed': ('text/xml', b'<?xml version="1.0"?><netapp><results status='),
    'not_json': ('application/hal+json', b'this is no JSON'),
}


@dataclasses.dataclass
class Fault:
    """One fault.

    `match`: transport (rest, zapi), method, path or api (regular expressions, searched), svm, user, cluster.
    `action`: latency and jitter in seconds, hang (seconds), drop (before, after), status (HTTP) with retry_after
    and body (html, empty, malformed, not_json), error {code, message, status}, zapi_error {errno, reason},
    truncate (bytes kept), record_failure {errno, reason} for one record of a ZAPI modify;
    when: 'before' (default) or 'after' the call has had its effect.
    `count`: how often it still applies, None for ever; `skip`: how many matching calls pass first.
    """

    id: int
    match: dict
    action: dict
    count: int = None
    skip: int = 0
    probability: float = 1.0
    hits: int = 0

    @property
    def after(self):
        return self.action.get('when') == 'after' or self.action.get('drop') == 'after'


class Faults:
    """The faults that are set. The first that matches a call applies to it; latencies add to it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._faults = []
        self._random = random.Random(0)

    def add(self, match=None, action=None, count=None, skip=0, probability=1.0):
        """Set a fault. :raises ValueError: for a key that means nothing."""
        match, action = dict(match or {}), dict(action or {})
        count, skip = match.pop('count', count), match.pop('skip', skip)
        probability = match.pop('probability', probability)
        unknown = (set(match) - set(MATCH)) | (set(action) - set(ACTIONS))
        if unknown:
            raise ValueError('Unknown in a fault: %s' % ', '.join(sorted(unknown)))
        for key in ('path', 'api'):
            if key in match:
                re.compile(match[key])
        with self._lock:
            fault = Fault(next(self._numbers), match, action, count, skip, probability)
            self._faults.append(fault)
            return fault

    def list(self):
        with self._lock:
            return list(self._faults)

    def remove(self, number=None):
        """Take one fault, or all, away."""
        with self._lock:
            self._faults = [f for f in self._faults if number is not None and f.id != number]

    def choose(self, **call):
        """The fault for a call, or None. A fault of nothing but latency is joined with the next one."""
        with self._lock:
            chosen, latency = None, 0.0
            for fault in self._faults:
                if not self._applies(fault, call):
                    continue
                fault.hits += 1
                latency += fault.action.get('latency', 0) + self._random.random() * fault.action.get('jitter', 0)
                if set(fault.action) - {'latency', 'jitter', 'when'}:
                    chosen = fault
                    break
            return chosen, latency

    def _applies(self, fault, call):
        for key, wanted in fault.match.items():
            value = call.get(key) or ''
            if key in ('path', 'api'):
                if not re.search(wanted, value):
                    return False
            elif value != wanted:
                return False
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if fault.count is not None:
            if fault.count <= 0:
                return False
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        if fault.count is not None:
            fault.count -= 1
        return True
