"""The OpenAPI 3.1 document of one microversion, made from the declarations."""
import functools
import threading

import webob
import webob.exc

from manila import exception, version as release
from manila.api import links, types, versions
from manila.api.dispatch import json_answer
from manila.api.request import parse_query

_JSON = 'application/json'
#: Status and meaning of the faults that an operation may answer with.
_FAULTS = {
    '400': 'The request is malformed or names something unacceptable.',
    '401': 'The request has no valid credentials.',
    '403': 'The caller may not do this.',
    '404': 'There is no such thing, or not at this microversion or for this caller.',
    '406': 'The microversion is not served.',
    '409': 'The present state of things does not allow it.',
    '413': 'A quota would be exceeded, or the request is too large.',
}
_PAGING = {
    'limit': ({'type': 'integer', 'minimum': 0, 'maximum': types.INT_MAX}, 'Most items to answer.'),
    'offset': ({'type': 'integer', 'minimum': 0, 'maximum': types.INT_MAX}, 'Items to skip.'),
    'marker': ({'type': 'string', 'minLength': 1, 'maxLength': 255}, 'Id of the item before the page.'),
    'sort_key': ({'type': 'string', 'minLength': 1, 'maxLength': 255}, 'What to sort by; created_at by default.'),
    'sort_dir': ({'type': 'string', 'minLength': 1, 'maxLength': 255}, 'asc, or desc as by default.'),
}


class Application:
    """WSGI application: the document, for the version that the query names.

    :param operations: all operations
    """

    def __init__(self, operations):
        self.operations = list(operations)
        self._lock = threading.Lock()
        self._made = functools.lru_cache(maxsize=8)(self._make)

    def __call__(self, environ, start_response):
        req = webob.Request(environ)
        if req.method != 'GET' or req.path_info not in ('', '/'):
            raise webob.exc.HTTPNotFound()
        asked = parse_query(req.query_string).get('version', versions.API_MAX)
        wanted = versions.parse(asked)
        if not versions.MIN <= wanted <= versions.MAX:
            raise exception.ValidationError(detail=f'There is no version {wanted}.')
        base = links.base_url(req).removesuffix('/openapi.json')
        with self._lock:
            made = self._made(wanted)
        return json_answer(200, {**made, 'servers': [{'url': f'{base}/v2'}]})(environ, start_response)

    def _make(self, wanted):
        return document(self.operations, wanted)


def document(operations, version):
    """The document for one microversion.

    :param operations: all operations, of any version
    :param version: a :class:`manila.api.versions.Version`
    """
    paths, tags = {}, {}
    actions = {}
    for item in operations:
        if version not in item.span:
            continue
        tags[item.tag] = {'name': item.tag}
        if item.action:
            actions.setdefault(item.path, []).append(item)
        else:
            paths.setdefault(item.path, {})[item.method.lower()] = _operation(item, version)
    for path, items in actions.items():
        paths.setdefault(path, {})['post'] = _actions(items, version)
    return {
        'openapi': '3.1.0',
        'info': {'title': 'Shared file systems', 'version': str(version),
                 'description': f'Microversion {version} as release {release.version_string()} serves it. '
                                'Every path may also have the project id in front.'},
        'servers': [{'url': '/v2'}],
        'security': [{'token': []}, {'basic': []}],
        'tags': sorted(tags.values(), key=lambda tag: tag['name']),
        'paths': dict(sorted(paths.items())),
        'components': _components(version),
    }


def _operation(item, version):
    described = {
        'operationId': item.name,
        'tags': [item.tag],
        'summary': item.summary,
        'parameters': [*_path_parameters(item), *_query_parameters(item, version), *_headers(item, version)],
        'responses': {str(item.status): _success([item], version), **_faults(item)},
    }
    rest = item.doc.partition('\n')[2].strip()
    if rest:
        described['description'] = rest
    if item.has_body:
        described['requestBody'] = {'required': True, 'content': {_JSON: {'schema': _body(item, version)}}}
    return described


def _actions(items, version):
    """One operation for all actions of a path; the body's only key says which."""
    first = items[0]
    statuses = {}
    for item in items:
        statuses.setdefault(str(item.status), []).append(item)
    experimental = next((item for item in items if item.needs_experimental(version)), first)
    return {
        'operationId': f'{first.tag}.action:{first.path}',
        'tags': [first.tag],
        'summary': 'Act on it',
        'description': '\n'.join(f'* ``{item.action}``: {item.summary}.' for item in items),
        'parameters': [*_path_parameters(first), *_headers(experimental, version)],
        'requestBody': {'required': True, 'content': {_JSON: {
            'schema': {'oneOf': [_action_body(item, version) for item in items]}}}},
        'responses': {**{status: _success(found, version) for status, found in statuses.items()},
                      **_faults(first)},
    }


def _action_body(item, version):
    content = item.body.json_schema(version) if item.has_body else {}
    return {'title': item.action, 'type': 'object', 'properties': {item.action: content},
            'required': [item.action], 'additionalProperties': False}


def _body(item, version):
    schema = item.body.json_schema(version)
    name = getattr(item.body, 'name', None)
    return _wrapped({name: schema}) if name else schema


def _wrapped(properties):
    return {'type': 'object', 'properties': properties, 'required': list(properties)}


def _success(items, version):
    described = {'description': 'Done.', 'headers': _answer_headers()}
    schemas = [schema for schema in (_view(item, version) for item in items) if schema]
    if schemas:
        described['content'] = {_JSON: {'schema': schemas[0] if len(schemas) == 1 else {'anyOf': schemas}}}
    return described


def _view(item, version):
    if item.view is None:
        return None
    schema = item.view.json_schema(version, output=True)
    if item.collection:
        rows = {'type': 'array', 'items': schema}
        wrapped = _wrapped({name: rows for name in (item.collection, item.also) if name})
        if item.paged:
            wrapped['properties']['count'] = {'type': 'integer'}
            wrapped['properties'][item.collection_links] = {'type': 'array', 'items': {'type': 'object'}}
        return wrapped
    if item.wrap is None:
        return schema
    return _wrapped({name: schema for name in (item.wrap, item.also) if name})


def _answer_headers():
    return {name: {'$ref': f'#/components/headers/{name}'}
            for name in (versions.HEADER, 'x-compute-request-id')}


def _faults(item):
    faults = {status: {'$ref': f'#/components/responses/{status}'} for status in _FAULTS}
    if item.has_body and item.missing != 400:
        faults[str(item.missing)] = {'$ref': '#/components/responses/422'}
    return faults


def _path_parameters(item):
    return [{'name': name, 'in': 'path', 'required': True,
             'schema': {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^[^/]+$'}}
            for name in item.variables]


def _query_parameters(item, version):
    found = []
    for field in (item.query.at(version) if item.query is not None else ()):
        schema = field.type.json_schema(version)
        for name in (field.name, *field.aliases):
            parameter = {'name': name, 'in': 'query', 'required': field.required and not field.aliases,
                         'schema': schema}
            if field.doc:
                parameter['description'] = field.doc
            found.append(parameter)
    if item.paged:
        known = {parameter['name'] for parameter in found}
        found += [{'name': name, 'in': 'query', 'schema': schema, 'description': text}
                  for name, (schema, text) in _PAGING.items() if name not in known]
    return found


def _headers(item, version):
    found = [{'$ref': '#/components/parameters/version'}]
    if item.needs_experimental(version):
        found.append({'$ref': '#/components/parameters/experimental'})
    return found


def _components(version):
    fault = {'type': 'object', 'minProperties': 1, 'maxProperties': 1, 'additionalProperties': {
        'type': 'object', 'required': ['code', 'message'],
        'properties': {'code': {'type': 'integer'}, 'message': {'type': 'string'},
                       'retryAfter': {'type': 'string'}}}}
    content = {_JSON: {'schema': {'$ref': '#/components/schemas/fault'}}}
    return {
        'securitySchemes': {
            'token': {'type': 'apiKey', 'in': 'header', 'name': 'X-Auth-Token'},
            'basic': {'type': 'http', 'scheme': 'basic'}},
        'parameters': {
            'version': {'name': versions.HEADER, 'in': 'header', 'schema': {'const': str(version)},
                        'required': version != versions.MIN, 'description': 'The microversion.'},
            'experimental': {'name': versions.EXPERIMENTAL_HEADER, 'in': 'header', 'required': True,
                             'schema': {'const': 'True'}, 'description': 'Accept what may still change.'}},
        'headers': {
            versions.HEADER: {'schema': {'const': str(version)}},
            'x-compute-request-id': {'schema': {'type': 'string'}}},
        'schemas': {'fault': fault},
        'responses': {status: {'description': text, 'content': content} for status, text in
                      {**_FAULTS, '422': 'The body lacks the object that it is about.'}.items()},
    }
