"""Many shares at once on one simulated ONTAP SVM whose every call takes a while."""
import collections
import pathlib
import tempfile
import time

from manila.tests.fixtures import ontap
from manila.tests.functional import cluster
from tools.bench import stack

NUMBER = 250
LATENCY = 0.2       # seconds that each call takes
LONGEST = 120       # seconds after which all shares should be there


class ArrayStack(stack.Running):
    """The services with one ONTAP back end; set ``simulator`` and ``transport`` before it starts."""

    simulator = None
    transport = None

    def settings(self):
        """The array instead of the dummy back ends."""
        settings = super().settings()
        settings['DEFAULT']['enabled_share_backends'] = 'ontap'
        settings['ontap'] = {'share_driver': ontap.DRIVER, 'share_backend_name': 'ONTAP',
                             **ontap.options(self.simulator, self.transport)}
        return settings

    def wait_ready(self, seconds=120):
        """Wait until the scheduler knows the pools of the array."""
        self.wait(self._has_pools, seconds, 'the pools of the array', watch=cluster.ROLES)

    def _has_pools(self):
        try:
            return stack.Client(self.port)('GET', '/scheduler-stats/pools')['pools']
        except Exception:
            return False


def create(running, options, table):
    """Shares from the first POST until all are available, over each transport."""
    for transport in ontap.TRANSPORTS:
        with ontap.plain_environment(), ontap.simulator(default=0.05, **{'volume.create': 0.05}) as simulator, \
                tempfile.TemporaryDirectory(prefix='manila-bench-') as folder:
            kind = type('Stack', (ArrayStack,), {'simulator': simulator, 'transport': transport})
            with stack.running(pathlib.Path(folder), options.database, kind) as services:
                _measure(services, simulator, transport, options, table)


def _measure(services, simulator, transport, options, table):
    simulator.faults.add(action={'latency': LATENCY})
    simulator.log.clear()
    begin = time.perf_counter()
    clients = [stack.Client(services.port) for _ in range(options.concurrency)]
    stack.together(NUMBER, options.concurrency, lambda place, turn: clients[place](
        'POST', '/shares', {'share': {'share_proto': 'NFS', 'size': 1, 'name': f'bench-{turn}'}}))
    while _states(services)['available'] + _states(services)['error'] < NUMBER:
        time.sleep(0.1)
    took = time.perf_counter() - begin
    calls = [entry for entry in simulator.log.entries() if not _is_report(entry.operation)]
    states = _states(services)
    name = f'ONTAP, {transport.upper()}, {1000 * LATENCY:.0f} ms a call'
    table.add(f'{name}: {states["available"]} shares', took, unit='s', aim=f'{LONGEST} s')
    table.add(f'{name}: calls per share', len(calls) / NUMBER, unit='calls', aim='6')
    table.add(f'{name}: calls at once', sum(entry.seconds or 0 for entry in calls) / took, unit='calls')
    for operation, number in sorted(collections.Counter(entry.operation for entry in calls).items()):
        print(f'    {number:5} {operation}')


def _states(services):
    with services.engine.connect() as connection:
        return collections.Counter(row[0] for row in connection.exec_driver_sql('SELECT status FROM share_instances'))


def _is_report(operation):
    """Calls for the pools' reports come at their own pace, however many shares there are."""
    return any(word in operation for word in ('counter', 'aggregates', 'disks', 'perf-', 'aggr-', 'licens',
                                              'system-', 'application-logs', 'ems-'))
