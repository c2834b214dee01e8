"""What all tests share: see the modules of ``manila.tests.fixtures``."""
from manila.tests.fixtures.conf import conf  # noqa: F401
from manila.tests.fixtures.database import (  # noqa: F401
    context,
    database,
    databases,
    pytest_generate_tests,
    worker_id,
)


def pytest_configure(config):
    """Declare the markers."""
    config.addinivalue_line('markers', 'every_database: runs the test on SQLite, MariaDB and PostgreSQL')
