"""Taking and giving back, limits in force, and drift."""
import threading

import pytest
import sqlalchemy as sa

from manila import context as contexts, exception
from manila.db import base, session
from manila.resources.quotas import service, store
from manila.resources.shares import model

PROJECT = 'p'


@pytest.fixture
def admin(database):
    return contexts.get_admin_context()


def used(context, project_id=PROJECT):
    """{scope: {resource: amount}} of what is kept."""
    found = {}
    for (project, scope, resource), amount in store.recorded(context).items():
        if project == project_id:
            found.setdefault(scope, {})[resource] = amount
    return found


def take(context, deltas, user_id='u', share_type_id=None, **more):
    service.take(context, deltas, PROJECT, user_id, share_type_id, **more)


@pytest.mark.every_database
def test_usage_is_counted_for_project_user_and_type(admin, database):
    take(admin, {'shares': 1, 'gigabytes': 5}, share_type_id='t')
    take(admin, {'shares': 1, 'gigabytes': 2}, user_id='v')
    assert used(admin) == {'': {'shares': 2, 'gigabytes': 7}, 'user:u': {'shares': 1, 'gigabytes': 5},
                           'user:v': {'shares': 1, 'gigabytes': 2}, 'type:t': {'shares': 1, 'gigabytes': 5}}


@pytest.mark.every_database
def test_giving_back_restores_what_was_before(admin, database):
    take(admin, {'shares': 1, 'gigabytes': 5}, share_type_id='t')
    service.give_back(admin, {'shares': 1, 'gigabytes': 5}, PROJECT, 'u', 't')
    assert {amount for scope in used(admin).values() for amount in scope.values()} == {0}


def test_types_have_no_usage_of_networks_and_groups(admin):
    take(admin, {'share_networks': 1, 'share_groups': 1, 'shares': 1}, share_type_id='t')
    assert used(admin)['type:t'] == {'shares': 1}
    assert used(admin)['user:u'] == {'share_networks': 1, 'share_groups': 1, 'shares': 1}


def test_what_belongs_to_no_user_counts_for_the_project_only(admin):
    take(admin, {'shares': 1}, user_id=None)
    assert used(admin) == {'': {'shares': 1}}


def test_changes_of_zero_cost_nothing(admin, statements):
    with statements() as seen:
        take(admin, {'gigabytes': 0})
    assert seen == []
    assert used(admin) == {}


@pytest.mark.parametrize('resource', sorted(service.EXCEPTIONS))
def test_the_limit_of_each_resource_is_kept_with_its_own_exception(admin, resource):
    service.change(admin, PROJECT, {resource: 2})
    take(admin, {resource: 2})
    with pytest.raises(service.EXCEPTIONS[resource], match='exceed') as caught:
        take(admin, {resource: 1})
    assert caught.value.code == 413
    assert used(admin)[''] == {resource: 2}


def test_of_several_exceeded_limits_gigabytes_are_told(admin):
    service.change(admin, PROJECT, {'shares': 0, 'gigabytes': 0})
    with pytest.raises(exception.ShareSizeExceedsAvailableQuota):
        take(admin, {'shares': 1, 'gigabytes': 1})


def test_negative_changes_never_fail(admin):
    service.change(admin, PROJECT, {'shares': 0})
    take(admin, {'shares': -1, 'gigabytes': 1})
    assert used(admin)[''] == {'shares': -1, 'gigabytes': 1}


def test_unchecked_changes_may_exceed_limits(admin):
    service.change(admin, PROJECT, {'shares': 0})
    take(admin, {'shares': 1}, check=False)
    assert used(admin)[''] == {'shares': 1}


@pytest.mark.parametrize('whose', [{'user_id': 'u'}, {'share_type_id': 't'}])
def test_users_and_types_are_held_to_limits_of_their_own(admin, whose):
    service.change(admin, PROJECT, {'shares': 1}, **whose)
    take(admin, {'shares': 1}, share_type_id='t')
    with pytest.raises(exception.ShareLimitExceeded):
        take(admin, {'shares': 1}, share_type_id='t')
    take(admin, {'shares': 1}, user_id='v', share_type_id='x')


def test_a_user_without_a_limit_is_not_held_to_that_of_the_project(admin):
    service.change(admin, PROJECT, {'shares': 1})
    service.change(admin, PROJECT, {'shares': -1}, user_id='u', force=True)
    take(admin, {'shares': 3})
    with pytest.raises(exception.ShareLimitExceeded):
        take(admin, {'shares': 1}, user_id='v')


def test_limits_are_looked_up_from_project_to_class_to_configuration(admin, conf):
    own = contexts.RequestContext(project_id=PROJECT, user_id='u', is_admin=False, quota_class='gold',
                                  overwrite=False)
    conf.config(group='quota', shares=7)
    assert service.show(own, PROJECT)['shares'] == 7
    service.change_class(admin, 'default', {'shares': 8})
    assert service.show(own, PROJECT)['shares'] == 8
    service.change_class(admin, 'gold', {'shares': 9})
    assert service.show(own, PROJECT)['shares'] == 9
    assert service.show(own, 'another')['shares'] == 8
    service.change(admin, PROJECT, {'shares': 10})
    assert service.show(own, PROJECT)['shares'] == 10
    service.change(admin, PROJECT, {'shares': 3}, user_id='u')
    assert service.show(own, PROJECT, user_id='u')['shares'] == 3
    assert service.show(own, PROJECT, user_id='v')['shares'] == 10
    service.reset(admin, PROJECT)
    assert service.show(own, PROJECT, user_id='u')['shares'] == 9


def test_a_single_share_may_be_limited_in_size(admin):
    service.change(admin, PROJECT, {'per_share_gigabytes': 10})
    take(admin, {'gigabytes': 10}, size=10)
    with pytest.raises(exception.ShareSizeExceedsLimit, match='11'):
        take(admin, {'gigabytes': 11}, size=11)
    with pytest.raises(exception.ShareSizeExceedsLimit):
        service.check_size(admin, 11, PROJECT, 'u')
    service.check_size(admin, 10, PROJECT, 'u')
    service.change(admin, PROJECT, {'per_share_gigabytes': 4}, share_type_id='t')
    with pytest.raises(exception.ShareSizeExceedsLimit):
        service.check_size(admin, 5, PROJECT, 'u', 't')


def test_taking_costs_three_statements_and_giving_back_two(admin, statements):
    with statements() as seen:
        take(admin, {'shares': 1, 'gigabytes': 1}, share_type_id='t', size=1)
        del seen[:]
        take(admin, {'shares': 1, 'gigabytes': 1}, share_type_id='t', size=1)
        assert len(seen) == 3, seen
        service.give_back(admin, {'shares': 1, 'gigabytes': 1}, PROJECT, 'u', 't')
    assert len(seen) == 5, seen


@pytest.mark.every_database
def test_concurrent_takers_never_exceed_the_limit_together(admin, database):
    service.change(admin, PROJECT, {'shares': 10})
    refused = []

    def work():
        context = contexts.get_admin_context()
        for _ in range(5):
            try:
                take(context, {'shares': 1, 'gigabytes': 1}, share_type_id='t')
            except exception.ShareLimitExceeded:
                refused.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used(admin)[''] == {'shares': 10, 'gigabytes': 10}
    assert used(admin)['type:t'] == {'shares': 10, 'gigabytes': 10}
    assert len(refused) == 10


def test_a_transaction_that_is_undone_takes_nothing(admin):
    with pytest.raises(RuntimeError), session.writer(admin):
        take(admin, {'shares': 1})
        raise RuntimeError('undo')
    assert used(admin) == {}


def make_share(context, size, user_id='u', share_type_id=None, instances=1):
    """A share with its instances, and nothing of it in the quotas."""
    share_id = base.new_id()
    flags = dict.fromkeys(('snapshot_support', 'create_share_from_snapshot_support',
                           'revert_to_snapshot_support',
                           'mount_snapshot_support', 'snapshot_inherit_share_access_support', 'is_public',
                           'is_soft_deleted'), False)
    with session.writer(context) as connection:
        connection.execute(sa.insert(model.shares).values(
            id=share_id, user_id=user_id, project_id=PROJECT, size=size, share_proto='NFS',
            created_at=base.now(),
            **flags))
        for _ in range(instances):
            connection.execute(sa.insert(model.instances).values(
                id=base.new_id(), share_id=share_id, status='available', share_type_id=share_type_id,
                access_rules_status='active', cast_rules_to_readonly=False, created_at=base.now()))


@pytest.mark.every_database
def test_drift_is_found_and_repaired(admin, database, share_type):
    make_share(admin, 5, share_type_id=share_type['id'], instances=2)
    make_share(admin, 2, user_id='v')
    scope = service.type_scope(share_type['id'])
    rows = service.check(admin)
    assert {(row['scope'], row['resource']): row['actual'] for row in rows} == {
        ('', 'shares'): 2, ('', 'gigabytes'): 7, ('user:u', 'shares'): 1, ('user:u', 'gigabytes'): 5,
        ('user:v', 'shares'): 1, ('user:v', 'gigabytes'): 2, (scope, 'shares'): 1, (scope, 'gigabytes'): 5}
    assert service.check(admin, projects=['another']) == []
    assert service.repair(admin) == rows
    assert service.check(admin) == []
    assert used(admin)[''] == {'shares': 2, 'gigabytes': 7}


def test_usage_of_what_is_gone_is_drift(admin):
    take(admin, {'shares': 1}, user_id=None)
    assert service.check(admin) == [
        {'project_id': PROJECT, 'scope': '', 'resource': 'shares', 'in_use': 1, 'actual': 0}]


def test_no_limit_can_be_set_below_what_is_in_use_unless_forced(admin):
    take(admin, {'shares': 3})
    for whose in ({'user_id': 'u'}, {}):
        with pytest.raises(exception.InvalidInput, match='at least 3'):
            service.change(admin, PROJECT, {'shares': 2}, **whose)
        service.change(admin, PROJECT, {'shares': 3}, **whose)
        service.change(admin, PROJECT, {'shares': 2}, force=True, **whose)
    assert service.show(admin, PROJECT)['shares'] == 2


def test_the_limit_of_a_project_covers_what_its_users_were_given(admin):
    service.change(admin, PROJECT, {'shares': 20}, user_id='u')
    service.change(admin, PROJECT, {'shares': 20}, user_id='v')
    with pytest.raises(exception.InvalidInput, match='at least 40'):
        service.change(admin, PROJECT, {'shares': 39})
    service.change(admin, PROJECT, {'shares': 40})
    service.change(admin, PROJECT, {'shares': -1})


@pytest.mark.parametrize('whose', [{'user_id': 'u'}, {'share_type_id': 't'}])
def test_the_limit_of_a_part_stays_within_that_of_the_project(admin, whose):
    with pytest.raises(exception.InvalidInput, match='at most 50'):
        service.change(admin, PROJECT, {'shares': 51}, **whose)
    with pytest.raises(exception.InvalidInput):
        service.change(admin, PROJECT, {'shares': -1}, **whose)
    service.change(admin, PROJECT, {'shares': -1})
    service.change(admin, PROJECT, {'shares': 51}, **whose)
    service.change(admin, PROJECT, {'shares': -1}, **whose)


def test_types_have_no_limits_of_networks_and_groups(admin):
    with pytest.raises(exception.InvalidInput, match='share_networks'):
        service.change(admin, PROJECT, {'share_networks': 1, 'shares': 1}, share_type_id='t')
    assert 'share_groups' not in service.show(admin, PROJECT, share_type_id='t')


def test_a_removed_type_leaves_nothing_in_the_quotas(admin):
    take(admin, {'shares': 1}, share_type_id='t')
    service.change(admin, PROJECT, {'shares': 5}, share_type_id='t')
    service.forget_type(admin, 't')
    assert 'type:t' not in used(admin)
    assert store.find_limits(admin, PROJECT, ['type:t'], [], ['shares']) == {}
