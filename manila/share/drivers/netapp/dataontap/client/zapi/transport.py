"""Calls to ZAPI: version, tunnel to an SVM, pages of iterators, jobs, errors.

Rules of the protocol: the vendor's ONTAPI reference (vserver tunnelling, iterators, asynchronous calls).
"""
import time

from manila.share.drivers.netapp.dataontap.client import errors, http
from manila.share.drivers.netapp.dataontap.client.zapi import elements

PATH = '/servlets/netapp.servlets.admin.XMLrequest_filer'
_FIRST_VERSION = '1.15'         # the oldest that can tunnel to an SVM; said until the array has told its own
_PAGE = 500                     # records asked for at once
_FIRST_POLL, _LONGEST_POLL = 0.2, 2.0
_FAILED_JOB = ('failure', 'error', 'quit', 'dead')
_GENERIC = '13001'              # EAPIERROR: the text decides


class Transport(http.Http):
    """The way to one array."""

    headers = {'Content-Type': 'text/xml; charset=UTF-8', 'Accept': 'text/xml'}

    def __init__(self, connection):
        super().__init__(connection)
        self.version = _FIRST_VERSION

    # --- calls

    def read(self, name, arguments=None, svm=None):
        """Ask for something; returns the element ``results``."""
        return self._call(name, arguments, svm, harmless=True)

    def write(self, name, arguments=None, svm=None):
        """Change something; returns the element ``results``."""
        return self._call(name, arguments, svm, harmless=False)

    def pages(self, name, record, query=None, wanted=None, svm=None, **more):
        """The answers of an iterator, page by page.

        :param record: name of the elements of its list
        :param query: what they have to be, as children of such an element
        :param wanted: the attributes asked for, likewise (:func:`.elements.named`); without it all
        """
        arguments = {**more, 'query': query and {record: query}, 'desired-attributes': wanted and {record: wanted},
                     'max-records': _PAGE}
        while True:
            answer = self.read(name, arguments, svm)
            yield answer
            arguments['tag'] = elements.text(answer, 'next-tag')
            if arguments['tag'] is None:
                return

    def records(self, name, record, query=None, wanted=None, svm=None, **more):
        """All records of an iterator, as elements."""
        return [each for answer in self.pages(name, record, query, wanted, svm, **more)
                for each in answer.findall(f'attributes-list/{record}')]

    def change_each(self, name, arguments, svm=None):
        """Make a call ``...-modify-iter``, which passes although records fail; here the first failure counts.

        :raises manila.share.drivers.netapp.dataontap.client.errors.NotFound: when the query fits nothing
        """
        answer = self.write(name, arguments, svm)
        failed = answer.find('failure-list/*')
        if failed is not None:
            raise errors.error('zapi', elements.text(failed, 'error-code', ''),
                               elements.text(failed, 'error-message', ''))
        if elements.number(answer, 'num-failed', 0):
            raise errors.error('zapi', _GENERIC, 'The array did not say what failed.')
        if not elements.number(answer, 'num-succeeded', 0):
            raise errors.NotFound(text=f'{name} found nothing to change', code='')

    # --- jobs

    def run(self, name, arguments=None, svm=None, timeout=None):
        """Make a call ``...-async`` and wait until its job has ended.

        :param timeout: seconds for that instead of the usual number
        """
        end = time.monotonic() + (timeout or self.connection.timeout)
        answer = self.write(name, arguments, svm)
        if elements.text(answer, 'result-status') == 'failed':
            raise errors.error('zapi', elements.text(answer, 'result-error-code', _GENERIC),
                               elements.text(answer, 'result-error-message', ''))
        if (job := elements.text(answer, 'result-jobid')) is not None:
            self._wait(job, end)

    def _wait(self, number, end):
        """Ask for a job until it has ended; jobs belong to the cluster, so there is no tunnel."""
        pause = _FIRST_POLL
        while True:
            found = self.records('job-get-iter', 'job-info', {'job-id': number}, elements.named(
                'job-id', 'job-state', 'job-completion', 'job-description'))
            if not found:
                raise errors.JobTimeout(reason=f'job {number} has disappeared')
            state = elements.text(found[0], 'job-state', 'unknown')
            if state == 'success':
                return
            if state in _FAILED_JOB:
                raise errors.error('zapi', _GENERIC, elements.text(found[0], 'job-completion', state))
            if time.monotonic() + pause > end:
                raise errors.JobTimeout(
                    reason=f'{elements.text(found[0], "job-description", "job")} is {state}')
            time.sleep(pause)
            pause = min(pause * 1.6, _LONGEST_POLL)

    # --- one call

    def _call(self, name, arguments, svm, harmless):
        body = elements.request(name, arguments, self.version, svm)

        def attempt():
            return self._understood(self.send('POST', PATH, data=body))

        def shown():
            return {'arguments': elements.shown(arguments or {}), 'svm': svm}

        return self.repeated(name, harmless, attempt, shown)

    def _understood(self, reply):
        """The results of a success; errors as exceptions."""
        if reply.status != 200:
            raise http.refusal(reply.status, reply.after, 'there is no ZAPI here')
        try:
            results = elements.results(reply.body)
        except ValueError as problem:
            raise http.Again(errors.Unreachable(reason=f'no ZAPI answer: {problem}'), False) from problem
        if results.get('status') == 'passed':
            return results
        code = results.get('errno') or elements.text(results, 'errorno') or elements.text(results, 'errno')
        text = results.get('reason') or elements.text(results, 'reason', '')
        error = errors.error('zapi', code or 'ESTATUSFAILED', text)
        if isinstance(error, errors.Unreachable):
            raise http.Again(error, False)
        raise error
