"""What administrators and operators do with shares, through the whole API."""
import pytest

from manila.common import constants
from manila.db import session
from manila.jobs import store as jobs
from manila.resources.shares import store
from manila.tests.fixtures.rows import make_share, orders, set_status

pytestmark = pytest.mark.usefixtures('share_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context(), metadata={'colour': 'red'})


def reset(caller, share, body, version='2.99', experimental=True):
    headers = {'X-OpenStack-Manila-API-Experimental': 'True'} if experimental else {}
    return caller('POST', f'/shares/{share["id"]}/action', {'reset_task_state': body}, version, **headers).status_int


def test_task_state_is_set_by_force(api, share):
    for state in constants.SHARE_TASK_STATES:
        assert reset(api.admin, share, {'task_state': state}) == 202
        assert api.admin.get(f'/shares/{share["id"]}')['share']['task_state'] == state
    for body in ({'task_state': 'x'}, {'task_state': 'migration_cancel_in_progress'}, {'task_state': 1}, {}, None):
        assert reset(api.admin, share, body) == 400


def test_task_state_is_for_administrators_and_was_an_experiment(api, share):
    body = {'task_state': None}
    assert reset(api.user, share, body) == 403
    assert reset(api.admin, {'id': MISSING}, body) == 404
    assert reset(api.admin, share, body, '2.21') == 404
    for version, experimental, expected in (('2.22', True, 202), ('2.22', False, 404), ('2.95', True, 202),
                                            ('2.95', False, 404), ('2.96', False, 202)):
        assert reset(api.admin, share, body, version, experimental) == expected, version


def test_metadata_that_the_driver_acts_upon_are_passed_on(api, share, conf, context):
    conf.config(driver_updatable_metadata=['speed', 'tier'])
    path = f'/shares/{share["id"]}/metadata'
    instance_id = share['instances'][0]['id']
    told = []
    for method, where, pairs in (('POST', path, {'speed': '1', 'a': 'b'}), ('POST', f'{path}/speed', {'speed': '2'}),
                                 ('PUT', path, {'tier': 'gold', 'speed': '3'}), ('POST', path, {'c': 'd'})):
        assert api.user(method, where, {'metadata': pairs}).status_int == 200
    assert orders(context) == [('share.update_metadata', 'share:node@alpha', instance_id)] * 3
    import json
    told = [json.loads(row['args'])['metadata'] for row in jobs.find(context)]
    assert told == [{'speed': '1'}, {'speed': '2'}, {'tier': 'gold', 'speed': '3'}]
    assert api.user('DELETE', f'{path}/speed').status_int == 200
    assert len(orders(context)) == 3


def test_status_set_by_force_is_counted_right(api, share, conf, context):
    from manila.resources.quotas import service as quotas
    conf.config(is_deferred_deletion_enabled=True)
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202
    assert quotas.show_usage(context, api.user.project_id)['shares']['in_use'] == 0
    for status, used in (('error', 0), ('available', 1), ('available', 1), ('error', 1)):
        answer = api.admin('POST', f'/shares/{share["id"]}/action', {'reset_status': {'status': status}})
        assert answer.status_int == 202
        assert quotas.show_usage(context, api.user.project_id)['shares']['in_use'] == used
        assert quotas.check(context) == []


def test_shares_whose_deletion_is_put_off_are_seen_by_administrators_only(api, share, conf):
    conf.config(is_deferred_deletion_enabled=True)
    other = make_share(api.user.context())
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202
    for status in ('deferred_deleting', 'error_deferred_deleting'):
        set_status(api.admin.context(), share, status)
        assert [row['id'] for row in api.user.get('/shares/detail')['shares']] == [other['id']]
        assert len(api.admin.get('/shares/detail?all_tenants=1')['shares']) == 2
        assert api.admin.get(f'/shares/{share["id"]}')['share']['status'] == status
        assert api.user('GET', f'/shares?status={status}').status_int == 403
        for method, rest, body in (('GET', '', None), ('PUT', '', {'share': {'name': 'x'}}), ('DELETE', '', None),
                                   ('GET', '/metadata', None), ('GET', '/export_locations', None),
                                   ('POST', '/action', {'extend': {'new_size': 2}}),
                                   ('POST', '/action', {'soft_delete': None}),
                                   ('POST', '/action', {'allow_access': {
                                       'access_type': 'ip', 'access_to': '192.0.2.1'}})):
            assert api.user(method, f'/shares/{share["id"]}{rest}', body).status_int == 404, (method, rest)


@pytest.mark.every_database
def test_pages_of_shares_make_up_the_whole_list_by_every_key(api):
    for number in range(6):
        share = make_share(api.user.context(), name=None if number % 3 else f'n{number % 2}')
        with session.writer(api.admin.context()) as connection:
            store.change_instance(connection, share['instances'][0]['id'], host=f'node@alpha#p{number % 2}')
    for key in store.SORTABLE:
        for direction in ('asc', 'desc'):
            query = f'sort_key={key}&sort_dir={direction}'
            whole = [row['id'] for row in api.user.get(f'/shares?{query}')['shares']]
            found, path = [], f'/shares?limit=2&{query}'
            while path:
                answer = api.user.get(path)
                found += [row['id'] for row in answer['shares']]
                path = answer.get('shares_links') and answer['shares_links'][0]['href'].partition('/v2')[2]
            assert found == whole and len(set(whole)) == 6, query
