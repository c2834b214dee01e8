"""What is counted during a test."""
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from manila.metrics.registry import REGISTRY


class Counted:
    """Changes of metrics since the test began; the registry is that of the process, and only grows."""

    def __init__(self):
        self._before = self._read()

    def _read(self):
        return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
                for family in text_string_to_metric_families(generate_latest(REGISTRY).decode())
                for sample in family.samples}

    def __call__(self, name, **labels):
        """By how much a sample has grown."""
        key = name, tuple(sorted(labels.items()))
        return self._read().get(key, 0) - self._before.get(key, 0)

    def labels(self, name):
        """The labels of all samples of a name."""
        return [dict(labels) for found, labels in self._read() if found == name]


@pytest.fixture
def counted():
    """By how much metrics grow."""
    return Counted()
