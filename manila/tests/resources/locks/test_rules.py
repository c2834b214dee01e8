"""Locks on access rules: what they keep, and whom they hide it from."""
import pytest

from manila.db import session
from manila.resources.access import store as access
from manila.tests.fixtures.rows import make_rule, make_share

pytestmark = pytest.mark.usefixtures('share_type')


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context())


@pytest.fixture
def colleague(api):
    """Another member of the user's project."""
    return api.of(user_id='colleague')


def act(caller, share, name, body, version='2.99'):
    return caller('POST', f'/shares/{share["id"]}/action', {name: body}, version=version)


def allow(caller, share, version='2.99', access_to='192.0.2.1', **values):
    return act(caller, share, 'allow_access', {'access_type': 'ip', 'access_to': access_to, **values}, version)


def allowed(caller, share, **values):
    answer = allow(caller, share, **values)
    assert answer.status_int == 200, answer.text
    return answer.json['access']


def deny(caller, share, rule, version='2.99', **values):
    return act(caller, share, 'deny_access', {'access_id': rule['id'], **values}, version).status_int


def locks(caller):
    return caller.get('/resource-locks?sort_dir=asc')['resource_locks']


def listed(caller, share, version='2.99', **filters):
    query = ''.join(f'&{key}={value}' for key, value in filters.items())
    if version < '2.45':
        return act(caller, share, 'access_list', None, version).json['access_list']
    return caller.get(f'/share-access-rules?share_id={share["id"]}{query}', version)['access_list']


def test_a_deletion_lock_is_placed_on_the_rule_and_because_of_it_on_the_share(api, share):
    rule = allowed(api.user, share, lock_deletion=True, lock_reason='mine')
    on_rule, on_share = locks(api.user)
    assert (on_rule['resource_type'], on_rule['resource_id'], on_rule['resource_action']) == (
        'access_rule', rule['id'], 'delete')
    assert (on_share['resource_type'], on_share['resource_id'], on_share['resource_action']) == (
        'share', share['id'], 'delete')
    assert on_rule['lock_reason'] == 'mine'
    assert on_rule['id'] in on_share['lock_reason'] and rule['id'] in on_share['lock_reason']
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 403


def test_a_visibility_lock_does_not_keep_the_share(api, share):
    rule = allowed(api.user, share, lock_visibility=True)
    (only,) = locks(api.user)
    assert (only['resource_id'], only['resource_action'], only['lock_reason']) == (rule['id'], 'show', None)
    assert rule['access_to'] == '192.0.2.1'
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 202


def test_rules_are_locked_since_282_and_a_reason_needs_a_lock(api, share):
    assert allow(api.user, share, '2.81', lock_deletion=True, lock_reason='x').status_int == 200
    assert locks(api.user) == []
    for values in ({'lock_reason': 'x'}, {'lock_reason': 'x', 'lock_deletion': False}, {'lock_deletion': 'perhaps'},
                   {'lock_reason': 'x' * 1024, 'lock_deletion': True}):
        assert allow(api.user, share, access_to='192.0.2.9', **values).status_int == 400, values
    assert len(listed(api.user, share)) == 1


def test_a_locked_rule_is_denied_only_unrestricted_and_by_who_may_remove_the_lock(api, share, colleague):
    rule = allowed(api.user, share, lock_deletion=True, lock_visibility=True)
    for caller in (api.user, colleague, api.admin):
        for version in ('2.81', '2.99'):
            assert deny(caller, share, rule, version) == 403
        assert deny(caller, share, rule, '2.81', unrestrict=True) == 403
        assert deny(caller, share, rule, unrestrict=False) == 403
    assert deny(colleague, share, rule, unrestrict=True) == 403
    assert len(locks(api.user)) == 3
    assert deny(api.user, share, rule, unrestrict=True) == 202
    assert [lock['resource_action'] for lock in locks(api.user)] == ['show']
    assert listed(colleague, share)[0]['access_to'] == '******'


def test_administrators_remove_the_locks_of_users(api, share):
    rule = allowed(api.user, share, lock_deletion=True)
    assert deny(api.admin, share, rule, unrestrict=True) == 202
    assert locks(api.user) == []


def test_a_lock_of_an_administrator_keeps_a_rule_from_its_owner(api, share):
    rule = make_rule(api.user.context(), share)
    answer = api.admin('POST', '/resource-locks', {'resource_lock': {
        'resource_id': rule['id'], 'resource_type': 'access_rule'}})
    assert answer.status_int == 200, answer.text
    assert deny(api.user, share, rule, unrestrict=True) == 403
    assert deny(api.admin, share, rule, unrestrict=True) == 202


def test_the_lock_on_the_share_goes_with_that_on_the_rule(api, share):
    allowed(api.user, share, lock_deletion=True)
    kept = api.user('POST', '/resource-locks', {'resource_lock': {'resource_id': share['id']}}).json['resource_lock']
    on_rule = next(lock for lock in locks(api.user) if lock['resource_type'] == 'access_rule')
    assert api.user('DELETE', f'/resource-locks/{on_rule["id"]}').status_int == 204
    assert [lock['id'] for lock in locks(api.user)] == [kept['id']]


@pytest.mark.every_database
def test_all_locks_of_a_rule_go_with_it(api, share):
    rule = allowed(api.user, share, lock_deletion=True, lock_visibility=True)
    with session.writer(api.admin.context()) as connection:
        access.remove(connection, rule['id'])
    assert locks(api.user) == []


@pytest.mark.parametrize('state', ['queued_to_deny', 'error'])
def test_rules_that_are_going_or_failed_are_not_locked(api, share, state):
    rule = make_rule(api.user.context(), share)
    with session.writer(api.admin.context()) as connection:
        if state == 'error':
            access.end(connection, share['instance']['id'], failed=[rule['id']])
        else:
            access.queue_to_deny(connection, rule['id'])
    for action in ('delete', 'show'):
        answer = api.user('POST', '/resource-locks', {'resource_lock': {
            'resource_id': rule['id'], 'resource_type': 'access_rule', 'resource_action': action}})
        assert answer.status_int == 409


@pytest.mark.parametrize('version', ['2.28', '2.44', '2.45', '2.81', '2.99'])
def test_hidden_rules_are_masked_for_others_in_every_version(api, share, colleague, version):
    rule = allowed(api.user, share, lock_visibility=True)
    plain = allowed(api.user, share, access_to='192.0.2.2')
    with session.writer(api.admin.context()) as connection:
        access.change(connection, rule['id'], access_key='secret')
    seen = {row['id']: row for row in listed(colleague, share, version)}
    assert (seen[rule['id']]['access_to'], seen[rule['id']]['access_key']) == ('******', '******')
    assert (seen[plain['id']]['access_to'], seen[plain['id']]['access_key']) == ('192.0.2.2', None)
    for caller in (api.user, api.admin):
        seen = {row['id']: row for row in listed(caller, share, version)}
        assert (seen[rule['id']]['access_to'], seen[rule['id']]['access_key']) == ('192.0.2.1', 'secret')
    if version >= '2.45':
        path = f'/share-access-rules/{rule["id"]}'
        shown = colleague.get(path, version)['access']
        assert (shown['access_to'], shown['access_key']) == ('******', '******')
        assert 'lock_id' not in shown
        assert api.user.get(path, version)['access']['access_to'] == '192.0.2.1'


def test_hidden_rules_are_masked_when_others_change_their_level(api, share, colleague):
    rule = allowed(api.user, share, lock_visibility=True)
    answer = colleague('PUT', f'/share-access-rules/{rule["id"]}', {'update_access': {'access_level': 'ro'}})
    assert answer.status_int == 200, answer.text
    assert (answer.json['access']['access_to'], answer.json['access']['access_level']) == ('******', 'ro')


def test_hidden_rules_are_not_found_by_what_is_hidden(api, share, colleague):
    allowed(api.user, share, lock_visibility=True)
    filters = {'access_type': 'ip', 'access_to': '192.0.2.1'}
    assert len(listed(api.user, share, **filters)) == 1
    assert listed(colleague, share, **filters) == []
    assert listed(colleague, share, access_type='ip', access_to='******') == []
    assert len(listed(colleague, share, access_type='ip')) == 1


def test_rules_hidden_by_an_administrator_are_hidden_from_their_owner(api, share):
    rule = make_rule(api.user.context(), share)
    api.admin('POST', '/resource-locks', {'resource_lock': {
        'resource_id': rule['id'], 'resource_type': 'access_rule', 'resource_action': 'show'}})
    assert listed(api.user, share)[0]['access_to'] == '******'
    assert listed(api.admin, share)[0]['access_to'] == '192.0.2.1'
