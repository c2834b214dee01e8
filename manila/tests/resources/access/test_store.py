"""What is read and written about access rules."""
import pytest

from manila import exception
from manila.db import base, session
from manila.resources.access import store
from manila.resources.access.states import ORDER
from manila.resources.shares import store as shares
from manila.tests.fixtures.rows import make_rule, make_share

pytestmark = pytest.mark.every_database


@pytest.fixture
def share(user, share_type):
    """A share that is available."""
    return make_share(user)


def instance(share):
    return share['instances'][0]['id']


def rule_row(share, access_to):
    return {'id': base.new_id(), 'share_id': share['id'], 'access_type': 'ip', 'access_to': access_to,
            'access_level': 'rw', 'access_key': None, 'created_at': base.now(), 'updated_at': None}


def set_state(context, access_id, state):
    with session.writer(context) as connection:
        connection.execute(store.rule_states.update().where(store.rule_states.c.access_id == access_id)
                           .values(state=state))


def test_second_rule_for_a_client_is_refused_and_letters_count(context, share):
    for name in ('Alice', 'alice'):
        with session.writer(context) as connection:
            store.insert(connection, rule_row(share, name), [instance(share)], {})
    with pytest.raises(exception.InvalidShareAccess), session.writer(context) as connection:
        store.insert(connection, rule_row(share, 'Alice'), [instance(share)], {})


@pytest.mark.parametrize('gone', ['share', 'instance'])
def test_rule_of_what_is_gone_is_refused(context, share, gone):
    row, instance_id = rule_row(share, '192.0.2.1'), instance(share)
    if gone == 'share':
        row['share_id'] = base.new_id()
    else:
        instance_id = base.new_id()
    with pytest.raises(exception.ShareNotFound), session.writer(context) as connection:
        store.insert(connection, row, [instance_id], {})


def test_what_waits_is_begun_and_ended(user, context, share):
    rules = {state: make_rule(user, share, f'192.0.2.{number}')['id'] for number, state in enumerate(ORDER)}
    for state, access_id in rules.items():
        set_state(context, access_id, state)
    with session.writer(context) as connection:
        begun = {row['access_id']: row['state'] for row in store.begin(connection, instance(share))}
        assert begun == {rules['queued_to_apply']: 'applying', rules['queued_to_update']: 'updating',
                         rules['queued_to_deny']: 'denying', **{rules[state]: state for state in (
                             'error', 'denying', 'updating', 'applying', 'active')}}
        set_states = {rules['active']: 'queued_to_deny'}
        connection.execute(store.rule_states.update().where(store.rule_states.c.access_id == rules['active'])
                           .values(state='queued_to_deny'))
        store.end(connection, instance(share), failed=[rules['queued_to_apply']], keys={rules['applying']: 'key'})
    left = {rule['id']: rule for rule in store.find(context, share['id'], {})}
    assert {access_id: rule['state'] for access_id, rule in left.items()} == {
        rules['error']: 'error', rules['queued_to_apply']: 'error', rules['queued_to_update']: 'active',
        rules['updating']: 'active', rules['applying']: 'active', **set_states}
    assert left[rules['applying']]['access_key'] == 'key'
    assert shares.get(context, share['id'])['access_rules_status'] == 'error'


def test_failure_touches_only_what_was_begun(user, context, share):
    first, second = make_rule(user, share, '192.0.2.1'), make_rule(user, share, '192.0.2.2')
    set_state(context, first['id'], 'denying')
    set_state(context, second['id'], 'queued_to_deny')
    with session.writer(context) as connection:
        store.end(connection, instance(share), all_failed=True)
    assert {rule['access_to']: rule['state'] for rule in store.find(context, share['id'], {})} == {
        '192.0.2.1': 'error', '192.0.2.2': 'queued_to_deny'}


def test_status_is_behind_while_something_waits(user, context, share):
    rule = make_rule(user, share)
    set_state(context, rule['id'], 'queued_to_update')
    with session.writer(context) as connection:
        store.end(connection, instance(share))
    assert shares.get(context, share['id'])['access_rules_status'] == 'syncing'


def test_rule_on_several_instances_has_the_state_that_counts_and_goes_with_the_last(user, context, share):
    rule = make_rule(user, share)
    with session.writer(context) as connection:
        other = {**connection.execute(shares.instances.select()).mappings().one(), 'id': base.new_id()}
        connection.execute(shares.instances.insert(), other)
        connection.execute(store.rule_states.insert(), {
            'id': base.new_id(), 'access_id': rule['id'], 'created_at': base.now(), 'share_instance_id': other['id'],
            'state': 'denying'})
    assert store.get(context, rule['id'])['state'] == 'denying'
    with session.writer(context) as connection:
        store.end(connection, other['id'])
    assert store.get(context, rule['id'])['state'] == 'active'
    set_state(context, rule['id'], 'denying')
    with session.writer(context) as connection:
        store.end(connection, instance(share))
    with pytest.raises(exception.NotFound):
        store.get(context, rule['id'])


def test_metadata_of_a_rule_that_is_gone_are_not_written(context, share):
    with session.writer(context) as connection, pytest.raises(exception.NotFound):
        store.set_metadata(connection, base.new_id(), {'a': 'b'})


def test_many_rules_are_ended_with_few_statements(user, context, share, statements):
    for number in range(30):
        make_rule(user, share, f'192.0.2.{number}')
    found = [rule['id'] for rule in store.find(context, share['id'], {})]
    with statements() as seen, session.writer(context) as connection:
        store.end(connection, instance(share), failed=found[:10], keys=dict.fromkeys(found, 'key'))
    assert len(seen) <= 8
