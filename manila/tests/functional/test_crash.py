"""Processes killed at the worst moment: nothing stuck, nothing leaked on the storage, quotas exact."""
import os

import pytest

from manila.tests.functional.test_life_cycle import wait_gone, wait_rules, wait_status

pytestmark = [pytest.mark.functional, pytest.mark.slow]

MOMENTS = ('before', 'after')


@pytest.fixture
def client(fragile):
    """A user whose project has nothing before and after the test, on storage that is empty then."""
    client = fragile.client(user='alice')
    assert fragile.usage('alice') == (0, 0) and not fragile.on_backend()
    yield client
    assert_nothing_left(fragile)


def assert_nothing_left(cluster):
    """No job, no share on the storage, nothing counted."""
    cluster.wait(lambda: not cluster.jobs(), 60, 'no job is left')
    assert not cluster.on_backend()
    assert cluster.usage('alice') == (0, 0)


def remove(cluster, client, share):
    """Delete a share and wait until it is gone."""
    client.shares.delete(share)
    wait_gone(cluster, client, share)


def kill_share_service_in(cluster, method, moment, act):
    """Kill the share service while the driver is in a method, before or after its work, and start it anew."""
    result = held(cluster, method, act, moment)
    if moment == 'after':
        cluster.wait(lambda: is_done(cluster, method), 10, 'the driver has done its work')
    cluster.processes['share'].kill()
    cluster.storage.lift()
    cluster.processes['share'].start()
    return result


def held(cluster, method, act, moment='before'):
    """What act() returns, once the driver is held in a method because of it."""
    number = len(cluster.storage.calls(method)) + 1
    cluster.storage.plan(method, hold=True, moment=moment)
    result = act()
    cluster.storage.wait_for_call(method, number=number)
    return result


def is_done(cluster, method):
    """Whether the work of the method that is held shows on the storage."""
    shares = cluster.storage.objects('share').values()
    return {'create_share': any(shares), 'delete_share': not any(shares),
            'update_access': any(share['rules'] for share in shares),
            'extend_share': any(share['size'] == 2 for share in shares)}[method]


@pytest.mark.parametrize('moment', MOMENTS)
def test_share_service_killed_in_mid_create(fragile, client, moment):
    share = kill_share_service_in(fragile, 'create_share', moment, lambda: client.shares.create('NFS', 1))
    wait_status(fragile, client, share)
    assert len(fragile.on_backend()) == 1 and fragile.usage('alice') == (1, 1)
    remove(fragile, client, share)


@pytest.mark.parametrize('moment', MOMENTS)
def test_share_service_killed_in_mid_access_change(fragile, client, moment):
    share = client.shares.create('NFS', 1)
    wait_status(fragile, client, share)
    kill_share_service_in(fragile, 'update_access', moment,
                          lambda: client.shares.allow(share, 'ip', '198.51.100.7', 'rw'))
    wait_rules(fragile, client, share, {('198.51.100.7', 'rw')})
    remove(fragile, client, share)


@pytest.mark.parametrize('moment', MOMENTS)
def test_share_service_killed_in_mid_extend(fragile, client, moment):
    share = client.shares.create('NFS', 1)
    wait_status(fragile, client, share)
    kill_share_service_in(fragile, 'extend_share', moment, lambda: client.shares.extend(share, 2))
    assert wait_status(fragile, client, share).size == 2
    assert fragile.usage('alice') == (1, 2)
    remove(fragile, client, share)


@pytest.mark.parametrize('moment', MOMENTS)
def test_share_service_killed_in_mid_delete(fragile, client, moment):
    share = client.shares.create('NFS', 1)
    wait_status(fragile, client, share)
    kill_share_service_in(fragile, 'delete_share', moment, lambda: client.shares.delete(share))
    wait_gone(fragile, client, share)


def test_scheduler_killed_in_mid_choice(fragile, client):
    first = client.shares.create('NFS', 1)
    wait_status(fragile, client, first)
    os.kill(fragile.processes['scheduler'].pid, 19)
    share = client.shares.create('NFS', 1)
    # The scheduler claims the job, chooses, and then waits for the row to write its choice to.
    with fragile.locked('SELECT id FROM share_instances WHERE share_id = :id', id=share.id):
        os.kill(fragile.processes['scheduler'].pid, 18)
        fragile.wait(lambda: any(job.owner for job in fragile.jobs()), 20, 'the job is claimed')
        fragile.processes['scheduler'].kill()
    fragile.processes['scheduler'].start()
    wait_status(fragile, client, share)
    assert len(fragile.on_backend()) == 2
    for made in (first, share):
        remove(fragile, client, made)


def test_api_killed_right_after_its_commit_before_it_could_wake_anybody(fragile, client):
    fragile.rabbit_proxy.cut()
    share = client.shares.create('NFS', 1)
    fragile.processes['api'].kill()
    fragile.rabbit_proxy.heal()
    fragile.processes['api'].start()
    fragile.wait_ready()
    wait_status(fragile, client, share)
    remove(fragile, client, share)


def test_all_three_killed_with_work_in_hand(fragile, client):
    shares = held(fragile, 'create_share', lambda: [client.shares.create('NFS', 1) for _ in range(5)])
    for process in fragile.processes.values():
        process.kill()
    fragile.storage.lift()
    for process in fragile.processes.values():
        process.start()
    fragile.wait_ready()
    for share in shares:
        wait_status(fragile, client, share)
    assert len(fragile.on_backend()) == 5 and fragile.usage('alice') == (5, 5)
    for share in shares:
        remove(fragile, client, share)


@pytest.mark.parametrize('role', ['api', 'scheduler', 'share'])
def test_service_ends_at_once_and_with_all_its_children_when_told(fragile, role):
    process = fragile.processes[role]
    group = process.pid
    assert process.stop() < 10
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)
    process.start()
    fragile.wait_ready()


def test_work_in_hand_is_handed_back_when_the_share_service_is_told_to_end(fragile, client):
    share = held(fragile, 'create_share', lambda: client.shares.create('NFS', 1))
    fragile.processes['share'].stop()
    fragile.storage.lift()
    fragile.processes['share'].start()
    wait_status(fragile, client, share)
    remove(fragile, client, share)
