"""Microversions: their order, spans of them, the request header, and the documents about them."""
import re
from typing import NamedTuple

from manila import exception

#: Request and answer header with the microversion.
HEADER = 'X-OpenStack-Manila-API-Version'
#: Request header by which a client says that it accepts operations that may still change.
EXPERIMENTAL_HEADER = 'X-OpenStack-Manila-API-Experimental'
#: When the list of versions last changed; clients only show it.
UPDATED = '2026-10-01T00:00:00Z'

_PATTERN = re.compile(r'([1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})')


class Version(NamedTuple):
    """A microversion; compares with others and with plain pairs of numbers."""

    major: int
    minor: int

    def __str__(self):
        return f'{self.major}.{self.minor}'

    def next(self):
        """The microversion that follows."""
        return Version(self.major, self.minor + 1)


def parse(text):
    """The version that a string such as ``2.28`` names.

    :raises InvalidAPIVersionString: for anything else, ``latest`` included
    """
    match = _PATTERN.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise exception.InvalidAPIVersionString(version=text)
    return Version(int(match[1]), int(match[2]))


MIN = parse('2.0')
MAX = parse('2.99')
API_MIN = str(MIN)
API_MAX = str(MAX)

_served = {f'2.{minor}': Version(2, minor) for minor in range(MAX.minor + 1)}


class Span:
    """The microversions from ``since`` to ``until``, both included.

    :param since: first version as a string, or None for the oldest
    :param until: last version as a string, or None for the newest
    """

    __slots__ = ('since', 'until')

    def __init__(self, since=None, until=None):
        self.since = parse(since) if since else MIN
        self.until = parse(until) if until else MAX
        if self.since > self.until:
            raise ValueError(f'span of versions {self} is empty')

    def __contains__(self, version):
        return self.since <= version <= self.until

    def __str__(self):
        return f'{self.since}-{self.until}'

    def overlaps(self, other):
        """Whether some version lies in both."""
        return self.since <= other.until and other.since <= self.until


def requested(environ):
    """The version that a request asks for, the oldest without the header.

    :raises InvalidAPIVersionString: malformed header
    :raises NotAcceptable: a version that is not served
    """
    text = environ.get('HTTP_X_OPENSTACK_MANILA_API_VERSION')
    if text is None:
        return MIN
    text = text.strip()
    version = _served.get(text)
    if version is None:
        version = parse(text)
        raise NotAcceptable(version)
    return version


class NotAcceptable(exception.ManilaException):
    """The service does not speak the version that was asked for."""

    code = 406
    safe = True

    def __init__(self, version):
        super().__init__(f'Version {version} is not supported by the API. Minimum is {API_MIN} and maximum '
                         f'is {API_MAX}.')
        self.version = version


def document(base):
    """What ``GET /`` and ``GET /v2/`` answer.

    :param base: URL of the service without ``/v2``
    """
    return {'versions': [{
        'id': 'v2.0',
        'status': 'CURRENT',
        'version': API_MAX,
        'min_version': API_MIN,
        'updated': UPDATED,
        'links': [{'rel': 'describedby', 'type': 'text/html', 'href': 'https://docs.openstack.org/'},
                  {'rel': 'self', 'href': f'{base}/v2/'}],
        'media-types': [{'base': 'application/json',
                         'type': 'application/vnd.openstack.share+json;version=1'}],
    }]}
