"""Life, death and ownership of services."""
import json
import threading

import pytest
import sqlalchemy as sa

from manila import context as contexts
from manila.db import session
from manila.resources.services import store
from manila.resources.services.model import services
from manila.resources.zones import service as zones

BINARY = 'manila-share'


@pytest.fixture
def zone(context, database):
    return zones.ensure(context, 'north')


@pytest.fixture
def row(context, zone):
    return store.register(context, 'host@a', BINARY, 'topic', zone)


def silent(context, service_id, seconds):
    """Let a service have been silent, and its lease have run, for so long."""
    with session.writer(context) as connection:
        connection.execute(sa.update(services).where(services.c.id == service_id).values(
            seen=services.c.seen - seconds, lease_until=services.c.lease_until - seconds))


@pytest.mark.every_database
def test_a_service_is_registered_once_and_alive_at_once(context, database, zone):
    first = store.register(context, 'host@a', BINARY, 'topic', zone)
    again = store.register(context, 'host@a', BINARY, 'new', zone)
    assert again['id'] == first['id'] and again['topic'] == 'new'
    assert (first['up'], first['disabled'], first['zone']) == (True, False, 'north')
    assert len(store.find(context)) == 1


@pytest.mark.every_database
def test_several_processes_may_register_a_service_at_once(context, database, zone):
    found = []

    def work():
        found.append(store.register(contexts.get_admin_context(), 'host@a', BINARY, 'topic', zone)['id'])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1


def test_a_new_service_is_disabled_where_that_is_configured(context, zone, conf):
    conf.config(enable_new_services=False)
    row = store.register(context, 'host@a', BINARY, 'topic', zone)
    assert row['disabled'] and store.live(context, BINARY) == []
    store.change(context, 'host@a', BINARY, disabled=False)
    assert not store.register(context, 'host@a', BINARY, 'topic', zone)['disabled']


@pytest.mark.every_database
def test_a_service_is_down_when_it_was_silent_too_long(context, database, row, conf):
    conf.config(service_down_time=60)
    silent(context, row['id'], 50)
    assert store.get(context, row['id'])['up']
    silent(context, row['id'], 20)
    assert not store.get(context, row['id'])['up']
    assert store.find(context, up=True) == [] and len(store.find(context, up=False)) == 1
    assert store.live(context, BINARY) == []
    assert store.heartbeat(context, row['id'])
    assert [found['id'] for found in store.live(context, BINARY)] == [row['id']]
    assert store.live(context, 'manila-scheduler') == []


def test_a_heartbeat_is_one_statement_and_shows_as_time_of_the_change(context, row, statements):
    silent(context, row['id'], 3600)
    before = store.get(context, row['id'])['updated_at']
    with statements() as seen:
        store.heartbeat(context, row['id'])
    assert len(seen) == 1
    assert 3590 < (store.get(context, row['id'])['updated_at'] - before).total_seconds() < 3700


def test_a_heartbeat_of_a_row_that_is_gone_says_so(context, database):
    assert not store.heartbeat(context, 99)


@pytest.mark.every_database
def test_a_service_has_one_owner_until_its_lease_lapses(context, database, row):
    service_id = row['id']
    assert store.owner(context, service_id) is None
    assert store.own(context, service_id, 'one', 60)
    assert store.own(context, service_id, 'one', 60)
    assert not store.own(context, service_id, 'two', 60)
    assert not store.heartbeat(context, service_id, 'two', 60)
    assert store.owner(context, service_id) == 'one'
    silent(context, service_id, 61)
    assert store.owner(context, service_id) is None
    assert store.heartbeat(context, service_id, 'one', 60)
    assert not store.own(context, service_id, 'two', 60)
    silent(context, service_id, 61)
    assert store.own(context, service_id, 'two', 60)
    assert not store.heartbeat(context, service_id, 'one', 60)
    assert store.owner(context, service_id) == 'two'


def test_a_service_that_does_not_work_yet_is_down_but_keeps_its_owner(context, zone):
    row = store.register(context, 'host@a', BINARY, 'topic', zone, alive=False)
    assert not row['up']
    store.own(context, row['id'], 'one', 60)
    silent(context, row['id'], 50)
    assert store.heartbeat(context, row['id'], 'one', 60, alive=False)
    silent(context, row['id'], 50)
    assert store.owner(context, row['id']) == 'one' and not store.get(context, row['id'])['up']


def test_an_owner_may_be_replaced_by_force(context, row):
    store.own(context, row['id'], 'one', 60)
    assert store.own(context, row['id'], 'two', 60, force=True)
    assert store.owner(context, row['id']) == 'two'


@pytest.mark.every_database
def test_a_service_that_stopped_in_good_order_is_down_and_free(context, database, row):
    store.own(context, row['id'], 'one', 60)
    assert not store.disown(context, row['id'], 'two')
    assert store.get(context, row['id'])['up']
    assert store.disown(context, row['id'], 'one')
    assert not store.get(context, row['id'])['up']
    assert store.own(context, row['id'], 'two', 60)
    assert not store.get(context, row['id'])['up']
    assert store.heartbeat(context, row['id'], 'two', 60)
    assert store.get(context, row['id'])['up']
    store.stop(context, row['id'])
    assert not store.get(context, row['id'])['up']


def test_of_several_contenders_one_becomes_the_owner(context, row):
    found = []

    def work(name):
        if store.own(contexts.get_admin_context(), row['id'], name, 60):
            found.append(name)

    threads = [threading.Thread(target=work, args=(f'p{number}',)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1 and store.owner(context, row['id']) == found[0]


@pytest.mark.every_database
def test_reports_are_kept_and_only_read_where_they_are_wanted(context, database, row, zone):
    store.register(context, 'host@b', BINARY, 'topic', zone)
    report = json.dumps({'pools': [{'pool_name': 'ü' * 70000}]})
    store.save_report(context, row['id'], report)
    (found,) = store.reports(context, BINARY)
    assert found['report'] == report and found['host'] == 'host@a' and found['reported_at']
    assert all('report' not in other for other in store.find(context))


def test_services_are_found_by_columns_and_zone(context, row, zone):
    other = store.register(context, 'host', 'manila-scheduler', 'topic', zones.ensure(context, 'east'))
    for filters, wanted in (({'host': 'host'}, [other]), ({'binary': BINARY}, [row]),
                            ({'zone': 'east'}, [other]), ({'zone': zone}, [row]), ({'zone': 'none'}, []),
                            ({'disabled': True}, []), ({}, [row, other])):
        assert [found['id'] for found in store.find(context, **filters)] == [item['id'] for item in wanted]
    assert store.get(context, 99) is None
