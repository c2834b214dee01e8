"""Share types over HTTP."""
import pytest

from manila.resources.types import service
from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT

SPECS = {'driver_handles_share_servers': 'False', 'snapshot_support': 'True', 'vendor:x': 'y'}
OLD_PUBLIC = 'os-share-type-access:is_public'
PUBLIC = 'share_type_access:is_public'


def create(api, name='gold', version='2.99', key='share_type', **more):
    return api.admin('POST', '/types', {key: {'name': name, 'extra_specs': SPECS, **more}}, version)


def made(api, *args, **kwargs):
    answer = create(api, *args, **kwargs)
    assert answer.status_int == 200, answer.text
    return answer.json['share_type']


@pytest.mark.parametrize('version, wanted', [
    ('2.0', {OLD_PUBLIC}), ('2.6', {OLD_PUBLIC}), ('2.7', {PUBLIC}), ('2.40', {PUBLIC}),
    ('2.41', {PUBLIC, 'description'}), ('2.46', {PUBLIC, 'description', 'is_default'}),
    ('2.99', {PUBLIC, 'description', 'is_default'})])
def test_types_show_the_fields_of_the_version(api, version, wanted):
    share_type = made(api)
    shown = api.admin.get(f'/types/{share_type["id"]}', version)
    assert set(shown) == {'share_type', 'volume_type'} and shown['share_type'] == shown['volume_type']
    assert set(shown['share_type']) == {'id', 'name', 'extra_specs', 'required_extra_specs'} | wanted
    assert shown['share_type']['required_extra_specs'] == {'driver_handles_share_servers': 'False'}
    assert shown['share_type']['extra_specs'] == SPECS
    listed = api.admin.get('/types', version)
    assert listed == {'share_types': [shown['share_type']], 'volume_types': [shown['share_type']]}


@pytest.mark.parametrize('version, inferred', [
    ('2.23', []), ('2.24', ['create_share_from_snapshot_support', 'revert_to_snapshot_support',
                            'mount_snapshot_support']),
    ('2.99', ['create_share_from_snapshot_support', 'revert_to_snapshot_support', 'mount_snapshot_support',
              'snapshot_inherit_share_access_support'])])
def test_users_see_known_specs_and_unset_flags_as_false(api, version, inferred):
    share_type = made(api)
    shown = api.user.get(f'/types/{share_type["id"]}', version)['share_type']['extra_specs']
    assert shown == {'driver_handles_share_servers': 'False', 'snapshot_support': 'True',
                     **dict.fromkeys(inferred, False)}


def test_the_default_type_is_shown_and_marked(api, conf):
    assert api.user('GET', '/types/default').status_int == 404
    conf.config(default_share_type='gold')
    assert api.user('GET', '/types/default').status_int == 404
    made(api, 'silver')
    share_type = made(api)
    assert api.user.get('/types/default', '2.0')['volume_type']['id'] == share_type['id']
    assert [row['is_default'] for row in api.user.get('/types')['share_types']] == [False, True]


def test_a_type_is_shown_by_id_and_not_by_name(api):
    made(api)
    assert api.user('GET', '/types/gold').status_int == 404
    assert api.user('GET', '/types/detail').status_int == 404


def test_lists_are_filtered_by_visibility_for_administrators_only(api):
    made(api, 'public')
    private = made(api, 'private', **{PUBLIC: False})

    def names(caller, query=''):
        return [row['name'] for row in caller.get(f'/types{query}')['share_types']]

    assert names(api.admin) == ['public']
    assert names(api.admin, '?is_public=True') == ['public']
    assert names(api.admin, '?is_public=false') == ['private']
    for word in ('all', 'ALL', 'none'):
        assert names(api.admin, f'?is_public={word}') == ['public', 'private']
    assert api.admin('GET', '/types?is_public=perhaps').status_int == 400
    assert names(api.user, '?is_public=all') == ['public']
    api.admin('POST', f'/types/{private["id"]}/action', {'addProjectAccess': {'project': PROJECT}})
    assert names(api.user) == ['public', 'private']
    assert names(api.stranger) == ['public']
    assert api.stranger('GET', f'/types/{private["id"]}').status_int == 404
    api.admin('POST', f'/types/{private["id"]}/action', {'addProjectAccess': {'project': api.admin.project_id}})
    assert names(api.admin) == names(api.admin, '?is_public=True') == ['public', 'private']


def test_lists_are_filtered_by_extra_specs_from_243_on(api):
    made(api)
    query = "/types?extra_specs={'snapshot_support':'%s'}"
    assert len(api.user.get(query % 'True', '2.43')['share_types']) == 1
    assert api.user.get(query % 'False')['share_types'] == []
    assert api.user('GET', query % 'True', version='2.42').status_int == 400
    assert api.user('GET', '/types?extra_specs=nonsense').status_int == 400


def test_old_versions_make_types_with_snapshots_unless_they_say_otherwise(api):
    body = {'volume_type': {'name': 'a', 'extra_specs': {'driver_handles_share_servers': True}}}
    shown = api.admin('POST', '/types', body, '2.23').json['volume_type']
    assert shown['extra_specs'] == {'driver_handles_share_servers': 'True', 'snapshot_support': 'True'}
    body['volume_type'].update(name='b', extra_specs={'driver_handles_share_servers': True,
                                                      'snapshot_support': False})
    assert api.admin('POST', '/types', body,
                     '2.0').json['share_type']['extra_specs']['snapshot_support'] == 'False'
    body['volume_type'].update(name='c', extra_specs={'driver_handles_share_servers': True})
    shown = api.admin('POST', '/types', body, '2.24').json['share_type']
    assert shown['extra_specs'] == {'driver_handles_share_servers': 'True'}


def test_whole_numbers_in_a_new_type_become_strings(api):
    specs = made(api, extra_specs={**SPECS, 'provisioning:max_share_size': 5})['extra_specs']
    assert specs == {**SPECS, 'provisioning:max_share_size': '5'}


@pytest.mark.parametrize('version, key', [('2.6', OLD_PUBLIC), ('2.7', PUBLIC), ('2.99', OLD_PUBLIC)])
def test_visibility_is_set_under_the_name_of_the_version(api, version, key):
    share_type = made(api, version=version, **{key: 'false'})
    assert share_type[OLD_PUBLIC if version == '2.6' else PUBLIC] is False


@pytest.mark.parametrize('content', [
    {}, None, [], 'x', {'name': 'x'}, {'extra_specs': SPECS}, {'name': '', 'extra_specs': SPECS},
    {'name': '  ', 'extra_specs': SPECS}, {'name': 'x' * 256, 'extra_specs': SPECS},
    {'name': 'a\x00b', 'extra_specs': SPECS}, {'name': 5, 'extra_specs': SPECS},
    {'name': None, 'extra_specs': SPECS}, {'name': 'x', 'extra_specs': {}},
    {'name': 'x', 'extra_specs': None},
    {'name': 'x', 'extra_specs': {'a': 'b'}}, {'name': 'x', 'extra_specs': {**SPECS, '': 'b'}},
    {'name': 'x', 'extra_specs': {**SPECS, 'a b': 'b'}}, {'name': 'x', 'extra_specs': {**SPECS, 'a': ''}},
    {'name': 'x', 'extra_specs': {**SPECS, 'a': 'v' * 256}},
    {'name': 'x', 'extra_specs': {**SPECS, 'k' * 256: 'v'}},
    {'name': 'x', 'extra_specs': {**SPECS, 'a': 5.5}}, {'name': 'x', 'extra_specs': {**SPECS, 'a': None}},
    {'name': 'x', 'extra_specs': {**SPECS, 'a': ['b']}}, {'name': 'x', 'extra_specs': [SPECS]},
    {'name': 'x', 'extra_specs': {'driver_handles_share_servers': 'perhaps'}},
    {'name': 'x', 'extra_specs': {**SPECS, 'replication_type': 'fast'}},
    {'name': 'x', 'extra_specs': SPECS, 'description': 'd' * 256},
    {'name': 'x', 'extra_specs': SPECS, PUBLIC: 'perhaps'}])
def test_bad_types_are_refused(api, content):
    answer = api.admin('POST', '/types', {'share_type': content})
    assert answer.status_int == 400, answer.text
    assert answer.json['badRequest']['message']


@pytest.mark.parametrize('body', [None, {}, [], {'type': {}}])
def test_a_body_without_a_type_is_refused(api, body):
    assert api.admin('POST', '/types', body).status_int == 400


def test_a_description_is_refused_before_241(api):
    assert create(api, version='2.40', description='d').status_int == 400
    assert made(api, version='2.41', description='d')['description'] == 'd'


def test_a_name_that_is_taken_is_a_conflict(api):
    made(api)
    answer = create(api)
    assert answer.status_int == 409 and 'gold' in answer.json['conflictingRequest']['message']


def test_types_are_changed_from_250_on(api):
    share_type = made(api, description='old')
    path = f'/types/{share_type["id"]}'
    body = {'share_type': {'name': ' new ', 'description': '', PUBLIC: False}}
    assert api.admin('PUT', path, body, '2.49').status_int == 404
    answer = api.admin('PUT', path, body, '2.50')
    assert answer.status_int == 200 and answer.json['share_type'] == answer.json['volume_type']
    shown = answer.json['share_type']
    assert (shown['name'], shown['description'], shown[PUBLIC]) == ('new', None, False)
    made(api, 'taken')
    assert api.admin('PUT', path, {'share_type': {'name': 'taken'}}).status_int == 409
    assert api.admin('PUT', '/types/none', {'share_type': {'name': 'x'}}).status_int == 404
    for content in ({}, {'name': ''}, {'name': ' '}, {'name': 'x' * 256}, {'name': 1},
                    {'description': 'x' * 256},
                    {PUBLIC: 'perhaps'}, {'name': None}, [], None):
        assert api.admin('PUT', path, {'share_type': content}).status_int == 400, content


def test_types_are_deleted(api):
    share_type = made(api)
    answer = api.admin('DELETE', f'/types/{share_type["id"]}')
    assert (answer.status_int, answer.body) == (202, b'')
    assert api.admin('DELETE', f'/types/{share_type["id"]}').status_int == 404


def test_only_administrators_change_types(api):
    share_type = made(api)
    path = f'/types/{share_type["id"]}'
    for method, where, body in (
            ('POST', '/types', {'share_type': {'name': 'x', 'extra_specs': SPECS}}),
            ('PUT', path, {'share_type': {'name': 'x'}}), ('DELETE', path, None),
            ('GET', f'{path}/share_type_access', None), ('GET', f'{path}/os-share-type-access', None),
            ('POST', f'{path}/action', {'addProjectAccess': {'project': PROJECT}}),
            ('POST', f'{path}/action', {'removeProjectAccess': {'project': PROJECT}}),
            ('GET', f'{path}/extra_specs', None), ('GET', f'{path}/extra_specs/vendor:x', None),
            ('POST', f'{path}/extra_specs', {'extra_specs': {'a': 'b'}}),
            ('PUT', f'{path}/extra_specs/a', {'a': 'b'}), ('DELETE', f'{path}/extra_specs/vendor:x', None)):
        assert api.user(method, where, body).status_int == 403, (method, where)


def test_access_to_a_private_type_is_given_listed_and_taken(api):
    share_type = made(api, **{PUBLIC: False})
    path = f'/types/{share_type["id"]}'
    wanted = []
    for project in (PROJECT, OTHER_PROJECT):
        answer = api.admin('POST', f'{path}/action', {'addProjectAccess': {'project': project}})
        assert (answer.status_int, answer.body) == (202, b'')
        wanted.append({'share_type_id': share_type['id'], 'project_id': project})
    for name in ('share_type_access', 'os-share-type-access'):
        for version in ('2.0', '2.99'):
            assert api.admin.get(f'{path}/{name}', version) == {'share_type_access': wanted}
    assert api.admin('POST', f'{path}/action', {'addProjectAccess': {'project': PROJECT}}).status_int == 409
    assert api.admin('POST', f'{path}/action',
                     {'removeProjectAccess': {'project': PROJECT}}).status_int == 202
    assert api.admin('POST', f'{path}/action',
                     {'removeProjectAccess': {'project': PROJECT}}).status_int == 404
    for body in ({'addProjectAccess': {}}, {'addProjectAccess': None}, {'addProjectAccess': {'project': 'x'}},
                 {'removeProjectAccess': {'project': 5}}, {'unknown': {}}, {},
                 {'addProjectAccess': {'project': PROJECT}, 'removeProjectAccess': {'project': PROJECT}}):
        assert api.admin('POST', f'{path}/action', body).status_int == 400, body
    for name in ('addProjectAccess', 'removeProjectAccess'):
        assert api.admin('POST', '/types/none/action', {name: {'project': PROJECT}}).status_int == 404


def test_access_to_a_public_type_is_no_matter(api):
    path = f'/types/{made(api)["id"]}'
    assert api.admin('GET', f'{path}/share_type_access').status_int == 404
    assert api.admin('GET', '/types/none/share_type_access').status_int == 404
    for name in ('addProjectAccess', 'removeProjectAccess'):
        assert api.admin('POST', f'{path}/action', {name: {'project': PROJECT}}).status_int == 409


def test_extra_specs_are_listed_shown_set_and_removed(api):
    path = f'/types/{made(api)["id"]}/extra_specs'
    assert api.admin.get(path) == {'extra_specs': SPECS}
    assert api.admin.get(f'{path}/vendor:x') == {'vendor:x': 'y'}
    answer = api.admin('POST', path, {'extra_specs': {'a': 'b', 'dedupe': True}})
    assert (answer.status_int, answer.json) == (200, {'extra_specs': {'a': 'b', 'dedupe': 'True'}})
    answer = api.admin('PUT', f'{path}/a', {'a': 'c'})
    assert (answer.status_int, answer.json) == (200, {'a': 'c'})
    assert api.admin.get(path) == {'extra_specs': {**SPECS, 'a': 'c', 'dedupe': 'True'}}
    answer = api.admin('DELETE', f'{path}/a')
    assert (answer.status_int, answer.body) == (202, b'')
    for method in ('GET', 'DELETE'):
        assert api.admin(method, f'{path}/a').status_int == 404


def test_required_extra_specs_cannot_be_removed(api):
    path = f'/types/{made(api)["id"]}/extra_specs'
    assert api.admin('DELETE', f'{path}/driver_handles_share_servers').status_int == 403
    assert api.admin('DELETE', f'{path}/snapshot_support', version='2.23').status_int == 403
    assert api.admin('DELETE', f'{path}/snapshot_support', version='2.24').status_int == 202


def test_extra_specs_of_unknown_types_are_not_found(api):
    path = '/types/none/extra_specs'
    for method, where, body in (('GET', path, None), ('POST', path, {'extra_specs': {'a': 'b'}}),
                                ('GET', f'{path}/a', None), ('PUT', f'{path}/a', {'a': 'b'}),
                                ('DELETE', f'{path}/a', None)):
        assert api.admin(method, where, body).status_int == 404, (method, where)


def test_bad_extra_specs_are_refused(api):
    path = f'/types/{made(api)["id"]}/extra_specs'
    for content in (None, [], 'x', {'a': ''}, {'a': 5}, {'': 'x'}, {'a b': 'x'}, {'a': 'x' * 256},
                    {'snapshot_support': 'x'}, {'a': 'b\x00'}):
        assert api.admin('POST', path, {'extra_specs': content}).status_int == 400, content
    for body in (None, {}, {'b': 'c'}, {'a': 'b', 'c': 'd'}, {'a': ''}, {'a': None}, ['a'], {'a': 1}):
        assert api.admin('PUT', f'{path}/a', body).status_int == 400, body
    assert api.admin('PUT', f'{path}/snapshot_support', {'snapshot_support': 'x'}).status_int == 400


def test_lists_cost_one_statement_whatever_their_length(api, statements, context):
    for number in range(5):
        service.create(context, f'type{number}', None, True, SPECS)
    with statements() as seen:
        assert len(api.user.get('/types')['share_types']) == 5
    assert len(seen) == 1, seen
