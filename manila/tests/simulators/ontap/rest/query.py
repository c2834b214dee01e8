"""Queries: operators on field values, choice of fields, order and pages."""

import fnmatch
import re

from manila.tests.simulators.ontap.model.errors import Refused

SIZE = re.compile(r'^(\d+)\s*(KB|MB|GB|TB|PB|K|M|G|T|P|B)$', re.IGNORECASE)
POWERS = {'B': 0, 'K': 1, 'M': 2, 'G': 3, 'T': 4, 'P': 5}
NUMBER = re.compile(r'^-?\d+(\.\d+)?$')
MISSING = object()


def flatten(record, prefix='', into=None):
    """Leaf name -> list of values, lists of objects included; '_links' apart."""
    into = {} if into is None else into
    for key, value in record.items():
        if key == '_links':
            continue
        name = prefix + key
        if isinstance(value, dict):
            flatten(value, name + '.', into)
        elif isinstance(value, (list, tuple)):
            for item in value:
                if isinstance(item, dict):
                    for leaf, values in flatten(item).items():
                        into.setdefault(name + '.' + leaf, []).extend(values)
                else:
                    into.setdefault(name, []).append(item)
        elif value is not None:
            into.setdefault(name, []).append(value)
    return into


def bytes_of(text):
    """'10GB' as a number of bytes, None when it is no such text."""
    match = SIZE.match(str(text).strip())
    return int(match.group(1)) * 1024 ** POWERS[match.group(2)[0].upper()] if match else None


def as_text(value):
    return ('true' if value else 'false') if isinstance(value, bool) else str(value)


def comparable(value):
    """A number when it looks like one, else the text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = as_text(value)
    size = bytes_of(text)
    if size is not None:
        return float(size)
    return float(text) if NUMBER.match(text) else text


def _compare(value, operator, bound):
    left, right = comparable(value), comparable(bound)
    if type(left) is not type(right):
        left, right = as_text(value), as_text(bound)
    return {'<': left < right, '>': left > right, '<=': left <= right, '>=': left >= right}[operator]


def _equal(value, wanted):
    if wanted[:1] in '"{' and wanted[-1:] in '"}' and len(wanted) >= 2:
        return as_text(value) == wanted[1:-1]
    text = as_text(value)
    if '*' in wanted:
        pattern = re.sub(r'([\[\]?])', lambda m: {'[': '[[]', ']': '[]]', '?': '[?]'}[m.group(1)], wanted)
        return fnmatch.fnmatchcase(text, pattern)
    if text == wanted:
        return True
    if isinstance(value, bool):
        return text == wanted.lower()
    if isinstance(value, (int, float)):
        return comparable(wanted) == float(value)
    return False


def _one(values, part):
    """One alternative of a query against all values of a field."""
    if part == 'null':
        return not values
    if part == '!null':
        return bool(values)
    if part.startswith('!'):
        return not any(_one([v], part[1:]) for v in values)
    for operator in ('<=', '>=', '<', '>'):
        if part.startswith(operator):
            return any(_compare(v, operator, part[len(operator):]) for v in values)
    if '..' in part and not part.startswith('"'):
        low, _, high = part.partition('..')
        return any(_compare(v, '>=', low) and _compare(v, '<=', high) for v in values)
    return any(_equal(v, part) for v in values)


def split_alternatives(text, separators='|,'):
    """At '|' and ',', but not inside quotes or braces."""
    parts, current, closing = [], '', None
    for char in text:
        if closing:
            closing = None if char == closing else closing
        elif char in '"{':
            closing = {'"': '"', '{': '}'}[char]
        elif char in separators:
            parts.append(current)
            current = ''
            continue
        current += char
    return parts + [current]


def matches(values, text, separators='|,'):
    """Whether a field with these values satisfies a query value."""
    parts = split_alternatives(text, separators)
    negative = [p for p in parts if p.startswith('!') and p != '!null']
    positive = [p for p in parts if p not in negative]
    if any(not _one(values, p) for p in negative):
        return False
    return not positive or any(_one(values, p) for p in positive)


def expand(text):
    """The names in a `fields` parameter: 'a.{b,c}' is 'a.b' and 'a.c'."""
    names, depth, current = [], 0, ''
    for char in text + ',':
        depth += {'{': 1, '}': -1}.get(char, 0)
        if char == ',' and depth == 0:
            if current.strip():
                names += _braces(current.strip())
            current = ''
        else:
            current += char
    return names


def _braces(name):
    match = re.match(r'^(.*)\{(.*)\}(.*)$', name)
    if not match:
        return [name]
    head, inner, tail = match.groups()
    return [head + part.strip() + tail for part in inner.split(',')]


class Selection:
    """Which fields an answer holds."""

    def __init__(self, fields, identity, text, version, instance, used=()):
        self.fields = fields
        self.identity = list(identity) + list(used)
        self.wanted, self.unwanted = [], []
        self.standard = instance and not text
        self.everything = False
        for name in expand(text or ''):
            if name == '*':
                self.standard = True
            elif name == '**':
                self.standard = self.everything = True
            else:
                self._name(name, version)

    def _name(self, name, version):
        exclude = name.startswith('!')
        plain = name.lstrip('!')
        plain = plain[:-2] if plain.endswith('.*') else plain
        if not self.fields.knows(plain, version):
            raise Refused('bad_fields', 'The value "%s" is invalid for field "fields" (<field,...>).' % plain, 'fields')
        (self.unwanted if exclude else self.wanted).append(plain)

    def keep(self, leaf):
        if any(leaf == i or leaf.startswith(i + '.') for i in self.identity):
            return True
        if any(leaf == u or leaf.startswith(u + '.') for u in self.unwanted):
            return False
        if any(leaf == w or leaf.startswith(w + '.') for w in self.wanted):
            return True
        return self.standard and not self.fields.hidden(leaf) and (
            self.everything or not self.fields.expensive(leaf))

    def apply(self, record, prefix=''):
        """The part of a record that was asked for; links of a kept object stay with it."""
        kept = {}
        for key, value in record.items():
            if key == '_links':
                continue
            name = prefix + key
            if isinstance(value, dict):
                inner = self.apply(value, name + '.')
                if inner:
                    kept[key] = inner
            elif isinstance(value, (list, tuple)):
                items = self._items(value, name)
                if items:
                    kept[key] = items
            elif value is not None and self.keep(name):
                kept[key] = value
        if '_links' in record and (kept or not prefix):
            kept['_links'] = record['_links']
        return kept

    def _items(self, values, name):
        if values and isinstance(values[0], dict):
            inner = [self.apply(v, name + '.') for v in values]
            return [i for i in inner if i]
        return list(values) if self.keep(name) else []


def sort(records, order_by, fields):
    """Records ordered by 'field [asc|desc], ...'."""
    for part in reversed([p for p in order_by.split(',') if p.strip()]):
        name, _, direction = part.strip().partition(' ')
        if not fields.knows(name):
            raise Refused('bad_fields', 'The value "%s" is invalid for field "order_by".' % name, 'order_by')
        records.sort(key=lambda item: _sort_key(item[1].get(name)), reverse=direction.strip().lower() == 'desc')
    return records


def _sort_key(values):
    if not values:
        return (2, '')
    value = comparable(values[0])
    return (0, value) if isinstance(value, float) else (1, value)
