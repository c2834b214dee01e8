"""The check of all shares of a back end."""
import pytest

from manila import exception, resources
from manila.db import session
from manila.jobs import outcome, store as jobs
from manila.jobs.worker import Worker
from manila.resources.access import service as access_service
from manila.resources.ensuring import service, states, work
from manila.resources.exports import store as exports
from manila.resources.services import store as services
from manila.resources.shares import service as share_service, store
from manila.share import ensure
from manila.tests.fixtures.backends import make_backend
from manila.tests.fixtures.roles import wait_until
from manila.tests.fixtures.rows import make_rule, make_share, orders, set_status

QUEUE = 'share:node@alpha'
resources.modules('work')


@pytest.fixture
def shares(user, share_type):
    """Two shares that are available."""
    return [make_share(user), make_share(user)]


@pytest.fixture
def service_id(context, database):
    """The id of the service of the back end, which is up."""
    return services.register(context, 'node@alpha', 'manila-share', 'topic', None)['id']


@pytest.fixture
def check(context, service_id):
    """Start the back end; returns the methods of the driver that were called by that and by the job ordered."""
    def check(leaving=False, **answers):
        backend = make_backend(context, **answers)
        backend.host = 'node@alpha'
        if leaving:
            backend.leaving.set()
        ensure.run(backend, service_id)
        run(context, backend)
        return backend.driver.called()
    return check


def run(context, backend):
    """Carry the check out that is ordered, if any; returns whether one was."""
    found, _more = jobs.claim(context, QUEUE, 'me', 1, lease=60)
    for claim in found:
        Worker(QUEUE, backend, owner='me')._carry_out(claim)
    return bool(found)


def paths(context, share):
    return [each['path'] for each in exports.find(context, [share['instances'][0]['id']], admin_only=True)]


def instance(share):
    return share['instances'][0]['id']


def statuses(context, *shares):
    return [store.get(context, share['id'])['status'] for share in shares]


def ensuring(context, service_id):
    return services.get(context, service_id)['ensuring']


ALL = ['get_backend_info', 'get_backend_info', 'ensure_shares']


def test_shares_are_checked_again_only_after_the_back_end_has_changed(check, shares):
    assert check(get_backend_info={'address': '1'}) == ALL
    assert check(get_backend_info={'address': '1'}) == ['get_backend_info']
    assert check(get_backend_info={'address': '2'}) == ALL
    for _ in range(2):
        assert check(get_backend_info=NotImplementedError) == ALL


def test_back_end_without_shares_has_nothing_to_check(check, context, service_id):
    assert check(get_backend_info={'address': '1'}) == ['get_backend_info']
    assert services.info_hash(context, service_id)
    assert orders(context) == []


def test_what_the_driver_finds_is_kept(check, context, shares):
    first, second = shares
    kept = exports.find(context, [instance(first)], admin_only=True)[0]
    check(ensure_shares={
        instance(first): {'export_locations': [kept['path'], 'new:/path'], 'metadata': {'seen': 'yes'}},
        instance(second): {'status': 'error'}, 'unknown': {'status': 'error'}})
    assert paths(context, first) == [kept['path'], 'new:/path']
    assert exports.find(context, [instance(first)], admin_only=True)[0]['id'] == kept['id']
    assert store.get(context, first['id'])['metadata'] == {'seen': 'yes'}
    assert statuses(context, *shares) == ['available', 'error']


def test_locations_that_only_users_have_described_further_are_left_alone(check, context, shares, statements):
    known = exports.find(context, [instance(shares[0])], admin_only=True)
    with session.writer(context) as connection:
        exports.set_metadata(connection, known[0]['id'], {'mine': 'yes'})
    answer = [{key: each[key] for key in ('path', 'is_admin_only')} for each in known]
    with statements() as seen:
        check(ensure_shares={instance(shares[0]): {'export_locations': answer}})
    assert not [each for each in seen if 'UPDATE share_export_locations' in each]
    assert statuses(context, *shares) == ['available', 'available']


@pytest.mark.parametrize(('wanted', 'status'), [(True, 'ensuring'), (False, 'available')])
def test_shares_cannot_be_changed_while_they_are_checked_if_the_operator_wants_it(
        check, context, conf, shares, service_id, wanted, status):
    conf.config(update_shares_status_on_ensure=wanted)
    set_status(context, shares[1], 'extending')
    seen = []

    def answer(context, found):
        seen.extend(each['id'] for each in found)
        assert statuses(context, *shares) == [status, 'extending']
        assert ensuring(context, service_id)
    check(ensure_shares=answer)
    assert seen == [instance(shares[0])]
    assert statuses(context, *shares) == ['available', 'extending']
    assert not ensuring(context, service_id)


def test_shares_busy_with_a_task_are_not_checked(check, context, shares):
    with session.writer(context) as connection:
        store.change(connection, shares[0]['id'], task_state='migration_in_progress')

    def answer(context, found):
        assert [each['id'] for each in found] == [instance(shares[1])]
    assert check(ensure_shares=answer) == ALL
    assert statuses(context, *shares) == ['available', 'available']


@pytest.mark.parametrize('wanted', [True, False])
def test_check_goes_on_where_it_was_interrupted(check, context, conf, monkeypatch, shares, service_id, wanted):
    conf.config(update_shares_status_on_ensure=wanted)
    monkeypatch.setattr(work, 'BATCH', 1)
    seen = []

    class Lost(BaseException):
        pass

    def answer(context, found):
        (share,) = found
        seen.append(share['id'])
        if len(seen) == 2:
            raise Lost
    backend = make_backend(context, ensure_shares=answer)
    backend.host = 'node@alpha'
    ensure.run(backend, service_id)
    (claim,), _more = jobs.claim(context, QUEUE, 'lost', 1, lease=60)
    with pytest.raises(Lost):
        from manila.jobs.worker import Job
        states.ENSURE.run(Job(claim), backend)
    jobs.lapse(context, owners=['lost'])
    assert run(context, backend)
    first, second = sorted(map(instance, shares))
    assert seen == [first, second, second]
    assert statuses(context, *shares) == ['available', 'available']
    assert not ensuring(context, service_id)


def test_rules_that_the_back_end_lost_are_ordered_again(check, context, user, shares):
    make_rule(user, shares[0])
    check(ensure_shares={instance(share): {'reapply_access_rules': True} for share in shares})
    assert orders(context) == [('access.sync', 'share:node@alpha', instance(shares[0]))]
    assert store.get(context, shares[0]['id'])['access_rules_status'] == 'syncing'
    assert store.get(context, shares[1]['id'])['access_rules_status'] == 'active'


def test_rules_in_error_are_tried_again(check, context, user, shares):
    from manila.resources.access import store as access
    rule = make_rule(user, shares[0])
    with session.writer(context) as connection:
        access.end(connection, instance(shares[0]), failed=[rule['id']])
    check(ensure_shares={})
    assert orders(context) == [('access.sync', 'share:node@alpha', instance(shares[0]))]


def test_pool_of_a_share_is_found_out_where_it_is_not_known(check, context, user, share_type):
    share = make_share(user, host='node@alpha')
    check(get_pool='gold')
    assert store.get(context, share['id'])['host'] == 'node@alpha#gold'
    assert statuses(context, share) == ['available']


def test_share_that_is_being_deleted_meanwhile_is_left_alone(check, context, shares):
    def answer(context, found):
        set_status(context, shares[0], 'deleting')
        return {instance(share): {'export_locations': ['new:/path']} for share in shares}
    check(ensure_shares=answer)
    assert 'new:/path' not in paths(context, shares[0])
    assert paths(context, shares[1]) == ['new:/path']
    assert statuses(context, *shares) == ['deleting', 'available']


@pytest.fixture
def hands(context):
    """A function that has a worker of a back end carry out all jobs that it gets at."""
    made = {}

    def work(backend):
        worker = made.setdefault(id(backend), Worker(QUEUE, backend, owner='hands'))
        while worker._claim():
            pass
        wait_until(worker.idle, what='the jobs')
    yield work
    for worker in made.values():
        worker.stop()


@pytest.mark.parametrize('wanted', [True, False])
@pytest.mark.parametrize('bulk', [True, False], ids=['all at once', 'one by one'])
def test_share_is_not_removed_while_it_is_checked(context, conf, user, shares, service_id, hands, wanted, bulk):
    """A check that has begun would bring back what a removal has taken away."""
    conf.config(update_shares_status_on_ensure=wanted)
    exported = set(map(instance, shares))

    def ensure_share(_context, found, share_server=None):
        if instance(shares[0]) == found['id']:
            share_service.delete(context, shares[0]['id'], force=True)
            hands(backend)
        exported.add(found['id'])
        return 'new:/path'

    def ensure_shares(_context, found):
        return {each['id']: {'export_locations': ensure_share(_context, each)} for each in found}
    backend = make_backend(
        context, ensure_shares=ensure_shares if bulk else NotImplementedError, ensure_share=ensure_share,
        delete_share=lambda _context, share, share_server: exported.remove(share['id']))
    backend.host = 'node@alpha'
    service.ensure(context, 'node@alpha')
    assert run(context, backend)
    assert store.get(context, shares[0]['id'])['status'] == 'deleting'
    hands(backend)
    assert exported == {instance(shares[1])}
    with pytest.raises(exception.ShareNotFound):
        store.get(context, shares[0]['id'])
    assert statuses(context, shares[1]) == ['available'] and orders(context) == []


def test_share_that_is_worked_on_is_checked_afterwards_as_it_is_then(
        context, user, shares, service_id, hands, monkeypatch):
    monkeypatch.setattr(work, 'BUSY_PAUSE', 0)
    seen = []

    def update_access(*_args, **_more):
        service.ensure(context, 'node@alpha')
        assert run(context, backend)
        assert seen == [(instance(shares[1]), 1)]
        assert statuses(context, *shares) == ['ensuring', 'available']
        with session.writer(context) as connection:
            store.change(connection, shares[0]['id'], size=3)
    backend = make_backend(context, update_access=update_access, ensure_shares=lambda _context, found: seen.extend(
        (each['id'], each['size']) for each in found))
    backend.host = 'node@alpha'
    access_service.allow(user, shares[0]['id'], {'access_type': 'ip', 'access_to': '192.0.2.1'})
    hands(backend)
    hands(backend)
    assert seen == [(instance(shares[1]), 1), (instance(shares[0]), 3)]
    assert statuses(context, *shares) == ['available', 'available'] and not ensuring(context, service_id)


def test_shares_are_checked_one_by_one_and_one_failure_does_not_end_that(check, context, shares):
    def answer(context, share, share_server=None):
        if share['id'] == instance(shares[0]):
            raise exception.ShareBackendException(msg='lost')
        return 'new:/path'
    called = [*ALL, 'ensure_share', 'ensure_share']
    for _ in range(2):
        assert check(ensure_shares=NotImplementedError, ensure_share=answer, get_backend_info={'a': 1}) == called
    assert paths(context, shares[1]) == ['new:/path']
    assert check(ensure_shares=NotImplementedError, get_backend_info={'a': 1}) == called
    assert check(ensure_shares=NotImplementedError, get_backend_info={'a': 1}) == ['get_backend_info']


def test_answer_that_makes_no_sense_spoils_one_share_only(check, context, shares):
    check(ensure_shares={instance(shares[0]): {'export_locations': [{'nonsense': 1}]},
                         instance(shares[1]): {'export_locations': ['new:/path']}}, get_backend_info={'a': 1})
    assert paths(context, shares[1]) == ['new:/path']
    assert statuses(context, *shares) == ['available', 'available']
    assert check(get_backend_info={'a': 1}) == ALL


def test_driver_without_any_check_is_not_asked_for_each_share(check, shares):
    assert check(ensure_shares=NotImplementedError, ensure_share=NotImplementedError) == [*ALL, 'ensure_share']


def test_check_ends_early_and_is_done_again(check, context, shares, service_id):
    answers = {'ensure_shares': NotImplementedError, 'get_backend_info': {'a': 1}}
    assert check(leaving=True, **answers) == ['get_backend_info', 'get_backend_info']
    assert statuses(context, *shares) == ['ensuring', 'ensuring']
    assert [kind for kind, _, _ in orders(context)] == ['service.ensure_shares']
    called = check(**answers)
    assert called[-3:] == ['ensure_shares', 'ensure_share', 'ensure_share']
    assert statuses(context, *shares) == ['available', 'available']


@pytest.mark.parametrize('method', ['get_backend_info', 'ensure_shares'])
def test_failure_of_the_check_harms_nobody(check, context, shares, service_id, method):
    check(**{method: RuntimeError('no')})
    assert statuses(context, *shares) == ['available', 'available']
    assert not ensuring(context, service_id)


def test_back_end_out_of_reach_is_tried_again(check, context, shares, service_id):
    assert check(ensure_shares=outcome.TryLater('away')) == ALL
    assert ensuring(context, service_id)
    assert [kind for kind, _, _ in orders(context)] == ['service.ensure_shares']


def test_cost_does_not_grow_with_the_number_of_shares(check, user, shares, statements):
    with statements() as few:
        check(get_backend_info=NotImplementedError)
    for _ in range(20):
        make_share(user)
    with statements() as many:
        check(get_backend_info=NotImplementedError)
    assert len(many) == len(few)


def test_check_is_ordered_once(context, service_id, shares):
    with pytest.raises(exception.HostBinaryNotFound):
        service.ensure(context, 'node@beta')
    service.ensure(context, 'node@alpha')
    with pytest.raises(exception.Conflict):
        service.ensure(context, 'node@alpha')
    assert orders(context) == [('service.ensure_shares', QUEUE, str(service_id))]
    assert run(context, make_backend(context))
    service.ensure(context, 'node@alpha')


def test_back_end_that_is_down_checks_nothing(context, service_id, shares):
    services.stop(context, service_id)
    with pytest.raises(exception.Conflict):
        service.ensure(context, 'node@alpha')
    assert orders(context) == []
