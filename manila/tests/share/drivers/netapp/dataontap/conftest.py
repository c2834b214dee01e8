"""A driver on a simulated array, over each transport and with both kinds of credentials."""
import itertools
import types
import uuid

import pytest

from manila.share import configuration, driver as drivers, share_types
from manila.share.drivers.netapp import common, options
from manila.share.drivers.netapp.dataontap import shares, snapshots
from manila.tests.fixtures import ontap

_numbers = itertools.count()


def pytest_generate_tests(metafunc):
    """Run tests that take ``transport`` and ``credentials`` over all there are."""
    if 'transport' in metafunc.fixturenames:
        metafunc.parametrize('transport', ontap.TRANSPORTS, scope='session')
    if 'credentials' in metafunc.fixturenames:
        metafunc.parametrize('credentials', ontap.ACCOUNTS, scope='session')


@pytest.fixture(scope='session', autouse=True)
def _own_certificates_only():
    with ontap.plain_environment():
        yield


@pytest.fixture(scope='session')
def _simulators():
    """Simulators by release, started when first needed."""
    running = {}

    def get(version):
        if version not in running:
            running[version] = ontap.simulator(version).start()
        return running[version]
    yield get
    for simulator in running.values():
        simulator.stop()


@pytest.fixture
def release():
    """The release of the simulated array; tests may override it."""
    return '9.14.1'


@pytest.fixture
def sim(_simulators, release):
    """A simulated cluster with the SVM svm_manila, as new."""
    simulator = _simulators(release)
    simulator.reset()
    yield simulator
    simulator.control.clear_job_faults()


@pytest.fixture
def svm(sim):
    """The simulator's model of the SVM: what is really on the array."""
    return sim.world.clusters[0].svm(ontap.SVM)


@pytest.fixture
def specs(monkeypatch):
    """Extra specs by id of share type: a dict that tests fill; the type of shares is 'type'."""
    known = {'type': {}}
    monkeypatch.setattr(share_types, 'get_share_type_extra_specs',
                        lambda type_id, key=False: known[type_id].get(key, False) if key else known[type_id])
    return known['type']


class Notes(dict):
    """Private storage of a driver in memory."""

    def update(self, entity_id, details, delete_existing=False):
        """Set pairs of an entity."""
        self.setdefault(entity_id, {}).update(details)

    def get(self, entity_id, key=None, default=None):
        """A value, or all pairs."""
        found = super().get(entity_id, {})
        return found.get(key, default) if key else found

    def delete(self, entity_id, key=None):
        """Remove an entity."""
        self.pop(entity_id, None)


@pytest.fixture
def settings(conf, sim):
    """A function that makes the configuration of a back end."""
    def make(transport='rest', credentials='cluster', **values):
        group = f'netapp{next(_numbers)}'
        found = configuration.Configuration(drivers.share_opts, group)
        found.append_config_values(options.netapp_opts)
        conf.config(group=group, **{
            'share_backend_name': group, **ontap.options(sim, transport, credentials), **values})
        return found
    return make


@pytest.fixture
def make_driver(settings):
    """A function that makes a driver and sets it up."""
    made = []

    def make(transport='rest', credentials='cluster', set_up=True, **values):
        driver = common.NetAppDriver(configuration=settings(transport, credentials, **values), private_storage=Notes())
        made.append(driver)
        if set_up:
            driver.do_setup(None)
            assert driver.array.client.transport == transport
            driver.check_for_setup_error()
        return driver
    yield make
    for driver in made:
        if driver.array.client is not None:
            driver.close()


@pytest.fixture
def driver(make_driver, transport, credentials, specs, monkeypatch):
    """A driver over the transport and with the credentials of the test's turn."""
    _hurry(monkeypatch)
    return make_driver(transport, credentials)


@pytest.fixture
def rest_driver(make_driver, specs, monkeypatch):
    """A driver over REST with credentials of the cluster."""
    _hurry(monkeypatch)
    return make_driver()


def _hurry(monkeypatch):
    """Pauses of the driver are for arrays that need time."""
    monkeypatch.setattr(shares, '_UNMOUNT_PAUSE', 0.01)
    monkeypatch.setattr(shares, '_FLEXGROUP_PAUSE', 0.01)
    monkeypatch.setattr(snapshots, '_BUSY_PAUSE', 0.01)


@pytest.fixture
def make():
    """Functions that describe shares, snapshots and rules as the service does."""
    def share(size=1, pool='aggr1', proto='NFS', **values):
        share_id = str(uuid.uuid4())
        return {'id': share_id, 'share_id': str(uuid.uuid4()), 'name': f'share-{share_id}', 'size': size,
                'share_proto': proto, 'host': f'node@netapp#{pool}', 'share_type_id': 'type', 'share_server': None,
                'share_type_name': 'gold', 'project_id': 'p1', 'display_name': 'mine', 'metadata': {},
                'export_locations': [], 'mount_point_name': None, **values}

    def snapshot(of, **values):
        snapshot_id = str(uuid.uuid4())
        return {'id': snapshot_id, 'snapshot_id': str(uuid.uuid4()), 'share_id': of['id'], 'share': of,
                'share_instance_id': of['id'], 'name': f'share-snapshot-{snapshot_id}', 'size': of['size'],
                'share_proto': of['share_proto'], 'provider_location': None, **values}

    def rule(to='10.0.0.1', level='rw', kind=None):
        kind = kind or ('ip' if to[:1].isdigit() or ':' in to else 'user')
        return {'id': str(uuid.uuid4()), 'access_id': str(uuid.uuid4()), 'access_type': kind, 'access_to': to,
                'access_level': level, 'state': 'applying'}
    return types.SimpleNamespace(share=share, snapshot=snapshot, rule=rule)


@pytest.fixture
def apply():
    """A function that puts rules in force on a share: all of them, from whatever there is."""
    def run(driver, share, *rules):
        driver.update_access(None, share, list(rules), [], [], [])
    return run


def rules_of(volume):
    """(clients, read-only, read-write, superuser, anonymous) of the rules of a volume's export policy."""
    return [(rule.clients, rule.ro, rule.rw, rule.superuser, rule.anonymous) for rule in volume.export_policy.rules]
