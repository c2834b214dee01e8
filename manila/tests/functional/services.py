"""The real databases and the real broker of a test run, and what is made on them for one test."""
import contextlib
import os
import uuid

import amqp
import pytest
import sqlalchemy as sa

from manila.tests.functional.proxy import Proxy

USUAL = {
    'mysql': 'mysql+pymysql://root:@127.0.0.1:3306/',
    'postgresql': 'postgresql+psycopg2://postgres@127.0.0.1:5432/postgres',
    'rabbit': 'rabbit://guest:guest@127.0.0.1:5672/',
}
DATABASES = ('mysql', 'postgresql')


def url_of(kind):
    """URL of a service as `tools/test` names it, else where it usually is; skips the test without one."""
    url = sa.engine.make_url(os.environ.get(f'MANILA_TEST_{kind.upper()}_URL') or USUAL[kind])
    try:
        _log_in(kind, url)
    except Exception as error:
        pytest.skip(f'no {kind} at {url.host}:{url.port}: {str(error).splitlines()[0]}')
    return url


def _log_in(kind, url):
    if kind == 'rabbit':
        with broker(url):
            return
    engine = sa.create_engine(url)
    engine.connect().close()
    engine.dispose()


@contextlib.contextmanager
def database(kind):
    """URL of an empty database that lasts as long as the block."""
    admin = sa.create_engine(url_of(kind), isolation_level='AUTOCOMMIT')
    name = f'manila_test_{uuid.uuid4().hex[:12]}'
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE {name}')
    try:
        yield admin.url.set(database=name)
    finally:
        force = ' WITH (FORCE)' if kind == 'postgresql' else ''
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE {name}{force}')
        admin.dispose()


@contextlib.contextmanager
def proxied(url):
    """(URL through a proxy, the proxy), while the block lasts."""
    with Proxy(url.host, url.port) as proxy:
        yield url.set(host='127.0.0.1', port=proxy.port), proxy


@contextlib.contextmanager
def broker(url):
    """A connection to the broker."""
    connection = amqp.Connection(f'{url.host}:{url.port}', url.username, url.password, connect_timeout=5)
    connection.connect()
    try:
        yield connection
    finally:
        with contextlib.suppress(Exception):
            connection.close()


def forget_queues(url, exchange, names):
    """Delete the queues and the exchange of a test from the broker."""
    with broker(url) as connection:
        for name in names:
            with contextlib.suppress(amqp.exceptions.AMQPError), connection.channel() as channel:
                channel.queue_delete(name)
        with contextlib.suppress(amqp.exceptions.AMQPError), connection.channel() as channel:
            channel.exchange_delete(exchange)
