"""Maintenance of rows by administrators."""
import pytest

from manila import exception
from manila.db import session
from manila.jobs import kind, outcome, store as jobs, worker
from manila.resources.maintenance import service
from manila.resources.quotas import service as quotas
from manila.resources.services import store as services
from manila.resources.shares import service as shares, store as share_store
from manila.resources.shares.states import EXTEND
from manila.resources.snapshots import service as snapshots, store as snapshot_store
from manila.resources.types import service as types
from manila.tests.fixtures import rows


@pytest.fixture
def kinds(context, database):
    """A share type of which snapshots may be taken."""
    types.create(context, 'plain', None, True, {'driver_handles_share_servers': 'False', 'snapshot_support': 'True'})


def host_of(context, share):
    return share_store.instance(context, share['instances'][0]['id'])['host']


def order(context, share, queue):
    instance_id = share['instances'][0]['id']
    with session.writer(context):
        jobs.insert(context, EXTEND, instance_id, queue)


@pytest.mark.every_database
def test_purged_share_leaves_nothing_behind(api, context, user, kinds):
    share, other = rows.make_share(user), rows.make_share(user)
    rows.make_rule(user, share)
    snapshot = snapshots.create(user, {'share_id': share['id']})
    row = service.purge_share(context, share['id'])
    assert row['instances'][0]['host'] == rows.HOST
    with pytest.raises(exception.ShareNotFound):
        share_store.get(context, share['id'])
    with pytest.raises(exception.ShareSnapshotNotFound):
        snapshot_store.get(context, snapshot['id'])
    assert jobs.find(context) == []
    assert quotas.check(context) == []
    usage = quotas.show_usage(context, user.project_id)
    assert (usage['shares']['in_use'], usage['snapshots']['in_use']) == (1, 0)
    assert share_store.get(context, other['id'])


def test_worker_that_has_the_purged_share_in_hand_writes_nothing(api, context, user, kinds):
    share = rows.make_share(user)
    order(context, share, 'share:node@alpha')
    (claim,), _more = jobs.claim(context, 'share:node@alpha', 'me', 1, 60)
    service.purge_share(context, share['id'])
    with pytest.raises(outcome.Fenced):
        worker.Job(claim).finish()
    assert kind.get(claim.kind) is EXTEND


def test_share_that_is_not_there_cannot_be_purged(context, database):
    with pytest.raises(exception.ShareNotFound):
        service.purge_share(context, 'none')


@pytest.mark.parametrize(('current', 'new', 'expected'), [
    ('node', 'other', ['other@alpha#one', 'other@alpha#two', 'other@beta#one', 'node2@alpha#one']),
    ('node@alpha', 'other@gamma', ['other@gamma#one', 'other@gamma#two', 'node@beta#one', 'node2@alpha#one']),
    ('node@alpha#one', 'node@alpha#three', ['node@alpha#three', 'node@alpha#two', 'node@beta#one', 'node2@alpha#one']),
])
@pytest.mark.every_database
def test_what_lies_at_a_host_moves_with_its_jobs_and_nothing_else_does(api, context, user, kinds, current, new,
                                                                       expected):
    old = ['node@alpha#one', 'node@alpha#two', 'node@beta#one', 'node2@alpha#one']
    found = [rows.make_share(user, host=host) for host in old]
    for share, host in zip(found, old):
        order(context, share, shares.queue_of(host))
    moves = service.update_host(context, current, new, force=True)
    assert [host_of(context, share) for share in found] == expected
    assert [job['queue'] for job in jobs.find(context)] == [shares.queue_of(host) for host in expected]
    assert sum(len(ids) for _, _, ids in moves) == sum(host != after for host, after in zip(old, expected))


@pytest.mark.parametrize(('current', 'new'), [
    ('node', 'node'), ('node', 'node@alpha'), ('node@alpha', 'node@alpha#one')])
def test_hosts_must_be_two_of_the_same_form(context, database, current, new):
    with pytest.raises(exception.InvalidHost):
        service.update_host(context, current, new, force=True)


def test_old_back_end_must_be_down_and_the_new_one_known(api, context, user, kinds):
    share = rows.make_share(user)
    old = services.register(context, 'node@alpha', 'manila-share', 'topic', None)
    with pytest.raises(exception.InvalidHost, match='No manila-share has served node@beta'):
        service.update_host(context, 'node@alpha', 'node@beta')
    services.register(context, 'node@beta', 'manila-share', 'topic', None)
    with pytest.raises(exception.InvalidHost, match='must be stopped first'):
        service.update_host(context, 'node@alpha', 'node@beta')
    services.stop(context, old['id'])
    service.update_host(context, 'node@alpha', 'node@beta')
    assert host_of(context, share) == 'node@beta#pool0'


def test_pool_of_a_back_end_may_get_another_name_while_it_is_up(api, context, user, kinds):
    share = rows.make_share(user)
    services.register(context, 'node@alpha', 'manila-share', 'topic', None)
    service.update_host(context, 'node@alpha#pool0', 'node@alpha#pool1')
    assert host_of(context, share) == 'node@alpha#pool1'
