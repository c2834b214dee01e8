"""Resource locks over HTTP."""
import pytest

from manila.db import session
from manila.resources.locks import service
from manila.resources.shares import store as shares
from manila.tests.fixtures.rows import make_rule, make_share, set_status

pytestmark = pytest.mark.usefixtures('share_type')
FIELDS = {'id', 'user_id', 'project_id', 'lock_context', 'resource_type', 'resource_id', 'resource_action',
          'lock_reason', 'created_at', 'updated_at', 'links'}
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context())


@pytest.fixture
def colleague(api):
    """Another member of the user's project."""
    return api.of(user_id='colleague')


@pytest.fixture
def helper(api):
    """A service that acts on behalf of the user."""
    return api.of(service_roles=['service'])


def post(caller, resource_id, version='2.99', **values):
    body = {'resource_lock': {'resource_id': resource_id, **values}}
    return caller('POST', '/resource-locks', body, version)


def lock(caller, resource_id, **values):
    answer = post(caller, resource_id, **values)
    assert answer.status_int == 200, answer.text
    return answer.json['resource_lock']


def lock_rule(caller, rule, action='delete', **values):
    return lock(caller, rule['id'], resource_type='access_rule', resource_action=action, **values)


def ids(caller, query=''):
    return [row['id'] for row in caller.get(f'/resource-locks?{query}')['resource_locks']]


def test_a_lock_is_placed_shown_listed_and_removed(api, share):
    made = lock(api.user, share['id'], resource_type='share', resource_action='delete', lock_reason='audit')
    assert set(made) == FIELDS
    assert (made['user_id'], made['project_id'], made['lock_context']) == ('user', api.user.project_id, 'user')
    assert (made['resource_type'], made['resource_id'], made['resource_action']) == ('share', share['id'], 'delete')
    assert (made['lock_reason'], made['updated_at']) == ('audit', None)
    path = f'/resource-locks/{made["id"]}'
    assert made['links'][0]['href'].endswith(f'/v2{path}')
    assert api.user.get(path) == {'resource_lock': made}
    assert api.user.get('/resource-locks') == {'resource_locks': [made]}
    answer = api.user('DELETE', path)
    assert (answer.status_int, answer.body) == (204, b'')
    for method in ('GET', 'DELETE'):
        assert api.user(method, path).status_int == 404
    assert api.user('PUT', path, {'resource_lock': {'lock_reason': 'x'}}).status_int == 404


def test_locks_exist_since_281(api, share):
    assert post(api.user, share['id'], '2.80').status_int == 404
    assert api.user('GET', '/resource-locks', version='2.80').status_int == 404
    assert post(api.user, share['id'], '2.81').status_int == 200


def test_the_context_of_a_lock_is_that_of_the_caller(api, share, helper):
    assert lock(api.admin, share['id'])['lock_context'] == 'admin'
    assert lock(helper, share['id'])['lock_context'] == 'service'
    assert lock(api.user, share['id'])['lock_context'] == 'user'


@pytest.mark.parametrize('content', [
    {}, None, [], {'resource_type': 'share'}, {'resource_id': 'no uuid'}, {'resource_id': MISSING},
    {'resource_id': 5}, {'resource_id': None}])
def test_locks_of_nothing_are_refused(api, content):
    answer = api.user('POST', '/resource-locks', {'resource_lock': content})
    assert answer.status_int == 400 and answer.json['badRequest']['message'], answer.text


@pytest.mark.parametrize('values', [
    {'resource_action': 'show'}, {'resource_action': 'extend'}, {'resource_type': 'snapshot'},
    {'lock_reason': 'x' * 1024}, {'lock_reason': 5}, {'lock_context': 'admin'}, {'resource_type': 'access_rule'},
    {'resource_action': None}])
def test_bad_locks_of_shares_are_refused(api, share, values):
    assert post(api.user, share['id'], **values).status_int == 400


def test_shares_of_others_are_not_locked(api, share):
    assert post(api.stranger, share['id']).status_int == 400


@pytest.mark.parametrize('status, code', [
    ('deleting', 409), ('error_deleting', 409), ('unmanage_starting', 409), ('manage_error_unmanage_starting', 409),
    ('unmanage_error', 409), ('error', 200), ('creating', 200), ('awaiting_transfer', 200)])
def test_what_is_about_to_go_is_not_locked(api, share, status, code):
    set_status(api.admin.context(), share, status)
    assert post(api.user, share['id']).status_int == code


def test_shares_in_the_recycle_bin_are_not_locked(api, share):
    with session.writer(api.admin.context()) as connection:
        shares.change(connection, share['id'], is_soft_deleted=True)
    assert post(api.user, share['id']).status_int == 409


def test_a_locked_share_is_not_deleted_by_anybody(api, share):
    made = [lock(api.user, share['id'])['id'], lock(api.user, share['id'])['id']]
    for lock_id in made:
        for caller in (api.user, api.admin):
            answer = caller('DELETE', f'/shares/{share["id"]}')
            assert answer.status_int == 403 and 'lock' in answer.json['forbidden']['message']
        answer = api.admin('POST', f'/shares/{share["id"]}/action', {'force_delete': None})
        assert answer.status_int == 400 and 'lock' in answer.json['badRequest']['message']
        assert api.user('DELETE', f'/resource-locks/{lock_id}').status_int == 204
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202


@pytest.mark.parametrize('action', ['soft_delete', 'unmanage'])
def test_a_locked_share_is_not_taken_away_otherwise_either(api, share, action):
    made = lock(api.user, share['id'])['id']
    path = f'/shares/{share["id"]}/action'
    answer = api.admin('POST', path, {action: None})
    assert answer.status_int == 403 and 'lock' in answer.json['forbidden']['message'], answer.text
    api.user('DELETE', f'/resource-locks/{made}')
    assert api.admin('POST', path, {action: None}).status_int == 202


def test_locks_go_with_the_share(api, share):
    context = api.admin.context()
    lock(api.user, share['id'])
    lock_rule(api.user, make_rule(api.user.context(), share))
    with session.writer(context) as connection:
        shares.remove_instance(connection, share['instance']['id'])
        shares.remove_share_without_instances(connection, share['id'])
    assert ids(api.user) == []


def test_only_who_placed_a_lock_and_administrators_change_it(api, share, colleague):
    path = f'/resource-locks/{lock(api.user, share["id"])["id"]}'
    body = {'resource_lock': {'lock_reason': 'new'}}
    assert colleague.get(path)
    assert colleague('PUT', path, body).status_int == 403
    assert colleague('DELETE', path).status_int == 403
    assert api.stranger('GET', path).status_int == 404
    assert api.stranger('DELETE', path).status_int == 404
    assert api.user('PUT', path, body).json['resource_lock']['lock_reason'] == 'new'
    assert api.admin('PUT', path, body).status_int == 200
    assert api.admin('DELETE', path).status_int == 204


def test_a_lock_of_a_higher_rank_is_not_changed_by_the_same_user(api, share, helper):
    path = f'/resource-locks/{lock(helper, share["id"])["id"]}'
    answer = api.user('DELETE', path)
    assert answer.status_int == 403 and 'a service' in answer.json['forbidden']['message']
    assert helper('PUT', path, {'resource_lock': {'lock_reason': 'x'}}).status_int == 200
    assert helper('DELETE', path).status_int == 204
    boss = api.of(roles=('admin', 'member', 'reader'))
    path = f'/resource-locks/{lock(boss, share["id"])["id"]}'
    for caller in (api.user, helper):
        answer = caller('DELETE', path)
        assert answer.status_int == 403 and 'administrator' in answer.json['forbidden']['message']
    assert boss('DELETE', path).status_int == 204


def test_owners_see_locks_that_others_place_on_their_shares(api, share):
    made = lock(api.admin, share['id'])
    assert made['project_id'] == api.admin.project_id
    assert api.user.get(f'/resource-locks/{made["id"]}')['resource_lock'] == made
    assert ids(api.user) == [made['id']] == ids(api.admin)
    assert ids(api.stranger) == []
    assert api.user('DELETE', f'/resource-locks/{made["id"]}').status_int == 403


def test_only_administrators_and_services_list_the_locks_of_all_projects(api, share):
    made = lock(api.user, share['id'])['id']
    assert ids(api.admin) == []
    assert ids(api.admin, 'all_projects=1') == [made]
    assert ids(api.admin, f'all_projects=1&project_id={api.stranger.project_id}') == []
    assert ids(api.of(roles=('service', 'member', 'reader'), project_id='5' * 32), 'all_projects=1') == [made]
    assert api.user('GET', '/resource-locks?all_projects=1').status_int == 403
    assert ids(api.user, 'all_projects=0') == [made]


def test_lists_are_filtered(api, share, colleague):
    other = make_share(api.user.context())
    rule = make_rule(api.user.context(), other)
    first = lock(api.user, share['id'], lock_reason='tigers rule')
    second = lock(colleague, other['id'])
    third = lock_rule(api.user, rule, 'show')
    by_admin = lock(api.admin, other['id'])
    for query, found in (
            (f'resource_id={share["id"]}', [first]), ('resource_type=share', [by_admin, second, first]),
            ('resource_action=show', [third]), ('lock_context=admin', [by_admin]), ('lock_reason~=tigers', [first]),
            ('lock_reason=tigers rule', [first]), ('lock_reason=tigers', []), ('user_id=colleague', [second]),
            (f'id={third["id"]}', [third]), (f'created_since={second["created_at"]}', [by_admin, third, second]),
            (f'created_before={second["created_at"]}', [second, first]), (f'project_id={api.user.project_id}',
                                                                         [third, second, first])):
        assert ids(api.user, query) == [row['id'] for row in found], query
    for query in ('resource_type=x', 'resource_action=extend', 'lock_context=x', 'created_since=yesterday',
                  'all_projects=perhaps', 'sort_key=share_id', 'limit=x'):
        assert api.user('GET', f'/resource-locks?{query}').status_int == 400, query


def test_lists_are_sorted_paged_and_counted(api, share):
    made = [lock(api.user, share['id'], lock_reason=reason)['id'] for reason in 'bac']
    assert ids(api.user) == made[::-1]
    assert ids(api.user, 'sort_key=lock_reason&sort_dir=asc') == [made[1], made[0], made[2]]
    page = api.user.get('/resource-locks?sort_key=created_at&sort_dir=asc&limit=2&with_count=1')
    assert [row['id'] for row in page['resource_locks']] == made[:2] and page['count'] == 3
    assert ids(api.user, page['resource_locks_links'][0]['href'].partition('?')[2]) == made[2:]
    assert 'count' not in api.user.get('/resource-locks?with_count=1&lock_context=admin')
    assert 'count' not in api.user.get('/resource-locks')


def test_lists_cost_one_statement_whatever_their_length(api, share, statements):
    for _ in range(5):
        lock(api.user, share['id'])
    with statements() as seen:
        assert len(ids(api.user)) == 5
    assert len(seen) == 1, seen


def test_action_and_reason_are_changed(api, share):
    rule = make_rule(api.user.context(), share)
    path = f'/resource-locks/{lock_rule(api.user, rule, lock_reason="old")["id"]}'

    def change(**values):
        answer = api.user('PUT', path, {'resource_lock': values})
        assert answer.status_int == 200, answer.text
        return answer.json['resource_lock']
    changed = change(resource_action='show')
    assert (changed['resource_action'], changed['lock_reason']) == ('show', 'old') and changed['updated_at']
    assert post(api.user, rule['id'], resource_type='access_rule', resource_action='show').status_int == 409
    assert change(resource_action=None, lock_reason=None)['lock_reason'] is None
    assert change(resource_action='delete')['resource_action'] == 'delete'
    assert lock_rule(api.user, rule, 'show')
    for content in ({'resource_action': 'show'}, {'resource_action': 'extend'}, {'lock_reason': 'x' * 1024},
                    {'lock_context': 'user'}, {'resource_id': MISSING}, [], None):
        assert api.user('PUT', path, {'resource_lock': content}).status_int == 400, content


def test_action_is_not_changed_to_what_a_share_cannot_have_nor_while_it_goes(api, share):
    path = f'/resource-locks/{lock(api.user, share["id"])["id"]}'
    assert api.user('PUT', path, {'resource_lock': {'resource_action': 'show'}}).status_int == 400
    set_status(api.admin.context(), share, 'deleting')
    assert api.user('PUT', path, {'resource_lock': {'resource_action': 'delete'}}).status_int == 400
    assert api.user('PUT', path, {'resource_lock': {'lock_reason': 'late'}}).status_int == 200


@pytest.mark.every_database
def test_a_rule_is_hidden_by_one_lock_at_most(api, share, colleague):
    rule = make_rule(api.user.context(), share)
    lock_rule(api.user, rule, 'show')
    for caller in (api.user, colleague):
        answer = post(caller, rule['id'], resource_type='access_rule', resource_action='show')
        assert answer.status_int == 409
    service.forget(api.admin.context(), share['id'])
    assert lock_rule(colleague, rule, 'show')
