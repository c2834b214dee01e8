import pytest

from manila import exception

RULE = {'access_id': 'a', 'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'rw'}


@pytest.fixture
def backends(make_dummy, tmp_path):
    """Two back ends on one file."""
    return [make_dummy(name, dummy_driver_state_file=str(tmp_path / 'state'), replication_domain='one')
            for name in ('dummy_first', 'dummy_second')]


@pytest.fixture
def replicas(new_share):
    """A share with an active replica on the first and another one on the second back end."""
    return [new_share(host='node@dummy_first#pool0', replica_state='active'),
            new_share(host='node@dummy_second#pool0', replica_state='in_sync')]


@pytest.fixture
def replicated(backends, replicas):
    """The same replicas, existing."""
    backends[0].create_share(None, replicas[0])
    backends[1].create_replica(None, replicas, replicas[1], [RULE], [])
    return replicas


def test_a_replica_has_exports_rules_and_snapshots(backends, replicas, new_snapshot):
    backends[0].create_share(None, replicas[0])
    theirs, ours = new_snapshot(replicas[0]), new_snapshot(replicas[1])
    update = backends[1].create_replica(None, replicas, replicas[1], [RULE], [
        {'active_replica_snapshot': theirs, 'share_replica_snapshot': ours}])
    assert (update['replica_state'], update['access_rules_status']) == ('in_sync', 'active')
    assert len(update['export_locations']) == 3
    assert list(backends[1].array.get('share', replicas[1]['id'])['rules']) == ['a']
    assert list(backends[1].array.all('snapshot')) == [ours['id']]


def test_writable_replicas_are_all_active(make_dummy, new_share):
    dummy = make_dummy(dummy_driver_replication_type='writable')
    assert dummy.create_replica(None, [], new_share(), [], [])['replica_state'] == 'active'


def test_promotion_makes_one_replica_active(backends, replicated):
    update = backends[1].promote_replica(None, replicated, replicated[1], [])
    assert {each['id']: each['replica_state'] for each in update} == {
        replicated[0]['id']: 'in_sync', replicated[1]['id']: 'active'}


def test_a_replica_that_exists_is_in_sync(backends, replicated, new_share):
    assert backends[1].update_replica_state(None, replicated, replicated[1], [], []) == 'in_sync'
    with pytest.raises(exception.ShareResourceNotFound):
        backends[1].update_replica_state(None, replicated, new_share(), [], [])


def test_snapshots_are_made_and_removed_on_all_replicas(backends, replicated, new_snapshot):
    pair = [new_snapshot(each) for each in replicated]
    update = backends[0].create_replicated_snapshot(None, replicated, pair)
    assert [(each['id'], each['status']) for each in update] == [(each['id'], 'available') for each in pair]
    assert [list(each.array.all('snapshot')) for each in backends] == [[pair[0]['id']], [pair[1]['id']]]
    seen = backends[1].update_replicated_snapshot(None, replicated, replicated[1], pair, pair[1])
    assert seen == {'status': 'available', 'provider_location': pair[1]['name']}
    backends[0].revert_to_replicated_snapshot(None, replicated[0], replicated, pair[0], pair, [], [])
    update = backends[0].delete_replicated_snapshot(None, replicated, pair)
    assert {each['status'] for each in update} == {'deleted'}
    assert [each.array.all('snapshot') for each in backends] == [{}, {}]
    with pytest.raises(exception.SnapshotResourceNotFound):
        backends[1].update_replicated_snapshot(None, replicated, replicated[1], pair, pair[1])


def test_a_replica_goes_with_its_snapshots(backends, replicated, new_snapshot):
    pair = [new_snapshot(each) for each in replicated]
    backends[0].create_replicated_snapshot(None, replicated, pair)
    backends[1].delete_replica(None, replicated, pair[1:], replicated[1])
    assert (backends[1].array.all('share'), backends[1].array.all('snapshot')) == ({}, {})
    assert list(backends[0].array.all('snapshot')) == [pair[0]['id']]
