import pytest

from manila import exception
from manila.tests.share.fakes import Driver

SERVERS = [{'id': 'one'}, {'id': 'two'}]


class Admin(Driver):
    """A driver that needs administrative ports."""

    admin_ports = 1


class Portless(Driver):
    """A driver that makes its ports itself."""

    ports = 0


def test_the_first_share_server_is_chosen(make_driver):
    made = make_driver(dhss=True)
    assert made.choose_share_server_compatible_with_share(None, SERVERS, {}) == SERVERS[0]
    assert made.choose_share_server_compatible_with_share(None, [], {}) is None
    assert made.choose_share_server_compatible_with_share_group(None, SERVERS, {}) == SERVERS[0]


def test_the_share_server_of_the_group_is_chosen(make_driver):
    made = make_driver(dhss=True)
    group = {'share_server_id': 'two'}
    assert made.choose_share_server_compatible_with_share(None, SERVERS, {}, share_group=group) == SERVERS[1]
    assert made.choose_share_server_compatible_with_share(None, SERVERS[:1], {}, share_group=group) is None


def test_ports_are_asked_for_as_many_as_needed(make_driver):
    made = make_driver(dhss=True)
    made.allocate_network(None, 'server', 'net', 'subnet')
    made.allocate_network(None, 'server', 'net', 'subnet', count=3, device_owner='x')
    arguments = {'share_network': 'net', 'share_network_subnet': 'subnet'}
    assert made.network_api.calls == [
        ('allocate_network', ('server',), {**arguments, 'count': 1}),
        ('allocate_network', ('server',), {**arguments, 'count': 3, 'device_owner': 'x'})]


def test_a_driver_without_ports_leaves_the_network_alone(make_driver):
    made = make_driver(Portless, dhss=True)
    made.allocate_network(None, 'server', 'net', 'subnet')
    made.update_network_allocation(None, 'server')
    made.deallocate_network(None, 'server-id')
    made.allocate_admin_network(None, 'server')
    assert made.network_api.calls == []


def test_ports_are_updated_and_removed(make_driver):
    made = make_driver(dhss=True)
    made.update_network_allocation(None, 'server')
    made.deallocate_network(None, 'server-id')
    assert [call[0] for call in made.network_api.calls] == ['update_network_allocation', 'deallocate_network']


def test_administrative_ports_need_a_network(make_driver):
    with pytest.raises(exception.NetworkBadConfigurationException):
        make_driver(Admin, dhss=True).allocate_admin_network(None, 'server')
    made = make_driver(Admin, dhss=True, admin_network_config_group='admin')
    made.allocate_admin_network(None, 'server')
    made.update_admin_network_allocation(None, 'server')
    assert [call[0] for call in made.admin_network_api.calls] == [
        'allocate_network', 'update_network_allocation']
    assert made.network_api.calls == []


def test_setting_up_and_tearing_down_reach_the_drivers_own_methods(make_driver):
    class Server(Driver):
        def _setup_server(self, network_info, metadata=None):
            return {'info': network_info, 'metadata': metadata}

        def _teardown_server(self, server_details, security_services=None):
            return server_details, security_services
    made = make_driver(Server, dhss=True)
    assert made.setup_server('info', metadata='m') == {'info': 'info', 'metadata': 'm'}
    assert made.teardown_server(server_details='d', security_services='s') == ('d', 's')


def test_limits_come_from_options(make_driver):
    made = make_driver(dhss=True, max_shares_per_share_server=3)
    assert (made.max_shares_per_share_server, made.max_share_server_size) == (3, -1)
