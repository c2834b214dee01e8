"""Where a pool is."""
import pytest

from manila.scheduler.filters import location
from manila.tests.scheduler.fixtures import pool, request


def test_a_host_administrator_can_name_the_host():
    properties = request(hints={'only_host': 'node@alpha#one'}, host_admin=True)
    assert location.OnlyHostFilter().host_passes(pool(), properties)
    assert not location.OnlyHostFilter().host_passes(pool('node@alpha#two'), properties)


@pytest.mark.parametrize('hints, host_admin', [
    ({'only_host': 'node@beta#x'}, False), ({}, True), (None, True)])
def test_the_host_is_free_without_hint_and_for_others(hints, host_admin):
    assert location.OnlyHostFilter().host_passes(pool(), request(hints=hints, host_admin=host_admin))


@pytest.mark.parametrize('spec, passes', [
    ({}, True), ({'availability_zone_id': 'zone-1'}, True), ({'availability_zone_id': 'zone-2'}, False),
    ({'availability_zones': ['nova', 'far']}, True), ({'availability_zones': ['far']}, False),
    ({'availability_zones': []}, True),
    ({'availability_zone_id': 'zone-1', 'availability_zones': ['far']}, False),
    ({'az_request_multiple_subnet_support_map': {'zone-1': False}}, True),
    ({'az_request_multiple_subnet_support_map': {'zone-2': True}}, True),
    ({'az_request_multiple_subnet_support_map': {'zone-1': True}}, False),
])
def test_a_share_goes_where_its_request_and_type_allow(spec, passes):
    assert location.AvailabilityZoneFilter().host_passes(pool(), request(spec=spec)) is passes


def test_the_zone_of_the_instance_counts_too():
    properties = request(instance={'availability_zone_id': 'zone-2'})
    assert (location.AvailabilityZoneFilter().refusal(pool(), properties)
            == 'availability zone: nova is not the one asked for')


def test_several_subnets_are_fine_for_pools_that_support_them():
    properties = request(spec={'az_request_multiple_subnet_support_map': {'zone-1': True}})
    state = pool(share_server_multiple_subnet_support=True)
    assert location.AvailabilityZoneFilter().host_passes(state, properties)


HOSTS = {'s1': ['node@alpha#one', 'node@alpha#two'], 's2': ['node@alpha#two']}


@pytest.mark.parametrize('shares, passing', [
    ('s1', ['one', 'two']), ('s1,s2', ['two']), (' s1 , s2 ', ['two']), ('s1,bad', []), ('bad', []),
    ('s1,,s2', []),
])
def test_same_host_means_the_hosts_common_to_all_named_shares(shares, passing):
    properties = request(hints={'same_host': shares}, hosts_of=HOSTS.get)
    assert [name for name in ('one', 'two', 'three') if
            location.AffinityFilter().host_passes(pool(f'node@alpha#{name}'), properties)] == passing


@pytest.mark.parametrize('shares, passing', [
    ('s2', ['one', 'three']), ('s1,s2', ['three']), ('bad', []), ('s2,bad', []),
])
def test_different_host_means_none_of_the_hosts_of_the_named_shares(shares, passing):
    properties = request(hints={'different_host': shares}, hosts_of=HOSTS.get)
    assert [name for name in ('one', 'two', 'three') if
            location.AntiAffinityFilter().host_passes(pool(f'node@alpha#{name}'), properties)] == passing


def test_the_reason_names_the_share_that_is_in_the_way():
    near = request(hints={'same_host': 's2'}, hosts_of=HOSTS.get)
    assert location.AffinityFilter().refusal(pool(), near) == 'affinity: share s2 is elsewhere'
    away = request(hints={'different_host': 's1'}, hosts_of=HOSTS.get)
    assert location.AntiAffinityFilter().refusal(pool(), away) == 'affinity: share s1 is here'
    wrong = request(hints={'different_host': 'bad'}, hosts_of=HOSTS.get)
    assert location.AntiAffinityFilter().refusal(pool(), wrong) == 'affinity: there is no share bad'


@pytest.mark.parametrize('name', ['AffinityFilter', 'AntiAffinityFilter', 'RetryFilter',
                                  'IgnoreAttemptedHostsFilter', 'CreateFromSnapshotFilter',
                                  'ShareReplicationFilter', 'OnlyHostFilter', 'AvailabilityZoneFilter'])
def test_a_plain_request_may_go_anywhere(name):
    assert getattr(location, name)().host_passes(pool(), request())


@pytest.mark.parametrize('name', ['RetryFilter', 'IgnoreAttemptedHostsFilter'])
def test_a_tried_pool_is_not_tried_again(name):
    test, properties = getattr(location, name)(), request(tried={'node@alpha#one': 'full'})
    assert not test.host_passes(pool(), properties)
    assert test.host_passes(pool('node@alpha#two'), properties)


@pytest.mark.parametrize('source, domain, offered, passes', [
    ('node@alpha#one', None, None, True), ('node@alpha#two', None, None, True),
    ('node@beta#one', None, None, False),
    ('node@alphabet#one', None, None, False), ('node@beta#one', 'east', 'east', True),
    ('node@beta#one', 'east', 'west', False), ('node@beta#one', '', '', False),
])
def test_a_share_is_made_where_its_snapshot_can_be_reached(source, domain, offered, passes):
    properties = request(spec={'snapshot_id': 's', 'snapshot_host': source})
    properties['replication_domain'] = domain
    state = pool(replication_domain=offered)
    assert location.CreateFromSnapshotFilter().host_passes(state, properties) is passes


ACTIVE = {'active_replica_host': 'node@beta#one', 'all_replica_hosts': 'node@beta#one,node@gamma#one'}


@pytest.mark.parametrize('spec, domain, offered, passes', [
    ({}, None, 'east', True), ({}, None, None, False), (ACTIVE, 'east', 'east', True),
    (ACTIVE, 'west', 'east', False), (ACTIVE, None, 'east', False),
    ({**ACTIVE, 'all_replica_hosts': 'node@beta#one,node@alpha#one'}, 'east', 'east', False),
    ({**ACTIVE, 'all_replica_hosts': ['node@beta#one', 'node@alpha#one']}, 'east', 'east', False),
])
def test_a_replica_goes_to_another_pool_of_the_replication_domain(spec, domain, offered, passes):
    properties = request(spec=spec, specs={'replication_type': 'dr'})
    properties['replication_domain'] = domain
    state = pool(replication_domain=offered)
    assert location.ShareReplicationFilter().host_passes(state, properties) is passes
