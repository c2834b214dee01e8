"""When access rules may change, and what that orders."""
import pytest

from manila import exception
from manila.db import session
from manila.jobs import sweep
from manila.resources.access import service, store
from manila.resources.shares import store as shares
from manila.tests.fixtures.rows import make_rule, make_share, orders, without_jobs

CLIENT = {'access_type': 'ip', 'access_to': '192.0.2.1'}


@pytest.fixture
def share(user, share_type):
    """A share that is available."""
    return make_share(user)


def states(user, share):
    return {rule['access_to']: rule['state'] for rule in service.find(user, share['id'], {})}


def begin(context, share):
    with session.writer(context) as connection:
        store.begin(connection, share['instances'][0]['id'])


def test_rule_waits_for_its_job_and_the_share_is_behind(user, context, share):
    rule = service.allow(user, share['id'], {**CLIENT, 'metadata': {'a': 'b'}})
    assert (rule['state'], rule['access_level'], rule['metadata']) == ('queued_to_apply', 'rw', {'a': 'b'})
    shown = service.get(user, rule['id'])
    assert {key: shown[key] for key in rule if key != 'access_rules_status'} == {
        key: rule[key] for key in rule if key != 'access_rules_status'}
    assert shares.get(user, share['id'])['access_rules_status'] == 'syncing'
    assert orders(context) == [('access.sync', 'share:node@alpha', share['instances'][0]['id'])]


def test_share_in_the_recycle_bin_has_no_rules_changed(user, context, share):
    rule = make_rule(user, share)
    with session.writer(context) as connection:
        shares.change(connection, share['id'], is_soft_deleted=True)
    for change in (lambda: service.allow(user, share['id'], {**CLIENT, 'access_to': '192.0.2.2'}),
                   lambda: service.deny(user, share['id'], rule['id'])):
        with pytest.raises(exception.NotAuthorized):
            change()


def test_rule_without_any_instance_goes_at_once(user, context, share):
    rule = make_rule(user, share)
    with session.writer(context) as connection:
        connection.execute(store.rule_states.delete())
    service.deny(user, share['id'], rule['id'])
    assert states(user, share) == {} and orders(context) == []


def test_denying_again_orders_nothing(user, context, share):
    rule = make_rule(user, share)
    service.deny(user, share['id'], rule['id'])
    without_jobs(context)
    service.deny(user, share['id'], rule['id'])
    begin(context, share)
    service.deny(user, share['id'], rule['id'])
    assert states(user, share) == {'192.0.2.1': 'denying'} and orders(context) == []


@pytest.mark.parametrize('started', [False, True])
def test_rule_that_is_going_gets_no_other_level(user, context, share, started):
    rule = make_rule(user, share)
    service.deny(user, share['id'], rule['id'])
    if started:
        begin(context, share)
    with pytest.raises(exception.InvalidShareAccess):
        service.update(user, rule['id'], 'ro')
    assert service.get(user, rule['id'])['access_level'] == 'rw'


def test_rule_that_waits_gets_another_level_and_waits_on_as_a_new_one(user, share):
    rule = service.allow(user, share['id'], CLIENT)
    service.update(user, rule['id'], 'ro')
    assert service.get(user, rule['id'])['state'] == 'queued_to_apply'


@pytest.mark.parametrize('state', ['applying', 'active', 'error'])
def test_rule_gets_another_level(user, context, share, state):
    rule = make_rule(user, share)
    with session.writer(context) as connection:
        connection.execute(store.rule_states.update().values(state=state))
    assert service.update(user, rule['id'], 'ro')['state'] == 'queued_to_update'
    assert service.get(user, rule['id'])['state'] == 'queued_to_update'
    assert len(orders(context)) == 1


def test_same_level_changes_nothing(user, context, share):
    rule = make_rule(user, share)
    assert service.update(user, rule['id'], 'rw')['state'] == 'active'
    assert orders(context) == []


def test_sweep_goes_on_with_rules_that_have_no_job(user, context, conf, share):
    conf.config(group='jobs', sweep_grace=0)
    service.allow(user, share['id'], CLIENT)
    assert sweep.run(context) == 0
    without_jobs(context)
    assert sweep.run(context) == 1
    assert orders(context) == [('access.sync', 'share:node@alpha', share['instances'][0]['id'])]
    assert sweep.run(context) == 0


def test_rules_in_force_are_applied_again(user, context, share):
    service.apply_again(context, share['instances'][0]['id'], 'node@alpha#pool0')
    assert orders(context) == []
    make_rule(user, share)
    service.apply_again(context, share['instances'][0]['id'], 'node@alpha#pool0')
    assert len(orders(context)) == 1
    assert states(user, share) == {'192.0.2.1': 'queued_to_apply'}


def test_metadata_of_rules(user, share):
    rule = make_rule(user, share, metadata={'a': 'b'})
    assert service.set_metadata(user, rule['id'], {'c': 'd'}) == {'a': 'b', 'c': 'd'}
    service.remove_metadata(user, rule['id'], 'a')
    with pytest.raises(exception.ShareAccessMetadataNotFound):
        service.remove_metadata(user, rule['id'], 'a')
    assert service.get(user, rule['id'])['metadata'] == {'c': 'd'}
