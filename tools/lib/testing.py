"""Run the style check, the unit and flow tests, the functional tests on real services, and fast conformance tests.

Makes its own virtual environment, uses the services that answer on this machine, and as root installs and
starts those that are missing. Says what was skipped and why. Ends with one line that sums everything up.
"""
import argparse
import collections
import os
import pathlib
import sys
import tempfile
import xml.etree.ElementTree as tree

from lib import conformance as suite, services, system

STORAGE_PACKAGES = ['btrfs-progs', 'nfs-ganesha', 'nfs-ganesha-vfs', 'rpcbind', 'dbus', 'libnfs13', 'samba',
                    'smbclient', 'iproute2', 'kmod']


class Tally:
    """Results of all parts together."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.reasons = collections.Counter()
        self.failures = []

    def check(self, name, ok):
        """Count something that is either right or wrong."""
        self.passed += ok
        self.failed += not ok
        if not ok:
            self.failures.append(name)

    def read(self, report, name, code):
        """Count a JUnit report; a run that left none, or ended badly without a failure, is one failure.

        :param code: exit code of pytest
        """
        before = self.failed
        if report.exists():
            for case in tree.parse(report).iter('testcase'):
                self._case(case)
        bad = code not in (0, 5) and self.failed == before
        if bad or not report.exists():
            self.check(f'{name}: pytest ended with {code}', False)

    def _case(self, case):
        skipped = case.find('skipped')
        broken = [part for part in ('failure', 'error') if case.find(part) is not None]
        if broken:
            self.failed += 1
            self.failures.append(f'{case.get("classname")}.{case.get("name")}')
        elif skipped is not None and skipped.get('type') != 'pytest.xfail':
            self.skipped += 1
            self.reasons[(skipped.get('message') or 'no reason given').splitlines()[0]] += 1
        else:
            self.passed += 1


def style(python, tally, arguments):
    """The linter, as the pep8 environment of tox runs it."""
    done = system.run([python, '-m', 'ruff', 'check', 'manila', 'tools', 'doc', 'setup.py'], check=False,
                      quiet=False, cwd=system.ROOT)
    tally.check('style: ruff check', done.returncode == 0)


def pytest(python, tally, name, options, environment=None):
    """Run pytest and count its results."""
    with tempfile.TemporaryDirectory(prefix='manila-report-') as folder:
        report = pathlib.Path(folder) / 'report.xml'
        command = [python, '-m', 'pytest', '-q', '--no-header', f'--junitxml={report}', *options]
        done = system.run(command, check=False, quiet=False, cwd=system.ROOT, env=environment)
        tally.read(report, name, done.returncode)


def unit(python, tally, arguments):
    """Everything that needs no service beside what answers already."""
    workers = str(arguments.jobs or max(2, os.cpu_count() or 2))
    with services.found(python, start=False) as found:
        pytest(python, tally, 'unit', ['-m', 'not functional and not exhaustive', '-n', workers, 'manila/tests',
                                       *arguments.rest], found.environment())


def functional(python, tally, arguments):
    """The tests with real processes, a real broker, real databases and a real NFS server."""
    if not arguments.no_install:
        try:
            system.install_packages(STORAGE_PACKAGES)
        except system.Problem as problem:
            tally.reasons[f'storage packages: {str(problem).splitlines()[0]}'] += 0
    with services.found(python, start=not arguments.no_install) as found:
        for reason in found.missing:
            tally.reasons[reason] += 0
        pytest(python, tally, 'functional',
               ['-m', 'functional', '-n', str(arguments.functional_jobs), '--dist', 'loadgroup',
                'manila/tests', *arguments.rest], found.environment())


def conformance(python, tally, arguments):
    """The fast tests of the public conformance suite, if the kit for it is there."""
    if arguments.rest:
        tally.reasons['conformance: there are arguments for pytest'] += 0
    else:
        suite.run_fast(python, tally, may_install=not arguments.no_install)


PARTS = {'style': style, 'unit': unit, 'functional': functional, 'conformance': conformance}


def parse(argv):
    """The command line."""
    parser = argparse.ArgumentParser(prog='tools/test', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', choices=PARTS, action='append', help='run this part only (may be repeated)')
    parser.add_argument('--venv', type=pathlib.Path, default=system.ROOT / '.venv',
                        help='virtual environment to use or make (default: .venv)')
    parser.add_argument('--jobs', type=int, help='unit tests run at once (default: number of processors)')
    parser.add_argument('--functional-jobs', type=int, default=2,
                        help='functional tests run at once (default: 2)')
    parser.add_argument('--no-install', action='store_true',
                        help='install no system package and start no service; use what is there')
    parser.add_argument('rest', nargs='*', metavar='-- ARGUMENT', help='arguments for pytest')
    return parser.parse_args(argv)


def report(tally):
    """Say what was skipped, what failed, and the sum."""
    if tally.reasons:
        system.say('\nSkipped, and why:')
        for reason, times in sorted(tally.reasons.items()):
            system.say(f'  {times or "-":>4}  {reason}')
    if tally.failures:
        system.say('\nFailed:')
        for name in tally.failures:
            system.say(f'  {name}')
    system.say(f'\n{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped')


def main(argv=None):
    """Entry of tools/test; the exit code is 0 only if nothing failed and something passed."""
    arguments = parse(argv)
    tally = Tally()
    try:
        with system.step(f'Python environment in {arguments.venv}'):
            python = system.make_venv(arguments.venv, [system.ROOT / 'requirements.txt',
                                                       system.ROOT / 'test-requirements.txt'])
    except system.Problem as problem:
        system.say(f'{problem}\n\n0 passed, 1 failed, 0 skipped')
        return 1
    for name, part in PARTS.items():
        if not arguments.only or name in arguments.only:
            with system.step(f'{name} tests'):
                part(python, tally, arguments)
    report(tally)
    return 1 if tally.failed or not tally.passed else 0


if __name__ == '__main__':
    sys.exit(main())
