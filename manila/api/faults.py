"""The one place that turns an exception into an answer."""
import http.client
import json

import webob
import webob.exc
from oslo_log import log

from manila import exception
from manila.i18n import _

LOG = log.getLogger(__name__)

NAMES = {400: 'badRequest', 401: 'unauthorized', 403: 'forbidden', 404: 'itemNotFound', 405: 'badMethod',
         409: 'conflictingRequest', 413: 'overLimit', 415: 'badMediaType', 501: 'notImplemented',
         503: 'serviceUnavailable'}
OTHER_NAME = 'computeFault'
_TEXTS = {
    400: _('The server could not understand the request.'),
    401: _('The request needs valid credentials.'),
    403: _('This is not allowed.'),
    404: _('The resource could not be found.'),
    413: _('The request body exceeds the size that the service accepts.'),
    500: _('The service met an unexpected error; its log has more under the id of this request.'),
}
_SHOWN = (exception.Invalid, exception.NotAuthorized, exception.Conflict)
_CONTENT_TYPES = ('application/json', 'text/html', 'text/plain')


def answer(status, message=None, headers=()):
    """An error answer.

    :param status: HTTP status
    :param message: text for the client; by default one for the status
    :param headers: pairs to send along
    """
    message = message or _TEXTS.get(status) or http.client.responses.get(status, _('Error'))
    fault = {'code': status, 'message': str(message)}
    headers = {'Content-Type': 'application/json', **dict(headers)}
    if status == 413:
        headers.setdefault('Retry-After', '0')
        fault['retryAfter'] = headers['Retry-After']
    body = json.dumps({NAMES.get(status, OTHER_NAME): fault}).encode()
    phrase = http.client.responses.get(status, 'Error')
    return webob.Response(body=body, status=f'{status} {phrase}', headerlist=list(headers.items()))


def from_exception(error):
    """The answer to an exception; what was not foreseen is logged and told in general words."""
    if isinstance(error, webob.exc.HTTPException):
        kept = {key: value for key, value in error.headers.items()
                if key.lower() not in ('content-type', 'content-length')}
        if error.code < 400:
            return error
        text = None if error.code == 413 else error.detail or error.explanation
        return answer(error.code, text, kept)
    if isinstance(error, exception.ManilaException):
        status = error.code
        if status < 500 and (error.safe or isinstance(error, _SHOWN)):
            LOG.info('Refused with %s: %s', status, error.msg)
            return answer(status, error.msg, error.headers)
        if 400 <= status < 500:
            LOG.info('Refused with %s: %s', status, error.msg)
            return answer(status, None, error.headers)
    LOG.error('Unexpected error while serving a request', exc_info=error)
    status = getattr(error, 'code', 500)
    return answer(status if status in (501, 503) else 500)


class FaultWrapper:
    """WSGI middleware: whatever goes wrong below, clients get a fault as JSON."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        replaced = []

        def start(status, headers, exc_info=None):
            fault = _plain_error(status, headers)
            if fault is None:
                return start_response(status, headers, exc_info)
            replaced.append(fault)
            return lambda data: None

        try:
            body = self.application(environ, start)
        except Exception as error:
            return from_exception(error)(environ, start_response)
        if replaced:
            if hasattr(body, 'close'):
                body.close()
            return replaced[0](environ, start_response)
        return body


def _plain_error(status, headers):
    """The fault instead of an error page that middleware below made, or None to keep the answer."""
    code = int(status[:3])
    if code < 400:
        return None
    kept = {}
    for key, value in headers:
        if key.lower() == 'content-type' and value.startswith('application/json'):
            return None
        if key.lower() not in ('content-type', 'content-length'):
            kept[key] = value
    return answer(code, None, kept)
