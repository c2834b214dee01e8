"""The service with rows of every kind, and callers of the projects they belong to."""
import pytest

from manila.api import app
from manila.conf import CONF
from manila.tests.fuzz import world as worlds
from manila.tests.resources.conftest import Callers, statements  # noqa: F401


class Stage(Callers):
    """Callers of an API that has the rows of :class:`manila.tests.fuzz.world.World`.

    :ivar world: the rows
    """

    def __init__(self, world):
        super().__init__(app.api_factory())
        self.world = world
        self.admin = self.of(('admin', 'member', 'reader'), worlds.PROJECTS['admin'], 'admin')
        self.user = self.of(('member', 'reader'), worlds.PROJECTS['member'], 'member')
        self.stranger = self.of(('member', 'reader'), worlds.PROJECTS['stranger'], 'stranger')


@pytest.fixture
def stage(conf, database, tmp_path):
    """The rows and the callers."""
    worlds.configure(tmp_path, database.url)
    CONF.set_override('osapi_max_limit', 1000)
    made = worlds.World()
    yield Stage(made)
    made.close()
