"""What the jobs of share instances do, with a driver that answers as the test says."""
import types as python_types

import pytest
import sqlalchemy as sa

from manila import exception
from manila.db import query, session
from manila.jobs import kind, outcome, store as jobs, worker
from manila.jobs.model import jobs as jobs_table
from manila.resources.messages import store as messages
from manila.resources.quotas import service as quotas
from manila.resources.shares import service, states, store, work
from manila.resources.shares.model import instances, shares
from manila.tests.fixtures.backends import make_backend
from manila.tests.fixtures.rows import HOST, make_rule, make_share, orders, set_status

pytestmark = pytest.mark.usefixtures('share_type')
QUEUE = 'share:node@alpha'
KINDS = (states.SCHEDULE, states.SCHEDULE_EXTEND, states.CREATE, states.DELETE, states.EXTEND, states.SHRINK)


@pytest.fixture
def share(user):
    """A share of 2 GiB that is available."""
    return make_share(user, size=2)


@pytest.fixture
def run(context):
    """Claim the only job of a queue and carry it out as a worker does; ``interrupted``: after a lost one."""
    def run(resources, queue=QUEUE, interrupted=False):
        if interrupted:
            jobs.claim(context, queue, 'lost', 1, 0)
            jobs.lapse(context, owners=['lost'])
        (claim,), _more = jobs.claim(context, queue, 'me', 1, 60)
        worker.Worker(queue, resources)._carry_out(claim)
        return claim
    return run


def status(user, share):
    return store.get(user, share['id'])['status']


def told(user, share):
    """(action, detail, reason) of the messages about a share."""
    rows, _more = messages.list_page(user, query.Page(), {'resource_id': share['id']})
    return [(row['action_id'], row['detail_id'], row['reason']) for row in rows]


def placed(user, context, **wanted):
    """A share that waits for its back end."""
    row = service.create(user, {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain', **wanted})
    instance_id = row['instances'][0]['id']
    with session.writer(context) as connection:
        store.place(connection, instance_id, HOST, None)
        connection.execute(sa.update(jobs_table).values(kind=states.CREATE.name, queue=QUEUE))
    return row


def vanish(context, share):
    with session.writer(context) as connection:
        connection.execute(sa.delete(instances).where(instances.c.share_id == share['id']))
        connection.execute(sa.delete(shares).where(shares.c.id == share['id']))


@pytest.mark.parametrize('job_kind', KINDS, ids=lambda each: each.name)
@pytest.mark.parametrize('fails', [False, True])
def test_jobs_of_instances_that_have_vanished_just_end(user, context, share, run, job_kind, fails):
    with session.writer(user):
        jobs.insert(user, job_kind, share['instances'][0]['id'], QUEUE, {
            'new_size': 3, 'request_spec': {'share_properties': {'size': 2}}})
    vanish(context, share)
    pool = python_types.SimpleNamespace(host=HOST, availability_zone_id=None, consume=lambda size: None)
    scheduler = python_types.SimpleNamespace(choose=lambda *args: pool, check=lambda *args: pool, call=None)
    if fails:
        job_kind.failed and _fail(job_kind, user, share)
        with session.writer(context) as connection:
            connection.execute(sa.delete(jobs_table))
    else:
        run(scheduler if 'schedule' in job_kind.name else make_backend(context))
    assert orders(context) == []


def _fail(job_kind, user, share):
    job = python_types.SimpleNamespace(target=share['instances'][0]['id'], args={'new_size': 3})
    with session.writer(user):
        job_kind.failed(user, job, outcome.Failed('no reason'))


@pytest.mark.parametrize('job_kind', KINDS, ids=lambda each: each.name)
def test_every_kind_says_what_its_failure_means(job_kind):
    assert job_kind.run is not None and job_kind.failed is not None
    assert job_kind.exclusive == states.LOCK
    assert kind.get(job_kind.name) is job_kind


def test_creation_keeps_what_the_driver_says(user, context, run):
    share = placed(user, context)
    backend = make_backend(context, create_share=[
        'plain:/path', {'path': 'admin:/path', 'is_admin_only': True, 'metadata': {'preferred': False}}],
        get_optional_share_creation_data={'metadata': {'made': 'well'}})
    run(backend)
    row = store.get(user, share['id'], paths=True)
    assert (row['status'], row['progress'], row['export_paths'], row['metadata']) == (
        'available', '100%', ['plain:/path'], {'made': 'well'})
    name, args, kwargs = backend.driver.calls[0]
    assert (name, kwargs) == ('create_share', {'share_server': None})
    assert args[1]['name'] == f'share-{row["instances"][0]["id"]}'
    assert (args[1]['share_id'], args[1]['host'], args[1]['share_server']) == (share['id'], HOST, None)


def test_share_that_is_not_wanted_any_more_is_not_created(user, context, run):
    share = placed(user, context)
    set_status(context, share, 'deleting')
    backend = make_backend(context)
    run(backend)
    assert backend.driver.calls == [] and orders(context) == []


def test_refused_creation_goes_back_to_the_scheduler_without_a_trace(user, context, run):
    share = placed(user, context)
    backend = make_backend(context, create_share=RuntimeError('disk 7 is broken'))
    run(backend)
    assert backend.driver.called() == ['create_share', 'delete_share']
    row = store.get(user, share['id'])
    assert (row['status'], row['host']) == ('creating', None)
    job, = jobs.find(context)
    assert (job['kind'], job['queue'], job['attempts']) == ('share.schedule', 'scheduler', 0)
    assert '"tried": {"node@alpha#pool0": "the back end could not create the share"}' in job['args']


def test_refused_creation_of_a_share_deleted_meanwhile_ends(user, context, run):
    share = placed(user, context)

    def refuse(*args, **kwargs):
        set_status(context, share, 'deleting')
        raise RuntimeError('no')
    run(make_backend(context, create_share=refuse))
    assert store.get(user, share['id'])['host'] == HOST
    assert orders(context) == []


def test_what_could_not_be_removed_keeps_the_share_on_the_pool(user, context, run):
    share = placed(user, context)
    run(make_backend(context, create_share=RuntimeError('secret'), delete_share=RuntimeError('stuck')))
    row = store.get(user, share['id'])
    assert (row['status'], row['host']) == ('error', HOST)
    assert told(user, share) == [('002', '001', None)]


@pytest.mark.parametrize('method', ['create_share', 'delete_share'])
def test_lost_way_to_the_storage_is_tried_again_later(user, context, run, method):
    share = placed(user, context)
    answers = {'create_share': RuntimeError('no'), method: TimeoutError('too late')}
    run(make_backend(context, **answers))
    job, = jobs.find(context)
    assert (job['kind'], job['attempts'], job['owner']) == ('share.create', 1, None)
    assert job['run_after'] > job['clock']
    assert store.get(user, share['id'])['host'] == HOST


@pytest.mark.parametrize('idempotent', [True, False])
def test_interrupted_creation_begins_on_clean_ground_unless_the_driver_copes(user, context, run, idempotent):
    share = placed(user, context)
    backend = make_backend(context)
    backend.driver.create_is_idempotent = idempotent
    run(backend, interrupted=True)
    assert backend.driver.called()[:-2] == ([] if idempotent else ['delete_share'])
    assert status(user, share) == 'available'


def test_deletion_takes_the_rules_away_first(user, context, share, run):
    rule = make_rule(user, share)
    service.delete(user, share['id'])
    backend = make_backend(context)
    run(backend)
    (first, args, kwargs), (second, _args, _kwargs) = backend.driver.calls
    assert (first, second) == ('update_access', 'delete_share')
    assert args[2] == [] and [each['access_id'] for each in kwargs['delete_rules']] == [rule['id']]
    assert args[1]['duration_seconds'] >= 0 and len(args[1]['export_locations']) == 3
    with pytest.raises(exception.ShareNotFound):
        store.get(user, share['id'])
    assert quotas.check(context) == []


def test_deletion_of_rules_one_by_one(user, context, share, run):
    for number in range(2):
        make_rule(user, share, f'192.0.2.{number}')
    service.delete(user, share['id'])
    backend = make_backend(context, update_access=NotImplementedError)
    run(backend)
    assert backend.driver.called() == ['update_access', 'deny_access', 'deny_access', 'delete_share']


@pytest.mark.parametrize('method', ['update_access', 'delete_share'])
def test_failed_deletion_is_an_error_unless_it_is_forced(user, context, share, run, method):
    make_rule(user, share)
    service.delete(user, share['id'])
    run(make_backend(context, **{method: RuntimeError('no')}))
    assert status(user, share) == 'error_deleting'
    assert told(user, share) == [('007', '001', None)]
    assert quotas.check(context) == []
    service.delete(context, share['id'], force=True)
    run(make_backend(context, **{method: RuntimeError('no')}))
    assert service.find(user, {}, query.Page())[0] == []
    assert quotas.check(context) == []


def test_extension_sets_the_size_and_keeps_the_quota(user, context, share, run):
    service.extend(context, share['id'], 5, force=True)
    run(make_backend(context))
    row = store.get(user, share['id'])
    assert (row['size'], row['pending_size'], row['status']) == (5, None, 'available')
    assert quotas.check(context) == []


def test_failed_extension_gives_the_quota_back(user, context, share, run):
    service.extend(context, share['id'], 5, force=True)
    run(make_backend(context, extend_share=RuntimeError('no')))
    row = store.get(user, share['id'])
    assert (row['size'], row['pending_size'], row['status']) == (2, None, 'extending_error')
    assert told(user, share) == [('008', '015', None)]
    assert quotas.check(context) == []


def test_extension_of_another_order_is_left_alone(user, context, share, run):
    service.extend(context, share['id'], 5, force=True)
    service.reset_status(context, share['id'], 'available')
    with session.writer(context) as connection:
        store.move(connection, share['instances'][0]['id'], 'extend')
        assert store.begin_extension(connection, share['id'], 2, 4)
        quotas.take(context, {'gigabytes': 2}, share['project_id'], share['user_id'], share['share_type_id'])
    backend = make_backend(context)
    run(backend)
    assert backend.driver.calls == []
    assert quotas.check(context) == []


@pytest.mark.parametrize(('error', 'after', 'detail'), [
    (exception.ShareShrinkingPossibleDataLoss(share_id='x'), 'available', '018'),
    (NotImplementedError(), 'available', '019'), (RuntimeError('no'), 'shrinking_error', '019')])
def test_shrinking_that_fails_changes_nothing(user, context, share, run, error, after, detail):
    service.shrink(user, share['id'], 1)
    run(make_backend(context, shrink_share=error))
    row = store.get(user, share['id'])
    assert (row['size'], row['status']) == (2, after)
    assert told(user, share) == [('009', detail, None)]
    assert quotas.check(context) == []


def test_share_that_is_as_small_already_is_not_shrunk_again(user, context, share, run):
    service.shrink(user, share['id'], 1)
    with session.writer(context) as connection:
        store.change(connection, share['id'], size=1)
        quotas.give_back(context, {'gigabytes': 1}, share['project_id'], share['user_id'], share['share_type_id'])
    backend = make_backend(context)
    run(backend)
    assert backend.driver.calls == [] and status(user, share) == 'available'
    assert quotas.check(context) == []


def test_no_place_is_told_with_the_reasons_and_without_hosts(user, context, run):
    share = service.create(user, {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain'})

    def choose(*args):
        raise exception.NoValidHost(reason='too small (2 pools)', detail_data={'last_filter': 'CapacityFilter'})
    run(python_types.SimpleNamespace(choose=choose), 'scheduler')
    assert told(user, share) == [('001', '009', 'too small (2 pools)')]
    assert status(user, share) == 'error'


def test_duration_of_an_instance_is_a_week_when_it_is_not_known():
    assert work._duration({'scheduled_at': None, 'terminated_at': None}) == 7 * 24 * 3600
