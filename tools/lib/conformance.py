"""Run the public conformance suite, tempest with manila-tempest-plugin, and compare with the reference service.

The suite needs the conformance kit, which is no part of this project: a folder beside it, ../shared/conformance, or
the one that MANILA_TEST_CONFORMANCE names. The kit installs and starts Keystone, MariaDB, RabbitMQ and memcached
on loopback addresses, runs manila-api, manila-scheduler and manila-share with the dummy driver, and stops them again.
The exit status is 0 if every chosen test that the reference service passes passes here too.
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile

from lib import system

VARIABLE = 'MANILA_TEST_CONFORMANCE'
USUAL = system.ROOT.parent / 'shared' / 'conformance'
LANE = 'no-dhss'
#: Tests of resources that the service does not have yet; take out of it what has been built.
LATER = (r'share_group(?!_type)|_sg_|share_network|[Ss]ecurity|Sec|[Rr]eplica|[mM]igrat|backup|subnet|'
         r'share_server')
#: Fewer fast tests than this mean that something is wrong with the choice.
FEWEST = 150
CONFIGURATION = pathlib.Path(__file__).with_suffix('.conf')
_PORTS = 7
_ENVIRONMENTS = ('keystone', 'barbican', 'tempest')
_PROGRAMS = ('mariadbd', 'mariadb-install-db', 'memcached', 'curl', 'ps', 'flock')


def kit():
    """Folder of the kit.

    :raises lib.system.Problem: when it is not there; the text says where it was looked for
    """
    folder = pathlib.Path(os.environ.get(VARIABLE) or USUAL).absolute()
    if not (folder / 'run.sh').is_file():
        raise system.Problem(f'no conformance kit (run.sh) in {folder}; {VARIABLE} names another folder')
    return folder


def cache():
    """Where the kit keeps its Python environments, and results of runs by hand."""
    named = os.environ.get('XDG_CACHE_HOME')
    return (pathlib.Path(named) if named else pathlib.Path.home() / '.cache') / 'manila-conformance'


def environments():
    """Folder of the kit's Python environments, which all runs share."""
    named = os.environ.get('CONFORMANCE_VENVS')
    return pathlib.Path(named) if named else cache() / 'venv'


def is_installed():
    """Whether the kit needs to install nothing."""
    programs = all(shutil.which(name, path=f'{os.environ.get("PATH", "")}:/usr/sbin') for name in _PROGRAMS)
    return programs and all((environments() / name / '.installed').exists() for name in _ENVIRONMENTS)


def free_ports(count=_PORTS):
    """The first of some ports in a row of the loopback address that nobody uses now.

    :raises lib.system.Problem: when there are none
    """
    for _attempt in range(200):
        first = random.randrange(20000, 32000)      # below those that systems hand out by themselves
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise system.Problem(f'no {count} free ports in a row')


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
    return True


class Suite:
    """One run of the kit.

    :param folder: the kit
    :param venv: the Python environment in which the project is installed
    :param home: where the kit keeps what the run needs and leaves
    """

    def __init__(self, folder, venv, home):
        self.folder, self.home = folder, pathlib.Path(home)
        self.environment = {
            'CONFORMANCE_PORT': str(free_ports()), 'CONFORMANCE_EXTRA_CONF': str(CONFIGURATION), **os.environ,
            'CONFORMANCE_HOME': str(home), 'CONFORMANCE_VENVS': str(environments()),
            'MANILA_SOURCE': str(system.ROOT), 'MANILA_VENV': str(venv)}
        self._results = pathlib.Path(self.environment.get('CONFORMANCE_RESULTS') or home)

    def install(self):
        """Install what is missing, one run at a time.

        :raises lib.system.Problem: when that fails
        """
        environments().mkdir(parents=True, exist_ok=True)
        with open(environments() / '.lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self._call(['--setup'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            lines = done.stdout.strip().splitlines() or [f'run.sh --setup ended with {done.returncode}']
            raise system.Problem(lines[-1])

    def run(self, arguments):
        """Run tests; returns the exit status. Nothing keeps running afterwards, whatever happens."""
        process = subprocess.Popen([self.folder / 'run.sh', LANE, *arguments], env=self.environment, cwd=system.ROOT,
                                   stdin=subprocess.DEVNULL)
        try:
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(120)
            self._call(['--down'], stdout=subprocess.DEVNULL)

    def _call(self, arguments, **options):
        return subprocess.run([self.folder / 'run.sh', *arguments], env=self.environment, cwd=system.ROOT,
                              stdin=subprocess.DEVNULL, check=False, **options)

    def results(self):
        """Names of the tests and how they ended: pass, fail or skip; of a selection, as the kit calls it."""
        return read_results(self._results / f'result-{LANE}.part.txt')

    def failures(self, longest=40000):
        """Tracebacks of failed tests and what the services logged as errors."""
        report = self._results / f'result-{LANE}.part.fail'
        text = report.read_text(errors='replace')[:longest] if report.exists() else ''
        for log in sorted((self.home / 'log').glob('manila-*.log')):
            lines = [line for line in log.read_text(errors='replace').splitlines() if ' ERROR ' in line]
            text += ''.join(f'\n{log.name}: {line}' for line in lines[-100:])
        return text


def read_results(path):
    """{name of a test: how it ended}, from a file of lines "name[attributes] status seconds # reason"."""
    found = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        if line.strip() and not line.startswith('#'):
            name, status, _seconds = line.partition(' # ')[0].rsplit(' ', 2)
            found[name.partition('[')[0]] = status
    return found


def run_fast(python, tally, may_install):
    """The fast tests as a part of tools/test, in a folder of their own that goes with them.

    :param python: interpreter of the environment in which the project is installed
    :param may_install: whether what is missing may be installed
    """
    try:
        folder = kit()
        if not may_install and not is_installed():
            raise system.Problem('what the conformance kit needs is not installed')
    except system.Problem as problem:
        tally.reasons[f'conformance: {problem}'] += 0
        return
    with tempfile.TemporaryDirectory(prefix='manila-conformance-') as home:
        suite = Suite(folder, pathlib.Path(python).parents[1], home)
        try:
            suite.install()
        except system.Problem as problem:
            if system.is_root():
                tally.check(f'conformance: {problem}', False)
            else:
                tally.reasons[f'conformance: {problem}'] += 0
            return
        status = suite.run(['--fast', '--except', LATER, '--workers', '2'])
        count(tally, suite.results(), status)
        if status:
            system.say(suite.failures())


def count(tally, results, status):
    """Add the results of the fast tests to the tally.

    :param status: exit status of the kit: not 0 also when a test did not run
    """
    for name, how in sorted(results.items()):
        if how == 'skip':
            tally.skipped += 1
            tally.reasons['conformance: skipped by the suite itself'] += 1
        else:
            tally.check(f'conformance: {name}', how == 'pass')
    if status and 'fail' not in results.values():
        tally.check(f'conformance: run.sh ended with {status}', False)
    if not status and len(results) < FEWEST:
        tally.check(f'conformance: {len(results)} tests ran, fewer than {FEWEST}', False)


def parse(argv):
    """The command line."""
    parser = argparse.ArgumentParser(prog='tox -e conformance --', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('regex', nargs='?', help='only tests whose id matches')
    parser.add_argument('--everything', action='store_true',
                        help='also tests of resources that the service does not have yet')
    parser.add_argument('--fast', action='store_true', help='only the fast tests, as tools/test runs them')
    parser.add_argument('--list', action='store_true', help='only list the tests')
    parser.add_argument('--workers', type=int, default=4, help='tests at a time (default: 4)')
    parser.add_argument('--timeout', type=int, help='end the run after so many seconds')
    return parser.parse_args(argv)


def arguments_of(options):
    """What the kit is told."""
    found = [options.regex] if options.regex else []
    found += ['--fast'] if options.fast else []
    found += ['--list'] if options.list else []
    found += [] if options.everything else ['--except', LATER]
    found += ['--timeout', str(options.timeout)] if options.timeout else []
    return [*found, '--workers', str(options.workers)]


def main(argv=None):
    """Entry of ``tox -e conformance``; the exit status is that of the kit, 2 when it could not run."""
    options = parse(argv)
    try:
        home = os.environ.get('CONFORMANCE_HOME') or cache()
        suite = Suite(kit(), sys.prefix, home)
        suite.install()
    except system.Problem as problem:
        print(f'conformance: {problem}', file=sys.stderr)
        return 2
    return suite.run(arguments_of(options))


if __name__ == '__main__':
    sys.exit(main())
