"""Which type is meant, who may use it, and what can be done to it."""
import pytest

from manila import exception
from manila.resources.quotas import service as quotas, store as quotas_store
from manila.resources.types import service, store
from manila.tests.resources.conftest import PROJECT
from manila.tests.resources.quotas.test_service import make_share

REQUIRED = {'driver_handles_share_servers': 'False'}


def make(context, name, is_public=True, **specs):
    return service.create(context, name, None, is_public, {**REQUIRED, **specs})


@pytest.mark.every_database
def test_a_type_is_found_by_id_and_by_name(context, database, user):
    made = make(context, 'gold', a='b')
    for key in (made['id'], 'gold'):
        found = service.resolve(user, key)
        assert found['id'] == made['id']
        assert found['extra_specs'] == {**REQUIRED, 'a': 'b'}


def test_an_id_counts_before_a_name_that_looks_the_same(context, database):
    first = make(context, 'first')
    second = make(context, first['id'])
    assert service.resolve(context, first['id'])['name'] == 'first'
    assert service.resolve(context, second['id'])['name'] == first['id']


def test_the_default_type_is_the_configured_one(context, database, conf):
    with pytest.raises(exception.DefaultShareTypeNotConfigured):
        service.resolve(context)
    conf.config(default_share_type='gold')
    with pytest.raises(exception.ShareTypeNotFoundByName, match='gold'):
        service.resolve(context)
    made = make(context, 'gold')
    assert service.resolve(context)['id'] == made['id']


def test_private_types_are_for_administrators_and_projects_with_access(context, database, user):
    made = make(context, 'secret', is_public=False)
    with pytest.raises(exception.ShareTypeNotFound):
        service.resolve(user, made['id'])
    with pytest.raises(exception.ShareTypeNotFoundByName):
        service.resolve(user, 'secret')
    assert service.find_all(user) == []
    assert service.resolve(context, 'secret')['id'] == made['id']
    service.add_access(context, made['id'], PROJECT)
    assert service.resolve(user, 'secret')['id'] == made['id']
    assert [row['id'] for row in service.find_all(user)] == [made['id']]
    service.remove_access(context, made['id'], PROJECT)
    with pytest.raises(exception.ShareTypeNotFound):
        service.resolve(user, made['id'])


def test_resolving_and_listing_cost_one_statement(context, database, statements):
    for name in 'abcdef':
        make(context, name, x=name)
    for work in (lambda: service.resolve(context, 'c'), lambda: service.find_all(context)):
        with statements() as seen:
            work()
        assert len(seen) == 1, seen


@pytest.mark.every_database
def test_names_are_taken_once(context, database):
    made = make(context, 'gold')
    with pytest.raises(exception.Conflict):
        make(context, 'gold')
    other = make(context, 'silver')
    with pytest.raises(exception.Conflict):
        service.change(context, other['id'], {'name': 'gold'})
    assert service.change(context, made['id'], {'name': 'gold'})['name'] == 'gold'
    assert len(service.find_all(context)) == 2


@pytest.mark.every_database
def test_a_type_in_use_cannot_be_removed(context, database):
    made = make(context, 'gold')
    make_share(context, 1, share_type_id=made['id'])
    with pytest.raises(exception.InvalidShareType):
        service.delete(context, made['id'])
    assert store.get(context, made['id'])
    with pytest.raises(exception.InvalidShareType):
        store.remove(context, made['id'])


def test_a_removed_type_leaves_nothing_behind(context, database):
    made = make(context, 'gold', is_public=False)
    service.add_access(context, made['id'], PROJECT)
    quotas.change(context, PROJECT, {'shares': 3}, share_type_id=made['id'])
    service.delete(context, made['id'])
    assert service.find_all(context) == [] and store.accesses(context, made['id']) == []
    assert quotas_store.find_limits(context, PROJECT, [quotas.type_scope(made['id'])], [], ['shares']) == {}
    with pytest.raises(exception.ShareTypeNotFound):
        service.delete(context, made['id'])


def test_extra_specs_are_set_changed_and_removed(context, database):
    made = make(context, 'gold', a='1', b='2')
    assert service.set_specs(context, made['id'], {'a': '3', 'availability_zones': ' x , y'}) == {
        'a': '3', 'availability_zones': 'x,y'}
    service.remove_spec(context, made['id'], 'b')
    assert store.get(context, made['id'])['extra_specs'] == {**REQUIRED, 'a': '3',
                                                             'availability_zones': 'x,y'}
    with pytest.raises(exception.ShareTypeExtraSpecsNotFound):
        service.remove_spec(context, made['id'], 'b')
    with pytest.raises(exception.NotAuthorized):
        service.remove_spec(context, made['id'], 'driver_handles_share_servers')
    for call in (lambda: service.set_specs(context, 'none', {'a': 'b'}),
                 lambda: service.remove_spec(context, 'none', 'a')):
        with pytest.raises(exception.ShareTypeNotFound):
            call()


def test_types_are_found_by_extra_specs(context, database, user):
    make(context, 'a', snapshot_support='True', availability_zones='x,y', hidden='1')
    make(context, 'b', snapshot_support='False', hidden='2')
    make(context, 'c', snapshot_support='True', availability_zones='z')

    def names(caller, **wanted):
        return [row['name'] for row in service.find_all(caller, extra_specs=wanted)]

    assert names(context, snapshot_support='True') == ['a', 'c']
    assert names(context, snapshot_support='True', hidden='1') == ['a']
    assert names(context, availability_zones='x') == ['a', 'b']
    assert names(context, availability_zones='y, x') == ['a', 'b']
    assert names(context, availability_zones='x,z') == ['b']
    assert names(user, hidden='1') == []


def test_access_is_given_once_and_only_to_private_types(context, database):
    public, private = make(context, 'public'), make(context, 'private', is_public=False)
    for call in (service.add_access, service.remove_access):
        with pytest.raises(exception.Conflict):
            call(context, public['id'], PROJECT)
    with pytest.raises(exception.ShareTypeNotFound):
        service.accesses(context, public['id'])
    service.add_access(context, private['id'], PROJECT)
    with pytest.raises(exception.Conflict):
        service.add_access(context, private['id'], PROJECT)
    assert service.accesses(context, private['id']) == [
        {'share_type_id': private['id'], 'project_id': PROJECT}]
    service.remove_access(context, private['id'], PROJECT)
    with pytest.raises(exception.ShareTypeAccessNotFound):
        service.remove_access(context, private['id'], PROJECT)
