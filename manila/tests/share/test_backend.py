"""The one way by which work calls a driver."""

import pytest
import requests

from manila import exception
from manila.jobs import outcome
from manila.share import backend
from manila.tests.fixtures.backends import make_backend


class Hook:
    """Notes what it is called with."""

    def __init__(self):
        self.calls = []

    def execute_pre_hook(self, context, name, *args, **kwargs):
        self.calls.append(('pre', name, args, kwargs))
        return 'data'

    def execute_post_hook(self, context, name, data, result, *args, **kwargs):
        self.calls.append(('post', name, data, result))


def test_call_gives_what_the_driver_gives(context):
    found = make_backend(context, create_share='path')
    assert found.call('create_share', context, {'id': 1}, share_server=None) == 'path'
    assert found.driver.calls == [('create_share', (context, {'id': 1}), {'share_server': None})]


def test_back_end_that_is_not_ready_is_not_called(context):
    found = make_backend(context)
    found.ready, found.problem = False, 'switched off'
    with pytest.raises(outcome.TryLater, match='switched off'):
        found.call('create_share')
    assert found.driver.calls == []


@pytest.mark.parametrize('error', [
    exception.StorageCommunicationException(reason='x'), requests.ConnectionError('x'), requests.Timeout('x'),
    ConnectionResetError('x'), TimeoutError('x'), TimeoutError('x')])
def test_failure_of_the_way_to_the_storage_may_pass(context, error):
    with pytest.raises(outcome.TryLater) as caught:
        make_backend(context, create_share=error).call('create_share')
    assert caught.value.__cause__ is error


@pytest.mark.parametrize('error', [
    RuntimeError('x'), exception.ShareBackendException(msg='x'), NotImplementedError(), OSError()])
def test_other_failures_are_the_work_s(context, error):
    with pytest.raises(type(error)):
        make_backend(context, create_share=error).call('create_share')


def test_hooks_are_called_around(context):
    found = make_backend(context, create_share='path')
    hook = Hook()
    found._hooks = [hook]
    found.call('create_share', 5, x=6)
    assert hook.calls == [('pre', 'create_share', (5,), {'x': 6}), ('post', 'create_share', 'data', 'path')]


def test_zone_is_that_of_the_back_end_or_the_node(context, conf):
    found = backend.Backend('alpha', context)
    assert found.zone == 'nova'
    conf.config(group='alpha', backend_availability_zone='west')
    assert found.zone == 'west'
