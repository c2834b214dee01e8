"""What all model objects share: identifiers, exact look-up in named lists, and operations run by jobs."""

import uuid

from manila.tests.simulators.ontap.model import errors

OPERATIONS = {}


def new_uuid():
    return str(uuid.uuid4())


def operation(name):
    """Register a function as an operation that jobs and timers can run by name (so state can be saved)."""
    def register(function):
        OPERATIONS[name] = function
        return function
    return register


def find(items, **wanted):
    """The first item whose attributes equal all of `wanted`, or None."""
    for item in items:
        if all(getattr(item, key) == value for key, value in wanted.items()):
            return item
    return None


def get(items, kind, **wanted):
    """Like `find`, but refuses with 'not found'."""
    item = find(items, **wanted)
    if item is None:
        raise errors.missing(kind, ', '.join(str(v) for v in wanted.values()))
    return item


def as_int(value, field):
    """A whole number out of what a client sent. :raises Refused: when it is none."""
    if isinstance(value, bool):
        raise errors.invalid(field, value)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise errors.invalid(field, value) from None
