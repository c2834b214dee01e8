"""The local driver under the three services: what a client may do over NFS follows the access rules."""
import pytest

from manila.tests.fixtures import nfs
from manila.tests.functional import services
from manila.tests.functional.cluster import Cluster
from manila.tests.functional.conftest import make_types
from manila.tests.functional.test_life_cycle import rules_of, wait_gone, wait_rules, wait_status
from manila.tests.share.drivers.local import backend as local

pytestmark = [pytest.mark.functional, pytest.mark.xdist_group('storage')]


@pytest.fixture(scope='module')
def storage():
    """Directory, ports and addresses of a back end on this machine, and nothing left of it afterwards."""
    if problem := local.missing():
        pytest.skip(f'local back end: {problem}')
    made = local.Backend(conf=None)
    yield made
    made.clean()


@pytest.fixture(scope='module')
def cluster(storage, tmp_path_factory):
    """The three services on RabbitMQ and MariaDB with a real back end."""
    rabbit = services.url_of('rabbit')
    with services.database('mysql') as database:
        cluster = Cluster(tmp_path_factory.mktemp('nfs'), database, rabbit, backend={
            'share_driver': 'manila.share.drivers.local.LocalDriver', 'share_backend_name': 'LOCAL',
            'local_state_path': storage.state, 'local_pool_size_gb': 20, 'local_nfs_port': storage.nfs_port,
            'local_mount_port': storage.mount_port, 'local_enable_smb': 'no',
            'local_export_ips': '127.0.0.1,::1'})
        try:
            cluster.start()
            make_types(cluster)
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture
def client(cluster):
    """A user."""
    return cluster.client(user='alice')


@pytest.fixture
def share(cluster, client):
    """An available share."""
    share = wait_status(cluster, client, client.shares.create('NFS', 1))
    yield share
    client.shares.delete(share)
    wait_gone(cluster, client, share)


def locations(client, share):
    """Export locations, preferred ones first."""
    found = client.share_export_locations.list(share)
    return [{'path': place.path} for place in sorted(found, key=lambda place: not place.preferred)]


@pytest.mark.parametrize('version', [3, 4])
def test_an_allowed_address_writes_and_reads_and_another_is_refused(cluster, client, storage, share, version):
    places, stranger = locations(client, share), storage.new_address()
    allowed = storage.url(places, version)
    assert nfs.is_refused(allowed)
    client.shares.allow(share, 'ip', '127.0.0.1', 'rw')
    wait_rules(cluster, client, share, {('127.0.0.1', 'rw')})
    nfs.write(allowed, '/file', b'over NFS')
    assert nfs.read(allowed, '/file') == b'over NFS'
    assert nfs.is_refused(storage.url(places, version, client=stranger))


def test_who_may_only_read_cannot_write(cluster, client, storage, share):
    places, reader = locations(client, share), storage.new_address()
    client.shares.allow(share, 'ip', '127.0.0.1', 'rw')
    client.shares.allow(share, 'ip', reader, 'ro')
    wait_rules(cluster, client, share, {('127.0.0.1', 'rw'), (reader, 'ro')})
    nfs.write(storage.url(places), '/file', b'for all')
    assert nfs.read(storage.url(places, client=reader), '/file') == b'for all'
    with pytest.raises(nfs.Refused):
        nfs.write(storage.url(places, client=reader), '/file', b'mine')
    assert nfs.read(storage.url(places), '/file') == b'for all'


def test_a_removed_rule_ends_access_of_a_client_that_has_a_file_open(cluster, client, storage, share):
    places = locations(client, share)
    client.shares.allow(share, 'ip', '127.0.0.1', 'rw')
    wait_rules(cluster, client, share, {('127.0.0.1', 'rw')})
    with nfs.Session(storage.url(places)) as session:
        session.create('/file')
        session.write('/file', b'before')
        client.shares.deny(share, rules_of(client, share)[0].id)
        wait_rules(cluster, client, share, set())
        with pytest.raises(OSError):
            session.write('/file', b'after')


def test_data_outlives_the_death_of_the_share_service_and_clients_do_not_notice(cluster, client, storage, share):
    places = locations(client, share)
    client.shares.allow(share, 'ip', '127.0.0.1', 'rw')
    wait_rules(cluster, client, share, {('127.0.0.1', 'rw')})
    with nfs.Session(storage.url(places)) as session:
        session.create('/file')
        cluster.processes['share'].kill()
        session.write('/file', b'without the service')
        cluster.processes['share'].start()
        cluster.wait_ready()
        assert session.read('/file') == b'without the service'
    client.shares.extend(share, 2)
    assert wait_status(cluster, client, share).size == 2


def test_a_share_does_not_shrink_below_what_it_holds(cluster, client, storage):
    share = wait_status(cluster, client, client.shares.create('NFS', 2))
    storage.fill({'id': instance_of(cluster, share)}, 1100)
    client.shares.shrink(share, 1)
    told = cluster.wait(lambda: [message.user_message for message in client.messages.list()
                                 if message.resource_id == share.id], 60, 'a message says why')
    assert 'shrink' in told[0]
    assert wait_status(cluster, client, share).size == 2
    client.shares.delete(share)
    wait_gone(cluster, client, share)


def instance_of(cluster, share):
    """Id by which the driver knows a share."""
    return cluster.sql('SELECT id FROM share_instances WHERE share_id = :id', id=share.id)[0].id
