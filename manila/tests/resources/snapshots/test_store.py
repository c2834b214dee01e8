"""What follows for a snapshot from its instances."""
import pytest

from manila.resources.snapshots import store


def instance(status='available', replica_state=None, share_status='available', **more):
    return {'status': status, 'replica_state': replica_state, 'share_status': share_status,
            'progress': '100%', 'provider_location': status, **more}


def status(*found):
    return store.settle({'instances': list(found)})['status']


@pytest.mark.parametrize(('found', 'expected'), [
    ([instance('error')], 'error'),
    ([instance('error'), instance('available')], 'error'),
    ([instance('available', 'active'), instance('error', 'in_sync')], 'error'),
    ([instance('available', 'active'), instance('error', 'out_of_sync')], 'available'),
    ([instance('creating', 'in_sync'), instance('deleting', 'active')], 'deleting'),
    ([instance('error', 'in_sync'), instance('creating', 'active')], 'creating'),
    ([instance('restoring', 'active'), instance('available', 'in_sync')], 'available'),
    ([instance('restoring', 'active')], 'restoring'),
    ([instance('creating', 'out_of_sync'), instance('error', None)], 'creating'),
])
def test_status_is_the_worst_among_replicas_that_are_up_to_date(found, expected):
    assert status(*found) == expected


def test_active_replica_speaks_for_a_snapshot_then_one_that_migrates_then_the_first():
    first, moving, active = instance(), instance(share_status='migrating'), instance(replica_state='active')
    assert store.representative([first, moving, active]) is active
    assert store.representative([first, moving]) is moving
    assert store.representative([first, instance()]) is first
    assert store.representative([]) is None
