"""Lists of fields, as input and as output."""
import pytest

from manila import exception
from manila.api import types, versions
from manila.api.fields import Field, Fields

OLD, NEW = versions.parse('2.0'), versions.parse('2.99')


def test_fields_of_one_name_must_not_share_versions():
    with pytest.raises(ValueError, match='share versions'):
        Fields('x', Field('a', until='2.10'), Field('a', since='2.10'))
    with pytest.raises(ValueError, match='share versions'):
        Fields('x', Field('a'), Field('b', aliases=('a',)))
    Fields('x', Field('a', until='2.9'), Field('a', since='2.10'))


def test_empty_span_is_refused():
    with pytest.raises(ValueError, match='empty'):
        Field('a', since='2.10', until='2.9')


def test_first_present_name_wins():
    fields = Fields('x', Field('name', aliases=('display_name',)))
    assert fields.parser(NEW)({'display_name': 'b', 'name': 'a'}) == {'name': 'a'}
    assert fields.parser(NEW)({'display_name': 'b'}) == {'name': 'b'}


def test_default_fills_in_and_may_be_made_anew():
    fields = Fields('x', Field('a', default=5), Field('b', types.OBJECT, default=dict), Field('c'))
    parse = fields.parser(NEW)
    first, second = parse({}), parse({})
    assert first == {'a': 5, 'b': {}}
    assert first['b'] is not second['b']


def test_required_field_is_not_null_unless_it_says_so():
    fields = Fields('x', Field('a', types.UUID_OR_NULL, required=True),
                    Field('b', required=True, nullable=True))
    assert fields.parser(NEW)({'a': None, 'b': None}) == {'a': None, 'b': None}
    with pytest.raises(exception.ValidationError, match="'a': is required"):
        fields.parser(NEW)({'b': None})
    with pytest.raises(exception.ValidationError, match='must not be null'):
        Fields('x', Field('a', required=True)).parser(NEW)({'a': None})


def test_strictness_counts_only_fields_of_the_version():
    fields = Fields('x', Field('a'), Field('b', since='2.50'), strict=True)
    assert fields.parser(NEW)({'b': 'x'}) == {'b': 'x'}
    with pytest.raises(exception.ValidationError, match="'x.b'"):
        fields.parser(OLD)({'b': 'x'}, 'x')


def test_extension_keeps_the_original():
    base = Fields('x', Field('a'), Field('b'))
    more = base.extend(Field('c'), without=('b',), name='y', strict=True)
    assert [field.name for field in more] == ['a', 'c']
    assert (more.name, more.strict) == ('y', True)
    assert [field.name for field in base] == ['a', 'b']


def test_view_takes_values_by_key_and_by_function():
    fields = Fields('x', Field('a', get='b'), Field('c', get=lambda row, req: (row['b'], req)),
                    Field('d', optional=True),
                    Field('e', types.BOOLEAN, get='flag', optional=True))
    render = fields.renderer(NEW)
    assert render({'b': 1}, 'req') == {'a': 1, 'c': (1, 'req')}
    assert render({'b': 1, 'd': 2, 'flag': 1}, 'req') == {'a': 1, 'c': (1, 'req'), 'd': 2, 'e': True}


def test_row_without_a_field_is_an_error():
    with pytest.raises(KeyError):
        Fields('x', Field('a')).renderer(NEW)({}, None)


def test_inner_objects_follow_versions_and_rules():
    inner = Fields(None, Field('n'), Field('new', since='2.50'), Field('secret', only='rule'))
    fields = Fields('x', Field('one', types.OBJECT(inner)), Field('many', types.LIST(types.OBJECT(inner))))
    row = {'n': 1, 'new': 2, 'secret': 3}
    assert fields.rules == {'rule'}
    assert fields.renderer(OLD)({'one': row, 'many': [row]}, None) == {'one': {'n': 1}, 'many': [{'n': 1}]}
    assert fields.renderer(NEW, frozenset(['rule']))({'one': None, 'many': [row]}, None) == {
        'one': None, 'many': [row]}


def test_functions_are_compiled_once_per_stretch_of_versions():
    fields = Fields('x', Field('a'), Field('b', since='2.50'))
    assert fields.renderer(versions.parse('2.1')) is fields.renderer(versions.parse('2.49'))
    assert fields.renderer(versions.parse('2.49')) is not fields.renderer(versions.parse('2.50'))
    assert fields.parser(versions.parse('2.50')) is fields.parser(NEW)


def test_schema_describes_input_and_output():
    fields = Fields('x', Field('size', types.SIZE, required=True, doc='In GiB.'),
                    Field('kind', types.ENUM('a')),
                    Field('flag', types.BOOLEAN, default=False), Field('new', since='2.50'), strict=True)
    schema = fields.json_schema(OLD)
    assert schema['required'] == ['size']
    assert schema['additionalProperties'] is False
    assert schema['properties'] == {
        'size': {'type': 'integer', 'minimum': 1, 'maximum': 2 ** 31 - 1, 'description': 'In GiB.'},
        'kind': {'type': ['string', 'null'], 'enum': ['a', None]},
        'flag': {'type': 'boolean', 'default': False}}
    assert fields.json_schema(NEW, output=True)['properties']['new'] == {'type': ['string', 'null']}


def test_schema_wants_one_of_the_names_of_a_required_field():
    fields = Fields('x', Field('a', required=True), Field('b', required=True, aliases=('c',)))
    schema = fields.json_schema(NEW)
    assert schema['required'] == ['a']
    assert schema['allOf'] == [{'anyOf': [{'required': ['b']}, {'required': ['c']}]}]
    assert 'allOf' not in fields.json_schema(NEW, output=True)


def test_field_that_a_version_lacks_is_refused_and_described_as_such():
    fields = Fields('x', Field('a', since='2.10'), Field('a', types.UNKNOWN, until='2.9'))
    assert fields.parser(NEW)({'a': 'b'}) == {'a': 'b'}
    with pytest.raises(exception.ValidationError, match="'a': is not known in this version"):
        fields.parser(OLD)({'a': 'b'})
    assert fields.json_schema(OLD)['properties']['a'] == {'not': {}}
