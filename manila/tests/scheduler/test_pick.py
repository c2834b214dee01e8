"""Choosing the best pool and telling why not the others."""
import collections
import random

import pytest

from manila import exception
from manila.scheduler import pick
from manila.scheduler.filters import base_host
from manila.scheduler.filters.capabilities import CapabilitiesFilter
from manila.scheduler.filters.capacity import CapacityFilter
from manila.scheduler.filters.location import AvailabilityZoneFilter, RetryFilter
from manila.scheduler.weighers import base_host as base_weigher
from manila.scheduler.weighers.host import CapacityWeigher, GoodnessWeigher
from manila.tests.scheduler.fixtures import pool, request

FILTERS = [AvailabilityZoneFilter(), CapacityFilter(), CapabilitiesFilter()]
WEIGHERS = [CapacityWeigher()]


def choose(pools, properties=None, filters=FILTERS, weighers=WEIGHERS, **kwargs):
    return pick.choose(pools, properties or request(), filters, weighers, **kwargs)


def names(pools):
    return [state.pool_name for state in pools]


def three(**capabilities):
    return [pool(f'node@alpha#{name}', free_capacity_gb=free, **capabilities)
            for name, free in (('small', 10), ('large', 90), ('medium', 50))]


def test_the_pool_with_the_highest_weight_is_chosen_and_the_rest_ranked():
    choice = choose(three())
    assert choice.pool.pool_name == 'large'
    assert names(choice.ranked) == ['large', 'medium', 'small']
    assert choice.passed_over == []


def test_pools_passed_over_are_named_with_filter_and_reason():
    choice = choose(three(), request(size=60))
    assert names(choice.ranked) == ['large']
    assert choice.passed_over == [
        ('node@alpha#small', 'CapacityFilter', 'capacity: 60 GiB wanted, 10 GiB free after 0 % reserved'),
        ('node@alpha#medium', 'CapacityFilter', 'capacity: 60 GiB wanted, 50 GiB free after 0 % reserved')]


def test_when_none_fits_the_last_filter_and_all_reasons_are_told():
    pools = [pool('n@a#far', zone='zone-2', zone_name='far'), pool('n@a#full', free_capacity_gb=1)]
    with pytest.raises(exception.NoValidHost) as error:
        choose(pools, request(size=5, spec={'availability_zone_id': 'zone-1'}))
    detail = error.value.detail_data
    assert detail['last_filter'] == 'CapacityFilter'
    assert detail['reasons'] == [
        {'host': 'n@a#far', 'filter': 'AvailabilityZoneFilter',
         'reason': 'availability zone: far is not the one asked for'},
        {'host': 'n@a#full', 'filter': 'CapacityFilter',
         'reason': 'capacity: 5 GiB wanted, 1 GiB free after 0 % reserved'}]
    assert 'far is not the one asked for; capacity: 5 GiB wanted, 1 GiB free' in error.value.msg
    assert 'n@a' not in error.value.msg


def test_the_last_filter_is_the_one_after_which_nothing_was_left():
    pools = [pool('n@a#full', free_capacity_gb=1), pool('n@a#far', zone='zone-2')]
    for order in (pools, pools[::-1]):
        with pytest.raises(exception.NoValidHost) as error:
            choose(order, request(size=5, spec={'availability_zone_id': 'zone-1'}))
        assert error.value.detail_data['last_filter'] == 'CapacityFilter'


def test_without_any_pool_nothing_is_scheduled():
    with pytest.raises(exception.WillNotSchedule, match='has reported yet'):
        choose([])


def test_a_pool_that_was_tried_is_passed_over_with_its_error():
    choice = choose(three(), request(tried={'node@alpha#large': 'disk full'}))
    assert choice.pool.pool_name == 'medium'
    assert choice.passed_over == [('node@alpha#large', 'RetryFilter', 'already tried: disk full')]


def test_when_all_were_tried_the_last_filter_is_the_retry_filter():
    tried = {state.host: '' for state in three()}
    with pytest.raises(exception.NoValidHost) as error:
        choose(three(), request(tried=tried))
    assert error.value.detail_data['last_filter'] == RetryFilter.__name__
    assert error.value.msg.endswith('already tried (3 pools)')


def test_equals_are_chosen_evenly():
    pools, rng = [pool(f'node@alpha#{number}') for number in range(4)], random.Random(7)
    chosen = collections.Counter(choose(pools, rng=rng).pool.pool_name for _ in range(400))
    assert len(chosen) == 4 and min(chosen.values()) > 60


def test_the_same_random_numbers_give_the_same_choice():
    pools = [pool(f'node@alpha#{number}') for number in range(9)]
    first, second = (choose(pools, rng=random.Random(3)) for _ in range(2))
    assert names(first.ranked) == names(second.ranked)


def test_requests_in_a_row_see_what_the_earlier_ones_took():
    pools = [pool(f'node@alpha#{number}', total_capacity_gb=100, free_capacity_gb=10) for number in range(3)]
    taken = collections.Counter()
    for _ in range(6):
        choice = choose(pools, request(size=5))
        choice.pool.consume(5)
        taken[choice.pool.host] += 5
    assert set(taken.values()) == {10} and len(taken) == 3
    with pytest.raises(exception.NoValidHost):
        choose(pools, request(size=5))


def test_a_pool_of_unknown_capacity_is_the_last_resort():
    pools = [pool('n@a#unknown', free_capacity_gb='unknown'), *three()]
    assert names(choose(pools).ranked) == ['large', 'medium', 'small', 'unknown']


class Fixed(base_weigher.BaseHostWeigher):
    """A weigher as third parties write them."""

    def __init__(self, multiplier, **scores):
        self.multiplier = multiplier
        self.scores = scores

    def weight_multiplier(self):
        return self.multiplier

    def _weigh_object(self, host_state, weight_properties):
        return self.scores[host_state.pool_name]


def test_weights_are_normalized_then_multiplied_then_added():
    weighers = [Fixed(1.0, small=0, medium=500, large=1000), Fixed(2.0, small=3, medium=2, large=1)]
    assert names(choose(three(), weighers=weighers).ranked) == ['small', 'medium', 'large']


def test_a_negative_multiplier_turns_the_order_round():
    assert names(choose(three(), weighers=[Fixed(-1.0, small=1, medium=2, large=3)]).ranked) == [
        'small', 'medium', 'large']


def test_the_goodness_function_weighs_in():
    pools = [pool('n@a#poor', goodness_function='10'), pool('n@a#none'),
             pool('n@a#good', goodness_function='stats.total_capacity_gb')]
    assert names(choose(pools, weighers=[GoodnessWeigher()]).ranked) == ['good', 'poor', 'none']


class Elsewhere:
    """The least a filter can be."""

    def host_passes(self, host_state, filter_properties):
        return False


class Silent(base_host.BaseHostFilter):
    """A filter that says no and nothing else."""

    def host_passes(self, host_state, filter_properties):
        return False


@pytest.mark.parametrize('test', [Elsewhere(), Silent()])
def test_filters_from_elsewhere_need_not_explain_themselves(test):
    with pytest.raises(exception.NoValidHost, match=f'refused by {type(test).__name__}'):
        choose(three(), filters=[test])


def test_a_summary_groups_equal_reasons_and_stays_short():
    refusals = [pick.PassedOver(f'h{number}', 'F', f'reason {number % 7}') for number in range(100)]
    text = pick.summary(refusals)
    assert text.count('reason ') == 5 and text.endswith('2 more reasons') and '(15 pools)' in text


INSTALLED = """OnlyHostFilter AvailabilityZoneFilter CapacityFilter CapabilitiesFilter DriverFilter
    ShareReplicationFilter CreateFromSnapshotFilter AffinityFilter AntiAffinityFilter RetryFilter
    IgnoreAttemptedHostsFilter JsonFilter ConsistentSnapshotFilter""".split()


def test_filters_are_found_by_the_names_of_their_entry_points():
    assert [type(test).__name__ for test in pick.filters_named(INSTALLED)] == INSTALLED
    assert pick.filters_named(['CapacityFilter']) == pick.filters_named(['CapacityFilter'])


def test_weighers_are_found_by_the_names_of_their_entry_points():
    wanted = ['CapacityWeigher', 'GoodnessWeigher', 'HostAffinityWeigher', 'PoolWeigher']
    assert [type(weigher).__name__ for weigher in pick.weighers_named(wanted)] == wanted


def test_an_unknown_name_of_a_filter_or_weigher_is_told():
    with pytest.raises(exception.SchedulerHostFilterNotFound, match='NoSuchFilter'):
        pick.filters_named(['CapacityFilter', 'NoSuchFilter'])
    with pytest.raises(exception.SchedulerHostWeigherNotFound, match='NoSuchWeigher'):
        pick.weighers_named(['NoSuchWeigher'])
