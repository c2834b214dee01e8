import pytest

from manila import exception


@pytest.fixture
def dummy(make_dummy):
    return make_dummy()


@pytest.fixture
def share(dummy, new_share):
    """A share that exists."""
    made = new_share(2)
    dummy.create_share(None, made)
    return made


def test_snapshots_are_made_and_removed_and_that_may_be_repeated(dummy, share, new_snapshot):
    snapshot = new_snapshot(share)
    update = dummy.create_snapshot(None, snapshot)
    assert update == dummy.create_snapshot(None, snapshot)
    assert update['provider_location'] == snapshot['name']
    assert update['export_locations'][0] == {
        'path': f'192.0.2.10:/shares/{snapshot["name"]}', 'is_admin_only': False}
    assert list(dummy.array.all('snapshot')) == [snapshot['id']]
    dummy.delete_snapshot(None, snapshot)
    dummy.delete_snapshot(None, snapshot)
    assert dummy.array.all('snapshot') == {}


def test_a_share_is_made_from_a_snapshot(dummy, share, new_share, new_snapshot):
    snapshot, copy = new_snapshot(share), new_share(3)
    dummy.create_snapshot(None, snapshot)
    assert len(dummy.create_share_from_snapshot(None, copy, snapshot)) == 3
    assert dummy.array.get('share', copy['id'])['size'] == 3


def test_a_share_can_be_made_from_a_snapshot_in_the_background(make_dummy, new_share, new_snapshot):
    dummy, share, copy = make_dummy(dummy_driver_async_clone=True), new_share(), new_share()
    dummy.create_share(None, share)
    snapshot = new_snapshot(share)
    dummy.create_snapshot(None, snapshot)
    assert dummy.create_share_from_snapshot(None, copy, snapshot)['status'] == 'creating_from_snapshot'
    assert dummy.get_share_status(copy) == {'status': 'creating_from_snapshot', 'progress': '50%'}
    done = dummy.get_share_status(copy)
    assert (done['status'], done['progress'], len(done['export_locations'])) == ('available', '100%', 3)
    assert dummy.get_share_status(copy)['status'] == 'available'


def test_going_back_needs_the_snapshot(make_dummy, new_share, new_snapshot, tmp_path):
    dummy, share = make_dummy(dummy_driver_state_file=str(tmp_path / 'state')), new_share()
    snapshot = new_snapshot(share)
    dummy.create_share(None, share)
    with pytest.raises(exception.SnapshotResourceNotFound):
        dummy.revert_to_snapshot(None, snapshot, [], [])
    dummy.create_snapshot(None, snapshot)
    assert dummy.revert_to_snapshot(None, snapshot, [], []) is None


def test_mountable_snapshots_have_rules(dummy, share, new_snapshot):
    snapshot = new_snapshot(share)
    dummy.create_snapshot(None, snapshot)
    one = {'access_id': 'a', 'access_type': 'ip', 'access_to': '10.0.0.1'}
    two = {'access_id': 'b', 'access_type': 'user', 'access_to': 'alice'}

    def in_force():
        return sorted(dummy.array.get('snapshot', snapshot['id'])['rules'])
    dummy.snapshot_update_access(None, snapshot, [one, two], [one, two], [])
    assert in_force() == ['a', 'b']
    dummy.snapshot_update_access(None, snapshot, [two], [], [one])
    assert in_force() == ['b']
    dummy.snapshot_update_access(None, snapshot, [one], [], [])
    assert in_force() == ['a']
    with pytest.raises(exception.InvalidShareAccess):
        dummy.snapshot_update_access(None, snapshot, [], [{**one, 'access_type': 'smoke'}], [])
