"""The schema of the database: making, updating, comparing.

The migrations lie in ``manila/db/migrations/versions``, named by number. Processes that are started at once
may all call :func:`sync`: one migrates while the others wait.
"""
import contextlib
import os
import pathlib

import sqlalchemy as sa
from alembic import autogenerate, command, config, migration, script, util

from manila.db import engine as engines, models, session

HERE = pathlib.Path(__file__).parent / 'migrations'
HEAD = 'head'
Error = util.CommandError       # such as for a version that is not known
LOCK_NAME = 'manila-migration'
LOCK_NUMBER = 0x6d616e696c61    # "manila", for databases that name locks by number
PATIENCE = 600                  # seconds to wait for another process that migrates


def sync(target=HEAD):
    """Bring the schema to a version, the newest by default; does nothing where that is done already."""
    with _exclusive() as connection:
        command.upgrade(_alembic(connection), target)


def downgrade(target):
    """Undo migrations down to a version; ``base`` is the empty database."""
    with _exclusive() as connection:
        command.downgrade(_alembic(connection), target)


def stamp(target):
    """Note that the schema has a version, without changing anything else."""
    with _exclusive() as connection:
        command.stamp(_alembic(connection), target)


def version():
    """The version of the schema; None for an empty database."""
    with session.engine().connect() as connection:
        return migration.MigrationContext.configure(connection).get_current_revision()


def head():
    """The newest version that this code knows."""
    return _scripts().get_current_head()


def revision(message, autogenerate=False):
    """Write the file of a new migration; returns its path.

    :param autogenerate: fill in what brings the connected database to the tables that the code declares
    """
    number = f'{1 + max((int(found.revision) for found in _scripts().walk_revisions()), default=0):04d}'
    with _exclusive() as connection:
        made = command.revision(_alembic(connection), message, autogenerate=autogenerate, rev_id=number)
    return made.path


def differences():
    """What a migration would have to do for the database to have the tables that the code declares."""
    with session.engine().connect() as connection:
        context = migration.MigrationContext.configure(connection, opts={'compare_type': True})
        return autogenerate.compare_metadata(context, models.metadata)


def _alembic(connection=None):
    found = config.Config(output_buffer=open(os.devnull, 'w'))     # noqa: SIM115
    found.set_main_option('script_location', str(HERE).replace('%', '%%'))
    found.set_main_option('file_template', '%%(rev)s_%%(slug)s')
    found.attributes['connection'] = connection
    return found


def _scripts():
    return script.ScriptDirectory.from_config(_alembic())


@contextlib.contextmanager
def _exclusive():
    """A connection with an open transaction, while no other process migrates."""
    engine = session.engine()
    with engine.connect() as connection:
        lock = _LOCKS[engine.dialect.name]
        with lock(connection):
            yield connection


@contextlib.contextmanager
def _lock_sqlite(connection):
    # A table that is made anew under its old name must not take along the rows that refer to it.
    connection.connection.dbapi_connection.execute('PRAGMA foreign_keys = OFF')
    try:
        connection.execution_options(**{engines.WRITING: True})
        with connection.begin():
            yield
            broken = connection.exec_driver_sql('PRAGMA foreign_key_check').all()
            if broken:
                raise RuntimeError(f'the migration would leave references to missing rows: {broken[:10]}')
    finally:
        connection.connection.dbapi_connection.execute('PRAGMA foreign_keys = ON')


@contextlib.contextmanager
def _lock_postgresql(connection):
    with connection.begin():
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_NUMBER)))
        yield


@contextlib.contextmanager
def _lock_mysql(connection):
    # Its locks belong to the session, and to the whole server, not only to one database.
    name = f'{LOCK_NAME}-{connection.engine.url.database}'[:64]
    if not connection.scalar(sa.select(sa.func.get_lock(name, PATIENCE))):
        raise RuntimeError('another process has been migrating the database for too long')
    connection.commit()
    try:
        with connection.begin():
            yield
    finally:
        connection.execute(sa.select(sa.func.release_lock(name)))
        connection.commit()


_LOCKS = {'sqlite': _lock_sqlite, 'postgresql': _lock_postgresql, 'mysql': _lock_mysql}
