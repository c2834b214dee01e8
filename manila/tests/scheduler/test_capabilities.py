"""Matching extra specs with capabilities."""
import pytest
from hypothesis import given, strategies as st

from manila.scheduler.capabilities import extra_specs_satisfied, satisfies


@pytest.mark.parametrize('capability, requirement, expected', [
    (10, '= 10', True), (11, '= 10', True), (9, '= 10', False), ('10', '= 9.5', True),
    (10, '== 10', True), (10, '== 10.0', True), (11, '== 10', False),
    (10, '!= 10', False), (11, '!= 10', True),
    (10, '>= 10', True), (9, '>= 10', False), (10, '<= 10', True), (11, '<= 10', False),
    ('fast', '= 10', False), (10, '= fast', False), (10, '=', False), ('fast', '!= 10', False),
    ('NFS_CIFS', '<in> NFS', True), ('nfs_cifs', '<in> NFS', True), ('GLUSTERFS', '<in> NFS', False),
    (['NFS', 'CIFS'], '<in> cifs', True), (['NFS', 'CIFS'], '<in> hdfs', False),
    (True, '<is> True', True), (True, '<is> False', False), (False, '<is> False', True),
    ('yes', '<is> on', True),
    ([True, False], '<is> True', True), ([True, False], '<is> False', True), ([False], '<is> True', False),
    ('abc', 's== abc', True), ('ABC', 's== abc', True), ('abc', 's== abd', False), ('12', 's== 12.0', False),
    ('abc', 's!= abd', True), ('abc', 's!= abc', False), ('abc', 's< abd', True), ('abc', 's< abc', False),
    ('abc', 's<= abc', True), ('abd', 's<= abc', False), ('abd', 's> abc', True), ('abc', 's> abc', False),
    ('abc', 's>= abc', True), ('abb', 's>= abc', False),
    ('NFS', '<or> CIFS <or> nfs', True), ('HDFS', '<or> CIFS <or> NFS', False),
    ('a b', '<or> c <or> a b', True),
    (True, 'True', True), (True, 'yes', True), (True, 'False', False), (False, 'no', True),
    ('gold', 'Gold', True), ('gold', 'golden', False), ('two words', 'Two Words', True), (5, '5', True),
    (['share', 'share_server'], 'share', True), (['share_server'], 'share', False), ([], 'share', False),
    (None, 'None', False), (None, '<is> False', False), (None, '!= 1', False), ('', '', True),
    ('x', '<unknown> x', False),
])
def test_an_operator_compares_as_documented(capability, requirement, expected):
    assert satisfies(capability, requirement) is expected


NUMBERS = st.one_of(st.integers(-10**6, 10**6), st.floats(-1e6, 1e6))


@given(NUMBERS, NUMBERS)
def test_numeric_operators_agree_with_numbers(offered, wanted):
    assert satisfies(offered, f'= {wanted}') == (offered >= wanted)
    assert satisfies(offered, f'>= {wanted}') == (offered >= wanted)
    assert satisfies(offered, f'<= {wanted}') == (offered <= wanted)
    assert satisfies(offered, f'== {wanted}') == (offered == wanted)
    assert satisfies(offered, f'!= {wanted}') == (offered != wanted)
    assert satisfies(str(offered), f'= {wanted}') == (offered >= wanted)


WORDS = st.text(alphabet='abcXYZ019_-', min_size=1, max_size=8)


@given(WORDS, WORDS)
def test_textual_operators_ignore_case(offered, wanted):
    left, right = offered.lower(), wanted.lower()
    assert satisfies(offered, f's== {wanted}') == (left == right)
    assert satisfies(offered, f's!= {wanted}') == (left != right)
    assert satisfies(offered, f's< {wanted}') == (left < right)
    assert satisfies(offered, f's<= {wanted}') == (left <= right)
    assert satisfies(offered, f's> {wanted}') == (left > right)
    assert satisfies(offered, f's>= {wanted}') == (left >= right)
    assert satisfies(offered, f'<in> {wanted}') == (right in left)
    assert satisfies(offered, wanted) == (left == right)


@given(st.lists(WORDS, max_size=4), WORDS)
def test_a_list_satisfies_when_one_element_does(offered, wanted):
    assert satisfies(offered, wanted) == any(satisfies(word, wanted) for word in offered)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=4))
def test_or_is_satisfied_by_each_choice_and_nothing_else(offered, choices):
    requirement = ' '.join(f'<or> {choice}' for choice in choices)
    assert satisfies(offered, requirement) == (offered.lower() in [choice.lower() for choice in choices])


@given(st.text(max_size=20), st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=20)))
def test_any_requirement_has_an_answer(requirement, capability):
    assert satisfies(capability, requirement) in (True, False)


CAPABILITIES = {'dedupe': [True, False], 'vendor_name': 'Open Source', 'flash': {'tier': {'level': 3}},
                'snapshot_support': False}


@pytest.mark.parametrize('specs', [
    {}, None,
    {'dedupe': '<is> True', 'vendor_name': 'open source'},
    {'capabilities:dedupe': '<is> True'},
    {'capabilities:flash:tier:level': '>= 3'},
    {'netapp:raid': 'dp', 'provisioning:max_share_size': '5'},
    {'availability_zones': 'nova', 'capabilities:availability_zones': 'nova', 'default_qos_type': 'fast'},
])
def test_specs_that_are_met_or_do_not_concern_the_scheduler_pass(specs):
    assert extra_specs_satisfied(CAPABILITIES, specs).satisfied


def test_the_first_unmet_spec_is_told():
    specs = {'dedupe': '<is> True', 'snapshot_support': '<is> True', 'vendor_name': 'other'}
    assert extra_specs_satisfied(CAPABILITIES, specs) == (False, 'snapshot_support', '<is> True', False)


@pytest.mark.parametrize('key', ['compression', 'capabilities:compression', 'capabilities:flash:size',
                                 'capabilities:vendor_name:deep'])
def test_a_capability_nobody_reports_satisfies_nothing(key):
    assert extra_specs_satisfied(CAPABILITIES, {key: '<is> False'}) == (False, key, '<is> False', None)
