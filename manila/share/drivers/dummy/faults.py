"""Delays and failures of the dummy driver's methods, by configuration or while it runs.

As long as none is planned a call costs nothing more; with the first one for a method, that method of the
driver object is wrapped.
"""
import builtins
import functools
import threading
import time

from manila import exception
from manila.i18n import _

#: How often a held call looks whether it may go on, in seconds.
POLL = 0.02


class Fault:
    """Something that goes wrong with calls of one method.

    :param delay: seconds that each call takes longer
    :param error: name of an exception of :mod:`manila.exception` or of Python that is raised
    :param times: how many calls are concerned; None for all
    :param moment: 'before' or 'after' the method has done its work
    :param hold: whether calls wait until :meth:`lift`
    """

    def __init__(self, delay=0.0, error=None, times=None, moment='before', hold=False):
        self.delay = delay
        self.error = error
        self.times = times
        self.moment = moment
        self.reached = threading.Event()    # a call has come as far as this
        self._free = threading.Event()
        if not hold:
            self._free.set()
        exception_class(error)

    def lift(self):
        """End it; calls that are held go on."""
        self.times = 0
        self._free.set()

    def is_due(self):
        """Whether the next call is concerned; counts it."""
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0

    def strike(self):
        """Let it happen to a call."""
        self.reached.set()
        time.sleep(self.delay)
        self._free.wait()
        fail(self.error)


class Faults:
    """What goes wrong with one driver.

    :param state_file: where faults are looked up and calls are recorded too, or None
    """

    def __init__(self, driver, backend, state_file=None):
        self._driver = driver
        self._backend = backend
        self._file = state_file
        self._planned = {}
        self._lock = threading.Lock()

    def plan(self, method, **details):
        """Plan a fault for a method of the driver; returns the :class:`Fault`."""
        fault = Fault(**details)
        self.wrap(method)
        with self._lock:
            self._planned.setdefault(method, []).append(fault)
        return fault

    def wrap(self, method):
        """Have calls of a method pass through here."""
        original = getattr(self._driver, method)
        if hasattr(original, 'passes_faults'):
            return

        @functools.wraps(original)
        def call(*args, **kwargs):
            record = self._file and self._file.begin_call(self._backend, method, _subject(args, kwargs))
            error = None
            try:
                self._strike(method, 'before')
                result = original(*args, **kwargs)
                self._strike(method, 'after')
                return result
            except Exception as problem:
                error = problem
                raise
            finally:
                if record:
                    self._file.end_call(record, error)
        call.passes_faults = True
        setattr(self._driver, method, call)

    def _strike(self, method, moment):
        with self._lock:
            due = [fault for fault in self._planned.get(method, ())
                   if fault.moment == moment and fault.is_due()]
        for fault in due:
            fault.strike()
        for fault in self._file.take_faults(method, moment) if self._file else ():
            time.sleep(fault['delay'])
            while fault['hold'] and self._file.is_planned(fault['id']):
                time.sleep(POLL)
            fail(fault['error'])


def parse_failure(text):
    """A failure as the configuration states it: 'ShareBackendException:2'; returns (name, times or None)."""
    name, _colon, times = text.partition(':')
    return name.strip(), int(times) if times.strip() else None


def exception_class(name):
    """The exception class of a name, of the project or of Python; None for None.

    :raises manila.exception.BadConfigurationException: when there is none of that name
    """
    if name is None:
        return None
    found = getattr(exception, name, None) or getattr(builtins, name, None)
    if not (isinstance(found, type) and issubclass(found, Exception)):
        raise exception.BadConfigurationException(reason=_('there is no exception %s.') % name)
    return found


def fail(name):
    """Raise the exception of that name, unless it is None."""
    if name is not None:
        raise exception_class(name)(f'{name}, as it was planned')


def _subject(args, kwargs):
    """The id of the first thing with an id among the arguments of a call."""
    for value in (*args, *kwargs.values()):
        if isinstance(value, dict) and 'id' in value:
            return value['id']
    return None
