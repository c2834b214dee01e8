"""The table of pools."""
import datetime
import threading

import pytest

from manila import exception
from manila.scheduler.pools import Pools

HOST = 'node@alpha'
REPORT = {
    'share_backend_name': 'ALPHA', 'storage_protocol': 'NFS', 'driver_handles_share_servers': False,
    'snapshot_support': True, 'vendor_name': 'Open Source',
    'share_group_stats': {'consistent_snapshot_support': 'pool'},
    'filter_function': 'share.size < 10', 'replication_domain': 'east',
    'pools': [{'pool_name': 'one', 'total_capacity_gb': 100.0, 'free_capacity_gb': 60.0,
               'allocated_capacity_gb': 40},
              {'pool_name': 'two', 'total_capacity_gb': 200.0, 'free_capacity_gb': 'unknown',
               'snapshot_support': False, 'thin_provisioning': [True, False], 'provisioned_capacity_gb': 7,
               'max_over_subscription_ratio': 3.0}]}


@pytest.fixture
def table():
    pools = Pools()
    pools.update(HOST, REPORT, 100, zone_id='zone-1', zone_name='nova')
    return pools


def test_each_reported_pool_is_a_candidate(table):
    assert [pool.host for pool in table.all()] == ['node@alpha#one', 'node@alpha#two']


def test_a_pool_inherits_from_its_back_end_what_it_does_not_say(table):
    one, two = table.all()
    assert (one.snapshot_support, two.snapshot_support) == (True, False)
    assert one.capabilities['snapshot_support'] is True
    assert (one.vendor_name, one.replication_domain, one.filter_function) == ('Open Source', 'east',
                                                                              'share.size < 10')
    assert one.sg_consistent_snapshot_support == 'pool'


def test_a_pool_has_defaults_for_what_nobody_says(table):
    one = table.find('node@alpha#one')
    assert (one.reserved_percentage, one.qos, one.thin_provisioning, one.thin) == (0, False, None, False)
    assert one.max_over_subscription_ratio == 20.0
    assert one.capabilities['revert_to_snapshot_support'] is False


def test_a_pool_knows_its_zone_and_service(table):
    one = table.find('node@alpha#one')
    assert (one.availability_zone_id, one.availability_zone) == ('zone-1', 'nova')
    assert one.service['availability_zone']['name'] == 'nova'


def test_a_back_end_without_pools_is_one_pool_with_its_name():
    table = Pools()
    table.update(HOST, {'share_backend_name': 'ALPHA', 'total_capacity_gb': 5, 'free_capacity_gb': 5}, 1)
    [pool] = table.all()
    assert (pool.host, pool.total_capacity_gb) == ('node@alpha#ALPHA', 5)


def test_a_back_end_with_an_empty_list_of_pools_has_none():
    table = Pools()
    table.update(HOST, {'share_backend_name': 'ALPHA', 'pools': []}, 1)
    assert table.all() == [] and table.hosts() == [HOST]


def test_an_older_report_is_ignored(table):
    assert table.update(HOST, {'pools': []}, 99) is False
    assert len(table.all()) == 2


def test_times_are_compared_whatever_their_form(table):
    table.update(HOST, REPORT, '2024-01-01T00:00:01.500000')
    assert not table.update(HOST, {'pools': []}, datetime.datetime(2024, 1, 1, 0, 0, 1, 400000))
    assert table.update(HOST, {'pools': []}, datetime.datetime(2024, 1, 1, 0, 0, 1, 600000))
    assert table.all() == []


def test_capabilities_tell_the_time_of_the_report():
    table = Pools()
    table.update(HOST, {'share_backend_name': 'A'}, datetime.datetime(2024, 1, 1, 0, 0, 1, 400000))
    assert table.all()[0].capabilities['timestamp'] == '2024-01-01T00:00:01.400000'


def test_consumption_lasts_until_the_next_report(table):
    table.find('node@alpha#one').consume(10)
    table.find('node@alpha#two').consume(10)
    one, two = table.all()
    assert (one.free_capacity_gb, one.allocated_capacity_gb) == (50.0, 50)
    assert (two.free_capacity_gb, two.provisioned_capacity_gb) == ('unknown', 17)
    table.update(HOST, REPORT, 101)
    assert table.find('node@alpha#one').free_capacity_gb == 60.0


def test_the_same_report_again_keeps_consumption_but_takes_the_state_of_the_service(table):
    table.find('node@alpha#one').consume(10)
    assert table.update(HOST, REPORT, 100, zone_id='zone-2', zone_name='far', disabled=True) is False
    one = table.find('node@alpha#one')
    assert (one.free_capacity_gb, one.availability_zone, one.service['disabled']) == (50.0, 'far', True)


@pytest.mark.parametrize('news, seen, seen_with_disabled', [
    ({'disabled': True}, 0, 2), ({'up': False}, 0, 0), ({'disabled': True, 'up': False}, 0, 0), ({}, 2, 2)])
def test_only_back_ends_that_are_up_and_enabled_are_candidates(table, news, seen, seen_with_disabled):
    table.mark(HOST, **news)
    assert (len(table.all()), len(table.all(include_disabled=True))) == (seen, seen_with_disabled)
    table.mark(HOST, disabled=False, up=True)
    assert len(table.all()) == 2


def test_a_removed_back_end_is_forgotten(table):
    table.remove(HOST)
    table.remove(HOST)
    table.mark(HOST, up=True)
    assert table.all() == [] and table.find('node@alpha#one') is None


def test_a_host_without_pool_name_finds_some_pool_of_the_back_end(table):
    assert table.find(HOST).backend_host == HOST
    assert table.find('node@beta') is None
    assert table.find('node@alpha#three') is None


def test_what_thin_pools_do_not_report_as_promised_is_asked_for():
    table = Pools(provisioned={'node@alpha#thin': 42}.get)
    table.update(HOST, {'pools': [{'pool_name': 'thin', 'thin_provisioning': True},
                                  {'pool_name': 'thick', 'thin_provisioning': False}]}, 1)
    assert [pool.provisioned_capacity_gb for pool in table.all()] == [42, None]


def test_without_anyone_to_ask_the_allocated_counts_as_promised():
    table = Pools()
    pool = {'pool_name': 'p', 'thin_provisioning': True, 'allocated_capacity_gb': 9}
    table.update(HOST, {'pools': [pool]}, 1)
    assert table.all()[0].provisioned_capacity_gb == 9


def test_a_reported_key_cannot_replace_what_the_pool_does(table):
    table.update(HOST, {'pools': [{'pool_name': 'p', 'consume': 'x', 'thin': 'x', 'availability_zone': 'x',
                                   'host': 'x', 'service': 'x', 3: 'x'}]}, 101, zone_name='nova')
    [pool] = table.all()
    pool.consume(1)
    assert (pool.host, pool.availability_zone, pool.thin) == ('node@alpha#p', 'nova', False)


def test_the_list_names_the_parts_of_a_pool(table):
    rows = table.list()
    assert [row['name'] for row in rows] == ['node@alpha#one', 'node@alpha#two']
    assert (rows[0]['host'], rows[0]['backend'], rows[0]['pool']) == ('node', 'alpha', 'one')
    assert rows[0]['capabilities']['total_capacity_gb'] == 100.0


@pytest.mark.parametrize('filters, names', [
    ({'pool': 'o'}, ['one']), ({'pool': '.*o$'}, ['two']), ({'pool': 'ne'}, []),
    ({'host': 'nod', 'pool': 't'}, ['two']), ({'host': None, 'pool': ''}, ['one', 'two']),
    ({'backend': 'alpha'}, ['one', 'two']), ({'backend': 'beta'}, []),
    ({'capabilities': {'snapshot_support': '<is> False'}}, ['two']),
    ({'capabilities': {'total_capacity_gb': '>= 150'}, 'pool': 'o'}, []),
])
def test_the_list_can_be_filtered(table, filters, names):
    assert [row['pool'] for row in table.list(filters)] == names


def test_the_list_can_be_limited_to_what_a_type_can_use(table):
    assert [row['pool'] for row in table.list(extra_specs={'snapshot_support': 'True'})] == ['one']


def test_a_bad_regular_expression_is_the_caller_s_mistake(table):
    with pytest.raises(exception.InvalidInput):
        table.list({'pool': '('})


def test_a_back_end_without_name_is_listed():
    table = Pools()
    table.update('node', {'share_backend_name': 'X'}, 1)
    assert table.list()[0] == {'name': 'node#X', 'host': 'node', 'backend': None, 'pool': 'X',
                               'capabilities': table.all()[0].capabilities}
    assert table.list({'backend': 'x'}) == []


def test_reports_from_many_threads_leave_the_newest():
    table, start = Pools(), threading.Barrier(8)

    def report(offset):
        start.wait()
        for moment in range(offset, 400, 8):
            table.update(HOST, {'pools': [{'pool_name': str(moment)}]}, moment)

    threads = [threading.Thread(target=report, args=(offset,)) for offset in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [pool.pool_name for pool in table.all()] == ['399']
