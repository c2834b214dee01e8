"""Who asks: middleware that puts a context into the request."""
import ipaddress

import webob
from oslo_log import log

from manila import context
from manila.api import faults, projects, standalone
from manila.conf import CONF

LOG = log.getLogger(__name__)

ENVIRON_KEY = 'manila.context'


class _Middleware:
    """WSGI middleware that finds the caller, or refuses."""

    def __init__(self, application):
        self.application = application

    @classmethod
    def factory(cls, global_conf=None, **local_conf):
        """Filter factory for api-paste.ini."""
        return cls

    def __call__(self, environ, start_response):
        found = self.identify(environ)
        if isinstance(found, webob.Response):
            return found(environ, start_response)
        environ[ENVIRON_KEY] = found
        return self.application(environ, start_response)


class KeystoneContext(_Middleware):
    """Believes what keystonemiddleware, which must stand before, says about the token."""

    def identify(self, environ):
        """The context of the token's user."""
        if not environ.get('HTTP_X_USER_ID') and not environ.get('HTTP_X_USER'):
            LOG.debug('The token names no user')
            return faults.answer(401)
        return context.RequestContext.from_environ(environ, remote_address=remote_address(environ))


class NoAuth(_Middleware):
    """Believes everybody everything: for development only.

    A client without a token gets one, and a URL with its project's id.
    """

    with_project = True

    def identify(self, environ):
        """An administrator's context."""
        token = environ.get('HTTP_X_AUTH_TOKEN')
        if not token:
            return self._welcome(environ)
        user, _colon, project = token.partition(':')
        return context.RequestContext(
            user_id=user, project_id=project or user, roles=['admin', 'member', 'reader'], is_admin=True,
            remote_address=remote_address(environ), **_request_ids(environ))

    def _welcome(self, environ):
        req = webob.Request(environ)
        user = environ.get('HTTP_X_AUTH_USER') or 'admin'
        project = environ.get('HTTP_X_AUTH_PROJECT_ID') or 'admin'
        url = req.application_url.rstrip('/')
        return webob.Response(status=204, headerlist=[
            ('X-Auth-Token', f'{user}:{project}'),
            ('X-Server-Management-Url', f'{url}/{project}' if self.with_project else url)])


class NoAuthV2(NoAuth):
    """Like :class:`NoAuth`, with a URL without project id."""

    with_project = False


class HttpBasic(_Middleware):
    """Standalone mode: passwords from a file, projects and roles from another."""

    def __init__(self, application):
        super().__init__(application)
        self.passwords = standalone.Passwords(CONF.oslo_middleware.http_basic_auth_user_file)
        self.accounts = standalone.Accounts(standalone.accounts_file())

    def identify(self, environ):
        """The context of the user whose password the request has."""
        user = self.passwords.user_of(environ.pop('HTTP_AUTHORIZATION', ''))
        account = user and self.accounts.get(user)
        if not account:
            return faults.answer(401, headers=[('WWW-Authenticate', 'Basic realm="manila", charset="UTF-8"')])
        if projects.is_asked(environ):
            return projects.answer(environ, self.accounts.content, account)
        return context.RequestContext(remote_address=remote_address(environ), **account,
                                      **_request_ids(environ))


def _request_ids(environ):
    return {'request_id': environ.get('openstack.request_id'),
            'global_request_id': environ.get('openstack.global_request_id')}


def remote_address(environ):
    """Address of the caller."""
    if CONF.use_forwarded_for and environ.get('HTTP_X_FORWARDED_FOR'):
        return environ['HTTP_X_FORWARDED_FOR'].partition(',')[0].strip()
    return environ.get('REMOTE_ADDR')


def is_loopback(host):
    """Whether only this machine can reach what listens on an address or name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'


def refuse_passwords_in_the_clear(host, tls):
    """Keep standalone mode off the network unless the operator wants it there.

    :param host: where the API is to listen
    :param tls: whether it speaks TLS
    :raises ValueError: when passwords would cross the network readable
    """
    if CONF.auth_strategy == 'http_basic' and not (is_loopback(host) or tls or CONF.standalone.allow_remote):
        raise ValueError(f'auth_strategy http_basic is for loopback addresses, and {host} is none: '
                         'use 127.0.0.1, TLS (osapi_share_use_ssl), or [standalone] allow_remote')
