"""Watches every answer of a running API, whichever client asked, and holds it against the served OpenAPI document.

A filter in front of the API writes down the first answer of each form: same operation, version, status, and the same
keys with values of the same types. What was written down is checked once the tests are done, so that the API under
test is hardly slowed down.
"""
import collections
import configparser
import json
import os
import pathlib
import re
import threading

import webob

from manila.tests.fuzz import checks

_ID = re.compile(r'[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}')
_VERSION = 'X-OpenStack-Manila-API-Version'

#: As of :class:`manila.tests.fuzz.messages.Answer`.
Answer = collections.namedtuple('Answer', 'status headers body json')


def write_paste_file(original, path, folder):
    """Write an api-paste.ini that has the filter in front of every pipeline of the API.

    :param folder: existing directory for what is written down
    """
    paste = configparser.RawConfigParser(delimiters=('=',))
    paste.optionxform = str
    paste.read(original)
    for name, pipeline in paste.items('composite:openstack_share_api_v2'):
        if name != 'use':
            paste.set('composite:openstack_share_api_v2', name, f'witness {pipeline}')
    paste.add_section('filter:witness')
    paste.set('filter:witness', 'paste.filter_factory', f'{__name__}:filter_factory')
    paste.set('filter:witness', 'folder', str(folder))
    with open(path, 'w') as file:
        paste.write(file)


def filter_factory(global_conf, folder):
    """The filter, for paste."""
    return lambda application: Witness(application, folder)


class Witness:
    """WSGI filter that writes down the first answer of each form.

    :param folder: where each process has a file of its own
    """

    def __init__(self, application, folder):
        self._application, self._folder = application, pathlib.Path(folder)
        self._seen = set()
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        req = webob.Request(environ)
        told = {'method': req.method, 'path': environ.get('PATH_INFO', ''), 'version': req.headers.get(_VERSION)}
        answer = req.get_response(self._application)
        body = answer.body
        content = json.loads(body) if body else None
        form = (_ID.sub('*', told['path']), told['method'], told['version'], answer.status_int, form_of(content))
        with self._lock:
            new = form not in self._seen
            self._seen.add(form)
        if new:
            told.update(status=answer.status_int, content=content,
                        headers={name.lower(): value for name, value in answer.headers.items()})
            # One write to a file opened for appending: threads and killed processes leave whole lines.
            with open(self._folder / f'answers-{os.getpid()}.jsonl', 'a') as file:
                file.write(json.dumps(told) + '\n')
        return answer(environ, start_response)


def form_of(content):
    """Something that is equal for contents with the same keys and types of values."""
    if isinstance(content, dict):
        return frozenset((key, form_of(value)) for key, value in content.items())
    if isinstance(content, list):
        return ('list', frozenset(map(form_of, content)))
    return type(content).__name__


def answers(folder):
    """What was written down: dicts of method, path, version, status, headers and content."""
    for path in sorted(pathlib.Path(folder).glob('answers-*.jsonl')):
        for line in path.read_text().splitlines():
            yield json.loads(line)


def problems(folder, documents, tolerated=()):
    """What contradicts the documents in the answers that were written down, in a line each.

    :param documents: function that gives the OpenAPI document of a version
    :param tolerated: statuses that need no explanation, because a test provoked them
    """
    made = {}
    for told in (told for told in answers(folder) if told['status'] not in tolerated):
        version = told['version'] or '2.0'
        if version not in made:
            made[version] = checks.Document(documents(version))
        for problem in _problems(told, made[version]):
            yield f'{told["method"]} {told["path"]} at {version}: {problem}'


def _problems(told, document):
    answer = Answer(told['status'], told['headers'], told['content'] is not None, told['content'])
    if answer.status >= 400:
        yield from checks.fault_problems(answer, answer.json or {})
    path = told['path']
    template, described = document.find(told['method'], path, path.split('/')[1])
    if described is None:
        if answer.status not in checks.ELSEWHERE and path.rstrip('/') and not path.startswith(checks.PROJECTS_PATH):
            yield f'{answer.status} where nothing is documented'
        return
    response = described['responses'].get(str(answer.status))
    if response is None:
        yield f'{answer.status} is not documented'
    elif answer.status < 400:
        yield from checks.success_problems(document, (template, told['method'], answer.status), response, answer)
