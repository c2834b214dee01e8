"""A request as handlers see it."""
import json
import math
from urllib import parse

import webob
import webob.exc

from manila import exception, policy
from manila.api import links, types, versions
from manila.conf import CONF

_PARAMETERS_MAX = 256
_DIGITS_MAX = 40
_PAGE_NUMBER = types.INTEGER(0)


class PageRequest:
    """Which part of a list is asked for, and in which order.

    :ivar limit: most rows to answer, never more than ``osapi_max_limit``
    :ivar limited: whether the client itself gave a limit
    :ivar offset: rows to skip
    :ivar marker: id of the row after which the page begins, or None
    :ivar sort_key: column as the client names it, default ``created_at``
    :ivar sort_dir: ``asc`` or ``desc``, default ``desc``
    """

    def __init__(self, parameters):
        self.limited = 'limit' in parameters
        limit = _PAGE_NUMBER.parse(parameters.get('limit', CONF.osapi_max_limit), 'limit')
        self.limit = min(limit, CONF.osapi_max_limit)
        self.offset = _PAGE_NUMBER.parse(parameters.get('offset', 0), 'offset')
        self.marker = types.text(parameters['marker'], 'marker', 1) if 'marker' in parameters else None
        self.sort_key = types.text(parameters.get('sort_key', 'created_at'), 'sort_key', 1)
        direction = types.text(parameters.get('sort_dir', 'desc'), 'sort_dir', 1)
        self.sort_dir = 'desc' if direction.lower() == 'desc' else 'asc'


class Request(webob.Request):
    """A request to an operation.

    :ivar context: who asks (:class:`manila.context.RequestContext`)
    :ivar version: the microversion; compares with pairs of numbers
    :ivar operation: the declaration of what is asked for
    :ivar query: the declared fields of the query string
    :ivar path_project: project id in the path, or None
    :ivar answer_status: set it to answer with another status than the declared one
    """

    context = None
    version = versions.MIN
    operation = None
    query = None
    path_project = None
    answer_status = None
    _base_url = _page = _parameters = None

    def since(self, version):
        """Whether the request's microversion is the given one or newer."""
        return self.version >= versions.parse(version)

    def allows(self, rule):
        """Whether the caller passes a policy rule for what is his own."""
        return policy.check(self.context, rule)

    def require(self, rule):
        """Refuse the request unless the caller passes a policy rule for what is his own.

        :raises PolicyNotAuthorized: when he does not
        """
        policy.authorize(self.context, rule)

    def links(self, collection, row_id):
        """The links of a row."""
        return links.of_row(self, collection, row_id)

    @property
    def base_url(self):
        """URL of the service without ``/v2``."""
        if self._base_url is None:
            self._base_url = links.base_url(self)
        return self._base_url

    @property
    def parameters(self):
        """The query string as it came, declared or not: a dict of strings."""
        if self._parameters is None:
            self._parameters = parse_query(self.environ.get('QUERY_STRING', ''))
        return self._parameters

    @property
    def page(self):
        """What the query says about paging and order (:class:`PageRequest`)."""
        if self._page is None:
            self._page = PageRequest(self.parameters)
        return self._page

    @property
    def experimental(self):
        """Whether the client accepts experimental operations."""
        word = self.environ.get('HTTP_X_OPENSTACK_MANILA_API_EXPERIMENTAL', '')
        return word.strip().lower() in ('true', '1', 't', 'yes', 'on', 'y')

    def read_json(self):
        """The body: what its JSON says, or None without a body or with another content type."""
        kind = self.environ.get('CONTENT_TYPE', '').partition(';')[0].strip().lower()
        if kind != 'application/json':
            return None
        try:
            body = self.body
        except webob.exc.HTTPException:     # it is too large
            raise
        except Exception as err:
            # Each server has its own exceptions for bodies that end early or chunks that are none.
            raise exception.ValidationError(detail='The request body is incomplete or not well framed.') from err
        return parse_json(body) if body.strip() else None


def parse_query(query):
    """A query string as a dict; of several values of one name the last counts."""
    if not query:
        return {}
    try:
        if not query.isascii():
            query = query.encode('latin-1').decode('utf-8')
        return dict(parse.parse_qsl(query, keep_blank_values=True, errors='strict',
                                    max_num_fields=_PARAMETERS_MAX))
    except ValueError as err:
        raise exception.ValidationError(detail='The query string is not well formed.') from err


def parse_json(body):
    """The value that bytes of JSON stand for.

    :raises ValidationError: when it is not JSON, not UTF-8, nested too deeply, or has numbers beyond all use
    """
    try:
        return json.loads(body.decode('utf-8'), parse_int=_integer, parse_float=_float,
                          parse_constant=_constant)
    except (ValueError, RecursionError) as err:
        raise exception.ValidationError(detail='The request body is not well-formed JSON.') from err


def _integer(digits):
    if len(digits) > _DIGITS_MAX:
        raise ValueError('integer out of range')
    return int(digits)


def _float(digits):
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError('number out of range')
    return number


def _constant(name):
    raise ValueError(f'{name} is not JSON')
