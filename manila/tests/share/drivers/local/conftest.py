"""A running back end for the functional tests beside this file."""
import pytest

from manila.tests.share.drivers.local.backend import Backend, missing


def pytest_collection_modifyitems(items):
    """Skip the functional tests here, with the reason, where the machine cannot run them."""
    problem = missing()
    for item in items:
        if problem and 'local' in item.path.parts and item.get_closest_marker('functional'):
            item.add_marker(pytest.mark.skip(reason=f'local back end: {problem}'))


@pytest.fixture
def stopped_backend(conf):
    """A back end that has not been started."""
    backend = Backend(conf)
    yield backend
    backend.clean()


@pytest.fixture
def backend(stopped_backend):
    """A running back end without CIFS."""
    return stopped_backend.start()
