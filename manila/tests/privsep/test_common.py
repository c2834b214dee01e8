import time

import pytest
from oslo_concurrency import processutils

from manila.privsep import common


def failing(times):
    """An action that fails so many times."""
    calls = []

    def action(*args):
        calls.append(args)
        if len(calls) <= times:
            raise processutils.ProcessExecutionError()
    action.calls = calls
    return action


def test_a_failing_action_is_tried_again_with_growing_waits(monkeypatch):
    waited = []
    monkeypatch.setattr(time, 'sleep', waited.append)
    action = failing(2)
    assert common.execute_with_retries(action, ['a', 1], 3) is True
    assert action.calls == [('a', 1)] * 3
    assert waited == [1, 4]


def test_the_last_failure_is_raised(monkeypatch):
    monkeypatch.setattr(time, 'sleep', lambda seconds: None)
    action = failing(9)
    with pytest.raises(processutils.ProcessExecutionError):
        common.execute_with_retries(action, [], 2)
    assert len(action.calls) == 2
