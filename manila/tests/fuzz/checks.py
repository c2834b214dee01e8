"""What must hold for every answer, whatever was asked."""
import functools
import logging
import re
import traceback

import jsonschema

from manila.api import faults
from manila.tests.fuzz.messages import BASE, VERSION_HEADER
from manila.tests.fuzz.world import PRIVATE, PROJECTS

#: What answers may have where the document describes no operation.
ELSEWHERE = {302, 400, 401, 403, 404, 405, 406, 413}
#: Words of databases and of Python that are nobody's business.
INTERNALS = re.compile(rb'Traceback|sqlalchemy|psycopg2|pymysql|sqlite3|IntegrityError|DBError|SELECT .* FROM|'
                       rb'object at 0x|NoneType|File \\?"/', re.IGNORECASE)
#: Below /v2 for the sake of the openstack command only, which asks Keystone for it; see manila/api/projects.py.
PROJECTS_PATH = '/projects'
_VERSION = re.compile(r'2\.(0|[1-9][0-9]?)')


class Document:
    """The OpenAPI document of one version, ready to be looked up."""

    def __init__(self, document):
        self._components = document['components']
        self._templates = sorted(
            ((_pattern(template), template, methods) for template, methods in document['paths'].items()),
            key=lambda entry: [part.startswith('{') for part in entry[1].split('/')])
        self._first_parts = {template.split('/')[1] for template in document['paths']}
        self._validators = {}

    def find(self, method, path, project):
        """(template, description) of an operation, or (None, None).

        :param path: below /v2, decoded; perhaps with the project id in front
        """
        path = path.rstrip('/')
        first = path[1:].partition('/')[0]
        if first == project and first not in self._first_parts:
            path = path[len(first) + 1:]
        for pattern, template, methods in self._templates:
            if method.isupper() and method.lower() in methods and pattern.fullmatch(path):
                return template, methods[method.lower()]
        return None, None

    def errors(self, key, schema, content):
        """Where the content of an answer contradicts its schema."""
        if key not in self._validators:
            self._validators[key] = jsonschema.Draft202012Validator({**schema, 'components': self._components})
        return [f'{error.json_path}: {error.message[:200]}' for error in self._validators[key].iter_errors(content)][:3]


def _pattern(template):
    return re.compile('/'.join('[^/]+' if part.startswith('{') else re.escape(part) for part in template.split('/')))


class Checker:
    """Looks at answers.

    :param documents: function that gives the OpenAPI document of a version
    :param is_secret: function that says whether :data:`PRIVATE` stands only in what is the member's alone
    """

    def __init__(self, documents, is_secret):
        self._is_secret = is_secret
        self._document = functools.cache(lambda version: Document(documents(version)))
        self.reached = {}

    def problems(self, request, answer):
        """What is wrong with the answer to a request, in a few words each."""
        found = list(self._general(request, answer))
        if request.path_info.startswith(f'{BASE}/') and not any('is not JSON' in problem for problem in found):
            found += self._operation(request, answer)
        return found

    def _general(self, request, answer):
        if answer.status >= 500:
            yield f'{answer.status}'
        if 'x-compute-request-id' not in answer.headers:
            yield 'no request id'
        if answer.headers.get('content-type', 'application/json') != 'application/json':
            yield f'content type {answer.headers["content-type"]}'
        if answer.body and request.method == 'HEAD':
            yield 'HEAD with a body'
        found = INTERNALS.search(answer.body) if answer.status >= 400 else None
        if found and found[0] not in (request.body or b'') and found[0].decode() not in request.path_info:
            yield f'tells internals: {found[0]!r}'
        if request.who == 'stranger' and PRIVATE.encode() in answer.body and self._is_secret():
            yield 'tells what belongs to someone else'
        if answer.body:
            try:
                content = answer.json
            except ValueError as error:
                yield f'is not JSON: {error}'
                return
            if answer.status >= 400:
                yield from fault_problems(answer, content)
        elif answer.status >= 400 and request.method != 'HEAD':
            yield f'{answer.status} without a fault'

    def _operation(self, request, answer):
        version = '2.0' if request.version is None else request.version.strip()
        if not _VERSION.fullmatch(version):
            if answer.status not in (400, 401, 406, 413):
                yield f'{answer.status} for an impossible version'
            return
        if answer.status not in (401, 413) and answer.headers.get(VERSION_HEADER.lower()) != version:
            yield f'is of version {answer.headers.get(VERSION_HEADER.lower())}'
        path = request.path_info[len(BASE):]
        document = self._document(version)
        template, described = document.find(request.method, path, PROJECTS.get(request.who))
        if described is None:
            if answer.status not in ELSEWHERE and path.rstrip('/') and not path.startswith(PROJECTS_PATH):
                yield f'{answer.status} where nothing is documented'
            return
        self._note(version, request.method, template, answer.status)
        response = described['responses'].get(str(answer.status))
        if response is None:
            yield f'undocumented status {answer.status}'
        elif answer.status < 400:
            yield from success_problems(document, (template, request.method, answer.status), response, answer)

    def _note(self, version, method, template, status):
        counts = self.reached.setdefault(f'{method} {template}', {})
        counts[status] = counts.get(status, 0) + 1


def fault_problems(answer, content):
    """What is wrong with the form of a fault."""
    name = faults.NAMES.get(answer.status, faults.OTHER_NAME)
    fault = content.get(name) if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(fault, dict):
        yield f'{answer.status} is no fault: {str(content)[:100]}'
    elif fault.get('code') != answer.status or not fault.get('message') or not isinstance(fault['message'], str):
        yield f'{answer.status} has a bad fault: {str(fault)[:100]}'
    elif set(fault) - {'code', 'message', 'retryAfter'}:
        yield f'{answer.status} has more than a fault: {sorted(fault)}'
    if answer.status == 413 and 'retry-after' not in answer.headers:
        yield '413 without Retry-After'
    if answer.status == 401 and 'www-authenticate' not in answer.headers:
        yield '401 without WWW-Authenticate'


def success_problems(document, key, response, answer):
    """Where a successful answer contradicts what is documented of it.

    :param key: template of the path, method and status
    """
    schema = response.get('content', {}).get('application/json', {}).get('schema')
    if schema is None:
        if answer.body:
            yield 'undocumented content'
    elif not answer.body:
        if key[0].endswith('/action'):      # some actions of a path answer something, others nothing
            return
        yield 'documented content is missing'
    else:
        yield from (f'contradicts the document at {error}' for error in document.errors(key, schema, answer.json))


class Causes(logging.Handler):
    """Remembers the last exception that turned into an answer 500."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.last = ''

    def emit(self, record):
        """Take the traceback of a log record."""
        if record.exc_info and record.exc_info[1]:
            lines = traceback.format_exception(*record.exc_info)
            self.last = ''.join(lines[-6:])

    def __enter__(self):
        logging.getLogger(faults.__name__).addHandler(self)
        return self

    def __exit__(self, *_):
        logging.getLogger(faults.__name__).removeHandler(self)
