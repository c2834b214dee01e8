"""Databases and broker for tests: those that answer on this machine, else private ones that end with us.

Tests find them in the environment, as URLs in MANILA_TEST_MYSQL_URL, MANILA_TEST_POSTGRESQL_URL and
MANILA_TEST_RABBIT_URL; without these they look at the usual ports of the loopback address themselves.
"""
import contextlib
import dataclasses
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from lib import system

USUAL = {
    'mysql': 'mysql+pymysql://root:@127.0.0.1:3306/',
    'postgresql': 'postgresql+psycopg2://postgres@127.0.0.1:5432/postgres',
    'rabbit': 'rabbit://guest:guest@127.0.0.1:5672/',
}
PACKAGES = {'mysql': ['mariadb-server'], 'postgresql': ['postgresql'], 'rabbit': ['rabbitmq-server']}
NAMES = {'mysql': 'MariaDB', 'postgresql': 'PostgreSQL', 'rabbit': 'RabbitMQ'}

LOGIN = """
import sys
kind, url = sys.argv[1:]
if kind == 'rabbit':
    import amqp, urllib.parse
    parts = urllib.parse.urlsplit(url)
    host = f'{parts.hostname}:{parts.port}'
    amqp.Connection(host, parts.username, parts.password, connect_timeout=5).connect()
else:
    import sqlalchemy
    sqlalchemy.create_engine(url).connect().close()
"""


def variable(kind):
    """Environment variable that names a service."""
    return f'MANILA_TEST_{kind.upper()}_URL'


@dataclasses.dataclass
class Found:
    """Services the tests may use."""

    urls: dict = dataclasses.field(default_factory=dict)
    missing: list = dataclasses.field(default_factory=list)

    def environment(self):
        """The environment for the tests."""
        return dict(os.environ, **{variable(kind): url for kind, url in self.urls.items()})


@contextlib.contextmanager
def found(python, start):
    """Find the services, and start those that do not answer if `start` is set and we are root.

    :param python: interpreter that has the client libraries
    """
    services = Found()
    with contextlib.ExitStack() as stack:
        for kind, usual in USUAL.items():
            url = os.environ.get(variable(kind)) or usual
            if not answers(python, kind, url):
                url = _private(python, kind, services, stack) if start else None
            if url:
                services.urls[kind] = url
        yield services


def answers(python, kind, url):
    """Whether the service lets us in."""
    return system.run([python, '-c', LOGIN, kind, url], check=False).returncode == 0


def _private(python, kind, services, stack):
    """URL of a service started for this run, or None with the reason noted."""
    try:
        with system.step(f'no {NAMES[kind]} answers: starting a private one'):
            system.install_packages(PACKAGES[kind])
            return stack.enter_context(STARTERS[kind](python))
    except (system.Problem, OSError) as problem:
        services.missing.append(f'{NAMES[kind]}: {str(problem).splitlines()[0]}')
        return None


@contextlib.contextmanager
def _folder(user):
    """A folder of the service's user (daemons refuse to run as root), removed with everything in it."""
    path = pathlib.Path(tempfile.mkdtemp(prefix=f'manila-{user}-'))
    account = pwd.getpwnam(user)
    os.chown(path, account.pw_uid, account.pw_gid)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _as(user):
    return ['setpriv', f'--reuid={user}', f'--regid={user}', '--init-groups'] if system.is_root() else []


@contextlib.contextmanager
def _daemon(args, log, ready, what, environment=None):
    """Run a daemon of its own process group while the block lasts."""
    with open(log, 'w') as output:
        process = subprocess.Popen([str(part) for part in args], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, env=environment, cwd='/', start_new_session=True)
    try:
        system.wait_until(ready, 60, what, alive=lambda: process.poll() is None)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def mariadb(python):
    """A MariaDB with an empty root password, with the durability of a production server."""
    port = system.free_port()
    with _folder('mysql') as folder:
        data = folder / 'data'
        system.run([*_as('mysql'), 'mariadb-install-db', '--no-defaults', f'--datadir={data}',
                    '--auth-root-authentication-method=normal', '--skip-test-db'])
        url = f'mysql+pymysql://root:@127.0.0.1:{port}/'
        command = [*_as('mysql'), shutil.which('mariadbd') or '/usr/sbin/mariadbd', '--no-defaults',
                   f'--datadir={data}', f'--port={port}', f'--socket={folder}/socket',
                   '--bind-address=127.0.0.1',
                   f'--pid-file={folder}/pid', '--max-connections=500']
        with _daemon(command, folder / 'log', lambda: answers(python, 'mysql', url), 'MariaDB'):
            yield url


@contextlib.contextmanager
def postgresql(python):
    """A PostgreSQL that trusts local connections, with the durability of a production server."""
    port = system.free_port()
    programs = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin'))
    if not programs:
        raise system.Problem('no PostgreSQL server programs in /usr/lib/postgresql')
    with _folder('postgres') as folder:
        data = folder / 'data'
        system.run([*_as('postgres'), programs[-1] / 'initdb', '-A', 'trust', '-E', 'UTF8', '-U', 'postgres',
                    data])
        url = f'postgresql+psycopg2://postgres@127.0.0.1:{port}/postgres'
        command = [*_as('postgres'), programs[-1] / 'postgres', '-D', data, '-p', port, '-k', folder,
                   '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=500']
        with _daemon(command, folder / 'log', lambda: answers(python, 'postgresql', url), 'PostgreSQL'):
            yield url


@contextlib.contextmanager
def rabbitmq(python):
    """A RabbitMQ with its usual guest account."""
    port, distribution = system.free_port(), system.free_port()
    programs = sorted(pathlib.Path('/usr/lib/rabbitmq/lib').glob('*/sbin/rabbitmq-server'))
    if not programs:
        raise system.Problem('no rabbitmq-server program in /usr/lib/rabbitmq')
    with _folder('rabbitmq') as folder:
        environment = {
            'PATH': os.environ['PATH'], 'HOME': str(folder), 'LANG': 'C.UTF-8',
            'RABBITMQ_NODENAME': f'manila{port}@localhost', 'RABBITMQ_MNESIA_BASE': str(folder / 'mnesia'),
            'RABBITMQ_LOG_BASE': str(folder / 'log'), 'RABBITMQ_NODE_IP_ADDRESS': '127.0.0.1',
            'RABBITMQ_NODE_PORT': str(port), 'RABBITMQ_DIST_PORT': str(distribution),
            'RABBITMQ_ENABLED_PLUGINS_FILE': str(folder / 'plugins'), 'ERL_EPMD_ADDRESS': '127.0.0.1',
            'RABBITMQ_CONFIG_FILE': str(folder / 'none'), 'RABBITMQ_PID_FILE': str(folder / 'pid'),
        }
        url = f'rabbit://guest:guest@127.0.0.1:{port}/'
        with _daemon([*_as('rabbitmq'), programs[-1]], folder / 'output',
                     lambda: answers(python, 'rabbit', url), 'RabbitMQ', environment):
            yield url


STARTERS = {'mysql': mariadb, 'postgresql': postgresql, 'rabbit': rabbitmq}
