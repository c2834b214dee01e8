"""What the store of share group types keeps, on every database."""
import pytest

from manila import exception
from manila.resources.group_types import store


@pytest.mark.every_database
def test_a_type_comes_back_as_it_was_put_in(context, database, share_type):
    made = store.insert(context, {'name': 'gold', 'is_public': False}, {'a': 'b'}, [share_type['id']])
    assert store.get(context, made['id']) == made == store.find(context, 'gold')
    assert store.list_all(context) == store.list_all(context, False) == [made]
    assert store.list_all(context, True) == [] and store.find(context, 'silver') is None


@pytest.mark.every_database
def test_a_type_needs_share_types_that_exist_and_a_free_name(context, database, share_type):
    store.insert(context, {'name': 'gold', 'is_public': True}, {}, [share_type['id']])
    with pytest.raises(exception.Conflict):
        store.insert(context, {'name': 'gold', 'is_public': True}, {}, [share_type['id']])
    with pytest.raises(exception.ShareTypeNotFound):
        store.insert(context, {'name': 'silver', 'is_public': True}, {}, ['gone'])


@pytest.mark.every_database
def test_all_that_belongs_to_a_type_goes_with_it(context, database, share_type, user):
    made = store.insert(context, {'name': 'gold', 'is_public': False}, {'a': 'b'}, [share_type['id']])
    store.add_access(context, made['id'], user.project_id)
    assert store.get(user, made['id']) == made
    with pytest.raises(exception.Conflict):
        store.add_access(context, made['id'], user.project_id)
    store.remove(context, made['id'])
    with pytest.raises(exception.ShareGroupTypeNotFound):
        store.remove(context, made['id'])
    assert store.accesses(context, made['id']) == []
