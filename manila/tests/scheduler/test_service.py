"""The scheduler's picture of the back ends, and choosing by it."""
import json
import threading

import pytest

from manila import exception
from manila.jobs import store as jobs
from manila.resources.services import store as services
from manila.resources.shares import service as shares
from manila.scheduler import service
from manila.tests.resources.conftest import share_type, user  # noqa: F401

POOL = {'pool_name': 'p', 'total_capacity_gb': 100, 'free_capacity_gb': 90, 'allocated_capacity_gb': 10}


def report(context, host, free=90, **values):
    """Have a back end report one pool."""
    row = services.register(context, host, 'manila-share', 'topic', None)
    services.save_report(context, row['id'], json.dumps({
        'share_backend_name': host, 'driver_handles_share_servers': False, 'storage_protocol': 'NFS',
        'pools': [{**POOL, 'free_capacity_gb': free, **values}]}))
    return row


@pytest.fixture
def scheduler(database):
    return service.Scheduler()


@pytest.fixture
def spec(context, user, share_type):  # noqa: F811
    """What the API writes for a share of 5 GiB."""
    shares.create(user, {'share_proto': 'NFS', 'size': 5, 'share_type': 'plain'})
    return json.loads(jobs.find(context)[0]['args'])['request_spec']


def test_new_reports_count_at_once(scheduler, context, spec):
    with pytest.raises(exception.WillNotSchedule):
        scheduler.choose(context, spec)
    report(context, 'a@b', free=3)
    with pytest.raises(exception.NoValidHost):
        scheduler.choose(context, spec)
    report(context, 'a@b', free=30)
    assert scheduler.choose(context, spec).host == 'a@b#p'


def test_what_was_chosen_is_taken_from_the_room(scheduler, context, spec):
    report(context, 'a@b', free=12)
    for _ in range(2):
        scheduler.choose(context, spec)
    with pytest.raises(exception.NoValidHost):
        scheduler.choose(context, spec)
    report(context, 'a@b', free=12)
    assert scheduler.choose(context, spec).free_capacity_gb == 7


def test_back_ends_that_are_disabled_down_or_gone_do_not_count(scheduler, context, spec):
    row = report(context, 'a@b')
    assert scheduler.choose(context, spec)
    services.change(context, 'a@b', 'manila-share', disabled=True)
    with pytest.raises(exception.WillNotSchedule):
        scheduler.choose(context, spec)
    services.change(context, 'a@b', 'manila-share', disabled=False)
    services.stop(context, row['id'])
    with pytest.raises(exception.WillNotSchedule):
        scheduler.choose(context, spec)
    services.heartbeat(context, row['id'])
    assert scheduler.choose(context, spec)
    services.stop(context, row['id'])
    services.remove_down(context)
    scheduler.refresh(context)
    assert scheduler.pools.hosts() == []


def test_picture_without_news_costs_one_statement(scheduler, context, spec, monkeypatch):
    report(context, 'a@b')
    scheduler.refresh(context)
    monkeypatch.setattr(services, 'reports', None)
    scheduler.refresh(context)


def test_first_report_is_seen_by_all_who_choose_at_that_moment(scheduler, context, spec, monkeypatch):
    report(context, 'a@b')
    slow = scheduler.pools.update
    entered = threading.Event()

    def update(*args, **kwargs):
        entered.set()
        threading.Event().wait(0.1)
        return slow(*args, **kwargs)
    monkeypatch.setattr(scheduler.pools, 'update', update)
    first = threading.Thread(target=scheduler.refresh, args=(context.elevated(),))
    first.start()
    entered.wait(10)
    assert scheduler.choose(context, spec).host == 'a@b#p'
    first.join()


def test_extension_is_checked_against_its_own_pool(scheduler, context, spec):
    report(context, 'a@b', free=5)
    report(context, 'c@d', free=50)
    scheduler.check(context, {**spec, 'is_share_extend': True}, 'a@b#p', 5)
    for host, more in (('a@b#p', 6), ('gone@b#p', 1)):
        with pytest.raises(exception.NoValidHost):
            scheduler.check(context, {**spec, 'is_share_extend': True}, host, more)


def test_share_that_a_hint_names_and_nobody_knows_has_no_hosts(scheduler, context):
    assert scheduler._hosts_of(context, 'nothing') is None
