"""Services over HTTP."""
import pytest

from manila.resources.services import store
from manila.resources.zones import service as zones


@pytest.fixture
def rows(context, database):
    """A share service that is up and a scheduler that is down."""
    north, east = zones.ensure(context, 'north'), zones.ensure(context, 'east')
    share = store.register(context, 'host@a', 'manila-share', 'topic', north)
    scheduler = store.register(context, 'host', 'manila-scheduler', 'topic', east)
    store.stop(context, scheduler['id'])
    return share, scheduler


@pytest.mark.parametrize('version, more', [
    ('2.0', {}), ('2.6', {}), ('2.7', {}), ('2.82', {}), ('2.83', {'disabled_reason': None}),
    ('2.86', {'disabled_reason': None, 'ensuring': False})])
def test_services_show_the_fields_of_the_version(api, rows, version, more):
    path = '/os-services' if version in ('2.0', '2.6') else '/services'
    share, scheduler = rows
    assert api.admin.get(path, version) == {'services': [
        {'id': share['id'], 'binary': 'manila-share', 'host': 'host@a', 'zone': 'north', 'status': 'enabled',
         'state': 'up', 'updated_at': share['updated_at'].isoformat(timespec='microseconds'), **more},
        {'id': scheduler['id'], 'binary': 'manila-scheduler', 'host': 'host', 'zone': 'east',
         'status': 'enabled',
         'state': 'down', 'updated_at': scheduler['updated_at'].isoformat(timespec='microseconds'), **more}]}


def test_paths_belong_to_their_versions(api):
    assert api.admin('GET', '/services', version='2.6').status_int == 404
    assert api.admin('GET', '/os-services', version='2.7').status_int == 404
    body = {'host': 'host@a', 'binary': 'manila-share'}
    assert api.admin('PUT', '/services/enable', body, '2.6').status_int == 404
    assert api.admin('PUT', '/os-services/disable', body, '2.7').status_int == 404
    assert api.admin('PUT', '/services/remove', body).status_int == 404


def test_lists_are_filtered(api, rows):
    api.admin('PUT', '/services/disable', {'host': 'host', 'binary': 'manila-scheduler'})
    for query, hosts in (
            ('host=host', ['host']), ('binary=manila-share', ['host@a']), ('zone=north', ['host@a']),
            ('zone=nowhere', []), ('state=up', ['host@a']), ('state=down', ['host']), ('state=ill', []),
            ('status=enabled', ['host@a']), ('status=disabled', ['host']), ('status=nonsense', []),
            ('ensuring=true', []), ('ensuring=false', ['host@a', 'host']), ('ensuring=perhaps', []),
            ('unknown=1', ['host@a', 'host'])):
        assert [row['host'] for row in api.admin.get(f'/services?{query}')['services']] == hosts, query
    assert len(api.admin.get('/services?ensuring=perhaps', '2.92')['services']) == 2


@pytest.mark.parametrize('version, more', [('2.6', set()), ('2.83', {'disabled_reason'}),
                                           ('2.86', {'disabled_reason', 'ensuring'})])
def test_a_service_is_taken_out_of_use_and_back(api, context, rows, version, more):
    path = '/os-services' if version == '2.6' else '/services'
    body = {'host': 'host@a', 'binary': 'manila-share'}
    reason = {'disabled_reason': ' disk full '} if more else {}
    answer = api.admin('PUT', f'{path}/disable', {**body, **reason}, version)
    assert answer.status_int == 200 and set(answer.json) == {'host', 'binary', 'status'} | more
    assert answer.json['status'] == 'disabled' and answer.json.get('ensuring') is None
    shown = api.admin.get('/services?host=host@a')['services'][0]
    assert (shown['status'], shown['disabled_reason']) == ('disabled', 'disk full' if more else None)
    answer = api.admin('PUT', f'{path}/enable', body, version)
    assert answer.status_int == 200 and set(answer.json) == {'host', 'binary', 'status'} | more
    assert answer.json['status'] == 'enabled'
    shown = api.admin.get('/services?host=host@a')['services'][0]
    assert (shown['status'], shown['disabled_reason']) == ('enabled', None)


def test_bad_changes_are_refused(api, rows):
    body = {'host': 'host@a', 'binary': 'manila-share'}
    for bad in (None, {}, [], {'host': 'host@a'}, {'binary': 'x'}, {**body, 'host': ''}, {**body, 'host': 5},
                {**body, 'host': 'a\x00'}):
        for verb in ('enable', 'disable'):
            assert api.admin('PUT', f'/services/{verb}', bad).status_int == 400, bad
    for reason in ('', '  ', 'x' * 256, 5, 'a\x00'):
        assert api.admin('PUT', '/services/disable', {**body, 'disabled_reason': reason}).status_int == 400
    assert api.admin('PUT', '/services/disable', {**body, 'disabled_reason': 'x'}, '2.82').status_int == 400
    for verb in ('enable', 'disable'):
        assert api.admin('PUT', f'/services/{verb}', {**body, 'host': 'none'}).status_int == 404


def test_services_are_for_administrators(api, rows):
    body = {'host': 'host@a', 'binary': 'manila-share'}
    assert api.user('GET', '/services').status_int == 403
    for verb in ('enable', 'disable'):
        assert api.user('PUT', f'/services/{verb}', body).status_int == 403


def test_lists_cost_one_statement(api, rows, statements):
    with statements() as seen:
        api.admin.get('/services')
    assert len(seen) == 1, seen
