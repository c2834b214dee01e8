"""Verdicts on access rules."""
from manila.share.drivers.local import access


def rule(number, who, level='rw', kind='ip'):
    return {'access_id': number, 'access_type': kind, 'access_to': who, 'access_level': level}


def states(verdicts):
    return {number: verdict['state'] for number, verdict in verdicts.items()}


def test_addresses_become_networks():
    clients, verdicts = access.clients_of([rule(1, '10.0.0.1'), rule(2, '10.0.0.9/24', 'ro'),
                                           rule(3, 'fd00::1'), rule(4, 'fd00::/64', 'ro')])
    assert clients == (('10.0.0.1/32', 'rw'), ('10.0.0.0/24', 'ro'),
                       ('fd00::1/128', 'rw'), ('fd00::/64', 'ro'))
    assert set(states(verdicts).values()) == {'active'}


def test_each_bad_rule_fails_alone():
    clients, verdicts = access.clients_of([
        rule(1, '10.0.0.300'), rule(2, 'alice', kind='user'), rule(3, '10.0.0.1', 'admin'),
        rule(4, '10.0.0.1'), rule(5, 'cn', kind='cert')])
    assert clients == (('10.0.0.1/32', 'rw'),)
    assert states(verdicts) == {1: 'error', 2: 'error', 3: 'error', 4: 'active', 5: 'error'}


def test_same_client_twice_is_fine_until_the_levels_differ():
    clients, verdicts = access.clients_of([rule(1, '10.0.0.1'), rule(2, '10.0.0.1/32'),
                                           rule(3, '10.0.0.1', 'ro')])
    assert clients == (('10.0.0.1/32', 'rw'),)
    assert states(verdicts) == {1: 'active', 2: 'active', 3: 'error'}


def test_users_are_taken_for_smb_only():
    users, verdicts = access.users_of([rule(1, 'alice', 'ro', 'user'), rule(2, '10.0.0.1')])
    assert users == (('alice', 'ro'),)
    assert states(verdicts) == {1: 'active', 2: 'error'}


def test_ipv4_client_written_as_ipv6_is_seen_as_what_it_is():
    clients, _ = access.clients_of([rule(1, '::ffff:10.0.0.1'), rule(2, '::ffff:10.1.0.0/112', 'ro')])
    assert clients == (('10.0.0.1/32', 'rw'), ('10.1.0.0/16', 'ro'))


def test_network_the_server_would_misread_is_an_error():
    """Ganesha takes 0.0.0.0 for everybody and passes over long IPv6 prefixes."""
    clients, verdicts = access.clients_of([rule(1, '0.0.0.0'), rule(2, 'fd00::/110'), rule(3, '10.0.0.1')])
    assert clients == (('10.0.0.1/32', 'rw'),)
    assert states(verdicts) == {1: 'error', 2: 'error', 3: 'active'}
