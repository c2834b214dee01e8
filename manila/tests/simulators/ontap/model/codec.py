"""Saving and loading the state as JSON: an object graph with references, without code."""

import base64
import dataclasses
import importlib

PACKAGE = 'manila.tests.simulators.ontap.model.'


def dump(root):
    """A structure of lists, dicts and plain values that `load` turns into an equal graph."""
    return _Writer().write(root)


def load(data, known):
    """The graph again. `known` are live objects by name that replace the placeholders of `dump`."""
    return _Reader(known).read(data)


class _Writer:
    def __init__(self):
        self.numbers = {}

    def write(self, value):
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, bytes):
            return {'$bytes': base64.b64encode(value).decode()}
        if isinstance(value, (list, tuple, set, frozenset)):
            kind = 'list' if isinstance(value, list) else 'tuple' if isinstance(value, tuple) else 'set'
            return {'$' + kind: [self.write(v) for v in value]}
        if isinstance(value, dict):
            return {'$dict': [[self.write(k), self.write(v)] for k, v in value.items()]}
        if not dataclasses.is_dataclass(value):
            return {'$known': 'world'}
        if id(value) in self.numbers:
            return {'$ref': self.numbers[id(value)]}
        number = self.numbers[id(value)] = len(self.numbers)
        kind = type(value)
        return {'$object': number, 'class': kind.__module__[len(PACKAGE):] + '.' + kind.__name__,
                'fields': {f.name: self.write(getattr(value, f.name)) for f in dataclasses.fields(value)}}


class _Reader:
    def __init__(self, known):
        self.known = known
        self.objects = {}

    def read(self, data):
        if not isinstance(data, dict):
            return data
        if '$object' in data:
            return self._object(data)
        kind, value = next(iter(data.items()))
        if kind == '$ref':
            return self.objects[value]
        if kind == '$known':
            return self.known[value]
        if kind == '$bytes':
            return base64.b64decode(value)
        if kind == '$dict':
            return {self.read(k): self.read(v) for k, v in value}
        return {'$list': list, '$tuple': tuple, '$set': set}[kind](self.read(v) for v in value)

    def _object(self, data):
        module, _, name = data['class'].rpartition('.')
        if not module.replace('_', '').isalnum():
            raise ValueError('Not a class of the model: %s' % data['class'])
        kind = getattr(importlib.import_module(PACKAGE + module), name)
        if not dataclasses.is_dataclass(kind):
            raise ValueError('Not a class of the model: %s' % data['class'])
        instance = object.__new__(kind)
        self.objects[data['$object']] = instance
        for key, value in data['fields'].items():
            setattr(instance, key, self.read(value))
        return instance
