"""Server processes that the export host keeps running."""
import logging
import os
import signal
import subprocess
import time

LOG = logging.getLogger(__name__)

_SETTLED = 10           # seconds after which a server's start counts as good
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5
_LARGEST_LOG = 10 * 1024 * 1024


class Server:
    """One process, started again by its keeper when it dies; only that keeper's single thread may use it."""

    def __init__(self, name, command, log, environment=None):
        self.name, self.command = name, command
        self._log, self._environment = log, environment or {}
        self._process, self._started, self._pause = None, 0, 0
        self.not_before = 0
        self.starts = 0

    @property
    def pid(self):
        """Process number in this namespace, None while it does not run."""
        return self._process.pid if self._process else None

    def start(self):
        """Start it; what it prints goes to its log."""
        _rotate(self._log)
        with open(self._log, 'ab') as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, **self._environment})
        self._started = time.monotonic()
        self.starts += 1
        LOG.info('%s runs as process %d.', self.name, self.pid)

    def ended(self, status):
        """Take note of its end; quick deaths in a row delay the next start more and more."""
        self._process.returncode = status       # the keeper has reaped it
        self._process = None
        settled = time.monotonic() - self._started > _SETTLED
        self._pause = _FIRST_PAUSE if settled or not self._pause else min(self._pause * 2, _LONGEST_PAUSE)
        self.not_before = time.monotonic() + self._pause
        LOG.warning('%s ended with status %s.', self.name, status)

    def signal(self, number):
        """Send a signal, if it runs."""
        if self._process:
            os.kill(self._process.pid, number)

    def kill(self):
        """End it at once, if it runs."""
        self.signal(signal.SIGKILL)


def _rotate(path):
    if os.path.exists(path) and os.path.getsize(path) > _LARGEST_LOG:
        os.replace(path, f'{path}.1')
