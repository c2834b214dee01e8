"""Values made from JSON Schema, and values that no schema would allow."""
import uuid

HOSTILE_TEXTS = (
    '', ' ', '\t\n', '\x00', 'a\x00b', '\ud800', '\udfffx', '\ufeff', '\u202e', '😀' * 64, 'ß' * 255, 'ß' * 256,
    'a' * 255, 'a' * 256, 'a' * 1024, 'a' * 70000, "' OR '1'='1", '"; DROP TABLE shares; --', '%', '%%s', '%(id)s',
    '{0}', '{share.__class__}', '${jndi:x}', '../../etc/passwd', '*', '_', '\\', '(', '[', '(a+)+$',
    '^(([a-z])+.)+$',
    'null', 'None', 'true', 'NaN', '-1', '0', '1e999', '0x10', '１２', '٣', '2147483648', '9' * 30, '9' * 5000,
    '\u0130', 'K', '1.5', '2026-02-30', '0000-00-00', '9999-12-31T23:59:59+23:59', '0001-01-01T00:00:00+14:00',
    "{'a': 'b'}", "{'a': 1e999}", "{'a': b''}", "{'a': [1]}", '{' * 200, '((((' * 200, "{'\\x00': '\\ud800'}",
    '::/0', '0.0.0.0/0', '192.0.2.1/33', 'fe80::1%eth0', '::ffff:192.0.2.1', '192.0.2.300', 'node@alpha#pool0',
    '@#',
    'default', '<is> True', '<in> (', 's>= x')
HOSTILE_VALUES = (
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 2 ** 31 - 1, 2 ** 31, -2 ** 31 - 1, 2 ** 63, 2 ** 64, 10 ** 30,
    10 ** 45, -10 ** 300, [], [None], [[]], ['a'] * 2000, {}, {'': ''}, {'a': None}, {'a': {'a': {}}},
    {'\x00': '\x00'},
    {'\ud800': 'x'}, {'a' * 300: 'b'}, {'a': '1', 'a ': '2', 'A': '3', 'á': '4', 'a\u0301': '5'},
    {'a': 'b' * 2000}, {' ': ' '}, {'__proto__': 1, 'constructor': 2})


def deep(depth, kind):
    """A value nested ``depth`` times."""
    value = 'x'
    for _ in range(depth):
        value = {'a': value} if kind is dict else [value]
    return value


def hostile(random):
    """Something that is hardly ever right."""
    choice = random.random()
    if choice < 0.5:
        return random.choice(HOSTILE_TEXTS)
    if choice < 0.95:
        return random.choice(HOSTILE_VALUES)
    return deep(random.choice((5, 17, 100, 400)), random.choice((dict, list)))


class Samples:
    """Values that satisfy a schema.

    :param random: source of all choices
    :param hints: name -> values that mean something to the service
    """

    def __init__(self, random, hints):
        self.random, self.hints = random, hints

    def named(self, name, schema):
        """A value of a field or a parameter."""
        known = self.hints.get(name) or self.hints.get(name.rstrip('~')) or ()
        if 'object' in schema.get('type', ()):
            known = [each for each in known if isinstance(each, dict)]
        if known and self.random.random() < 0.9:
            found = self.random.choice(known)
            return found(self.random) if callable(found) else found
        return self.value(schema)

    def likely(self, schema):
        """Whether to give an optional value; one that is never right is given now and then."""
        return self.random.random() < (0.02 if 'not' in schema else 0.35)

    def value(self, schema, depth=0):
        """A value for a schema."""
        random = self.random
        for key in ('oneOf', 'anyOf'):
            if key in schema:
                return self.value(random.choice(schema[key]), depth)
        if 'const' in schema:
            return schema['const']
        if 'enum' in schema:
            return random.choice(schema['enum'])
        kind = schema.get('type', ['string', 'integer', 'null', 'object'])
        kind = random.choice(kind) if isinstance(kind, list) else kind
        return getattr(self, f'_{kind}')(schema, depth)

    def _null(self, schema, depth):
        return None

    def _boolean(self, schema, depth):
        return self.random.choice((True, False))

    def _integer(self, schema, depth):
        low, high = schema.get('minimum', -10), schema.get('maximum', 10)
        return self.random.choice((low, high, *[min(high, max(low, 0) + self.random.randint(0, 5))] * 6))

    def _number(self, schema, depth):
        return self.random.random()

    def _string(self, schema, depth):
        if schema.get('format') == 'uuid':
            return str(uuid.UUID(int=self.random.getrandbits(128)))
        if 'pattern' in schema and schema['pattern'].startswith('^[0-9]'):
            return '2026-10-01'
        low, high = schema.get('minLength', 0), schema.get('maxLength', 40)
        length = self.random.choice((low, high, *[self.random.randint(max(low, 1), min(high, 12))] * 8))
        return ''.join(self.random.choice('abcdefghijk_-.0123456789') for _ in range(length))

    def _array(self, schema, depth):
        return [self.value(schema.get('items', {}), depth + 1) for _ in range(self.random.randint(0, 3))]

    def _object(self, schema, depth):
        random, made = self.random, {}
        eager = random.random() < 0.25
        required = [*schema.get('required', ())]
        for each in schema.get('allOf', ()):
            required += random.choice(each['anyOf'])['required']
        for name, inner in schema.get('properties', {}).items():
            if name in required or eager and name in self.hints or self.likely(inner):
                made[name] = self.named(name, inner)
        extra = schema.get('additionalProperties')
        if isinstance(extra, dict) and depth < 3:
            for _ in range(random.randint(0, 3)):
                made[random.choice(self.hints.get('key', ['key']))] = self.value(extra, depth + 1)
        return made


def spoil(random, value):
    """The value with one place in it turned into something hostile."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        value = dict(value)
        name = random.choice(sorted(value, key=str))
        choice = random.random()
        if choice < 0.1:
            del value[name]
        elif choice < 0.2:
            value[random.choice(HOSTILE_TEXTS)] = hostile(random)
        else:
            value[name] = spoil(random, value[name])
        return value
    if isinstance(value, list) and value and random.random() < 0.7:
        place = random.randrange(len(value))
        return [*value[:place], spoil(random, value[place]), *value[place + 1:]]
    return hostile(random)
