"""Operations on snapshot instances through the whole API."""
import pytest

from manila.resources.quotas import service as quotas
from manila.tests.fixtures.snapshot_rows import full_type, make_full_share, make_snapshot  # noqa: F401

pytestmark = pytest.mark.usefixtures('full_type')
MISSING = '11111111-2222-3333-4444-555555555555'
PATH = '/snapshot-instances'


@pytest.fixture
def snapshots(api):
    """Two snapshots of one share."""
    share = make_full_share(api.user.context())
    return [make_snapshot(api.user.context(), share) for _ in range(2)]


def test_instances_are_shown_and_listed(api, snapshots):
    first, second = snapshots
    expected = {
        'id': first['instance']['id'], 'snapshot_id': first['id'], 'status': 'available',
        'share_id': first['share_id'], 'share_instance_id': first['instance']['share_instance_id'],
        'progress': '100%', 'provider_location': first['provider_location']}
    for version in ('2.19', '2.99'):
        shown = api.admin.get(f'{PATH}/{first["instance"]["id"]}', version)['snapshot_instance']
        assert shown.pop('created_at') and shown.pop('updated_at')
        assert shown == expected
        brief = [{'id': each['instance']['id'], 'snapshot_id': each['id'], 'status': 'available'}
                 for each in (second, first)]
        assert api.admin.get(PATH, version)['snapshot_instances'] == brief
        listed = api.admin.get(f'{PATH}/detail?snapshot_id={first["id"]}', version)['snapshot_instances']
        assert [set(row) - {'created_at', 'updated_at'} for row in listed] == [set(expected)]
    assert api.admin.get(f'{PATH}?snapshot_id={MISSING}')['snapshot_instances'] == []
    assert len(api.admin.get(f'{PATH}?limit=1')['snapshot_instances']) == 1


def test_status_of_an_instance_is_reset(api, snapshots):
    path = f'{PATH}/{snapshots[0]["instance"]["id"]}'
    for status in ('creating', 'available', 'deleting', 'error', 'error_deleting', 'migrating',
                   'migrating_to', 'server_migrating'):
        answer = api.admin('POST', f'{path}/action', {'reset_status': {'status': status}})
        assert answer.status_int == 202
        assert api.admin.get(path)['snapshot_instance']['status'] == status
    for body in ({'status': 'restoring'}, {}):
        assert api.admin('POST', f'{path}/action', {'reset_status': body}).status_int == 400
    assert quotas.check(api.admin.context()) == []


def test_instances_are_for_administrators_from_219_on(api, snapshots):
    path = f'{PATH}/{snapshots[0]["instance"]["id"]}'
    reset = {'reset_status': {'status': 'error'}}
    for where in (PATH, f'{PATH}/detail', path):
        assert api.user('GET', where).status_int == 403
        assert api.admin('GET', where, version='2.18').status_int == 404
    assert api.user('POST', f'{path}/action', reset).status_int == 403
    assert api.admin('POST', f'{path}/action', reset, version='2.18').status_int == 404
    assert api.admin('GET', f'{PATH}/{MISSING}').status_int == 404
    assert api.admin('POST', f'{PATH}/{MISSING}/action', reset).status_int == 404
