"""Kinds of jobs: declared in a package's ``states.py``, carried out in its ``work.py``."""

from manila.jobs import outcome

_kinds = {}
_watchers = {}


class Kind:
    """One kind of job.

    :param name: ``subject.verb``; kept in the table, so it must not change
    :param coalesce: whether an order given again while it waits stays one order
    :param exclusive: prefix of the lock that keeps two jobs off the same thing, together with ``lock_id`` of
        the order (default: its target); None means no lock
    :param max_attempts: claims before the job fails for good; None takes ``[jobs] max_attempts``
    """

    def __init__(self, name, coalesce=False, exclusive=None, max_attempts=None):
        if name in _kinds:
            raise ValueError(f'two kinds of jobs called {name}')
        self.name = name
        self.coalesce = coalesce
        self.exclusive = exclusive
        self.max_attempts = max_attempts
        self.run = None
        self.resume = None
        self.failed = None
        _kinds[name] = self

    def lock(self, lock_id):
        """The lock that a job of this kind takes while it runs; None when it needs none."""
        return f'{self.exclusive}:{lock_id}' if self.exclusive else None

    def runs(self, function):
        """Decorator: ``function(job, resources)`` does the work."""
        self.run = function
        return function

    def resumes(self, function):
        """Decorator: ``function(job, resources)`` goes on after a worker was lost; default: run again."""
        self.resume = function
        return function

    def fails(self, function):
        """Decorator: ``function(context, job, error)`` records a final failure, as the job ends."""
        self.failed = function
        return function


class Watcher:
    """Is told about the jobs of a kind; what it does must be quick, and must not fail."""

    def began(self, job):
        """Work on a job begins; perhaps again after an attempt that did not end it."""

    def ended(self, job):
        """A job ends well: called in the transaction that ends it, perhaps again when that is repeated."""

    def failed(self, job, error):
        """A job has failed for good: called in the transaction that says so."""


def watch(name, watcher):
    """Have a :class:`Watcher` told about the jobs of a kind, which may be declared later."""
    _watchers[name] = (*watchers(name), watcher)


def watchers(name):
    """Who is told about the jobs of a kind."""
    return _watchers.get(name, ())


def get(name):
    """The kind of that name.

    :raises KeyError: when no package that was imported declares it
    """
    return _kinds[name]


UNKNOWN = Kind('unknown')


@UNKNOWN.runs
def _refuse(job, resources):
    # An older worker beside a newer API, for example: somebody else may know the kind.
    raise outcome.TryLater(f'this worker does not know jobs of kind {job.claim.kind}')
