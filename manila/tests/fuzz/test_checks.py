"""The checks notice what is wrong with an answer."""
import json

import pytest

from manila.tests.fuzz.checks import Checker
from manila.tests.fuzz.messages import Answer, Request
from manila.tests.fuzz.world import PRIVATE

THING = {'type': 'object', 'properties': {'size': {'type': 'integer'}}, 'required': ['size']}
DOCUMENT = {'components': {}, 'paths': {'/things/{thing_id}': {
    'get': {'responses': {'200': {'content': {'application/json': {'schema': THING}}}, '404': {}}},
    'delete': {'responses': {'202': {}}}}}}
HEADERS = {'content-type': 'application/json', 'x-compute-request-id': 'req-1', 'x-openstack-manila-api-version': '2.7'}


def problems(status, content, method='GET', path='/v2/things/1', version='2.7', who='member', secret=True, **headers):
    """What is found in an answer."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    request = Request(who, method, path, headers={'X-OpenStack-Manila-API-Version': version})
    checker = Checker(lambda version: DOCUMENT, lambda: secret)
    return checker.problems(request, Answer(status, {**HEADERS, **headers}, body))


def fault(status, name, **more):
    return {name: {'code': status, 'message': 'no', **more}}


def test_answer_as_documented_is_fine():
    assert problems(200, {'size': 1}) == []
    assert problems(404, fault(404, 'itemNotFound')) == []
    assert problems(202, b'', 'DELETE') == []
    assert problems(404, fault(404, 'itemNotFound'), path='/v2/elsewhere') == []
    assert problems(400, fault(400, 'badRequest'), version='nonsense') == []


@pytest.mark.parametrize('status, content, more, found', [
    (500, fault(500, 'computeFault'), {}, '500'),
    (409, fault(409, 'conflictingRequest'), {}, 'undocumented status 409'),
    (200, {'size': 'x'}, {}, 'contradicts the document at $.size'),
    (200, {}, {}, "contradicts the document at $: 'size' is a required"),
    (200, b'', {}, 'documented content is missing'),
    (202, {'a': 1}, {'method': 'DELETE'}, 'undocumented content'),
    (200, {'size': 1}, {'path': '/v2/elsewhere'}, 'where nothing is documented'),
    (200, {'size': 1}, {'version': '2.100'}, 'impossible version'),
    (200, {'size': 1}, {'version': '2.8'}, 'is of version 2.7'),
    (200, b'{"size": NaN}', {}, 'is not JSON'),
    (200, {'size': 1}, {'content-type': 'text/html'}, 'content type text/html'),
    (200, {'size': 1}, {'method': 'HEAD'}, 'HEAD with a body'),
    (404, b'<html>', {}, 'is not JSON'),
    (404, b'', {}, '404 without a fault'),
    (404, fault(400, 'itemNotFound'), {}, 'bad fault'),
    (404, fault(404, 'badRequest'), {}, 'is no fault'),
    (404, fault(404, 'itemNotFound', trace='x'), {}, 'more than a fault'),
    (404, {'itemNotFound': {'code': 404, 'message': 'sqlalchemy.exc.DataError'}}, {}, 'tells internals'),
    (413, fault(413, 'overLimit'), {'path': '/v2/elsewhere'}, '413 without Retry-After'),
    (401, fault(401, 'unauthorized'), {'path': '/v2/elsewhere'}, '401 without WWW-Authenticate')])
def test_whatever_is_wrong_is_found(status, content, more, found):
    assert any(found in problem for problem in problems(status, content, **more))


def test_what_belongs_to_others_is_found():
    answer = {'size': 1, 'note': PRIVATE}
    assert problems(200, answer, who='stranger') == ['tells what belongs to someone else']
    assert problems(200, answer, who='member') == []
    assert problems(200, answer, who='stranger', secret=False) == []


def test_answer_without_request_id_is_found():
    checker = Checker(lambda version: DOCUMENT, lambda: True)
    answer = Answer(200, {'content-type': 'application/json'}, b'{}')
    assert 'no request id' in checker.problems(Request(None, 'GET', '/'), answer)
