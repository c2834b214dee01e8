"""The scheduler that counts GiB."""
import pytest

from manila import exception
from manila.conf import CONF
from manila.scheduler.drivers.simple import SimpleScheduler
from manila.scheduler.pools import Pools
from manila.tests.scheduler.fixtures import request


@pytest.fixture
def scheduler():
    table = Pools()
    for name, used in (('alpha', (30, 30)), ('beta', (50, 0)), ('gamma', (70, 20))):
        pools = [{'pool_name': f'p{number}', 'allocated_capacity_gb': size}
                 for number, size in enumerate(used)]
        table.update(f'node@{name}', {'pools': pools}, 1, zone_id=f'zone-{name}')
    return SimpleScheduler(table)


@pytest.fixture
def hundred():
    CONF.set_override('max_gigabytes', 100)
    yield
    CONF.clear_override('max_gigabytes')


def test_the_back_end_with_fewest_gigabytes_is_chosen(scheduler):
    hosts = [scheduler.place(request(size=20)).pool.backend_host for _ in range(3)]
    assert hosts == ['node@beta', 'node@alpha', 'node@beta']


def test_the_zone_counts(scheduler):
    spec = {'availability_zone_id': 'zone-gamma'}
    assert scheduler.place(request(spec=spec)).pool.backend_host == 'node@gamma'


def test_no_back_end_gets_more_than_the_limit(scheduler, hundred):
    assert scheduler.place(request(size=50)).pool.backend_host == 'node@beta'
    with pytest.raises(exception.NoValidHost, match='50 GiB wanted, 60 of at most 100 GiB are used'):
        scheduler.place(request(size=50))


def test_growth_stays_within_the_limit(scheduler, hundred):
    scheduler.check('node@gamma#p0', request(size=70, size_increase=10), scheduler.extend_filters())
    with pytest.raises(exception.NoValidHost):
        scheduler.check('node@gamma#p0', request(size=80, size_increase=1), scheduler.extend_filters())


def test_a_group_goes_to_the_back_end_with_fewest_gigabytes(scheduler):
    choice = scheduler.place_group([request(size=0)], request(size=0))
    assert choice.pool.backend_host == 'node@beta'
