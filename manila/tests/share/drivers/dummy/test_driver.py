import pytest

from manila import exception


def test_the_report_has_pools_with_capacity(make_dummy, new_share):
    dummy = make_dummy(dummy_driver_pools=['a', 'b'], dummy_driver_total_capacity_gb=100,
                       reserved_share_percentage=5, share_backend_name='ALPHA')
    dummy.create_share(None, new_share(7, host='node@dummy#b'))
    stats = dummy.get_share_stats(refresh=True)
    assert stats['share_backend_name'] == 'ALPHA'
    assert stats['storage_protocol'] == 'NFS_CIFS'
    first, second = stats['pools']
    assert (first['pool_name'], first['free_capacity_gb'], first['allocated_capacity_gb']) == ('a', 100, 0)
    assert (second['pool_name'], second['free_capacity_gb'], second['allocated_capacity_gb']) == ('b', 93, 7)
    assert second['total_capacity_gb'] == 100
    assert second['reserved_percentage'] == second['reserved_snapshot_percentage'] == 5


def test_the_report_tells_what_the_driver_can_do(make_dummy):
    stats = make_dummy(replication_domain='one').get_share_stats(refresh=True)
    for name in ('snapshot_support', 'create_share_from_snapshot_support', 'revert_to_snapshot_support',
                 'mount_snapshot_support', 'ipv4_support', 'ipv6_support', 'mount_point_name_support'):
        assert stats[name] is True, name
    assert (stats['replication_type'], stats['replication_domain']) == ('readable', 'one')
    assert stats['share_group_stats'] == {'consistent_snapshot_support': 'pool'}


def test_nothing_is_replicated_without_a_domain(make_dummy):
    assert make_dummy().get_share_stats(refresh=True)['replication_type'] is None


def test_any_capability_can_be_reported_instead(make_dummy):
    stats = make_dummy(dummy_driver_report_capabilities={
        'snapshot_support': 'false', 'vendor_name': 'Someone', 'max': '5', 'ratio': '1.5',
        'replication_type': 'none'}).get_share_stats(refresh=True)
    pool, = stats['pools']
    for found in (stats, pool):
        assert found['snapshot_support'] is False
        assert (found['vendor_name'], found['max'], found['ratio']) == ('Someone', 5, 1.5)
        assert found['replication_type'] is None


def test_ip_versions_are_those_of_the_addresses(make_dummy):
    stats = make_dummy(dummy_driver_addresses=['192.0.2.1']).get_share_stats(refresh=True)
    assert (stats['ipv4_support'], stats['ipv6_support']) == (True, False)


def test_creation_may_be_repeated_and_that_is_declared(make_dummy):
    assert make_dummy().create_is_idempotent is True


def test_groups_are_taken_and_restored_with_the_usual_methods(make_dummy, new_share):
    dummy = make_dummy()
    share = new_share()
    dummy.create_share(None, share)
    snapshot = {'id': 'gs', 'share_group_id': 'g', 'share_group_snapshot_members': [
        {'id': 'member', 'share_group_snapshot_id': 'gs', 'share': share}]}
    _group, (update,) = dummy.create_share_group_snapshot(None, snapshot)
    assert update['id'] == 'member'
    assert 'member' in dummy.array.all('snapshot')
    copy = new_share(source_share_group_snapshot_member_id='member')
    _group, (update,) = dummy.create_share_group_from_share_group_snapshot(None, {'shares': [copy]}, snapshot)
    assert (update['id'], update['status']) == (copy['id'], 'available')
    dummy.delete_share_group_snapshot(None, snapshot)
    assert dummy.array.all('snapshot') == {}


def test_a_wrong_failure_is_refused_when_the_driver_is_made(make_dummy):
    with pytest.raises(exception.BadConfigurationException, match='NoSuchException'):
        make_dummy(dummy_driver_failures={'create_share': 'NoSuchException'})
