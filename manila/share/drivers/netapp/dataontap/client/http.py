"""HTTP to an array, alike for both transports: sessions and login, repetition where harmless, counting, tracing."""
import dataclasses
import threading
import time
import weakref

import requests
import requests.adapters
import urllib3
from oslo_log import log

from manila.share.drivers.netapp.dataontap.client import errors

LOG = log.getLogger(__name__)

_LONGEST_PAUSE = 30             # seconds, whatever Retry-After says
_LONGEST_ANSWER = 64 * 1024 ** 2
_CHUNK = 64 * 1024
# HTTP statuses of trouble that passes by itself.
PASSING = (429, 502, 503, 504)


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer as it came: HTTP status, headers (whatever their case), body."""

    status: int
    headers: dict
    body: bytes

    @property
    def after(self):
        """Seconds that Retry-After asks for, or None; dates are left aside."""
        text = self.headers.get('Retry-After')
        return float(text) if text and text.isdigit() else None


class Again(Exception):
    """Inside the transports: a failure after which a call may be repeated if it is a read or had no effect.

    ``error`` is what callers get to see in the end.
    """

    def __init__(self, error, had_no_effect, after=None):
        super().__init__(str(error))
        self.error = error
        self.had_no_effect = had_no_effect
        self.after = after


def refusal(status, after, unknown, trouble=''):
    """The exception for an HTTP status that came without a proper answer.

    :param after: seconds that Retry-After asks for, or None
    :param unknown: what 404 means
    :param trouble: said behind a status that means passing trouble
    """
    if status == 401:
        return errors.NotAuthenticated(text='login failed', code=status)
    if status == 403:
        return errors.Forbidden(text='not authorized', code=status)
    if status == 404:
        return errors.Unsupported(text=unknown, code=status)
    if status == 429:
        return Again(errors.Overloaded(reason=f'HTTP status {status}'), True, after)
    return Again(errors.Unreachable(reason=f'HTTP status {status}{trouble}'), False, after)


class Http:
    """The way to one array; a transport adds what it says and how it understands the answers.

    :param connection: a :class:`manila.share.drivers.netapp.dataontap.client.connection.Connection`
    """

    headers = {}

    def __init__(self, connection):
        self.connection = connection
        self._local = threading.local()
        self._sessions = weakref.WeakSet()
        if connection.verify is False:      # said once, in the log, is enough
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def repeated(self, operation, harmless, attempt, shown):
        """Call, and after a while again when that does no harm.

        :param operation: name of the call, for counting and the log
        :param harmless: whether a repetition never does harm
        :param attempt: function without arguments that makes one attempt and may raise :class:`Again`
        :param shown: function without arguments for what the trace is to show of the call, without secrets
        """
        tries, pause = 0, self.connection.retry_interval
        while True:
            tries += 1
            try:
                return self._observed(operation, attempt, shown)
            except Again as failure:
                if not (harmless or failure.had_no_effect) or tries >= self.connection.retries:
                    raise failure.error from failure.__cause__
                seconds = min(pause if failure.after is None else failure.after, _LONGEST_PAUSE)
                LOG.debug('%s is tried again in %s s: %s', operation, seconds, failure.error)
                time.sleep(seconds)
                pause *= 2

    def _observed(self, operation, attempt, shown):
        started, failure = time.perf_counter(), None
        try:
            return attempt()
        except Again as again:
            failure = again.error
            raise
        except Exception as error:
            failure = error
            raise
        finally:
            seconds = time.perf_counter() - started
            self.connection.observed(operation, seconds, failure)
            if self.connection.traces(operation):
                LOG.debug('%s %s in %.3f s: %s', operation, shown(), seconds, failure or 'done')

    def send(self, method, path, wait=0, **more):
        """Send a request and read the answer; redirections are not followed.

        :param wait: seconds that the array may keep the answer back by agreement
        :param more: as for requests: params, headers, data
        :returns: a :class:`Reply`
        """
        connection = self.connection
        try:
            with self._session().request(
                    method, connection.base + path, allow_redirects=False, stream=True,
                    timeout=(connection.connect_timeout, connection.read_timeout + wait), **more) as reply:
                return Reply(reply.status_code, reply.headers, _body_of(reply))
        except requests.exceptions.SSLError as error:
            raise errors.Unreachable(reason=f'TLS: {error}') from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise Again(errors.Unreachable(reason=_brief(error)), _never_left(error)) from error
        except requests.RequestException as error:
            raise Again(errors.Unreachable(reason=_brief(error)), False) from error

    def _session(self):
        """A session for each thread: they are not made to be shared."""
        session = getattr(self._local, 'session', None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False       # no proxies, no .netrc, no other authorities between us and the array
            session.headers.update(self.headers)
            session.verify = self.connection.verify
            if self.connection.certificate:
                session.cert = self.connection.certificate
            else:
                session.auth = (self.connection.login, self.connection.password)
            self._sessions.add(session)
        return session

    def close(self):
        """Close the connections of all threads."""
        for session in list(self._sessions):
            session.close()


def _body_of(reply):
    """The whole answer, if it is not longer than any honest one."""
    parts, length = [], 0
    for part in reply.iter_content(_CHUNK):
        length += len(part)
        if length > _LONGEST_ANSWER:
            raise errors.Unreachable(reason='the answer does not end')
        parts.append(part)
    return b''.join(parts)


def _never_left(error):
    """Whether the request surely did not reach the array: there was no connection to send it through."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = error.args[0] if error.args else None
    return isinstance(getattr(reason, 'reason', None), urllib3.exceptions.NewConnectionError)


def _brief(error):
    reason = error.args[0] if error.args else error
    return str(getattr(reason, 'reason', reason) or type(error).__name__)
