"""Queries of users."""
import json

import pytest

from manila.scheduler.filters.json import JsonFilter
from manila.tests.scheduler.fixtures import pool, request

STATE = dict(free_capacity_gb=40, vendor_name='Acme', flash={'tier': 3}, dedupe=[True, False])


@pytest.mark.parametrize('query, passes', [
    (['>=', '$free_capacity_gb', 40], True), (['>', '$free_capacity_gb', 40], False), (['<', 1, 2, 3], True),
    (['<=', 2, 2], True), (['=', '$vendor_name', 'Acme'], True), (['=', '$capabilities.flash.tier', 3], True),
    (['=', '$flash.tier', 4], False), (['=', '$nothing', 1], False), (['=', '$flash.tier.deep', 1], False),
    (['in', '$vendor_name', 'Acme', 'Other'], True), (['in', '$vendor_name', 'Other'], False),
    (['in', False, '$dedupe'], True), (['not', ['=', 1, 2]], True), (['not', ['=', 1, 1]], False),
    (['or', ['=', 1, 2], ['=', 1, 1]], True), (['and', ['=', 1, 2], ['=', 1, 1]], False),
    (['and', ['>', '$free_capacity_gb', 1], ['not', ['in', '$vendor_name', 'x']]], True),
    (['=', 1], False), (['in'], False), ([], False), (['nonsense', 1], False), (['<', 'a', 1], False),
    ([['='], 1], False), ({'a': 1}, True), (None, False), (0, False),
])
def test_a_query_is_true_or_not(query, passes):
    assert JsonFilter().host_passes(pool(**STATE), request(hints={'query': json.dumps(query)})) is passes


@pytest.mark.parametrize('text', ['[', 'nothing', '["=", 1', '[' * 100000])
def test_text_that_is_no_json_passes_nothing(text):
    assert JsonFilter().refusal(pool(), request(hints={'query': text})).startswith('query: ')


def test_without_a_query_every_pool_passes():
    assert JsonFilter().host_passes(pool(), request())
    assert JsonFilter().host_passes(pool(), request(hints={'query': ''}))
