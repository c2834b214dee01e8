"""Lists of fields: one declaration for what comes in, what goes out, and the documentation of both.

A list is compiled once per microversion and set of granted rules into one function, so that the spans of its
fields cost nothing per request.
"""
from manila.api import types, versions

MISSING = object()


class Field:
    """One field of a body, a query or an answer.

    :param name: name on the wire
    :param type: an object of :mod:`manila.api.types`
    :param required: input without it is refused
    :param since: first microversion that has the field
    :param until: last microversion that has it
    :param get: where an answer takes the value from: a key of the row, or a function of row and request
    :param only: policy rule; callers who do not pass it do not see the field
    :param default: value of an input that does not have the field
    :param aliases: other names under which input may have the field
    :param nullable: whether input may be null; by default an optional one of most types may
    :param optional: an answer leaves the field out when the row does not have it
    :param doc: one sentence for the documentation
    """

    def __init__(self, name, type=types.TEXT, required=False, since=None, until=None, get=None, only=None,
                 default=MISSING, aliases=(), nullable=None, optional=False, doc=''):
        self.name, self.type, self.required, self.get = name, type, required, get
        self.span = versions.Span(since, until)
        self.only = only and str(only)
        self.default, self.aliases, self.optional, self.doc = default, tuple(aliases), optional, doc
        if nullable is None:
            nullable = getattr(type, 'or_null', False) or not required and type.null
        self.nullable = nullable

    def __repr__(self):
        return f'<Field {self.name} {self.span}>'


class Fields:
    """The fields of an object.

    :param name: key under which a body or an answer holds the object, or None when it is the whole body
    :param strict: input with other keys is refused instead of stripped of them
    """

    def __init__(self, name, *fields, strict=False):
        self.name, self.fields, self.strict = name, fields, strict
        self._refuse_overlaps()
        self._edges = sorted({edge for field in self._all()
                              for edge in (field.span.since, field.span.until.next())})
        self._parsers, self._renderers = {}, {}
        #: Policy rules that decide about single fields, here or in objects inside.
        self.rules = frozenset(field.only for field in self._all() if field.only)

    def __iter__(self):
        return iter(self.fields)

    def _all(self):
        """Every field, also of the objects inside."""
        waiting = list(self.fields)
        while waiting:
            field = waiting.pop()
            yield field
            waiting.extend(field.type.parts())

    def _refuse_overlaps(self):
        seen = {}
        for field in self.fields:
            for name in (field.name, *field.aliases):
                for other in seen.setdefault(name, []):
                    if field.span.overlaps(other):
                        raise ValueError(f'two fields {name} of {self.name} share versions: '
                                         f'{field.span}, {other}')
                seen[name].append(field.span)

    def extend(self, *fields, name=MISSING, without=(), strict=None):
        """A list with more fields, perhaps without some, perhaps under another name."""
        return Fields(self.name if name is MISSING else name,
                      *(field for field in self.fields if field.name not in without), *fields,
                      strict=self.strict if strict is None else strict)

    def at(self, version):
        """The fields that a microversion has."""
        return [field for field in self.fields if version in field.span]

    def _stretch(self, version):
        """The first version whose fields are exactly those of ``version``."""
        return max((edge for edge in self._edges if edge <= version), default=versions.MIN)

    def parser(self, version):
        """Function ``(data, where)`` that checks an object of one microversion and returns its values."""
        version = self._stretch(version)
        parse = self._parsers.get(version)
        if parse is None:
            parse = self._parsers[version] = _parser(self.at(version), version, self.strict)
        return parse

    def renderer(self, version, allowed=frozenset()):
        """Function ``(row, req)`` that makes an answer of one microversion out of a row.

        :param allowed: rules of :attr:`rules` that the caller passes
        """
        key = self._stretch(version), allowed
        render = self._renderers.get(key)
        if render is None:
            fields = [field for field in self.at(version) if not field.only or field.only in allowed]
            render = self._renderers[key] = _renderer(fields, version, allowed)
        return render

    def json_schema(self, version, output=False):
        """JSON Schema of the object at one microversion."""
        fields = self.at(version)
        schema = {'type': 'object', 'properties': {}}
        for field in fields:
            for name in (field.name, *(() if output else field.aliases)):
                schema['properties'][name] = _property(field, version, output)
        if output:
            always = [field.name for field in fields if not field.optional and not field.only]
            return {**schema, 'required': always} if always else schema
        required = [field for field in fields if field.required]
        if required:
            schema['required'] = [field.name for field in required if not field.aliases]
            choices = [{'anyOf': [{'required': [name]} for name in (field.name, *field.aliases)]}
                       for field in required if field.aliases]
            if choices:
                schema['allOf'] = choices
        if self.strict:
            schema['additionalProperties'] = False
        return schema


def _property(field, version, output):
    schema = dict(field.type.json_schema(version, output))
    if field.nullable or output:
        kind = schema.get('type')
        if isinstance(kind, str):
            schema['type'] = [kind, 'null']
        elif kind:
            schema['type'] = [*kind, 'null']
        if 'enum' in schema:
            schema['enum'] = [*schema['enum'], None]
    if field.doc:
        schema['description'] = field.doc
    if not output and isinstance(field.default, (str, int, bool)):
        schema['default'] = field.default
    return schema


def _parser(fields, version, strict):
    known = {name for field in fields for name in (field.name, *field.aliases)}
    plan = [(field.name, (field.name, *field.aliases), field.required, field.default, field.nullable,
             field.type.parser(version)) for field in fields]

    def parse(data, where=''):
        prefix = f'{where}.' if where else ''
        if not isinstance(data, dict):
            types.refuse(where, 'must be an object')
        if strict:
            for key in data:
                if key not in known:
                    types.refuse(f'{prefix}{str(key)[:255]}', 'is not known here')
        values = {}
        for name, names, required, default, nullable, parse_value in plan:
            for key in names:
                if key in data:
                    break
            else:
                if required:
                    types.refuse(prefix + name, 'is required')
                if default is not MISSING:
                    values[name] = default() if callable(default) else default
                continue
            value = data[key]
            if value is not None:
                values[name] = parse_value(value, prefix + key)
            elif nullable:
                values[name] = None
            else:
                types.refuse(prefix + key, 'must not be null')
        return values
    return parse


def _renderer(fields, version, allowed):
    """Compile the fields into one function: a dict display is several times faster than a loop."""
    names, always, sometimes = {}, [], []
    for index, field in enumerate(fields):
        source = f'row[{field.name!r}]'
        if callable(field.get):
            names[f'get{index}'] = field.get
            source = f'get{index}(row, req)'
        elif field.get is not None:
            source = f'row[{field.get!r}]'
        render = field.type.renderer(version, allowed)
        if render:
            names[f'render{index}'] = render
            source = f'render{index}({source}, req)'
        elif field.type.out:
            names[f'out{index}'] = field.type.out
            source = f'out{index}({source})'
        if field.optional:
            key = field.get if isinstance(field.get, str) else field.name
            sometimes.append(f' if {key!r} in row: '
                             f'view[{field.name!r}] = {source}')
        else:
            always.append(f'{field.name!r}: {source}')
    lines = ['def render(row, req):', f' view = {{{", ".join(always)}}}', *sometimes, ' return view']
    exec(compile('\n'.join(lines), '<view>', 'exec'), names)   # noqa: S102 made of declarations only
    return names['render']
