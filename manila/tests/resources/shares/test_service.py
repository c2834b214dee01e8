"""The rules of shares."""
import pytest

from manila import exception
from manila.db import query, session
from manila.jobs import store as jobs, sweep
from manila.resources.messages import store as messages
from manila.resources.quotas import service as quotas
from manila.resources.shares import service, store
from manila.resources.types import service as types
from manila.tests.fixtures.rows import HOST, make_share, orders, set_status, without_jobs

WANTED = {'share_proto': 'nfs', 'size': 2, 'share_type': 'plain'}


@pytest.fixture(autouse=True)
def plain(share_type):
    """The share type that all shares here have."""
    return share_type


def create(user, **more):
    return service.create(user, {**WANTED, **more})


def test_creation_writes_share_order_and_usage_together(user, context):
    near = make_share(user)['id']
    row = create(user, name='mine', metadata={'a': 'b'}, scheduler_hints={'same_host': near, 'different_host': None})
    assert orders(context) == [('share.schedule', 'scheduler', row['instances'][0]['id'])]
    job, = jobs.find(context)
    assert job['project_id'] == user.project_id and f'"hints": {{"same_host": "{near}"}}' in job['args']
    assert row['share_proto'] == 'NFS' and row['status'] == 'creating' and row['host'] is None
    found = store.get(user, row['id'])
    assert {key: found[key] for key in row if key not in ('instances', 'instance', 'export_paths')} == {
        key: row[key] for key in row if key not in ('instances', 'instance', 'export_paths')}
    assert quotas.check(context) == []


@pytest.mark.parametrize(('wanted', 'error'), [
    ({'size': None}, exception.InvalidInput), ({'share_proto': 'FTP'}, exception.InvalidInput),
    ({'share_type': 'nothing'}, exception.ShareTypeNotFoundByName),
    ({'availability_zone': 'x'}, exception.AvailabilityZoneNotFound),
    ({'snapshot_id': 'x'}, exception.ShareSnapshotNotFound),
    ({'share_network_id': 'x'}, exception.ShareNetworkNotFound),
    ({'share_group_id': 'x'}, exception.ShareGroupNotFound), ({'mount_point_name': 'x'}, exception.InvalidInput),
    ({'encryption_key_ref': 'x'}, exception.InvalidInput), ({'share_type': 'served'}, exception.InvalidInput),
    ({'share_type': 'small'}, exception.InvalidInput)])
def test_creation_that_cannot_be_done_leaves_nothing(user, context, wanted, error):
    types.create(context, 'served', None, True, {'driver_handles_share_servers': 'True'})
    types.create(context, 'small', None, True, {'driver_handles_share_servers': 'False',
                                                'provisioning:max_share_size': '1'})
    with pytest.raises(error):
        create(user, **wanted)
    assert orders(context) == []
    assert service.find(user, {}, query.Page())[0] == []
    assert quotas.show_usage(context, user.project_id)['shares']['in_use'] == 0


def test_metadata_that_drivers_want_come_from_the_type(user, context, conf):
    conf.config(driver_updatable_metadata=['dedupe'])
    types.create(context, 'driven', None, True, {'driver_handles_share_servers': 'False', 'vendor:dedupe': 'yes',
                                                 'provisioning:dedupe': 'no', 'vendor:other': 'x'})
    assert create(user, share_type='driven', metadata={'a': 'b'})['metadata'] == {'a': 'b', 'dedupe': 'yes'}
    assert create(user, share_type='driven', metadata={'dedupe': 'own'})['metadata'] == {'dedupe': 'own'}


def test_mount_point_names_have_a_prefix(user, context):
    types.create(context, 'named', None, True, {
        'driver_handles_share_servers': 'False', 'mount_point_name_support': '<is> True',
        'provisioning:mount_point_prefix': 'to_'})
    assert create(user, share_type='named', mount_point_name='home')['mount_point_name'] == 'to_home'
    for name in ('a b', 'a/b', 'x' * 255):
        with pytest.raises(exception.InvalidInput):
            create(user, share_type='named', mount_point_name=name)


def test_share_without_a_place_goes_at_once(user, context):
    row = create(user)
    set_status(context, row, 'error')
    service.delete(user, row['id'])
    with pytest.raises(exception.ShareNotFound):
        store.get(user, row['id'])
    assert quotas.check(context) == []


def test_deletion_is_ordered_where_the_share_is_now(user, context, monkeypatch):
    row = create(user)
    stale = store.get(context, row['id'])
    with session.writer(context) as connection:
        store.place(connection, row['instances'][0]['id'], HOST, None)
    monkeypatch.setattr(store, 'get', lambda *args, **kwargs: stale)
    service.delete(context, row['id'], force=True)
    assert orders(context)[-1] == ('share.delete', 'share:node@alpha', row['instances'][0]['id'])


def test_share_whose_pool_refused_it_meanwhile_goes_at_once(user, context, monkeypatch):
    row = create(user)
    instance_id = row['instances'][0]['id']
    with session.writer(context) as connection:
        store.place(connection, instance_id, HOST, None)
    stale = store.get(context, row['id'])
    with session.writer(context) as connection:
        assert store.unplace(connection, instance_id)
    monkeypatch.setattr(store, 'get', lambda *args, **kwargs: stale)
    service.delete(context, row['id'], force=True)
    monkeypatch.undo()
    with pytest.raises(exception.ShareNotFound):
        store.get(context, row['id'])
    assert quotas.check(context) == []


@pytest.mark.parametrize('status', ['creating', 'deleting', 'extending', 'error_deleting', 'migrating'])
def test_share_in_another_status_is_deleted_by_force_only(user, context, status):
    row = make_share(user)
    set_status(context, row, status)
    with pytest.raises(exception.NotAuthorized):
        service.delete(user, row['id'])
    service.delete(context, row['id'], force=True)
    assert store.get(user, row['id'])['status'] == 'deleting'


def test_share_that_is_busy_is_neither_deleted_nor_resized(user, context):
    row = make_share(user)
    with session.writer(context) as connection:
        store.change(connection, row['id'], task_state='migration_in_progress')
    for refused in (lambda: service.delete(user, row['id']), lambda: service.extend(user, row['id'], 5)):
        with pytest.raises(exception.ShareBusyException):
            refused()


def test_extension_counts_at_once_and_is_asked_of_the_scheduler(user, context):
    row = make_share(user)
    service.extend(user, row['id'], 5)
    assert orders(context) == [('share.schedule_extend', 'scheduler', row['instances'][0]['id'])]
    assert quotas.show_usage(context, user.project_id)['gigabytes']['in_use'] == 5
    assert quotas.check(context) == []
    with pytest.raises(exception.InvalidShare):
        service.extend(user, row['id'], 7)


def test_extension_of_a_share_that_was_just_resized_is_refused(user, context, monkeypatch):
    row = make_share(user)
    stale = store.get(user, row['id'])
    with session.writer(context) as connection:
        store.change(connection, row['id'], size=8)
        quotas.take(context, {'gigabytes': 7}, row['project_id'], row['user_id'], row['share_type_id'])
    monkeypatch.setattr(store, 'get', lambda *args, **kwargs: stale)
    with pytest.raises(exception.InvalidState):
        service.extend(user, row['id'], 5)
    monkeypatch.undo()
    assert store.get(user, row['id'])['status'] == 'available'
    assert quotas.check(context) == []


@pytest.mark.parametrize(('size', 'new_size'), [(2, 2), (2, 1)])
def test_extension_must_be_larger(user, size, new_size):
    row = make_share(user, size=size)
    with pytest.raises(exception.InvalidInput):
        service.extend(user, row['id'], new_size)


def test_status_reset_while_extending_gives_the_quota_back(user, context):
    row = make_share(user)
    service.extend(user, row['id'], 5)
    service.reset_status(context, row['id'], 'available')
    assert store.get(user, row['id'])['pending_size'] is None
    assert quotas.show_usage(context, user.project_id)['gigabytes']['in_use'] == 1
    assert quotas.check(context) == []


@pytest.mark.parametrize(('status', 'after', 'action'), [
    ('creating', 'error', '002'), ('creating_from_snapshot', 'error', '002'), ('deleting', 'error_deleting', '007'),
    ('extending', 'extending_error', '008'), ('shrinking', 'shrinking_error', '009')])
def test_sweep_ends_every_transitional_status_without_a_job(user, context, conf, status, after, action):
    conf.config(group='jobs', sweep_grace=0)
    row = make_share(user)
    if status == 'extending':
        service.extend(user, row['id'], 5)
        without_jobs(context)
    else:
        set_status(context, row, status)
    assert sweep.run(context) == 1
    assert store.get(user, row['id'])['status'] == after
    assert [each['action_id'] for each in messages.list_page(user, query.Page(), {})[0]] == [action]
    assert sweep.run(context) == 0
    assert quotas.check(context) == []


def test_sweep_leaves_alone_what_has_a_job(user, context, conf):
    conf.config(group='jobs', sweep_grace=0)
    create(user)
    assert sweep.run(context) == 0


def test_metadata_of_administrators_stay_when_users_replace_theirs(user, context):
    row = make_share(user, metadata={'a': 'b'})
    service.set_metadata(context, row['id'], {'__affinity_same_host': 'x'}, may_all=True)
    assert service.set_metadata(user, row['id'], {'c': 'd'}, may_all=False, replace=True) == {
        '__affinity_same_host': 'x', 'c': 'd'}
    assert store.get(user, row['id'])['metadata'] == {'__affinity_same_host': 'x', 'c': 'd'}


def test_what_drivers_get_of_an_instance(user, context):
    row = make_share(user, name='mine')
    instance = store.instance(context, row['instances'][0]['id'])
    view = service.for_driver(instance, context)
    assert view['id'] == row['instances'][0]['id'] and view['share_id'] == row['id']
    assert view['name'] == f'share-{view["id"]}' and view['display_name'] == 'mine'
    assert [each['path'] for each in view['export_locations']][2] == '198.51.100.1:/shares/one'
    assert {'host', 'status', 'size', 'share_proto', 'project_id', 'user_id', 'share_type_id', 'share_type_name',
            'share_network_id', 'share_server', 'availability_zone', 'replica_state', 'mount_point_name', 'created_at',
            'scheduled_at', 'launched_at', 'terminated_at', 'deleted', 'snapshot_id', 'is_public'} <= set(view)
