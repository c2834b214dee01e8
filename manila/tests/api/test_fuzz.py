"""Requests of all sorts to the whole API: no answer may be a 5xx or other than the OpenAPI document says."""
import random

import pytest

from manila.tests.fuzz import run, world
from manila.tests.fuzz.generator import Generator

VERSIONS = ('2.0', '2.7', '2.40', '2.60', '2.99')
NUMBER = 1500


@pytest.fixture
def served(conf, database, tmp_path):
    """The whole application with rows to hit."""
    world.configure(tmp_path, database.url)
    made = world.World()
    yield made
    made.close()


def test_no_request_brings_the_service_down_or_gets_an_undocumented_answer(served):
    series = run.Run(served)
    generator = Generator(random.Random(1), series.documents, served)
    series.send_all(generator.make(VERSIONS[number % len(VERSIONS)]) for number in range(NUMBER))
    assert series.sent == NUMBER
    assert not series.findings, series.report()
