"""Transactions on real databases."""
import os
import threading
import time

import pytest
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import context as manila_context
from manila.db import base, engine as engines, session
from manila.resources.zones.model import zones
from manila.tests.functional import proxy as proxies

every_database = pytest.mark.every_database
every_server = pytest.mark.every_database('mysql', 'postgresql')


def row(name, **values):
    return {'id': base.new_id(), 'name': name, 'created_at': base.now(), **values}


def insert(connection, name):
    connection.execute(sa.insert(zones).values(row(name)))


def names(context):
    with session.reader(context) as connection:
        return sorted(connection.scalars(sa.select(zones.c.name)))


@every_database
def test_writer_commits_at_its_end(database, context):
    with session.writer(context) as connection:
        insert(connection, 'one')
    assert context.transaction is None
    assert names(context) == ['one']


@every_database
def test_exception_rolls_back_calls_nothing_and_returns_the_connection(database, context):
    called = []
    with pytest.raises(ZeroDivisionError), session.writer(context) as connection:
        insert(connection, 'one')
        session.after_commit(context, lambda: called.append(1))
        raise ZeroDivisionError
    assert context.transaction is None
    assert names(context) == [] and called == []
    assert session.engine().pool.checkedout() == 0


@every_database
def test_failed_statement_returns_the_connection_in_order(database, context):
    for _ in range(3):
        with pytest.raises(db_exc.DBDuplicateEntry), session.writer(context) as connection:
            insert(connection, 'one')
            insert(connection, 'one')
        with pytest.raises(db_exc.DBReferenceError), session.writer(context) as connection:
            connection.exec_driver_sql(
                "INSERT INTO share_type_extra_specs (share_type_id, %s, value) VALUES ('none', 'k', 'v')"
                % ('`key`' if database.backend == 'mysql' else '"key"'))
    assert session.engine().pool.checkedout() == 0
    assert names(context) == []


def test_inner_writer_and_reader_join_the_open_transaction(database, context):
    with pytest.raises(ZeroDivisionError), session.writer(context) as outer:
        with session.writer(context) as inner:
            assert inner is outer
            insert(inner, 'one')
        assert names(context) == ['one']
        raise ZeroDivisionError
    assert names(context) == []


def test_writer_inside_a_reader_is_refused(database, context):
    with session.reader(context), pytest.raises(RuntimeError), session.writer(context):
        pass


@every_database
def test_threads_with_one_context_have_transactions_of_their_own(database, context):
    """The parts of a service have several threads, for heartbeats and for work, and one context."""
    begun, found, go_on = threading.Event(), [], threading.Event()

    def look():
        begun.wait(30)
        try:
            found.append((context.transaction, names(context)))
            with session.reader(context) as connection:
                found.append(connection)
        finally:
            go_on.set()
    thread = threading.Thread(target=look)
    thread.start()
    try:
        with session.writer(context) as connection:
            insert(connection, 'one')
            begun.set()
            assert go_on.wait(30)
            assert context.transaction.connection is connection
    finally:
        begun.set()
        thread.join()
    assert found[0] == (None, []) and found[1] is not connection
    assert names(context) == ['one'] and context.transaction is None


def test_calls_come_in_order_after_the_commit_and_outside_the_transaction(database, context):
    found = []
    other = manila_context.get_admin_context()
    with session.writer(context) as connection:
        insert(connection, 'one')
        session.after_commit(context, lambda: found.append((context.transaction, names(other))))
        session.after_commit(context, lambda: found.append('second'))
        assert found == []
    assert found == [(None, ['one']), 'second']


def test_failing_call_after_a_commit_neither_undoes_nor_repeats_anything(database, context):
    found = []

    def fail():
        raise db_exc.DBDeadlock

    @session.transaction
    def write(context, name):
        insert(context.transaction.connection, name)
        session.after_commit(context, fail)
        session.after_commit(context, lambda: found.append(name))
    write(context, 'one')
    assert names(context) == ['one'] and found == ['one']


def test_transaction_is_run_again_from_its_start_after_a_deadlock(database, context):
    called = []

    @session.transaction
    def write(context, name):
        insert(context.transaction.connection, name)
        session.after_commit(context, lambda: called.append(name))
        turns.append(context.transaction)
        if len(turns) < 3:
            raise db_exc.DBDeadlock
        return 'done'
    turns = []
    assert write(context, 'one') == 'done'
    assert len(set(turns)) == 3
    assert names(context) == ['one'] and called == ['one']


def test_transaction_inside_another_leaves_it_to_that_one_to_try_again(database, context):
    turns = []

    @session.transaction
    def inner(context):
        turns.append('inner')
        if len(turns) < 3:
            raise db_exc.DBDeadlock

    @session.transaction
    def outer(context):
        turns.append('outer')
        inner(context)
    outer(context)
    assert turns == ['outer', 'inner', 'outer', 'inner']


def test_retries_end_and_the_error_is_raised(database, context, conf):
    conf.config(group='database', transaction_retries=2)
    turns = []

    def fail():
        turns.append(1)
        raise db_exc.DBDeadlock
    with pytest.raises(db_exc.DBDeadlock):
        session.attempt(fail)
    assert len(turns) == 3


def lost(in_commit):
    error = db_exc.DBConnectionError('gone')
    error.in_commit = in_commit
    return error


@pytest.mark.parametrize('in_commit, repeatable, turns',
                         [(False, False, 2), (True, False, 1), (True, True, 2)])
def test_lost_commit_is_repeated_only_where_that_does_no_harm(database, in_commit, repeatable, turns):
    found = []

    def work():
        found.append(1)
        if len(found) == 1:
            raise lost(in_commit)
    try:
        session.attempt(work, repeatable=repeatable)
    except db_exc.DBConnectionError:
        assert turns == 1
    assert len(found) == turns


def test_lost_connection_is_tried_for_as_long_as_told(database, conf):
    conf.config(group='database', transaction_retries=0)
    found = []
    begin = time.monotonic()

    def work():
        found.append(1)
        raise lost(False)
    with pytest.raises(db_exc.DBConnectionError):
        session.attempt(work, seconds=0.3)
    assert time.monotonic() - begin >= 0.3 and len(found) > 2


@every_database
def test_writers_at_once_lose_no_update(database):
    with session.writer(manila_context.get_admin_context()) as connection:
        connection.execute(sa.insert(zones).values(row('0', id='counter')))

    @session.transaction
    def increase(context):
        connection = context.transaction.connection
        number = connection.scalar(sa.select(zones.c.name).where(zones.c.id == 'counter').with_for_update())
        connection.execute(sa.update(zones).where(zones.c.id == 'counter').values(name=str(int(number) + 1)))

    def run():
        context = manila_context.get_admin_context()
        for _ in range(15):
            increase(context)
    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(manila_context.get_admin_context()) == ['90']


@every_server
def test_real_deadlock_is_resolved(database):
    setup = manila_context.get_admin_context()
    with session.writer(setup) as connection:
        for name in ('a', 'b'):
            connection.execute(sa.insert(zones).values(row(name, id=name)))
    barrier = threading.Barrier(2, timeout=30)
    turns = []

    def cross(first, second):
        context = manila_context.get_admin_context()

        @session.transaction
        def write(context):
            turns.append(first)
            for number, zone in enumerate((first, second)):
                context.transaction.connection.execute(
                    sa.update(zones).where(zones.c.id == zone).values(name=zones.c.name + first))
                if not number and turns.count(first) == 1:
                    barrier.wait()
        write(context)
    threads = [threading.Thread(target=cross, args=pair) for pair in (('a', 'b'), ('b', 'a'))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(''.join(sorted(name)) for name in names(setup)) == ['aab', 'abb']
    assert len(turns) >= 3


@every_database
def test_clock_of_the_database_is_utc_with_fractions(database, context):
    with session.reader(context) as connection:
        found = [connection.scalar(sa.select(base.epoch())) for _ in range(20)]
    assert abs(found[0] - time.time()) < 30
    assert found == sorted(found) and any(value % 1 for value in found)
    assert isinstance(found[0], float)


@every_database
def test_times_keep_their_microseconds(database, context):
    moment = base.now().replace(microsecond=123457)
    with session.writer(context) as connection:
        connection.execute(sa.insert(zones).values({**row('one'), 'created_at': moment}))
    with session.reader(context) as connection:
        assert connection.scalar(sa.select(zones.c.created_at)) == moment


@pytest.fixture
def proxy(database, conf):
    """A way to cut the database off."""
    url = sa.engine.make_url(database.url)
    with proxies.Proxy(url.host, url.port) as found:
        session.dispose()
        conf.config(group='database', connection=url.set(host='127.0.0.1', port=found.port)
                    .render_as_string(hide_password=False))
        yield found


@every_server
def test_connections_that_died_in_the_pool_are_replaced_before_use(proxy, context, monkeypatch):
    monkeypatch.setattr(engines, 'IDLE', 0)
    assert names(context) == []
    proxy.drop()
    assert names(context) == []


@every_server
def test_transaction_survives_the_loss_of_its_connection(proxy, context):
    turns = []

    @session.transaction
    def write(context):
        turns.append(1)
        insert(context.transaction.connection, f'zone-{len(turns)}')
        if len(turns) == 1:
            proxy.drop()
            insert(context.transaction.connection, 'lost')
    write(context)
    assert names(context) == ['zone-2']


@every_server
def test_server_that_cannot_be_reached_is_a_lost_connection(proxy, context, conf):
    conf.config(group='database', max_retries=0)
    assert names(context) == []
    proxy.cut()
    with pytest.raises(db_exc.DBConnectionError):
        names(context)
    session.dispose()
    with pytest.raises(db_exc.DBConnectionError):
        names(context)
    proxy.heal()
    assert names(context) == []


@every_server
def test_first_connection_waits_for_the_server(proxy, context, conf):
    conf.config(group='database', max_retries=-1, retry_interval=0)
    proxy.cut()
    timer = threading.Timer(0.3, proxy.heal)
    timer.start()
    assert names(context) == []
    timer.join()


@every_database
def test_child_of_a_fork_connects_anew(database, context):
    assert names(context) == []
    parent = session.engine()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            with session.writer(manila_context.get_admin_context()) as connection:
                insert(connection, 'child')
            os.write(writing, b'new' if session.engine() is not parent else b'old')
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(reading, 3) == b'new'
    assert names(context) == ['child']
    assert session.engine() is parent


def test_sqlite_file_lies_below_the_state_path_by_default(conf, tmp_path):
    conf.config(state_path=str(tmp_path))
    assert session.url() == f'sqlite:///{tmp_path}/manila.sqlite'


@pytest.mark.parametrize('given, driver', [
    ('mysql://u@h/d', 'mysql+pymysql'), ('mariadb://u@h/d', 'mysql+pymysql'),
    ('postgresql://u@h/d', 'postgresql+psycopg2'), ('sqlite:////tmp/a', 'sqlite'),
    ('mysql+mysqldb://u@h/d', 'mysql+mysqldb')])
def test_drivers_that_the_url_leaves_open_are_those_of_the_requirements(given, driver):
    assert engines.complete(given).drivername == driver


def test_mysql_is_spoken_to_in_four_byte_utf8_unless_the_url_says_otherwise():
    assert engines.complete('mysql://u@h/d').query['charset'] == 'utf8mb4'
    assert engines.complete('mysql://u@h/d?charset=utf8').query['charset'] == 'utf8'
