"""The scheduler that does not look."""
import pytest

from manila import exception
from manila.scheduler.drivers.chance import ChanceScheduler
from manila.scheduler.pools import Pools
from manila.tests.scheduler.fixtures import request


@pytest.fixture
def scheduler():
    table = Pools()
    for name in ('alpha', 'beta', 'gamma'):
        table.update(f'node@{name}', {'pools': [{'pool_name': 'p', 'free_capacity_gb': 0}]}, 1)
    table.mark('node@gamma', disabled=True)
    return ChanceScheduler(table)


def test_any_pool_that_is_in_service_may_be_chosen(scheduler):
    hosts = {scheduler.place(request(size=10)).pool.host for _ in range(60)}
    assert hosts == {'node@alpha#p', 'node@beta#p'}


def test_what_refused_is_not_chosen_again(scheduler):
    assert scheduler.place(request(tried={'node@alpha#p': 'no'})).pool.host == 'node@beta#p'
    with pytest.raises(exception.NoValidHost):
        scheduler.place(request(tried={'node@alpha#p': 'no', 'node@beta#p': 'no'}))
