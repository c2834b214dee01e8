import pytest


@pytest.fixture
def state_file(tmp_path):
    return str(tmp_path / 'state')


def moved(source, target, snapshots=(), mappings=None):
    """Arguments of the methods of a migration."""
    return None, source, target, list(snapshots), mappings or {}


def test_shares_move_only_between_dummy_back_ends(make_dummy, new_share):
    make_dummy('dummy_beta')
    alpha, share = make_dummy('dummy_alpha'), new_share()
    answer = alpha.migration_check_compatibility(None, share, new_share(host='node@dummy_beta#pool0'))
    assert set(answer.values()) == {True}
    answer = alpha.migration_check_compatibility(None, share, new_share(host='node@dummy_other_kind#pool0'))
    assert set(answer.values()) == {False}


def test_a_share_moves_with_its_snapshots(make_dummy, new_share, new_snapshot, state_file):
    alpha = make_dummy('dummy_alpha', dummy_driver_state_file=state_file)
    beta = make_dummy('dummy_beta', dummy_driver_state_file=state_file, dummy_driver_pools=['b'])
    source, target = new_share(3, host='node@dummy_alpha#pool0'), new_share(3, host='node@dummy_beta#b')
    alpha.create_share(None, source)
    old, new = new_snapshot(source), new_snapshot(target)
    alpha.create_snapshot(None, old)
    arguments = moved(source, target, [old], {old['id']: new})
    alpha.migration_start(*arguments)
    assert alpha.migration_get_progress(*arguments) == {'total_progress': 0}
    assert alpha.migration_continue(*arguments) is False
    assert alpha.migration_get_progress(*arguments) == {'total_progress': 50}
    assert alpha.migration_continue(*arguments) is True
    update = alpha.migration_complete(*arguments)
    assert update['export_locations'][0]['path'].endswith(target['name'])
    assert update['snapshot_updates'][new['id']]['provider_location'] == new['name']
    assert [alpha.array.all(kind) for kind in ('share', 'snapshot', 'migration')] == [{}, {}, {}]
    assert list(beta.array.all('snapshot')) == [new['id']]
    assert beta.array.get('share', target['id'])['pool'] == 'b'
    beta.extend_share(target, 5)


def test_a_share_in_memory_is_found_at_its_destination(make_dummy, new_share):
    alpha, beta = make_dummy(), make_dummy()
    source, target = new_share(), new_share(2)
    alpha.create_share(None, source)
    alpha.migration_complete(*moved(source, target))
    beta.extend_share(target, 5)
    assert beta.array.used('pool0') == 5
    assert alpha.array.used('pool0') == 0


def test_a_cancelled_migration_leaves_the_source(make_dummy, new_share):
    alpha, source = make_dummy(), new_share()
    alpha.create_share(None, source)
    arguments = moved(source, new_share())
    alpha.migration_start(*arguments)
    alpha.migration_continue(*arguments)
    alpha.migration_cancel(*arguments)
    assert alpha.migration_get_progress(*arguments) == {'total_progress': 0}
    assert list(alpha.array.all('share')) == [source['id']]
