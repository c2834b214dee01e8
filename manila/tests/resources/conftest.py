"""Callers of the whole API, and a count of the SQL statements that something costs."""
import contextlib
import json

import pytest
import sqlalchemy as sa
import webob

from manila import policy
from manila.api import app
from manila.context import RequestContext
from manila.db import session
from manila.resources.types import service as types

PROJECT = '0123456789abcdef0123456789abcdef'
OTHER_PROJECT = 'fedcba9876543210fedcba9876543210'


class Caller:
    """Someone who sends requests; ``context()`` is his context for calls of services."""

    def __init__(self, application, project_id, user_id, roles, **more):
        self.application, self.project_id, self.user_id, self.roles = application, project_id, user_id, roles
        self.more = more

    def context(self):
        """A fresh context of the caller."""
        return RequestContext(project_id=self.project_id, user_id=self.user_id, roles=list(self.roles),
                              overwrite=False, **self.more)

    def __call__(self, method, path, body=None, version='2.99', **headers):
        req = webob.Request.blank(path, method=method, environ={'manila.context': self.context()})
        req.script_name = '/v2'
        req.headers['X-OpenStack-Manila-API-Version'] = version
        req.headers.update(headers)
        if body is not None:
            req.body = json.dumps(body).encode()
            req.content_type = 'application/json'
        return req.get_response(self.application)

    def get(self, path, version='2.99'):
        """The content of a successful answer."""
        answer = self('GET', path, version=version)
        assert answer.status_int == 200, answer.text
        return answer.json


class Callers:
    """Everybody whom tests need."""

    def __init__(self, application):
        self.application = application
        self.user = Caller(application, PROJECT, 'user', ('member', 'reader'))
        self.stranger = Caller(application, OTHER_PROJECT, 'stranger', ('member', 'reader'))
        self.admin = Caller(application, 'a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0', 'admin',
                            ('admin', 'member', 'reader'))

    def of(self, roles=('member', 'reader'), project_id=PROJECT, user_id='user', **more):
        """Someone else."""
        return Caller(self.application, project_id, user_id, roles, **more)


@pytest.fixture
def api(database, conf):
    """Callers of the API with all its resources and an empty database."""
    yield Callers(app.api_factory())
    policy.reset()


@pytest.fixture
def user():
    """The context of a user who is no administrator."""
    return RequestContext(project_id=PROJECT, user_id='user', roles=['member', 'reader'], is_admin=False,
                          overwrite=False)


@pytest.fixture
def statements(database):
    """``with statements() as seen:`` collects the SQL statements that are executed."""
    @contextlib.contextmanager
    def collect():
        seen = []

        def listen(connection, cursor, statement, parameters, context, executemany):
            if not statement.startswith('BEGIN'):
                seen.append(statement)

        sa.event.listen(session.engine(), 'before_cursor_execute', listen)
        try:
            yield seen
        finally:
            sa.event.remove(session.engine(), 'before_cursor_execute', listen)
    return collect


@pytest.fixture
def share_type(context, database):
    """A public share type."""
    return types.create(context, 'plain', None, True, {'driver_handles_share_servers': 'False'})
