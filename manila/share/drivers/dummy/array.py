"""What exists on the dummy driver's storage.

A record is a dict of plain values, known by its kind ('share', 'snapshot', 'server', 'backup', ...) and id.
Records of shares have ``pool`` and ``size``, of which the used capacity is the sum.
"""
import collections
import json
import os
import sqlite3
import threading
import time

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    backend TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, pool TEXT, size REAL, record TEXT NOT NULL,
    PRIMARY KEY (backend, kind, id));
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, method TEXT NOT NULL, moment TEXT NOT NULL, delay REAL NOT NULL, error TEXT,
    times INTEGER, hold INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, backend TEXT NOT NULL, method TEXT NOT NULL, subject TEXT, pid INTEGER NOT NULL,
    started REAL NOT NULL, finished REAL, error TEXT);
"""


class MemoryArray:
    """Records that live as long as this process.

    The service remembers longer: what it names and this array does not know is taken for existing.
    """

    forgetful = True

    def __init__(self):
        self._records = collections.defaultdict(dict)
        self._used = collections.Counter()

    def get(self, kind, record_id):
        """The record, or None."""
        return self._records[kind].get(record_id)

    def put(self, kind, record_id, record):
        """Keep a record, in place of an earlier one."""
        self.remove(kind, record_id)
        self._records[kind][record_id] = {**record, 'counted': record.get('size', 0)}
        self._used[kind, record.get('pool')] += record.get('size', 0)

    def remove(self, kind, record_id):
        """Forget a record; returns it, or None."""
        record = self._records[kind].pop(record_id, None)
        if record is not None:
            self._used[kind, record.get('pool')] -= record['counted']
        return record

    def all(self, kind):
        """All records of a kind: dict by id."""
        return dict(self._records[kind])

    def used(self, pool):
        """GiB of the shares of a pool."""
        return self._used['share', pool]

    def sibling(self, backend):
        """The array of another back end, where it can be reached from here: not this one's."""
        return None


class StateFile:
    """A file with the arrays of any number of back ends, with a record of calls and with planned faults.

    Tests that run the service in other processes use it to see what exists and what is being done, and to
    plan what is to go wrong.
    """

    def __init__(self, path):
        self.path = path
        self._local = threading.local()
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        self.execute('PRAGMA journal_mode=WAL')
        self._connection().executescript(_SCHEMA)

    def _connection(self):
        if getattr(self._local, 'pid', None) != os.getpid():
            # Nothing here needs to survive a power failure.
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute('PRAGMA synchronous=OFF')
            self._local.connection, self._local.pid = connection, os.getpid()
        return self._local.connection

    def execute(self, statement, *values):
        """Run one SQL statement; it is durable when this returns."""
        return self._connection().execute(statement, values)

    def objects(self, kind, backend=None):
        """All records of a kind, of one or all back ends: dict by id."""
        rows = self.execute('SELECT id, record FROM objects '
                            'WHERE kind = ? AND backend = COALESCE(?, backend)', kind, backend)
        return {row['id']: json.loads(row['record']) for row in rows}

    def calls(self, method=None):
        """Calls of drivers so far, the oldest first: list of dicts; ``finished`` is None while one lasts."""
        rows = self.execute('SELECT * FROM calls WHERE method = COALESCE(?, method) ORDER BY id', method)
        return [dict(row) for row in rows]

    def wait_for_call(self, method, timeout=30.0, finished=False, number=1):
        """Wait until a method has been called, or has returned, ``number`` times; returns the last call.

        :raises TimeoutError: when that does not happen in time
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            calls = [call for call in self.calls(method) if call['finished'] or not finished]
            if len(calls) >= number:
                return calls[number - 1]
            time.sleep(0.01)
        raise TimeoutError(f'{method} was not called {number} times within {timeout} seconds')

    def plan(self, method, delay=0.0, error=None, times=None, moment='before', hold=False):
        """Plan a fault, see :class:`manila.share.drivers.dummy.faults.Fault`; returns its number."""
        return self.execute(
            'INSERT INTO faults (method, moment, delay, error, times, hold) VALUES (?, ?, ?, ?, ?, ?)',
            method, moment, delay, error, times, hold).lastrowid

    def lift(self, fault=None):
        """Take back a planned fault, or all; calls that are held go on."""
        self.execute('DELETE FROM faults WHERE id = COALESCE(?, id)', fault)

    def is_planned(self, fault):
        """Whether a fault has not been lifted."""
        return self.execute('SELECT 1 FROM faults WHERE id = ?', fault).fetchone() is not None

    def take_faults(self, method, moment):
        """The faults that are due now, as dicts; one with a number of times is due once less from now on."""
        due = []
        for row in self.execute('SELECT * FROM faults WHERE method = ? AND moment = ? ORDER BY id',
                                method, moment).fetchall():
            if row['times'] is None or self.execute(
                    'UPDATE faults SET times = times - 1 WHERE id = ? AND times > 0', row['id']).rowcount:
                due.append(dict(row))
        return due

    def begin_call(self, backend, method, subject):
        """Record that a call begins; returns its number."""
        return self.execute('INSERT INTO calls (backend, method, subject, pid, started) '
                            'VALUES (?, ?, ?, ?, ?)',
                            backend, method, subject, os.getpid(), time.time()).lastrowid

    def end_call(self, call, error):
        """Record that a call has ended, with an exception or None."""
        self.execute('UPDATE calls SET finished = ?, error = ? WHERE id = ?',
                     time.time(), None if error is None else repr(error), call)


class FileArray:
    """The records of one back end in a :class:`StateFile`. What is not there does not exist."""

    forgetful = False

    def __init__(self, state_file, backend):
        self.file = state_file
        self.backend = backend

    def get(self, kind, record_id):
        """The record, or None."""
        row = self.file.execute('SELECT record FROM objects WHERE backend = ? AND kind = ? AND id = ?',
                                self.backend, kind, record_id).fetchone()
        return row and json.loads(row['record'])

    def put(self, kind, record_id, record):
        """Keep a record, in place of an earlier one."""
        self.file.execute('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)', self.backend, kind,
                          record_id, record.get('pool'), record.get('size'), json.dumps(record))

    def remove(self, kind, record_id):
        """Forget a record; returns it, or None."""
        record = self.get(kind, record_id)
        self.file.execute('DELETE FROM objects WHERE backend = ? AND kind = ? AND id = ?',
                          self.backend, kind, record_id)
        return record

    def all(self, kind):
        """All records of a kind: dict by id."""
        return self.file.objects(kind, self.backend)

    def used(self, pool):
        """GiB of the shares of a pool."""
        return self.file.execute('SELECT TOTAL(size) FROM objects '
                                 "WHERE backend = ? AND kind = 'share' AND pool = ?",
                                 self.backend, pool).fetchone()[0]

    def sibling(self, backend):
        """The array of another back end that uses the same file."""
        return FileArray(self.file, backend)
