"""Requests to ``/api``: login, tunnel to an SVM, repetition where harmless, pages, jobs, errors.

Rules of the protocol: the vendor's REST reference ("Getting started": HTTP status codes, records and pages,
synchronous and asynchronous operations, SVM tunnelling).
"""
import re
import time
import urllib.parse

from oslo_serialization import jsonutils
from oslo_utils import strutils

from manila.share.drivers.netapp.dataontap.client import errors, http

_PAGE = 10000               # records asked for at once
_WAIT = 15                  # seconds the array may keep an answer back until the job has ended
_FIRST_POLL, _LONGEST_POLL = 0.2, 2.0
_SPECIAL = re.compile(r'[*|,!<>"{}]|\.\.|^null$')


def exact(value):
    """A text as a query that means just it: operators in it lose their meaning."""
    text = str(value)
    return f'"{text}"' if _SPECIAL.search(text) else text


def any_of(values):
    """A query for any of the texts."""
    return '|'.join(exact(value) for value in values)


class Transport(http.Http):
    """The way to one array.

    :param connection: a :class:`manila.share.drivers.netapp.dataontap.client.connection.Connection`
    """

    headers = {'Accept': 'application/json', 'Content-Type': 'application/json'}

    # --- calls

    def get(self, path, params=None, svm=None):
        """One object, or whatever a GET brings."""
        return self._repeated('GET', path, params, None, svm)

    def records(self, path, params=None, svm=None):
        """All records of a collection, page by page."""
        found = []
        answer = self.get(path, {'max_records': _PAGE, **(params or {})}, svm)
        while True:
            found += answer.get('records') or ()
            following = ((answer.get('_links') or {}).get('next') or {}).get('href')
            if not following:
                return found
            answer = self.get(following.removeprefix('/api'), None, svm)

    def first(self, path, params=None, svm=None):
        """The first record of a query, or None."""
        return next(iter(self.records(path, params, svm)), None)

    def write(self, method, path, body=None, params=None, svm=None, timeout=None, repeatable=False):
        """POST, PATCH or DELETE, and wait until its job, if there is one, has ended.

        :param timeout: seconds for that instead of the usual number
        :param repeatable: whether doing it twice is as good as once, so that it may be tried again
        :returns: (answer, last part of the path of what was made or None)
        """
        end = time.monotonic() + (timeout or self.connection.timeout)
        patience = min(_WAIT, timeout or self.connection.timeout)
        answer, headers = self._repeated(method, path, {'return_timeout': patience, **(params or {})}, body, svm,
                                         whole=True, repeatable=repeatable)
        for job in [answer['job']] if answer.get('job') else answer.get('jobs') or ():
            self._wait(job, end)
        location = headers.get('Location')
        return answer, location.rstrip('/').rpartition('/')[2].partition('?')[0] if location else None

    def _wait(self, job, end):
        """Ask for a job until it has ended; jobs belong to the cluster, so there is no tunnel."""
        pause = _FIRST_POLL
        while True:
            try:
                found = self.get(f'/cluster/jobs/{job["uuid"]}', {'fields': 'state,error,message,code,description'})
            except errors.NotFound:
                raise errors.JobTimeout(reason=f'job {job["uuid"]} has disappeared') from None
            state = found.get('state')
            if state == 'success':
                return
            if state in ('failure', 'error'):
                failure = found.get('error') or {'code': found.get('code'), 'message': found.get('message')}
                raise errors.error('rest', failure.get('code', ''), failure.get('message') or found.get('message'))
            if time.monotonic() + pause > end:
                raise errors.JobTimeout(reason=f'{found.get("description") or "job"} is {state}')
            time.sleep(pause)
            pause = min(pause * 1.6, _LONGEST_POLL)

    # --- one call

    def _repeated(self, method, path, params, body, svm, whole=False, repeatable=False):
        """Call, again after a while when that does no harm."""
        def attempt():
            reply = self._send(method, path, params, body, svm)
            return self._understood(reply), reply.headers

        def shown():
            return strutils.mask_password(jsonutils.dumps({'path': path, 'params': params, 'body': body, 'svm': svm}))

        answer = self.repeated(f'{method} {operation_of(path)}', repeatable or method == 'GET', attempt, shown)
        return answer if whole else answer[0]

    def _send(self, method, path, params, body, svm):
        return self.send(
            method, '/api' + path, wait=int((params or {}).get('return_timeout', 0)), params=params,
            headers={'X-Dot-SVM-Name': svm} if svm else None,
            data=None if body is None else jsonutils.dump_as_bytes(body))

    # --- answers

    def _understood(self, reply):
        """The JSON of a success; errors as exceptions."""
        status = reply.status
        after = reply.after
        try:
            answer = jsonutils.loads(reply.body)
            if not isinstance(answer, dict):
                raise ValueError('no object')
        except ValueError as problem:
            raise http.refusal(status, after, 'there is no REST interface here',
                               ' without a JSON answer') from problem
        failure = answer.get('error')
        if failure is None and status < 400:
            return answer
        failure = failure if isinstance(failure, dict) else {'message': str(failure)}
        code, text = str(failure.get('code', 'ESTATUSFAILED')), failure.get('message') or f'HTTP status {status}'
        if status == 401:
            raise errors.NotAuthenticated(text=text, code=code)
        error = errors.error('rest', code, text)
        if status in http.PASSING and not isinstance(error, errors.Unreachable):
            kind = errors.Overloaded if status == 429 else errors.Unreachable
            error = kind(reason=f'{text} (code {code})')
        if isinstance(error, errors.Unreachable):
            raise http.Again(error, status == 429, after)
        raise error


def operation_of(path):
    """A path without what identifies objects, for counting."""
    parts = path.partition('?')[0].split('/')
    return '/'.join('*' if re.fullmatch(r'[0-9a-f]{8}-[0-9a-f-]{27}|\d+', part) else part for part in parts)


def quoted(text):
    """A text as one part of a path."""
    return urllib.parse.quote(str(text), safe='')
