"""What is measured: the three processes on RabbitMQ and a database, with three dummy back ends."""
import contextlib
import http.client
import json
import os
import threading
import time

import sqlalchemy as sa

from manila.tests.functional import cluster, services

PROJECT = '5f2c1c0e8d1f4c0b9f0f2f7f3c6f6a11'
BACKENDS = ('dummy', 'second', 'third')


class Client:
    """A keep-alive HTTP client of the API, one per thread."""

    def __init__(self, port, version='2.60'):
        self._connection = http.client.HTTPConnection('127.0.0.1', port)
        self._headers = {'X-Auth-Token': f'admin:{PROJECT}', 'Content-Type': 'application/json',
                         'X-OpenStack-Manila-API-Version': version}

    def __call__(self, method, path, body=None):
        """Send a request; returns the parsed answer, and raises for an error."""
        content = self.read(path, method, body)
        return json.loads(content) if content else None

    def read(self, path, method='GET', body=None):
        """The same, but the answer stays unparsed: that is the client's work."""
        self._connection.request(method, f'/v2{path}', None if body is None else json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f'{method} {path}: {answer.status} {content[:500]!r}')
        return content


class Running(cluster.Cluster):
    """The services with ordinary intervals, as an operator would run them."""

    witnessed = False

    def settings(self):
        """As of the functional tests, but without their short intervals and with one API process."""
        settings = super().settings()
        common = settings['DEFAULT']
        for name in ('report_interval', 'service_down_time', 'periodic_interval'):
            del common[name]
        common.update(auth_strategy='noauth', osapi_share_workers=1, enabled_share_backends=','.join(BACKENDS))
        settings['jobs'] = {}
        settings['quota'] = {'shares': -1, 'gigabytes': -1}
        backend = settings.pop('backend')
        del backend['dummy_driver_state_file']
        for name in BACKENDS:
            settings[name] = {**backend, 'share_backend_name': name.upper(),
                              'dummy_driver_total_capacity_gb': 1000000}
        return settings

    def wait_ready(self, seconds=90):
        """Wait until the scheduler knows the pools of all back ends."""
        def ready():
            with contextlib.suppress(Exception):
                return len(Client(self.port)('GET', '/scheduler-stats/pools')['pools']) >= len(BACKENDS)
        self.wait(ready, seconds, 'pools of all back ends', watch=cluster.ROLES)

    def pids(self):
        """All processes of the services."""
        return family([process.pid for process in self.processes.values()])

    def cpu(self):
        """Seconds of processor time that all processes have used, as /proc counts them."""
        return sum(map(cpu_of, self.pids()))

    def memory(self):
        """Proportional set size of all processes in MiB."""
        return sum(map(pss_of, self.pids())) / 1024


def family(pids):
    """These processes and their descendants."""
    found = list(pids)
    parents = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            parents[int(name)] = int(_stat(name)[1])
    grown = True
    while grown:
        more = [pid for pid, parent in parents.items() if parent in found and pid not in found]
        found += more
        grown = bool(more)
    return found


def _stat(pid):
    with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
        return file.read().rpartition(')')[2].split()


def cpu_of(pid):
    """Seconds of processor time of one process."""
    try:
        fields = _stat(pid)
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def pss_of(pid):
    """Proportional set size of one process in KiB."""
    with contextlib.suppress(OSError), open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
        for line in file:
            if line.startswith('Pss:'):
                return int(line.split()[1])
    return 0


@contextlib.contextmanager
def running(folder, kind, services_class=Running):
    """The services on a new database, with a default share type."""
    with services.database(kind) as database:
        stack = services_class(folder, database, services.url_of('rabbit'))
        try:
            stack.start()
            stack.call = Client(stack.port)
            stack.call('POST', '/types', {'share_type': {
                'name': 'default', 'extra_specs': {'driver_handles_share_servers': 'False'}}})
            stack.engine = sa.create_engine(database)
            yield stack
        finally:
            if hasattr(stack, 'engine'):
                stack.engine.dispose()
            stack.stop()


def together(number, concurrency, work):
    """Call ``work(client-number, turn)`` ``number`` times from several threads; returns the seconds it took."""
    turns = iter(range(number))
    lock = threading.Lock()
    errors = []

    def run(place):
        while not errors:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            try:
                work(place, turn)
            except Exception as error:
                errors.append(error)
    threads = [threading.Thread(target=run, args=(place,)) for place in range(concurrency)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - begin
