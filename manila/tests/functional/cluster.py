"""Three real processes, manila-api, manila-scheduler and manila-share, with a configuration of their own."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import uuid

import bcrypt
import requests
import sqlalchemy as sa

from manila.share.drivers.dummy import array
from manila.tests.functional import clients, services, witness

ROLES = ('api', 'scheduler', 'share')
USERS = {'admin': 'admin, member, reader', 'alice': 'member, reader', 'bob': 'member, reader'}
PASSWORD = 'functional'
ROOT = pathlib.Path(__file__).resolve().parents[3]
PASTE = ROOT / 'etc' / 'manila' / 'api-paste.ini'


class NotReady(AssertionError):
    """A process did not do in time what was expected; the text holds the end of its log."""


class Process:
    """One service in a process group of its own, with its log in a file.

    :param name: console script without ``manila-``
    :param environment: variables that it gets beside those of the test run
    """

    def __init__(self, name, config, log, environment=None):
        self.name = name
        self._environment = {**os.environ, **(environment or {})}
        self._config = config
        self.log = log
        self._process = None

    def start(self):
        """Start it; the log of earlier lives is kept."""
        script = pathlib.Path(sys.prefix) / 'bin' / f'manila-{self.name}'
        with open(self.log, 'ab') as output:
            self._process = subprocess.Popen(
                [sys.executable, str(script), '--config-file', str(self._config)], stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, cwd=ROOT, start_new_session=True,
                env=self._environment)

    @property
    def pid(self):
        """Number of its main process."""
        return self._process.pid

    def alive(self):
        """Whether its main process runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self):
        """End it and all its children at once, as a crash of the machine would."""
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)

    def stop(self, seconds=30):
        """Ask it to end; returns how many seconds it took, and fails if it does not end."""
        begin = time.monotonic()
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise NotReady(f'manila-{self.name} did not stop in {seconds} s:\n{self.tail()}') from None
        self.sweep()
        return time.monotonic() - begin

    def sweep(self):
        """Make sure that nothing of its process group is left."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def tail(self, lines=40):
        """End of its log, without what went well."""
        text = pathlib.Path(self.log).read_text(errors='replace') if pathlib.Path(self.log).exists() else ''
        return '\n'.join([line for line in text.splitlines() if ' INFO ' not in line][-lines:])


class Cluster:
    """The three services of one test run.

    :param folder: for the configuration, the logs and the state
    :param database: URL of an empty database
    :param rabbit: URL of the broker
    :param backend: options of the back end's group, which is the dummy driver's if they do not say otherwise
    :param options: group -> options that are added to the configuration
    :param direct: URL of the same database for the test itself, when ``database`` leads through a proxy
    :param environment: variables that the processes get
    """

    #: Whether every answer of the API is held against its OpenAPI document.
    witnessed = True

    def __init__(self, folder, database, rabbit, backend=None, options=None, direct=None,
                 environment=None):
        self.folder = pathlib.Path(folder)
        self.database = database
        self.rabbit = rabbit
        self.name = f'manila-test-{uuid.uuid4().hex[:8]}'
        self.port = free_port()
        self.config = self.folder / 'manila.conf'
        self.state_file = self.folder / 'dummy-state.sqlite'
        self._backend = {'share_driver': 'manila.share.drivers.dummy.DummyDriver',
                         'driver_handles_share_servers': 'False', 'share_backend_name': 'DUMMY',
                         'dummy_driver_state_file': self.state_file, **(backend or {})}
        self._options = options or {}
        self._engine = None
        self._direct = direct or database
        self.processes = {role: Process(role, self.config, self.folder / f'{role}.log', environment)
                          for role in ROLES}

    # ---- life

    def start(self):
        """Write the configuration, make the tables, start everything and wait until shares can be made."""
        self.write_config()
        self.manage('db', 'sync')
        for process in self.processes.values():
            process.start()
        self.wait_ready()
        return self

    def stop(self):
        """Stop everything, politely first, and remove what was made on the broker.

        Fails when an answer of the API contradicted its OpenAPI document.
        """
        troubles = self.contradictions()
        for process in self.processes.values():
            try:
                process.stop()
            except NotReady as trouble:
                troubles.append(str(trouble))
        if self._engine is not None:
            self._engine.dispose()
        topics = (f'{self.name}-scheduler', f'{self.name}-share')
        services.forget_queues(services.url_of('rabbit'), self.name,
                               [*topics, *(f'{topic}.{self.name}@backend' for topic in topics),
                                *(f'{topic}.{self.name}' for topic in topics)])
        assert not troubles, '\n'.join(troubles)

    def contradictions(self):
        """What was wrong with the answers of the API up to now, in a line each."""
        if not self.witnessed or not self.processes['api'].alive():
            return []
        # Who loses his database in the middle of a request may say so.
        tolerated = (500,) if self._direct is not self.database else ()
        found = list(witness.problems(self.folder, self.document, tolerated))
        return found if found or any(witness.answers(self.folder)) else ['no answer of the API was looked at']

    def document(self, version):
        """The OpenAPI document of a microversion as the API serves it."""
        answer = requests.get(f'http://127.0.0.1:{self.port}/openapi.json', {'version': version}, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def write_config(self):
        """Write manila.conf, the configuration of the API's filters, the password file and the accounts."""
        if self.witnessed:
            witness.write_paste_file(PASTE, self.folder / PASTE.name, self.folder)
        digest = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
        (self.folder / 'htpasswd').write_text(''.join(f'{user}:{digest}\n' for user in USERS))
        (self.folder / 'accounts.yaml').write_text(''.join(
            f'{user}:\n  project_id: "{self.project(user)}"\n  roles: [{roles}]\n'
            for user, roles in USERS.items()))
        self.config.write_text(''.join(
            f'[{group}]\n' + ''.join(f'{name} = {value}\n' for name, value in options.items()) + '\n'
            for group, options in self.settings().items()))

    def settings(self):
        """Group -> options of the configuration; intervals are short so that recovery can be watched."""
        transport = f'rabbit://{self.rabbit.username}:{self.rabbit.password}@{self.rabbit.host}:{self.rabbit.port}/'
        settings = {
            'DEFAULT': {
                'host': self.name, 'state_path': self.folder / 'state', 'enabled_share_backends': 'backend',
                'default_share_type': 'default', 'auth_strategy': 'http_basic', 'transport_url': transport,
                'control_exchange': self.name, 'scheduler_topic': f'{self.name}-scheduler',
                'share_topic': f'{self.name}-share', 'osapi_share_listen': '127.0.0.1',
                'osapi_share_listen_port': self.port, 'osapi_share_workers': 2, 'report_interval': 1,
                'service_down_time': 10, 'periodic_interval': 2,
                'api_paste_config': self.folder / PASTE.name if self.witnessed else PASTE},
            'database': {'connection': self.database.render_as_string(hide_password=False)},
            'jobs': {'poll_interval': 1, 'lease': 6, 'sweep_interval': 5, 'retry_delay': 0.5,
                     'stop_timeout': 3},
            'quota': {'shares': 1000, 'gigabytes': 10000},
            'oslo_middleware': {'http_basic_auth_user_file': self.folder / 'htpasswd'},
            'standalone': {'accounts_file': self.folder / 'accounts.yaml'},
            'oslo_concurrency': {'lock_path': self.folder / 'locks'},
            'oslo_messaging_rabbit': {'kombu_reconnect_delay': 0.5, 'rabbit_retry_interval': 1,
                                      'rabbit_retry_backoff': 1, 'rabbit_interval_max': 2},
            'backend': self._backend,
        }
        for group, options in self._options.items():
            settings.setdefault(group, {}).update(options)
        (self.folder / 'state').mkdir(exist_ok=True)
        return settings

    def manage(self, *args):
        """Run manila-manage; returns what it printed."""
        script = pathlib.Path(sys.prefix) / 'bin' / 'manila-manage'
        done = subprocess.run([sys.executable, str(script), '--config-file', str(self.config), *args],
                              capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
        assert done.returncode == 0, f'manila-manage {" ".join(args)}:\n{done.stdout}\n{done.stderr}'
        return done.stdout

    def rest(self, method, path, body=None, user='admin', version='2.99'):
        """A plain request; returns the answer."""
        return requests.request(method, f'{self.endpoint}/{path}', json=body, auth=(user, PASSWORD),
                                timeout=60, headers={'X-OpenStack-Manila-API-Version': version})

    def wait_ready(self, seconds=90):
        """Wait until all services are up and the scheduler knows a pool."""
        def ready():
            try:
                services, pools = self.rest('GET', 'services'), self.rest('GET', 'scheduler-stats/pools')
            except requests.ConnectionError:
                return False
            if not (services.ok and pools.ok):
                return False
            states = {row['state'] for row in services.json()['services']}
            return states == {'up'} and pools.json()['pools']
        self.wait(ready, seconds, 'services that are up and a pool', watch=ROLES)

    def rescue(self):
        """Lift all faults, heal all proxies, start what does not run."""
        self.storage.lift()
        for proxy in (self.rabbit_proxy, self.database_proxy):
            proxy.heal()
        for process in self.processes.values():
            if not process.alive():
                process.start()
        self.wait_ready()

    # ---- looking

    def wait(self, check, seconds, what, watch=()):
        """Wait until check() is true and return its value; fail with the ends of the logs.

        :param watch: roles whose end means that waiting is useless
        """
        end = time.monotonic() + seconds
        while not (value := check()):
            dead = [role for role in watch if not self.processes[role].alive()]
            if dead or time.monotonic() > end:
                reason = f'{", ".join(dead)} ended' if dead else f'nothing after {seconds} s'
                raise NotReady(f'{what}: {reason}\n' + '\n'.join(
                    f'---- {role}\n{process.tail()}' for role, process in self.processes.items()))
            time.sleep(0.05)
        return value

    def client(self, version=None, user='admin'):
        """A python-manilaclient of a microversion, its newest by default."""
        return clients.manila(self.endpoint, user, PASSWORD, version)

    def openstack(self, *lines, version=None, user='admin'):
        """Type lines into one `openstack` process; returns its JSON documents."""
        return clients.openstack(self.endpoint, user, PASSWORD, lines, version)

    @property
    def endpoint(self):
        """Where the API is."""
        return f'http://127.0.0.1:{self.port}/v2'

    def sql(self, text, **values):
        """Rows of a query, straight from the database (not through a proxy)."""
        if self._engine is None:
            self._engine = sa.create_engine(self._direct)
        with self._engine.connect() as connection:
            return connection.execute(sa.text(text), values).all()

    @contextlib.contextmanager
    def locked(self, text, **values):
        """Keep the rows of a query locked while the block lasts."""
        engine = sa.create_engine(self._direct)
        with engine.begin() as connection:
            assert connection.execute(sa.text(f'{text} FOR UPDATE'), values).all()
            yield
        engine.dispose()

    @property
    def storage(self):
        """What exists on the dummy driver's storage, with its calls and planned faults."""
        return array.StateFile(str(self.state_file))

    def on_backend(self):
        """Ids of everything that exists on the storage."""
        return set(self.storage.objects('share'))

    def jobs(self):
        """Jobs that are waiting or running."""
        return self.sql('SELECT kind, target, owner, attempts, error FROM jobs WHERE failed_at IS NULL')

    @staticmethod
    def project(user):
        """Id of a user's project."""
        return uuid.uuid5(uuid.NAMESPACE_DNS, user).hex

    def usage(self, user='admin'):
        """(shares, gigabytes) in use by the project of a user."""
        quota = self.client().quotas.get(self.project(user), detail=True)
        return quota.shares['in_use'], quota.gigabytes['in_use']


def free_port():
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
