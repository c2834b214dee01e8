"""Operations on export locations through the whole API."""
import pytest

from manila.tests.fixtures.rows import make_share, set_status
from manila.tests.resources import views

pytestmark = pytest.mark.usefixtures('share_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def path(api):
    """The path of the export locations of a share of the user."""
    return f'/shares/{make_share(api.user.context())["id"]}/export_locations'


@pytest.mark.parametrize('who', ['user', 'admin'])
def test_answers_have_exactly_the_fields_of_each_microversion(api, path, who):
    caller = getattr(api, who)
    for minor in range(9, 100):
        version = f'2.{minor}'
        rows = caller.get(path, version)['export_locations']
        assert len(rows) == (3 if who == 'admin' else 2)
        assert all(set(row) == views.fields(views.LOCATION_SUMMARY, minor, who == 'admin') for row in rows), version
        row = caller.get(f'{path}/{rows[0]["id"]}', version)['export_location']
        assert set(row) == views.fields(views.LOCATION, minor, who == 'admin'), version
    assert caller('GET', path, version='2.8').status_int == 404


def test_preferred_is_a_field_and_not_part_of_the_metadata(api, path):
    first, second = api.user.get(path)['export_locations']
    assert (first['preferred'], first['metadata']) == (True, {'speed': '9'})
    assert (second['preferred'], second['metadata']) == (False, {})


def test_a_new_location_counts_as_just_updated(api, path):
    shown = api.user.get(f'{path}/{api.user.get(path)["export_locations"][0]["id"]}')['export_location']
    assert shown['updated_at'] == shown['created_at'] is not None


def test_order_is_that_of_the_driver(api, path):
    assert [row['path'] for row in api.admin.get(path)['export_locations']] == [
        '192.0.2.10:/shares/one', '192.0.2.11:/shares/one', '198.51.100.1:/shares/one']


def test_locations_for_administrators_are_not_for_users(api, path):
    hidden = api.admin.get(path)['export_locations'][2]['id']
    assert api.admin.get(f'{path}/{hidden}')['export_location']['is_admin_only'] is True
    assert len(api.user.get(path)['export_locations']) == 2
    assert api.user('GET', f'{path}/{hidden}').status_int == 403
    assert api.user('GET', f'{path}/{hidden}/metadata').status_int == 403
    assert api.stranger('GET', f'{path}/{hidden}').status_int == 404


@pytest.mark.parametrize('location', ['x', MISSING, '%00', 'x' * 1000])
def test_locations_that_do_not_exist_are_not_found(api, path, location):
    assert api.user('GET', f'{path}/{location}').status_int in (400, 404)


def test_locations_of_other_shares_and_projects_are_not_found(api, path):
    other = make_share(api.user.context())
    location = api.user.get(path)['export_locations'][0]['id']
    assert api.user('GET', f'/shares/{other["id"]}/export_locations/{location}').status_int == 404
    assert api.stranger('GET', path).status_int == 404
    assert api.stranger('GET', f'{path}/{location}').status_int == 404
    assert api.user('GET', f'/shares/{MISSING}/export_locations').status_int == 404


def test_locations_of_the_destination_of_a_migration_are_not_shown(api):
    share = make_share(api.user.context())
    set_status(api.admin.context(), share, 'migrating_to')
    assert api.user.get(f'/shares/{share["id"]}/export_locations') == {'export_locations': []}


def test_cost_is_constant(api, statements):
    def cost(count):
        locations = [{'path': f'192.0.2.{number}:/s', 'is_admin_only': False, 'metadata': {'preferred': 'True'}}
                     for number in range(count)]
        share = make_share(api.user.context(), locations=locations)
        with statements() as seen:
            assert len(api.user.get(f'/shares/{share["id"]}/export_locations')['export_locations']) == count
        return len(seen)
    assert cost(1) == cost(100) <= 4


@pytest.fixture
def one(api, path):
    """The path of the metadata of the preferred export location."""
    return f'{path}/{api.user.get(path)["export_locations"][0]["id"]}/metadata'


def test_metadata_are_set_replaced_and_removed(api, one):
    whole = {'preferred': 'True', 'speed': '9'}
    assert api.user.get(one) == {'metadata': whole}
    assert api.user('POST', one, {'metadata': {'a': '1'}}).json == {'metadata': {**whole, 'a': '1'}}
    assert api.user.get(f'{one}/a') == {'meta': {'a': '1'}}
    assert api.user('POST', f'{one}/a', {'metadata': {'a': '2'}}).json == {'metadata': {'a': '2'}}
    assert api.user('PUT', one, {'metadata': {'b': '3'}}).json == {'metadata': {'preferred': 'True', 'b': '3'}}
    assert api.user.get(one) == {'metadata': {'preferred': 'True', 'b': '3'}}
    assert api.user('DELETE', f'{one}/b').status_int == 200
    assert api.user('DELETE', f'{one}/b').status_int == 404
    assert api.user('GET', f'{one}/b').status_int == 404
    assert api.user('PUT', one, {'metadata': None}).json == {'metadata': None}
    assert api.user.get(one) == {'metadata': {'preferred': 'True'}}
    location = api.user.get(one.removesuffix('/metadata'))['export_location']
    assert (location['preferred'], location['metadata']) == (True, {})


def test_what_is_kept_to_administrators_only_they_change(api, one):
    for method, where, body in (('POST', one, {'metadata': {'preferred': 'False'}}),
                                ('PUT', one, {'metadata': {'preferred': 'False', 'a': '1'}}),
                                ('POST', f'{one}/preferred', {'metadata': {'preferred': 'False'}}),
                                ('DELETE', f'{one}/preferred', None)):
        assert api.user(method, where, body).status_int == 403, (method, where)
    location = one.removesuffix('/metadata')
    assert api.admin('POST', one, {'metadata': {'preferred': 'False'}}).status_int == 200
    assert api.user.get(location)['export_location']['preferred'] is False
    assert api.admin('PUT', one, {'metadata': {'a': '1'}}).json == {'metadata': {'a': '1'}}
    assert api.admin('POST', one, {'metadata': {'preferred': 'True'}}).status_int == 200
    assert api.admin('DELETE', f'{one}/preferred').status_int == 200
    assert api.user.get(location)['export_location']['preferred'] is False


@pytest.mark.parametrize('value', [None, {}, [], 'x', {'': 'x'}, {'k': ''}, {'k' * 256: 'x'}, {'k': 'x' * 1024},
                                   {'k': 1}, {' ': 'x'}])
def test_bad_metadata_are_refused(api, one, value):
    assert api.user('POST', f'{one}/k', {'metadata': value}).status_int == 400
    if value != {}:
        assert api.user('POST', one, {'metadata': value}).status_int == 400
        assert value is None or api.user('PUT', one, {'metadata': value}).status_int == 400
    assert api.user('POST', one, {}).status_int == 400
    assert api.user.get(one) == {'metadata': {'preferred': 'True', 'speed': '9'}}


def test_metadata_are_there_from_287_on_and_for_their_project(api, one):
    body = {'metadata': {'a': '1'}}
    for method, where, given in (('GET', one, None), ('GET', f'{one}/speed', None), ('POST', one, body),
                                 ('PUT', one, body), ('POST', f'{one}/a', body), ('DELETE', f'{one}/speed', None)):
        assert api.user(method, where, given, version='2.86').status_int == 404
        assert api.stranger(method, where, given).status_int == 404
        assert api.of(('reader',))(method, where, given).status_int == (200 if method == 'GET' else 403), method
        path = one.replace(one.split('/')[-2], MISSING)
        assert api.user(method, path, given).status_int == 404, method
    assert api.user.get(one) == {'metadata': {'preferred': 'True', 'speed': '9'}}


def test_metadata_of_public_shares_are_seen_by_all_and_changed_by_none(api):
    share = make_share(api.user.context(), is_public=True)
    path = f'/shares/{share["id"]}/export_locations'
    one = f'{path}/{api.user.get(path)["export_locations"][0]["id"]}/metadata'
    assert api.stranger.get(one) == {'metadata': {'preferred': 'True', 'speed': '9'}}
    assert api.stranger('POST', one, {'metadata': {'a': '1'}}).status_int == 403
    assert api.stranger('DELETE', f'{one}/speed').status_int == 403
