"""Operations on export locations of snapshots through the whole API."""
import pytest

from manila.tests.fixtures.snapshot_rows import (  # noqa: F401
    full_type,
    make_full_share,
    make_snapshot,
    set_snapshot_status,
)

pytestmark = pytest.mark.usefixtures('full_type')
MISSING = '11111111-2222-3333-4444-555555555555'
KEY = 'share_snapshot_export_locations'
PUBLIC = '192.0.2.10:/snapshots/one'
SUMMARY = {'id', 'path', 'links'}
ADMINS = {'share_snapshot_instance_id', 'is_admin_only'}
TIMES = {'created_at', 'updated_at'}


@pytest.fixture
def snapshot(api):
    """A snapshot with a path for everybody and one for administrators."""
    return make_snapshot(api.user.context(), make_full_share(api.user.context()))


def test_users_see_their_locations_and_administrators_all(api, snapshot):
    path = f'/snapshots/{snapshot["id"]}/export-locations'
    for version in ('2.32', '2.99'):
        row, = api.user.get(path, version)[KEY]
        assert (set(row), row['path']) == (SUMMARY, PUBLIC)
        shown = api.user.get(f'{path}/{row["id"]}', version)['share_snapshot_export_location']
        assert set(shown) == SUMMARY | TIMES
    everything = api.admin.get(path)[KEY]
    assert [each['is_admin_only'] for each in everything] == [False, True]
    assert set(everything[0]) == SUMMARY | ADMINS
    assert everything[0]['share_snapshot_instance_id'] == snapshot['instance']['id']
    assert api.user('GET', f'{path}/{everything[1]["id"]}').status_int == 404
    shown = api.admin.get(f'{path}/{everything[1]["id"]}')['share_snapshot_export_location']
    assert set(shown) == SUMMARY | ADMINS | TIMES


def test_locations_of_an_instance_are_for_administrators(api, snapshot):
    path = f'/snapshot-instances/{snapshot["instance"]["id"]}/export-locations'
    first, second = api.admin.get(path, '2.32')[KEY]
    assert first['path'] == PUBLIC
    assert api.admin.get(f'{path}/{second["id"]}')['share_snapshot_export_location']['is_admin_only'] is True
    assert api.user('GET', path).status_int == api.user('GET', f'{path}/{first["id"]}').status_int == 403
    assert api.admin('GET', f'{path}/{MISSING}').status_int == 404
    assert api.admin('GET', f'/snapshot-instances/{MISSING}/export-locations').status_int == 404


def test_locations_are_those_of_snapshots_that_are_available_and_ones_own(api, snapshot):
    path = f'/snapshots/{snapshot["id"]}/export-locations'
    assert api.user('GET', path, version='2.31').status_int == 404
    assert api.stranger('GET', path).status_int == 404
    assert api.user('GET', f'{path}/{MISSING}').status_int == 404
    assert api.user('GET', f'/snapshots/{MISSING}/export-locations').status_int == 404
    set_snapshot_status(api.admin.context(), snapshot, 'error')
    assert api.user.get(path)[KEY] == []
