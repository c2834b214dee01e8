"""The revert of a share through the whole API."""
import pytest

from manila.db import session
from manila.resources.quotas import service as quotas
from manila.resources.shares import store as shares
from manila.tests.fixtures.rows import orders, set_status, without_jobs
from manila.tests.fixtures.snapshot_rows import (  # noqa: F401
    full_type,
    make_full_share,
    make_snapshot,
    set_snapshot_status,
)

pytestmark = pytest.mark.usefixtures('full_type')
MISSING = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def share(api):
    """A share of the user that is available."""
    return make_full_share(api.user.context())


@pytest.fixture
def snapshot(api, share):
    """A snapshot of it that is available."""
    return make_snapshot(api.user.context(), share)


def revert(caller, share, snapshot, version='2.99'):
    body = {'revert': {'snapshot_id': snapshot['id']}}
    return caller('POST', f'/shares/{share["id"]}/action', body, version).status_int


def test_revert_is_ordered_and_shown(api, share, snapshot):
    assert revert(api.user, share, snapshot, '2.27') == 202
    assert api.user.get(f'/shares/{share["id"]}')['share']['status'] == 'reverting'
    assert api.user.get(f'/snapshots/{snapshot["id"]}')['snapshot']['status'] == 'restoring'
    assert orders(api.admin.context()) == [('share.revert', 'share:node@alpha', share['instances'][0]['id'])]
    assert revert(api.user, share, snapshot) == 409


def test_who_may_revert_and_since_when(api, share, snapshot):
    assert revert(api.user, share, snapshot, '2.26') == 404
    assert revert(api.stranger, share, snapshot) == 404
    assert revert(api.of(roles=('reader',)), share, snapshot) == 403
    assert revert(api.user, {'id': MISSING}, snapshot) == 404
    assert revert(api.user, share, {'id': MISSING}) == 400
    assert revert(api.user, share, {'id': 'no uuid'}) == 400


@pytest.mark.parametrize(('column', 'value', 'expected'), [
    ('is_soft_deleted', True, 403), ('revert_to_snapshot_support', False, 400),
    ('task_state', 'migration_in_progress', 409)])
def test_what_the_share_must_be_like(api, share, snapshot, column, value, expected):
    with session.writer(api.admin.context()) as connection:
        shares.change(connection, share['id'], **{column: value})
    assert revert(api.user, share, snapshot) == expected


def test_states_that_do_not_allow_it(api, share, snapshot):
    set_snapshot_status(api.admin.context(), snapshot, 'error')
    assert revert(api.user, share, snapshot) == 409
    set_snapshot_status(api.admin.context(), snapshot, 'available')
    set_status(api.admin.context(), share, 'error')
    assert revert(api.user, share, snapshot) == 409
    set_status(api.admin.context(), share, 'available')
    with session.writer(api.admin.context()) as connection:
        shares.change_instance(connection, share['instances'][0]['id'], access_rules_status='syncing')
    assert revert(api.user, share, snapshot) == 409


def test_only_the_newest_snapshot_of_the_share_will_do(api, share, snapshot):
    other = make_snapshot(api.user.context(), make_full_share(api.user.context()))
    assert revert(api.user, share, other) == 400
    newer = make_snapshot(api.user.context(), share)
    assert revert(api.user, share, snapshot) == 409
    assert api.user.get(f'/shares/{share["id"]}')['share']['status'] == 'available'
    assert revert(api.user, share, newer) == 202


def test_growth_counts_from_the_order_on_and_within_limits(api, share, snapshot, conf):
    context = api.admin.context()
    with session.writer(context) as connection:
        connection.exec_driver_sql("UPDATE share_snapshots SET size = 5")
        connection.exec_driver_sql("UPDATE quota_usages SET in_use = 5 WHERE resource = 'snapshot_gigabytes'")
    conf.config(group='quota', gigabytes=4)
    assert revert(api.user, share, snapshot) == 403
    conf.config(group='quota', gigabytes=5)
    assert revert(api.user, share, snapshot) == 202
    assert quotas.show_usage(context, api.user.project_id)['gigabytes']['in_use'] == 5
    assert quotas.check(context) == []
    without_jobs(context)
    reset = {'reset_status': {'status': 'available'}}
    assert api.admin('POST', f'/shares/{share["id"]}/action', reset).status_int == 202
    assert quotas.show_usage(context, api.user.project_id)['gigabytes']['in_use'] == 1
    assert quotas.check(context) == []
