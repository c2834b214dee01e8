"""A share's life, as python-manilaclient and the openstack command see it at old and new microversions."""
import pytest
from manilaclient import api_versions, exceptions

from manila.tests.functional.clients import CommandFailed

pytestmark = pytest.mark.functional

# None is the newest one that the client knows.
VERSIONS = [None, '2.0', '2.7', '2.40', '2.60']


def wait_status(cluster, client, share, status='available', seconds=60):
    """The share once it has a status."""
    def found():
        current = client.shares.get(share)
        assert not current.status.startswith('error') or status.startswith('error'), explain(cluster, current)
        return current if current.status == status else None
    return cluster.wait(found, seconds, f'share {status}')


def explain(cluster, share):
    """Why a share went wrong, as its user messages say."""
    messages = [message.user_message for message in cluster.client().messages.list()
                if message.resource_id == share.id]
    return f'share {share.id} is {share.status}: {messages}'


def wait_gone(cluster, client, share, seconds=60):
    """Wait until a share is not there any more."""
    def gone():
        try:
            client.shares.get(share)
        except exceptions.NotFound:
            return True
        return False
    cluster.wait(gone, seconds, 'share deleted')


def rules_of(client, share):
    """Access rules; from 2.45 on they are read elsewhere."""
    if client.api_version >= api_versions.APIVersion('2.45'):
        return client.share_access_rules.access_list(share)
    return client.shares.access_list(share)


def wait_rules(cluster, client, share, wanted):
    """Wait until the rules of a share, as (to, level), are these and all of them active."""
    def settled():
        rules = rules_of(client, share)
        found = {(rule.access_to, rule.access_level) for rule in rules}
        return found == wanted and all(rule.state == 'active' for rule in rules)
    cluster.wait(settled, 60, f'rules {wanted}')


@pytest.mark.parametrize('version', VERSIONS)
def test_share_lives_with_the_python_client(cluster, version):
    client = cluster.client(version, user='alice')
    before = cluster.usage('alice')
    share = client.shares.create('NFS', 1, name=f'life {version}', metadata={'why': 'test'})
    assert share.size == 1
    share = wait_status(cluster, client, share)
    assert share.name == f'life {version}' and share.metadata == {'why': 'test'}
    if version in ('2.0', '2.7'):
        assert share.export_location == share.export_locations[0]
    else:
        assert client.share_export_locations.list(share)
    client.shares.allow(share, 'ip', '198.51.100.7', 'rw')
    client.shares.allow(share, 'ip', '198.51.100.8', 'ro')
    wait_rules(cluster, client, share, {('198.51.100.7', 'rw'), ('198.51.100.8', 'ro')})
    first = next(rule for rule in rules_of(client, share) if rule.access_to == '198.51.100.7')
    client.shares.deny(share, first.id)
    wait_rules(cluster, client, share, {('198.51.100.8', 'ro')})
    client.shares.extend(share, 3)
    assert wait_status(cluster, client, share).size == 3
    client.shares.shrink(share, 2)
    assert wait_status(cluster, client, share).size == 2
    assert cluster.usage('alice') == (before[0] + 1, before[1] + 2)
    client.shares.delete(share)
    wait_gone(cluster, client, share)
    assert cluster.usage('alice') == before


@pytest.mark.parametrize('version', VERSIONS)
def test_share_lives_with_the_openstack_command(cluster, version):
    name = f'cli-{version or "default"}'
    client = cluster.client(user='bob')
    def openstack(*lines):
        return cluster.openstack(*lines, version=version, user='bob')

    # Not --wait: the command looks again only after five seconds.
    made, listed = openstack(f'share create NFS 1 --name {name} -f json', 'share list -f json')
    wait_status(cluster, client, made['id'])
    rule, rules = openstack(f'share access create {name} ip 198.51.100.9 -f json',
                            f'share access list {name} -f json', f'share resize {name} 2')
    assert made['name'] == name
    assert name in [share['Name'] for share in listed]
    assert [row['ID'] for row in rules] == [rule['id']]
    wait_rules(cluster, client, made['id'], {('198.51.100.9', 'rw')})
    assert wait_status(cluster, client, made['id']).size == 2
    if version not in ('2.0', '2.7'):       # the command asks for something that came with 2.9
        shown, = openstack(f'share show {name} -f json')
        assert shown['id'] == made['id'] and '192.0.2.10:/' in str(shown['export_locations'])
    openstack(f'share delete {name}')
    wait_gone(cluster, client, made['id'])


@pytest.mark.parametrize('version', VERSIONS)
def test_administrator_looks_around_with_the_openstack_command(cluster, version):
    name = f'type-{version or "default"}'
    services, pools, types, shown, made, quota, zones = cluster.openstack(
        'share service list -f json', 'share pool list -f json', 'share type list -f json',
        'share type show default -f json', f'share type create {name} False -f json',
        f'share type delete {name}', f'share quota show {cluster.project("bob")} -f json',
        'share availability zone list -f json', version=version)
    assert {row['Binary'] for row in services} >= {'manila-scheduler', 'manila-share'}
    assert {row['State'] for row in services} == {'up'}
    assert pools[0]['Name'].startswith(f'{cluster.name}@backend#')
    assert 'default' in [row['Name'] for row in types]
    assert shown['name'] == 'default' and made['name'] == name
    assert quota['shares'] == 1000
    assert zones


def test_share_lives_at_the_newest_microversion(cluster):
    made = cluster.rest('POST', 'shares', {'share': {'share_proto': 'NFS', 'size': 1}}, user='alice')
    assert made.status_code == 200
    share = made.json()['share']
    wait_status(cluster, cluster.client(user='alice'), share['id'])
    shown = cluster.rest('GET', f'shares/{share["id"]}', user='alice').json()['share']
    assert shown['status'] == 'available' and shown['progress'] == '100%'
    assert cluster.rest('DELETE', f'shares/{share["id"]}', user='alice').status_code == 202
    wait_gone(cluster, cluster.client(user='alice'), share['id'])


def test_other_projects_do_not_see_a_share(cluster):
    alice, bob = cluster.client(user='alice'), cluster.client(user='bob')
    share = alice.shares.create('NFS', 1, name='private')
    assert share.id not in [found.id for found in bob.shares.list()]
    for forbidden in (lambda: bob.shares.get(share.id), lambda: bob.shares.delete(share.id),
                      lambda: bob.shares.update(share.id, display_name='mine')):
        with pytest.raises((exceptions.NotFound, exceptions.Forbidden)):
            forbidden()
    wait_status(cluster, alice, share)
    alice.shares.delete(share)
    wait_gone(cluster, alice, share)


def test_a_share_no_pool_can_take_says_why(cluster):
    client, admin = cluster.client(user='alice'), cluster.client()
    admin.share_types.create('nowhere', False, extra_specs={'share_backend_name': 'ELSEWHERE'})
    share = client.shares.create('NFS', 1, share_type='nowhere')
    cluster.wait(lambda: client.shares.get(share).status == 'error', 60, 'share in error')
    messages = [message for message in client.messages.list() if message.resource_id == share.id]
    assert any('CapabilitiesFilter' in message.user_message for message in messages), explain(cluster, share)
    client.shares.delete(share)
    wait_gone(cluster, client, share)


def test_a_wrong_password_is_refused(cluster):
    with pytest.raises(CommandFailed, match='401'):
        cluster.openstack('share list', user='nobody')
