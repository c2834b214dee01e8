"""Operations on shares through the whole API."""
import pytest

from manila.resources.shares import service
from manila.tests.fixtures.rows import HOST, make_share, orders, set_status
from manila.tests.resources import views

pytestmark = pytest.mark.usefixtures('share_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context(), name='mine', metadata={'colour': 'red'})


def post(caller, wanted, version='2.99'):
    body = {'share': {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain', **wanted}}
    return caller('POST', '/shares', body, version)


def created(caller, wanted=(), version='2.99'):
    answer = post(caller, dict(wanted), version)
    assert answer.status_int == 200, answer.text
    return answer.json['share']


def act(caller, share_id, name, body=None, version='2.99'):
    return caller('POST', f'/shares/{share_id}/action', {name: body}, version=version)


@pytest.mark.parametrize('who', ['user', 'admin'])
def test_answers_have_exactly_the_fields_of_each_microversion(api, share, who):
    caller = getattr(api, who)
    everywhere = '?all_tenants=1'
    for minor in range(100):
        version = f'2.{minor}'
        detail = views.fields(views.SHARE, minor, who == 'admin')
        assert set(caller.get(f'/shares/{share["id"]}', version)['share']) == detail, version
        row, = caller.get(f'/shares/detail{everywhere}', version)['shares']
        assert set(row) == detail, version
        row, = caller.get(f'/shares{everywhere}', version)['shares']
        assert set(row) == views.fields(views.SHARE_SUMMARY, minor, False), version


def test_creation_answers_the_fields_of_each_microversion(api, conf):
    conf.config(group='quota', shares=-1)
    for minor in range(100):
        share = created(api.user, version=f'2.{minor}')
        assert set(share) == views.fields(views.SHARE, minor, False), minor


def test_show_tells_what_is_known(api, share, share_type):
    row = api.user.get(f'/shares/{share["id"]}', '2.99')['share']
    links = row.pop('links')
    assert [link['rel'] for link in links] == ['self', 'bookmark']
    assert links[0]['href'].endswith(f'/v2/shares/{share["id"]}')
    assert len(row.pop('created_at')) == len('2026-01-02T03:04:05.000006')
    assert row == {
        'id': share['id'], 'size': 1, 'availability_zone': None, 'status': 'available', 'name': 'mine',
        'description': None, 'project_id': api.user.project_id, 'snapshot_id': None, 'share_network_id': None,
        'share_proto': 'NFS', 'metadata': {'colour': 'red'}, 'share_type': share_type['id'],
        'share_type_name': 'plain', 'volume_type': 'plain', 'is_public': False, 'snapshot_support': False,
        'task_state': None, 'access_rules_status': 'active', 'replication_type': None, 'has_replicas': False,
        'user_id': 'user', 'create_share_from_snapshot_support': False, 'revert_to_snapshot_support': False,
        'share_group_id': None, 'source_share_group_snapshot_member_id': None, 'mount_snapshot_support': False,
        'progress': '100%', 'is_soft_deleted': False, 'scheduled_to_be_deleted_at': None,
        'source_backup_id': None, 'encryption_key_ref': None, 'snapshot_inherit_share_access_support': False}
    assert api.admin.get(f'/shares/{share["id"]}')['share']['host'] == HOST


def test_old_versions_show_paths_and_names_in_their_way(api, share, share_type):
    old = api.user.get(f'/shares/{share["id"]}', '2.5')['share']
    assert old['export_locations'] == ['192.0.2.10:/shares/one', '192.0.2.11:/shares/one']
    assert old['export_location'] == '192.0.2.10:/shares/one'
    assert (old['share_type'], old['volume_type']) == ('plain', 'plain')
    assert api.user.get(f'/shares/{share["id"]}', '2.6')['share']['share_type'] == share_type['id']


def test_status_words_of_old_versions(api, share):
    set_status(api.admin.context(), share, 'creating_from_snapshot')
    path = f'/shares/{share["id"]}'
    assert api.user.get(path, '2.53')['share']['status'] == 'creating'
    assert api.user.get(path, '2.54')['share']['status'] == 'creating_from_snapshot'


@pytest.mark.parametrize(('method', 'path', 'body', 'statuses'), [
    ('GET', '', None, 404), ('PUT', '', {'share': {'name': 'x'}}, 404), ('DELETE', '', None, 404),
    ('GET', '/metadata', None, 404), ('GET', '/metadata/colour', None, 404),
    ('POST', '/metadata', {'metadata': {'a': 'b'}}, 404),
    ('PUT', '/metadata', {'metadata': {'a': 'b'}}, 404), ('POST', '/metadata/a', {'metadata': {'a': 'b'}}, 404),
    ('DELETE', '/metadata/colour', None, 404), ('GET', '/export_locations', None, 404),
    ('POST', '/action', {'extend': {'new_size': 2}}, 404), ('POST', '/action', {'shrink': {'new_size': 1}}, 404),
    ('POST', '/action', {'allow_access': {'access_type': 'ip', 'access_to': '192.0.2.1'}}, 404),
    ('POST', '/action', {'deny_access': {'access_id': MISSING}}, 404),
    ('POST', '/action', {'reset_status': {'status': 'error'}}, 403), ('POST', '/action', {'force_delete': None}, 403)])
def test_shares_of_other_projects_do_not_exist(api, share, method, path, body, statuses):
    answer = api.stranger(method, f'/shares/{share["id"]}{path}', body)
    assert answer.status_int == statuses, answer.text
    missing = api.user(method, f'/shares/{MISSING}{path}', body)
    assert missing.status_int == statuses, missing.text
    assert api.user.get(f'/shares/{share["id"]}')['share']['metadata'] == {'colour': 'red'}


def test_public_shares_are_seen_by_all_and_changed_by_none(api):
    share = make_share(api.user.context(), is_public=True, metadata={'colour': 'red'})
    path = f'/shares/{share["id"]}'
    assert api.stranger.get(path)['share']['id'] == share['id']
    assert api.stranger.get(f'{path}/metadata') == {'metadata': {'colour': 'red'}}
    assert len(api.stranger.get(f'{path}/export_locations')['export_locations']) == 2
    assert api.stranger.get('/shares') == {'shares': []}
    assert len(api.stranger.get('/shares?is_public=True')['shares']) == 1
    for method, rest, body in (('PUT', '', {'share': {'name': 'x'}}), ('DELETE', '', None),
                               ('PUT', '/metadata', {'metadata': {}}), ('DELETE', '/metadata/colour', None),
                               ('POST', '/action', {'extend': {'new_size': 2}}),
                               ('POST', '/action', {'allow_access': {'access_type': 'ip', 'access_to': '192.0.2.1'}}),
                               ('POST', '/action', {'access_list': None})):
        version = '2.44' if body == {'access_list': None} else '2.99'
        assert api.stranger(method, path + rest, body, version=version).status_int == 403, (method, rest)
    assert api.stranger('GET', f'/share-access-rules?share_id={share["id"]}').status_int == 403


def test_only_administrators_make_shares_public(api, share):
    assert post(api.user, {'is_public': True}).status_int == 403
    assert created(api.admin, {'is_public': True})['is_public'] is True
    assert api.user('PUT', f'/shares/{share["id"]}', {'share': {'is_public': True}}).status_int == 403
    assert api.admin('PUT', f'/shares/{share["id"]}', {'share': {'is_public': True}}).json['share']['is_public'] is True


def test_readers_change_nothing(api, share):
    reader = api.of(roles=('reader',))
    assert reader.get(f'/shares/{share["id"]}')['share']['id'] == share['id']
    assert post(reader, {}).status_int == 403
    assert reader('DELETE', f'/shares/{share["id"]}').status_int == 403
    assert act(reader, share['id'], 'extend', {'new_size': 2}).status_int == 403


def test_update_changes_names_under_either_word(api, share):
    path = f'/shares/{share["id"]}'
    answer = api.user('PUT', path, {'share': {'display_name': 'a', 'display_description': 'b'}})
    assert (answer.json['share']['name'], answer.json['share']['description']) == ('a', 'b')
    answer = api.user('PUT', path, {'share': {'name': None}})
    assert (answer.json['share']['name'], answer.json['share']['description']) == (None, 'b')
    assert api.user('PUT', path, {}).status_int in (400, 422)


def test_metadata_of_a_share_is_set_replaced_and_removed(api, share):
    path = f'/shares/{share["id"]}/metadata'
    assert api.user('POST', path, {'metadata': {'size': 'big'}}).json == {'metadata': {'colour': 'red', 'size': 'big'}}
    assert api.user.get(f'{path}/size') == {'meta': {'size': 'big'}}
    assert api.user('POST', f'{path}/size', {'meta': {'size': 'small'}}).json == {'metadata': {'size': 'small'}}
    assert api.user('POST', f'{path}/size', {'meta': {'other': 'small'}}).status_int == 400
    assert api.user('DELETE', f'{path}/size').status_int == 200
    assert api.user('DELETE', f'{path}/size').status_int == 404
    assert api.user('GET', f'{path}/size').status_int == 404
    assert api.user('PUT', path, {'metadata': {'only': 'this'}}).json == {'metadata': {'only': 'this'}}
    assert api.user.get(path) == {'metadata': {'only': 'this'}}


def test_metadata_of_administrators_are_kept_from_users(api, share):
    path = f'/shares/{share["id"]}/metadata'
    key = '__affinity_same_host'
    assert api.user('POST', path, {'metadata': {key: 'x'}}).status_int == 403
    assert api.admin('POST', path, {'metadata': {key: 'x'}}).status_int == 200
    assert api.user('PUT', path, {'metadata': {'a': 'b'}}).json == {'metadata': {key: 'x', 'a': 'b'}}
    assert api.user('DELETE', f'{path}/{key}').status_int == 403
    assert api.admin('DELETE', f'{path}/{key}').status_int == 200


def test_list_filters_sorts_and_pages(api):
    for number, name in enumerate(('one', 'two', 'three')):
        make_share(api.user.context(), name=name, size=number + 1, metadata={'n': name}, locations=())
    make_share(api.stranger.context(), name='foreign', locations=())

    def names(query, caller=api.user, version='2.99'):
        return [row['name'] for row in caller.get(f'/shares?{query}', version)['shares']]
    assert names('sort_key=size&sort_dir=asc') == ['one', 'two', 'three']
    assert names('sort_key=name') == ['two', 'three', 'one']
    assert names('name=two') == ['two'] == names("metadata={'n':'two'}")
    assert names('name~=t') == ['three', 'two']
    assert sorted(names('name~=t', version='2.35')) == ['one', 'three', 'two']
    assert names('status=error') == [] and len(names('status=available')) == 3
    assert len(names('all_tenants=1')) == 3 and len(names('all_tenants=1', api.admin)) == 4
    assert names('all_tenants=1&project_id=' + api.stranger.project_id, api.admin) == ['foreign']
    assert names(f'host={HOST}', api.admin) == [] and len(names('all_tenants=1&host=node', api.admin)) == 4
    assert api.user('GET', '/shares?host=node').status_int == 403
    page = api.user.get('/shares?limit=2&sort_key=size&sort_dir=asc')
    assert [row['name'] for row in page['shares']] == ['one', 'two']
    assert 'shares_links' in page
    assert names(f'limit=2&sort_key=size&sort_dir=asc&marker={page["shares"][1]["id"]}') == ['three']
    assert api.user.get('/shares?with_count=1&limit=1')['count'] == 3
    assert api.user.get('/shares/detail?availability_zone=nowhere', '2.97') == {'shares': []}
    assert api.user.get('/shares?availability_zone=nowhere&with_count=1', '2.97') == {'shares': [], 'count': 0}


@pytest.mark.parametrize('key', [
    'id', 'status', 'size', 'host', 'share_proto', 'availability_zone_id', 'user_id', 'project_id', 'created_at',
    'updated_at', 'display_name', 'name', 'share_type_id', 'share_type', 'share_network_id', 'share_network',
    'snapshot_id', 'snapshot'])
def test_list_is_sorted_by_each_known_key_and_paged_by_marker(api, key):
    for number in range(5):
        make_share(api.user.context(), name=None if number % 2 else 'same', locations=())
    for direction in ('asc', 'desc'):
        query = f'/shares?sort_key={key}&sort_dir={direction}'
        everything = [row['id'] for row in api.user.get(query)['shares']]
        paged = []
        while len(paged) < 5:
            marker = f'&marker={paged[-1]}' if paged else ''
            rows = api.user.get(f'{query}&limit=2{marker}')['shares']
            assert rows
            paged += [row['id'] for row in rows]
        assert paged == everything


def test_deletion_is_ordered_and_refused(api, share):
    set_status(api.admin.context(), share, 'creating')
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 403
    set_status(api.admin.context(), share, 'available')
    assert api.user('DELETE', f'/shares/{share["id"]}?share_group_id={MISSING}').status_int == 400
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202
    assert api.user.get(f'/shares/{share["id"]}')['share']['status'] == 'deleting'
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 403
    assert orders(api.admin.context()) == [('share.delete', 'share:node@alpha', share['instances'][0]['id'])]


@pytest.mark.parametrize('version', ['2.6', '2.7'])
def test_actions_have_other_names_in_old_versions(api, share, version):
    prefix, other = ('os-', '') if version == '2.6' else ('', 'os-')
    assert act(api.user, share['id'], f'{other}extend', {'new_size': 2}, version).status_int == 404
    assert act(api.user, share['id'], f'{prefix}extend', {'new_size': 2}, version).status_int == 202
    assert act(api.admin, share['id'], f'{prefix}reset_status', {'status': 'available'}, version).status_int == 202
    assert act(api.admin, share['id'], f'{prefix}force_delete', None, version).status_int == 202


def test_quota_is_answered_by_413_and_for_extensions_by_403(api, share, conf):
    conf.config(group='quota', shares=1, gigabytes=1)
    assert post(api.user, {}).status_int == 413
    assert act(api.user, share['id'], 'extend', {'new_size': 2}).status_int == 403
    conf.config(group='quota', shares=5, gigabytes=50, per_share_gigabytes=3)
    assert post(api.user, {'size': 4}).status_int == 413
    assert act(api.user, share['id'], 'extend', {'new_size': 4}).status_int == 413
    assert api.user.get(f'/shares/{share["id"]}')['share']['status'] == 'available'


NOT_TEXT = (5, 1.5, True, [], {}, 'x' * 256, 'a\0b', '\ud800')
NOT_TEXT_36 = (5, True, [], {}, 'x' * 256, 'a\0b')
NOT_SIZE = ('abc', '', 0, -1, 1.5, True, [], {}, 2 ** 31, 10 ** 30, '1e3', None, '\0', ' ', '0x10')
NOT_BOOLEAN = ('perhaps', 2, 1.5, [], {}, -1)
NOT_METADATA = (5, 'x', True, [], [1], {'': 'v'}, {' ': 'v'}, {'k': ''}, {'k': 5}, {'k': None}, {'k': {}},
                {'k' * 256: 'v'}, {'k': 'v' * 1024}, {'k\0': 'v'}, {'k': 'v\0'})
NOT_UUID = (5, True, [], {}, 'x', 'x' * 300, '\0')
BAD_CREATE = {
    'size': NOT_SIZE, 'share_proto': (None, *NOT_TEXT, '', 'FTP'), 'name': NOT_TEXT, 'display_name': NOT_TEXT,
    'description': NOT_TEXT, 'display_description': NOT_TEXT, 'share_type': NOT_TEXT, 'volume_type': NOT_TEXT,
    'is_public': NOT_BOOLEAN, 'metadata': NOT_METADATA, 'availability_zone': NOT_TEXT, 'snapshot_id': NOT_TEXT_36,
    'share_network_id': NOT_TEXT_36, 'share_group_id': NOT_TEXT_36, 'encryption_key_ref': NOT_UUID,
    'mount_point_name': NOT_TEXT,
    'scheduler_hints': (5, 'x', [], {'same_host': 5}, {'different_host': []}, {'only_host': True}, {'query': {}},
                        {'same_host': 'a\0'})}


@pytest.mark.parametrize('field', BAD_CREATE)
def test_bad_values_of_a_creation_are_refused(api, field):
    for value in BAD_CREATE[field]:
        answer = post(api.user, {field: value})
        assert answer.status_int == 400, (field, value, answer.text)
    assert api.user.get('/shares') == {'shares': []}
    assert orders(api.admin.context()) == []


@pytest.mark.parametrize('body', [None, [], 'x', 5, {}, {'share': None}, {'share': []}, {'share': 'x'}, {'other': {}},
                                  {'share': {}}, {'share': {'size': 1}}])
def test_bodies_of_another_shape_are_refused(api, share, body):
    assert api.user('POST', '/shares', body).status_int in (400, 422)
    assert act(api.user, share['id'], 'extend', body).status_int == 400
    assert api.user('POST', f'/shares/{share["id"]}/action', body).status_int == 400
    assert api.user('PUT', f'/shares/{share["id"]}/metadata', body).status_int == 400


@pytest.mark.parametrize(('name', 'field', 'values'), [
    ('extend', 'new_size', (*NOT_SIZE, 1)), ('shrink', 'new_size', (*NOT_SIZE, 1, 2)),
    ('extend', 'force', NOT_BOOLEAN), ('reset_status', 'status', (None, *NOT_TEXT, '', 'fine', 'extending'))])
def test_bad_values_of_actions_are_refused(api, share, name, field, values):
    for value in values:
        body = {'new_size': 2} if name == 'extend' else {}
        answer = act(api.admin, share['id'], name, {**body, field: value})
        assert answer.status_int == 400, (name, field, value, answer.text)
    assert api.user.get(f'/shares/{share["id"]}')['share']['status'] == 'available'


@pytest.mark.parametrize(('field', 'values'), [
    ('name', NOT_TEXT), ('display_name', NOT_TEXT), ('description', NOT_TEXT), ('is_public', (None, *NOT_BOOLEAN))])
def test_bad_values_of_an_update_are_refused(api, share, field, values):
    for value in values:
        answer = api.admin('PUT', f'/shares/{share["id"]}', {'share': {field: value}})
        assert answer.status_int == 400, (field, value, answer.text)


def test_bad_metadata_are_refused(api, share):
    path = f'/shares/{share["id"]}/metadata'
    for value in (None, *NOT_METADATA):
        for method, where in (('POST', path), ('PUT', path), ('POST', f'{path}/k')):
            if method == 'POST' or value is not None:
                answer = api.user(method, where, {'metadata': value})
                assert answer.status_int == 400, (method, where, value, answer.text)
    assert api.user.get(path) == {'metadata': {'colour': 'red'}}


def test_null_removes_all_metadata(api, share):
    path = f'/shares/{share["id"]}/metadata'
    assert api.user('PUT', path, {'metadata': None}).json == {'metadata': None}
    assert api.user.get(path) == {'metadata': {}}


@pytest.mark.parametrize('query', [
    'limit=-1', 'limit=x', 'limit=' + '9' * 400, 'offset=-1', 'offset=x', 'offset=' + '9' * 30, 'sort_key=colour',
    'sort_key=', 'sort_key=%00', 'all_tenants=perhaps', 'is_public=perhaps', 'metadata=x', 'metadata={',
    "metadata={'a':[]}", "metadata={'a':'%00'}", 'name=%00', 'status=%00', 'marker=%00',
    'name=' + 'x' * 256, 'with_count=perhaps', 'is_soft_deleted=perhaps',
    'share_type_id=%ff', 'export_location_path=%00', 'name~=%00', 'share_group_id=%00'])
def test_bad_queries_are_refused(api, query):
    for path in ('/shares', '/shares/detail'):
        assert api.user('GET', f'{path}?{query}').status_int == 400, (path, query)


@pytest.mark.parametrize('query', [
    'limit=0', 'limit=99999', 'offset=2147483647', 'marker=nothing', 'metadata={}', 'share_type_id=x', 'snapshot_id=x',
    'share_network_id=x', 'share_group_id=x', 'export_location_id=x', 'export_location_path=x', 'unknown=x',
    'mount_point_name=x', 'encryption_key_ref=x', 'status=fantasy', 'sort_dir=sideways', 'name~=%25', 'is_public=1'])
def test_odd_queries_are_answered(api, share, query):
    for path in ('/shares', '/shares/detail'):
        assert api.user('GET', f'{path}?{query}').status_int == 200, (path, query)


@pytest.mark.parametrize('share_id', ['x', 'x' * 2000, '%00', '%20', "'", '%F0%9F%98%80', '..%2f', '%ff'])
def test_ids_that_are_none_are_not_found(api, share_id):
    for method, rest, body in (('GET', '', None), ('DELETE', '', None), ('PUT', '', {'share': {'name': 'x'}}),
                               ('GET', '/metadata', None), ('GET', '/export_locations', None),
                               ('POST', '/action', {'extend': {'new_size': 2}})):
        answer = api.user(method, f'/shares/{share_id}{rest}', body)
        assert answer.status_int in (400, 404), (method, rest, answer.text)


def test_cost_of_lists_does_not_grow_with_their_length(api, statements, conf):
    conf.config(group='quota', shares=-1)

    def cost(path):
        with statements() as seen:
            api.user.get(path)
        return len(seen)
    context = api.user.context()
    for _ in range(10):
        service.create(context, {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain', 'metadata': {'a': 'b'}})
    paths = ('/shares', '/shares/detail', '/shares/detail?limit=1000', '/shares?with_count=1')
    few = [cost(path) for path in paths]
    for _ in range(190):
        service.create(context, {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain', 'metadata': {'a': 'b'}})
    assert len(api.user.get('/shares/detail')['shares']) == 200
    assert [cost(path) for path in paths] == few
    assert few == [1, 3, 3, 2]


@pytest.mark.parametrize(('method', 'rest', 'body', 'most'), [
    ('GET', '', None, 2), ('PUT', '', {'share': {'name': 'x'}}, 3), ('DELETE', '', None, 8),
    ('POST', '/action', {'extend': {'new_size': 2}}, 9), ('POST', '/metadata', {'metadata': {'a': 'b'}}, 3)])
def test_cost_of_operations_is_small(api, share, statements, method, rest, body, most):
    with statements() as seen:
        answer = api.user(method, f'/shares/{share["id"]}{rest}', body)
    assert answer.status_int < 300
    assert len(seen) <= most, seen


def test_cost_of_creation_does_not_depend_on_what_there_is(api, statements):
    def cost():
        with statements() as seen:
            created(api.user, {'metadata': {'a': 'b'}})
        return len(seen)
    cost()
    first = cost()
    for _ in range(40):
        created(api.user)
    assert cost() == first <= 11
