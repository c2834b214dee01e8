"""A driver without storage, for tests, benchmarks and the conformance suite.

It answers as a real one would, at once or with the delays and failures that were planned, see
:mod:`manila.share.drivers.dummy.faults`. What "exists" is kept in memory, or in a file that other processes
    can look
into, see :mod:`manila.share.drivers.dummy.array`.
"""
from manila.share.drivers.dummy.driver import DummyDriver

__all__ = ['DummyDriver']
