import pytest

NETWORK = [{'server_id': 'server1', 'admin_network_allocations': [{'ip_address': '11.0.0.5'}],
            'network_allocations': [{'ip_address': '10.0.0.5'}, {'ip_address': '10.0.0.6'}]}]
NEW_NETWORK = [{'server_id': 'server2', 'network_allocations': [{'ip_address': '10.9.0.5'}]}]


@pytest.fixture
def dummy(make_dummy):
    return make_dummy()


def server_of(details, server_id='server1'):
    """A share server with these back-end details."""
    return {'id': server_id, 'backend_details': details}


def paths(locations):
    """Addresses and for whom they are."""
    return [(each['path'].partition(':/')[0], each['is_admin_only']) for each in locations]


def test_shares_have_the_addresses_of_their_server(dummy, new_share):
    details = dummy.setup_server(NETWORK, metadata={'request_host': 'h'})
    assert all(isinstance(value, str) for value in details.values())
    locations = dummy.create_share(None, new_share(), server_of(details))
    assert paths(locations) == [('10.0.0.5', False), ('10.0.0.6', False), ('11.0.0.5', True)]


def test_servers_are_removed_and_that_may_be_repeated(dummy):
    details = dummy.setup_server(NETWORK)
    assert 'server1' in dummy.array.all('server')
    for given in (details, details, {}, None):
        dummy.teardown_server(server_details=given, security_services=[])
    assert dummy.array.all('server') == {}


def test_servers_need_ports(dummy):
    assert dummy.get_network_allocations_number() == 2
    assert dummy.get_admin_network_allocations_number() == 0


def test_the_server_with_the_right_key_is_chosen(dummy):
    servers = [{'id': 'plain', 'encryption_key_ref': None}, {'id': 'locked', 'encryption_key_ref': 'key'}]
    assert dummy.choose_share_server_compatible_with_share(None, servers, {})['id'] == 'plain'
    assert dummy.choose_share_server_compatible_with_share(
        None, servers, {}, encryption_key_ref='key')['id'] == 'locked'
    assert dummy.choose_share_server_compatible_with_share(
        None, servers, {}, encryption_key_ref='other') is None


def test_a_further_subnet_brings_further_addresses(dummy, new_share, new_snapshot):
    server = server_of(dummy.setup_server(NETWORK))
    share = new_share()
    dummy.create_share(None, share, server)
    snapshot = new_snapshot(share)
    updates = dummy.update_share_server_network_allocations(
        None, server, {}, {'network_allocations': [{'ip_address': '10.5.0.1'}]}, [], [share], [snapshot])
    assert updates['server_details']['addresses'] == '10.0.0.5,10.0.0.6,10.5.0.1'
    assert ('10.5.0.1', False) in paths(updates['share_updates'][share['id']])
    assert ('10.5.0.1', False) in paths(updates['snapshot_updates'][snapshot['id']]['export_locations'])


def test_rules_stay_in_force_with_a_new_security_service(dummy):
    rules = [{'share_instance_id': 's', 'access_rules': [{'access_id': 'a'}]}]
    assert dummy.update_share_server_security_service(None, {}, [], [], rules, {}) == {
        's': {'a': {'state': 'active'}}}
    assert dummy.check_update_share_server_security_service(None, {}, [], [], rules, {}) is True


def test_a_server_moves_in_two_steps(make_dummy, new_share, new_snapshot):
    dummy = make_dummy('dummy_server_target')
    old = server_of({'addresses': '10.0.0.5', 'identifier': 'server1'})
    new = server_of({'addresses': '10.9.0.4', 'identifier': 'server2'}, 'server2')
    share = new_share(host='node@elsewhere#unknown')
    snapshot = new_snapshot(share)
    moved = (None, old, new, [share], [snapshot])
    request = {'shares_size': 1, 'snapshots_size': 0, 'shares_req_spec': []}
    compatible = dummy.share_server_migration_check_compatibility(
        None, old, 'node@dummy_server_target', {}, {}, request)
    assert set(compatible.values()) == {True}
    dummy.share_server_migration_start(*moved)
    assert dummy.share_server_migration_get_progress(*moved) == {'total_progress': 0}
    assert dummy.share_server_migration_continue(*moved) is False
    assert dummy.share_server_migration_get_progress(*moved) == {'total_progress': 50}
    assert dummy.share_server_migration_continue(*moved) is True
    updates = dummy.share_server_migration_complete(*moved, NEW_NETWORK)
    update = updates['share_updates'][share['id']]
    assert (paths(update['export_locations']), update['pool_name']) == ([('10.9.0.5', False)], 'pool0')
    assert list(updates['snapshot_updates']) == [snapshot['id']]
    assert dummy.array.get('share', share['id'])['server'] == 'server2'


def test_a_cancelled_move_begins_anew(dummy):
    moved = (None, {'id': 'a'}, {'id': 'b'}, [], [])
    dummy.share_server_migration_start(*moved)
    dummy.share_server_migration_continue(*moved)
    dummy.share_server_migration_cancel(*moved)
    assert dummy.share_server_migration_get_progress(*moved) == {'total_progress': 0}


def test_metadata_of_a_subnet_are_noted(dummy):
    details = dummy.setup_server(NETWORK)
    dummy.update_share_network_subnet_from_metadata(None, {}, {}, server_of(details), {'mtu': '9000'})
    assert dummy.array.get('server', 'server1')['subnet_metadata'] == {'mtu': '9000'}
