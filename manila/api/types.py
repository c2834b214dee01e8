"""Types of fields: how values come in, go out and are described.

A type is an object; calling it makes a variant: ``TEXT``, ``TEXT(1023)``, ``LIST(UUID)``. What comes in is
bounded in every direction, so that it fits the columns of all databases and cannot tie up the service.
"""
import ast
import datetime
import ipaddress
import re
import threading

from oslo_utils import uuidutils

from manila import exception

INT_MAX = 2 ** 31 - 1
_UNSTORABLE = re.compile('[\x00\ud800-\udfff]')
_INTEGER = re.compile(r'[+-]?[0-9]{1,12}')
_TRUE = {'1', 't', 'true', 'on', 'y', 'yes'}
_FALSE = {'0', 'f', 'false', 'off', 'n', 'no'}
_DEPTH = 16
_PARSING = threading.Lock()


def refuse(where, reason):
    """Raise the answer to a bad value.

    :param where: name of the field, as the client wrote it; empty for the whole body
    :param reason: what the value must be or must not be
    """
    raise exception.ValidationError(detail=f"Invalid input for '{where.lstrip('.') or 'body'}': {reason}.")


def text(value, where, low=0, high=255):
    """The value if it is a string that every database can keep."""
    if not isinstance(value, str):
        refuse(where, 'must be a string')
    if not low <= len(value) <= high:
        refuse(where, f'must have {low} to {high} characters')
    if _UNSTORABLE.search(value):
        refuse(where, 'must not contain NUL or unpaired surrogate characters')
    return value


class Type:
    """Any value; the base of all types.

    ``null`` says whether an optional input field of this type may be null unless the field says otherwise.
    """

    null = True
    #: Function for values that go out, or None when they go out as they are.
    out = None

    def __call__(self, *args, **kwargs):
        """A variant of this type."""
        return type(self)(*args, **kwargs)

    def parse(self, value, where):
        """The value to work with.

        :raises ValidationError: naming the field and the reason
        """
        return value

    def parser(self, version):
        """:meth:`parse` for one microversion."""
        return self.parse

    def renderer(self, version, allowed):
        """Function ``(value, req)`` for values that go out, or None when :attr:`out` does it."""
        return None

    def parts(self):
        """Fields whose spans lie inside this type."""
        return ()

    def json_schema(self, version=None, output=False):
        """Description of the values for one microversion, as JSON Schema."""
        return {}


class Text(Type):
    """A string of bounded length."""

    def __init__(self, high=255, low=0, pattern=None):
        self.high, self.low = high, low
        self.pattern = re.compile(pattern) if pattern else None

    def parse(self, value, where):
        text(value, where, self.low, self.high)
        if self.pattern and not self.pattern.fullmatch(value):
            refuse(where, f'must match {self.pattern.pattern}')
        return value

    def json_schema(self, version=None, output=False):
        schema = {'type': 'string'}
        if not output:
            schema['maxLength'] = self.high
            if self.low:
                schema['minLength'] = self.low
            if self.pattern:
                schema['pattern'] = f'^(?:{self.pattern.pattern})$'
        return schema


class Uuid(Type):
    """A UUID with or without hyphens.

    :param or_null: null is acceptable even where the field is required
    """

    def __init__(self, or_null=False):
        self.or_null = or_null

    def parse(self, value, where):
        if not isinstance(value, str) or len(value) > 64 or not uuidutils.is_uuid_like(value):
            refuse(where, 'must be a UUID')
        return value

    def json_schema(self, version=None, output=False):
        return {'type': 'string'} if output else {'type': 'string', 'format': 'uuid'}


class Integer(Type):
    """A whole number within the bounds of a SQL integer; decimal strings count."""

    null = False

    def __init__(self, low=-INT_MAX - 1, high=INT_MAX):
        self.low, self.high = low, high

    def parse(self, value, where):
        if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            refuse(where, 'must be an integer')
        if value < self.low:
            refuse(where, f'must be at least {self.low}')
        if value > self.high:
            refuse(where, f'must be at most {self.high}')
        return value

    def json_schema(self, version=None, output=False):
        if output:
            return {'type': 'integer'}
        return {'type': 'integer', 'minimum': self.low, 'maximum': self.high}


class Boolean(Type):
    """True or false; the usual words and numbers for them count."""

    null = False

    def parse(self, value, where):
        if isinstance(value, bool):
            return value
        if isinstance(value, (str, int)):
            word = str(value).strip().lower() if isinstance(value, str) or value in (0, 1) else ''
            if word in _TRUE:
                return True
            if word in _FALSE:
                return False
        refuse(where, 'must be a boolean')

    @staticmethod
    def out(value):
        return None if value is None else bool(value)

    def json_schema(self, version=None, output=False):
        return {'type': 'boolean'}


class Enum(Type):
    """One of some strings; with None among them, null is acceptable even where the field is required."""

    def __init__(self, *values):
        self.values = values
        self.or_null = None in values

    def parse(self, value, where):
        if not isinstance(value, str) or value not in self.values:
            refuse(where, f'must be one of {", ".join(str(item) for item in self.values)}')
        return value

    def json_schema(self, version=None, output=False):
        return {'type': 'string', 'enum': [item for item in self.values if item is not None]}


class DateTime(Type):
    """A moment in UTC; ISO 8601 on the wire, a naive :class:`datetime.datetime` inside."""

    def parse(self, value, where):
        text(value, where, 1, 64)
        try:
            moment = datetime.datetime.fromisoformat(value.strip().replace('Z', '+00:00'))
            if moment.tzinfo:
                moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        except (ValueError, OverflowError):
            refuse(where, 'must be a date and time in ISO 8601')
        return moment

    @staticmethod
    def out(value):
        if value is None or isinstance(value, str):
            return value
        if value.tzinfo:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return value.isoformat(timespec='microseconds')

    def json_schema(self, version=None, output=False):
        return {'type': 'string'}


class Date(Type):
    """A day as yyyy-mm-dd."""

    def parse(self, value, where):
        text(value, where, 1, 10)
        try:
            return datetime.datetime.strptime(value, '%Y-%m-%d')
        except ValueError:
            refuse(where, 'must be a date of the form yyyy-mm-dd')

    def json_schema(self, version=None, output=False):
        return {'type': 'string', 'pattern': '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'}


class Ip(Type):
    """An IP address, or a network where ``network`` says so.

    :param versions: acceptable versions of IP
    """

    def __init__(self, network=False, versions=(4, 6)):
        self.network, self.versions = network, versions

    def parse(self, value, where):
        text(value, where, 1, 64)
        try:
            if '%' in value:
                raise ValueError('the scope of an IPv6 address may be any text')
            if self.network and '/' in value:
                found = ipaddress.ip_network(value, strict=False)
            else:
                found = ipaddress.ip_address(value)
        except ValueError:
            refuse(where, 'must be an IP address' + (' or network' if self.network else ''))
        if found.version not in self.versions:
            refuse(where, f'must be of IP version {" or ".join(map(str, self.versions))}')
        return value

    def json_schema(self, version=None, output=False):
        return {'type': 'string'} if output else {'type': 'string', 'maxLength': 64}


class List(Type):
    """Values of one type in a row."""

    def __init__(self, of=None, high=1000, low=0):
        self.of, self.high, self.low = of or Type(), high, low

    def parser(self, version):
        item = self.of.parser(version)

        def parse(value, where):
            if not isinstance(value, list):
                refuse(where, 'must be a list')
            if not self.low <= len(value) <= self.high:
                refuse(where, f'must have {self.low} to {self.high} items')
            return [item(each, f'{where}[{index}]') for index, each in enumerate(value)]
        return parse

    def renderer(self, version, allowed):
        item = self.of.renderer(version, allowed)
        if item:
            return lambda value, req: None if value is None else [item(each, req) for each in value]
        if self.of.out:
            return lambda value, req: None if value is None else [self.of.out(each) for each in value]
        return None

    def parts(self):
        return self.of.parts()

    def json_schema(self, version=None, output=False):
        return {'type': 'array', 'items': self.of.json_schema(version, output)}


class Object(Type):
    """A JSON object: free, or with declared fields.

    :param fields: a :class:`manila.api.fields.Fields`; without, anything of bounded size is taken
    """

    def __init__(self, fields=None):
        self.fields = fields

    def parser(self, version):
        if self.fields is None:
            return self.parse
        return self.fields.parser(version)

    def parse(self, value, where):
        if not isinstance(value, dict):
            refuse(where, 'must be an object')
        _bounded(value, where, 0)
        return value

    def renderer(self, version, allowed):
        if self.fields is None:
            return None
        render = self.fields.renderer(version, allowed)
        return lambda value, req: None if value is None else render(value, req)

    def parts(self):
        return () if self.fields is None else self.fields

    def json_schema(self, version=None, output=False):
        if self.fields is None:
            return {'type': 'object'}
        return self.fields.json_schema(version, output)


def _bounded(value, where, depth):
    """Refuse what no database can keep, however deep it lies."""
    if depth > _DEPTH:
        refuse(where, 'is nested too deeply')
    if isinstance(value, str):
        text(value, where, 0, 65535)
    elif isinstance(value, dict):
        for key, item in value.items():
            text(key, where, 0, 255)
            _bounded(item, f'{where}.{key}' if depth < 2 else where, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _bounded(item, where, depth + 1)


class Unknown(Type):
    """What a microversion does not have yet and refuses; null passes where the field may be null."""

    def parse(self, value, where):
        refuse(where, 'is not known in this version of the API')

    def json_schema(self, version=None, output=False):
        return {'not': {}}


class DictLiteral(Type):
    """A query value such as ``{'key': 'value'}``; inside, a dict of strings."""

    def parse(self, value, where):
        text(value, where, 1, 4096)
        try:
            # On Python 3.11 and 3.12, parsing in several threads at once fails now and then.
            with _PARSING:
                found = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            found = None
        if not isinstance(found, dict):
            refuse(where, "must be a dictionary of the form {'key': 'value'}")
        return dict(self._pair(key, item, where) for key, item in found.items())

    def _pair(self, key, item, where):
        if not isinstance(key, str) or not isinstance(item, (str, bool, int, float, type(None))):
            refuse(where, 'must hold plain keys and values')
        try:
            return text(key, where), text(str(item), where, 0, 1023)
        except ValueError:      # an integer with thousands of digits
            refuse(where, 'holds a number that is too long')

    def json_schema(self, version=None, output=False):
        return {'type': 'string', 'maxLength': 4096}


class Metadata(Type):
    """An object of strings, keys and values not blank.

    :param max_key: longest key
    :param max_value: longest value
    """

    def __init__(self, max_key=255, max_value=1023, count=1000):
        self.max_key, self.max_value, self.count = max_key, max_value, count

    def parse(self, value, where):
        if not isinstance(value, dict):
            refuse(where, 'must be an object of keys and values')
        if len(value) > self.count:
            refuse(where, f'must have at most {self.count} keys')
        return {self.key(key, where): self.value(item, f'{where}.{key}') for key, item in value.items()}

    def key(self, key, where):
        """The key if it is acceptable."""
        text(key, where, 0, self.max_key)
        if not key.strip():
            refuse(where, 'must not have a blank key')
        return key

    def value(self, value, where):
        """The value if it is acceptable."""
        text(value, where, 0, self.max_value)
        if not value.strip():
            refuse(where, 'must not be blank')
        return value

    def json_schema(self, version=None, output=False):
        if output:
            return {'type': 'object'}
        return {'type': 'object', 'additionalProperties': {
            'type': 'string', 'minLength': 1, 'maxLength': self.max_value, 'pattern': r'\S'}}


class ExtraSpecs(Metadata):
    """An object of extra specs: keys are identifiers, booleans count as strings.

    :param integers: whether integers count as strings too
    """

    KEY = re.compile(r'[\w.\-:]{1,255}')

    def __init__(self, max_key=255, max_value=255, count=1000, integers=False):
        super().__init__(max_key, max_value, count)
        self.accepted = (bool, int) if integers else (bool,)

    def key(self, key, where):
        text(key, where, 0, self.max_key)
        if not self.KEY.fullmatch(key):
            refuse(where, 'keys must have 1 to 255 letters, digits, and characters of . - _ :')
        return key

    def value(self, value, where):
        if type(value) in self.accepted:
            if not -INT_MAX - 1 <= value <= INT_MAX:
                refuse(where, 'must be a string or a number of 32 bits')
            value = str(value)
        return super().value(value, where)

    def json_schema(self, version=None, output=False):
        if output:
            return {'type': 'object'}
        return {'type': 'object', 'propertyNames': {'pattern': r'^[A-Za-z0-9_.\-:]{1,255}$'},
                'additionalProperties': {**self._values(), 'minLength': 1, 'maxLength': 255, 'pattern': r'\S'}}

    def _values(self):
        if int not in self.accepted:
            return {'type': ['string', 'boolean']}
        return {'type': ['string', 'boolean', 'integer'], 'minimum': -INT_MAX - 1, 'maximum': INT_MAX}


ANY = Type()
TEXT = Text()
NAME = Text(255)
UUID = Uuid()
UUID_OR_NULL = Uuid(or_null=True)
INTEGER = Integer()
SIZE = Integer(1)
BOOLEAN = Boolean()
ENUM = Enum()
DATETIME = DateTime()
DATE = Date()
IP = Ip()
LIST = List()
OBJECT = Object()
DICT_LITERAL = DictLiteral()
UNKNOWN = Unknown()
METADATA = Metadata()
EXTRA_SPECS = ExtraSpecs()
