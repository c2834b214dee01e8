"""Where packages say how the usage of their resources is counted from the real rows.

A counter is ``function(connection, projects)`` that yields (project id, user id or None, share type id or
None, amount); ``projects`` are the ids of the projects asked about, or None for all.
"""
COUNTERS = {}


def register(resource, function):
    """Declare how the usage of a resource is counted."""
    COUNTERS[resource] = function
