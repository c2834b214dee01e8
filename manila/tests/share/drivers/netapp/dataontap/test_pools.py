"""Pools, capacities, capabilities and loads as they are reported."""
import dataclasses

import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap import utilisation
from manila.share.drivers.netapp.dataontap.client import errors, values

TIB = 1024


def report(driver):
    """The report of a driver, and its pools by name."""
    stats = driver.get_share_stats(refresh=True)
    return stats, {pool['pool_name']: pool for pool in stats['pools']}


def test_every_delegated_aggregate_is_a_pool(driver):
    stats, pools = report(driver)
    rights = driver.array.has_rights
    assert (stats['vendor_name'], stats['storage_protocol']) == ('NetApp', 'NFS_CIFS')
    assert (stats['netapp_storage_family'], stats['driver_handles_share_servers']) == ('ontap_cluster', False)
    assert (stats['ipv4_support'], stats['ipv6_support'], stats['snapshot_support']) == (True, False, True)
    assert stats['revert_to_snapshot_support'] and stats['create_share_from_snapshot_support']
    assert sorted(pools) == ['aggr1', 'aggr2', 'aggr3', 'aggr4']
    pool = pools['aggr2']
    assert pool['total_capacity_gb'] == (10 * TIB if rights else 'unknown') and pool['free_capacity_gb'] == 10 * TIB
    assert (pool['qos'], pool['qos_type_support'], pool['netapp_flexvol_encryption']) == (rights, rights, rights)
    assert (pool['thin_provisioning'], pool['dedupe'], pool['compression']) == ([True, False],) * 3
    assert (pool['netapp_aggregate'], pool['netapp_flexgroup']) == ('aggr2', False)
    assert (pool['utilization'], pool['filter_function']) == (50, 'capabilities.utilization < 70')
    assert stats['goodness_function'] == '100 - capabilities.utilization'
    assert pool['revert_to_snapshot_support'] and pool['mount_point_name_support']


def test_the_make_of_pools_is_reported_with_credentials_of_the_cluster(rest_driver):
    pool = report(rest_driver)[1]['aggr1']
    assert (pool['netapp_raid_type'], pool['netapp_disk_type'], pool['netapp_hybrid_aggregate']) == (
        'raid_dp', ['SSD'], 'false')
    assert pool['netapp_is_home'] is True and pool['netapp_snaplock_type'] == ['compliance', 'enterprise']
    assert (pool['netapp_aggregate_encryption'], pool['netapp_cluster_name']) == (False, 'cluster1')


def test_options_say_how_much_is_reserved_and_which_function_filters(make_driver, specs):
    driver = make_driver(reserved_share_percentage=5, reserved_share_extend_percentage=7, filter_function='1 > 0',
                         goodness_function='10', max_over_subscription_ratio=3.0, netapp_cluster_name='mine')
    stats, pools = report(driver)
    pool = pools['aggr1']
    assert [pool[f'reserved_{each}percentage'] for each in ('', 'snapshot_', 'share_extend_')] == [5, 5, 7]
    assert (pool['filter_function'], stats['goodness_function']) == ('1 > 0', '10')
    assert (pool['max_over_subscription_ratio'], pool['netapp_cluster_name']) == (3.0, 'mine')


def test_what_is_used_is_no_longer_free(rest_driver, make):
    rest_driver.create_share(None, make.share(size=100))
    pool = report(rest_driver)[1]['aggr1']
    assert 99 < pool['allocated_capacity_gb'] < 110
    assert pool['free_capacity_gb'] + pool['allocated_capacity_gb'] == pytest.approx(10 * TIB, abs=0.1)


def test_names_of_aggregates_have_to_fit(make_driver):
    driver = make_driver(netapp_aggregate_name_search_pattern='aggr[12]')
    assert sorted(report(driver)[1]) == ['aggr1', 'aggr2']
    with pytest.raises(exception.NetAppException, match='fits'):
        make_driver(netapp_aggregate_name_search_pattern='ggr')
    with pytest.raises(exception.BadConfigurationException, match='netapp_aggregate_name_search_pattern'):
        make_driver(netapp_aggregate_name_search_pattern='(')


def test_a_pool_whose_aggregate_has_vanished_is_not_reported(rest_driver, sim):
    cluster = sim.world.clusters[0]
    gone = next(each for each in cluster.aggregates if each.name == 'aggr4')
    cluster.aggregates.remove(gone)
    assert 'aggr4' not in report(rest_driver)[1]


def test_a_share_for_an_unknown_pool_is_refused(rest_driver, make):
    with pytest.raises(exception.InvalidHost):
        rest_driver.create_share(None, make.share(pool='aggr9'))
    with pytest.raises(exception.InvalidHost):
        rest_driver.create_share(None, {**make.share(), 'host': 'node@netapp'})


# --- FlexGroup pools

def test_flexgroup_pools_come_from_the_options(make_driver):
    driver = make_driver(netapp_enable_flexgroup=True, netapp_flexgroup_pools=['fg1: aggr1 aggr3', 'fg2: aggr2 aggr4'])
    _stats, pools = report(driver)
    assert sorted(pools) == ['aggr1', 'aggr2', 'aggr3', 'aggr4', 'fg1', 'fg2']
    pool = pools['fg1']
    assert pool['total_capacity_gb'] == 20 * TIB and pool['netapp_flexgroup'] is True
    assert (pool['netapp_aggregate'], pool['filter_function']) == ('aggr1 aggr3', 'share.size >= 800')


def test_without_names_there_is_one_flexgroup_pool_of_all(make_driver):
    driver = make_driver(netapp_enable_flexgroup=True, netapp_flexgroup_pool_only=True)
    assert list(report(driver)[1]) == ['flexgroup_auto']


@pytest.mark.parametrize('text, enabled', [
    ('aggr1: aggr1 aggr2', True), ('fg: aggr1 aggr1', True), ('fg:', True), ('fg: aggr1 aggr9', True),
    ('fg: aggr1 aggr2', False)])
def test_flexgroup_pools_that_cannot_be_are_refused(make_driver, text, enabled):
    with pytest.raises(exception.BadConfigurationException):
        make_driver(netapp_enable_flexgroup=enabled, netapp_flexgroup_pools=[text])


def test_a_flexgroup_pool_that_is_named_twice_is_refused(make_driver):
    with pytest.raises(exception.BadConfigurationException, match='twice'):
        make_driver(netapp_enable_flexgroup=True, netapp_flexgroup_pools=['a: aggr1 aggr2', 'a: aggr2 aggr3'])


def test_two_flexgroup_pools_of_the_same_aggregates_are_refused(make_driver):
    with pytest.raises(exception.BadConfigurationException, match='same'):
        make_driver(netapp_enable_flexgroup=True, netapp_flexgroup_pools=['a: aggr1 aggr2', 'b: aggr2 aggr1'])


# --- loads

FIRST = values.NodeLoad(busy=0, clock=0, kahuna=0, elapsed=0, cp=0, cp_flush=0, taken_at=0)


@pytest.mark.parametrize('later, load', [
    ({'busy': 30, 'kahuna': 10}, 30), ({'busy': 30, 'kahuna': 61}, 100),
    ({'busy': 30, 'cp': 6000, 'cp_flush': 1000}, 60), ({'busy': 30, 'cp': 60000}, 100), ({'clock': 0}, 50)])
def test_a_node_is_as_busy_as_its_processors_or_its_disks(later, load):
    last = dataclasses.replace(FIRST, **{'clock': 100, 'elapsed': 100, 'taken_at': 10, **later})
    assert utilisation.between(FIRST, last) == load


def test_loads_come_from_the_counters_of_the_nodes(make_driver, transport, sim):
    driver = make_driver(transport)
    sim.control.node('cluster1-01', load={'cpu': 0.3, 'kahuna': 0.1, 'cp': 0.0})
    sim.control.node('cluster1-02', load={'cpu': 0.9, 'kahuna': 0.7, 'cp': 0.0})
    report(driver)
    sim.control.advance(60)
    pools = report(driver)[1]
    assert pools['aggr1']['utilization'] == pytest.approx(30, abs=5) and pools['aggr3']['utilization'] == 100


def test_loads_that_cannot_be_read_count_as_medium(rest_driver, monkeypatch):
    def fail():
        raise errors.Unreachable(reason='cut')
    report(rest_driver)
    monkeypatch.setattr(rest_driver.array.client.perf, 'sample', fail)
    assert report(rest_driver)[1]['aggr1']['utilization'] == 50
