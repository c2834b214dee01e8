"""Migrations on real databases."""
import shutil
import subprocess
import sys

import pytest
import sqlalchemy as sa

from manila.db import migration, models, session

SYNC = """
import sys
from manila.conf import CONF
CONF([], project='manila', default_config_files=[])
CONF.set_override('connection', sys.argv[1], 'database')
from manila.db import migration
print('ready', flush=True)
sys.stdin.readline()
migration.sync()
"""


@pytest.fixture
def bare(request, databases, conf, tmp_path):
    """An empty database without tables, which ``manila.db.session`` uses."""
    session.dispose()
    with databases.bare(request.param, tmp_path) as url:
        conf.config(group='database', connection=url)
        yield url
        session.dispose()


def pytest_generate_tests(metafunc):
    if 'bare' in metafunc.fixturenames:
        metafunc.parametrize('bare', ('sqlite', 'mysql', 'postgresql'), indirect=True)


def tables():
    return set(sa.inspect(session.engine()).get_table_names())


def test_migrations_make_the_tables_that_the_code_declares(bare):
    assert migration.version() is None
    migration.sync()
    assert migration.version() == migration.head()
    assert migration.differences() == []
    assert tables() == {*models.metadata.tables, 'alembic_version'}


def test_missing_column_is_a_difference(bare):
    migration.sync()
    with session.engine().begin() as connection:
        connection.exec_driver_sql('ALTER TABLE jobs DROP COLUMN error')
    (found,) = (one for one in migration.differences() if one[0] == 'add_column' and one[2] == 'jobs')
    assert found[3].name == 'error'


def test_second_sync_changes_nothing(bare):
    migration.sync()
    migration.sync()
    assert migration.version() == migration.head()


def test_downgrade_to_base_leaves_nothing(bare):
    migration.sync()
    made = tables()
    migration.downgrade('base')
    assert migration.version() is None
    assert tables() == {'alembic_version'}
    migration.sync()
    assert tables() == made


def test_stamp_only_notes_the_version(bare):
    migration.stamp('0001')
    assert migration.version() == '0001'
    assert tables() == {'alembic_version'}


def test_two_processes_that_sync_at_once_do_no_harm(bare):
    pipes = dict.fromkeys(('stdin', 'stdout', 'stderr'), subprocess.PIPE)
    found = [subprocess.Popen([sys.executable, '-W', 'ignore', '-c', SYNC, bare], text=True, **pipes) for _ in range(3)]
    for process in found:
        assert process.stdout.readline() == 'ready\n'
    for process in found:
        process.stdin.write('\n')
        process.stdin.flush()
    for process in found:
        assert (process.wait(120), process.communicate()[1]) == (0, '')
    assert migration.version() == migration.head()
    made = tables()
    migration.downgrade('base')
    migration.sync()
    assert tables() == made


def test_failed_migration_leaves_foreign_keys_enforced_on_sqlite(database):
    with pytest.raises(Exception, match='9999'):
        migration.sync('9999')
    with session.engine().connect() as connection:
        assert connection.exec_driver_sql('PRAGMA foreign_keys').scalar() == 1


def test_revision_is_numbered_after_the_newest_and_can_be_filled_in(database, tmp_path, monkeypatch):
    shutil.copytree(migration.HERE, tmp_path / 'migrations')
    monkeypatch.setattr(migration, 'HERE', tmp_path / 'migrations')
    newest = migration.head()
    number = f'{int(newest) + 1:04d}'
    with session.engine().begin() as connection:
        for column in ('error', 'failed_at'):
            connection.exec_driver_sql('DROP INDEX IF EXISTS ix_jobs_claim')
            connection.exec_driver_sql(f'ALTER TABLE jobs DROP COLUMN {column}')
    path = migration.revision('Bring two columns back', autogenerate=True)
    assert path == f'{tmp_path}/migrations/versions/{number}_bring_two_columns_back.py'
    migration.sync()
    assert migration.version() == number and migration.differences() == []
    migration.downgrade(newest)
    assert {found[0] for found in migration.differences()} == {'add_column', 'add_index'}
