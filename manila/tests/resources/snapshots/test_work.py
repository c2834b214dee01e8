"""What the jobs of snapshots do, with a driver that answers as the test says."""
import pytest

from manila import exception, resources
from manila.jobs import store as jobs, worker
from manila.resources.reverts import service as reverts
from manila.resources.shares import service as shares, store as share_store
from manila.resources.snapshot_access import service as access, store as access_store
from manila.resources.snapshot_exports import store as exports
from manila.resources.snapshots import service, store
from manila.resources.types import service as types
from manila.tests.fixtures.backends import make_backend
from manila.tests.fixtures.snapshot_rows import full_type, make_full_share, make_snapshot  # noqa: F401
from manila.tests.fixtures.snapshots import SPECS

pytestmark = pytest.mark.usefixtures('full_type')
QUEUE = 'share:node@alpha'
LOCATION = {'path': '192.0.2.10:/one', 'is_admin_only': False}
KEYS = {'id', 'snapshot_id', 'share_id', 'share_instance_id', 'name', 'share_name', 'share', 'size',
        'share_size',
        'share_proto', 'display_name', 'status', 'progress', 'provider_location', 'created_at', 'updated_at',
        'deleted',
        'deleted_at'}


@pytest.fixture
def share(user):
    """A share of 2 GiB that is available."""
    return make_full_share(user, size=2)


@pytest.fixture
def snapshot(user, share):
    """A snapshot of it that is available."""
    return make_snapshot(user, share)


@pytest.fixture
def run(context):
    """Claim the only job and carry it out as a worker does; returns the driver that was called."""
    resources.modules('work')

    def run(interrupted=False, idempotent=True, **answers):
        backend = make_backend(context, **answers)
        backend.driver.create_is_idempotent = idempotent
        if interrupted:
            jobs.claim(context, QUEUE, 'lost', 1, 0)
            jobs.lapse(context, owners=['lost'])
        (claim,), _more = jobs.claim(context, QUEUE, 'me', 1, 60)
        worker.Worker(QUEUE, backend)._carry_out(claim)
        return backend.driver
    return run


def status(user, snapshot):
    return store.get(user, snapshot['id'])['status']


def locations(context, snapshot):
    return [each['path'] for each in exports.of_instance(context, snapshot['instance']['id'])]


def test_driver_is_told_of_a_snapshot_what_drivers_know(user, share, run):
    row = service.create(user, {'share_id': share['id'], 'name': 'n'})
    (name, (_context, told), kwargs), = run(create_snapshot=None).calls
    instance_id = share['instances'][0]['id']
    assert (name, kwargs) == ('create_snapshot', {'share_server': None})
    assert set(told) >= KEYS
    assert told['id'] == row['instance']['id'] and told['snapshot_id'] == row['id']
    assert told['share_id'] == told['share_instance_id'] == told['share']['id'] == instance_id
    assert (told['name'], told['share_name']) == (f'share-snapshot-{told["id"]}', f'share-{instance_id}')
    assert (told['size'], told['share_size'], told['share_proto'], told['display_name']) == (2, 2, 'NFS', 'n')
    assert told['share']['share_id'] == share['id']


def test_driver_needs_to_say_nothing_of_a_snapshot_it_has_taken(user, context, share, run):
    row = service.create(user, {'share_id': share['id']})
    run(create_snapshot=None)
    found = store.get(user, row['id'])
    assert (found['status'], found['progress'], found['provider_location']) == ('available', '100%', None)
    assert locations(context, row) == []


@pytest.mark.parametrize(('mountable', 'expected'), [('True', ['192.0.2.10:/one']), ('False', [])])
def test_locations_are_kept_only_where_snapshots_can_be_mounted(user, context, run, mountable, expected):
    types.create(context, 'other', None, True, {**SPECS, 'mount_snapshot_support': mountable})
    row = service.create(user, {'share_id': make_full_share(user, share_type='other')['id']})
    run(create_snapshot={'provider_location': 'p', 'export_locations': [LOCATION]})
    assert locations(context, row) == expected
    assert store.get(user, row['id'])['provider_location'] == 'p'


@pytest.mark.parametrize(('idempotent', 'expected'), [
    (True, ['create_snapshot']), (False, ['delete_snapshot', 'create_snapshot'])])
def test_interrupted_snapshot_is_taken_on_clean_ground_where_need_be(user, share, run, idempotent, expected):
    row = service.create(user, {'share_id': share['id']})
    driver = run(interrupted=True, idempotent=idempotent,
                 delete_snapshot=exception.SnapshotResourceNotFound(name='x'))
    assert driver.called() == expected
    assert status(user, row) == 'available'


def test_snapshot_whose_status_was_reset_is_not_worked_on(user, share, run):
    row = service.create(user, {'share_id': share['id']})
    service.set_status(user, row['instance'], 'error')
    assert run().calls == []
    assert status(user, row) == 'error'


def test_snapshot_that_was_called_available_again_is_not_removed(user, snapshot, run):
    service.delete(user, snapshot['id'])
    service.set_status(user, snapshot['instance'], 'available')
    assert run().calls == []
    assert status(user, snapshot) == 'available'


def test_rules_go_before_the_snapshot_and_their_failure_does_not_matter(user, context, snapshot, run):
    access.allow(user, snapshot['id'], 'ip', '192.0.2.1')
    assert run().called() == ['snapshot_update_access']
    assert [each['state'] for each in access_store.find(user, snapshot['id'])] == ['active']
    service.delete(user, snapshot['id'])
    driver = run(snapshot_update_access=NotImplementedError)
    assert driver.called() == ['snapshot_update_access', 'delete_snapshot']
    (_context, _snapshot, wanted), changes = driver.calls[0][1:]
    assert wanted == [] and [rule['access_to'] for rule in changes['delete_rules']] == ['192.0.2.1']
    with pytest.raises(exception.ShareSnapshotNotFound):
        store.get(context, snapshot['id'])


def test_interrupted_sync_tells_the_whole_list(user, snapshot, run):
    access.allow(user, snapshot['id'], 'ip', '192.0.2.1')
    (_name, (_context, _snapshot, wanted), changes), = run(interrupted=True).calls
    assert [rule['access_to'] for rule in wanted] == ['192.0.2.1']
    assert changes == {'add_rules': [], 'delete_rules': [], 'share_server': None}


def test_driver_that_cannot_revert_leaves_an_error(user, share, snapshot, run):
    reverts.revert(user, share['id'], snapshot['id'])
    assert run(revert_to_snapshot=NotImplementedError).called() == ['revert_to_snapshot']
    assert share_store.get(user, share['id'])['status'] == 'reverting_error'
    assert status(user, snapshot) == 'available'


@pytest.mark.parametrize(('answer', 'expected', 'progress'), [
    (['192.0.2.10:/one'], 'available', '100%'),
    ({'status': 'available', 'export_locations': [LOCATION]}, 'available', '100%'),
    ({'status': 'creating_from_snapshot'}, 'creating_from_snapshot', '0%'),
    ({'status': 'extending'}, 'error', None),
    ({'export_locations': [LOCATION]}, 'error', None)])
def test_driver_says_how_far_a_share_from_a_snapshot_is(user, snapshot, run, answer, expected, progress):
    row = shares.create(user, {'share_proto': 'NFS', 'snapshot_id': snapshot['id']})
    driver = run(create_share_from_snapshot=answer)
    _name, (_context, made, source), kwargs = driver.calls[0]
    assert (made['id'], source['id']) == (row['instance']['id'], snapshot['instance']['id'])
    assert kwargs == {'share_server': None, 'parent_share': source['share']}
    found = share_store.get(user, row['id'], paths=True)
    assert (found['status'], found['progress']) == (expected, progress)
    assert found['export_paths'] == (['192.0.2.10:/one'] if expected == 'available' else [])
