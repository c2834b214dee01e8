"""QoS types over HTTP."""
import pytest

from manila.resources.qos import service
from manila.tests.fixtures.rows import make_share

FIELDS = {'id', 'name', 'description', 'specs', 'created_at', 'updated_at'}
SPECS = {'policy_type': 'adaptive', 'peak_iops': '5000'}


def create(api, name='gold', version='2.99', **values):
    return api.admin('POST', '/qos-types', {'qos_type': {'name': name, **values}}, version)


def made(api, name='gold', **values):
    answer = create(api, name, **values)
    assert answer.status_int == 200, answer.text
    return answer.json['qos_type']


@pytest.fixture
def gold(api):
    """The path of a QoS type with specs."""
    return f'/qos-types/{made(api, specs=SPECS)["id"]}'


def test_qos_types_are_made_and_shown_to_everybody(api):
    shown = made(api, description='d', specs={'policy_type': 'adaptive', 'peak_iops': 5000, 'strict': True})
    assert set(shown) == FIELDS and shown['updated_at'] is None
    assert shown['specs'] == {'policy_type': 'adaptive', 'peak_iops': '5000', 'strict': 'True'}
    for caller in (api.user, api.stranger, api.admin):
        assert caller.get(f'/qos-types/{shown["id"]}') == {'qos_type': shown}
        assert caller.get('/qos-types') == {'qos_types': [shown]}
    assert made(api, 'bare')['specs'] == {}


def test_they_exist_since_294(api, gold):
    for method, path in (('GET', '/qos-types'), ('GET', gold), ('GET', f'{gold}/specs'), ('DELETE', gold),
                         ('PUT', f'{gold}/specs/a'), ('POST', '/qos-types')):
        assert api.admin(method, path, {}, '2.93').status_int == 404, (method, path)
    assert api.admin.get(gold, '2.94')['qos_type']['name'] == 'gold'


@pytest.mark.parametrize('content', [
    {}, None, [], {'name': ''}, {'name': '  '}, {'name': None}, {'name': 5}, {'name': 'x' * 256},
    {'name': 'x', 'description': 'd' * 256}, {'name': 'x', 'specs': []}, {'name': 'x', 'specs': {'': 'v'}},
    {'name': 'x', 'specs': {'k' * 256: 'v'}}, {'name': 'x', 'specs': {'k': 'v' * 256}},
    {'name': 'x', 'specs': {'k': ''}}, {'name': 'x', 'specs': {'k': None}}, {'name': 'x', 'specs': {'k': 1.5}}])
def test_bad_qos_types_are_refused(api, content):
    answer = api.admin('POST', '/qos-types', {'qos_type': content})
    assert answer.status_int == 400 and answer.json['badRequest']['message'], answer.text


def test_a_body_without_a_qos_type_is_unprocessable(api, gold):
    assert api.admin('POST', '/qos-types', {}).status_int == 422
    assert api.admin('PUT', gold, {}).status_int == 422


def test_a_name_that_is_taken_is_a_conflict(api, gold):
    answer = create(api)
    assert answer.status_int == 409 and 'gold' in answer.json['conflictingRequest']['message']


def test_only_the_description_is_changed(api, gold):
    before = api.admin.get(gold)['qos_type']
    after = api.admin('PUT', gold, {'qos_type': {'description': 'new', 'name': 'other'}}).json['qos_type']
    assert after['updated_at'] is not None
    assert after == {**before, 'description': 'new', 'updated_at': after['updated_at']}
    assert api.admin('PUT', gold, {'qos_type': {}}).json['qos_type']['description'] == 'new'
    assert api.admin('PUT', '/qos-types/none', {'qos_type': {'description': 'x'}}).status_int == 404


def test_lists_are_filtered_sorted_and_paged(api):
    for name, text in (('gold', 'fast disks'), ('silver', 'slow disks'), ('silver2', None)):
        made(api, name, description=text)

    def names(query):
        return [row['name'] for row in api.user.get(f'/qos-types?{query}')['qos_types']]
    assert names('') == ['silver2', 'silver', 'gold']
    assert names('name=silver') == ['silver']
    assert names('name~=silver&sort_key=name&sort_dir=asc') == ['silver', 'silver2']
    assert names('description~=disks&sort_key=name') == ['silver', 'gold']
    assert names('description=fast disks') == ['gold']
    page = api.user.get('/qos-types?limit=2&sort_key=name&sort_dir=asc')
    assert [row['name'] for row in page['qos_types']] == ['gold', 'silver']
    href = page['qos_types_links'][0]['href']
    assert names(href.partition('?')[2]) == ['silver2']
    assert api.user('GET', '/qos-types?sort_key=nothing').status_int == 400


def test_lists_cost_two_statements_whatever_their_length(api, statements, context):
    for number in range(5):
        service.create(context, f'type{number}', None, SPECS)
    with statements() as seen:
        assert len(api.user.get('/qos-types')['qos_types']) == 5
    assert len(seen) == 2, seen


def test_specs_are_listed_set_shown_and_removed(api, gold):
    path = f'{gold}/specs'
    assert api.admin.get(path) == {'specs': SPECS}
    answer = api.admin('POST', path, {'specs': {'a': 'b', 'strict': True}})
    assert (answer.status_int, answer.json) == (200, {'specs': {'a': 'b', 'strict': 'True'}})
    answer = api.admin('PUT', f'{path}/a', {'a': 'c'})
    assert (answer.status_int, answer.json) == (200, {'a': 'c'})
    assert api.admin.get(f'{path}/a') == {'a': 'c'}
    answer = api.admin('DELETE', f'{path}/a')
    assert (answer.status_int, answer.body) == (204, b'')
    assert api.admin.get(path) == {'specs': {**SPECS, 'strict': 'True'}}


def test_bad_specs_are_refused(api, gold):
    path = f'{gold}/specs'
    for body in (None, {}, {'specs': None}, {'specs': {'': 'v'}}, {'specs': {'k' * 256: 'v'}},
                 {'specs': {'k': 'v' * 1024}}):
        assert api.admin('POST', path, body).status_int == 400, body
    for body in (None, {}, {'b': 'v'}, {'a': 'v', 'b': 'v'}, {'a': 'v' * 1024}, {'a': None}):
        assert api.admin('PUT', f'{path}/a', body).status_int == 400, body


def test_specs_of_what_does_not_exist_are_not_found(api, gold):
    for method, path, body in (
            ('GET', '/qos-types/none/specs', None), ('POST', '/qos-types/none/specs', {'specs': {'a': 'b'}}),
            ('GET', '/qos-types/none/specs/a', None), ('PUT', '/qos-types/none/specs/a', {'a': 'b'}),
            ('DELETE', '/qos-types/none/specs/a', None), ('GET', f'{gold}/specs/none', None),
            ('DELETE', f'{gold}/specs/none', None), ('PUT', f'{gold}/specs/', {'': 'v'}),
            ('GET', f'{gold}/specs/', None), ('GET', '/qos-types//specs', None),
            ('GET', '/qos-types/none', None), ('DELETE', '/qos-types/none', None)):
        assert api.admin(method, path, body).status_int == 404, (method, path)


def test_users_change_nothing_and_see_no_single_specs(api, gold):
    for method, path, body in (
            ('POST', '/qos-types', {'qos_type': {'name': 'x'}}), ('PUT', gold, {'qos_type': {'description': 'x'}}),
            ('DELETE', gold, None), ('GET', f'{gold}/specs', None), ('POST', f'{gold}/specs', {'specs': {'a': 'b'}}),
            ('GET', f'{gold}/specs/peak_iops', None), ('PUT', f'{gold}/specs/a', {'a': 'b'}),
            ('DELETE', f'{gold}/specs/peak_iops', None)):
        assert api.user(method, path, body).status_int == 403, (method, path)


def make_type(api, **specs):
    answer = api.admin('POST', '/types', {'share_type': {'name': 'plain', 'extra_specs': {
        'driver_handles_share_servers': 'False', **specs}}})
    assert answer.status_int == 200, answer.text


@pytest.mark.parametrize('key', ['id', 'name'])
def test_a_share_type_gives_its_shares_a_qos_type_which_then_stays(api, key):
    qos_type = made(api)
    make_type(api, default_qos_type=qos_type[key])
    share = make_share(api.user.context())
    assert share['instance']['qos_type_id'] == qos_type['id']
    answer = api.admin('DELETE', f'/qos-types/{qos_type["id"]}')
    assert answer.status_int == 400 and 'in use' in answer.json['badRequest']['message']
    assert api.admin.get(f'/qos-types/{qos_type["id"]}')


def test_a_share_type_that_names_no_qos_type_of_ours_makes_no_shares(api):
    make_type(api, default_qos_type='none')
    answer = api.user('POST', '/shares', {'share': {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain'}})
    assert answer.status_int == 400 and 'none' in answer.json['badRequest']['message']


def test_an_unused_qos_type_is_deleted(api, gold):
    answer = api.admin('DELETE', gold)
    assert (answer.status_int, answer.body) == (204, b'')
    assert api.admin('GET', gold).status_int == 404
