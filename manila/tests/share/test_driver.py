import time

import pytest

from manila import exception
from manila.share import configuration, driver
from manila.tests.share.fakes import GROUP, Driver, SnapshotDriver


class Executor(driver.ExecuteMixin, Driver):
    """A driver that runs commands."""


@pytest.mark.parametrize('modes', [True, (True,), [True, False], {True}])
def test_a_driver_works_in_the_modes_it_states(make_driver, modes):
    made = make_driver(dhss=True)
    made._verify_share_server_handling(modes)
    assert made.driver_handles_share_servers is True


@pytest.mark.parametrize('modes', [False, (False,), (), 'True', None, (True, 'False'), 1])
def test_other_modes_are_refused(make_driver, modes):
    made = make_driver(dhss=True)
    with pytest.raises(exception.ManilaException):
        made._verify_share_server_handling(modes)


def test_a_back_end_without_mode_is_refused(make_driver):
    with pytest.raises(exception.ManilaException, match='driver_handles_share_servers'):
        make_driver(dhss=None)


def test_networks_are_only_made_with_share_servers(make_driver):
    assert not hasattr(make_driver(dhss=False), 'network_api')
    made = make_driver(dhss=True)
    assert (made.network_api.group, made.network_api.label) == (GROUP, 'user')
    assert made.admin_network_api is None


def test_networks_have_the_groups_that_options_name(make_driver):
    made = make_driver(dhss=True, network_config_group='net', admin_network_config_group='admin_net')
    assert made.network_api.group == 'net'
    assert (made.admin_network_api.group, made.admin_network_api.label) == ('admin_net', 'admin')


def test_capabilities_follow_from_the_methods_a_driver_has(make_driver):
    plain, able = make_driver(), make_driver(SnapshotDriver)
    assert plain.snapshots_are_supported is False
    assert plain.creating_shares_from_snapshots_is_supported is False
    assert able.snapshots_are_supported is True
    assert able.creating_shares_from_snapshots_is_supported is True


def test_shares_from_snapshots_need_snapshots(make_driver):
    class Cloner(Driver):
        create_share_from_snapshot = SnapshotDriver.create_share_from_snapshot
    assert make_driver(Cloner).creating_shares_from_snapshots_is_supported is False


def test_what_a_driver_does_not_have_is_not_implemented(make_driver):
    with pytest.raises(NotImplementedError):
        make_driver().create_share(None, {})


def test_our_own_declarations_are_off_unless_made(make_driver):
    assert make_driver().create_is_idempotent is False
    assert make_driver().safe_for_several_workers is False


def test_drivers_do_not_share_what_they_may_fill(make_driver):
    make_driver().dhss_mandatory_security_service_association['nfs'] = ['ldap']
    assert make_driver().dhss_mandatory_security_service_association == {}


def test_the_function_that_runs_commands_can_be_given(conf):
    conf.config(driver_handles_share_servers=False)
    settings = configuration.Configuration(driver.share_opts)
    made = Executor(configuration=settings, execute='mine')
    assert made._execute == 'mine'
    made.set_execute('other')
    assert made._execute == 'other'
    assert made.configuration.ssh_max_pool_conn == 10


def test_failing_commands_are_tried_again_with_growing_waits(make_driver, monkeypatch):
    waited, calls = [], []
    monkeypatch.setattr(time, 'sleep', waited.append)
    made = make_driver(Executor, num_shell_tries=3)

    def execute(*command, **kwargs):
        calls.append(command)
        if len(calls) < 3:
            raise exception.ProcessExecutionError()
    made.set_execute(execute)
    assert made._try_execute('ls', '-l') is True
    assert calls == [('ls', '-l')] * 3
    assert waited == [1, 4]


def test_the_last_failure_of_a_command_is_raised(make_driver, monkeypatch):
    monkeypatch.setattr(time, 'sleep', lambda seconds: None)
    with pytest.raises(exception.ProcessExecutionError):
        make_driver(Executor, num_shell_tries=2)._try_execute('false')
