"""The world of one simulator process: its clusters, its clock and what is due when."""

import heapq
import itertools
import threading

from manila.tests.simulators.ontap import clock as sim_clock
from manila.tests.simulators.ontap.model.base import OPERATIONS


class World:
    """Clusters under one lock. State changes only while the lock is held.

    Nothing runs in the background: `settle` carries out, in order of time, what has become due, and is called
    before every request and after every move of the clock.
    """

    def __init__(self, clock=None):
        self.clock = clock or sim_clock.Clock()
        self.clusters = []
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._agenda = []
        self._order = itertools.count()
        self._at = None

    def now(self):
        """Simulated time; while something due is carried out, the time at which it was due."""
        return self.clock.now() if self._at is None else self._at

    def after(self, seconds, name, /, **arguments):
        """Run operation `name` with `arguments` when `seconds` have passed."""
        heapq.heappush(self._agenda, (self.now() + seconds, next(self._order), name, arguments))

    def settle(self):
        """Carry out everything that is due by now."""
        with self.lock:
            while self._agenda and self._agenda[0][0] <= self.clock.now():
                due, _, name, arguments = heapq.heappop(self._agenda)
                self._at = due
                try:
                    OPERATIONS[name](**arguments)
                finally:
                    self._at = None
            self.changed.notify_all()

    def next_due(self):
        """Real seconds until something is due, None when nothing is or the clock stands still."""
        with self.lock:
            if not self._agenda or not self.clock.speed:
                return None
            return max(0.0, (self._agenda[0][0] - self.clock.now()) / self.clock.speed)

    def advance(self, seconds):
        """Move the clock and carry out what became due."""
        with self.lock:
            self.clock.advance(seconds)
            self.settle()

    def agenda(self):
        """What is planned, soonest first: (time, name, arguments)."""
        return [(due, name, arguments) for due, _, name, arguments in sorted(self._agenda, key=lambda e: e[:2])]

    def restore(self, clusters, agenda, now):
        """Replace the whole state by an earlier one."""
        with self.lock:
            self.clusters = clusters
            self._agenda = []
            for due, name, arguments in agenda:
                heapq.heappush(self._agenda, (due - now + self.clock.now(), next(self._order), name, arguments))
            self.settle()

    def cluster(self, name):
        """The cluster of that name, or None."""
        return next((c for c in self.clusters if c.name == name), None)
