import os
import threading
import time

import pytest

from manila import exception, utils


def failing(times, error=ValueError):
    """A function that fails so many times, then returns how often it was called."""
    calls = []

    def function():
        calls.append(time.monotonic())
        if len(calls) <= times:
            raise error()
        return len(calls)
    function.calls = calls
    return function


def test_a_failing_function_is_called_again_until_it_works():
    assert utils.retry(ValueError, interval=0, retries=5)(failing(3))() == 4


def test_the_last_failure_is_raised_when_all_tries_are_used():
    function = failing(9)
    with pytest.raises(ValueError):
        utils.retry(ValueError, interval=0, retries=3)(function)()
    assert len(function.calls) == 3


def test_other_exceptions_are_not_retried():
    function = failing(9, KeyError)
    with pytest.raises(KeyError):
        utils.retry(retry_param=(ValueError, OSError), interval=0)(function)()
    assert len(function.calls) == 1


def waits(monkeypatch, times, **kwargs):
    """What a retried function that fails so many times waits for, without waiting."""
    waited = []
    monkeypatch.setattr(time, 'sleep', waited.append)
    utils.retry(ValueError, **kwargs)(failing(times))()
    return waited


def test_waits_grow_by_the_rate(monkeypatch):
    assert waits(monkeypatch, 4, interval=1, backoff_rate=3) == [1, 3, 9, 27]


def test_waits_stay_below_the_longest_one(monkeypatch):
    assert waits(monkeypatch, 4, interval=2, backoff_rate=2, backoff_sleep_max=5) == [2, 4, 5, 5]


def test_random_waits_lie_below_the_computed_ones(monkeypatch):
    waited = waits(monkeypatch, 3, interval=10, backoff_rate=1, wait_random=True)
    assert all(0 <= seconds <= 10 for seconds in waited)
    assert len(set(waited)) == 3


def test_infinite_retries_go_beyond_the_number_of_tries(monkeypatch):
    assert len(waits(monkeypatch, 20, retries=2, infinite=True, backoff_rate=1)) == 20


def test_no_tries_at_all_make_no_sense():
    with pytest.raises(ValueError):
        utils.retry(ValueError, retries=0)


def test_synchronized_functions_wait_for_each_other():
    inside, most = [], []

    @utils.synchronized('test-utils')
    def work():
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.001)
        inside.pop()
    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_commands_return_their_output():
    assert utils.execute('printf', '%s', 'a b; $HOME') == ('a b; $HOME', '')


def test_a_failed_command_raises_with_its_exit_code():
    with pytest.raises(exception.ProcessExecutionError) as caught:
        utils.execute('false')
    assert caught.value.exit_code == 1


def test_root_helper_is_sudo_unless_rootwrap_is_configured(conf):
    assert utils.get_root_helper() == 'sudo'
    conf.config(rootwrap_config='/etc/manila/rootwrap.conf')
    assert utils.get_root_helper() == 'sudo manila-rootwrap /etc/manila/rootwrap.conf'


@pytest.mark.skipif(os.geteuid() != 0, reason='needs root')
def test_root_runs_commands_of_root_without_a_helper():
    assert utils.execute('id', '-u', run_as_root=True)[0].strip() == '0'


def test_a_temporary_directory_is_gone_after_the_block():
    with utils.tempdir(prefix='manila-test-') as path:
        with open(os.path.join(path, 'file'), 'w') as file:
            file.write('x')
    assert not os.path.exists(path)


def test_a_temporary_directory_may_be_gone_before_the_end_of_the_block():
    with utils.tempdir() as path:
        os.rmdir(path)
    assert not os.path.exists(path)


@pytest.mark.parametrize('command', [
    ['ls', '-l'], ['cat', '"a file; with | syntax"'], ['cat', "'a file'"], ['echo', '"it\'s"'], ['a', '']])
def test_harmless_commands_pass(command):
    utils.check_ssh_injection(command)


@pytest.mark.parametrize('command', [
    ['ls', 'a b'], ['ls', 'a;b'], ['ls', '`id`'], ['ls', '$(id)'], ['a', '|', 'b'], ['a', '>', 'b'],
    ['a', '&&', 'b'], ['cat', '"a" "b"'], ['cat', "'a'b'"], ['ls', 'a\nb']])
def test_commands_with_shell_syntax_are_refused(command):
    with pytest.raises(exception.SSHInjectionThreat):
        utils.check_ssh_injection(command)


@pytest.mark.parametrize('address, version, valid', [
    ('10.0.0.1', 4, True), ('10.0.0.1', '4', True), ('10.0.0.1', 6, False), ('10.0.0.1', [4, 6], True),
    ('2001:db8::1', 6, True), ('2001:db8::1', ['4', '6'], True), ('10.0.0.256', 4, False),
    ('', [4, 6], False), ('10.0.0.0/24', 4, False)])
def test_addresses_are_checked_by_version(address, version, valid):
    assert utils.is_valid_ip_address(address, version) is valid


def test_there_is_no_ip_version_5():
    with pytest.raises(exception.ManilaException):
        utils.is_valid_ip_address('10.0.0.1', 5)


def test_networks_have_masks_and_prefixes():
    assert utils.cidr_to_netmask('10.0.0.7/20') == '255.255.240.0'
    assert utils.cidr_to_prefixlen('10.0.0.7/20') == 20
    assert utils.cidr_to_prefixlen('10.0.0.7') == 32
    assert utils.cidr_to_prefixlen('2001:db8::/48') == 48
    with pytest.raises(exception.InvalidInput):
        utils.cidr_to_netmask('10.0.0.0/33')


@pytest.mark.parametrize('text, unit, size', [
    ('1G', 'G', 1.0), ('1.5T', 'G', 1536.0), ('512M', 'G', 0.5), ('10,5m', 'M', 10.5), ('1024', 'K', 1.0),
    ('0', 'G', 0.0), ('2GB', 'M', 2048.0), ('10B', 'B', 10.0), ('1P', 'T', 1024.0)])
def test_sizes_are_read_in_any_unit(text, unit, size):
    assert utils.translate_string_size_to_float(text, unit) == size


@pytest.mark.parametrize('text', ['', 'G', '1X', 'one', '-1G', None, 5, '1.2.3G'])
def test_what_is_no_size_gives_none(text):
    assert utils.translate_string_size_to_float(text) is None


@pytest.mark.parametrize('text, iso', [
    ('10 minutes', 'PT10M'), ('1hours', 'PT1H'), ('3days', 'P3D'), ('4 months', 'P4M'), ('1 year', 'P1Y')])
def test_durations_are_told_in_iso_8601(text, iso):
    assert utils.convert_time_duration_to_iso_format(text) == iso


@pytest.mark.parametrize('text', ['infinite', '3 weeks', 'days', '1.5 days'])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(exception.InvalidParameterValue):
        utils.convert_time_duration_to_iso_format(text)
