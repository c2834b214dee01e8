import pytest

from manila.share import hook
from manila.share.configuration import Configuration
from manila.share.driver import share_opts


class Recorder(hook.HookBase):
    """Records what it is called with; fails when told to."""

    failure = None

    def _answer(self, *args, **kwargs):
        if self.failure:
            raise self.failure
        return args, kwargs

    _execute_pre_hook = _execute_post_hook = _execute_periodic_hook = _answer


@pytest.fixture
def make(conf):
    """A function that makes a hook with options in the back end's group."""
    def make_hook(**options):
        configuration = Configuration(share_opts, 'test_hook')
        hook.load(configuration, 'h@test_hook')
        conf.config(group='test_hook', **options)
        return Recorder(configuration, 'h@test_hook')
    return make_hook


def test_hooks_are_silent_unless_enabled(make):
    recorder = make()
    recorder.failure = ValueError()
    assert recorder.execute_pre_hook('context', 'create_share') is None
    assert recorder.execute_post_hook('context', 'create_share') is None
    assert recorder.execute_periodic_hook('context', []) is None


def test_enabled_hooks_get_what_the_driver_gets(make):
    recorder = make(enable_pre_hooks=True, enable_post_hooks=True, enable_periodic_hooks=True)
    assert recorder.execute_pre_hook('c', 'create_share', 1, a=2) == (('c', 'create_share', 1), {'a': 2})
    assert recorder.execute_post_hook('c', 'create_share', 'pre', 'result', 1, a=2) == (
        ('c', 'create_share', 'pre', 'result', 1), {'a': 2})
    assert recorder.execute_periodic_hook('c', ['share']) == (('c', ['share']), {})


def test_errors_of_hooks_count_unless_suppressed(make):
    recorder = make(enable_pre_hooks=True, enable_post_hooks=True, suppress_post_hooks_errors=True)
    recorder.failure = ValueError('no')
    with pytest.raises(ValueError):
        recorder.execute_pre_hook('c', 'create_share')
    assert recorder.execute_post_hook('c', 'create_share') is recorder.failure


def test_hooks_are_loaded_by_name(conf):
    configuration = Configuration(share_opts, 'test_hook')
    assert hook.load(configuration, 'h@test_hook') == []
    conf.config(group='test_hook', hook_drivers=[f'{__name__}.Recorder'])
    loaded, = hook.load(configuration, 'h@test_hook')
    assert loaded.host == 'h@test_hook'


def test_a_hook_without_back_end_reads_default(conf):
    conf.config(enable_pre_hooks=True)
    assert Recorder(None, 'h').pre_hooks_enabled is True
