"""Operations on access rules through the whole API."""
import pytest

from manila.resources.access import service
from manila.tests.fixtures.rows import make_rule, make_share, orders, set_status, without_jobs
from manila.tests.resources import views

pytestmark = pytest.mark.usefixtures('share_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context())


def act(caller, share, name, body=None, version='2.99'):
    return caller('POST', f'/shares/{share["id"]}/action', {name: body}, version=version)


def allow(caller, share, version='2.99', access_to='192.0.2.1', access_type='ip', **more):
    prefix = 'os-' if float(version[2:]) < 7 else ''
    body = {'access_type': access_type, 'access_to': access_to, **more}
    return act(caller, share, f'{prefix}allow_access', body, version)


def test_answers_have_exactly_the_fields_of_each_microversion(api, share):
    for minor in range(100):
        version = f'2.{minor}'
        answer = allow(api.user, share, version, f'10.0.0.{minor}')
        assert answer.status_int == 200, answer.text
        rule = answer.json['access']
        assert set(rule) == views.fields(views.RULE, minor, False), version
        if minor < 45:
            name = 'os-access_list' if minor < 7 else 'access_list'
            rows = act(api.user, share, name, None, version).json['access_list']
        else:
            assert set(api.user.get(f'/share-access-rules/{rule["id"]}', version)['access']) == set(rule)
            rows = api.user.get(f'/share-access-rules?share_id={share["id"]}', version)['access_list']
        assert len(rows) == minor + 1
        assert all(set(row) == views.fields(views.RULE_SUMMARY, minor, False) for row in rows), version


def test_update_answers_the_fields_of_each_microversion(api, share):
    rule = make_rule(api.user.context(), share)
    path = f'/share-access-rules/{rule["id"]}'
    for minor in range(88, 100):
        level = 'ro' if minor % 2 else 'rw'
        body = {'update_access': {'access_level': level}}
        answer = api.user('PUT', path, body, version=f'2.{minor}')
        assert set(answer.json['access']) == views.fields(views.RULE, minor, False)
        assert answer.json['access']['access_level'] == level
    assert api.user('PUT', path, body, version='2.87').status_int == 404


def test_state_of_a_rule_is_that_of_the_share_for_old_clients(api, share):
    rule = allow(api.user, share, '2.27').json['access']
    assert rule['state'] == 'new'
    assert act(api.user, share, 'access_list', None, '2.27').json['access_list'][0]['state'] == 'new'
    assert act(api.user, share, 'access_list', None, '2.28').json['access_list'][0]['state'] == 'queued_to_apply'
    detail = f'/shares/{share["id"]}'
    assert api.user.get(detail, '2.27')['share']['access_rules_status'] == 'out_of_sync'
    assert api.user.get(detail, '2.28')['share']['access_rules_status'] == 'syncing'


def test_order_is_given_once_for_many_changes(api, share):
    for number in range(5):
        assert allow(api.user, share, access_to=f'10.0.0.{number}').status_int == 200
    assert orders(api.admin.context()) == [('access.sync', 'share:node@alpha', share['instances'][0]['id'])]


@pytest.mark.parametrize(('access_type', 'access_to', 'version', 'good'), [
    ('ip', '192.0.2.1', '2.0', True), ('ip', '192.0.2.0/24', '2.0', True), ('ip', '192.0.2.1/24', '2.99', False),
    ('ip', '192.0.2.1/32', '2.99', True), ('ip', '2001:db8::1', '2.37', False), ('ip', '2001:db8::1', '2.38', True),
    ('ip', '2001:db8::/64', '2.38', True), ('ip', '0.0.0.0/0', '2.99', True), ('ip', '1.2.3', '2.99', False),
    ('ip', '192.0.2.1/33', '2.99', False), ('ip', 'host.example', '2.99', False), ('ip', '', '2.99', False),
    ('ip', '1234', '2.99', False), ('ip', 'fe80::1%eth0', '2.99', False),
    ('user', 'alice', '2.0', True), ('user', 'bob', '2.0', False), ('user', 'a' * 255, '2.99', True),
    ('user', 'a:bcd', '2.99', False), ('user', 'some group$', '2.99', True), ('user', 'new\nline', '2.99', False),
    ('user', 'try+', '2.99', False),
    ('cert', 'client.example', '2.0', True), ('cert', 'c' * 64, '2.0', True), ('cert', 'c' * 65, '2.0', False),
    ('cert', ' ', '2.0', False), ('cephx', 'alice', '2.12', False), ('cephx', 'alice', '2.13', True),
    ('cephx', 'al.ice', '2.99', False), ('cephx', 'älice', '2.99', False), ('cephx', '', '2.99', False),
    ('other', 'alice', '2.99', False)])
def test_clients_are_named_in_the_way_of_their_type(api, share, access_type, access_to, version, good):
    answer = allow(api.user, share, version, access_to, access_type)
    assert answer.status_int == (200 if good else 400), answer.text


@pytest.mark.parametrize(('first', 'second'), [
    ('192.0.2.1', '192.0.2.1'), ('192.0.2.1', '192.0.2.1/32'), ('192.0.2.1/32', '192.0.2.1'),
    ('2001:db8::1', '2001:db8::1/128'), ('192.0.2.0/24', '192.0.2.0/24')])
def test_client_has_one_rule_on_a_share(api, share, first, second):
    assert allow(api.user, share, access_to=first).status_int == 200
    assert allow(api.user, share, access_to=second).status_int == 400
    assert allow(api.user, make_share(api.user.context()), access_to=second).status_int == 200


BAD = {'access_type': (None, 5, True, [], {}, '', 'nobody', 'x' * 300, 'ip\0'),
       'access_to': (None, 5, True, [], {}, 'x' * 256, '192.0.2.1\0', '\ud800'),
       'access_level': (5, True, [], {}, '', 'rwx', 'r\0'),
       'metadata': (5, 'x', [], {'': 'v'}, {'k': ''}, {'k': 5}, {'k' * 256: 'v'}, {'k': 'v' * 1024}, {'k': '\0'}),
       'lock_visibility': (None, 'perhaps', 5, []), 'lock_deletion': (None, 'perhaps', 5, []),
       'lock_reason': (5, 'x' * 1024, '\0', 'for nothing')}


@pytest.mark.parametrize('field', BAD)
def test_bad_values_are_refused(api, share, field):
    for value in BAD[field]:
        answer = allow(api.user, share, **{field: value})
        assert answer.status_int == 400, (field, value, answer.text)
    assert api.user.get(f'/share-access-rules?share_id={share["id"]}') == {'access_list': []}


@pytest.mark.parametrize('body', [None, [], 'x', 5, {}])
def test_bodies_of_another_shape_are_refused(api, share, body):
    rule = make_rule(api.user.context(), share)
    for name in ('allow_access', 'deny_access'):
        assert act(api.user, share, name, body).status_int == 400
    path = f'/share-access-rules/{rule["id"]}'
    for wrapped in (body, {'update_access': body}):
        assert api.user('PUT', path, wrapped).status_int == 400
    assert api.user('PUT', f'{path}/metadata', body).status_int == 400


def test_bad_values_of_other_operations_are_refused(api, share):
    rule = make_rule(api.user.context(), share)
    path = f'/share-access-rules/{rule["id"]}'
    for value in (None, 5, [], {}, 'x' * 37, '\0'):
        assert act(api.user, share, 'deny_access', {'access_id': value}).status_int == 400, value
    for value in (None, 5, [], 'rwx', ''):
        assert api.user('PUT', path, {'update_access': {'access_level': value}}).status_int == 400, value
    for value in (None, *BAD['metadata']):
        assert api.user('PUT', f'{path}/metadata', {'metadata': value}).status_int == 400, value


@pytest.mark.parametrize('query', [
    '', 'share_id=', 'share_id=%00', 'share_id={share}&access_type=nobody', 'share_id={share}&access_to=x',
    'share_id={share}&access_level=x', 'share_id={share}&metadata=x',
    'share_id={share}&access_key=%00', f'share_id={MISSING}'])
def test_bad_queries_are_refused(api, share, query):
    assert api.user('GET', f'/share-access-rules?{query.format(share=share["id"])}').status_int == 400


def test_rules_are_filtered(api, share):
    for number, level in ((1, 'rw'), (2, 'ro'), (3, 'ro')):
        make_rule(api.user.context(), share, f'192.0.2.{number}', access_level=level, metadata={'n': str(number)})

    def found(query):
        rows = api.user.get(f'/share-access-rules?share_id={share["id"]}&{query}')['access_list']
        return [row['access_to'] for row in rows]
    assert found('') == ['192.0.2.1', '192.0.2.2', '192.0.2.3']
    assert found('access_level=ro') == ['192.0.2.2', '192.0.2.3']
    assert found("metadata={'n':'3'}") == ['192.0.2.3']
    assert found('access_type=ip&access_to=192.0.2.1') == ['192.0.2.1']
    assert found('access_type=user') == []


def test_metadata_of_a_rule_are_set_and_removed(api, share):
    path = f'/share-access-rules/{make_rule(api.user.context(), share, metadata={"a": "b"})["id"]}'
    assert api.user('PUT', f'{path}/metadata', {'metadata': {'c': 'd'}}).json == {'metadata': {'a': 'b', 'c': 'd'}}
    assert api.user('DELETE', f'{path}/metadata/a').status_int == 200
    assert api.user('DELETE', f'{path}/metadata/a').status_int == 404
    assert api.user.get(path)['access']['metadata'] == {'c': 'd'}


def test_rules_of_other_projects_do_not_exist(api, share):
    rule = make_rule(api.user.context(), share, metadata={'a': 'b'})
    path = f'/share-access-rules/{rule["id"]}'
    foreign = make_share(api.stranger.context())
    for method, rest, body in (('GET', '', None), ('PUT', '', {'update_access': {'access_level': 'ro'}}),
                               ('PUT', '/metadata', {'metadata': {'a': 'c'}}), ('DELETE', '/metadata/a', None)):
        assert api.stranger(method, path + rest, body).status_int == 404, (method, rest)
    assert api.stranger('GET', f'/share-access-rules?share_id={share["id"]}').status_int == 400
    assert allow(api.stranger, share).status_int == 404
    assert act(api.stranger, share, 'deny_access', {'access_id': rule['id']}).status_int == 404
    assert act(api.stranger, foreign, 'deny_access', {'access_id': rule['id']}).status_int == 404
    assert act(api.stranger, share, 'access_list', None, '2.44').status_int == 404
    assert api.user.get(path)['access']['metadata'] == {'a': 'b'}


def test_rule_of_another_share_is_not_denied(api, share):
    rule = make_rule(api.user.context(), share)
    other = make_share(api.user.context())
    assert act(api.user, other, 'deny_access', {'access_id': rule['id']}).status_int == 404
    assert act(api.user, other, 'deny_access', {'access_id': MISSING}).status_int == 404


@pytest.mark.parametrize('status', ['creating', 'deleting', 'extending', 'shrinking', 'migrating'])
def test_rules_do_not_change_while_the_share_does(api, share, status):
    rule = make_rule(api.user.context(), share)
    set_status(api.admin.context(), share, status)
    assert allow(api.user, share, access_to='192.0.2.9').status_int == 400
    assert act(api.user, share, 'deny_access', {'access_id': rule['id']}).status_int == 400
    answer = api.user('PUT', f'/share-access-rules/{rule["id"]}', {'update_access': {'access_level': 'ro'}})
    assert answer.status_int == 400


def test_rules_of_a_share_in_error_change_since_2_74(api, share):
    set_status(api.admin.context(), share, 'error')
    assert allow(api.user, share, '2.73').status_int == 400
    assert allow(api.user, share, '2.74').status_int == 200


def test_versions_before_locks_know_none(api, share):
    rule = allow(api.user, share, '2.81', lock_deletion=True, lock_visibility=True).json['access']
    assert api.user.get(f'/share-access-rules/{rule["id"]}')['access']['access_to'] == '192.0.2.1'
    assert act(api.user, share, 'deny_access', {'access_id': rule['id']}).status_int == 202


def test_cost_does_not_grow_with_the_number_of_rules(api, share, statements):
    numbers = iter(range(1000))

    def cost(function):
        with statements() as seen:
            function()
        return len(seen)

    def allow_one():
        number = next(numbers)
        answer = allow(api.user, share, access_to=f'10.0.{number // 250}.{number % 250}')
        assert answer.status_int == 200, answer.text

    def deny_one():
        rule = api.user.get(f'/share-access-rules?share_id={share["id"]}')['access_list'][0]['id']
        assert act(api.user, share, 'deny_access', {'access_id': rule}).status_int == 202
    operations = (allow_one, deny_one, lambda: api.user.get(f'/share-access-rules?share_id={share["id"]}'))
    allow_one()
    few = [cost(operation) for operation in operations]
    for _ in range(300):
        service.allow(api.user.context(), share['id'], {
            'access_type': 'ip', 'access_to': f'10.1.{(number := next(numbers)) // 250}.{number % 250}'})
    assert [cost(operation) for operation in operations] == few
    assert few[0] <= 6 and few[2] <= 5
    without_jobs(api.admin.context())
