"""The NetApp driver under the three services, on a simulated ONTAP array, over each transport."""
import pytest

from manila.tests.fixtures import ontap
from manila.tests.functional import services
from manila.tests.functional.cluster import Cluster
from manila.tests.functional.test_life_cycle import wait_gone, wait_rules, wait_status

pytestmark = [pytest.mark.functional, pytest.mark.xdist_group('mysql')]

TURNS = [(transport, credentials) for transport in ontap.TRANSPORTS for credentials in ontap.ACCOUNTS]


@pytest.fixture(scope='module', params=TURNS, ids=lambda turn: '-'.join(('mysql', *turn)))
def array(request, tmp_path_factory):
    """(the three services on RabbitMQ and MariaDB, the simulator that is their back end)."""
    with ontap.simulator(default=0.05) as simulator, services.database('mysql') as database:
        cluster = Cluster(tmp_path_factory.mktemp('ontap'), database, services.url_of('rabbit'), backend={
            'share_driver': ontap.DRIVER, 'share_backend_name': 'ONTAP', **ontap.options(simulator, *request.param)})
        try:
            cluster.start()
            cluster.client().share_types.create('default', False, spec_snapshot_support=True, extra_specs={
                'create_share_from_snapshot_support': 'True'})
            yield cluster, simulator
        finally:
            cluster.stop()


def left(simulator):
    """What is on the array beside what is always there."""
    svm = simulator.world.clusters[0].svm(ontap.SVM)
    return [each.name for each in (*svm.volumes, *svm.export_policies, *svm.cifs_shares)
            if not getattr(each, 'is_root', False) and not getattr(each, 'in_recovery_queue', False)
            and each.name.startswith(('share_', 'policy_', 'temp_'))]


@pytest.mark.parametrize('protocol, kind, to', [('NFS', 'ip', '198.51.100.7'), ('CIFS', 'user', 'joseph')])
def test_shares_live_on_the_array(array, protocol, kind, to):
    cluster, simulator = array
    client = cluster.client(user='alice')
    share = wait_status(cluster, client, client.shares.create(protocol, 1))
    places = client.share_export_locations.list(share)
    prefix = '192.0.2.11:/share_' if protocol == 'NFS' else '\\\\192.0.2.11\\share_'
    assert len(places) == 2 and any(place.path.startswith(prefix) for place in places)
    client.shares.allow(share, kind, to, 'rw')
    wait_rules(cluster, client, share, {(to, 'rw')})
    client.shares.extend(share, 2)
    wait_status(cluster, client, share)
    svm = simulator.world.clusters[0].svm(ontap.SVM)
    assert [v.size for v in svm.volumes if v.name.startswith('share_')
            and not v.in_recovery_queue] == [2 * 1024 ** 3]
    client.shares.delete(share)
    wait_gone(cluster, client, share)
    assert left(simulator) == []


def test_an_array_that_is_cut_off_for_a_while_loses_no_share(array):
    cluster, simulator = array
    client = cluster.client(user='alice')
    simulator.faults.add(action={'drop': 'before'})
    share = client.shares.create('NFS', 1)
    cluster.wait(lambda: simulator.faults.list()[0].hits > 3, 60, 'attempts')
    simulator.faults.remove()
    wait_status(cluster, client, share)
    client.shares.delete(share)
    wait_gone(cluster, client, share)
    assert left(simulator) == []


def test_a_share_service_that_is_killed_goes_on_where_it_was(array):
    cluster, simulator = array
    client = cluster.client(user='alice')
    svm = simulator.world.clusters[0].svm(ontap.SVM)
    slow = simulator.faults.add(match={'path': 'storage/volumes|XMLrequest'}, action={'latency': 1.0})
    shares = [client.shares.create('NFS', 1) for _number in range(4)]
    cluster.wait(lambda: slow.hits >= 3, 60, 'calls that are under way')
    cluster.processes['share'].kill()
    simulator.faults.remove()
    cluster.processes['share'].start()
    for share in shares:
        wait_status(cluster, client, share)
    present = [v for v in svm.volumes if v.name.startswith('share_') and not v.in_recovery_queue]
    assert len(present) == 4 and len({v.export_policy.name for v in present}) == 4
    # What the array had begun for the process that was killed may come as late as after a removal.
    cluster.wait(lambda: None not in [call.seconds for call in simulator.log.entries()], 60, 'an array at rest')
    for share in shares:
        client.shares.delete(share)
    for share in shares:
        wait_gone(cluster, client, share)
    assert left(simulator) == []


# The last one, because the array looks busy after its clock has leapt: the driver counts the load by its own clock.
def test_snapshots_and_clones_live_on_the_array(array):
    cluster, simulator = array
    client = cluster.client(user='alice')
    share = wait_status(cluster, client, client.shares.create('NFS', 1))
    snapshot = client.share_snapshots.create(share)
    cluster.wait(lambda: client.share_snapshots.get(snapshot).status == 'available', 60, 'snapshot')
    child = wait_status(cluster, client, client.shares.create('NFS', 1, snapshot_id=snapshot.id))
    svm = simulator.world.clusters[0].svm(ontap.SVM)
    assert [v.name for v in svm.volumes if v.parent is not None and not v.in_recovery_queue]
    client.shares.delete(child)
    wait_gone(cluster, client, child)
    client.share_snapshots.delete(snapshot)
    cluster.wait(lambda: not client.share_snapshots.list(), 60, 'no snapshot')
    client.shares.delete(share)
    wait_gone(cluster, client, share)
    # The deleted clone rests in the recovery queue and keeps its parent there under another name.
    simulator.control.advance(13 * 3600)
    assert left(simulator) == []
