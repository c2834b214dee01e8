"""Making scores comparable."""
import math

from hypothesis import given, strategies as st

from manila.scheduler.weighers.base_host import normalize


def test_scores_become_a_part_of_the_range_of_the_candidates():
    assert normalize([10, 20, 15]) == [0.0, 1.0, 0.5]


def test_equal_scores_do_not_count():
    assert normalize([7, 7]) == [0.0, 0.0]
    assert normalize([]) == []


def test_a_weigher_may_give_the_range_itself():
    assert normalize([25, 50], lowest=0, highest=100) == [0.25, 0.5]


def test_infinite_scores_are_beyond_all_others():
    low, middle, high = normalize([-math.inf, 5, math.inf])
    assert low == 0.0 < middle < high == 1.0
    assert normalize([-math.inf, -math.inf]) == [0.0, 0.0]


@given(st.lists(st.floats(-1e9, 1e9) | st.sampled_from([math.inf, -math.inf])))
def test_normalized_scores_keep_their_order_within_0_and_1(scores):
    weights = normalize(scores)
    assert all(0 <= weight <= 1 for weight in weights)
    pairs = sorted(zip(scores, weights, strict=True))
    assert all(left[1] <= right[1] for left, right in zip(pairs, pairs[1:], strict=False))
