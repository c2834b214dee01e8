"""The filter scheduler, with the filters and weighers of the default configuration."""
import collections
import threading

import pytest

from manila import exception
from manila.scheduler.drivers.filter import FilterScheduler
from manila.scheduler.pools import Pools
from manila.tests.scheduler.fixtures import request


def report(free=100, count=2, **capabilities):
    return {'storage_protocol': 'NFS', 'snapshot_support': True, 'driver_handles_share_servers': False,
            'pools': [{'pool_name': f'p{number}', 'total_capacity_gb': 100, 'free_capacity_gb': free,
                       **capabilities} for number in range(count)]}


@pytest.fixture
def table():
    pools = Pools()
    pools.update('node@alpha', report(free=50), 1, zone_id='zone-1', zone_name='nova')
    pools.update('node@beta', report(free=90), 1, zone_id='zone-2', zone_name='far')
    return pools


@pytest.fixture
def scheduler(table):
    return FilterScheduler(table)


def test_a_share_goes_to_the_emptiest_pool_that_fits(scheduler):
    assert scheduler.place(request(specs={'snapshot_support': 'True'})).pool.backend_host == 'node@beta'


def test_a_placed_share_counts_at_once(scheduler, table):
    choice = scheduler.place(request(size=7))
    assert table.find(choice.pool.host).free_capacity_gb == 83


def test_a_zone_limits_the_choice(scheduler):
    choice = scheduler.place(request(spec={'availability_zone_id': 'zone-1'}))
    assert choice.pool.backend_host == 'node@alpha'
    assert {refusal.filter for refusal in choice.passed_over} == {'AvailabilityZoneFilter'}


def test_after_a_refusal_the_next_candidate_is_tried(scheduler):
    tried = {}
    for _ in range(4):
        tried[scheduler.place(request(tried=tried)).pool.host] = 'no'
    assert len(tried) == 4
    with pytest.raises(exception.NoValidHost):
        scheduler.place(request(tried=tried))


def test_nothing_is_scheduled_before_a_back_end_has_reported():
    with pytest.raises(exception.WillNotSchedule):
        FilterScheduler(Pools()).place(request())


def test_a_disabled_back_end_takes_shares_only_of_a_host_administrator_who_names_it(scheduler, table):
    table.mark('node@beta', disabled=True)
    assert scheduler.place(request()).pool.backend_host == 'node@alpha'
    hints = {'only_host': 'node@beta#p1'}
    assert scheduler.place(request(hints=hints, host_admin=True)).pool.host == 'node@beta#p1'
    assert scheduler.place(request(hints=hints, host_admin=False)).pool.backend_host == 'node@alpha'


def test_a_share_from_a_snapshot_prefers_the_pool_of_the_snapshot():
    pools = Pools()
    pools.update('node@alpha', report(free=50, replication_domain='east'), 1, zone_id='zone-1')
    pools.update('node@beta', report(free=90, replication_domain='east'), 1, zone_id='zone-2')
    pools.update('node@gamma', report(free=95), 1, zone_id='zone-2')
    spec = {'snapshot_id': 's', 'snapshot_host': 'node@beta#p1'}
    choice = FilterScheduler(pools).place(request(spec=spec))
    assert choice.pool.host == 'node@beta#p1'
    assert {state.backend_host for state in choice.ranked} == {'node@alpha', 'node@beta'}


def test_a_replica_goes_to_another_pool_of_the_domain_of_the_active_one():
    pools = Pools()
    replicates = {'replication_type': 'dr', 'replication_domain': 'east'}
    pools.update('node@alpha', report(count=1, **replicates), 1)
    pools.update('node@beta', report(count=1, **replicates), 1)
    pools.update('node@gamma', report(count=1, **{**replicates, 'replication_domain': 'west'}), 1)
    spec = {'active_replica_host': 'node@alpha#p0', 'all_replica_hosts': ['node@alpha#p0']}
    choice = FilterScheduler(pools).place(request(spec=spec, specs={'replication_type': 'dr'}))
    assert [state.host for state in choice.ranked] == ['node@beta#p0']


def test_threads_do_not_share_the_last_room():
    pools = Pools()
    pools.update('node@alpha', report(free=25, count=4), 1)
    scheduler, start, outcomes = FilterScheduler(pools), threading.Barrier(8), []

    def place():
        start.wait()
        for _ in range(4):
            try:
                outcomes.append(scheduler.place(request(size=5)).pool.host)
            except exception.NoValidHost:
                outcomes.append('none')

    threads = [threading.Thread(target=place) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    full = {f'node@alpha#p{number}': 5 for number in range(4)}
    assert collections.Counter(outcomes) == {**full, 'none': 12}


def test_a_share_grows_where_it_is_when_there_is_room(scheduler, table):
    growth = request(size=40, size_increase=10)
    scheduler.check('node@alpha#p0', growth, scheduler.extend_filters())
    assert table.find('node@alpha#p0').free_capacity_gb == 40
    with pytest.raises(exception.NoValidHost) as error:
        scheduler.check('node@alpha#p0', request(size=40, size_increase=41), scheduler.extend_filters())
    assert error.value.detail_data['last_filter'] == 'CapacityFilter'
    assert table.find('node@alpha#p0').free_capacity_gb == 40


def test_a_growing_share_is_not_matched_with_its_type_again(scheduler):
    growth = request(size_increase=1, specs={'snapshot_support': 'False'})
    assert scheduler.check('node@alpha#p0', growth, scheduler.extend_filters()).host == 'node@alpha#p0'


def test_a_named_destination_must_pass_like_any_other(scheduler, table):
    assert scheduler.check('node@alpha#p1', request(size=30)).free_capacity_gb == 20
    with pytest.raises(exception.NoValidHost, match='snapshot_support wants <is> False'):
        scheduler.check('node@alpha#p1', request(specs={'snapshot_support': 'False'}))


@pytest.mark.parametrize('news', [{'disabled': True}, {'up': False}])
def test_a_destination_must_be_up_and_enabled(scheduler, table, news):
    table.mark('node@alpha', **news)
    with pytest.raises(exception.NoValidHost, match='down or disabled'):
        scheduler.check('node@alpha#p1', request())


def group(**kwargs):
    specs = {'consistent_snapshot_support': 'pool'}
    return request(size=0, share_group_type={'group_specs': specs}, **kwargs)


def test_a_group_goes_where_all_its_types_and_the_group_type_fit():
    pools = Pools()
    consistent = {'share_group_stats': {'consistent_snapshot_support': 'pool'}}
    pools.update('node@alpha', {**report(free=90), **consistent, 'dedupe': False}, 1)
    pools.update('node@beta', {**report(free=50), **consistent, 'dedupe': True}, 1)
    pools.update('node@gamma', {**report(free=95), 'dedupe': True}, 1)
    choice = FilterScheduler(pools).place_group(
        [request(size=0), request(size=0, specs={'dedupe': 'True'})], group())
    assert choice.pool.backend_host == 'node@beta'
    assert ({refusal.filter for refusal in choice.passed_over}
            == {'CapabilitiesFilter', 'ConsistentSnapshotFilter'})


def test_a_group_that_fits_nowhere_names_the_filter(scheduler):
    with pytest.raises(exception.NoValidHost) as error:
        scheduler.place_group([request(size=0)], group())
    assert error.value.detail_data['last_filter'] == 'ConsistentSnapshotFilter'
    assert len(error.value.detail_data['reasons']) == 4


def test_a_group_waits_for_the_first_report():
    with pytest.raises(exception.WillNotSchedule):
        FilterScheduler(Pools()).place_group([request(size=0)], group())
