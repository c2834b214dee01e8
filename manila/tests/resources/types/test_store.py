"""What the store of share types keeps."""
import pytest

from manila import exception
from manila.resources.types import store

VALUES = {'name': 'gold', 'description': 'd', 'is_public': True}


@pytest.mark.every_database
def test_a_type_comes_back_as_it_was_put_in(context, database):
    made = store.insert(context, VALUES, {'a': 'b', 'c': 'ü😀'})
    found = store.get(context, made['id'])
    assert {key: found[key] for key in VALUES} == VALUES
    assert found['extra_specs'] == {'a': 'b', 'c': 'ü😀'}
    assert found['created_at'] == made['created_at'] and found['updated_at'] is None


@pytest.mark.every_database
def test_types_without_specs_have_an_empty_dict_of_them(context, database):
    made = store.insert(context, VALUES, {})
    assert store.by_ids(context, [made['id'], 'none'])[made['id']]['extra_specs'] == {}
    assert store.by_ids(context, []) == {}


@pytest.mark.every_database
def test_names_differ_by_case(context, database):
    store.insert(context, VALUES, {})
    store.insert(context, {**VALUES, 'name': 'GOLD'}, {})
    assert [row['name'] for row in store.find(context, 'GOLD')] == ['GOLD']


def test_changing_a_type_that_is_gone_is_refused(context, database):
    with pytest.raises(exception.ShareTypeNotFound):
        store.change(context, 'none', {'name': 'x'})
