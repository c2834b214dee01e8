"""Pools over HTTP."""
import json

import pytest

from manila.resources.services import service as services, store
from manila.resources.types import service as types
from manila.resources.zones import service as zones


def report(name, **more):
    return {'share_backend_name': name.upper(), 'storage_protocol': 'NFS',
            'driver_handles_share_servers': False,
            'pools': [{'pool_name': f'{name}_pool', 'total_capacity_gb': 100, 'free_capacity_gb': 50,
                       'snapshot_support': True, **more}]}


@pytest.fixture
def backends(context, database):
    """Two back ends that have reported, and one that has not."""
    zone = zones.ensure(context, 'north')
    for name in ('a', 'b', 'c'):
        row = store.register(context, f'host@{name}', 'manila-share', 'topic', zone)
        if name != 'c':
            store.save_report(context, row['id'], json.dumps(report(name, dedupe=name == 'a')))


def test_pools_are_listed(api, backends):
    summary = [{'name': f'host@{name}#{name}_pool', 'host': 'host', 'backend': name, 'pool': f'{name}_pool'}
               for name in ('a', 'b')]
    assert api.admin.get('/scheduler-stats/pools', '2.0') == {'pools': summary}
    detail = api.admin.get('/scheduler-stats/pools/detail', '2.0')['pools']
    assert [{key: pool[key] for key in summary[0]} for pool in detail] == summary
    capabilities = detail[0]['capabilities']
    assert (capabilities['free_capacity_gb'], capabilities['share_backend_name'], capabilities['dedupe']) == (
        50, 'A', True)
    assert capabilities['timestamp']


def test_lists_are_filtered(api, backends, context):
    types.create(context, 'dedupe', None, True,
                 {'driver_handles_share_servers': 'False', 'dedupe': '<is> True'})
    types.create(context, 'servers', None, True, {'driver_handles_share_servers': 'true'})
    for query, names in (
            ('pool=b', ['b']), ('backend=a', ['a']), ('host=host', ['a', 'b']), ('host=other', []),
            ('host=h.*&backend=.', ['a', 'b']), ("capabilities={'dedupe':'True'}", ['a']),
            ("capabilities={'free_capacity_gb':'>= 51'}", []), ('share_type=dedupe', ['a']),
            ('share_type=servers', []), ('unknown=x', ['a', 'b'])):
        for path in ('', '/detail'):
            found = api.admin.get(f'/scheduler-stats/pools{path}?{query}')['pools']
            assert [pool['backend'] for pool in found] == names, query
    assert len(api.admin.get('/scheduler-stats/pools?share_type=none', '2.22')['pools']) == 2


@pytest.mark.parametrize('query',
                         ['share_type=none', 'host=(', 'pool=*', 'capabilities=nonsense', 'backend=a%00'])
def test_bad_filters_are_refused(api, backends, query):
    for path in ('', '/detail'):
        assert api.admin('GET', f'/scheduler-stats/pools{path}?{query}').status_int == 400


def test_pools_of_services_that_are_down_or_disabled_are_not_listed(api, backends, context):
    services.disable(context, 'host@a', 'manila-share')
    store.stop(context, store.find(context, host='host@b')[0]['id'])
    assert api.admin.get('/scheduler-stats/pools')['pools'] == []


def test_a_report_that_cannot_be_read_hides_no_other(api, backends, context):
    store.save_report(context, store.find(context, host='host@a')[0]['id'], '{')
    assert [pool['backend'] for pool in api.admin.get('/scheduler-stats/pools')['pools']] == ['b']


def test_pools_are_for_administrators(api):
    for path in ('', '/detail'):
        assert api.user('GET', f'/scheduler-stats/pools{path}').status_int == 403


def test_lists_cost_one_statement(api, backends, statements):
    with statements() as seen:
        api.admin.get('/scheduler-stats/pools/detail')
    assert len(seen) == 1, seen
