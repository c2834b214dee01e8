"""One package per resource; the files of all packages have the same names, see the architecture page."""
import importlib
import pkgutil


def modules(tier):
    """Import the file of one tier, such as ``work`` or ``api``, of every package that has it; returns the modules."""
    found = []
    for package in pkgutil.iter_modules(__path__, f'{__name__}.'):
        parts = importlib.import_module(package.name)
        if tier in (part.name for part in pkgutil.iter_modules(parts.__path__)):
            found.append(importlib.import_module(f'{package.name}.{tier}'))
    return found
