"""Operations on snapshots through the whole API."""
import random

import pytest

from manila.db import session
from manila.resources.quotas import service as quotas
from manila.resources.shares import store as shares
from manila.tests.fixtures.rows import make_share, orders, set_status
from manila.tests.fixtures.snapshot_rows import (  # noqa: F401
    full_type,
    make_full_share,
    make_snapshot,
    set_snapshot_status,
)
from manila.tests.resources import views

pytestmark = pytest.mark.usefixtures('full_type', 'share_type')
MISSING = '11111111-2222-3333-4444-555555555555'
SUMMARY = {'id': (0, 99, None), 'name': (0, 99, None), 'links': (0, 99, None)}
DETAIL = {
    **SUMMARY, 'share_id': (0, 99, None), 'share_size': (0, 99, None), 'created_at': (0, 99, None),
    'status': (0, 99, None), 'description': (0, 99, None), 'size': (0, 99, None),
    'share_proto': (0, 99, None),
    'provider_location': (12, 99, views.ADMIN), 'user_id': (17, 99, None), 'project_id': (17, 99, None),
    'metadata': (73, 99, None)}


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_full_share(api.user.context())


@pytest.fixture
def snapshot(api, share):
    """A snapshot of it that is available."""
    return make_snapshot(api.user.context(), share, name='mine', metadata={'colour': 'red'})


def post(caller, share, version='2.99', **wanted):
    return caller('POST', '/snapshots', {'snapshot': {'share_id': share['id'], **wanted}}, version)


def act(caller, snapshot, name, body=None, version='2.99'):
    return caller('POST', f'/snapshots/{snapshot["id"]}/action', {name: body}, version).status_int


def names(caller, query='', version='2.99'):
    return [row['name'] for row in caller.get(f'/snapshots{query}', version)['snapshots']]


@pytest.mark.parametrize('who', ['user', 'admin'])
def test_answers_have_exactly_the_fields_of_each_microversion(api, snapshot, who):
    caller = getattr(api, who)
    for minor in range(100):
        version, admin = f'2.{minor}', who == 'admin'
        assert set(caller.get(f'/snapshots/{snapshot["id"]}', version)['snapshot']) == views.fields(
            DETAIL, minor, admin), version
        row, = caller.get('/snapshots/detail?all_tenants=1', version)['snapshots']
        assert set(row) == views.fields(DETAIL, minor, admin), version
        row, = caller.get('/snapshots?all_tenants=1', version)['snapshots']
        assert set(row) == views.fields(SUMMARY, minor, admin)


def test_creation_and_change_answer_the_fields_of_each_microversion(api, share, conf):
    conf.config(group='quota', snapshots=-1)
    for minor in range(0, 100, 3):
        answer = post(api.user, share, f'2.{minor}')
        assert answer.status_int == 202
        assert set(answer.json['snapshot']) == views.fields(DETAIL, minor, False)
        answer = api.user('PUT', f'/snapshots/{answer.json["snapshot"]["id"]}',
                          {'snapshot': {'display_name': 'new'}}, f'2.{minor}')
        assert answer.status_int == 200
        assert set(answer.json['snapshot']) == views.fields(DETAIL, minor, False)


def test_show_tells_what_is_known(api, share, snapshot):
    row = api.user.get(f'/snapshots/{snapshot["id"]}')['snapshot']
    links = row.pop('links')
    assert [link['rel'] for link in links] == ['self', 'bookmark']
    assert links[0]['href'].endswith(f'/v2/snapshots/{snapshot["id"]}')
    assert len(row.pop('created_at')) == len('2026-01-02T03:04:05.000006')
    assert row == {
        'id': snapshot['id'], 'share_id': share['id'], 'share_size': 1, 'size': 1, 'status': 'available',
        'name': 'mine', 'description': None, 'share_proto': 'NFS', 'user_id': 'user',
        'project_id': api.user.project_id, 'metadata': {'colour': 'red'}}
    location = api.admin.get(f'/snapshots/{snapshot["id"]}')['snapshot']['provider_location']
    assert location == f'on-storage-{snapshot["instance"]["id"]}'


def test_creation_orders_the_work_and_counts(api, share):
    answer = post(api.user, share, name='n', description='d', metadata={'a': 'b'},
                  force='True').json['snapshot']
    assert (answer['status'], answer['name'], answer['description'], answer['metadata']) == (
        'creating', 'n', 'd', {'a': 'b'})
    (kind, queue, _target), = orders(api.admin.context())
    assert (kind, queue) == ('snapshot.create', 'share:node@alpha')
    usage = quotas.show_usage(api.admin.context(), api.user.project_id)
    assert (usage['snapshots']['in_use'], usage['snapshot_gigabytes']['in_use']) == (1, 1)
    assert quotas.check(api.admin.context()) == []


def test_creation_takes_the_names_of_old_clients(api, share):
    answer = post(api.user, share, '2.0', display_name='n', display_description='d', metadata={'a': 'b'})
    assert answer.json['snapshot']['name'] == 'n' and answer.json['snapshot']['description'] == 'd'
    path = f'/snapshots/{answer.json["snapshot"]["id"]}'
    assert api.user.get(path)['snapshot']['metadata'] == {}


@pytest.mark.parametrize(('status', 'expected'), [
    ('error', 400), ('creating', 400), ('reverting', 400), ('deleting', 400)])
def test_no_snapshot_is_taken_of_a_share_that_is_not_available(api, share, status, expected):
    set_status(api.admin.context(), share, status)
    assert post(api.user, share).status_int == expected


@pytest.mark.parametrize(('column', 'value', 'expected'), [
    ('is_soft_deleted', True, 403), ('task_state', 'migration_in_progress', 400)])
def test_no_snapshot_is_taken_of_a_share_that_is_going_or_busy(api, share, column, value, expected):
    context = api.admin.context()
    with session.writer(context) as connection:
        shares.change(connection, share['id'], **{column: value})
    assert post(api.user, share).status_int == expected


def test_refusals_of_a_creation(api, share, conf):
    plain = make_share(api.user.context())
    assert post(api.user, plain).status_int == 422
    assert post(api.user, {'id': MISSING}).status_int == 404
    assert post(api.stranger, share).status_int == 404
    assert post(api.of(roles=('reader',)), share).status_int == 403
    assert api.user('POST', '/snapshots', {'other': {}}).status_int == 422
    assert api.user('POST', '/snapshots', {'snapshot': {}}).status_int == 400
    assert post(api.user, share, name='n' * 256).status_int == 400
    assert post(api.user, share, metadata={'': 'v'}).status_int == 400
    assert post(api.user, share, metadata={'k': 'v' * 1024}).status_int == 400
    for resource in ('snapshots', 'snapshot_gigabytes'):
        conf.config(group='quota', **{resource: 0})
        assert post(api.user, share).status_int == 413
        conf.config(group='quota', **{resource: 5})
    assert orders(api.admin.context()) == []


def test_other_projects_know_nothing_of_a_snapshot(api, snapshot):
    path = f'/snapshots/{snapshot["id"]}'
    assert api.stranger('GET', path).status_int == 404
    assert api.stranger('DELETE', path).status_int == 404
    assert api.stranger('PUT', path, {'snapshot': {'display_name': 'x'}}).status_int == 404
    assert api.stranger('GET', f'{path}/metadata').status_int == 404
    assert names(api.stranger, '?all_tenants=1') == []
    assert names(api.admin) == [] and names(api.admin, '?all_tenants=1') == ['mine']
    project = api.user.project_id
    assert names(api.admin, f'?all_tenants=1&project_id={project}') == ['mine']
    assert names(api.admin, '?all_tenants=1&project_id=other') == []


def test_filters_find_exactly_what_matches(api, share):
    context, other = api.user.context(), make_full_share(api.user.context(), size=3)
    make_snapshot(context, share, name='first 100%', description='red', metadata={'k': '1', 'l': '2'})
    make_snapshot(context, share, 'error', name='second', description='reddish', metadata={'k': '1'})
    make_snapshot(context, other, name='third')
    every = ['third', 'second', 'first 100%']
    for query, version, expected in (
            ('', '2.99', every), ('?name=second', '2.99', ['second']),
            ('?display_name=second', '2.0', ['second']),
            ('?name~=i', '2.36', ['third', 'first 100%']), ('?name~=0%25', '2.99', ['first 100%']),
            ('?name~=i', '2.35', every), ('?description=red', '2.36', ['first 100%']),
            ('?description~=red', '2.36', ['second', 'first 100%']), ('?description=red', '2.35', every),
            ('?status=error', '2.0', ['second']), ('?size=3', '2.0', ['third']),
            (f'?share_id={share["id"]}', '2.0', ['second', 'first 100%']),
            ("?metadata={'k': '1'}", '2.73', ['second', 'first 100%']),
            ("?metadata={'k': '1', 'l': '2'}", '2.73', ['first 100%']),
            ("?metadata={'k': '1'}", '2.72', every),
            ('?unknown=1', '2.99', every)):
        assert names(api.user, query, version) == expected, query
        rows = api.user.get(f'/snapshots/detail{query}', version)['snapshots']
        assert [row['name'] for row in rows] == expected, query


@pytest.mark.parametrize('query',
                         ['?name=', '?status=', '?size=x', '?metadata=x', '?metadata=[1]', '?with_count=x',
                                   '?limit=-1', '?limit=x', '?offset=x', '?sort_key=x', '?sort_key=',
                                   '?sort_dir='])
def test_filters_that_make_no_sense_are_refused(api, query):
    assert api.user('GET', f'/snapshots{query}').status_int == 400


def test_number_of_matches_is_told_when_asked_for(api, share):
    for name in 'ab':
        make_snapshot(api.user.context(), share, name=name)
    assert api.user.get('/snapshots?with_count=1&limit=1')['count'] == 2
    assert 'count' not in api.user.get('/snapshots?with_count=1', '2.78')
    assert api.user.get('/snapshots/detail?with_count=1&name=a', '2.0')['count'] == 1
    assert 'count' not in api.user.get('/snapshots?with_count=0')


SORT_KEYS = ['id', 'user_id', 'project_id', 'share_id', 'size', 'share_size', 'share_proto', 'name',
             'display_name', 'description', 'created_at', 'updated_at', 'status', 'progress']


def test_pages_walked_in_any_order_give_the_whole_list(api, share, conf):
    conf.config(group='quota', snapshots=-1)
    for _ in range(12):
        make_snapshot(api.user.context(), share, random.choice(['available', 'error']),
                      name=random.choice(['a', 'b', None]))
    for sort_key in SORT_KEYS:
        for direction in ('asc', 'desc'):
            order = f'sort_key={sort_key}&sort_dir={direction}'
            whole = [row['id'] for row in api.user.get(f'/snapshots?{order}')['snapshots']]
            assert len(set(whole)) == 12
            walked, path = [], f'/snapshots?{order}&limit={random.randint(1, 13)}'
            while path:
                page = api.user.get(path)
                walked += [row['id'] for row in page['snapshots']]
                path = page.get('share_snapshots_links', [{'href': ''}])[0]['href'].partition('/v2')[2]
            assert walked == whole, order


def test_list_costs_the_same_however_long_it_is(api, share, statements, conf):
    conf.config(group='quota', snapshots=-1)
    costs = []
    for number in (2, 20):
        for _ in range(number):
            make_snapshot(api.user.context(), share, metadata={'a': 'b'})
        with statements() as seen:
            assert len(api.user.get('/snapshots/detail?with_count=1')['snapshots']) >= number
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 4


def test_requests_take_few_statements(api, share, snapshot, statements):
    with statements() as seen:
        api.user.get(f'/snapshots/{snapshot["id"]}')
    assert len(seen) == 2
    with statements() as seen:
        assert post(api.user, share).status_int == 202
    assert len(seen) <= 8
    with statements() as seen:
        assert api.user('DELETE', f'/snapshots/{snapshot["id"]}').status_int == 202
    assert len(seen) == 3


def test_name_and_description_are_changed(api, snapshot):
    path = f'/snapshots/{snapshot["id"]}'
    row = api.user('PUT', path,
                   {'snapshot': {'display_name': 'new', 'display_description': 'text'}}).json['snapshot']
    assert (row['name'], row['description']) == ('new', 'text')
    assert api.user.get(path)['snapshot'] == row
    assert api.user('PUT', path, {'other': {}}).status_int == 422
    assert api.user('PUT', path, {'snapshot': {'display_name': 'n' * 256}}).status_int == 400
    assert api.user('PUT', f'/snapshots/{MISSING}', {'snapshot': {}}).status_int == 404


@pytest.mark.parametrize(('status', 'expected'), [
    ('available', 202), ('error', 202), ('creating', 400), ('deleting', 400), ('error_deleting', 400),
    ('restoring', 400), ('manage_error', 400)])
def test_deletion_depends_on_the_status(api, snapshot, status, expected):
    set_snapshot_status(api.admin.context(), snapshot, status)
    path = f'/snapshots/{snapshot["id"]}'
    assert api.user('DELETE', path).status_int == expected
    assert [order[0] for order in orders(api.admin.context())] == ['snapshot.delete'] * (expected == 202)
    assert api.user.get(path)['snapshot']['status'] == ('deleting' if expected == 202 else status)


@pytest.mark.parametrize('status', ['creating', 'error_deleting', 'deleting', 'restoring', 'manage_error'])
def test_administrators_delete_by_force_whatever_the_status(api, snapshot, status):
    set_snapshot_status(api.admin.context(), snapshot, status)
    assert act(api.user, snapshot, 'force_delete') == 403
    assert act(api.admin, snapshot, 'force_delete') == 202
    assert act(api.admin, {'id': MISSING}, 'force_delete') == 404
    assert api.user.get(f'/snapshots/{snapshot["id"]}')['snapshot']['status'] == 'deleting'


def test_actions_have_old_names_up_to_26(api, snapshot):
    assert act(api.admin, snapshot, 'os-reset_status', {'status': 'error'}, '2.6') == 202
    assert act(api.admin, snapshot, 'reset_status', {'status': 'error'}, '2.6') == 404
    assert act(api.admin, snapshot, 'os-force_delete', None, '2.6') == 202
    assert act(api.admin, snapshot, 'os-force_delete', None, '2.7') == 404


def test_status_is_reset_to_those_that_may_be_set(api, snapshot):
    assert act(api.user, snapshot, 'reset_status', {'status': 'error'}) == 403
    for status in ('available', 'error', 'error_deleting', 'deleting', 'creating', 'manage_starting',
                   'restoring',
                   'unmanage_starting', 'unmanage_error', 'manage_error', 'migrating', 'migrating_to'):
        assert act(api.admin, snapshot, 'reset_status', {'status': status}) == 202
        assert api.user.get(f'/snapshots/{snapshot["id"]}')['snapshot']['status'] == status
    for body in ({'status': 'deferred_deleting'}, {'status': 'x'}, {'status': None}, {}):
        assert act(api.admin, snapshot, 'reset_status', body) == 400
    assert act(api.admin, {'id': MISSING}, 'reset_status', {'status': 'error'}) == 404


def test_snapshots_whose_deletion_is_put_off_are_for_administrators(api, snapshot):
    set_snapshot_status(api.admin.context(), snapshot, 'deferred_deleting')
    assert names(api.user) == [] and names(api.user, '/detail') == []
    assert api.user('GET', f'/snapshots/{snapshot["id"]}').status_int == 404
    for status in ('deferred_deleting', 'error_deferred_deleting'):
        assert api.user('GET', f'/snapshots?status={status}').status_int == 403
    assert names(api.admin, '?all_tenants=1&status=deferred_deleting') == ['mine']
    assert api.admin.get(f'/snapshots/{snapshot["id"]}')['snapshot']['status'] == 'deferred_deleting'


# ---- metadata

def test_metadata_are_shown_added_replaced_changed_and_removed(api, snapshot):
    path = f'/snapshots/{snapshot["id"]}/metadata'
    assert api.user.get(path, '2.73') == {'metadata': {'colour': 'red'}}
    assert api.user.get(f'{path}/colour') == {'meta': {'colour': 'red'}}
    assert api.user('POST', path, {'metadata': {'a': '1'}}).json == {'metadata': {'colour': 'red', 'a': '1'}}
    assert api.user('POST', f'{path}/a', {'metadata': {'a': '2'}}).json == {'metadata': {'a': '2'}}
    assert api.user('PUT', path, {'metadata': {'b': '3'}}).json == {'metadata': {'b': '3'}}
    answer = api.user('DELETE', f'{path}/b')
    assert (answer.status_int, answer.body) == (200, b'')
    assert api.user('POST', path, {'metadata': {'c': '4'}}).status_int == 200
    assert api.user('PUT', path, {'metadata': None}).json == {'metadata': None}
    assert api.user.get(path) == {'metadata': {}}


def test_refusals_of_metadata(api, snapshot):
    path = f'/snapshots/{snapshot["id"]}/metadata'
    for method, where, body, expected in (
            ('GET', '/x', None, 404), ('DELETE', '/x', None, 404),
            ('POST', '/x', {'metadata': {'y': '1'}}, 400),
            ('POST', '/x', {'metadata': {'x': '1', 'y': '1'}}, 400), ('POST', '', {}, 400),
            ('POST', '', {'metadata': {'k' * 256: 'v'}}, 400), ('POST', '', {'metadata': {'k': ' '}}, 400),
            ('PUT', '', {'metadata': {'k': 'v' * 1024}}, 400), ('PUT', '', {'metadata': 'text'}, 400)):
        assert api.user(method, path + where, body).status_int == expected, (method, where, body)
    for method, where, body in (('GET', '', None), ('GET', '/colour', None), ('DELETE', '/colour', None),
                                ('POST', '', {'metadata': {}}), ('PUT', '', {'metadata': {}})):
        assert api.user(method, path + where, body, version='2.72').status_int == 404
        assert api.user(method, f'/snapshots/{MISSING}/metadata{where}', body).status_int == 404


# ---- taking over and letting go

def manage(caller, share, version='2.99', **wanted):
    body = {'snapshot': {'share_id': share['id'], 'provider_location': 'there', **wanted}}
    return caller('POST', '/snapshots/manage', body, version)


def test_managed_snapshot_is_ordered_with_what_is_told(api, share):
    answer = manage(api.admin, share, name='n', description='d', metadata={'a': 'b'},
                    driver_options={'x': 'y'})
    assert answer.status_int == 202
    row = answer.json['snapshot']
    assert (row['status'], row['name'], row['description'], row['provider_location'], row['metadata']) == (
        'manage_starting', 'n', 'd', 'there', {'a': 'b'})
    assert set(row) == views.fields(DETAIL, 99, True)
    assert [order[0] for order in orders(api.admin.context())] == ['snapshot.manage']
    assert manage(api.admin, share).status_int == 409
    assert quotas.check(api.admin.context()) == []


@pytest.mark.parametrize('wanted',
                         [{'provider_location': ''}, {'provider_location': None}, {'provider_location': 1},
                                    {'share_id': ''}, {'share_id': ['x']}])
def test_snapshot_is_managed_only_with_a_share_and_a_location(api, share, wanted):
    assert manage(api.admin, share, **wanted).status_int == 422


def test_refusals_of_managing(api, share):
    assert api.admin('POST', '/snapshots/manage', {'other': {}}).status_int == 422
    assert api.admin('POST', '/snapshots/manage', {'snapshot': {'share_id': share['id']}}).status_int == 422
    assert manage(api.admin, share, '2.11').status_int == 404
    assert manage(api.user, share).status_int == 403
    assert manage(api.admin, {'id': MISSING}).status_int == 404
    set_status(api.admin.context(), share, 'deleting')
    assert manage(api.admin, share).status_int == 400
    with session.writer(api.admin.context()) as connection:
        shares.change(connection, share['id'], is_soft_deleted=True)
    assert manage(api.admin, share).status_int == 403


@pytest.mark.parametrize(('status', 'expected'), [
    ('available', 202), ('error', 202), ('manage_error', 202), ('unmanage_error', 202),
    ('error_deleting', 202),
    ('creating', 403), ('deleting', 403), ('restoring', 403), ('unmanage_starting', 403)])
def test_unmanaging_depends_on_the_status(api, snapshot, status, expected):
    set_snapshot_status(api.admin.context(), snapshot, status)
    assert act(api.user, snapshot, 'unmanage') == 403
    assert act(api.admin, snapshot, 'unmanage', None, '2.11') == 404
    assert act(api.admin, snapshot, 'unmanage') == expected
    assert act(api.admin, {'id': MISSING}, 'unmanage') == 404


def test_share_with_snapshots_is_not_deleted(api, share, snapshot):
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 403
    set_snapshot_status(api.admin.context(), snapshot, 'deferred_deleting')
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202
