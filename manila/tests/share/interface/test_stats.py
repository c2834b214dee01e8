import pytest

from manila import exception
from manila.tests.share.fakes import GROUP, Driver, FakeNetwork, SnapshotDriver


def test_defaults_are_those_that_the_scheduler_expects(make_driver):
    stats = make_driver().get_share_stats(refresh=True)
    expected = {
        'share_backend_name': GROUP, 'vendor_name': 'Open Source', 'driver_version': '1.0',
        'driver_handles_share_servers': False, 'total_capacity_gb': 'unknown', 'free_capacity_gb': 'unknown',
        'reserved_percentage': 0, 'reserved_snapshot_percentage': 0, 'reserved_share_extend_percentage': 0,
        'qos': False, 'snapshot_support': False, 'create_share_from_snapshot_support': False,
        'revert_to_snapshot_support': False, 'mount_snapshot_support': False, 'pools': None,
        'share_server_multiple_subnet_support': False, 'mount_point_name_support': False,
        'snapshot_inherit_share_access_support': False, 'ipv4_support': True, 'ipv6_support': False,
        'filter_function': None, 'goodness_function': None, 'replication_domain': None,
        'share_group_stats': {'consistent_snapshot_support': None}}
    assert {key: stats[key] for key in expected} == expected
    assert 'max_shares_per_share_server' not in stats


def test_nothing_is_reported_before_the_first_refresh(make_driver):
    assert make_driver().get_share_stats() == {}


def test_what_a_driver_says_goes_over_the_defaults(make_driver):
    made = make_driver(SnapshotDriver, share_backend_name='GOLD')
    made._update_share_stats({'vendor_name': 'Vendor', 'snapshot_support': False,
                              'share_group_stats': {'consistent_snapshot_support': 'pool', 'other': 1}})
    stats = made.get_share_stats()
    assert (stats['vendor_name'], stats['snapshot_support'], stats['share_backend_name']) == (
        'Vendor', False, 'GOLD')
    assert stats['share_group_stats'] == {'consistent_snapshot_support': 'pool'}


def test_limits_of_share_servers_are_reported_with_share_servers(make_driver):
    stats = make_driver(dhss=True, max_shares_per_share_server=5).get_share_stats(refresh=True)
    assert (stats['max_shares_per_share_server'], stats['max_share_server_size']) == (5, -1)


def test_functions_come_from_options_or_from_the_driver(make_driver):
    class Choosy(Driver):
        def get_default_filter_function(self, pool=None):
            return f'pool is {pool and pool["pool_name"]}'

        def get_default_goodness_function(self):
            return '50'
    made = make_driver(Choosy)
    made._update_share_stats({'pools': [{'pool_name': 'a'}, {'pool_name': 'b', 'filter_function': 'own'}]})
    stats = made.get_share_stats()
    assert (stats['filter_function'], stats['goodness_function']) == ('pool is None', '50')
    assert [pool['filter_function'] for pool in stats['pools']] == ['pool is a', 'own']
    made = make_driver(Choosy, filter_function='share.size < 10', goodness_function='100')
    assert (made.get_filter_function(), made.get_goodness_function()) == ('share.size < 10', '100')


def test_ip_versions_are_those_of_driver_and_network(make_driver, monkeypatch):
    class Both(Driver):
        ipv6_implemented = True

        def get_configured_ip_versions(self):
            return [4, 6]
    assert make_driver(Both).add_ip_version_capability({}) == {'ipv4_support': True, 'ipv6_support': True}
    monkeypatch.setattr(FakeNetwork, 'versions', {6})
    assert make_driver(Both, dhss=True).add_ip_version_capability({}) == {
        'ipv4_support': False, 'ipv6_support': True}
    with pytest.raises(exception.NetworkBadConfigurationException):
        make_driver(Driver, dhss=True).add_ip_version_capability({})


def test_periodic_hooks_get_the_instances(make_driver):
    assert make_driver().get_periodic_hook_data(None, ['a']) == ['a']
