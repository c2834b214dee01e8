"""Calls of the driver in the debug log, with arguments and results, where ``netapp_trace_flags`` has ``method``."""
import functools
import inspect

from oslo_log import log
from oslo_utils import strutils

from manila.share import driver

LOG = log.getLogger(__name__)


def apply(target, flags):
    """Have the calls of a driver that the service makes logged, if the flags say so."""
    if 'method' not in {flag.strip().lower() for flag in (flags or '').split(',')}:
        return
    for name, function in inspect.getmembers(target, inspect.ismethod):
        if not name.startswith('_') and hasattr(driver.ShareDriver, name):
            setattr(target, name, _traced(name, function))


def _traced(name, function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        LOG.debug('%s%s %s begins', name, shown(args), shown(kwargs))
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            LOG.debug('%s fails: %r', name, error)
            raise
        LOG.debug('%s returns %s', name, shown(result))
        return result
    return call


def shown(value):
    """A value for the log, without secrets."""
    return strutils.mask_password(repr(value))
