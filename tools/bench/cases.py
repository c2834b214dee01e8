"""The cases."""
import time

import sqlalchemy as sa

from manila.tests.functional import services
from tools.bench import array, floors, scale, stack, storage

PAGE = 1000


def _create(call, turn=0):
    return call('POST', '/shares', {'share': {'share_proto': 'NFS', 'size': 1, 'name': f'bench-{turn}'}})['share']['id']


def _wait(running, text, **values):
    """Wait until a query counts nothing any more."""
    with running.engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
        while connection.scalar(sa.text(text), values):
            time.sleep(0.001)


_CREATING = "SELECT count(*) FROM share_instances WHERE status = 'creating'"
_SNAPPING = "SELECT count(*) FROM share_snapshot_instances WHERE status = 'creating'"


def create(running, options, table):
    """Shares from POST to available: one after the other for the latency, then many at once for the CPU time."""
    one = floors.seconds(30, lambda turn: (_create(running.call), _wait(running, _CREATING)))
    parts = floors.Parts(running.engine, services.url_of('rabbit'))
    floor = floors.seconds(30, lambda turn: parts.share())
    parts.close()
    table.add('share: POST until available', one * 1000, floor * 1000, aim='4x')
    clients = [stack.Client(running.port) for _ in range(options.concurrency)]
    # Threads, connections and compiled statements come with the first ones.
    stack.together(10 * options.concurrency, options.concurrency, lambda place, turn: _create(clients[place], turn))
    _wait(running, _CREATING)
    before = running.cpu()
    took = stack.together(options.number, options.concurrency, lambda place, turn: _create(clients[place], turn))
    begin = time.perf_counter()
    _wait(running, _CREATING)
    took += time.perf_counter() - begin
    table.add('shares at once: CPU time per share', (running.cpu() - before) * 1000 / options.number, aim='15 ms')
    table.add('shares at once: shares a second', options.number / took, unit='1/s')
    table.add('memory of three processes, three back ends', running.memory(), unit='MiB', aim='350 MiB')


def rules(running, options, table):
    """Access rules on one share, all ordered at once."""
    share = _create(running.call)
    _wait(running, _CREATING)
    clients = [stack.Client(running.port) for _ in range(options.concurrency)]

    def allow(place, turn):
        clients[place]('POST', f'/shares/{share}/action', {'allow_access': {
            'access_type': 'ip', 'access_to': f'10.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}'}})
    parts = floors.Parts(running.engine, services.url_of('rabbit'))
    floor = floors.seconds(200, lambda turn: parts.rule())
    parts.close()
    number = max(options.number, 1000)
    before, begin = running.cpu(), time.perf_counter()
    stack.together(number, options.concurrency, allow)
    _wait(running, "SELECT count(*) FROM share_access_rule_states WHERE state <> 'active'")
    took = time.perf_counter() - begin
    table.add(f'{number} rules on one share: a rule', took * 1000 / number, floor * 1000)
    table.add('rules at once: CPU time per rule', (running.cpu() - before) * 1000 / number, aim='5 ms')


def snapshots(running, options, table):
    """Snapshots of one share from POST to available, one after the other."""
    running.call('POST', '/types', {'share_type': {'name': 'snapshots', 'extra_specs': {
        'driver_handles_share_servers': 'False', 'snapshot_support': 'True'}}})
    share = running.call('POST', '/shares', {'share': {'share_proto': 'NFS', 'size': 1, 'share_type': 'snapshots'}})
    _wait(running, _CREATING)

    def take(turn):
        running.call('POST', '/snapshots', {'snapshot': {'share_id': share['share']['id'], 'name': f'bench-{turn}'}})
        _wait(running, _SNAPPING)
    took = floors.seconds(30, take)
    parts = floors.Parts(running.engine, services.url_of('rabbit'))
    floor = floors.seconds(30, lambda turn: parts.snapshot())
    parts.close()
    table.add('snapshot: POST until available', took * 1000, floor * 1000, aim='4x')


def quotas(running, options, table):
    """Quotas and limits of a project, shown again and again."""
    for name, path, usage in (('quotas show', f'/quota-sets/{stack.PROJECT}', False), ('limits', '/limits', True)):
        took = floors.seconds(options.number, lambda turn, path=path: running.call.read(path))
        floor = floors.quotas(running.engine, stack.PROJECT, options.number, usage)
        table.add(name, took * 1000, floor * 1000, aim='3x')


def show(running, options, table):
    """One share, shown again and again."""
    share = _create(running.call)
    took = floors.seconds(options.number, lambda turn: running.call.read(f'/shares/{share}'))
    table.add('share show', took * 1000, floors.show(running.engine, share, options.number) * 1000, aim='3x')


def listing(running, options, table):
    """A page of 1,000 shares with all their fields."""
    with running.engine.connect() as connection:
        missing = PAGE - connection.scalar(sa.text('SELECT count(*) FROM shares'))
    clients = [stack.Client(running.port) for _ in range(options.concurrency)]
    stack.together(max(missing, 0), options.concurrency, lambda place, turn: _create(clients[place], turn))
    _wait(running, _CREATING)
    took = floors.seconds(10, lambda turn: running.call.read(f'/shares/detail?limit={PAGE}'))
    table.add('share list --detail, 1,000 shares', took * 1000, floors.page(running.engine, PAGE, 10) * 1000,
              aim='3x')


ALL = {'create': create, 'rules': rules, 'snapshot': snapshots, 'quota': quotas, 'show': show, 'list': listing,
       'first-byte': storage.first_byte, 'scale': scale.cost, 'ontap': array.create}
#: Cases that start what they measure themselves.
SEPARATE = ('first-byte', 'scale', 'ontap')
