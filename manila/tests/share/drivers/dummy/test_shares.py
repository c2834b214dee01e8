import threading
import uuid

import pytest

from manila import exception
from manila.share import drivers_private_data


def rule(to='10.0.0.1', kind='ip', level='rw'):
    """An access rule."""
    return {'access_id': str(uuid.uuid4()), 'access_type': kind, 'access_to': to, 'access_level': level}


def used(dummy, pool='pool0'):
    """GiB used of a pool, as reported."""
    stats = dummy.get_share_stats(refresh=True)
    return next(each['allocated_capacity_gb'] for each in stats['pools'] if each['pool_name'] == pool)


def in_force(dummy, share):
    """Rules in force: set of (type, to, level)."""
    return {tuple(each) for each in dummy.array.get('share', share['id'])['rules'].values()}


def test_export_locations_look_real(make_dummy, new_share):
    share = new_share()
    locations = make_dummy().create_share(None, share)
    name = share['name']
    assert locations == [
        {'path': f'192.0.2.10:/shares/{name}', 'is_admin_only': False, 'metadata': {'preferred': True}},
        {'path': f'[2001:db8::10]:/shares/{name}', 'is_admin_only': False, 'metadata': {'preferred': False}},
        {'path': f'198.51.100.10:/shares/{name}', 'is_admin_only': True, 'metadata': {'preferred': False}}]


def test_export_locations_of_cifs_are_unc_paths(make_dummy, new_share):
    share = new_share(share_proto='CIFS')
    paths = [each['path'] for each in make_dummy().create_share(None, share)]
    assert paths[:2] == [f'\\\\192.0.2.10\\{share["name"]}',
                         f'\\\\2001-db8--10.ipv6-literal.net\\{share["name"]}']


def test_capacity_follows_the_life_of_a_share(make_dummy, new_share):
    dummy, share = make_dummy(), new_share(2)
    dummy.create_share(None, share)
    assert used(dummy) == 2
    dummy.extend_share(share, 10)
    assert used(dummy) == 10
    dummy.shrink_share(share, 4)
    assert used(dummy) == 4
    dummy.delete_share(None, share)
    assert used(dummy) == 0


def test_creation_and_deletion_may_be_repeated(make_dummy, new_share):
    dummy, share = make_dummy(), new_share(3)
    assert dummy.create_share(None, share) == dummy.create_share(None, share)
    assert used(dummy) == 3
    dummy.delete_share(None, share)
    dummy.delete_share(None, share)
    assert used(dummy) == 0


def test_a_full_pool_refuses_shares_and_extensions(make_dummy, new_share):
    dummy = make_dummy(dummy_driver_total_capacity_gb=10)
    share = new_share(8)
    dummy.create_share(None, share)
    with pytest.raises(exception.ShareBackendException, match='full'):
        dummy.create_share(None, new_share(3))
    with pytest.raises(exception.ShareBackendException, match='full'):
        dummy.extend_share(share, 11)
    dummy.extend_share(share, 10)
    assert used(dummy) == 10


def test_an_unknown_pool_is_refused(make_dummy, new_share):
    with pytest.raises(exception.ShareBackendException, match='nowhere'):
        make_dummy().create_share(None, new_share(host='node@dummy#nowhere'))


def test_a_share_is_not_shrunk_below_what_it_holds(make_dummy, new_share):
    dummy, share = make_dummy(dummy_driver_used_percentage=50), new_share(10)
    dummy.create_share(None, share)
    with pytest.raises(exception.ShareShrinkingPossibleDataLoss):
        dummy.shrink_share(share, 4)
    dummy.shrink_share(share, 5)
    usage, = dummy.update_share_usage_size(None, [share])
    assert (usage['id'], usage['used_size']) == (share['id'], 5)


@pytest.mark.parametrize('kind, to', [('ip', '10.0.0.0/8'), ('ip', '2001:db8::/64'), ('user', 'alice'),
                                      ('cert', 'example.org')])
@pytest.mark.parametrize('level', ['rw', 'ro'])
def test_rules_of_all_types_and_levels_are_applied(make_dummy, new_share, kind, to, level):
    dummy, share, added = make_dummy(), new_share(), rule(to, kind, level)
    dummy.create_share(None, share)
    assert dummy.update_access(None, share, [added], [added], [], []) is None
    assert in_force(dummy, share) == {(kind, to, level)}


def test_cephx_users_get_a_key(make_dummy, new_share):
    dummy, share, added = make_dummy(), new_share(), rule('alice', 'cephx')
    dummy.create_share(None, share)
    keys = dummy.update_access(None, share, [added], [added], [], [])
    assert keys[added['access_id']]['access_key']


def test_rules_are_added_changed_and_removed(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    dummy.create_share(None, share)
    one, two, three = rule('10.0.0.1'), rule('10.0.0.2'), rule('10.0.0.3')
    dummy.update_access(None, share, [one, two], [one, two], [], [])
    changed = {**two, 'access_level': 'ro'}
    dummy.update_access(None, share, [changed, three], [three], [one], [changed])
    assert in_force(dummy, share) == {('ip', '10.0.0.2', 'ro'), ('ip', '10.0.0.3', 'rw')}


def test_recovery_makes_the_rules_what_they_should_be(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    dummy.create_share(None, share)
    stray, wanted = rule('10.0.0.9'), rule('10.0.0.1')
    dummy.update_access(None, share, [stray], [stray], [], [])
    dummy.update_access(None, share, [wanted], [], [], [])
    assert in_force(dummy, share) == {('ip', '10.0.0.1', 'rw')}


def test_unknown_types_and_levels_are_refused_but_can_be_removed(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    dummy.create_share(None, share)
    with pytest.raises(exception.InvalidShareAccess):
        dummy.update_access(None, share, [], [rule(kind='smoke')], [], [])
    with pytest.raises(exception.InvalidShareAccessLevel):
        dummy.update_access(None, share, [], [rule(level='rwx')], [], [])
    dummy.update_access(None, share, [], [], [rule(kind='smoke')], [])
    assert in_force(dummy, share) == set()


def test_what_the_service_knows_exists_after_a_restart(make_dummy, new_share):
    share = new_share(5)
    make_dummy('dummy_restart').create_share(None, share)
    again = make_dummy('dummy_restart')
    updates = again.ensure_shares(None, [share])
    assert updates[share['id']]['reapply_access_rules'] is True
    assert len(updates[share['id']]['export_locations']) == 3
    assert used(again) == 5
    assert again.ensure_shares(None, [share])[share['id']]['reapply_access_rules'] is False


def test_with_notes_only_what_was_noted_exists_after_a_restart(make_dummy, new_share, database):
    def restart():
        notes = drivers_private_data.DriverPrivateData(backend_host='node@dummy_notes')
        return make_dummy('dummy_notes', private_storage=notes, dummy_driver_use_private_storage=True)
    kept, deleted, never = new_share(), new_share(), new_share()
    for share in (kept, deleted):
        restart().create_share(None, share)
    restart().delete_share(None, deleted)
    updates = restart().ensure_shares(None, [kept, deleted, never])
    assert 'status' not in updates[kept['id']]
    assert updates[deleted['id']] == updates[never['id']] == {'status': 'error'}


def test_metadata_of_a_share_are_noted(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    dummy.create_share(None, share)
    dummy.update_share_from_metadata(None, share, {'a': '1'})
    dummy.update_share_from_metadata(None, share, {'b': '2'})
    assert dummy.array.get('share', share['id'])['metadata'] == {'a': '1', 'b': '2'}


def test_the_pool_of_a_share_is_known(make_dummy, new_share):
    dummy, share = make_dummy(dummy_driver_pools=['a', 'b']), new_share(host='node@dummy#b')
    dummy.create_share(None, share)
    assert dummy.get_pool({**share, 'host': 'node@dummy'}) == 'b'


def test_many_threads_leave_the_books_right(make_dummy, new_share):
    dummy = make_dummy()
    shares = [new_share(2) for _number in range(40)]

    def live(mine):
        for share in mine:
            dummy.create_share(None, share)
            dummy.extend_share(share, 3)
            added = rule()
            dummy.update_access(None, share, [added], [added], [], [])
        for share in mine[::2]:
            dummy.delete_share(None, share)
    threads = [threading.Thread(target=live, args=(shares[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used(dummy) == 60
    assert len(dummy.array.all('share')) == 20
