"""Snapshots, as python-manilaclient and the openstack command see them at old and new microversions."""
import pytest
from manilaclient import exceptions

from manila.tests.functional.test_life_cycle import wait_gone, wait_status

pytestmark = pytest.mark.functional

SPECS = {'snapshot_support': 'True', 'create_share_from_snapshot_support': 'True',
         'revert_to_snapshot_support': 'True', 'mount_snapshot_support': 'True'}
# None is the newest one that the client knows.
VERSIONS = [None, '2.0', '2.12', '2.60']


@pytest.fixture
def share(cluster):
    """A share of alice that allows everything that can be done with snapshots; it is removed afterwards."""
    admin, client = cluster.client(), cluster.client(user='alice')
    if 'full' not in [each.name for each in admin.share_types.list()]:
        admin.share_types.create('full', False, extra_specs=dict(SPECS))
    made = client.shares.create('NFS', 1, share_type='full', name='of snapshots')
    made = wait_status(cluster, client, made)
    yield made
    client.shares.delete(made)
    wait_gone(cluster, client, made)


def wait_snapshot(cluster, client, snapshot, status='available'):
    """The snapshot once it has a status."""
    def found():
        current = client.share_snapshots.get(snapshot)
        return current if current.status == status else None
    return cluster.wait(found, 60, f'snapshot {status}')


def wait_snapshot_gone(cluster, client, snapshot):
    """Wait until a snapshot is not there any more."""
    def gone():
        try:
            client.share_snapshots.get(snapshot)
        except exceptions.NotFound:
            return True
        return False
    cluster.wait(gone, 60, 'snapshot deleted')


@pytest.mark.parametrize('version', VERSIONS)
def test_snapshot_lives_with_the_python_client(cluster, share, version):
    client = cluster.client(version, user='alice')
    snapshot = client.share_snapshots.create(share.id, name=f'taken {version}', description='text')
    snapshot = wait_snapshot(cluster, client, snapshot)
    assert (snapshot.name, snapshot.share_id, snapshot.size) == (f'taken {version}', share.id, 1)
    client.share_snapshots.update(snapshot, display_name='renamed')
    assert [each.id for each in client.share_snapshots.list(search_opts={'name': 'renamed'})] == [snapshot.id]
    with pytest.raises(exceptions.Forbidden):
        client.shares.delete(share.id)
    copy = client.shares.create('NFS', 2, snapshot_id=snapshot.id, name='copy')
    copy = wait_status(cluster, client, copy)
    assert (copy.size, copy.snapshot_id) == (2, snapshot.id)
    client.shares.delete(copy)
    wait_gone(cluster, client, copy)
    cluster.client(version).share_snapshots.reset_state(snapshot.id, 'error')
    assert client.share_snapshots.get(snapshot).status == 'error'
    client.share_snapshots.delete(snapshot)
    wait_snapshot_gone(cluster, client, snapshot)


# Below 2.73 the command cannot take snapshots.
@pytest.mark.parametrize('version', [None, '2.73'])
def test_snapshot_lives_with_the_openstack_command(cluster, share, version):
    name = f'cli-{version or "default"}'
    made, shown, listed, rule, rules, locations = cluster.openstack(
        f'share snapshot create {share.id} --name {name} --wait -f json',
        f'share snapshot show {name} -f json', f'share snapshot list --share {share.id} -f json',
        f'share snapshot access create {name} ip 198.51.100.9 -f json',
        f'share snapshot access list {name} -f json',
        f'share snapshot export location list {name} -f json', version=version, user='alice')
    assert shown['id'] == made['id'] and shown['status'] == 'available'
    assert [row['ID'] for row in listed] == [made['id']]
    assert [row['ID'] for row in rules] == [rule['id']] and len(locations) == 2
    client = cluster.client(user='alice')
    cluster.wait(lambda: client.share_snapshots.access_list(made['id'])[0].state == 'active', 60, 'rule')
    cluster.openstack(f'share snapshot access delete {name} {rule["id"]}',
                      f'share snapshot set {name} --description new', f'share revert {name} --wait',
                      version=version, user='alice')
    wait_status(cluster, client, share)
    wait_snapshot(cluster, client, made['id'])
    instances, = cluster.openstack(f'share snapshot instance list --snapshot {made["id"]} -f json',
                                   version=version)
    assert [row['Snapshot ID'] for row in instances] == [made['id']]
    cluster.openstack(f'share snapshot delete {name} --wait', version=version, user='alice')
    wait_snapshot_gone(cluster, client, made['id'])


def test_snapshot_is_let_go_of_and_taken_over_with_the_openstack_command(cluster, share):
    client = cluster.client(user='alice')
    snapshot = wait_snapshot(cluster, client, client.share_snapshots.create(share.id, name='let go'))
    location = cluster.client().share_snapshots.get(snapshot).provider_location
    cluster.openstack(f'share snapshot abandon {snapshot.id} --wait')
    adopted, = cluster.openstack(f'share snapshot adopt {share.id} {location} --name again --wait -f json')
    assert (adopted['status'], adopted['provider_location']) == ('available', location)
    cluster.openstack(f'share snapshot delete {adopted["id"]} --wait')
    wait_snapshot_gone(cluster, cluster.client(), adopted['id'])
