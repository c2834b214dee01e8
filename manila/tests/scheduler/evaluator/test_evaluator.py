"""The expression language of filter and goodness functions."""
import pytest
from hypothesis import given, strategies as st

from manila import exception
from manila.scheduler.evaluator.evaluator import evaluate

SHARE = {'size': 5, 'share_proto': 'NFS', 'snapshot_id': None}


@pytest.mark.parametrize('expression, value', [
    ('1', 1), ('1.5', 1.5), ('.5', 0.5), ('2e3', 2000.0), ('True', True), ('false', False),
    ('1 + 2 * 3', 7), ('(1 + 2) * 3', 9), ('7 - 2 - 1', 4), ('8 / 4 / 2', 1), ('8 / 4 * 2', 4),
    ('2 ^ 3', 8), ('2 ^ 3 ^ 2', 512), ('-2 ^ 2', -4), ('2 ^ -1', 0.5), ('--3', 3), ('+3', 3), ('3 - -2', 5),
    ('min(3, 1, 2)', 1), ('max(3, 1, 2)', 3), ('abs(-4)', 4), ('max(1, min(5, 9))', 5), ('MAX(1, 2)', 2),
    ('1 < 2', True), ('2 <= 2', True), ('1 > 2', False), ('1 >= 2', False), ('1 == 1', True), ('1 = 1', True),
    ('1 != 1', False), ('1 <> 2', True), ('1 < 2 < 3', True), ('1 < 3 < 2', False), ('3 > 2 > 1 > 0', True),
    ('NOT 0', True), ('!1', False), ('not not 1', True), ('1 and 0', False), ('1 && 1', True),
    ('0 OR 0', False), ('0 || 1', True), ('1 or 0 and 0', True), ('(1 or 0) and 0', False),
    ('1 ? 10 : 20', 10), ('0 ? 10 : 20', 20), ('1 < 2 ? 10 : 20', 10), ('0 ? 1 : 0 ? 2 : 3', 3),
    ('1 ? 0 ? 1 : 2 : 3', 2), ("'a' == 'a'", True), ('"a" < "b"', True),
])
def test_an_expression_has_the_value_mathematics_gives_it(expression, value):
    assert evaluate(expression) == value


def test_not_binds_tighter_than_a_comparison():
    assert evaluate('not 5 < 1') == (False < 1)


def test_the_conditional_binds_tighter_than_and():
    assert bool(evaluate('0 and 1 ? 1 : 1')) is False


@pytest.mark.parametrize('expression, value', [
    ('share.size * 2', 10),
    ('share.size < 10 and stats.free_capacity_gb >= share.size', True),
    ('capabilities.utilization < 70', True),
    ('100 - capabilities.utilization', 58.5),
    ('extra.max_size > share.size', True),
    ("share.share_proto == 'NFS'", True),
    ('capabilities.flash.tier + 1', 3),
])
def test_names_are_looked_up_in_the_given_dicts(expression, value):
    assert evaluate(expression, share=SHARE, stats={'free_capacity_gb': 7.0}, extra={'max_size': '100'},
                    capabilities={'utilization': '41.5', 'flash': {'tier': 2}}) == value


@pytest.mark.parametrize('expression', [
    '', '   ', '1 +', '* 2', '(1', '1)', '1 2', 'min(1)', 'min()', 'max(,)', 'sum(1, 2)', 'abs(1, 2)',
    '1 ? 2', '?', '1 & 2', 'a @ b', "'open", '1 ? 2 : ', 'share.', '.', '1..2', 'share.size()',
    '__import__("os")',
])
def test_what_is_no_expression_is_refused(expression):
    with pytest.raises(exception.EvaluatorParseException):
        evaluate(expression, share=SHARE)


@pytest.mark.parametrize('expression', [
    'share.colour', 'nothing.size', 'size', 'share', 'share.snapshot_id', 'share.size.more', '1 / 0',
    '1 / (2 - 2)', "share.share_proto < 5", "1 + 'a'", "'a' * 3", '-"a"', '9 ^ 9 ^ 9', '(0 - 1) ^ 0.5',
    'share.__class__',
])
def test_values_that_are_missing_or_do_not_go_together_are_an_error(expression):
    with pytest.raises(exception.EvaluatorParseException):
        evaluate(expression, share=SHARE)


@pytest.mark.parametrize('expression', ['(' * 5000 + '1' + ')' * 5000, '-' * 5000 + '1', '2' + '^2' * 5000,
                                        '!' * 5000 + '1', '1?' * 5000 + '1'])
def test_endless_nesting_is_refused_instead_of_exhausting_the_stack(expression):
    with pytest.raises(exception.EvaluatorParseException, match='nested too deeply'):
        evaluate(expression)


def test_a_long_flat_expression_is_fine():
    assert evaluate(' + '.join(['1'] * 5000)) == 5000
    assert evaluate(' or '.join(['0'] * 5000 + ['1'])) == 1


def test_what_a_short_circuit_skips_may_be_unknown():
    assert evaluate('1 or share.colour', share=SHARE) == 1
    assert evaluate('1 ? 2 : share.colour', share=SHARE) == 2


def test_the_same_text_is_evaluated_with_each_caller_s_values():
    assert [evaluate('share.size', share={'size': size}) for size in (1, 2, 3)] == [1, 2, 3]


NUMBERS = st.integers(-1000, 1000)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_arithmetic_agrees_with_python(a, b, c):
    for template in ('{a} + {b} * {c}', '({a} + {b}) * {c}', '{a} - {b} - {c}', '-({a}) * {b} - -({c})',
                     'max({a}, {b}, {c}) - min({a}, {b}, {c})', '{a} < {b} <= {c}', '{a} == {b} != {c}'):
        expression = template.format(a=a, b=b, c=c)
        assert evaluate(expression) == eval(expression, {'min': min, 'max': max})


@given(st.text(alphabet='0123456789.+-*/^()<>=!?:&| andortsize\'"', max_size=40))
def test_any_text_gives_a_value_or_the_one_exception(text):
    try:
        value = evaluate(text, share=SHARE)
    except exception.EvaluatorParseException:
        return
    assert isinstance(value, (int, float, str))
