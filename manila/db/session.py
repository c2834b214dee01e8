"""Transactions: one engine per process, one open transaction per context.

``with reader(context)`` and ``with writer(context)`` give a SQLAlchemy Core connection. Inside an open
transaction they join it, so that stores and services compose; a writer cannot be opened inside a reader. What
must happen only once the transaction is durable is given to :func:`after_commit`. Functions decorated with
:func:`transaction` are run again as a whole after a deadlock or a connection lost before the commit: the one
place where that is done.
"""
import contextlib
import functools
import os
import random
import threading
import time

import sqlalchemy as sa
from oslo_db import exception as db_exc
from oslo_log import log

from manila.conf import CONF
from manila.db import engine as engines

LOG = log.getLogger(__name__)

_lock = threading.Lock()
_engine = None
_inherited = None
ERRORS = (db_exc.DBError, sa.exc.SQLAlchemyError)    # all that a database may raise
#: Functions ``(error)`` called when a transaction is tried again; they must be quick and must not fail.
observers = []
RETRIED = (db_exc.DBDeadlock, db_exc.DBConnectionError, sa.exc.TimeoutError)


class Transaction:
    """An open transaction of a context."""

    def __init__(self, connection, writing):
        self.connection = connection
        self.writing = writing
        self.callbacks = []


def engine():
    """The engine of this process, made at first use from ``[database] connection``."""
    global _engine
    if _engine is None:
        with _lock:
            if _engine is None:
                _engine = engines.make(url())
    return _engine


def url():
    """The database's address: ``[database] connection``, or a SQLite file below ``state_path``."""
    return CONF.database.connection or f'sqlite:///{CONF.state_path}/manila.sqlite'


def ping():
    """Ask the database for something that costs nothing; raises what it raises when it cannot be reached."""
    with engine().connect() as connection:
        connection.exec_driver_sql('SELECT 1')


def dispose():
    """Close the connections of this process."""
    global _engine
    with _lock:
        if _engine is not None:
            _engine.dispose()
        _engine = None


def _forget():
    # The connections are the parent's: a child neither uses nor closes them, nor lets them be collected.
    global _engine, _inherited, _lock
    _inherited, _engine, _lock = _engine, None, threading.Lock()


os.register_at_fork(after_in_child=_forget)


@contextlib.contextmanager
def reader(context):
    """A connection for reading, in the context's open transaction or in one of its own."""
    if context.transaction is not None:
        yield context.transaction.connection
        return
    with engine().connect() as connection:
        if connection.dialect.name == 'postgresql':
            # At READ COMMITTED each statement sees its own moment anyway: BEGIN and ROLLBACK would only cost time.
            connection.execution_options(isolation_level='AUTOCOMMIT')
        context.transaction = Transaction(connection, writing=False)
        try:
            yield connection
        finally:
            context.transaction = None


@contextlib.contextmanager
def writer(context):
    """A connection for writing, in the context's open transaction or in one that is committed at the end."""
    current = context.transaction
    if current is not None:
        if not current.writing:
            raise RuntimeError('a transaction for writing cannot be opened inside one for reading')
        yield current.connection
        return
    with engine().connect() as connection:
        if connection.dialect.name == 'sqlite':
            connection.execution_options(**{engines.WRITING: True})
        current = Transaction(connection, writing=True)
        with connection.begin() as outer:
            context.transaction = current
            try:
                yield connection
            finally:
                context.transaction = None
            try:
                outer.commit()
            except Exception as error:
                error.in_commit = True
                raise
    for callback in current.callbacks:
        try:
            callback()
        except Exception:
            # The transaction stands: nothing may make the caller believe otherwise, or do it again.
            LOG.exception('A call after a commit failed')


def after_commit(context, callback):
    """Have ``callback()`` called once the open transaction of the context is committed, and only then."""
    context.transaction.callbacks.append(callback)


def transaction(function):
    """Run ``function(context, ...)`` in one transaction for writing, again from its start if that is safe.

    A deadlock or serialization failure has undone everything; so has a connection that was lost before the
    commit was asked for. A connection lost during the commit leaves it open what happened: that is raised.
    """
    @functools.wraps(function)
    def wrapped(context, *args, **kwargs):
        if context.transaction is not None:
            return function(context, *args, **kwargs)
        return attempt(lambda: _in_writer(function, context, args, kwargs))
    return wrapped


def _in_writer(function, context, args, kwargs):
    with writer(context):
        return function(context, *args, **kwargs)


def attempt(work, seconds=0, repeatable=False):
    """Call ``work()``, which opens and ends a transaction, again after failures that undid it.

    :param seconds: for which to go on while the database cannot be reached, beyond ``transaction_retries``
    :param repeatable: whether ``work`` does no harm when the commit that failed had taken place after all
    """
    left = CONF.database.transaction_retries
    end = time.monotonic() + seconds
    pause = 0.02
    while True:
        try:
            return work()
        except RETRIED as error:
            lost = not isinstance(error, db_exc.DBDeadlock)
            if getattr(error, 'in_commit', False) and lost and not repeatable:
                raise
            if left <= 0 and not (lost and time.monotonic() < end):
                raise
            left -= 1
            LOG.debug('Transaction is tried again: %s', error)
            for observer in observers:
                observer(error)
            time.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, 1.0)
