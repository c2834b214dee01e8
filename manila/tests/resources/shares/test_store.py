"""What is read and written about shares."""
import pytest

from manila import exception
from manila.db import base, query, session
from manila.resources.shares import store
from manila.tests.fixtures.rows import HOST, make_share, set_status

pytestmark = pytest.mark.every_database


@pytest.fixture
def share(user, share_type):
    """A share that is available."""
    return make_share(user, name='mine', metadata={'a': 'b'})


def second(context, share, **values):
    """Another instance of a share."""
    with session.writer(context) as connection:
        row = {**query.first(connection, store.instances.select().where(
            store.instances.c.id == share['instances'][0]['id'])), 'id': base.new_id(), **values}
        connection.execute(store.instances.insert(), row)
    return row


def test_share_is_found_by_its_project_by_administrators_and_if_public_by_all(user, context, share):
    stranger = type(user)(project_id='other', user_id='x', roles=['member'], is_admin=False, overwrite=False)
    assert store.get(user, share['id'])['id'] == store.get(context, share['id'])['id']
    for public in (False, True):
        with pytest.raises(exception.ShareNotFound):
            store.get(stranger, share['id'], public=public)
    with pytest.raises(exception.ShareNotFound):
        store.brief(stranger, share['id'])
    with session.writer(context) as connection:
        store.change(connection, share['id'], is_public=True)
    assert store.get(stranger, share['id'], public=True)['id'] == share['id']
    with pytest.raises(exception.ShareNotFound):
        store.get(stranger, share['id'])
    assert store.find(stranger, {}, query.Page(), public=True)[0][0]['id'] == share['id']
    assert store.find(stranger, {}, query.Page())[0] == []


def test_share_and_list_tell_the_same(user, share):
    shown = store.get(user, share['id'], paths=True)
    (listed,), more, count = store.find(user, {}, query.Page(), paths=True)
    assert listed == shown and not more and count is None
    assert shown['export_paths'] == ['192.0.2.10:/shares/one', '192.0.2.11:/shares/one']


def test_brief_row_agrees_with_the_whole_one(user, context, share):
    second(context, share, access_rules_status='error')
    brief, whole = store.brief(user, share['id']), store.get(user, share['id'])
    assert {key: whole[key] for key in brief if key != 'instances'} == {
        key: brief[key] for key in brief if key != 'instances'}
    for one, other in zip(brief['instances'], whole['instances'], strict=True):
        assert one == {key: other[key] for key in one}


@pytest.mark.parametrize(('filters', 'found'), [
    ({'host': HOST}, True), ({'host': 'node'}, True), ({'host': 'node@alpha'}, True), ({'host': 'nod'}, False),
    ({'host': 'node@alpha#pool'}, False), ({'host': '%'}, False), ({'name': 'mine'}, True), ({'name~': 'in'}, True),
    ({'name~': '%'}, False), ({'name~': '_'}, False), ({'metadata': {'a': 'b'}}, True),
    ({'metadata': {'a': 'c'}}, False),
    ({'metadata': {'a': 'b', 'c': 'd'}}, False), ({'export_location_path': '192.0.2.10:/shares/one'}, True),
    ({'export_location_path': 'x'}, False), ({'extra_specs': {'driver_handles_share_servers': 'False'}}, True),
    ({'extra_specs': {'driver_handles_share_servers': 'True'}}, False), ({'status': 'available'}, True),
    ({'status': 'error'}, False), ({'is_soft_deleted': True}, False), ({'share_type_id': 'x'}, False),
    ({'snapshot_id': 'x'}, False), ({'description~': 'x'}, False)])
def test_list_is_filtered(user, share, filters, found):
    assert [row['id'] for row in store.find(user, filters, query.Page())[0]] == [share['id']] * found


@pytest.mark.parametrize('few', [0, 1000])
def test_filters_by_instance_find_the_same_whether_few_or_many_match(user, share, monkeypatch, few):
    monkeypatch.setattr(query, 'FEW', few)
    for filters, number in (({'status': 'available'}, 1), ({'status': 'error'}, 0), ({'host': 'node@alpha'}, 1),
                            ({'host': 'nod'}, 0), ({'status': 'available', 'host': 'elsewhere'}, 0),
                            ({'status': 'available', 'host': HOST, 'with_count': True}, 1)):
        rows, _more, count = store.find(user, filters, query.Page())
        assert len(rows) == number and count in (None, number), filters


def test_pool_is_noted_only_for_shares_that_are_being_created(user, context, share):
    instance_id = share['instances'][0]['id']
    with session.writer(context) as connection:
        assert not store.place(connection, instance_id, 'other', None)
        assert not store.unplace(connection, instance_id)
    set_status(context, share, 'creating')
    with session.writer(context) as connection:
        assert store.unplace(connection, instance_id)
        assert store.host_of(connection, instance_id) is None
        assert store.place(connection, instance_id, 'other@b#c', None)
    assert store.get(user, share['id'])['host'] == 'other@b#c'


def test_extension_is_noted_once(user, context, share):
    with session.writer(context) as connection:
        assert not store.begin_extension(connection, share['id'], 2, 5)
        assert store.begin_extension(connection, share['id'], 1, 5)
        assert not store.begin_extension(connection, share['id'], 1, 7)
        assert not store.end_extension(connection, share['id'], 7)
        assert store.end_extension(connection, share['id'], 5, done=True)
        assert not store.end_extension(connection, share['id'], 5)
    row = store.get(user, share['id'])
    assert (row['size'], row['pending_size']) == (5, None)


def test_share_counts_with_the_size_that_it_is_to_get_and_once_for_all_instances(context, share):
    second(context, share, replica_state='in_sync')
    with session.writer(context) as connection:
        store.begin_extension(connection, share['id'], 1, 5)
        key = (share['project_id'], share['user_id'], share['share_type_id'])
        assert store.usage(connection, None, 'shares') == [(*key, 1)]
        assert store.usage(connection, None, 'gigabytes') == [(*key, 5)]
        assert store.usage(connection, [share['project_id']], 'share_replicas') == [(*key, 1)]
        assert store.usage(connection, None, 'replica_gigabytes') == [(*key, 5)]
        assert store.usage(connection, ['other'], 'shares') == []


def test_share_goes_with_its_last_instance(user, context, share):
    other = second(context, share)
    with session.writer(context) as connection:
        assert store.remove_instance(connection, other['id'])
        assert not store.remove_instance(connection, other['id'])
        assert not store.remove_share_without_instances(connection, share['id'])
        store.remove_instance(connection, share['instances'][0]['id'])
        assert store.remove_share_without_instances(connection, share['id'])
    with pytest.raises(exception.ShareNotFound):
        store.get(user, share['id'])


def test_metadata_of_a_share_that_is_gone_are_not_written(context, share):
    with session.writer(context) as connection, pytest.raises(exception.ShareNotFound):
        store.set_metadata(connection, base.new_id(), {'a': 'b'})


def test_instances_of_a_back_end_are_those_of_its_pools(context, share):
    second(context, share, host='node@alphabet#pool0')
    second(context, share, host='node@alpha', status='error')
    assert len(store.instances_on(context, 'node@alpha')) == 2
    available = store.instances_on(context, 'node@alpha', available=True)
    assert [row['id'] for row in available] == [share['instances'][0]['id']]


@pytest.mark.parametrize(('states', 'expected'), [
    ([('error', None), ('available', None)], 'available'), ([('creating', None), ('error', None)], 'error'),
    ([('available', 'in_sync'), ('error', 'active')], 'error'),
    ([('replication_change', 'in_sync'), ('available', 'active')], 'replication_change'),
    ([('migrating', None), ('available', None)], 'migrating'),
    ([('inactive', None), ('deleting', None)], 'inactive'), ([], None)])
def test_instance_that_speaks_for_its_share(states, expected):
    found = store.representative([{'status': status, 'replica_state': state} for status, state in states])
    assert (found and found['status']) == expected


def test_rules_status_is_the_worst_of_available_instances(user, context, share):
    assert store.get(user, share['id'])['access_rules_status'] == 'active'
    second(context, share, access_rules_status='error', status='creating')
    assert store.get(user, share['id'])['access_rules_status'] == 'active'
    second(context, share, access_rules_status='syncing')
    assert store.get(user, share['id'])['access_rules_status'] == 'syncing'
    second(context, share, access_rules_status='error')
    assert store.get(user, share['id'])['access_rules_status'] == 'error'
