"""Many users at once: two hundred shares, sixteen at a time."""
import collections
import concurrent.futures
import threading

import pytest

from manila.tests.functional.test_life_cycle import rules_of

pytestmark = [pytest.mark.functional, pytest.mark.slow]

SHARES = 200
AT_ONCE = 16


@pytest.fixture
def clients(cluster):
    """Function that gives each thread a client of its own."""
    local = threading.local()

    def get():
        if not hasattr(local, 'client'):
            local.client = cluster.client(user='alice')
        return local.client
    return get


def at_once(function, items):
    """Call a function for each item, sixteen at a time; returns the results in order."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(function, items))


def statuses(client):
    """How many of our shares are in which status."""
    return collections.Counter(share.status for share in client.shares.list(
        search_opts={'limit': SHARES * 2}) if share.name.startswith('many-'))


def test_two_hundred_shares_made_at_once_are_available_and_leave_nothing_behind(cluster, clients):
    before, stored = cluster.usage('alice'), cluster.on_backend()
    shares = at_once(lambda number: clients().shares.create('NFS', 1, name=f'many-{number}'), range(SHARES))
    cluster.wait(lambda: statuses(clients()) == {'available': SHARES}, 240, '200 shares available')
    assert cluster.usage('alice') == (before[0] + SHARES, before[1] + SHARES)
    at_once(lambda share: clients().shares.delete(share.id), shares)
    cluster.wait(lambda: not statuses(clients()), 240, '200 shares deleted')
    assert cluster.usage('alice') == before
    cluster.wait(lambda: not cluster.jobs(), 30, 'no job is left')
    assert cluster.on_backend() == stored


def test_a_hundred_rules_given_at_once_are_all_active(cluster, clients):
    client = clients()
    share = client.shares.create('NFS', 1, name='ruled')
    cluster.wait(lambda: client.shares.get(share).status == 'available', 60, 'share available')
    wanted = {f'198.51.100.{number}' for number in range(100)}
    at_once(lambda address: clients().shares.allow(share.id, 'ip', address, 'rw'), sorted(wanted))

    def all_active():
        rules = rules_of(client, share)
        return {rule.access_to for rule in rules if rule.state == 'active'} == wanted
    cluster.wait(all_active, 120, '100 rules active')
    client.shares.delete(share)
    cluster.wait(lambda: not cluster.jobs(), 60, 'no job is left')
