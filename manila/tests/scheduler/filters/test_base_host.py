"""What filters from elsewhere can rely on."""
from manila.scheduler.filters import base_host, capacity
from manila.tests.scheduler import fixtures


class Odd(base_host.BaseHostFilter):
    """A filter as third parties write them."""

    def host_passes(self, host_state, filter_properties):
        return host_state.total_capacity_gb % 2 == 1


class StricterCapacity(capacity.CapacityFilter):
    """One that builds on a filter of this project."""

    def host_passes(self, host_state, filter_properties):
        return super().host_passes(host_state, filter_properties) and host_state.host != 'node@alpha#one'


def test_a_filter_needs_no_explanation_of_its_own():
    assert not Odd().host_passes(fixtures.pool(), {})
    assert Odd().reason(fixtures.pool(), {}) == 'refused by Odd'


def test_a_filter_may_add_to_one_of_the_project():
    request = fixtures.request()
    assert StricterCapacity().host_passes(fixtures.pool('node@alpha#two'), request)
    assert not StricterCapacity().host_passes(fixtures.pool(), request)
    assert StricterCapacity().reason(fixtures.pool(), request) == 'refused by StricterCapacity'


def test_a_filter_of_the_project_tells_its_reason():
    assert '900 GiB wanted' in StricterCapacity().reason(fixtures.pool(), fixtures.request(size=900))
