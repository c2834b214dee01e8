"""What those who watch the processes learn from their metrics and health while shares come and go."""
import contextlib
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from manila import health
from manila.cmd import common
from manila.metrics import observers
from manila.scheduler import monitoring, service as scheduler_role
from manila.share import service as share_role
from manila.tests.fixtures.roles import wait_until


class Watched:
    """The roles of a service with the server that tells of them."""

    def __init__(self, service):
        self.scheduler, self.share = scheduler_role.Role(), share_role.Role(observers.driver_call)
        service.roles += [self.share, self.scheduler]
        self.server = common.watch(0, [self.scheduler, self.share], monitoring.sources(self.scheduler))

    def start(self):
        """Start all roles."""
        self.share.start()
        self.scheduler.start()

    def get(self, path):
        """Status and text of an answer."""
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{self.server.port}{path}', timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def health(self):
        """Status and the word of the first line."""
        for check in (health.database, health.messaging):
            check.reason.forget()
        status, text = self.get('/healthcheck')
        return status, text.splitlines()[0]

    def samples(self, name):
        """The samples of a name: labels and value of each."""
        return [(sample.labels, sample.value) for family in text_string_to_metric_families(self.get('/metrics')[1])
                for sample in family.samples if sample.name == name]

    def value(self, name, **labels):
        """The value of a sample, or None."""
        return next((value for found, value in self.samples(name) if found == labels), None)


@pytest.fixture
def watched(service, conf, monkeypatch):
    """Roles that are watched, and not started yet."""
    monkeypatch.setattr(share_role, 'SET_UP_PAUSE', 0.05)
    conf.config(group='metrics', refresh_interval=0)
    with contextlib.ExitStack() as stack:
        found = Watched(service)
        found.server.start()
        stack.callback(found.server.stop)
        yield found


def test_process_is_healthy_once_it_serves(watched):
    assert watched.health() == (503, 'not ready')
    assert 'back ends: none is served yet' in watched.get('/healthcheck')[1]
    assert watched.get('/healthcheck/live')[0] == 200
    watched.start()
    assert watched.health() == (200, 'ok')
    assert 'back end node@alpha: ok' in watched.get('/healthcheck')[1]


def test_back_end_that_is_not_ready_is_told_with_the_reason(service, watched):
    service.backends('alpha', 'beta')
    fault = service.storage.plan('check_for_setup_error', error='ShareBackendException')
    watched.start()
    assert watched.health() == (503, 'not ready')
    assert 'back end node@alpha: ' in watched.get('/healthcheck')[1]
    assert watched.get('/healthcheck/live')[0] == 200
    service.storage.lift(fault)
    wait_until(lambda: watched.health() == (200, 'ok'), what='the recovery of the back ends')


def test_one_back_end_of_several_that_is_lost_degrades_the_process(service, watched):
    service.backends('alpha', 'beta')
    watched.start()
    keeper = next(keeper for keeper in watched.share.keepers if keeper.backend.group == 'beta')
    keeper.stop()
    keeper._thread = watched.scheduler._threads[0]      # as if it still went on
    assert watched.health() == (200, 'degraded')


def test_thread_that_has_ended_calls_for_a_new_process(watched):
    watched.start()
    watched.share.keepers[0].stop()
    assert watched.health() == (503, 'not alive')
    assert watched.get('/healthcheck/live')[0] == 503


def test_second_process_for_a_back_end_says_that_it_stands_by(service, watched):
    service.start(scheduler=False)
    watched.share.start()
    watched.scheduler.start()
    assert watched.health() == (503, 'not ready')
    assert 'another process is in charge of it' in watched.get('/healthcheck')[1]


def test_work_shows_in_the_metrics(service, watched):
    watched.start()
    before = watched.value('manila_driver_call_seconds_count', backend='node@alpha', method='create_share') or 0
    failed = watched.value('manila_driver_call_errors_total', backend='node@alpha', method='extend_share',
                           error='ShareBackendException') or 0
    share_id = service.create(2)
    service.storage.plan('extend_share', error='ShareBackendException')
    service.act(share_id, 'extend', {'new_size': 3})
    service.settle(share_id)
    service.idle()
    assert watched.value('manila_driver_call_seconds_count', backend='node@alpha', method='create_share') == before + 1
    assert watched.value('manila_driver_call_errors_total', backend='node@alpha', method='extend_share',
                         error='ShareBackendException') == failed + 1
    assert watched.value('manila_resources', resource='share_instances', column='status', status='extending_error') == 1
    assert watched.value('manila_jobs', queue='share:node@alpha', kind='share.extend', state='failed') == 1
    assert watched.value('manila_job_latency_seconds_count', kind='share.create')
    assert watched.value('manila_service_up', binary='manila-share', host='node@alpha') == 1
    assert watched.value('manila_census_success') == 1
    total = {labels['pool']: value for labels, value in watched.samples('manila_pool_total_capacity_gib')}
    assert total and all(pool.startswith('node@alpha#') and value > 0 for pool, value in total.items())


def test_no_id_is_in_the_metrics(service, watched):
    watched.start()
    share_id = service.create()
    text = watched.get('/metrics')[1]
    assert share_id not in text and service.instance_of(share_id) not in text and service.user.project_id not in text
