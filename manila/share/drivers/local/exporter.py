"""The export host: a process beside manila-share that holds the mounts and keeps the servers running.

It works from the files of one state directory alone, so it serves on while manila-share is down or being
replaced, and manila-share finds it again by its socket. All servers are its descendants in a process
namespace: when it ends, however it ends, nothing of it is left.

    python -m manila.share.drivers.local.exporter --start|--stop|--status STATE_DIR
"""
import argparse
import contextlib
import fcntl
import glob
import json
import logging
import os
import resource
import selectors
import shutil
import signal
import socket
import sys
import time

from manila.share.drivers.local import exports, ganesha, namespace
from manila.share.drivers.local.layout import Layout, read_json, write_file
from manila.share.drivers.local.servers import Server

LOG = logging.getLogger('exporter')

_PORT_MAPPER = '/run/rpcbind.sock'
_START_TIMEOUT = 20
_HELPER_TIMEOUT = 3         # for the bus and the port mapper to answer
_STOP_TIMEOUT = 5


def answers(path):
    """Whether somebody accepts connections on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


class ExportHost:
    """Mounts, servers and the control socket; one thread does everything in turn."""

    def __init__(self, layout):
        self._layout = layout
        self._settings = read_json(layout.settings)
        self._binds = namespace.Binds(layout.mounts)
        self._selector = selectors.DefaultSelector()
        self._versions = []
        self._stopping = False
        self._bus = Server('dbus-daemon', ['dbus-daemon', f'--config-file={layout.bus_config}', '--nofork',
                                           '--nopidfile'], self._log('dbus'))
        self._port_mapper = Server('rpcbind', ['rpcbind', '-f'], self._log('rpcbind'))
        self._ganesha = Server(
            'ganesha.nfsd', ['ganesha.nfsd', '-F', '-f', layout.ganesha_config, '-L', layout.ganesha_log,
                             '-p', os.path.join(layout.state, 'ganesha.pid')], self._log('ganesha.out'),
            {'DBUS_SYSTEM_BUS_ADDRESS': f'unix:path={layout.bus}'})
        self._samba = Server('smbd', ['smbd', '-F', '--no-process-group', '--debug-stdout',
                                      '-s', layout.samba_config], self._log('smbd'))

    def _log(self, name):
        return os.path.join(self._layout.logs, f'{name}.log')

    def run(self, ready):
        """Serve until told to stop; ``ready`` is called once requests are answered."""
        self._raise_limits()
        namespace.mount_proc()
        self._binds.open()
        self._watch_signals()
        self._restore_binds()
        self._keep_servers()
        self._listen()
        ready()
        while not self._stopping:
            for key, _ in self._selector.select(self._pause()):
                key.data(key.fileobj)
            self._reap()
            self._keep_servers()
        self._stop_servers()

    def _raise_limits(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)    # Ganesha keeps files open for every export
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def _watch_signals(self):
        reader, writer = socket.socketpair()
        for end in (reader, writer):
            end.setblocking(False)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._wakeup = (reader, writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._selector.register(reader, selectors.EVENT_READ, lambda end: end.recv(4096))

    def _stop(self, *_):
        self._stopping = True

    def _listen(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._layout.control)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self._layout.control)
        os.chmod(self._layout.control, 0o600)
        listener.listen(64)
        self._selector.register(listener, selectors.EVENT_READ, self._accept)

    # --- servers

    def _servers(self):
        return [self._bus, self._port_mapper, self._ganesha, self._samba]

    def _pause(self):
        """Seconds until a dead server may be started again, None when all are well."""
        waiting = [server.not_before for server in self._wanted() if server.pid is None]
        return max(0, min(waiting) - time.monotonic()) if waiting else None

    def _wanted(self):
        return [self._ganesha, self._samba] if self._samba_wanted() else [self._ganesha]

    def _samba_wanted(self):
        return bool(self._settings.get('smb')) and os.path.exists(self._layout.samba_shares)

    def _keep_servers(self):
        for server in self._wanted():
            if server.pid is None and time.monotonic() >= server.not_before and not self._stopping:
                if server is self._ganesha:
                    self._start_ganesha()
                else:
                    server.start()

    def _start_ganesha(self):
        write_file(self._layout.bus_config, ganesha.render_bus(self._layout.bus), durable=False)
        if not self._ensure(self._bus, self._layout.bus):
            LOG.error('The message bus does not start; see %s.', self._log('dbus'))
        self._versions = self._servable_versions()
        files = [os.path.join(self._layout.exports, f'{export.number}.conf') for export in self._present()]
        write_file(self._layout.ganesha_config, ganesha.render_main(
            self._settings, self._versions, self._layout.recovery, files), durable=False)
        self._ganesha.start()

    def _servable_versions(self):
        versions = self._settings['versions']
        if 3 in versions and not self._ensure(self._port_mapper, _PORT_MAPPER):
            LOG.error('NFSv3 is not served, only NFSv4: rpcbind is not installed or does not start.')
            return [4]
        return versions

    def _ensure(self, server, path):
        """Whether somebody answers on the socket, after starting the server if nobody did."""
        if answers(path):
            return True
        if shutil.which(server.command[0]) is None:
            return False
        deadline = time.monotonic() + _HELPER_TIMEOUT
        while time.monotonic() < deadline:
            if server.pid is None and time.monotonic() >= server.not_before:
                server.start()      # it ends at once while another one, perhaps a dying one, is in its place
            time.sleep(0.005)
            self._reap()
            if answers(path):
                return True
        return False

    def _reap(self):
        """Take note of every child that ended, servers and orphans alike."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for server in self._servers():
                if server.pid == pid:
                    server.ended(os.waitstatus_to_exitcode(status))
                    if server in (self._bus, self._port_mapper):
                        # Ganesha cannot go on without its bus, and is not found without its port mapping.
                        self._ganesha.kill()

    def _stop_servers(self):
        for server in self._servers():
            server.signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_TIMEOUT
        while any(server.pid for server in self._servers()) and time.monotonic() < deadline:
            time.sleep(0.01)
            self._reap()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._layout.control)

    # --- mounts

    def _present(self):
        """The active exports whose directories are there."""
        return [export for export in exports.load(self._layout.exports).values()
                if export.active and os.path.isdir(self._source(export.source))]

    def _source(self, path):
        return os.path.join(self._settings['pool'], path)

    def _restore_binds(self):
        records = [(export.bind, export.source, export.read_only) for export in self._present()]
        for name in glob.glob(os.path.join(self._layout.samba_records, '*.json')):
            record = read_json(name)
            records.append((record['bind'], record['source'], record['read_only']))
        for name, source, read_only in records:
            try:
                self._binds.add(name, self._source(source), read_only)
            except OSError as failure:
                LOG.error('%s is not served: %s', source, failure)

    # --- requests

    def _accept(self, listener):
        connection, _ = listener.accept()
        connection.settimeout(5)
        buffer = bytearray()
        self._selector.register(connection, selectors.EVENT_READ, lambda end: self._receive(end, buffer))

    def _receive(self, connection, buffer):
        try:
            data = connection.recv(65536)
            buffer += data
            while (end := buffer.find(b'\n')) >= 0:
                line = bytes(buffer[:end])
                del buffer[:end + 1]
                connection.sendall(json.dumps(self._answer(line)).encode() + b'\n')
        except OSError:
            data = b''
        if not data:
            self._selector.unregister(connection)
            connection.close()

    def _answer(self, line):
        try:
            request = json.loads(line)
            return {'ok': getattr(self, f'_do_{request.pop("do")}')(**request)}
        except OSError as failure:
            return {'error': str(failure), 'errno': failure.errno}
        except Exception as failure:
            LOG.exception('A request failed.')
            return {'error': repr(failure)}

    def _do_bind(self, name, source, read_only):
        self._binds.add(name, self._source(source), read_only)

    def _do_unbind(self, name):
        self._binds.remove(name)

    def _do_binds(self):
        return self._binds.names()

    def _do_reload_samba(self):
        if self._samba.pid is None:
            self._samba.not_before = 0      # started by the loop right after this answer
        else:
            self._samba.signal(signal.SIGHUP)

    def _do_status(self):
        return {'settings': self._settings, 'versions': self._versions,
                'servers': {server.name: {'pid': server.pid, 'starts': server.starts}
                            for server in self._servers()}}

    def _do_stop(self):
        self._stop()


# --- the command


def start(layout):
    """Start the export host in the background; 0 once it answers, also when it ran already."""
    if not os.path.exists(layout.settings):
        print(f'{layout.state} is not the state directory of a local back end.', file=sys.stderr)
        return 1
    layout.make()
    lock = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + _START_TIMEOUT
    while not _taken(lock):
        if answers(layout.control):
            return 0
        if time.monotonic() > deadline:
            print(f'{layout.lock} is held by a process that does not answer.', file=sys.stderr)
            return 1
        time.sleep(0.02)
    reader, writer = os.pipe()
    namespace.separate()
    if os.fork() == 0:
        os.close(reader)
        _serve(layout, writer)
    os.close(writer)
    with os.fdopen(reader) as outcome:
        text = outcome.read()
    if text != 'ready':
        print(text or f'The export host ended at once; see {layout.logs}.', file=sys.stderr)
        return 1
    return 0


def _taken(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _serve(layout, outcome):
    """The life of the background process; it never returns."""
    status = 1
    try:
        os.setsid()
        os.chdir('/')
        os.umask(0o022)
        log = os.open(os.path.join(layout.logs, 'exporter.log'),
                      os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number, descriptor in enumerate((os.open(os.devnull, os.O_RDONLY), log, log)):
            os.dup2(descriptor, number)
        logging.basicConfig(level=logging.INFO, format='%(asctime)s %(levelname)s %(message)s')

        def ready():
            os.write(outcome, b'ready')
            os.close(outcome)

        ExportHost(layout).run(ready)
        status = 0
    except Exception as failure:
        LOG.exception('The export host failed.')
        with contextlib.suppress(OSError):
            os.write(outcome, f'The export host failed: {failure}'.encode())
    finally:
        os._exit(status)


def stop(layout):
    """Stop the export host and its servers; returns when they are gone, at once when none run."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(layout.control)
            connection.sendall(b'{"do": "stop"}\n')
            while connection.recv(4096):
                pass
        except OSError:
            return 0
    return 0


def status(layout):
    """Print what runs, as JSON; 1 when the export host does not."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(layout.control)
        except OSError:
            print('The export host does not run.', file=sys.stderr)
            return 1
        connection.sendall(b'{"do": "status"}\n')
        print(connection.makefile().readline(), end='')
    return 0


def main(arguments=None):
    """Entry point; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    for name, function in (('start', start), ('stop', stop), ('status', status)):
        action.add_argument(f'--{name}', dest='action', action='store_const', const=function,
                            help=function.__doc__)
    parser.add_argument('state_dir')
    given = parser.parse_args(arguments)
    return given.action(Layout(given.state_dir))


if __name__ == '__main__':
    sys.exit(main())
