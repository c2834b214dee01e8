"""Helpers for privileged functions."""
import time

from oslo_concurrency import processutils
from oslo_log import log

LOG = log.getLogger(__name__)


def execute_with_retries(action, action_args, max_retries):
    """Call a privileged function, up to ``max_retries`` times while its command fails; returns True.

    :param action_args: list of arguments of ``action``
    :raises oslo_concurrency.processutils.ProcessExecutionError: the last failure
    """
    for attempt in range(1, max_retries + 1):
        try:
            action(*action_args)
            return True
        except processutils.ProcessExecutionError:
            if attempt == max_retries:
                raise
            LOG.exception('%s failed; try %s of %s.', action.__name__, attempt, max_retries)
            time.sleep(attempt ** 2)
    raise ValueError(f'max_retries must be at least 1, not {max_retries}')
