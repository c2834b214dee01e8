"""The tables that the kinds of jobs of these tests write to."""
import pytest

from manila.db import session
from manila.tests.jobs import programs


@pytest.fixture
def traces(database):
    """Empty tables for traces, in the test's database."""
    engine = session.engine()
    programs.metadata.create_all(engine)
    with engine.begin() as connection:
        for table in programs.metadata.tables.values():
            connection.execute(table.delete())
    return database


@pytest.fixture
def start(traces, conf):
    """Start a worker in a process of its own: ``start(queue, 'jobs.lease=1')``."""
    started = []

    def start(queue='test', *options):
        started.append(programs.Program(traces.url, queue, *options))
        return started[-1]
    yield start
    for program in started:
        if program.process.returncode is None:
            program.kill()
