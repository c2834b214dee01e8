"""The applications that api-paste.ini puts together: versions, the API with its middleware, OpenAPI."""
import os

import webob
import webob.exc
from oslo_middleware import cors, http_proxy_to_wsgi, request_id
from paste import deploy

from manila import policy, resources
from manila.api import faults, openapi, versions
from manila.api.dispatch import Dispatcher, json_answer
from manila.api.links import base_url
from manila.conf import CONF


def operations():
    """The operations of all resource packages."""
    return [item for module in resources.modules('api') for item in module.operations]


class RequestId(request_id.RequestId):
    """Gives each request an id and says it under the names that clients look for."""

    compat_headers = ['x-compute-request-id']


class UrlMap:
    """WSGI application that hands a request to the application for its path.

    :param applications: prefix -> application; ``/`` gets what no other prefix fits
    """

    def __init__(self, applications):
        self.rest = applications.get('/')
        self.applications = {prefix: app for prefix, app in applications.items() if prefix != '/'}

    def __call__(self, environ, start_response):
        path = environ.get('PATH_INFO', '')
        second = path.find('/', 1)
        prefix = path if second < 0 else path[:second]
        application = self.applications.get(prefix)
        if application is None:
            return self.rest(environ, start_response)
        environ['SCRIPT_NAME'] = environ.get('SCRIPT_NAME', '') + prefix
        environ['PATH_INFO'] = path[len(prefix):]
        return application(environ, start_response)


def root_factory(loader, global_conf, **local_conf):
    """Composite: one application per path prefix."""
    return UrlMap({path: loader.get_app(name, global_conf=global_conf) for path, name in local_conf.items()})


def pipeline_factory(loader, global_conf, **local_conf):
    """Composite: the pipeline whose name is the ``auth_strategy``."""
    names = local_conf[CONF.auth_strategy].split()
    application = loader.get_app(names.pop(), global_conf=global_conf)
    for name in reversed(names):
        application = loader.get_filter(name, global_conf=global_conf)(application)
    return application


def api_factory(global_conf=None, **local_conf):
    """The API with the operations of all resource packages."""
    policy.init()
    return Dispatcher(operations())


def versions_factory(global_conf=None, **local_conf):
    """The list of versions, for everybody."""
    return show_versions


def show_versions(environ, start_response):
    """WSGI application: ``GET /``."""
    req = webob.Request(environ)
    if req.path_info != '/' or req.method != 'GET':
        raise webob.exc.HTTPNotFound()
    return json_answer(300, versions.document(base_url(req)))(environ, start_response)


def openapi_factory(global_conf=None, **local_conf):
    """The OpenAPI document, for everybody."""
    return openapi.Application(operations())


def faults_factory(global_conf=None, **local_conf):
    """Filter: errors as JSON."""
    return faults.FaultWrapper


def cors_factory(global_conf=None, **local_conf):
    """Filter: cross-origin requests, where ``[cors] allowed_origin`` allows any."""
    def wrap(application):
        found = cors.CORS(application, CONF)
        return found if found.allowed_origins else application
    return wrap


def proxy_factory(global_conf=None, **local_conf):
    """Filter: what a proxy says of the original request, where ``enable_proxy_headers_parsing`` is set."""
    def wrap(application):
        found = http_proxy_to_wsgi.HTTPProxyToWSGI(application, CONF)
        return found if CONF.oslo_middleware.enable_proxy_headers_parsing else application
    return wrap


def paste_file():
    """Path of the file that ``api_paste_config`` names.

    :raises FileNotFoundError: when no directory of the configuration has it
    """
    path = CONF.find_file(CONF.api_paste_config)
    if not path:
        raise FileNotFoundError(f'api_paste_config {CONF.api_paste_config} was not found')
    return os.path.abspath(path)


def load():
    """The whole WSGI application as api-paste.ini describes it."""
    cors.set_defaults(
        allow_headers=['X-Auth-Token', 'X-OpenStack-Request-ID', 'X-Identity-Status', 'X-Roles',
                       'X-Service-Catalog', 'X-User-Id', 'X-Tenant-Id', versions.HEADER,
                       versions.EXPERIMENTAL_HEADER],
        expose_headers=['X-Auth-Token', 'X-OpenStack-Request-ID', 'X-Subject-Token', 'X-Service-Token',
                        versions.HEADER, versions.EXPERIMENTAL_HEADER],
        allow_methods=['GET', 'PUT', 'POST', 'DELETE', 'PATCH'])
    return deploy.loadapp(f'config:{paste_file()}', name='osapi_share')
