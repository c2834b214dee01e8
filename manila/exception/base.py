"""The root of all exceptions and the families that decide how an exception is answered.

Importing this module is cheap on purpose: drivers, clients of the RPC layer and tools all do it.
"""
from oslo_log import log

from manila.i18n import _

LOG = log.getLogger(__name__)


class ManilaException(Exception):
    """Root of the project's exceptions.

    ``message`` is a template for the keyword arguments, ``code`` the HTTP status of an answer about it,
    ``safe`` whether users may read the text, ``headers`` what to send along.

    :param message: text to use instead of the template, or another exception to take the text from
    :param detail_data: what the raiser has found or made so far; a driver hands over ``export_locations`` or
        ``server_details`` here, so that they are kept although the call failed
    :param kwargs: values for the template
    """

    message = _('An unknown exception occurred.')
    code = 500
    safe = False
    headers = {}

    def __init__(self, message=None, detail_data=None, **kwargs):
        self.kwargs = kwargs
        self.detail_data = detail_data or {}
        self.msg = self._render() if message is None else _text(message)
        super().__init__(self.msg)

    def _render(self):
        try:
            return self.message % {'code': self.code, **self.kwargs}
        except (KeyError, TypeError, ValueError):
            from manila import conf
            if conf.CONF.fatal_exception_format_errors:
                raise
            LOG.exception('%s raised without the values of its text; given: %s',
                          type(self).__name__, ', '.join(sorted(self.kwargs)) or 'none')
            return self.message

    def __str__(self):
        return str(self.msg)


def _text(message):
    return str(message) if isinstance(message, Exception) else message


class Invalid(ManilaException):
    """The request, or something it names, is not acceptable."""

    message = _('Unacceptable parameters.')
    code = 400


class NotFound(ManilaException):
    """What was asked for does not exist, or not for this caller."""

    message = _('Resource could not be found.')
    code = 404
    safe = True


class NotAuthorized(ManilaException):
    """The caller may not do this."""

    message = _('Not authorized.')
    code = 403


class Conflict(ManilaException):
    """The operation contradicts the present state of things."""

    message = _('%(err)s')
    code = 409


class InUse(ManilaException):
    """Something cannot change or go because something else needs it."""

    message = _('Resource is in use.')


class Found(ManilaException):
    """What was asked for is elsewhere."""

    message = _('Resource was found elsewhere.')
    code = 302
    safe = True


class QuotaError(ManilaException):
    """A limit would be exceeded."""

    message = _('Quota exceeded: code=%(code)s.')
    code = 413
    safe = True
    headers = {'Retry-After': '0'}


class QuotaNotFound(NotFound):
    """There is no such quota."""

    message = _('Quota could not be found.')


class InvalidState(Conflict):
    """A resource is not in a state from which the wanted transition leads on."""

    message = _('Not possible in the present state: %(reason)s')
