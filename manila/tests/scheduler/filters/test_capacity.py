"""Room in a pool."""
import math

import pytest
from hypothesis import given, strategies as st

from manila.scheduler.filters.capacity import CapacityFilter
from manila.tests.scheduler.fixtures import pool, request

THIN = {'thin_provisioning': True, 'provisioned_capacity_gb': 0}


def refusal(state, **kwargs):
    return CapacityFilter().refusal(state, request(**kwargs))


@pytest.mark.parametrize('total, free, size, passes', [
    (100, 10, 10, True), (100, 10.9, 10, True), (100, 9.9, 10, False), (100, 0, 1, False),
    (100, -5, 1, False),
    (100, None, 1, False), (100, 'unknown', 10**6, True), (100, 'infinite', 10**6, True),
    ('unknown', 10, 10, True), ('unknown', 10, 11, False), ('unknown', 'unknown', 1, True),
    (0, 10, 1, False), (-1, 10, 1, False), (0, 0, 0, False), (100, 0, 0, True),
])
def test_a_thick_share_needs_its_size_free(total, free, size, passes):
    assert (refusal(pool(total_capacity_gb=total, free_capacity_gb=free), size=size) is None) is passes


@pytest.mark.parametrize('reserved, size, passes', [
    (0, 20, True), (5, 15, True), (5, 16, False), (20, 1, False)])
def test_the_reserve_is_a_part_of_the_total(reserved, size, passes):
    state = pool(free_capacity_gb=20, reserved_percentage=reserved)
    assert (refusal(state, size=size) is None) is passes


def test_the_reserve_depends_on_the_kind_of_request():
    state = pool(free_capacity_gb=50, reserved_percentage=10, reserved_snapshot_percentage=20,
                 reserved_share_extend_percentage=30)
    assert refusal(state, size=40) is None and refusal(state, size=41)
    from_snapshot = {'snapshot_id': 's', 'snapshot_host': 'node@alpha#one'}
    assert refusal(state, size=30, spec=from_snapshot) is None and refusal(state, size=31, spec=from_snapshot)
    assert refusal(state, size_increase=20) is None and refusal(state, size_increase=21)


def test_only_the_growth_of_a_share_needs_room():
    assert refusal(pool(free_capacity_gb=3), size=90, size_increase=3) is None


def test_with_an_unknown_total_nothing_may_be_reserved():
    state = pool(total_capacity_gb='unknown', free_capacity_gb=50, reserved_percentage=5)
    assert refusal(state, size=1) == 'capacity: 5 % of an unknown total is reserved'


@pytest.mark.parametrize('ratio, provisioned, free, size, passes', [
    (1.0, 90, 100, 10, True), (1.0, 90, 100, 11, False), (2.0, 190, 100, 10, True),
    (2.0, 190, 100, 11, False),
    (2.0, 0, 10, 20, True), (2.0, 0, 10, 21, False), (20.0, 1000, 1, 20, True), (0.5, 0, 100, 1, False),
])
def test_a_thin_share_is_bound_by_promises_and_by_free_space(ratio, provisioned, free, size, passes):
    state = pool(free_capacity_gb=free, thin_provisioning=True, provisioned_capacity_gb=provisioned,
                 max_over_subscription_ratio=ratio)
    assert (refusal(state, size=size) is None) is passes


@pytest.mark.parametrize('offered, specs, thin', [
    (True, {}, True), (False, {}, False), (None, {}, False), ([True, False], {}, True), ([False], {}, False),
    (True, {'thin_provisioning': '<is> False'}, False),
    ([True, False], {'thin_provisioning': 'False'}, False),
    ([True, False], {'capabilities:thin_provisioning': '<is> True'}, True),
    ([True, False], {'capabilities:thin_provisioning': '<is> False'}, False), ('True', {}, True),
    (False, {'thin_provisioning': '<is> True'}, False),
])
def test_a_share_is_thin_when_the_pool_can_and_the_type_does_not_refuse(offered, specs, thin):
    state = pool(free_capacity_gb=10, thin_provisioning=offered, provisioned_capacity_gb=0)
    assert (refusal(state, size=20, specs=specs) is None) is thin


def test_the_reason_tells_wanted_free_and_reserved():
    assert (refusal(pool(free_capacity_gb=8, reserved_percentage=5), size=10)
            == 'capacity: 10 GiB wanted, 3 GiB free after 5 % reserved')
    assert (refusal(pool(**THIN, max_over_subscription_ratio=1.5), size=151)
            == 'capacity: 151 GiB wanted, 0 GiB promised already, 1.5 times 100 GiB allowed')
    assert (refusal(pool(**THIN, free_capacity_gb=2), size=50)
            == 'capacity: 50 GiB wanted, 2 GiB free after 0 % reserved, over-subscription 20')


SIZES = st.integers(1, 2000)
CAPACITIES = st.floats(0.5, 2000)


@given(SIZES, CAPACITIES, st.floats(-10, 2000), st.integers(0, 50))
def test_thick_arithmetic_never_touches_the_reserve(size, total, free, reserved):
    passes = refusal(pool(total_capacity_gb=total, free_capacity_gb=free, reserved_percentage=reserved),
                     size=size) is None
    left = free - total * reserved / 100
    assert passes == (math.floor(left) >= size)
    if passes:
        assert left >= size


@given(SIZES, CAPACITIES, CAPACITIES, st.floats(0, 5000), st.floats(1, 20), st.integers(0, 50))
def test_thin_arithmetic_stays_within_the_ratio(size, total, free, promised, ratio, reserved):
    state = pool(total_capacity_gb=total, free_capacity_gb=free, thin_provisioning=True,
                 provisioned_capacity_gb=promised, max_over_subscription_ratio=ratio,
                 reserved_percentage=reserved)
    if refusal(state, size=size) is None:
        state.consume(size)
        assert state.provisioned_capacity_gb / total <= ratio
        assert size <= free * ratio


@given(st.lists(SIZES, max_size=30), st.booleans(), st.floats(1, 5))
def test_what_is_consumed_bit_by_bit_stays_within_the_pool(sizes, thin, ratio):
    state = pool(total_capacity_gb=1000, free_capacity_gb=1000, thin_provisioning=thin,
                 provisioned_capacity_gb=0, max_over_subscription_ratio=ratio)
    taken = 0
    for size in sizes:
        if refusal(state, size=size) is None:
            state.consume(size)
            taken += size
    assert taken <= 1000 * (ratio if thin else 1)
    assert (state.allocated_capacity_gb, state.free_capacity_gb) == (taken, 1000 if thin else 1000 - taken)
