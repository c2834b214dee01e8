"""What is counted as it happens."""
import datetime

import pytest
from oslo_db import exception as db_exc

from manila.api import metrics as api
from manila.db import base, session
from manila.jobs import store, worker
from manila.metrics import observers


@pytest.fixture
def attached(monkeypatch):
    """Count all there is to count, until the end of the test."""
    for module in (api, session, worker):
        monkeypatch.setattr(module, 'observers', [])
    observers.attach_api()
    observers.attach_work()
    observers.attach_work()


def claim(claims=1, delayed=False, age=10):
    return store.Claim(1, 'share.create', 'share:node@alpha', 'target', {}, {}, None, claims, 1, 'me', False, delayed,
                       base.now() - datetime.timedelta(seconds=age))


def test_requests_are_counted_by_operation_and_status(attached, counted):
    api.observe('shares.list', '2.99', 200, 0.02)
    api.observe('shares.list', '2.99', 403, 0.3)
    api.observe(None, None, 404, 0.001)
    assert counted('manila_api_requests_total', operation='shares.list', status='200') == 1
    assert counted('manila_api_requests_total', operation='shares.list', status='403') == 1
    assert counted('manila_api_requests_total', operation='none', status='404') == 1
    assert counted('manila_api_request_seconds_count', operation='shares.list') == 2
    assert counted('manila_api_request_seconds_bucket', operation='shares.list', le='0.025') == 1


def test_job_is_counted_with_its_wait_its_run_and_its_latency(attached, counted):
    for observer in worker.observers:
        observer(claim(age=10), 'done', 4)
    assert counted('manila_job_run_seconds_sum', kind='share.create', outcome='done') == 4
    assert 5.9 < counted('manila_job_wait_seconds_sum', kind='share.create') < 7
    assert 9.9 < counted('manila_job_latency_seconds_sum', kind='share.create') < 11


@pytest.mark.parametrize('facts', [{'claims': 2}, {'delayed': True}])
def test_only_the_first_claim_of_what_may_be_claimed_at_once_has_a_wait(attached, counted, facts):
    observers.job(claim(**facts), 'again', 1)
    assert counted('manila_job_wait_seconds_count', kind='share.create') == 0
    assert counted('manila_job_latency_seconds_count', kind='share.create') == 0
    assert counted('manila_job_run_seconds_count', kind='share.create', outcome='again') == 1


def test_calls_of_drivers_are_counted_with_the_classes_of_their_errors(counted):
    observers.driver_call('node@alpha', 'create_share', 2, None)
    observers.driver_call('node@alpha', 'create_share', 3, ValueError('a secret'))
    assert counted('manila_driver_call_seconds_sum', backend='node@alpha', method='create_share') == 5
    assert counted('manila_driver_call_errors_total', backend='node@alpha', method='create_share',
                   error='ValueError') == 1


@pytest.mark.parametrize(('error', 'reason'), [(db_exc.DBDeadlock(), 'deadlock'),
                                               (db_exc.DBConnectionError(), 'connection')])
def test_transactions_that_are_tried_again_are_counted(attached, counted, error, reason):
    outcomes = [error, None]

    def work():
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome
    session.attempt(work)
    assert counted('manila_db_transaction_retries_total', reason=reason) == 1
