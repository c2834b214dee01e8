"""The service that the tests of flows run."""
import pytest

from manila.rpc import interface
from manila.tests.fixtures import roles
from manila.tests.resources.conftest import api, statements  # noqa: F401


@pytest.fixture
def service(api, conf, tmp_path, monkeypatch):  # noqa: F811
    """The service with one back end, alpha, and not started yet.

    Its workers wake each other directly: RPC servers would not be asked, and take a second each to stop.
    """
    monkeypatch.setattr(interface.Server, 'start', lambda self: None)
    monkeypatch.setattr(interface.Server, 'stop', lambda self: None)
    yield from roles.run(conf, api, tmp_path)
