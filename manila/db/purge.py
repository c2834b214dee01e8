"""Removing rows that nobody needs any more.

A package of resources that has some offers ``purge(context, before, limit)`` in its ``service``: it removes
up to ``limit`` rows that have been of no use since a time, and returns how many it removed.
"""
from manila import resources
from manila.jobs import store

BATCH = 1000


def sources():
    """What can be purged: name -> function."""
    found = {'jobs': store.purge_failed}
    for module in resources.modules('service'):
        if hasattr(module, 'purge'):
            found[module.__name__.split('.')[-2]] = module.purge
    return found


def run(context, before, batch=BATCH):
    """Purge everything, in transactions of up to ``batch`` rows; returns name -> number of rows."""
    return {name: _purge(purge, context, before, batch) for name, purge in sources().items()}


def _purge(purge, context, before, batch):
    total = 0
    while True:
        number = purge(context, before, batch)
        total += number
        if number < batch:
            return total
