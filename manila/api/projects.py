"""Projects of standalone mode, in the words of Keystone.

Commands such as ``openstack share quota show`` look up the project they were given before using it. Without
Keystone their question, ``GET /v2/projects/{id}`` or ``GET /v2/projects?name=``, comes here.
"""
import urllib.parse

import webob

from manila.api import faults

PATH = '/projects'


def is_asked(environ):
    """Whether a request is about projects."""
    path = environ.get('PATH_INFO', '')
    return environ.get('REQUEST_METHOD') == 'GET' and (path == PATH or path.startswith(PATH + '/'))


def answer(environ, accounts, caller):
    """What a caller may know: administrators all projects, others their own.

    :param accounts: arguments of contexts by user
    :param caller: the caller's own
    """
    known = accounts.values() if 'admin' in caller['roles'] else [caller]
    projects = {account['project_id']: account['project_name'] or account['project_id'] for account in known}
    wanted = urllib.parse.unquote(environ['PATH_INFO'][len(PATH) + 1:])
    if wanted:
        if wanted not in projects:
            return faults.answer(404)
        return webob.Response(json_body={'project': _view(wanted, projects[wanted])})
    names = urllib.parse.parse_qs(environ.get('QUERY_STRING', '')).get('name')
    found = [_view(project, name) for project, name in sorted(projects.items()) if not names or name in names]
    return webob.Response(json_body={'projects': found, 'links': {'next': None}})


def _view(project, name):
    return {'id': project, 'name': name, 'domain_id': 'default', 'enabled': True, 'is_domain': False}
