"""The operations of the recycle bin through the whole API."""
import pytest

from manila.db import session
from manila.resources.shares import store
from manila.tests.fixtures.rows import make_share, set_status

pytestmark = pytest.mark.usefixtures('share_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_share(api.user.context())


def act(caller, share, name, version='2.99'):
    return caller('POST', f'/shares/{share["id"]}/action', {name: None}, version).status_int


@pytest.mark.parametrize('status', ['available', 'error', 'inactive'])
def test_share_is_put_in_and_taken_out_once(api, share, status):
    set_status(api.admin.context(), share, status)
    assert act(api.user, share, 'soft_delete', '2.69') == 202
    assert act(api.user, share, 'soft_delete') == 403
    assert api.user.get(f'/shares/{share["id"]}')['share']['is_soft_deleted'] is True
    assert act(api.user, share, 'restore', '2.69') == 202
    assert act(api.user, share, 'restore') == 200
    row = api.user.get(f'/shares/{share["id"]}')['share']
    assert (row['is_soft_deleted'], row['scheduled_to_be_deleted_at']) == (False, None)


@pytest.mark.parametrize('status', ['creating', 'deleting', 'error_deleting', 'extending', 'manage_error', 'ensuring'])
def test_share_that_could_not_be_deleted_is_not_put_in(api, share, status):
    set_status(api.admin.context(), share, status)
    assert act(api.user, share, 'soft_delete') == 403


@pytest.mark.parametrize('status', ['deleting', 'error_deleting'])
def test_share_that_is_being_deleted_is_not_taken_out(api, share, status):
    assert act(api.user, share, 'soft_delete') == 202
    set_status(api.admin.context(), share, status)
    assert act(api.user, share, 'restore') == 403


def test_what_keeps_a_share_out_of_the_recycle_bin(api, share):
    context = api.admin.context()
    with session.writer(context) as connection:
        store.change(connection, share['id'], task_state='migration_in_progress')
    assert act(api.user, share, 'soft_delete') == 403
    with session.writer(context) as connection:
        store.change(connection, share['id'], task_state=None)
    lock = api.user('POST', '/resource-locks', {'resource_lock': {
        'resource_type': 'share', 'resource_id': share['id'], 'resource_action': 'delete'}})
    assert act(api.user, share, 'soft_delete') == 403
    assert api.user('DELETE', f'/resource-locks/{lock.json["resource_lock"]["id"]}').status_int == 204
    assert act(api.user, share, 'soft_delete') == 202


def test_share_with_snapshots_is_not_put_in(api, context):
    from manila.resources.snapshots import service as snapshots
    from manila.resources.types import service as types
    types.create(context, 'snappy', None, True, {'driver_handles_share_servers': 'False', 'snapshot_support': 'True'})
    share = make_share(api.user.context(), share_type='snappy')
    snapshots.create(api.user.context(), {'share_id': share['id']})
    assert act(api.user, share, 'soft_delete') == 403
    assert act(api.admin, share, 'unmanage') == 403
    assert act(api.admin, share, 'force_delete') == 400
    assert api.user('DELETE', f'/shares/{share["id"]}').status_int == 403


def test_recycle_bin_is_there_from_269_on_and_for_the_project(api, share):
    for name in ('soft_delete', 'restore'):
        assert act(api.user, share, name, '2.68') == 404
        assert act(api.stranger, share, name) == 404
        assert act(api.user, {'id': MISSING}, name) == 404
        assert act(api.of(('reader',)), share, name) == 403
    assert api.user.get(f'/shares/{share["id"]}')['share']['is_soft_deleted'] is False
