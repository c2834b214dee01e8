"""Making engines: SQLite, MariaDB/MySQL and PostgreSQL behave alike, with oslo.db's options and errors."""
import logging
import sqlite3
import time

import sqlalchemy as sa
from oslo_db import exception as db_exc
from oslo_db.sqlalchemy import exc_filters
from oslo_log import log

from manila.conf import CONF

LOG = log.getLogger(__name__)

DRIVERS = {'mysql': 'mysql+pymysql', 'mariadb': 'mysql+pymysql', 'mariadb+pymysql': 'mysql+pymysql',
           'postgresql': 'postgresql+psycopg2'}
# Seconds after which a pooled connection is tried before use: the server may have been restarted meanwhile.
IDLE = 1.0
WRITING = 'writing'     # execution option of a connection whose transaction is going to write


@exc_filters.filters('sqlite', sa.exc.OperationalError, r'.*database (table )?is locked.*')
@exc_filters.filters('postgresql', sa.exc.OperationalError, r'.*could not serialize access.*')
def _undone(error, match, engine_name, is_disconnect):
    raise db_exc.DBDeadlock(error)


# What servers say while they stop, start or are full, and drivers while they cannot reach them.
@exc_filters.filters('mysql', sa.exc.OperationalError, r'.*\(.*\b(1040|1047|1053|1927|20(02|03|06|13))\b.*')
@exc_filters.filters('postgresql', sa.exc.OperationalError, (
    r'.*connection to server .* failed: (?!.*(authentication failed|does not exist))',
    r'.*the database system is ', r'.*terminating connection', r'.*server closed the connection',
    r'.*remaining connection slots', r'.*sorry, too many clients'))
def _unreachable(error, match, engine_name, is_disconnect):
    raise db_exc.DBConnectionError(error)


def make(url):
    """An engine set up alike for all databases: READ COMMITTED, four-byte UTF-8, SQLite in WAL mode.

    Waits for the server as ``[database] max_retries`` and ``retry_interval`` say.

    :param url: as in ``[database] connection``
    :raises oslo_db.exception.DBConnectionError: when the server cannot be reached
    """
    options = CONF.database
    url = complete(url)
    arguments = {'pool_recycle': options.connection_recycle_time, 'pool_reset_on_return': None,
                 'poolclass': sa.pool.QueuePool, 'pool_size': options.max_pool_size,
                 'max_overflow': options.max_overflow}
    if options.pool_timeout is not None:
        arguments['pool_timeout'] = options.pool_timeout
    if url.get_backend_name() != 'sqlite':
        # MySQL's default, REPEATABLE READ, would show who waited for a lock the rows from before.
        arguments['isolation_level'] = 'READ COMMITTED'
    if options.connection_debug >= 50:
        logging.getLogger('sqlalchemy.engine').setLevel(
            logging.DEBUG if options.connection_debug >= 100 else logging.INFO)
    made = sa.create_engine(url, **arguments)
    # Not its register_engine(), which also looks after savepoints, at every commit: there are none.
    sa.event.listen(made, 'handle_error', exc_filters.handler, retval=True)
    sa.event.listen(made, 'checkin', _checkin)
    sa.event.listen(made, 'checkout', _checkout)
    sa.event.listen(made, 'reset', _reset)
    if made.dialect.name == 'sqlite':
        sa.event.listen(made, 'connect', _connect_sqlite)
        sa.event.listen(made, 'begin', _begin_sqlite)
    elif made.dialect.name == 'mysql':
        sa.event.listen(made, 'connect', _connect_mysql)
    _wait_for(made)
    return made


def complete(url):
    """The URL with the drivers and the character set that the project is tested with, where it names none."""
    url = sa.engine.make_url(url)
    if CONF.database.connection_parameters:
        url = url.update_query_string(CONF.database.connection_parameters, append=True)
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() == 'mysql' and 'charset' not in url.query:
        url = url.update_query_dict({'charset': 'utf8mb4'})
    return url


def _wait_for(made):
    left = CONF.database.max_retries
    while True:
        try:
            made.connect().close()
            return
        except db_exc.DBConnectionError as error:
            if left == 0:
                raise
            left -= 1
            LOG.warning('No connection to the database, trying again in %s s: %s',
                        CONF.database.retry_interval, error)
            time.sleep(CONF.database.retry_interval)


def _checkin(connection, record):
    record.info['used'] = time.monotonic()


def _checkout(connection, record, proxy):
    """Refuse connections that died while they lay in the pool."""
    used = record.info.get('used')
    if used is not None and time.monotonic() - used > IDLE:
        try:
            alive = proxy._pool._dialect.do_ping(connection)
        except Exception:
            alive = False
        if not alive:
            raise sa.exc.InvalidatePoolError('the connection was lost')


def _reset(connection, record, state):
    """Roll back what a returned connection may have left open; without a round trip where it has not."""
    if state.transaction_was_reset or getattr(connection, 'server_status', 1) & 1 == 0:
        return
    connection.rollback()


def _connect_mysql(connection, record):
    cursor = connection.cursor()
    if CONF.database.mysql_sql_mode is not None:
        cursor.execute('SET SESSION sql_mode = %s', [CONF.database.mysql_sql_mode])
    if CONF.database.mysql_wsrep_sync_wait is not None:
        cursor.execute('SET SESSION wsrep_sync_wait = %s', [CONF.database.mysql_wsrep_sync_wait])
    cursor.close()


def _connect_sqlite(connection, record):
    connection.isolation_level = None       # BEGIN is given by _begin_sqlite alone
    connection.execute('PRAGMA busy_timeout = 60000')
    connection.execute('PRAGMA foreign_keys = ON')
    _use_wal(connection)
    connection.execute(f'PRAGMA synchronous = {"NORMAL" if CONF.database.sqlite_synchronous else "OFF"}')


def _begin_sqlite(connection):
    # A read lock that wants to become a write lock while another does too can only fail: take it at once.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql('BEGIN IMMEDIATE' if writing else 'BEGIN')


def _use_wal(connection):
    # Kept in the file. To change it does not wait for locks by itself, as other statements do.
    end = time.monotonic() + 60
    while connection.execute('PRAGMA journal_mode').fetchone()[0] != 'wal':
        try:
            connection.execute('PRAGMA journal_mode = WAL')
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
