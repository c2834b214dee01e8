"""What changes hands with a share, and what happens to offers that lead to nothing."""
import pytest

from manila import exception
from manila.db import query, session
from manila.jobs import store as jobs, sweep, worker
from manila.jobs.outcome import Failed
from manila.resources.access import store as access
from manila.resources.locks import service as locks, store as lock_store
from manila.resources.messages import store as messages
from manila.resources.quotas import service as quotas
from manila.resources.shares import store as shares
from manila.resources.snapshots import store as snapshots
from manila.resources.transfers import service, store
from manila.tests.fixtures.rows import make_rule, orders, without_jobs
from manila.tests.fixtures.snapshot_rows import full_type, make_full_share, make_snapshot  # noqa: F401
from manila.tests.resources.conftest import OTHER_PROJECT, PROJECT

pytestmark = pytest.mark.usefixtures('full_type')


@pytest.fixture
def colleague(api):
    """The context of another member of the user's project."""
    return api.of(user_id='colleague').context()


@pytest.fixture
def receiver(api):
    """The context of a member of another project."""
    return api.stranger.context()


@pytest.fixture
def share(user, colleague):
    """A share of 3 GiB with a snapshot of its owner and two of somebody else."""
    row = make_full_share(user, size=3)
    for context in (user, colleague, colleague):
        make_snapshot(context, row)
    return row


def accepted(user, receiver, share, clear_rules=False):
    """The id of a transfer that the back end is to carry out."""
    made = service.create(user, share['id'], None)
    service.accept(receiver, made['id'], made['auth_key'], clear_rules)
    return made['id']


def complete(context, transfer_id, clear_rules=False):
    with session.writer(context):
        service.complete(context, transfer_id, OTHER_PROJECT, 'stranger', clear_rules)


def in_use(context, project_id, **scope):
    used = quotas.show_usage(context, project_id, **scope)
    return [used[name]['in_use'] for name in ('shares', 'gigabytes', 'snapshots', 'snapshot_gigabytes')]


@pytest.mark.every_database
def test_share_snapshots_and_quotas_change_hands_together(context, user, receiver, share):
    transfer_id = accepted(user, receiver, share)
    assert in_use(context, PROJECT) == [1, 3, 3, 9] and in_use(context, OTHER_PROJECT) == [0, 0, 0, 0]
    complete(context, transfer_id)
    row = shares.get(receiver, share['id'])
    assert (row['project_id'], row['user_id'], row['status']) == (OTHER_PROJECT, 'stranger', 'available')
    found, _more, _count = snapshots.find(receiver, {}, query.Page())
    assert {(each['project_id'], each['user_id']) for each in found} == {(OTHER_PROJECT, 'stranger')}
    assert len(found) == 3
    assert in_use(context, PROJECT) == [0, 0, 0, 0] == in_use(context, PROJECT, user_id='colleague')
    assert in_use(context, OTHER_PROJECT) == [1, 3, 3, 9] == in_use(context, OTHER_PROJECT, user_id='stranger')
    assert in_use(context, OTHER_PROJECT, share_type_id=row['share_type_id']) == [1, 3, 3, 9]
    assert quotas.check(context) == []
    assert store.status(context, transfer_id) is None
    with pytest.raises(exception.ShareNotFound):
        shares.get(user, share['id'])


def test_a_colleague_may_accept_within_the_project(context, user, colleague, share):
    quotas.change(context, PROJECT, {'shares': 1, 'gigabytes': 3, 'snapshots': 3})
    transfer_id = accepted(user, colleague, share)
    with session.writer(context):
        service.complete(context, transfer_id, PROJECT, 'colleague', False)
    assert shares.get(user, share['id'])['user_id'] == 'colleague'
    assert in_use(context, PROJECT, user_id='user') == [0, 0, 0, 0]
    assert in_use(context, PROJECT, user_id='colleague') == [1, 3, 3, 9]
    assert quotas.check(context) == []


def test_limits_that_are_lowered_in_the_meantime_count(context, user, receiver, share):
    transfer_id = accepted(user, receiver, share)
    quotas.change(context, OTHER_PROJECT, {'gigabytes': 2})
    with pytest.raises(exception.ShareSizeExceedsAvailableQuota):
        complete(context, transfer_id)
    assert shares.get(user, share['id'])['status'] == 'awaiting_transfer'
    assert store.status(context, transfer_id) == 'accepting' and quotas.check(context) == []


@pytest.mark.parametrize('clear', [False, True])
def test_rules_stay_unless_they_are_cleared_and_locks_go(context, user, receiver, share, clear):
    rule = make_rule(user, share)
    transfer_id = accepted(user, receiver, share, clear)
    for kind, target, action in (('share', share['id'], 'delete'), ('access_rule', rule['id'], 'show')):
        locks.create(user, {'resource_type': kind, 'resource_id': target, 'resource_action': action})
    complete(context, transfer_id, clear)
    assert lock_store.find(context, {}, query.Page())[0] == []
    assert len(access.all_of(context, share['instance']['id'])) == (0 if clear else 1)
    assert shares.get(receiver, share['id'])['access_rules_status'] == 'active'


def test_share_whose_status_was_reset_is_not_handed_over(context, user, receiver, share):
    transfer_id = accepted(user, receiver, share)
    with session.writer(context) as connection:
        shares.change_instance(connection, share['instance']['id'], status='error')
    with pytest.raises(exception.InvalidState):
        complete(context, transfer_id)


class FakeJob:
    """As much of a job as the record of its failure needs."""

    def __init__(self, transfer_id, clear_rules):
        self.target = transfer_id
        self.args = {'project_id': OTHER_PROJECT, 'user_id': 'stranger', 'clear_rules': clear_rules}


@pytest.mark.parametrize('error, detail', [
    (exception.DriverCannotTransferShareWithRules(), '026'), (Failed('given up'), '001'),
    (exception.ShareLimitExceeded(allowed=1), '001')])
def test_failure_leaves_the_offer_and_tells_the_receiver(context, user, receiver, share, error, detail):
    transfer_id = accepted(user, receiver, share)
    with session.writer(context):
        service.fail(context, FakeJob(transfer_id, False), error)
    assert store.get(user, transfer_id)['status'] == 'waiting'
    assert store.get(user, transfer_id)['destination_project_id'] is None
    assert shares.get(user, share['id'])['status'] == 'awaiting_transfer'
    (message,), _more = messages.list_page(receiver, query.Page(), {})
    assert (message['action_id'], message['detail_id'], message['resource_id']) == ('026', detail, share['id'])
    assert messages.list_page(user, query.Page(), {})[0] == []
    with pytest.raises(exception.Conflict):
        service.wait_for_end(receiver, transfer_id)


def test_failure_has_cleared_rules_applied_again(context, user, receiver, share):
    make_rule(user, share)
    transfer_id = accepted(user, receiver, share, clear_rules=True)
    without_jobs(context)
    with session.writer(context):
        service.fail(context, FakeJob(transfer_id, True), Failed('no'))
    assert orders(context) == [('access.sync', 'share:node@alpha', share['instance']['id'])]


def expire_all(context):
    while service.expire(context, 1):
        pass


def test_expired_offers_are_withdrawn_unless_somebody_is_accepting(context, user, receiver, share, conf):
    other, third = make_full_share(user), make_full_share(user)
    conf.config(transfer_retention_time=1)
    expired = service.create(user, share['id'], None)
    busy = accepted(user, receiver, other)
    reset = service.create(user, third['id'], None)
    conf.config(transfer_retention_time=300)
    fresh_share = make_full_share(user)
    fresh = service.create(user, fresh_share['id'], None)
    with session.writer(context) as connection:
        shares.change_instance(connection, third['instance']['id'], status='error')
        for transfer_id in (expired['id'], reset['id']):
            store.try_move(connection, transfer_id, 'accept')
            store.try_move(connection, transfer_id, 'fail', expires_at=share['created_at'])
    expire_all(context)
    assert [store.status(context, each) for each in (expired['id'], busy, reset['id'], fresh['id'])] == [
        None, 'accepting', None, 'waiting']
    assert [shares.get(user, each['id'])['status'] for each in (share, other, third, fresh_share)] == [
        'available', 'awaiting_transfer', 'error', 'awaiting_transfer']


def test_transfer_that_no_job_carries_out_is_offered_again(context, user, receiver, share, conf):
    transfer_id = accepted(user, receiver, share)
    conf.config(group='jobs', sweep_grace=0)
    assert sweep.run(context) == 0
    without_jobs(context)
    assert sweep.run(context) == 1
    assert store.get(user, transfer_id)['status'] == 'waiting'


def test_job_of_a_transfer_excludes_other_work_on_the_share(context, user, receiver, share):
    accepted(user, receiver, share)
    (claim,), _more = jobs.claim(context, 'share:node@alpha', worker.new_owner(), 5, 60)
    (row,) = jobs.find(context, job_id=claim.id)
    assert row['running'] == f'instance:{share["instance"]["id"]}'
