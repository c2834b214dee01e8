"""What the stores of quotas keep."""
import pytest

from manila.resources.quotas import store


@pytest.mark.every_database
def test_limits_are_set_and_set_anew_and_removed_per_scope(context, database):
    store.set_limits(context, 'p', '', {'shares': 1, 'gigabytes': 2})
    store.set_limits(context, 'p', '', {'shares': 3, 'snapshots': 4})
    store.set_limits(context, 'p', 'user:u', {'shares': 5})
    store.set_class_limits(context, 'default', {'shares': 6})
    everything = ['shares', 'gigabytes', 'snapshots']
    assert store.find_limits(context, 'p', ['', 'user:u'], ['default'], everything) == {
        ('', 'shares'): 3, ('', 'gigabytes'): 2, ('', 'snapshots'): 4, ('user:u', 'shares'): 5,
        ('class', 'default', 'shares'): 6}
    store.remove_limits(context, 'p', 'user:u')
    assert store.find_limits(context, 'p', ['user:u'], [], everything) == {}
    store.remove_limits(context, 'p')
    assert store.find_limits(context, 'p', [''], [], everything) == {}


@pytest.mark.every_database
def test_limits_of_users_are_summed_up_without_the_unlimited(context, database):
    for user, limit in (('a', 2), ('b', 3), ('c', -1)):
        store.set_limits(context, 'p', f'user:{user}', {'shares': limit})
    store.set_limits(context, 'p', 'type:t', {'shares': 100})
    store.set_limits(context, 'q', 'user:a', {'shares': 100})
    assert store.user_limits(context, 'p', ['shares', 'gigabytes']) == {'shares': 5}


@pytest.mark.every_database
def test_locking_makes_missing_rows_once(context, database):
    wanted = [('', 'shares'), ('user:u', 'shares')]
    for _ in range(2):
        assert store.lock(context, 'p', ['', 'user:u'], ['shares'], wanted) == dict.fromkeys(wanted, 0)
    store.add(context, 'p', ['', 'user:u'], {'shares': 2 ** 40})
    assert store.find_usages(context, 'p', [''], ['shares']) == {('', 'shares'): 2 ** 40}
