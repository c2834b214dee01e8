"""From a path to the operations behind it.

There is one small map per first part of the path, so that finding a route takes the same time however many
resources there are. Every path is served with and without a project id in front.
"""
import re

import routes

_SEGMENT_MAX = 255


class Candidate:
    """An operation that a path may mean, with the variables that the path's fixed parts stand for."""

    __slots__ = ('operation', 'fixed')

    def __init__(self, found, fixed):
        self.operation, self.fixed = found, fixed


class Entry:
    """What is behind one path: candidates per method, and per name for actions."""

    def __init__(self, path):
        self.path = path
        self.methods, self.actions = {}, {}

    def add(self, found, fixed):
        """Make an operation reachable here."""
        table = self.methods
        key = found.method
        if found.action:
            table, key = self.actions, found.action
        table.setdefault(key, []).append(Candidate(found, fixed))


class Router:
    """Finds entries.

    :param operations: all operations
    :param project_pattern: regular expression of project ids
    :raises ValueError: when two operations lay claim to the same request
    """

    def __init__(self, operations, project_pattern):
        self._project = re.compile(f'(?:{project_pattern})')
        self._entries = {}
        for item in operations:
            self._claim(item)
        self._add_general()
        self._maps = self._map()

    def _claim(self, item):
        entry = self._entries.setdefault(item.path, Entry(item.path))
        rivals = (entry.actions.get(item.action) if item.action else entry.methods.get(item.method)) or ()
        for rival in rivals:
            if rival.operation.span.overlaps(item.span):
                raise ValueError(f'{item!r} and {rival.operation!r} share versions')
        if entry.methods.get('POST') and entry.actions or item.action and 'POST' in entry.methods:
            raise ValueError(f'{item.path} has actions and another POST')
        entry.add(item, {})

    def _add_general(self):
        """Let a path with fixed parts, such as /things/detail, also mean what /things/{id} means."""
        own = {path: [candidate.operation for table in (entry.methods, entry.actions)
                      for candidates in table.values() for candidate in candidates]
               for path, entry in self._entries.items()}
        for path, entry in self._entries.items():
            for other in own:
                fixed = None if other == path else _specialises(path, other)
                if fixed is not None:
                    for item in own[other]:
                        entry.add(item, fixed)

    def _map(self):
        maps = {}
        for path in sorted(self._entries, key=_fixed_first):
            first = path.split('/', 2)[1]
            if first not in maps:
                maps[first] = routes.Mapper(register=False)
                maps[first].minimization = False
                maps[first].explicit = True
            maps[first].connect(None, path, entry=path)
        for item in maps.values():
            item.create_regs([])
        return maps

    def find(self, path):
        """(entry, project id or None, variables) of a path below /v2, or None."""
        if '\x00' in path:
            return None
        project = None
        first, _slash, rest = path[1:].partition('/')
        if first not in self._maps:
            if not rest or not self._project.fullmatch(first):
                return None
            project, path = first, f'/{rest}'
            first = rest.partition('/')[0]
        # A slash at the end would make an empty id or key mean the whole list.
        found = first in self._maps and self._maps[first].match(path)
        if not found:
            return None
        entry = self._entries[found.pop('entry')]
        if any(len(value) > _SEGMENT_MAX for value in found.values()):
            return None
        return entry, project, found


def _fixed_first(path):
    """Key that sorts paths with fixed parts before those with variables in their place."""
    return [part.startswith('{') for part in path.split('/')]


def _specialises(path, other):
    """The values of the variables of ``other`` that make it ``path``, or None."""
    parts, others = path.split('/'), other.split('/')
    if len(parts) != len(others):
        return None
    fixed = {}
    for part, general in zip(parts, others, strict=True):
        if part == general:
            continue
        if not general.startswith('{') or part.startswith('{'):
            return None
        fixed[general[1:-1]] = part
    return fixed
