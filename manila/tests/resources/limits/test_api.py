"""Limits over HTTP."""
import pytest

from manila.resources.quotas import service
from manila.tests.resources.conftest import PROJECT

OLDEST = {
    'maxTotalShares': 50, 'totalSharesUsed': 1, 'maxTotalShareGigabytes': 1000, 'totalShareGigabytesUsed': 5,
    'maxTotalShareSnapshots': 50, 'totalShareSnapshotsUsed': 0, 'maxTotalSnapshotGigabytes': 1000,
    'totalSnapshotGigabytesUsed': 0, 'maxTotalShareNetworks': 10, 'totalShareNetworksUsed': 0}
REPLICAS = {'maxTotalShareReplicas': 100, 'maxTotalReplicaGigabytes': 1000, 'totalShareReplicasUsed': 0,
            'totalReplicaGigabytesUsed': 0}
GROUPS = {'maxTotalShareGroups': 50, 'maxTotalShareGroupSnapshots': 50, 'totalShareGroupsUsed': 0,
          'totalShareGroupSnapshotsUsed': 0}
BACKUPS = {'maxTotalShareBackups': 10, 'maxTotalBackupGigabytes': 1000, 'totalShareBackupsUsed': 0,
           'totalBackupGigabytesUsed': 0}


@pytest.mark.parametrize('version, wanted', [
    ('2.0', OLDEST), ('2.52', OLDEST), ('2.53', {**OLDEST, **REPLICAS}), ('2.57', {**OLDEST, **REPLICAS}),
    ('2.58', {**OLDEST, **REPLICAS, **GROUPS}), ('2.80', {**OLDEST, **REPLICAS, **GROUPS, **BACKUPS})])
def test_limits_show_quotas_and_usage_of_the_own_project(api, user, version, wanted, statements):
    service.take(user, {'shares': 1, 'gigabytes': 5}, PROJECT, 'somebody')
    service.take(user, {'shares': 3}, 'another', 'user')
    with statements() as seen:
        assert api.user.get('/limits', version) == {'limits': {'rate': [], 'absolute': wanted}}
    assert len(seen) == 2, seen


def test_unlimited_is_shown_as_minus_one(api):
    api.admin('PUT', f'/quota-sets/{PROJECT}', {'quota_set': {'shares': -1}})
    assert api.user.get('/limits')['limits']['absolute']['maxTotalShares'] == -1


def test_everybody_may_see_the_limits(api):
    assert api.of(roles=()).get('/limits')['limits']['rate'] == []
