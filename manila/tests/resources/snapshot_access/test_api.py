"""Operations on access rules of snapshots through the whole API."""
import pytest

from manila.resources.types import service as types
from manila.tests.fixtures.rows import orders
from manila.tests.fixtures.snapshot_rows import (  # noqa: F401
    full_type,
    make_full_share,
    make_snapshot,
    set_snapshot_status,
)
from manila.tests.fixtures.snapshots import SPECS

pytestmark = pytest.mark.usefixtures('full_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def snapshot(api):
    """A snapshot that can be mounted."""
    return make_snapshot(api.user.context(), make_full_share(api.user.context()))


def act(caller, snapshot, name, body, version='2.99'):
    return caller('POST', f'/snapshots/{snapshot["id"]}/action', {name: body}, version)


def allow(caller, snapshot, access_to='192.0.2.1', access_type='ip', version='2.99'):
    return act(caller, snapshot, 'allow_access', {'access_type': access_type, 'access_to': access_to},
               version)


def deny(caller, snapshot, access_id, version='2.99'):
    return act(caller, snapshot, 'deny_access', {'access_id': access_id}, version)


def listed(caller, snapshot, version='2.99'):
    return caller.get(f'/snapshots/{snapshot["id"]}/access-list', version)['snapshot_access_list']


def of_type(api, **specs):
    """A snapshot of a share of another type."""
    types.create(api.admin.context(), 'other', None, True, {**SPECS, **specs})
    return make_snapshot(api.user.context(), make_full_share(api.user.context(), share_type='other'))


@pytest.mark.parametrize('version', ['2.32', '2.99'])
def test_rules_are_made_listed_and_taken_away(api, snapshot, version):
    answer = allow(api.user, snapshot, version=version)
    assert answer.status_int == 202
    rule = answer.json['snapshot_access']
    assert rule == {'id': rule['id'], 'access_type': 'ip', 'access_to': '192.0.2.1',
                    'state': 'queued_to_apply'}
    assert listed(api.user, snapshot, version) == [rule]
    target = snapshot['instance']['id']
    assert orders(api.admin.context()) == [('snapshot_access.sync', 'share:node@alpha', target)]
    assert deny(api.user, snapshot, rule['id'], version).status_int == 202
    assert listed(api.user, snapshot, version) == [{**rule, 'state': 'queued_to_deny'}]
    assert deny(api.user, snapshot, rule['id'], version).status_int == 202
    assert len(orders(api.admin.context())) == 1


@pytest.mark.parametrize(('access_type', 'access_to', 'version', 'expected'), [
    ('ip', '192.0.2.0/24', '2.32', 202), ('ip', '2001:db8::1', '2.37', 400),
    ('ip', '2001:db8::1', '2.38', 202),
    ('ip', '192.0.2.1/24', '2.99', 400), ('ip', 'host', '2.99', 400), ('user', 'alice', '2.32', 202),
    ('user', 'bob', '2.32', 400), ('cert', 'client', '2.32', 202), ('cephx', 'client', '2.99', 400),
    ('other', 'x', '2.99', 400)])
def test_clients_are_checked(api, snapshot, access_type, access_to, version, expected):
    assert allow(api.user, snapshot, access_to, access_type, version).status_int == expected


def test_second_rule_for_a_client_is_refused_however_it_is_spelled(api, snapshot):
    assert allow(api.user, snapshot).status_int == 202
    assert allow(api.user, snapshot).status_int == 400
    assert allow(api.user, snapshot, '192.0.2.1/32').status_int == 400
    assert allow(api.user, snapshot, '192.0.2.2').status_int == 202


def test_rules_of_one_snapshot_are_none_of_another(api, snapshot):
    other = make_snapshot(api.user.context(), make_full_share(api.user.context()))
    rule = allow(api.user, snapshot).json['snapshot_access']['id']
    assert listed(api.user, other) == []
    assert deny(api.user, other, rule).status_int == 400
    assert deny(api.user, snapshot, MISSING).status_int == 404
    assert allow(api.user, other).status_int == 202


def test_rules_change_only_while_the_snapshot_is_available(api, snapshot):
    rule = allow(api.user, snapshot).json['snapshot_access']['id']
    for status in ('error', 'creating', 'deleting', 'restoring'):
        set_snapshot_status(api.admin.context(), snapshot, status)
        assert allow(api.user, snapshot, '192.0.2.2').status_int == 400
        assert deny(api.user, snapshot, rule).status_int == 400
    assert [each['access_to'] for each in listed(api.user, snapshot)] == ['192.0.2.1']


def test_snapshots_that_cannot_be_mounted_have_no_rules(api):
    snapshot = of_type(api, mount_snapshot_support='False')
    assert allow(api.user, snapshot).status_int == 400
    assert deny(api.user, snapshot, MISSING).status_int == 400
    assert api.user('GET', f'/snapshots/{snapshot["id"]}/access-list').status_int == 400


def test_snapshots_that_follow_the_rules_of_their_share_have_none_of_their_own(api):
    snapshot = of_type(api, snapshot_inherit_share_access_support='True')
    assert allow(api.user, snapshot).status_int == 400
    assert deny(api.user, snapshot, MISSING).status_int == 400
    assert listed(api.user, snapshot) == []


def test_rules_are_for_members_of_the_project_from_232_on(api, snapshot):
    reader = api.of(roles=('reader',))
    assert allow(reader, snapshot).status_int == 403
    assert allow(api.stranger, snapshot).status_int == 404
    assert allow(api.user, snapshot, version='2.31').status_int == 404
    assert api.user('GET', f'/snapshots/{snapshot["id"]}/access-list', version='2.31').status_int == 404
    assert allow(api.user, snapshot).status_int == 202
    assert len(listed(reader, snapshot)) == len(listed(api.admin, snapshot)) == 1


@pytest.mark.parametrize('body', [{}, {'access_type': 'ip'}, {'access_to': '192.0.2.1'},
                                  {'access_type': 'ip', 'access_to': None}, []])
def test_bodies_that_lack_something_are_refused(api, snapshot, body):
    assert act(api.user, snapshot, 'allow_access', body).status_int == 400
    assert act(api.user, snapshot, 'deny_access', body).status_int == 400
