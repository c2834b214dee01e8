"""What the store of QoS types keeps, on every database."""
import threading

import pytest

from manila import context as contexts, exception
from manila.db import base, session
from manila.resources.qos import service, store
from manila.resources.shares import store as shares
from manila.share import qos_types
from manila.tests.fixtures.rows import make_share


@pytest.mark.every_database
def test_a_qos_type_comes_back_as_it_was_put_in(context, database):
    made = store.insert(context, {'name': 'gold', 'description': 'ü😀'}, {'a': 'b', 'c': '1'})
    assert store.get(context, made['id']) == made
    assert store.find_id(context, 'gold') == store.find_id(context, made['id']) == made['id']
    assert store.find_id(context, 'GOLD') is None
    with pytest.raises(exception.Conflict):
        store.insert(context, {'name': 'gold', 'description': None}, {})


def test_an_id_counts_before_a_name_that_looks_the_same(context, database):
    first = store.insert(context, {'name': 'first', 'description': None}, {})
    second = store.insert(context, {'name': first['id'], 'description': None}, {})
    assert store.find_id(context, first['id']) == first['id']
    assert store.find_id(context, second['id']) == second['id']


def test_changing_what_is_gone_is_refused(context, database):
    with pytest.raises(exception.QosTypeNotFound):
        store.change(context, 'none', {'description': 'x'})
    with pytest.raises(exception.QosTypeNotFound):
        store.set_specs(context, 'none', {'a': 'b'})


@pytest.mark.every_database('mysql', 'postgresql')
def test_a_qos_type_is_not_deleted_while_a_share_is_made_with_it(context, database, user, share_type):
    made = service.create(context, 'gold', None, {})
    share = make_share(user)
    found = []

    def delete():
        try:
            service.delete(contexts.get_admin_context(), made['id'])
        except exception.Invalid as error:
            found.append(error.msg)
    with session.writer(context) as connection:
        assert service.resolve(context, 'gold') == made['id']
        thread = threading.Thread(target=delete)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        shares.change_instance(connection, share['instance']['id'], qos_type_id=made['id'])
    thread.join(30)
    assert found and 'in use' in found[0]


def test_drivers_learn_the_specs_of_a_share(context, database):
    made = service.create(context, 'gold', None, {'peak_iops': '5000'})
    share = {'id': base.new_id(), 'qos_type_id': made['id']}
    assert qos_types.get_specs_from_share(share) == {'peak_iops': '5000'}
    assert qos_types.get_qos_type_name_from_share(share) == 'gold'
    assert qos_types.get_specs_from_share({'qos_type_id': None}) == {}
    assert qos_types.get_qos_type_name_from_share({}) is None
