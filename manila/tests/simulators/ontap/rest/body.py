"""What a client sent: nested or dotted keys made one, checked against the known fields, values typed."""

from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import query

WORDS = {'p': 'POST', 'm': 'PATCH'}


class Body:
    """Values by full field name. Lists of objects stay lists of dicts.

    :param access: 'p' on create, 'm' on change: other fields are refused in strict mode, else ignored.
    """

    def __init__(self, data, fields, access, version, strict=True):
        self.fields = fields
        self.access = access
        self.version = version
        self.strict = strict
        self.values = {}
        self.used = set()
        self._read(data, '')

    def _read(self, data, prefix):
        for key, value in data.items():
            name = prefix + key
            if key == '_links':
                continue
            if isinstance(value, dict) and (name in self.fields.groups or self.fields.get(name) is None):
                if name not in self.fields.groups:
                    self._unknown(name)
                    continue
                self._read(value, name + '.')
                continue
            self._set(name, value)

    def _unknown(self, name):
        if self.strict:
            raise Refused('unknown_field', 'Unexpected argument "%s".' % name, name)

    def _set(self, name, value):
        if name in self.values:
            raise Refused('set_twice', 'Field "%s" is set twice.' % name, name)
        if name in self.fields.lists and self.fields.get(name) is None:
            self.values[name] = [self._item(name, item) for item in self._as_list(value)]
            return
        field = self.fields.get(name, self.version)
        if field is None:
            if name in self.fields.groups and value is None:
                return
            if isinstance(value, str) and self.fields.get(name + '.name') is not None:
                # A bare text stands for the object of that name.
                self._set(name + '.name', value)
                return
            self._unknown(name)
            return
        if self.access not in field.access:
            if self.strict:
                raise Refused('not_settable', 'Field "%s" cannot be set in this operation.' % name, name)
            return
        if field.listed:
            self.values[name] = [typed(field, v) for v in self._as_list(value)]
        else:
            self.values[name] = typed(field, value)

    def _as_list(self, value):
        if isinstance(value, str):
            return [v.strip() for v in value.split(',')]
        return value if isinstance(value, list) else [value]

    def _item(self, name, item):
        """One object of a list; a bare text stands for its name."""
        if not isinstance(item, dict):
            return {'name': item}
        flat = {}
        for leaf, value in _leaves(item):
            if not self.fields.knows(name + '.' + leaf, self.version):
                self._unknown(name + '.' + leaf)
                continue
            flat[leaf] = value
        return flat

    def __contains__(self, name):
        return name in self.values

    def get(self, name, default=None):
        """The value of a field, marked as dealt with."""
        self.used.add(name)
        return self.values.get(name, default)

    def need(self, name):
        value = self.get(name)
        if value in (None, ''):
            raise Refused('missing_value', 'Field "%s" was missing a required value.' % name, name)
        return value

    def names(self, name):
        """Names out of a list of objects, None when it was not sent. Forms: objects, texts, '<list>.name'."""
        self.used.update((name, name + '.name', name + '.uuid'))
        if name + '.name' in self.values:
            value = self.values[name + '.name']
            return list(value) if isinstance(value, list) else [value]
        if name not in self.values:
            return None
        return [item.get('name', item.get('uuid')) for item in self.values[name]]

    def pick(self, **mapping):
        """Values under the model's names for those fields that were sent."""
        return {key: self.get(name) for key, name in mapping.items() if name in self.values}

    def leftovers(self, refused=()):
        """Fields nobody has dealt with, to be kept as plain settings; some must not be dropped like that."""
        rest = {k: v for k, v in self.values.items() if k not in self.used}
        for name in rest:
            if self.strict and any(name == p or name.startswith(p + '.') for p in refused):
                raise Refused('not_settable', 'Field "%s" cannot be set in this operation.' % name, name)
        return rest


def _leaves(item, prefix=''):
    for key, value in item.items():
        if key == '_links':
            continue
        if isinstance(value, dict):
            yield from _leaves(value, prefix + key + '.')
        else:
            yield prefix + key, value


def typed(field, value):
    """The value in the field's type. Texts for booleans, numbers and sizes are accepted."""
    if value is None:
        return None
    if field.type == 'b':
        if isinstance(value, str) and value.lower() in ('true', 'false'):
            return value.lower() == 'true'
        if isinstance(value, bool):
            return value
    elif field.type in 'in':
        if isinstance(value, str):
            size = query.bytes_of(value)
            value = size if size is not None else _number(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return int(value) if field.type == 'i' else value
    elif field.type in 'st':
        if isinstance(value, (str, int, float)):
            return query.as_text(value) if isinstance(value, bool) else str(value)
    else:
        return value
    raise Refused('bad_type', 'The value "%s" is invalid for field "%s".' % (value, field.name), field.name)


def _number(text):
    try:
        return float(text) if '.' in text else int(text)
    except ValueError:
        return text
