"""Observers of finished requests."""

#: Functions ``(operation name or None, version, status, seconds)``; they must be quick and must not fail.
observers = []


def observe(name, version, status, seconds):
    """Tell all observers about a finished request."""
    for observer in observers:
        observer(name, version, status, seconds)
