"""What a pool can do."""
import pytest

from manila.scheduler.filters.capabilities import CapabilitiesFilter, ConsistentSnapshotFilter, DriverFilter
from manila.tests.scheduler.fixtures import pool, request


def test_a_pool_that_satisfies_the_type_passes():
    state = pool(dedupe=True, snapshot_support=True)
    properties = request(specs={'dedupe': 'True', 'snapshot_support': 'True', 'other:thing': 'x'})
    assert CapabilitiesFilter().host_passes(state, properties)


@pytest.mark.parametrize('specs, reason', [
    ({'snapshot_support': 'True'}, 'snapshot_support wants <is> True, the pool offers False'),
    ({'flash': 'True'}, 'flash wants True, the pool offers nothing'),
    ({'storage_protocol': 'CEPHFS'}, 'storage_protocol wants CEPHFS, the pool offers NFS_CIFS'),
])
def test_the_reason_names_the_unmet_spec(specs, reason):
    assert CapabilitiesFilter().refusal(pool(), request(specs=specs)) == f'capabilities: {reason}'


def test_the_protocol_of_the_share_is_a_requirement():
    assert CapabilitiesFilter().refusal(pool(storage_protocol='CEPHFS'), request())


@pytest.mark.parametrize('offered, passes', [(True, True), (False, False), (None, False)])
def test_a_default_qos_type_needs_support_for_qos_types(offered, passes):
    state = pool(qos_type_support=offered)
    assert CapabilitiesFilter().host_passes(state, request(specs={'default_qos_type': 'fast'})) is passes
    assert CapabilitiesFilter().host_passes(state, request())


@pytest.mark.parametrize('offered, group_type, passes', [
    ('pool', None, True), ('pool', {'group_specs': {}}, True),
    ('pool', {'group_specs': {'consistent_snapshot_support': 'pool'}}, True),
    ('host', {'group_specs': {'consistent_snapshot_support': 'pool'}}, False),
    (None, {'group_specs': {'consistent_snapshot_support': 'host'}}, False),
])
def test_group_snapshots_must_be_as_consistent_as_the_group_type_wants(offered, group_type, passes):
    state = pool(sg_consistent_snapshot_support=offered)
    assert ConsistentSnapshotFilter().host_passes(state, request(share_group_type=group_type)) is passes


@pytest.mark.parametrize('function, passes', [
    (None, True), ('share.size <= 5', True), ('share.size < 5', False),
    ('stats.free_capacity_gb > 50 and capabilities.utilization < 70', True),
    ("extra.tier == 3", True), ("stats.pool_name == 'one'", True), ('stats.nothing > 1', False),
    ('1 +', False),
    ('share.colour == 1', False), ('False', False), ('0', False),
])
def test_the_filter_function_decides(function, passes):
    state = pool(filter_function=function, utilization=41)
    assert DriverFilter().host_passes(state, request(size=5, specs={'tier': '3'})) is passes


def test_the_size_of_a_share_is_not_asked_when_there_is_no_share():
    state, properties = pool(filter_function='share.size > 400'), request(spec={'share_id': None})
    assert DriverFilter().host_passes(state, properties)
    assert not DriverFilter().host_passes(pool(filter_function='1 > 2'), properties)


def test_the_reason_shows_the_function_or_its_error():
    assert DriverFilter().refusal(pool(filter_function='1 > 2'), request()) == 'driver: 1 > 2 is not true'
    assert ('there is no share.colour'
            in DriverFilter().refusal(pool(filter_function='share.colour'), request()))
