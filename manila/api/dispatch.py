"""The API itself: version, route, rights, body, handler, answer — in this order for every request."""
import json
import time

import orjson
import webob
import webob.exc
from oslo_log import log
from oslo_serialization import jsonutils

from manila import exception, policy
from manila.api import faults, links, metrics, operation as operations, types, versions
from manila.api.request import Request
from manila.api.router import Router
from manila.conf import CONF
from manila.i18n import _

LOG = log.getLogger(__name__)


class Dispatcher:
    """WSGI application that serves operations below ``/v2``.

    :param found: all operations
    :raises ValueError: for declarations that contradict each other or name unknown policy rules
    """

    def __init__(self, found):
        self.operations = list(found)
        self.router = Router(self.operations, CONF.project_id_regex)
        for item in self.operations:
            for rule in (*item.rules, *getattr(item.view, 'rules', ())):
                if not policy.is_registered(rule):
                    raise ValueError(f'{item!r} names the unknown policy rule {rule}')

    def __call__(self, environ, start_response):
        begun = time.perf_counter()
        req = Request(environ)
        try:
            answer = self._serve(req)
        except Exception as error:
            answer = faults.from_exception(error)
        _mark(req, answer)
        name = req.operation and req.operation.name
        seconds = time.perf_counter() - begun
        LOG.info('%s %s %s %s %.1f ms', req.method, environ.get('PATH_INFO'), req.version, answer.status_int,
                 seconds * 1000)
        metrics.observe(name, req.version, answer.status_int, seconds)
        return answer(environ, start_response)

    def _serve(self, req):
        req.version = None
        req.context = req.environ.get('manila.context')
        if req.context is None:
            raise webob.exc.HTTPUnauthorized()
        try:
            req.version = versions.requested(req.environ)
        except versions.NotAcceptable as error:
            req.version = error.version
            raise
        try:
            path = req.path_info
        except UnicodeDecodeError:
            raise exception.ValidationError(detail='The path is not UTF-8.') from None
        if path in ('/', '') and req.method == 'GET':
            return _versions(req, path)
        return self._operate(req, path)

    def _operate(self, req, path):
        found = self.router.find(path)
        if found is None:
            raise webob.exc.HTTPNotFound()
        entry, req.path_project, variables = found
        if req.path_project is not None and req.path_project != req.context.project_id:
            raise exception.ValidationError(detail=_('The project id in the path is not that of the token.'))
        content = None
        if req.method == 'POST' and entry.actions:
            name, content = _action(req)
            candidates = entry.actions.get(name)
            if not candidates:
                raise exception.ValidationError(detail=f'There is no action {name[:255]!r}.')
        else:
            candidates = entry.methods.get(req.method, ())
        chosen = _choose(candidates, req)
        req.operation = chosen.operation
        self._authorize(req)
        return _call(req, {**variables, **chosen.fixed}, content)

    def _authorize(self, req):
        req.context.rules = req.operation.rules
        for rule in req.operation.rules:
            policy.authorize(req.context, rule)


def _versions(req, path):
    if not path:
        raise webob.exc.HTTPFound(location=f'{req.base_url}/v2/')
    return json_answer(200, versions.document(req.base_url))


def _choose(candidates, req):
    for candidate in candidates:
        if req.version in candidate.operation.span:
            if candidate.operation.needs_experimental(req.version) and not req.experimental:
                break
            return candidate
    raise webob.exc.HTTPNotFound()


def _action(req):
    """(name, content) of the only key of an action's body."""
    body = req.read_json()
    if not isinstance(body, dict) or len(body) != 1:
        raise exception.ValidationError(detail='The body must be an object with one key, the name of the '
                                               'action.')
    return next(iter(body.items()))


def _call(req, arguments, content):
    item = req.operation
    if item.query is not None:
        req.query = item.query.parser(req.version)(req.parameters)
    if item.has_body:
        arguments['body'] = _body(req, item, content)
    result = item.handler(req, **arguments)
    if isinstance(result, webob.Response):
        return result
    return _answer(req, item, result)


def _body(req, item, content):
    if item.action:
        where, content = item.action, {} if content is None else content
    else:
        content = req.read_json()
        if content is None:
            raise exception.ValidationError(detail='The request needs a body of JSON.')
        where = getattr(item.body, 'name', None) or ''
        if where:
            content = _unwrap(content, where, item.missing)
    return item.body.parser(req.version)(content, where)


def _unwrap(content, name, missing):
    if not isinstance(content, dict):
        raise exception.ValidationError(detail='The request body must be an object.')
    if name not in content:
        raise Missing(name, missing)
    return content[name]


class Missing(exception.ManilaException):
    """A body lacks the object that an operation is about."""

    safe = True

    def __init__(self, name, status):
        self.code = status
        super().__init__(f"Invalid input: the body must have the object '{name}'.")


def _answer(req, item, result):
    status = req.answer_status or item.status
    if item.view is None:
        if result is not None:
            raise TypeError(f'{item!r} has no view but answers something')
        return webob.Response(status=status, headerlist=[('Content-Type', 'application/json'),
                                                         ('Content-Length', '0')])
    render = renderer(req, item.view)
    if item.collection:
        body = _collection(req, item, result, render)
    else:
        view = render(result)
        body = view if item.wrap is None else {item.wrap: view}
        if item.also:
            body[item.also] = view
    return json_answer(status, body)


def renderer(req, view):
    """Function that makes the answer of this request out of a row."""
    if isinstance(view, types.Type):
        inner = view.renderer(req.version, frozenset())
        if inner:
            return lambda row: inner(row, req)
        return view.out or (lambda row: row)
    allowed = frozenset(rule for rule in view.rules if req.allows(rule)) if view.rules else view.rules
    render = view.renderer(req.version, allowed)
    return lambda row: render(row, req)


def _collection(req, item, result, render):
    page = result if isinstance(result, operations.Page) else None
    if page and not item.paged:
        raise TypeError(f'{item!r} answers a page but is not declared as paged')
    views = [render(row) for row in (page.rows if page else result)]
    body = {item.collection: views}
    if item.also:
        body[item.also] = views
    if page is None:        # the whole list, whatever the query says of a limit
        return body
    if page.count is not None:
        body['count'] = page.count
    if page.rows and (page.has_more or req.page.limited and len(page.rows) >= req.page.limit):
        body[item.collection_links] = [{'rel': 'next', 'href': links.next_page(req, page.rows[-1]['id'])}]
    return body


def json_answer(status, body):
    """An answer with a JSON body; numbers that JSON cannot express become null."""
    try:
        content = orjson.dumps(body, default=jsonutils.to_primitive)
    except TypeError:       # for one, an integer of more than 64 bits
        content = json.dumps(body, default=jsonutils.to_primitive).encode()
    return webob.Response(body=content, status=status, headerlist=[('Content-Type', 'application/json')])


def _mark(req, answer):
    """Say which version the answer is in."""
    if req.version is not None:
        answer.headers[versions.HEADER] = str(req.version)
        if req.experimental:
            answer.headers[versions.EXPERIMENTAL_HEADER] = 'True'
    answer.headers['Vary'] = versions.HEADER
