import pytest

from manila import exception
from manila.tests.share.fakes import Driver, SnapshotDriver


def member(number):
    """A member of a group snapshot."""
    return {'id': f'm{number}', 'share_group_snapshot_id': 'gs',
            'share': {'id': f's{number}', 'name': f'share-s{number}', 'size': 1, 'share_proto': 'NFS'}}


def group_snapshot(count=2):
    """A group snapshot with so many members."""
    return {'id': 'gs', 'share_group_id': 'g',
            'share_group_snapshot_members': [member(number) for number in range(count)]}


def test_a_snapshot_of_a_group_is_one_of_each_share(make_driver):
    made = make_driver(SnapshotDriver)
    assert made.create_share_group_snapshot(None, group_snapshot()) == (
        None, [{'id': 'm0', 'provider_location': 'at-m0'}, {'id': 'm1', 'provider_location': 'at-m1'}])
    snapshot = made.snapshots['m1']
    assert (snapshot['share_id'], snapshot['share_proto'], snapshot['share_size']) == ('s1', 'NFS', 1)
    assert made.delete_share_group_snapshot(None, group_snapshot()) == (None, None)
    assert made.snapshots == {}


def test_nothing_is_left_when_one_of_the_snapshots_fails(make_driver):
    made = make_driver(SnapshotDriver)
    made.broken.add('s1')
    with pytest.raises(ValueError, match='s1'):
        made.create_share_group_snapshot(None, group_snapshot(3))
    assert made.snapshots == {}


def test_the_first_failure_is_told_although_cleaning_up_fails_too(make_driver):
    class Stuck(SnapshotDriver):
        def delete_snapshot(self, context, snapshot, share_server=None):
            raise KeyError('stuck')
    made = make_driver(Stuck)
    made.broken.add('s1')
    with pytest.raises(ValueError, match='s1'):
        made.create_share_group_snapshot(None, group_snapshot())


def test_a_driver_without_snapshots_makes_none_of_groups(make_driver):
    with pytest.raises(exception.ShareGroupSnapshotNotSupported):
        make_driver(Driver).create_share_group_snapshot(None, group_snapshot())


def test_an_empty_group_has_empty_snapshots(make_driver):
    made = make_driver(SnapshotDriver)
    assert made.create_share_group_snapshot(None, group_snapshot(0)) == (None, None)
    assert made.create_share_group_from_share_group_snapshot(None, {'shares': []}, group_snapshot(0)) == (
        None, None)


def shares(*members):
    """A group with a share for each member."""
    return {'id': 'g2', 'shares': [{'id': f'new-{each}', 'source_share_group_snapshot_member_id': each}
                                   for each in members]}


def test_a_group_is_made_from_a_snapshot_share_by_share(make_driver):
    group, updates = make_driver(SnapshotDriver).create_share_group_from_share_group_snapshot(
        None, shares('m1', 'm0'), group_snapshot())
    assert group is None
    assert updates == [{'id': 'new-m1', 'export_locations': ['clone-of-m1'], 'status': 'available'},
                       {'id': 'new-m0', 'export_locations': ['clone-of-m0'], 'status': 'available'}]


def test_a_share_must_come_from_a_member(make_driver):
    with pytest.raises(exception.InvalidShareGroup, match='new-m7'):
        make_driver(SnapshotDriver).create_share_group_from_share_group_snapshot(
            None, shares('m7'), group_snapshot())


@pytest.mark.parametrize('answer, expected', [
    ({'status': 'creating_from_snapshot'}, {'status': 'creating_from_snapshot', 'export_locations': []}),
    ({'status': 'available', 'export_locations': ['x']}, {'status': 'available', 'export_locations': ['x']})])
def test_shares_may_be_made_in_the_background(make_driver, answer, expected):
    class Slow(SnapshotDriver):
        def create_share_from_snapshot(self, *args, **kwargs):
            return answer
    _group, updates = make_driver(Slow).create_share_group_from_share_group_snapshot(
        None, shares('m0'), group_snapshot())
    assert updates == [{'id': 'new-m0', **expected}]


@pytest.mark.parametrize('answer', [{}, {'status': 'error'}])
def test_other_states_of_a_new_share_are_refused(make_driver, answer):
    class Wrong(SnapshotDriver):
        def create_share_from_snapshot(self, *args, **kwargs):
            return answer
    with pytest.raises(exception.InvalidShareInstance):
        make_driver(Wrong).create_share_group_from_share_group_snapshot(None, shares('m0'), group_snapshot())
