"""Checks of all shares of a back end while it is served."""
import threading

import pytest

from manila.db import session
from manila.jobs import store as jobs
from manila.resources.shares import store as shares
from manila.tests.fixtures.roles import wait_until
from manila.tests.fixtures.rows import without_jobs
from manila.tests.flows.test_crash import ALPHA, Doomed, alpha, doomed_worker


def ensure(service, host='node@alpha', expected=202, **body):
    answer = service.admin('POST', '/services/ensure-shares', body or {'host': host})
    assert answer.status_int == expected, answer.text


def ensuring(service, version='2.99'):
    (found,) = service.admin.get('/services?host=node@alpha', version)['services']
    return found['ensuring']


@pytest.mark.every_database
def test_shares_are_checked_while_the_back_end_works(service):
    service.start()
    first = service.create()
    begun, go_on = threading.Event(), threading.Event()
    driver = service.driver()
    check = driver.ensure_shares

    def wait(*args):
        begun.set()
        assert go_on.wait(30)
        return check(*args)
    driver.ensure_shares = wait
    ensure(service)
    assert begun.wait(30)
    assert ensuring(service) and service.show(first)['status'] == 'ensuring'
    ensure(service, expected=409)
    service.act(first, 'extend', {'new_size': 2}, expected=400)
    second = service.create()
    go_on.set()
    assert wait_until(lambda: not ensuring(service)) and service.settle(first) == 'available'
    service.act(second, 'extend', {'new_size': 2})
    assert service.settle(second) == 'available'
    service.check()


def test_checks_are_ordered_by_administrators_of_back_ends_that_are_up(service):
    service.start()
    assert service.user('POST', '/services/ensure-shares', {'host': 'node@alpha'}).status_int == 403
    assert service.admin('POST', '/services/ensure-shares', {'host': 'node@alpha'}, version='2.85').status_int == 404
    ensure(service, 'node@beta', expected=404)
    ensure(service, 'node', expected=404)
    for body in ({'host': None}, {'host': 1}, {'host': ''}, {'ensure_shares': {}}, {'ensure_shares': None},
                 {'host': 'node@alpha', 'more': 1}, {'ensure_shares': {'host': 'node@alpha', 'more': 1}}):
        ensure(service, expected=400, **body)
    ensure(service, ensure_shares={'host': 'node@alpha'})
    service.idle()
    service.stop()
    ensure(service, expected=409)


def test_check_goes_on_after_its_worker_was_lost(service):
    for moment in ('before the call', 'during the call', 'after the call'):
        service.start()
        share_id = service.create()
        service.stop()
        service.keep_alive()
        ensure(service)
        doomed_worker(service, ALPHA, Doomed(alpha(service), 'ensure_shares', moment), moment)
        jobs.lapse(service.context, owners=['doomed'])
        assert service.show(share_id)['status'] in ('ensuring', 'available')
        service.start()
        service.idle()
        assert service.show(share_id)['status'] == 'available' and not ensuring(service)
        service.check()
        service.stop()


def test_shares_left_by_a_check_whose_job_is_gone_are_checked_after_the_next_start(service):
    service.start()
    share_id = service.create()
    service.stop()
    service.keep_alive()
    ensure(service)
    without_jobs(service.context)
    with session.writer(service.context) as connection:
        shares.change_instance(connection, service.instance_of(share_id), status='ensuring')
    service.start()
    wait_until(lambda: service.show(share_id)['status'] == 'available')
    service.idle()
    assert not ensuring(service)
    service.check()


def test_check_finds_rules_that_the_back_end_lost(service):
    service.start()
    share_id = service.create()
    service.allow(share_id)
    service.idle()
    service.stop()
    service.backends('alpha', driver='manila.tests.flows.drivers.Forgetful')
    service.start()
    ensure(service)
    service.idle()
    assert service.storage.objects('share')[service.instance_of(share_id)]['rules']
    assert service.rules(share_id) == {'192.0.2.1': 'active'}
    service.check()
