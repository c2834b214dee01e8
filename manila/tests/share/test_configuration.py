import copy

import pytest
from oslo_config import cfg

from manila.conf import CONF
from manila.share.configuration import Configuration

OPTIONS = [
    cfg.StrOpt('test_configuration_name'),
    cfg.IntOpt('test_configuration_tries', default=3),
]


@pytest.fixture
def configured(tmp_path):
    """A function that makes the configuration of a back end from the text of a file."""
    def make(text, group='test_configuration_backend'):
        path = tmp_path / 'manila.conf'
        path.write_text(text)
        CONF([], default_config_files=[str(path)])
        return Configuration(OPTIONS, group)
    return make


def test_the_back_ends_own_value_counts(configured):
    configuration = configured('[DEFAULT]\ntest_configuration_tries=5\n'
                               '[test_configuration_backend]\ntest_configuration_tries=7\n')
    assert configuration.test_configuration_tries == 7


def test_default_counts_where_the_back_end_is_silent(configured):
    configuration = configured('[DEFAULT]\ntest_configuration_tries=5\ntest_configuration_name=all\n'
                               '[test_configuration_backend]\n')
    assert configuration.test_configuration_tries == 5
    assert configuration.test_configuration_name == 'all'


def test_a_value_equal_to_the_options_default_still_counts_before_default(configured):
    configuration = configured('[DEFAULT]\ntest_configuration_tries=5\n'
                               '[test_configuration_backend]\ntest_configuration_tries=3\n')
    assert configuration.test_configuration_tries == 3


def test_the_options_default_counts_where_nobody_says_anything(configured):
    configuration = configured('')
    assert configuration.test_configuration_tries == 3
    assert configuration.test_configuration_name is None


def test_without_group_only_default_counts(configured):
    configuration = configured('[DEFAULT]\ntest_configuration_name=all\n', group=None)
    assert configuration.test_configuration_name == 'all'
    assert configuration.config_group is None


def test_unknown_options_are_an_error_or_none(configured):
    configuration = configured('')
    with pytest.raises(cfg.NoSuchOptError):
        getattr(configuration, 'test_configuration_unknown')  # noqa: B009
    assert configuration.safe_get('test_configuration_unknown') is None
    assert configuration.safe_get('test_configuration_tries') == 3


def test_options_can_be_added_and_added_again(configured):
    configuration = configured('[test_configuration_backend]\ntest_configuration_late=yes\n')
    late = cfg.BoolOpt('test_configuration_late', default=False)
    configuration.append_config_values([late])
    configuration.append_config_values([late])
    assert configuration.test_configuration_late is True


def test_options_of_one_name_may_differ_between_back_ends(configured):
    configured('')
    first = Configuration([cfg.IntOpt('test_configuration_twice', default=1)], 'test_configuration_one')
    second = Configuration([cfg.IntOpt('test_configuration_twice', default=2)], 'test_configuration_two')
    assert (first.test_configuration_twice, second.test_configuration_twice) == (1, 2)


def test_what_one_back_end_needs_is_not_needed_in_default(configured):
    needed = cfg.StrOpt('test_configuration_needed', required=True)
    text = '[test_configuration_backend]\ntest_configuration_needed=x\n'
    configured(text).append_config_values([needed])
    try:
        assert configured(text).test_configuration_needed == 'x'    # reads the files anew and checks them
    finally:
        CONF.reset()
        CONF.unregister_opt(needed, group='test_configuration_backend')


def test_a_configuration_can_be_copied(configured):
    assert copy.copy(configured('')).test_configuration_tries == 3
