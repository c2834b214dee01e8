"""Orders about snapshots that are given at the same moment."""
import threading

import pytest

from manila import exception
from manila.context import RequestContext
from manila.resources.quotas import service as quotas
from manila.resources.reverts import service as reverts
from manila.resources.shares import service as shares, store as share_store
from manila.resources.snapshots import service, store
from manila.tests.fixtures.snapshot_rows import full_type, make_full_share, make_snapshot  # noqa: F401
from manila.tests.resources.conftest import PROJECT

pytestmark = [pytest.mark.usefixtures('full_type'), pytest.mark.every_database]


def at_once(*orders):
    """Give orders, (function, arguments), in a thread each; returns what each returned or raised."""
    start, found = threading.Barrier(len(orders)), [None] * len(orders)

    def give(number, order):
        function, *arguments = order
        context = RequestContext(project_id=PROJECT, user_id='user', roles=['member', 'reader'],
                                 is_admin=False, overwrite=False)
        start.wait()
        try:
            found[number] = function(context, *arguments)
        except exception.ManilaException as error:
            found[number] = error
    threads = [threading.Thread(target=give, args=pair) for pair in enumerate(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def refused(answer):
    return isinstance(answer, exception.ManilaException)


def test_share_is_deleted_or_has_a_snapshot_taken_but_never_both(user, context):
    for _ in range(5):
        share = make_full_share(user)
        taken, deleted = at_once((service.create, {'share_id': share['id']}), (shares.delete, share['id']))
        assert refused(taken) != refused(deleted)
        status = share_store.get(user, share['id'])['status']
        assert status == ('available' if refused(deleted) else 'deleting')
    assert quotas.check(context) == []


def test_snapshot_taken_during_the_order_of_a_revert_does_not_get_lost(user, context):
    for _ in range(5):
        share = make_full_share(user)
        old = make_snapshot(user, share)
        taken, reverted = at_once((service.create, {'share_id': share['id']}),
                                  (reverts.revert, share['id'], old['id']))
        assert refused(taken) != refused(reverted)
        assert store.get(user, old['id'])['status'] == ('available' if refused(reverted) else 'restoring')
    assert quotas.check(context) == []


def test_quota_is_never_exceeded_by_snapshots_taken_at_once(user, context, conf):
    conf.config(group='quota', snapshots=2)
    share = make_full_share(user)
    answers = at_once(*[(service.create, {'share_id': share['id']})] * 5)
    assert sum(refused(answer) for answer in answers) == 3
    assert quotas.show_usage(context, PROJECT)['snapshots']['in_use'] == 2
    assert quotas.check(context) == []


def test_snapshot_deleted_twice_at_once_is_deleted_once(user, context):
    share = make_full_share(user)
    for _ in range(3):
        snapshot = make_snapshot(user, share)
        answers = at_once(*[(service.delete, snapshot['id'])] * 2)
        assert sum(refused(answer) for answer in answers) == 1


def test_location_is_managed_once(user, context):
    share = make_full_share(user)
    answers = at_once(*[(service.manage, {'share_id': share['id'], 'provider_location': 'x'})] * 3)
    assert sum(refused(answer) for answer in answers) == 2
    assert quotas.check(context) == []
