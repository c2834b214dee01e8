"""Operations on share instances through the whole API."""
import pytest

from manila.conf import CONF
from manila.resources.quotas import service as quotas
from manila.tests.fixtures.rows import HOST, make_share, orders, set_status
from manila.tests.resources import views

pytestmark = pytest.mark.usefixtures('share_type')
MISSING = '11111111-2222-3333-4444-555555555555'
PATH = '/share_instances'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context())


@pytest.fixture
def one(share):
    """The path of the instance of the share."""
    return f'{PATH}/{share["instances"][0]["id"]}'


def listed(api, query='', version='2.99'):
    return [row['id'] for row in api.admin.get(f'{PATH}{query}', version)['share_instances']]


def test_answers_have_exactly_the_fields_of_each_microversion(api, share, one):
    for minor in range(3, 100):
        version = f'2.{minor}'
        wanted = views.fields(views.SHARE_INSTANCE, minor, True)
        assert set(api.admin.get(one, version)['share_instance']) == wanted, version
        for path in (PATH, f'/shares/{share["id"]}/instances'):
            (row,) = api.admin.get(path, version)['share_instances']
            assert set(row) == wanted, (version, path)


def test_show_tells_what_is_known(api, share, share_type, one):
    row = api.admin.get(one)['share_instance']
    assert row.pop('created_at') and row.pop('updated_at')
    assert row == {
        'id': share['instances'][0]['id'], 'share_id': share['id'], 'availability_zone': None, 'host': HOST,
        'status': 'available', 'share_network_id': None, 'share_server_id': None, 'access_rules_status': 'active',
        'replica_state': None, 'share_type_id': share_type['id'], 'cast_rules_to_readonly': False,
        'progress': '100%'}
    old = api.admin.get(one, '2.8')['share_instance']
    assert old['export_locations'] == ['192.0.2.10:/shares/one', '192.0.2.11:/shares/one']
    assert old['export_location'] == '192.0.2.10:/shares/one'


def test_status_words_of_old_versions(api, share, one):
    set_status(api.admin.context(), share, 'creating_from_snapshot')
    assert api.admin.get(one, '2.53')['share_instance']['status'] == 'creating'
    assert api.admin.get(one, '2.54')['share_instance']['status'] == 'creating_from_snapshot'


@pytest.mark.every_database
def test_list_is_filtered_by_export_locations_and_the_recycle_bin(api, share):
    other = make_share(api.stranger.context(), locations=[
        {'path': '192.0.2.77:/two', 'is_admin_only': False, 'metadata': {}}])
    mine, others = share['instances'][0]['id'], other['instances'][0]['id']
    assert listed(api) == [others, mine]
    location = api.admin.get(f'{PATH}/{others}/export_locations')['export_locations'][0]
    for query in (f'?export_location_id={location["id"]}', '?export_location_path=192.0.2.77:/two'):
        assert listed(api, query) == [others]
        assert listed(api, query, '2.34') == [others, mine]
    assert listed(api, '?export_location_path=nothing') == []
    assert api.user('POST', f'/shares/{share["id"]}/action', {'soft_delete': None}).status_int == 202
    assert listed(api) == [others, mine]
    assert listed(api, '?is_soft_deleted=True') == [mine]
    assert listed(api, '?is_soft_deleted=False') == [others]
    assert listed(api, '?is_soft_deleted=True', '2.68') == [others, mine]


def test_pages_make_up_the_whole_list(api):
    for _ in range(7):
        make_share(api.user.context())
    for key in ('created_at', 'host', 'status', 'id'):
        whole = listed(api, f'?sort_key={key}&sort_dir=asc')
        found, path = [], f'{PATH}?limit=3&sort_key={key}&sort_dir=asc'
        while path:
            answer = api.admin.get(path)
            found += [row['id'] for row in answer['share_instances']]
            links = answer.get('share_instances_links')
            path = links and links[0]['href'].partition('/v2')[2]
        assert found == whole and len(whole) == 7
    assert api.admin('GET', f'{PATH}?sort_key=colour').status_int == 400


def test_export_locations_of_an_instance(api, one):
    rows = api.admin.get(f'{one}/export_locations')['export_locations']
    assert [row['is_admin_only'] for row in rows] == [False, False, True]
    for minor in (9, 13, 14, 86, 87, 99):
        version = f'2.{minor}'
        (row, *_rest) = api.admin.get(f'{one}/export_locations', version)['export_locations']
        assert set(row) == views.fields(views.LOCATION_SUMMARY, minor, True)
        shown = api.admin.get(f'{one}/export_locations/{row["id"]}', version)['export_location']
        assert set(shown) == views.fields(views.LOCATION, minor, True)
    assert api.admin('GET', f'{one}/export_locations', version='2.8').status_int == 404
    assert api.admin('GET', f'{one}/export_locations/{MISSING}').status_int == 404
    assert api.admin('GET', f'{PATH}/{MISSING}/export_locations').status_int == 404
    assert api.admin('GET', f'{PATH}/{MISSING}/export_locations/{rows[0]["id"]}').status_int == 404


def test_status_of_an_instance_is_reset(api, share, one):
    for status in ('creating', 'deleting', 'error', 'error_deleting', 'migrating', 'migrating_to',
                   'server_migrating', 'available'):
        for name, version in (('reset_status', '2.99'), ('reset_status', '2.7'), ('os-reset_status', '2.6'),
                              ('os-reset_status', '2.3')):
            answer = api.admin('POST', f'{one}/action', {name: {'status': status}}, version=version)
            assert answer.status_int == 202, answer.text
        assert api.admin.get(one)['share_instance']['status'] == status
    for body in ({'status': 'extending'}, {'status': None}, {}):
        assert api.admin('POST', f'{one}/action', {'reset_status': body}).status_int == 400
    assert quotas.check(api.admin.context()) == []


def test_instance_is_deleted_by_force(api, share, one):
    set_status(api.admin.context(), share, 'error_deleting')
    answer = api.admin('POST', f'{one}/action', {'force_delete': None})
    assert answer.status_int == 202, answer.text
    assert api.admin.get(one)['share_instance']['status'] == 'deleting'
    assert orders(api.admin.context()) == [('share.delete', 'share:node@alpha', share['instances'][0]['id'])]


def test_last_instance_without_a_host_takes_the_share_along(api):
    from manila.resources.shares import service as shares
    share = shares.create(api.user.context(), {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain'})
    path = f'{PATH}/{share["instances"][0]["id"]}'
    assert api.admin('POST', f'{path}/action', {'os-force_delete': None}, version='2.3').status_int == 202
    assert api.user('GET', f'/shares/{share["id"]}').status_int == 404
    assert quotas.check(api.admin.context()) == []


def test_instances_whose_deletion_is_put_off_are_listed_for_those_who_may_see_that(api, share, conf):
    conf.config(is_deferred_deletion_enabled=True)
    assert CONF.is_deferred_deletion_enabled
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202
    assert listed(api) == [share['instances'][0]['id']]


def test_instances_are_for_administrators_from_23_on(api, share, one):
    paths = (PATH, one, f'/shares/{share["id"]}/instances')
    for path in (*paths, f'{one}/export_locations'):
        assert api.user('GET', path).status_int == 403
    for path in paths:
        assert api.admin('GET', path, version='2.2').status_int == 404
    for body in ({'reset_status': {'status': 'error'}}, {'force_delete': None}):
        assert api.user('POST', f'{one}/action', body).status_int == 403
        assert api.admin('POST', f'{PATH}/{MISSING}/action', body).status_int == 404
    assert api.admin('GET', f'{PATH}/{MISSING}').status_int == 404
    assert api.admin('GET', f'{PATH}/detail').status_int == 404
    assert api.admin('GET', f'/shares/{MISSING}/instances').status_int == 404
    assert api.admin.get(one)['share_instance']['status'] == 'available'


def test_cost_of_lists_does_not_grow_with_their_length(api, statements):
    def cost(version):
        with statements() as seen:
            api.admin.get(PATH, version)
        return len(seen)
    make_share(api.user.context())
    few = [cost('2.99'), cost('2.8')]
    for _ in range(20):
        make_share(api.user.context())
    assert [cost('2.99'), cost('2.8')] == few == [1, 2]
