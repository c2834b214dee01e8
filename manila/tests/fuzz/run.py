"""Sends requests, looks at the answers, and says what was wrong."""
import functools
import json
import time

from manila.tests.fuzz.checks import Causes, Checker
from manila.tests.fuzz.messages import Request, send

BATCH = 250
SLOW = 5.0      # seconds that no request may take


class Documents:
    """The OpenAPI documents as the application serves them."""

    def __init__(self, application):
        self._application = application
        self.get = functools.cache(self._get)

    def _get(self, version):
        answer = send(self._application, Request(None, 'GET', '/openapi.json', f'version={version}'))
        assert answer.status == 200, answer
        return json.loads(answer.body)


class Run:
    """One series of requests to one world.

    :ivar findings: (operation, problem) -> [how often, the first request, its answer, the cause]
    """

    def __init__(self, world):
        self.world = world
        self.documents = Documents(world.application).get
        self.checker = Checker(self.documents, world.is_secret)
        self.sent = 0
        self.statuses = {}
        self.findings = {}

    def send_all(self, requests):
        """Send requests; the rows are put back now and then."""
        with Causes() as causes:
            for request in requests:
                self._send(request, causes)
                self.sent += 1
                if self.sent % BATCH == 0:
                    self.end_batch()
            self.end_batch()

    def end_batch(self):
        """Check what the requests have left behind, then put the rows back."""
        drift = self.world.drift()
        if drift:
            self._find('the last requests', 'quota usage has drifted', '', str(drift), '')
        self.world.restore()

    def _send(self, request, causes):
        begun = time.perf_counter()
        causes.last = ''
        try:
            answer = send(self.world.application, request)
        except Exception as error:
            self._find(request.method, f'raised {type(error).__name__}: {error}', request, '', causes.last)
            return
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        problems = self.checker.problems(request, answer)
        if time.perf_counter() - begun > SLOW:
            problems.append('takes too long')
        for problem in problems:
            last = causes.last.strip().splitlines()
            self._find(request.method, f'{problem} {last[-1][:150] if last and problem == "500" else ""}', request,
                       f'{answer.status} {answer.body[:400]!r}', causes.last)

    def _find(self, what, problem, request, answer, cause):
        entry = self.findings.setdefault((what, problem), [0, str(request), answer, cause])
        entry[0] += 1

    def report(self):
        """The findings as text; empty without any."""
        return '\n\n'.join(f'{count} x {what}: {problem}\n  {request}\n  {answer}\n{cause}'.rstrip()
                           for (what, problem), (count, request, answer, cause) in sorted(self.findings.items()))
