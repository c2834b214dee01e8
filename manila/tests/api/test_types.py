"""What the types take, refuse and give out."""
import datetime

import pytest
from hypothesis import given, strategies

from manila import exception
from manila.api import types, versions
from manila.api.fields import Field, Fields

MOMENT = datetime.datetime(2026, 1, 2, 3, 4, 5, 6)


def parse(kind, value, version=versions.MAX):
    return kind.parser(version)(value, 'thing')


@pytest.mark.parametrize('kind, given_value, value', [
    (types.TEXT, '', ''), (types.TEXT, 'é' * 255, 'é' * 255), (types.TEXT(300), 'x' * 300, 'x' * 300),
    (types.TEXT(5, pattern='[a-c]+'), 'abc', 'abc'),
    (types.UUID, '9f9a7c3c-6e0c-4f5c-8f0a-0d3f1f6a7a11', '9f9a7c3c-6e0c-4f5c-8f0a-0d3f1f6a7a11'),
    (types.INTEGER, '-5', -5), (types.INTEGER, 7, 7), (types.SIZE, ' 1 ', 1),
    (types.BOOLEAN, 'True', True), (types.BOOLEAN, 'no', False), (types.BOOLEAN, 1, True),
    (types.BOOLEAN, '0', False),
    (types.ENUM('a', 'b'), 'a', 'a'),
    (types.DATETIME, '2026-01-02T03:04:05.000006', MOMENT),
    (types.DATETIME, '2026-01-02T04:04:05.000006+01:00', MOMENT),
    (types.DATETIME, '2026-01-02T03:04:05.000006Z', MOMENT),
    (types.DATETIME, '2026-01-02', datetime.datetime(2026, 1, 2)),
    (types.DATE, '2026-01-02', datetime.datetime(2026, 1, 2)),
    (types.IP, '10.0.0.1', '10.0.0.1'), (types.IP, '::1', '::1'),
    (types.IP(network=True), '10.0.0.0/8', '10.0.0.0/8'),
    (types.LIST(types.SIZE), ['1', 2], [1, 2]),
    (types.OBJECT, {'a': [1, {'b': None}]}, {'a': [1, {'b': None}]}),
    (types.DICT_LITERAL, "{'a': 'b', 'c': 1, 'd': True}", {'a': 'b', 'c': '1', 'd': 'True'}),
    (types.METADATA, {'a': 'b'}, {'a': 'b'}), (types.METADATA, {}, {}),
    (types.EXTRA_SPECS, {'a:b': True, 'c': 'x'}, {'a:b': 'True', 'c': 'x'}),
    (types.EXTRA_SPECS(integers=True), {'a': True, 'b': -5, 'c': '5'}, {'a': 'True', 'b': '-5', 'c': '5'})])
def test_acceptable_values_are_taken(kind, given_value, value):
    assert parse(kind, given_value) == value


@pytest.mark.parametrize('kind, value', [
    (types.TEXT, 1), (types.TEXT, 'x' * 256), (types.TEXT, 'a\0'), (types.TEXT, '\udfff'), (types.TEXT, []),
    (types.TEXT(9, 1), ''), (types.TEXT(5, pattern='[a-c]+'), 'abd'),
    (types.UUID, 'no'), (types.UUID, 5), (types.UUID, '9f9a7c3c-6e0c-4f5c-8f0a-0d3f1f6a7a1'),
    (types.INTEGER, 2 ** 31), (types.INTEGER, -2 ** 31 - 1), (types.INTEGER, True), (types.INTEGER, 1.0),
    (types.INTEGER, 'x'), (types.INTEGER, '9' * 100), (types.SIZE, 0), (types.SIZE, None), (types.SIZE, {}),
    (types.BOOLEAN, 'maybe'), (types.BOOLEAN, 2), (types.BOOLEAN, 10 ** 30), (types.BOOLEAN, []),
    (types.BOOLEAN, 1.0),
    (types.ENUM('a'), 'b'), (types.ENUM('a'), 1), (types.ENUM('a'), []),
    (types.DATETIME, 'yesterday'), (types.DATETIME, '0001-01-01T00:00:00+10:00'), (types.DATETIME, 5),
    (types.DATE, '2026-13-01'), (types.DATE, '2026-01-01T00:00:00'),
    (types.IP, '10.0.0.0/8'), (types.IP, '10.0.0.256'), (types.IP(versions=(4,)), '::1'),
    (types.IP, '1' * 100),
    (types.LIST(types.SIZE), 'x'), (types.LIST(types.SIZE), [0]), (types.LIST(types.TEXT, 1), ['a', 'b']),
    (types.OBJECT, []), (types.OBJECT, {'a': 'x\0'}), (types.OBJECT, {'a\0': 'x'}),
    (types.OBJECT, {'a' * 256: 1}),
    (types.DICT_LITERAL, '[1]'), (types.DICT_LITERAL, '{1: 2}'), (types.DICT_LITERAL, "{'a': []}"),
    (types.DICT_LITERAL, '(' * 4000), (types.DICT_LITERAL, '__import__("os")'),
    (types.DICT_LITERAL, "{'a': 'x\\0'}"),
    (types.DICT_LITERAL, "{'a': " + '9' * 4000 + '}'), (types.DICT_LITERAL, "{**{}}"),
    (types.DICT_LITERAL, '{[]: 1}'),
    (types.METADATA, []), (types.METADATA, {' ': 'x'}), (types.METADATA, {'a': ' '}),
    (types.METADATA, {'a': None}),
    (types.METADATA, {'a' * 256: 'x'}), (types.METADATA, {'a': 'x' * 1024}),
    (types.METADATA(count=1), {'a': 'b', 'c': 'd'}),
    (types.EXTRA_SPECS, {'a b': 'x'}), (types.EXTRA_SPECS, {'': 'x'}), (types.EXTRA_SPECS, {'a': 'x' * 256}),
    (types.EXTRA_SPECS, {'a': 1}), (types.EXTRA_SPECS(integers=True), {'a': 1.5}),
    (types.EXTRA_SPECS(integers=True), {'a': 2 ** 31})])
def test_other_values_are_refused_by_name(kind, value):
    with pytest.raises(exception.ValidationError, match="'thing"):
        parse(kind, value)


def test_deeply_nested_object_is_refused():
    value = {}
    for _ in range(50):
        value = {'a': value}
    with pytest.raises(exception.ValidationError, match='too deeply'):
        parse(types.OBJECT, value)


def test_object_with_fields_follows_versions():
    hints = types.OBJECT(Fields(None, Field('same'), Field('only', since='2.67')))
    assert parse(hints, {'same': 'a', 'only': 'b'}, versions.parse('2.66')) == {'same': 'a'}
    assert parse(hints, {'same': 'a', 'only': 'b'}) == {'same': 'a', 'only': 'b'}
    with pytest.raises(exception.ValidationError, match="'thing.same'"):
        parse(hints, {'same': 5})


@pytest.mark.parametrize('value, text', [
    (MOMENT, '2026-01-02T03:04:05.000006'), (None, None), ('as it is', 'as it is'),
    (MOMENT.replace(microsecond=0), '2026-01-02T03:04:05.000000'),
    (MOMENT.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1))), '2026-01-02T02:04:05.000006')])
def test_moments_go_out_in_utc_with_microseconds(value, text):
    assert types.DATETIME.out(value) == text


JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() |
    strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner), max_leaves=8)
ALL = [types.TEXT, types.UUID, types.INTEGER, types.SIZE, types.BOOLEAN, types.ENUM('a'), types.DATETIME,
       types.DATE,
       types.IP(network=True), types.LIST(types.TEXT), types.OBJECT, types.DICT_LITERAL, types.METADATA,
       types.EXTRA_SPECS]


@given(strategies.sampled_from(ALL), JSON | strategies.text())
def test_nothing_that_json_can_hold_breaks_a_type(kind, value):
    try:
        parse(kind, value)
    except exception.ValidationError as error:
        assert error.code == 400
