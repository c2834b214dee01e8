"""Clients of a simulated array over each transport; what they do is checked in the simulator's model."""
import importlib

import pytest

from manila.share.drivers.netapp.dataontap.client import connection as connections, values
from manila.tests.fixtures.ontap import ACCOUNTS, PASSWORD, SVM

GIB = 1024 ** 3
_PACKAGE = 'manila.share.drivers.netapp.dataontap.client'


@pytest.fixture
def make_client(sim):
    """A function that makes a client over a transport with credentials; options of the connection may be given."""
    made = []

    def make(transport, credentials='cluster', connect=True, **options):
        host, port = sim.address(svm=SVM if credentials == 'svm' else None)
        connection = connections.Connection(**{
            'host': host, 'port': port, 'login': ACCOUNTS[credentials], 'password': PASSWORD, 'verify': sim.ca_path,
            'retry_interval': 0.001, **options})
        client = importlib.import_module(f'{_PACKAGE}.{transport}.client').make(connection)
        made.append(client)
        if connect:
            client.connect()
        return client
    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client, transport, credentials):
    """A client in the SVM over the transport and with the credentials of the test's turn."""
    return make_client(transport, credentials).for_svm(SVM)


@pytest.fixture
def cluster_client(make_client, transport):
    """Likewise with credentials of the cluster, for what others may not do."""
    return make_client(transport).for_svm(SVM)


@pytest.fixture
def svm_client(make_client, transport):
    """Likewise with credentials of the SVM."""
    return make_client(transport, 'svm').for_svm(SVM)


@pytest.fixture
def spec():
    """A function that describes a volume to be made."""
    def make(name='vol', size=GIB, aggregates=('aggr1',), **more):
        return values.VolumeSpec(name, size, aggregates, **more)
    return make


@pytest.fixture
def on_array(sim):
    """A function that finds a volume in the simulator's model by name; None when it is not there."""
    def find(name='vol'):
        svm = sim.world.clusters[0].svm(SVM)
        return next((v for v in svm.volumes if v.name == name and not v.in_recovery_queue), None)
    return find
