"""Quota sets and quota class sets over HTTP."""
import pytest

from manila.resources.quotas import service
from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT

DEFAULTS = {'shares': 50, 'gigabytes': 1000, 'snapshots': 50, 'snapshot_gigabytes': 1000,
            'share_networks': 10}
GROUPS = {'share_groups': 50, 'share_group_snapshots': 50}
REPLICAS = {'share_replicas': 100, 'replica_gigabytes': 1000}
BACKUPS = {'backups': 10, 'backup_gigabytes': 1000}
SPANS = [('2.7', {}), ('2.39', {}), ('2.40', GROUPS), ('2.52', GROUPS), ('2.53', {**GROUPS, **REPLICAS}),
         ('2.62', {**GROUPS, **REPLICAS, 'per_share_gigabytes': -1}),
         ('2.80', {**GROUPS, **REPLICAS, 'per_share_gigabytes': -1, **BACKUPS}),
         ('2.90', {**GROUPS, **REPLICAS, 'per_share_gigabytes': -1, **BACKUPS, 'encryption_keys': 100})]


@pytest.mark.parametrize('version, more', SPANS)
def test_quotas_show_the_resources_of_the_version(api, version, more):
    wanted = {'id': PROJECT, **DEFAULTS, **more}
    assert api.user.get(f'/quota-sets/{PROJECT}', version) == {'quota_set': wanted}
    assert api.user.get(f'/quota-sets/{PROJECT}/defaults', version) == {'quota_set': wanted}
    if version != '2.7':
        shown = api.user.get(f'/quota-sets/{PROJECT}/detail', version)['quota_set']
        assert shown == {'id': PROJECT, **{name: {'limit': limit, 'in_use': 0, 'reserved': 0}
                                           for name, limit in {**DEFAULTS, **more}.items()}}
    of_class = api.admin.get('/quota-class-sets/default', version)
    assert of_class == {'quota_class_set': {**wanted, 'id': 'default'}}


def test_old_paths_are_served_up_to_26_and_new_ones_from_27_on(api):
    for path in (f'/os-quota-sets/{PROJECT}', f'/os-quota-sets/{PROJECT}/defaults'):
        assert api.user.get(path, '2.6') == {'quota_set': {'id': PROJECT, **DEFAULTS}}
        assert api.user('GET', path, version='2.7').status_int == 404
        assert api.user('GET', path.replace('os-', ''), version='2.6').status_int == 404
    assert api.user('GET', f'/quota-sets/{PROJECT}/detail', version='2.24').status_int == 404
    assert api.admin.get('/os-quota-class-sets/default', '2.0')['quota_class_set']['shares'] == 50
    assert api.admin('GET', '/os-quota-class-sets/default', version='2.7').status_int == 404


def test_detail_shows_what_is_in_use(api, user):
    service.take(user, {'shares': 2, 'gigabytes': 9}, PROJECT, 'user')
    service.take(user, {'shares': 1, 'gigabytes': 1}, PROJECT, 'somebody')
    assert api.user.get(f'/quota-sets/{PROJECT}/detail')['quota_set']['gigabytes']['in_use'] == 10
    shown = api.user.get(f'/quota-sets/{PROJECT}/detail?user_id=user')['quota_set']
    assert shown['gigabytes'] == {'limit': 1000, 'in_use': 9, 'reserved': 0}


def test_users_see_only_their_own_project(api):
    for path in ('', '/detail', '/defaults'):
        assert api.user('GET', f'/quota-sets/{OTHER_PROJECT}{path}').status_int == 403
    assert api.admin('GET', f'/quota-sets/{OTHER_PROJECT}').status_int == 200


def test_users_change_nothing(api):
    body = {'quota_set': {'shares': 1}}
    assert api.user('PUT', f'/quota-sets/{PROJECT}', body).status_int == 403
    assert api.user('DELETE', f'/quota-sets/{PROJECT}').status_int == 403
    assert api.user('PUT', '/quota-class-sets/default', {'quota_class_set': {'shares': 1}}).status_int == 403
    assert api.user('GET', '/quota-class-sets/default').status_int == 403


def test_a_user_sees_the_class_of_his_project(api):
    caller = api.of(quota_class='gold')
    assert caller.get('/quota-class-sets/gold')['quota_class_set']['id'] == 'gold'
    assert caller('GET', '/quota-class-sets/default').status_int == 403


def test_quotas_are_set_and_reset(api):
    answer = api.admin('PUT', f'/quota-sets/{PROJECT}', {'quota_set': {
        'tenant_id': PROJECT, 'shares': 7, 'gigabytes': '-1', 'snapshots': None, 'snapshot_gigabytes': '',
        'share_networks': 0}})
    assert answer.status_int == 200
    shown = answer.json['quota_set']
    assert 'id' not in shown
    assert (shown['shares'], shown['gigabytes'], shown['snapshots'], shown['share_networks']) == (7, -1, 50,
                                                                                                  0)
    assert api.user.get(f'/quota-sets/{PROJECT}')['quota_set'] == {**shown, 'id': PROJECT}
    assert api.user.get(f'/quota-sets/{PROJECT}/defaults')['quota_set']['shares'] == 50
    answer = api.admin('DELETE', f'/quota-sets/{PROJECT}')
    assert (answer.status_int, answer.body) == (202, b'')
    assert api.user.get(f'/quota-sets/{PROJECT}')['quota_set']['shares'] == 50


def test_quotas_of_a_user_are_set_and_reset(api):
    path = f'/quota-sets/{PROJECT}?user_id=user'
    assert api.admin('PUT', path, {'quota_set': {'shares': 3}}).json['quota_set']['shares'] == 3
    assert api.user.get(path)['quota_set']['shares'] == 3
    assert api.user.get(f'/quota-sets/{PROJECT}')['quota_set']['shares'] == 50
    assert api.admin('DELETE', path).status_int == 202
    assert api.user.get(path)['quota_set']['shares'] == 50
    assert api.admin('PUT', path.replace('/', '/os-', 1), {'quota_set': {'shares': 3}},
                     '2.6').status_int == 200


@pytest.mark.parametrize('key', ['id', 'name'])
def test_quotas_of_a_share_type_are_set_and_reset(api, share_type, key):
    path = f'/quota-sets/{PROJECT}?share_type={share_type[key]}'
    shown = api.admin('PUT', path, {'quota_set': {'shares': 3, 'share_replicas': 2}}).json['quota_set']
    assert shown['shares'] == 3 and not {'share_networks', 'share_groups',
                                         'share_group_snapshots'} & set(shown)
    assert api.user.get(path, '2.39')['quota_set']['shares'] == 3
    detail = api.user.get(path.replace('?', '/detail?'))['quota_set']
    assert detail['shares'] == {'limit': 3, 'in_use': 0, 'reserved': 0} and 'share_groups' not in detail
    assert api.admin('DELETE', path).status_int == 202
    assert api.user.get(path)['quota_set']['shares'] == 50


def test_a_share_type_is_refused_before_239_and_beside_a_user_and_when_unknown(api, share_type):
    path = f'/quota-sets/{PROJECT}?share_type={share_type["id"]}'
    body = {'quota_set': {'shares': 1}}
    for method, content in (('GET', None), ('PUT', body), ('DELETE', None)):
        assert api.admin(method, path, content, version='2.38').status_int == 400
        assert api.admin(method, path.replace('/', '/os-', 1), content, version='2.0').status_int == 400
        assert api.admin(method, f'{path}&user_id=user', content).status_int == 400
        assert api.admin(method, f'/quota-sets/{PROJECT}?share_type=unknown', content).status_int == 404
    assert api.admin('GET', f'/quota-sets/{PROJECT}/detail?share_type=plain',
                     version='2.38').status_int == 400


@pytest.mark.parametrize('quota_set', [
    {}, {'force': True}, {'tenant_id': PROJECT}, {'shares': -2}, {'shares': 2 ** 31}, {'shares': 'many'},
    {'shares': 1.5},
    {'shares': True}, {'shares': [1]}, {'unknown': 1}, {'shares': 1, 'unknown': 1},
    {'shares': 1, 'force': 'perhaps'},
    [], 'text', None, 5])
def test_bad_quotas_are_refused(api, quota_set):
    answer = api.admin('PUT', f'/quota-sets/{PROJECT}', {'quota_set': quota_set})
    assert answer.status_int == 400, answer.text
    assert answer.json['badRequest']['message']
    assert api.admin('PUT', f'/os-quota-sets/{PROJECT}', {'quota_set': quota_set}, '2.6').status_int == 400


@pytest.mark.parametrize('body', [None, {}, [], 'text', {'quota': {'shares': 1}}])
def test_a_body_without_a_quota_set_is_refused(api, body):
    assert api.admin('PUT', f'/quota-sets/{PROJECT}', body).status_int == 400


@pytest.mark.parametrize('resource, version', [
    ('share_groups', '2.39'), ('share_group_snapshots', '2.6'), ('share_replicas', '2.52'),
    ('per_share_gigabytes', '2.61'), ('backups', '2.79'), ('encryption_keys', '2.89')])
def test_a_quota_newer_than_the_version_is_refused_unless_empty(api, resource, version):
    path = f'/quota-sets/{PROJECT}' if version != '2.6' else f'/os-quota-sets/{PROJECT}'
    assert api.admin('PUT', path, {'quota_set': {resource: 1}}, version).status_int == 400
    assert api.admin('PUT', path, {'quota_set': {'shares': 1, resource: None}}, version).status_int == 200
    assert service.show(api.admin.context(), PROJECT)[resource] == service.show_defaults(
        api.admin.context())[resource]


def test_group_quotas_of_a_share_type_are_refused(api, share_type):
    path = f'/quota-sets/{PROJECT}?share_type={share_type["id"]}'
    for resource in ('share_networks', 'share_groups', 'share_group_snapshots'):
        assert api.admin('PUT', path, {'quota_set': {resource: 1}}).status_int == 400


def test_limits_below_usage_need_force(api, user):
    service.take(user, {'shares': 2}, PROJECT, 'user')
    path = f'/quota-sets/{PROJECT}'
    assert api.admin('PUT', path, {'quota_set': {'shares': 1}}).status_int == 400
    assert api.admin('PUT', path, {'quota_set': {'shares': 1, 'force': True}}).status_int == 200
    assert api.admin('PUT', f'{path}?user_id=user', {'quota_set': {'shares': 40}}).status_int == 400
    assert api.admin('PUT', f'{path}?user_id=user',
                     {'quota_set': {'shares': 40, 'force': 'true'}}).status_int == 200


def test_the_default_class_counts_for_all_projects(api):
    answer = api.admin('PUT', '/quota-class-sets/default', {'quota_class_set': {
        'class_name': 'default', 'gigabytes': 20, 'share_groups': 4, 'unknown': {}}})
    assert answer.status_int == 200
    assert answer.json['quota_class_set']['gigabytes'] == 20 and 'id' not in answer.json['quota_class_set']
    assert api.user.get(f'/quota-sets/{PROJECT}')['quota_set']['gigabytes'] == 20
    assert api.user.get(f'/quota-sets/{PROJECT}/defaults')['quota_set']['share_groups'] == 4
    assert api.of(quota_class='x').get('/quota-class-sets/x')['quota_class_set']['gigabytes'] == 20


@pytest.mark.parametrize('content', [{'shares': 'x'}, {'shares': -2}, {'shares': None}, [], None, 'x'])
def test_bad_classes_are_refused(api, content):
    assert api.admin('PUT', '/quota-class-sets/default', {'quota_class_set': content}).status_int == 400


def test_each_request_costs_a_constant_number_of_statements(api, statements):
    for path, wanted in (('', 1), ('/detail', 2), ('/defaults', 1)):
        with statements() as seen:
            api.user.get(f'/quota-sets/{PROJECT}{path}')
        assert len(seen) == wanted, seen
