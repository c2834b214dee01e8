"""The driver's side of the export host: starts or adopts it, asks it, brings it back when it dies."""
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time

from oslo_log import log

import manila
from manila.share.drivers.local.layout import write_json

LOG = log.getLogger(__name__)

_MODULE = 'manila.share.drivers.local.exporter'
_PATIENCE = 20
_LONGEST_PAUSE = 10


class ExporterError(Exception):
    """The export host cannot be started or refused a request."""


class Exporter:
    """The export host of one state directory; safe for several threads."""

    def __init__(self, layout):
        self._layout = layout
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._connection = None
        self._watcher, self._watched, self._closed = None, None, False

    def open(self, settings):
        """Make it run with these settings; one that runs with them already is taken over as it is.

        Returns True when it was taken over, so that its mounts and exports may lag behind the files.
        """
        write_json(self._layout.settings, settings)
        if self._reachable():
            if self.request('status')['settings'] == settings:
                self._watch()
                return True
            LOG.info('The export host is restarted with other settings.')
            self._command('--stop')
        self._revive()
        self._watch()
        return False

    def request(self, operation, **arguments):
        """Ask for one thing; a host that has just died is brought back first.

        :raises OSError: as the system call in the host failed
        :raises ExporterError: when the host cannot be had
        """
        line = json.dumps({'do': operation, **arguments}).encode() + b'\n'
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with self._lock:
                    answer = self._exchange(line)
                break
            except (OSError, EOFError) as failure:
                if time.monotonic() > deadline:
                    raise ExporterError(f'The export host does not answer: {failure!r}') from failure
                self._revive()
        if answer.get('errno'):
            raise OSError(answer['errno'], answer['error'])
        if 'error' in answer:
            raise ExporterError(answer['error'])
        return answer['ok']

    def pid(self):
        """Process number of the host as seen from here."""
        with self._connect() as connection:
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int.from_bytes(credentials[:4], sys.byteorder)

    def close(self):
        """Let go of the host; it serves on."""
        self._closed = True
        if self._watched is not None:
            with contextlib.suppress(OSError):
                self._watched.shutdown(socket.SHUT_RDWR)
        if self._watcher is not None:
            self._watcher.join()
        with self._lock:
            self._drop()

    def stop(self):
        """Stop the host and its servers."""
        self.close()
        self._command('--stop')

    def _exchange(self, line):
        if self._connection is None:
            self._connection = self._connect()
            self._answers = self._connection.makefile()
        try:
            self._connection.sendall(line)
            answer = self._answers.readline()
        except OSError:
            self._drop()
            raise
        if not answer:
            self._drop()
            raise EOFError('the export host hung up')
        return json.loads(answer)

    def _connect(self):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(_PATIENCE)
            connection.connect(self._layout.control)
        except OSError:
            connection.close()
            raise
        return connection

    def _drop(self):
        if self._connection is not None:
            self._answers.close()
            self._connection.close()
            self._connection = None

    def _reachable(self):
        try:
            self._connect().close()
        except OSError:
            return False
        return True

    def _revive(self):
        with self._starting:
            if not self._reachable():
                self._command('--start')

    def _command(self, action):
        root = os.path.dirname(os.path.dirname(os.path.abspath(manila.__file__)))
        environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(
            filter(None, (root, os.environ.get('PYTHONPATH'))))}
        done = subprocess.run([sys.executable, '-m', _MODULE, action, self._layout.state],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment)
        if done.returncode:
            raise ExporterError(
                done.stderr.strip() or f'The export host ended with status {done.returncode}.')

    def _watch(self):
        """Notice the host's death at once, by the end of an idle connection, and bring it back."""
        if self._watcher is not None and self._watcher.is_alive():
            return
        self._watcher = threading.Thread(target=self._keep_alive, name='export-host', daemon=True)
        self._watcher.start()

    def _keep_alive(self):
        pause = 0
        while not self._closed:
            try:
                self._watched = self._connect()
                self._watched.settimeout(None)
                pause = 0
                self._watched.recv(1)
                self._watched.close()
            except OSError:
                pause = min(pause * 2 or 0.1, _LONGEST_PAUSE)
            if self._closed:
                return
            try:
                self._revive()
            except ExporterError as failure:
                LOG.error('The export host cannot be brought back: %s', failure)
                time.sleep(pause or 1)
