"""The log of calls a simulator has answered, without secrets, and counters per operation."""

import collections
import dataclasses
import re
import threading

SECRET = re.compile(r'("[^"]*(?:password|passphrase|secret)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
SECRET_XML = re.compile(r'(<([\w-]*(?:password|passphrase|secret)[\w-]*)[^>]*>)[^<]*(</\2>)', re.IGNORECASE)
KEPT = 20000


@dataclasses.dataclass
class Entry:
    """One call. `operation` is 'GET /storage/volumes/*' for REST, the name of the call for ZAPI."""

    number: int
    time: float
    cluster: str
    transport: str
    user: str
    operation: str
    method: str
    path: str
    svm: str = None
    query: str = ''
    request: str = ''
    status: int = None
    response: str = ''
    seconds: float = None    # while it goes on
    fault: str = None


class CallLog:
    """Entries in the order of arrival; the oldest are dropped beyond a limit."""

    def __init__(self):
        self._lock = threading.Lock()
        self._entries = collections.deque(maxlen=KEPT)
        self._number = 0

    def add(self, **values):
        with self._lock:
            self._number += 1
            values['request'] = redact(values.get('request', ''))
            entry = Entry(self._number, **values)
            self._entries.append(entry)
            return entry

    def entries(self, **wanted):
        """Entries whose attributes equal all of `wanted`."""
        with self._lock:
            found = list(self._entries)
        return [e for e in found if all(getattr(e, k) == v for k, v in wanted.items())]

    def counters(self):
        """How often each operation was called."""
        return dict(collections.Counter(e.operation for e in self.entries()))

    def clear(self):
        with self._lock:
            self._entries.clear()


def redact(text):
    """The text without passwords and secrets, JSON or XML."""
    return SECRET_XML.sub(r'\1***\3', SECRET.sub(r'\1"***"', text))


def operation_of(method, path):
    """A REST operation with what identifies objects taken out, to be counted."""
    parts = []
    for part in path.split('/'):
        is_key = re.fullmatch(r'[0-9a-f]{8}-[0-9a-f-]{27}|\d+', part)
        parts.append('*' if is_key else part)
    return '%s %s' % (method, '/'.join(parts))
