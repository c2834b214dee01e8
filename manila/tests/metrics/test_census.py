"""What is counted in the database for Prometheus."""
import pytest

from manila.jobs import census as counts
from manila.metrics import census
from manila.tests.fixtures import rows
from manila.tests.resources.conftest import api, share_type, statements, user  # noqa: F401


@pytest.fixture
def collect(conf):
    """Function that gives name -> {labels: value} of a collector."""
    def read(collector):
        return {metric.name: {tuple(sample.labels.values()): sample.value for sample in metric.samples}
                for metric in collector.collect()}
    return read


def test_resources_and_jobs_are_counted(api, context, share_type, user, collect):  # noqa: F811
    from manila.resources.shares import service
    rows.make_share(user)
    service.create(user, {'share_proto': 'NFS', 'size': 1, 'share_type': 'plain'})
    found = collect(census.Census())
    assert found['manila_resources']['share_instances', 'status', 'available'] == 1
    assert found['manila_resources']['share_instances', 'status', 'creating'] == 1
    age, = found['manila_transition_oldest_seconds'].values()
    assert 0 <= age < 60
    assert list(found['manila_transition_oldest_seconds']) == [('share_instances', 'status', 'creating')]
    assert found['manila_jobs'] == {('scheduler', 'share.schedule', 'waiting'): 1}
    assert found['manila_census_success'] == {(): 1}


def test_figures_are_good_for_a_while(database, collect, conf, monkeypatch):
    monkeypatch.setattr(census, '_SHORT', 3600)
    asked = []
    collector = census.Census(lambda context: asked.append(1) or [])
    conf.config(group='metrics', refresh_interval=3600)
    collect(collector)
    collect(collector)
    assert len(asked) == 1
    conf.config(group='metrics', refresh_interval=0)
    fresh = census.Census(lambda context: asked.append(1) or [])
    collect(fresh)
    collect(fresh)
    assert len(asked) == 3


def test_source_that_fails_is_told_and_does_not_hide_the_others(database, collect, conf):
    def fail(context):
        raise RuntimeError('no database')
    found = collect(census.Census(fail))
    assert found['manila_census_success'] == {(): 0}
    assert 'manila_jobs' in found


@pytest.mark.every_database
def test_states_of_jobs_and_ages_are_counted_on_each_database(api, context, share_type, user, statements):  # noqa: F811
    from manila.jobs import store
    rows.make_share(user)
    share = rows.make_share(user)
    rows.set_status(context, share, 'deleting')
    from manila.db import session
    from manila.resources.shares.states import DELETE, EXTEND
    with session.writer(context):
        store.insert(context, DELETE, 'one', 'share:here')
        store.insert(context, EXTEND, 'two', 'share:there', delay=100)
    store.claim(context, 'share:here', 'me', 1, 60)
    with statements() as seen:
        jobs, ages, numbers = counts.queues(context), counts.oldest(context), counts.statuses(context)
    assert {key: number for key, (number, age) in jobs.items()} == {
        ('share:here', 'share.delete', 'running'): 1, ('share:there', 'share.extend', 'delayed'): 1}
    assert ages['share_instances', 'status', 'deleting'] < 60
    assert numbers['share_instances', 'status', 'available'] == 1
    assert len(seen) < 20


def test_what_takes_long_is_counted_less_often(database, collect, conf, monkeypatch):
    conf.config(group='metrics', refresh_interval=0)
    monkeypatch.setattr(census, '_SHORT', 0)
    monkeypatch.setattr(census, '_SHARE', 1e9)
    asked = []
    collector = census.Census(lambda context: asked.append(1) or [])
    collect(collector)
    collect(collector)
    assert len(asked) == 1
