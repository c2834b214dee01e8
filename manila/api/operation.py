"""Declarations of operations: where they are, since when, who may, what goes in and what comes out."""
import inspect
import re

from manila.api import versions

#: From here on paths and actions have no os- prefix.
PLAIN_SINCE = '2.7'
PREFIXED_UNTIL = '2.6'
_VARIABLE = re.compile(r'{(\w+)}')


class Page:
    """The answer of a list operation that knows more than its rows.

    :param rows: the rows of this page
    :param has_more: whether rows follow
    :param count: number of all rows that match, when the client asked for it
    """

    def __init__(self, rows, has_more=False, count=None):
        self.rows, self.has_more, self.count = rows, has_more, count


class Operation:
    """One operation over one span of versions; :class:`Operations` documents the arguments."""

    def __init__(self, tag, method, path, handler, *, action=None, since=None, until=None, experimental=None,
                 policy=None, public=False, query=None, body=None, view=None, collection=None, wrap=None,
                 also=None, status=None, missing=400, collection_links=None, paged=False):
        self.tag, self.method, self.path, self.action = tag, method, path, action
        self.handler, self.name = handler, f'{tag}.{handler.__name__}'
        self.span = versions.Span(since, until)
        self.experimental = versions.Span(*experimental) if experimental else None
        self.rules = _names(policy)
        self.public = public
        self.query, self.body, self.view = query, body, view
        self.collection, self.paged, self.also, self.missing = collection, paged, also, missing
        self.wrap = wrap or getattr(view, 'name', None)
        self.status = status or (202 if action and view is None else 200)
        self.collection_links = collection_links or (collection and f'{collection}_links')
        self.variables = tuple(_VARIABLE.findall(path))
        self.doc = inspect.getdoc(handler) or ''
        self._verify()

    def __repr__(self):
        return f'<Operation {self.method} {self.path} {self.action or ""} {self.span}>'

    @property
    def summary(self):
        """The first sentence of the handler's docstring."""
        return self.doc.splitlines()[0].rstrip('.')

    @property
    def has_body(self):
        """Whether the handler takes a body."""
        return self.body is not None

    def needs_experimental(self, version):
        """Whether clients must say that they accept experimental operations."""
        return self.experimental is not None and version in self.experimental

    def _verify(self):
        if not self.doc:
            raise ValueError(f'{self!r} has no docstring')
        if self.paged and not (self.collection and self.query is not None):
            raise ValueError(f'{self!r} has pages but is no list with a query')
        if not self.rules and not self.public:
            raise ValueError(f'{self!r} has no policy')
        wanted = {'req', *self.variables, *(('body',) if self.has_body else ())}
        parameters = inspect.signature(self.handler).parameters
        given = {name for name, item in parameters.items() if item.default is item.empty}
        if given != wanted or 'body' in parameters and not self.has_body:
            raise ValueError(f'the handler of {self!r} must take {", ".join(sorted(wanted))}')


def _names(policy):
    if policy is None:
        return ()
    return tuple(str(rule) for rule in (policy if isinstance(policy, (tuple, list)) else (policy,)))


class Operations:
    """The operations of one resource package, in a row of decorators.

    :param tag: short name of the resource
    :param title: heading in the documentation

    All decorators take

    * ``policy``: a rule or several that all must pass; ``policy=None, public=True`` for an operation that
      everybody with a valid token may call
    * ``since``, ``until``: the microversions; ``experimental``: a pair of versions between which clients must
      send the experimental header
    * ``query``: Fields of the query string
    * ``body``: Fields of the body, under their name as key or, without a name, the whole body; or a type of
      :mod:`manila.api.types` for the whole body. ``missing``: status when the key is not there
    * ``view``: Fields of the answer, under their name or ``wrap``, or bare without either; or a type.
      ``also``: a second key with the same content
    * ``collection``: key of a list answer; the handler then returns rows or, when it is ``paged``, a :class:`Page`.
      ``collection_links``: key of the link to the next page
    * ``status``: of success; 200 unless an action without a view makes it 202
    * ``legacy_path``: where the operation is up to 2.6, while ``path`` counts from 2.7 on
    """

    def __init__(self, tag, title):
        self.tag, self.title = tag, title
        self.items = []

    def __iter__(self):
        return iter(self.items)

    def get(self, path, **keywords):
        """Declare a reading operation."""
        return self._declare('GET', path, **keywords)

    def post(self, path, **keywords):
        """Declare a creating operation."""
        return self._declare('POST', path, **keywords)

    def put(self, path, **keywords):
        """Declare a changing operation."""
        return self._declare('PUT', path, **keywords)

    def patch(self, path, **keywords):
        """Declare a partly changing operation."""
        return self._declare('PATCH', path, **keywords)

    def delete(self, path, **keywords):
        """Declare a removing operation."""
        return self._declare('DELETE', path, **keywords)

    def action(self, path, name, legacy=None, **keywords):
        """Declare an action: a POST whose body has the action's name as its only key.

        :param legacy: name up to 2.6, while ``name`` counts from 2.7 on
        """
        return self._declare('POST', path, action=name, legacy=legacy, **keywords)

    def _declare(self, method, path, legacy_path=None, legacy=None, since=None, until=None, **keywords):
        def decorate(handler):
            if legacy_path or legacy:
                old = {**keywords, 'action': legacy} if legacy else keywords
                self._add(method, legacy_path or path, handler, since=since, until=PREFIXED_UNTIL, **old)
                self._add(method, path, handler, since=PLAIN_SINCE, until=until, **keywords)
            else:
                self._add(method, path, handler, since=since, until=until, **keywords)
            return handler
        return decorate

    def _add(self, method, path, handler, **keywords):
        self.items.append(Operation(self.tag, method, path, handler, **keywords))
