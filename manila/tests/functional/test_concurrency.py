"""The same services in green threads: one switch in the environment, no other difference."""
import pytest

from manila.tests.functional import conftest, services
from manila.tests.functional.cluster import ROLES, Cluster
from manila.tests.functional.test_life_cycle import wait_gone, wait_status

pytestmark = [pytest.mark.functional, pytest.mark.xdist_group('mysql')]


def test_share_lives_on_eventlet(tmp_path):
    rabbit = services.url_of('rabbit')
    with services.database('mysql') as database:
        cluster = Cluster(tmp_path, database, rabbit, environment={'MANILA_CONCURRENCY': 'eventlet'})
        try:
            cluster.start()
            conftest.make_types(cluster)
            client = cluster.client('2.60')
            share = client.shares.create('NFS', 1)
            wait_status(cluster, client, share)
            client.shares.allow(share, 'ip', '10.0.0.1', 'rw')
            cluster.wait(lambda: [rule.state for rule in client.share_access_rules.access_list(share)] == ['active'],
                         60, 'rule active')
            client.shares.delete(share)
            wait_gone(cluster, client, share)
            green = [role for role in ROLES if 'eventlet' in (tmp_path / f'{role}.log').read_text()]
            assert green == list(ROLES)
        finally:
            cluster.stop()
