"""Share group types over HTTP."""
import pytest

from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT

ALL = '/share-group-types'
SPECS = {'consistent_snapshot_support': 'pool'}
EXPERIMENTAL = {'X-OpenStack-Manila-API-Experimental': 'True'}


def create(api, share_types, name='gold', version='2.99', **more):
    return api.admin('POST', ALL, {'share_group_type': {'name': name, 'share_types': share_types,
                                                        'group_specs': SPECS, **more}}, version, **EXPERIMENTAL)


@pytest.fixture
def make(api, share_type):
    """Creates a group type for the one share type; returns what the answer shows."""
    def made(*args, **more):
        answer = create(api, [share_type['id']], *args, **more)
        assert answer.status_int == 200, answer.text
        return answer.json['share_group_type']
    return made


@pytest.mark.parametrize('version, more', [('2.31', set()), ('2.45', set()), ('2.46', {'is_default'}),
                                           ('2.55', {'is_default'}), ('2.99', {'is_default'})])
def test_types_show_the_fields_of_the_version(api, make, share_type, version, more):
    made = make(version=version)
    assert set(made) == {'id', 'name', 'is_public', 'group_specs', 'share_types'} | more
    assert made['group_specs'] == SPECS and made['share_types'] == [share_type['id']] and made['is_public'] is True
    one = api.user('GET', f'{ALL}/{made["id"]}', version=version, **EXPERIMENTAL)
    assert one.json == {'share_group_type': made}
    assert api.user('GET', ALL, version=version, **EXPERIMENTAL).json == {'share_group_types': [made]}


def test_up_to_254_clients_must_accept_experiments(api, make):
    make()
    assert api.user('GET', ALL, version='2.30', **EXPERIMENTAL).status_int == 404
    assert api.user('GET', ALL, version='2.54').status_int == 404
    assert api.user('GET', ALL, version='2.55').status_int == 200


def test_share_types_are_named_by_id_or_name_and_counted_once(api, share_type):
    made = create(api, [share_type['name'], share_type['id']]).json['share_group_type']
    assert made['share_types'] == [share_type['id']]


def test_the_default_type_is_shown_and_marked(api, make, conf):
    default = f'{ALL}/default'
    assert api.user('GET', default).status_int == 404
    conf.config(default_share_group_type='gold')
    assert api.user('GET', default).status_int == 404
    made = make()
    make('silver')
    assert api.user.get(default)['share_group_type'] == made and made['is_default'] is True
    assert [row['is_default'] for row in api.user.get(ALL)['share_group_types']] == [True, False]


def test_lists_show_what_the_project_may_use_unless_administrators_ask_for_more(api, make):
    make('public')
    private = make('private', is_public=False)

    def names(caller, query=''):
        return [row['name'] for row in caller.get(f'{ALL}{query}')['share_group_types']]

    assert names(api.admin) == names(api.user, '?is_public=all') == names(api.stranger) == ['public']
    assert names(api.admin, '?is_public=all') == ['public', 'private']
    assert names(api.admin, '?is_public=false') == ['private']
    assert api.admin('GET', f'{ALL}?is_public=perhaps').status_int == 400
    action = f'{ALL}/{private["id"]}/action'
    for project in (PROJECT, api.admin.project_id):
        assert api.admin('POST', action, {'addProjectAccess': {'project': project}}).status_int == 202
    assert names(api.user) == names(api.admin) == ['public', 'private'] and names(api.stranger) == ['public']
    assert api.stranger('GET', f'{ALL}/{private["id"]}').status_int == 404


def test_lists_are_filtered_by_group_specs_from_266_on(api, make):
    make()
    query = ALL + "?group_specs={'consistent_snapshot_support':'%s'}"
    assert len(api.user.get(query % 'pool', '2.66')['share_group_types']) == 1
    assert api.user.get(query % 'host')['share_group_types'] == []
    assert api.user('GET', query % 'pool', version='2.65').status_int == 400


@pytest.mark.parametrize('more, status', [
    ({'name': ''}, 400), ({'name': 'x' * 256}, 400), ({'share_types': []}, 400), ({'share_types': 'plain'}, 400),
    ({'share_types': None}, 400), ({'share_types': ['missing']}, 404), ({'is_public': 'perhaps'}, 400),
    ({'group_specs': []}, 400), ({'group_specs': {'a b': 'x'}}, 400), ({'group_specs': {'a': ''}}, 400)])
def test_bad_types_are_refused(api, share_type, more, status):
    body = {'name': 'x', 'share_types': ['plain'], **more}
    assert api.admin('POST', ALL, {'share_group_type': body}).status_int == status
    assert api.admin.get(ALL) == {'share_group_types': []}


def test_group_specs_may_be_left_out(api, share_type):
    answer = api.admin('POST', ALL, {'share_group_type': {'name': 'x', 'share_types': ['plain'], 'group_specs': None}})
    assert answer.json['share_group_type']['group_specs'] == {}


def test_a_name_is_taken_once(api, make, share_type):
    make()
    assert create(api, [share_type['id']]).status_int == 409


def test_a_deleted_type_is_gone_and_its_share_types_are_free(api, make, share_type):
    path = f'{ALL}/{make()["id"]}'
    assert api.admin('DELETE', f'/types/{share_type["id"]}').status_int == 400
    answer = api.admin('DELETE', path)
    assert answer.status_int == 204 and answer.body == b''
    for method in ('GET', 'DELETE'):
        assert api.admin(method, path).status_int == 404
    assert api.admin('DELETE', f'/types/{share_type["id"]}').status_int == 202


def test_access_is_given_to_private_types_once_and_taken_back(api, make):
    path = f'{ALL}/{make(is_public=False)["id"]}'
    add, remove = ({f'{verb}ProjectAccess': {'project': OTHER_PROJECT}} for verb in ('add', 'remove'))
    assert api.admin.get(f'{path}/access') == {'share_group_type_access': []}
    assert api.admin('POST', f'{path}/action', add).status_int == 202
    assert api.admin('POST', f'{path}/action', add).status_int == 409
    assert api.admin.get(f'{path}/access') == {'share_group_type_access': [
        {'share_group_type_id': path.rpartition('/')[2], 'project_id': OTHER_PROJECT}]}
    assert api.stranger('GET', path).status_int == 200
    assert api.admin('POST', f'{path}/action', remove).status_int == 202
    assert api.admin('POST', f'{path}/action', remove).status_int == 404
    assert api.stranger('GET', path).status_int == 404
    assert api.admin('POST', f'{path}/action', {'addProjectAccess': {'project': 'x'}}).status_int == 400


def test_public_types_have_no_accesses(api, make):
    path = f'{ALL}/{make()["id"]}'
    assert api.admin('GET', f'{path}/access').status_int == 404
    for verb in ('add', 'remove'):
        assert api.admin('POST', f'{path}/action', {f'{verb}ProjectAccess': {'project': PROJECT}}).status_int == 409


def test_group_specs_are_set_shown_changed_and_removed(api, make):
    path = f'{ALL}/{make()["id"]}/group-specs'
    assert api.admin('POST', path, {'group_specs': {'a': 'b', 'flag': True}}).json == {
        'group_specs': {'a': 'b', 'flag': 'True'}}
    assert api.admin.get(path) == {'group_specs': {**SPECS, 'a': 'b', 'flag': 'True'}}
    assert api.admin('PUT', f'{path}/a', {'a': 'c'}).json == {'a': 'c'} == api.admin.get(f'{path}/a')
    assert api.admin('PUT', f'{path}/a', {'b': 'c'}).status_int == 400
    assert api.admin('DELETE', f'{path}/a').status_int == 204
    for method in ('GET', 'DELETE'):
        assert api.admin(method, f'{path}/a').status_int == 404


def test_users_only_read(api, make, share_type):
    made = make()
    path = f'{ALL}/{made["id"]}'
    for method, where, body in (
            ('POST', ALL, {'share_group_type': {'name': 'x', 'share_types': ['plain']}}), ('DELETE', path, None),
            ('GET', f'{path}/access', None), ('GET', f'{path}/group-specs', None),
            ('POST', f'{path}/group-specs', {'group_specs': {'a': 'b'}}), ('DELETE', f'{path}/group-specs/a', None),
            ('POST', f'{path}/action', {'addProjectAccess': {'project': PROJECT}})):
        assert api.user(method, where, body).status_int == 403, (method, where)
    assert api.admin.get(path)['share_group_type'] == made


def test_lists_cost_three_statements_whatever_their_length(api, make, statements):
    for number in range(4):
        make(f'type{number}')
    with statements() as seen:
        assert len(api.user.get(ALL)['share_group_types']) == 4
    assert len(seen) == 3
