"""How the conformance kit is found, called and summed up; a script stands for the kit."""
import os
import pathlib
import signal
import socket
import subprocess
import sys

import pytest
from lib import conformance, system, testing

RESULTS = '# comment\na.b.Some.test_good[api,id-1] pass 1.5\na.b.Some.test_bad_1[api] fail 0.1 # why not\n' \
          'a.b.Some.test_left skip 0.0 # no share server\n'
SCRIPT = """#!/bin/bash
echo "$@" >> "$LOG"
echo "$CONFORMANCE_PORT $CONFORMANCE_HOME $MANILA_VENV $CONFORMANCE_VENVS" >> "$LOG.environment"
case "$1" in
    --setup) echo "ERROR: no apt-get" >&2; exit $SETUP ;;
    --down) exit 0 ;;
esac
[ -z "$RESULTS" ] || printf '%s' "$RESULTS" > "$CONFORMANCE_HOME/result-no-dhss.part.txt"
echo 'Traceback of test_bad_1' > "$CONFORMANCE_HOME/result-no-dhss.part.fail"
mkdir -p "$CONFORMANCE_HOME/log"
printf 'a INFO x\\nb ERROR y\\n' > "$CONFORMANCE_HOME/log/manila-api.log"
exit $STATUS
"""


class Kit:
    """A script in place of the kit, and what it was told."""

    def __init__(self, folder, monkeypatch):
        self.log = folder / 'log'
        self._monkeypatch = monkeypatch
        script = folder / 'kit' / 'run.sh'
        script.parent.mkdir()
        script.write_text(SCRIPT)
        script.chmod(0o755)
        for name in ('CONFORMANCE_PORT', 'CONFORMANCE_HOME', 'CONFORMANCE_RESULTS'):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(conformance.VARIABLE, str(script.parent))
        monkeypatch.setenv('CONFORMANCE_VENVS', str(folder / 'venvs'))
        monkeypatch.setenv('LOG', str(self.log))
        self.ends(RESULTS, 1)

    def ends(self, results='', status=0, setup=0):
        """How the next calls end."""
        for name, value in (('RESULTS', results), ('STATUS', status), ('SETUP', setup)):
            self._monkeypatch.setenv(name, str(value))

    @property
    def calls(self):
        """Arguments of all calls so far."""
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A script in place of the kit."""
    return Kit(tmp_path, monkeypatch)


def run_fast(may_install=True):
    tally = testing.Tally()
    conformance.run_fast('/somewhere/venv/bin/python', tally, may_install)
    return tally


def test_each_test_counts_and_failures_are_shown(kit, capfd):
    tally = run_fast()
    assert (tally.passed, tally.failed, tally.skipped) == (1, 1, 1)
    assert tally.failures == ['conformance: a.b.Some.test_bad_1']
    printed = capfd.readouterr().out
    assert 'Traceback of test_bad_1' in printed and 'b ERROR y' in printed and 'INFO' not in printed


def test_the_fast_tests_of_what_there_is_run_in_a_folder_that_goes_with_them(kit):
    run_fast()
    assert kit.calls == ['--setup', f'no-dhss --fast --except {conformance.LATER} --workers 2', '--down']
    told = set(pathlib.Path(f'{kit.log}.environment').read_text().splitlines())
    (port, home, venv, venvs), = (line.split() for line in told)
    assert port.isdigit() and not pathlib.Path(home).exists()
    assert venv == '/somewhere/venv' and venvs == str(kit.log.parent / 'venvs')


def test_without_the_kit_the_part_is_skipped_with_the_reason(monkeypatch, tmp_path):
    monkeypatch.setenv(conformance.VARIABLE, str(tmp_path / 'missing'))
    tally = run_fast()
    assert (tally.passed, tally.failed) == (0, 0)
    reason, = tally.reasons
    assert str(tmp_path / 'missing') in reason and conformance.VARIABLE in reason


def test_nothing_is_installed_where_that_is_forbidden(kit):
    tally = run_fast(may_install=False)
    assert kit.calls == [] and list(tally.reasons) == ['conformance: what the conformance kit needs is not installed']


@pytest.mark.parametrize('root', [True, False])
def test_what_cannot_be_installed_is_a_failure_for_root_and_a_reason_for_others(kit, monkeypatch, root):
    kit.ends(setup=2)
    monkeypatch.setattr(system, 'is_root', lambda: root)
    tally = run_fast()
    text = 'conformance: ERROR: no apt-get'
    assert (tally.failures, list(tally.reasons)) == (([text], []) if root else ([], [text]))


def test_a_run_without_results_is_a_failure(kit):
    kit.ends(status=2)
    assert run_fast().failures == ['conformance: run.sh ended with 2']


def test_a_test_that_did_not_run_is_a_failure(kit):
    kit.ends('a.b.Some.test_good pass 1.5\n', 1)
    assert run_fast().failures == ['conformance: run.sh ended with 1']


def test_a_good_run_of_too_few_tests_is_a_failure(kit):
    kit.ends('a.b.Some.test_good pass 1.5\n')
    assert run_fast().failures == ['conformance: 1 tests ran, fewer than 150']
    kit.ends(''.join(f'a.b.Some.test_{number} pass 1.5\n' for number in range(150)))
    tally = run_fast()
    assert (tally.passed, tally.failed) == (150, 0)


def test_an_interrupted_run_leaves_no_process(kit, tmp_path):
    script = tmp_path / 'kit' / 'run.sh'
    ready = tmp_path / 'ready'
    script.write_text(f"""#!/bin/bash
echo "$1" >> "$LOG"
[ "$1" = no-dhss ] || exit 0
trap 'echo stopped >> "$LOG"; exit 130' TERM INT
touch {ready}
while :; do sleep 0.05; done
""")
    # Started in the background of a shell, as some do with all tests, a process would ignore this signal.
    code = 'import signal; signal.signal(signal.SIGINT, signal.default_int_handler); ' \
        f"from lib import conformance; conformance.Suite(conformance.kit(), '/venv', {str(tmp_path)!r}).run([])"
    with subprocess.Popen([sys.executable, '-c', code], start_new_session=True,
                          env={**os.environ, 'PYTHONPATH': str(system.ROOT / 'tools')}) as process:
        system.wait_until(ready.exists, 60, 'the script', alive=lambda: process.poll() is None)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    assert kit.calls == ['no-dhss', 'stopped', '--down']


def test_ports_in_a_row_are_free():
    first = conformance.free_ports()
    for port in range(first, first + 7):
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', port))


@pytest.mark.parametrize('argv, told', [
    ([], f'--except {conformance.LATER} --workers 4'),
    (['test_rules', '--everything', '--workers', '2'], 'test_rules --workers 2'),
    (['--fast', '--list', '--timeout', '9'], f'--fast --list --except {conformance.LATER} --timeout 9 --workers 4')])
def test_the_command_tells_the_kit_what_to_run(kit, monkeypatch, tmp_path, argv, told):
    monkeypatch.setenv('CONFORMANCE_HOME', str(tmp_path))
    kit.ends(status=1)
    assert conformance.main(argv) == 1
    assert kit.calls == ['--setup', f'no-dhss {told}', '--down']


def test_the_command_says_clearly_that_the_kit_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv(conformance.VARIABLE, str(tmp_path))
    assert conformance.main([]) == 2
    assert f'no conformance kit (run.sh) in {tmp_path}' in capsys.readouterr().err


def test_arguments_for_pytest_leave_the_part_out(kit):
    tally = testing.Tally()
    testing.conformance('python', tally, testing.parse(['--', '-k', 'access']))
    assert kit.calls == [] and list(tally.reasons) == ['conformance: there are arguments for pytest']
