"""The toy resource behind the whole API."""
import json

import pytest
import webob

from manila import policy
from manila.api.dispatch import Dispatcher
from manila.context import RequestContext
from manila.tests.api import toys


@pytest.fixture
def rules(conf):
    """The rules of the toys."""
    policy.init(toys.RULES)
    yield
    policy.reset()


class Client:
    """Sends requests to the toy API as some caller."""

    def __init__(self, application):
        self.application = application
        self.environ = {}

    def __call__(self, method, path, body=None, version='2.99', roles=('member', 'reader'),
                 project=toys.PROJECT, headers=(), content_type='application/json', environ=(), **caller):
        caller = {'user_id': 'u', **caller}
        context = RequestContext(project_id=project, roles=list(roles), **caller)
        req = webob.Request.blank(path, method=method, environ={'manila.context': context})
        req.script_name = '/v2'
        if version:
            req.headers['X-OpenStack-Manila-API-Version'] = version
        req.headers.update(dict(headers))
        if body is not None:
            req.body = body if isinstance(body, bytes) else json.dumps(body).encode()
            req.content_type = content_type
        req.environ.update(environ)
        self.environ = req.environ
        return req.get_response(self.application)


@pytest.fixture
def api(rules):
    """Function that sends a request to the toys."""
    return Client(Dispatcher(toys.toys))
