import pytest

from manila import exception
from manila.resources.types import store
from manila.share import share_types


@pytest.fixture
def gold(context, database):
    """A share type."""
    return store.insert(context, {'name': 'gold', 'is_public': False},
                        {'driver_handles_share_servers': 'False', 'vendor:tier': 'fast'})


def test_extra_specs_of_a_type_are_found_also_of_a_private_one(gold):
    assert share_types.get_share_type_extra_specs(gold['id']) == {
        'driver_handles_share_servers': 'False', 'vendor:tier': 'fast'}


def test_one_extra_spec_can_be_asked_for(gold):
    assert share_types.get_share_type_extra_specs(gold['id'], 'vendor:tier') == 'fast'
    assert share_types.get_share_type_extra_specs(gold['id'], 'vendor:colour') is False


def test_extra_specs_of_a_share_are_those_of_its_type(gold):
    specs = share_types.get_extra_specs_from_share({'id': 's', 'share_type_id': gold['id']})
    assert specs['vendor:tier'] == 'fast'
    assert share_types.get_extra_specs_from_share({'id': 's', 'share_type_id': None}) == {}


def test_a_type_that_is_gone_is_told(database):
    with pytest.raises(exception.ShareTypeNotFound):
        share_types.get_share_type_extra_specs('none')


@pytest.mark.parametrize('value, truth', [
    ('<is> True', True), ('<is> false', False), ('<IS>TRUE', True), (' <is> True ', True), ('yes', True),
    ('0', False), (True, True), ('off', False)])
def test_booleans_are_understood(value, truth):
    assert share_types.parse_boolean_extra_spec('dedupe', value) is truth


@pytest.mark.parametrize('value', ['<is> maybe', 'perhaps', '', None, '<or> True', '<is> 1'])
def test_other_words_are_refused(value):
    with pytest.raises(exception.InvalidExtraSpec, match='dedupe'):
        share_types.parse_boolean_extra_spec('dedupe', value)
