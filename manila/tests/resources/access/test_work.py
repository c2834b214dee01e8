"""What the job does that puts rules into force, with a driver that answers as the test says."""
import pytest

from manila import exception
from manila.db import query, session
from manila.jobs import store as jobs, worker
from manila.resources.access import service, store, work
from manila.resources.messages import store as messages
from manila.resources.shares import store as shares
from manila.tests.fixtures.backends import make_backend
from manila.tests.fixtures.rows import make_rule, make_share, orders, set_status

QUEUE = 'share:node@alpha'
pytestmark = pytest.mark.usefixtures('share_type')


@pytest.fixture
def share(user):
    """A share with one rule, 192.0.2.1, in force."""
    row = make_share(user, metadata={'a': 'b'})
    make_rule(user, row, '192.0.2.1')
    return row


@pytest.fixture
def run(context):
    """Carry the job out; returns the calls of the driver. ``interrupted``: after a worker was lost over it."""
    def run(interrupted=False, before=None, **answers):
        if interrupted:
            (claim,), _more = jobs.claim(context, QUEUE, 'lost', 1, 0)
            jobs.lapse(context, owners=['lost'])
            if before:
                before(claim)
        (claim,), _more = jobs.claim(context, QUEUE, 'me', 1, 60)
        backend = make_backend(context, **answers)
        backend.driver.ipv6_implemented = answers.get('ipv6', True)
        worker.Worker(QUEUE, backend)._carry_out(claim)
        return backend.driver.calls
    return run


def allow(user, share, access_to, **more):
    return service.allow(user, share['id'], {'access_type': 'ip', 'access_to': access_to, **more})


def states(user, share):
    return {rule['access_to']: rule['state'] for rule in service.find(user, share['id'], {})}


def addresses(rules):
    return [rule['access_to'] for rule in rules]


def told(user):
    return [(row['action_id'], row['detail_id']) for row in messages.list_page(user, query.Page(), {})[0]]


def test_driver_is_told_the_whole_and_the_changes(user, share, run):
    new = allow(user, share, '192.0.2.2', access_level='ro')
    (name, args, kwargs), = run()
    _context, view, wanted = args
    assert name == 'update_access' and kwargs['share_server'] is None
    assert (view['id'], view['metadata'], len(view['export_locations'])) == (share['instances'][0]['id'], {'a': 'b'}, 3)
    assert addresses(wanted) == ['192.0.2.1', '192.0.2.2']
    assert addresses(kwargs['add_rules']) == ['192.0.2.2'] and kwargs['delete_rules'] == kwargs['update_rules'] == []
    rule = kwargs['add_rules'][0]
    assert (rule['access_id'], rule['share_id'], rule['access_level'], rule['state']) == (
        new['id'], share['id'], 'ro', 'applying')
    assert states(user, share) == {'192.0.2.1': 'active', '192.0.2.2': 'active'}


def test_interrupted_driver_is_told_only_the_whole(user, share, run):
    allow(user, share, '192.0.2.2')
    rule, = [each for each in service.find(user, share['id'], {}) if each['access_to'] == '192.0.2.1']
    service.deny(user, share['id'], rule['id'])
    (_name, args, kwargs), = run(interrupted=True)
    assert addresses(args[2]) == ['192.0.2.2']
    assert kwargs['add_rules'] == kwargs['delete_rules'] == kwargs['update_rules'] == []
    assert states(user, share) == {'192.0.2.2': 'active'}


def test_rules_of_a_replica_that_may_only_be_read_are_read_only(user, context, share, run):
    with session.writer(context) as connection:
        shares.change_instance(connection, share['instances'][0]['id'], cast_rules_to_readonly=True)
    allow(user, share, '192.0.2.2')
    (_name, args, kwargs), = run()
    assert {rule['access_level'] for rule in args[2]} == {'ro'}
    assert kwargs['add_rules'] == []
    assert states(user, share) == {'192.0.2.1': 'active', '192.0.2.2': 'active'}


def test_nothing_to_do_costs_no_call(user, context, share, run):
    allow(user, share, '192.0.2.2')
    with session.writer(context) as connection:
        store.begin(connection, share['instances'][0]['id'])
        store.end(connection, share['instances'][0]['id'])
    assert run() == []
    assert orders(context) == []


def test_rules_of_a_share_that_is_going_or_gone_are_left_alone(user, context, share, run):
    allow(user, share, '192.0.2.2')
    set_status(context, share, 'deleting')
    assert run() == []
    allow_job(user, share)
    with session.writer(context) as connection:
        shares.remove_instance(connection, share['instances'][0]['id'])
    assert run() == []
    assert orders(context) == []


def allow_job(user, share):
    with session.writer(user):
        jobs.insert(user, work.SYNC, share['instances'][0]['id'], QUEUE)


def test_keys_are_kept_and_single_refusals_told(user, share, run):
    first, second = allow(user, share, '192.0.2.2'), allow(user, share, '192.0.2.3')
    run(update_access={first['id']: {'access_key': 'key'}, second['id']: {'state': 'error'}})
    assert states(user, share) == {'192.0.2.1': 'active', '192.0.2.2': 'active', '192.0.2.3': 'error'}
    assert service.get(user, first['id'])['access_key'] == 'key'
    assert shares.get(user, share['id'])['access_rules_status'] == 'error'
    assert told(user) == [('010', '021')]


@pytest.mark.parametrize(('error', 'detail'), [
    (RuntimeError('secret'), '001'), (exception.InvalidShareAccess(reason='x'), '021'),
    (exception.InvalidShareAccessLevel(level='x'), '021'), (exception.InvalidShareAccessType(type='x'), '021')])
def test_failure_is_told_and_leaves_what_was_in_force(user, share, run, error, detail):
    allow(user, share, '192.0.2.2')
    run(update_access=error)
    assert states(user, share) == {'192.0.2.1': 'active', '192.0.2.2': 'error'}
    assert told(user) == [('010', detail)]


def test_ipv6_is_kept_from_drivers_that_do_not_know_it(user, share, run):
    allow(user, share, '2001:db8::1')
    (_name, args, kwargs), = run(ipv6=False)
    assert addresses(args[2]) == ['192.0.2.1'] and kwargs['add_rules'] == []
    assert states(user, share) == {'192.0.2.1': 'active', '2001:db8::1': 'error'}


def test_drivers_that_know_single_rules_deny_before_they_allow(user, share, run):
    old, = service.find(user, share['id'], {})
    service.deny(user, share['id'], old['id'])
    new = allow(user, share, '192.0.2.2')
    calls = run(update_access=NotImplementedError, allow_access='key')
    assert [name for name, _args, _kwargs in calls] == ['update_access', 'deny_access', 'allow_access']
    assert calls[1][1][2]['access_id'] == old['id'] and calls[2][1][2]['access_id'] == new['id']
    assert service.get(user, new['id'])['access_key'] == 'key'


def test_rule_that_is_there_already_is_no_error_for_drivers_that_know_single_rules(user, share, run):
    allow(user, share, '192.0.2.2')
    run(update_access=NotImplementedError, allow_access=exception.ShareAccessExists(access_type='ip', access='x'))
    assert states(user, share)['192.0.2.2'] == 'active'


def test_job_that_is_given_up_leaves_its_rules_in_error_and_later_ones_waiting(user, share, run, conf):
    conf.config(group='jobs', max_attempts=1)
    allow(user, share, '192.0.2.2')

    def later(claim):
        with session.writer(user) as connection:
            store.begin(connection, share['instances'][0]['id'])
        allow(user, share, '192.0.2.3')
    assert run(interrupted=True, before=later) == []
    assert states(user, share) == {'192.0.2.1': 'active', '192.0.2.2': 'error', '192.0.2.3': 'queued_to_apply'}
