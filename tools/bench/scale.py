"""What lists of shares cost when there are many: the same answers among 1,000 shares and among 100,000."""
import contextlib
import datetime
import json
import pathlib
import tempfile
import time
import uuid
from urllib import parse

import sqlalchemy as sa

from manila.resources.exports.model import locations
from manila.resources.shares.model import instances, metadata, shares
from manila.resources.types.model import types
from tools.bench import stack

FEW, MANY = 1000, 100000
PAGE, HALF, RARE = 1000, 500, 10
TURNS = 11
_BATCH = 5000
_BEGIN = datetime.datetime(2026, 1, 1)
_OTHER = '9a4f3c0e8d1f4c0b9f0f2f7f3c6f6a99'
_FLAGS = ('snapshot_support', 'create_share_from_snapshot_support', 'revert_to_snapshot_support',
          'mount_snapshot_support', 'snapshot_inherit_share_access_support', 'is_soft_deleted')


def cost(unused, options, table):
    """Ask two services, one with few shares and one with many, for the same lists in turn, and compare."""
    with _filled(options.database, FEW) as few, _filled(options.database, MANY) as many:
        asked = {name: (path, questions(many.engine, MANY)[name]) for name, path in questions(few.engine, FEW).items()}
        for name, paths in asked.items():
            floor, value = _took((few, many), paths)
            table.add(f'{MANY} shares: {name}', value * 1000, floor * 1000, aim='1.5x')


@contextlib.contextmanager
def _filled(kind, number):
    """Running services whose database has so many shares."""
    with tempfile.TemporaryDirectory(prefix='manila-bench-') as folder, \
            stack.running(pathlib.Path(folder), kind) as running:
        fill(running.engine, 0, number)
        _analyze(running.engine)
        yield running


def questions(engine, number):
    """Name -> path of the lists that are asked for; each has as many rows among many shares as among few."""
    with engine.connect() as connection:
        type_id = connection.scalar(sa.select(types.c.id))
        middle = connection.scalar(sa.select(shares.c.id).order_by(shares.c.created_at.desc(), shares.c.id.desc())
                                   .offset(number // 2).limit(1))
    full = {
        'a page': {}, 'of all projects': {'all_tenants': 1}, 'by status': {'status': 'available'},
        'by part of the name': {'name~': 'share'}, 'by host': {'host': 'node@common#pool'},
        'by share type': {'share_type_id': type_id}, 'with public ones': {'is_public': 1},
        'by metadata': {'metadata': "{'color': 'red'}"}}
    few = {
        'few by status': {'status': 'error'}, 'few by name': {'name': 'rare'},
        'few by part of the name': {'name~': 'rar'}, 'few by host': {'host': 'node@rare#pool'},
        'few by metadata': {'metadata': "{'color': 'blue'}"}}
    found = {name: {'limit': PAGE, **query} for name, query in {**full, **few}.items()}
    for name in ('a page', 'of all projects', 'by status', 'by part of the name'):
        found[f'{name}, from the middle'] = {**found[name], 'limit': HALF, 'marker': middle}
    return {name: f'/shares/detail?{parse.urlencode(query)}' for name, query in found.items()}


def _took(services, paths):
    """Seconds that each service takes for a list; both must answer the rows that it is about.

    It is the fastest of several turns: what else runs on the machine only adds to it.
    """
    times = [[] for _service in services]
    for path, service in zip(paths, services):
        wanted = RARE if 'rar' in path or 'error' in path or 'blue' in path else HALF if 'marker' in path else PAGE
        rows = len(service.call('GET', path)['shares'])
        if abs(rows - wanted) > RARE:
            raise RuntimeError(f'{path}: {rows} rows, not {wanted}')
    for _turn in range(TURNS):
        for place, (path, service) in enumerate(zip(paths, services)):
            begin = time.perf_counter()
            service.call.read(path)
            times[place].append(time.perf_counter() - begin)
    return [min(found) for found in times]


def fill(engine, first, last):
    """Insert shares with an instance, two locations and two pairs of metadata each."""
    with engine.connect() as connection:
        type_id = connection.scalar(sa.select(types.c.id))
    for start in range(first, last, _BATCH):
        rows = [_share(number, type_id) for number in range(start, min(start + _BATCH, last))]
        with engine.begin() as connection:
            for target, index in ((shares, 0), (instances, 1), (locations, 2), (metadata, 3)):
                connection.execute(sa.insert(target), [each for row in rows for each in row[index]])


def _share(number, type_id):
    """(shares, instances, locations, metadata) of one more share; the first ``RARE`` are what few are."""
    rare, early = number < RARE, number < FEW
    moment = _BEGIN + datetime.timedelta(seconds=number * 7919 % MANY)
    share_id, instance_id = str(uuid.uuid4()), str(uuid.uuid4())
    share = {'id': share_id, 'user_id': 'user', 'size': 1 + number % 9, 'share_proto': 'NFS', 'counted': True,
             'project_id': stack.PROJECT if early or number % 2 else _OTHER, 'created_at': moment,
             'display_name': 'rare' if rare else f'share-{number}', 'display_description': 'x' * 40,
             'is_public': not early and number % 20 == 0, **dict.fromkeys(_FLAGS, False)}
    host = 'rare' if rare else 'common' if early or number % 5 == 0 else f'back{number % 50}'
    instance = {'id': instance_id, 'share_id': share_id, 'host': f'node@{host}#pool',
                'status': 'error' if rare else 'available' if early or number % 3 else 'shrinking_error',
                'progress': '100%', 'access_rules_status': 'active', 'cast_rules_to_readonly': False,
                'share_type_id': type_id, 'created_at': moment}
    places = [{'id': str(uuid.uuid4()), 'share_instance_id': instance_id, 'path': f'192.0.2.{place}:/{instance_id}',
               'is_admin_only': bool(place), 'position': place, 'created_at': moment} for place in range(2)]
    color = 'blue' if rare else 'red' if early or number % 5 == 0 else 'green'
    pairs = [{'share_id': share_id, 'key': key, 'value': value} for key, value in
             (('color', color), ('owner', json.dumps(number)))]
    return [share], [instance], places, pairs


def _analyze(engine):
    """Have the database look at how its rows are spread, as it does by itself after some time."""
    word = 'ANALYZE' if engine.dialect.name == 'postgresql' else 'ANALYZE TABLE'
    with engine.connect() as connection:
        for target in (shares, instances, locations, metadata):
            connection.exec_driver_sql(f'{word} {target.name}').close()
        connection.commit()
