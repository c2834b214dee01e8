"""Scores of pools."""
import math

import pytest

from manila.conf import CONF
from manila.scheduler.weighers import host
from manila.tests.scheduler.fixtures import pool, request


@pytest.fixture
def multiplier():
    yield lambda name, value: CONF.set_override(name, value)
    CONF.clear_override('capacity_weight_multiplier')
    CONF.clear_override('pool_weight_multiplier')


def capacity(state, **kwargs):
    [score] = host.CapacityWeigher().weigh_objects([host.base_host.WeighedHost(state)], request(**kwargs))
    return score


def test_the_score_of_a_thick_pool_is_what_is_free_after_the_reserve():
    assert capacity(pool(free_capacity_gb=50.7, reserved_percentage=10)) == 40


def test_the_score_of_a_thin_pool_is_what_may_still_be_promised():
    thin = pool(free_capacity_gb=10, thin_provisioning=True, provisioned_capacity_gb=120,
                max_over_subscription_ratio=2.0, reserved_percentage=5)
    assert capacity(thin) == 75
    assert capacity(thin, specs={'thin_provisioning': '<is> False'}) == 5


@pytest.mark.parametrize('state', [pool(free_capacity_gb='unknown'), pool(total_capacity_gb='unknown')])
def test_an_unknown_capacity_comes_last_whatever_the_multiplier(state, multiplier):
    assert capacity(state) == -math.inf
    multiplier('capacity_weight_multiplier', -1.0)
    assert capacity(state) == math.inf


def goodness(function, **kwargs):
    state = pool(goodness_function=function, utilization=30)
    return host.GoodnessWeigher()._weigh_object(state, request(**kwargs))


@pytest.mark.parametrize('function, score', [
    (None, 0), ('55', 55), ('0', 0), ('100', 100), ('100.5', 0), ('0 - 1', 0), ('1 < 2', 100), ('1 > 2', 0),
    ('100 - capabilities.utilization', 70), ('(share.size < 10) ? 80 : 20', 80), ('stats.nothing', 0),
    ('(', 0),
    ("'text'", 0),
])
def test_goodness_is_what_the_function_says_within_its_range(function, score):
    assert goodness(function, size=5) == score


@pytest.mark.parametrize('source, zone, score', [
    ('node@alpha#one', None, 100), ('node@alpha#two', None, 75), ('node@beta#one', 'zone-1', 50),
    ('node@beta#one', 'zone-2', 25), ('node@beta#one', None, 25),
])
def test_a_share_from_a_snapshot_stays_near_it(source, zone, score):
    properties = request(spec={'snapshot_id': 's', 'snapshot_host': source})
    properties['snapshot_availability_zone_id'] = zone
    assert host.HostAffinityWeigher()._weigh_object(pool(), properties) == score


def test_without_snapshot_no_pool_is_nearer():
    assert host.HostAffinityWeigher()._weigh_object(pool(), request()) == 0


@pytest.mark.parametrize('mapping, score', [
    (None, 0), ({}, 0), ({'server': []}, 0), ({'server': [{'pool_name': 'two'}]}, 0),
    ({'a': [{'pool_name': 'two'}], 'b': [{'pool_name': 'one'}]}, 1),
])
def test_a_pool_that_a_share_server_uses_scores(mapping, score):
    assert host.PoolWeigher()._weigh_object(pool(server_pools_mapping=mapping), request()) == score


def test_multipliers_come_from_the_configuration(multiplier):
    multiplier('capacity_weight_multiplier', -2.0)
    multiplier('pool_weight_multiplier', 3.0)
    assert host.CapacityWeigher().weight_multiplier() == -2.0
    assert host.PoolWeigher().weight_multiplier() == 3.0
    assert host.GoodnessWeigher().weight_multiplier() == 1.0
