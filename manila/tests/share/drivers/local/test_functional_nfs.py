"""Shares over real NFS: who gets in, what they may do, and how much they may store."""
import errno
import ipaddress
import os
import random
import socket

import pytest

from manila import exception
from manila.share.drivers.local import ganesha, ganesha_bus
from manila.share.drivers.local.layout import Layout
from manila.tests.fixtures import nfs
from manila.tests.share.drivers.local.backend import eventually, rule, share

pytestmark = pytest.mark.functional

MIB = 1024 ** 2
EACH_VERSION = pytest.mark.parametrize('version', (3, 4))


def allow(backend, target, *rules):
    return backend.driver.update_access(None, target, list(rules), [], [], [])


@pytest.fixture
def target():
    return share()


@pytest.fixture
def locations(backend, target):
    return backend.driver.create_share(None, target)


@EACH_VERSION
def test_only_the_allowed_client_gets_in(backend, target, locations, version):
    friend, stranger = backend.new_address(), backend.new_address()
    allow(backend, target, rule(friend))
    nfs.write(backend.url(locations, version, friend), '/greeting', b'hello')
    assert nfs.read(backend.url(locations, version, friend), '/greeting') == b'hello'
    assert nfs.is_refused(backend.url(locations, version, stranger))


@EACH_VERSION
def test_nobody_gets_into_a_new_share(backend, locations, version):
    assert nfs.is_refused(backend.url(locations, version))


@EACH_VERSION
def test_ipv6_clients_are_told_apart(backend, target, locations, version):
    friend, stranger = backend.new_address(6), backend.new_address(6)
    verdicts = allow(backend, target, allowed := rule(friend))
    assert verdicts == {allowed['access_id']: {'state': 'active'}}
    nfs.write(backend.url(locations, version, friend), '/six', b'6')
    assert nfs.ls(backend.url(locations, version, friend)) == ['six']
    assert nfs.is_refused(backend.url(locations, version, stranger))


@EACH_VERSION
def test_open_file_follows_a_change_of_its_clients_level(backend, target, locations, version):
    friend = backend.new_address()
    allow(backend, target, rule(friend))
    with nfs.Session(backend.url(locations, version, friend)) as client:
        client.create('/file')
        client.write('/file', b'first')
        allow(backend, target, rule(friend, 'ro'))
        with pytest.raises(OSError) as refusal:
            client.write('/file', b'other')
        assert refusal.value.errno == errno.EROFS
        assert client.read('/file') == b'first'
        allow(backend, target, rule(friend))
        client.write('/file', b'third')
        assert client.read('/file') == b'third'


@EACH_VERSION
def test_open_file_is_lost_with_the_rule_and_back_with_it(backend, target, locations, version):
    friend = backend.new_address()
    allow(backend, target, rule(friend))
    with nfs.Session(backend.url(locations, version, friend)) as client:
        client.create('/file')
        client.write('/file', b'first')
        allow(backend, target)
        with pytest.raises(OSError):
            client.write('/file', b'other')
        allow(backend, target, rule(friend))
        client.write('/file', b'third')
        assert client.read('/file') == b'third'


def test_narrow_rule_wins_over_the_range_around_it(backend, target, locations):
    reader = backend.new_address()
    allow(backend, target, rule('198.18.0.0/15'), rule(reader, 'ro'))
    assert nfs.ls(backend.url(locations, 3, reader)) == []
    with pytest.raises(nfs.Refused):
        nfs.write(backend.url(locations, 3, reader), '/file', b'x')
    nfs.write(backend.url(locations, 3, backend.new_address()), '/file', b'x')


def test_bad_rules_spoil_no_others(backend, target, locations):
    good, unknown, user = rule('127.0.0.1'), rule('not an address'), rule('somebody', kind='user')
    verdicts = allow(backend, target, unknown, good, user)
    assert verdicts == {good['access_id']: {'state': 'active'}, unknown['access_id']: {'state': 'error'},
                        user['access_id']: {'state': 'error'}}
    assert nfs.ls(backend.url(locations)) == []


def test_thousands_of_rules_are_applied_in_one_call(backend, target, locations):
    crowd = [rule(f'10.{number // 250}.{number % 250}.1') for number in range(3000)]
    verdicts = allow(backend, target, *crowd, rule('127.0.0.1'))
    assert {verdict['state'] for verdict in verdicts.values()} == {'active'}
    nfs.write(backend.url(locations), '/file', b'x')


def test_share_cannot_hold_more_than_its_size(backend, target, locations):
    allow(backend, target, rule('127.0.0.1'))
    filler = backend.fill(target, 1023)
    with nfs.Session(backend.url(locations)) as client:
        client.create('/file')
        with pytest.raises(OSError) as refusal:
            client.write('/file', os.urandom(2 * MIB))
        assert refusal.value.errno == errno.EDQUOT
        backend.driver.extend_share(target, 2)
        client.write('/file', os.urandom(2 * MIB))
        client.unlink(f'/{filler}')


def test_shrinking_below_usage_is_refused(backend, locations, target):
    backend.driver.extend_share(target, 3)
    large = {**target, 'size': 3}
    allow(backend, target, rule('127.0.0.1'))
    backend.fill(large, 1100)
    with pytest.raises(exception.ShareShrinkingPossibleDataLoss):
        backend.driver.shrink_share(large, 1)
    with nfs.Session(backend.url(locations)) as client:
        client.create('/more')
        client.write('/more', b'the old size still counts')
    backend.driver.shrink_share(large, 2)
    usage, = backend.driver.update_share_usage_size(None, [large])
    assert usage['id'] == target['id'] and 1.07 < usage['used_size'] < 1.1


def test_space_of_a_deleted_share_comes_back(backend, target, locations):
    def free():
        return backend.driver.get_share_stats(refresh=True)['pools'][0]['free_capacity_gb']
    before = free()
    allow(backend, target, rule('127.0.0.1'))
    nfs.write(backend.url(locations), '/big', os.urandom(MIB) * 500)
    eventually(lambda: free() < before - 0.4)
    backend.driver.delete_share(None, target)
    assert nfs.is_refused(backend.url(locations))
    eventually(lambda: free() > before - 0.1, seconds=60)


def test_deleting_again_is_fine(backend, target, locations):
    for _ in range(2):
        backend.driver.delete_share(None, target)
    assert backend.driver.get_share_stats(refresh=True)['pools'][0]['provisioned_capacity_gb'] == 0


def test_creating_again_keeps_path_and_content(backend, target, locations):
    allow(backend, target, rule('127.0.0.1'))
    nfs.write(backend.url(locations), '/file', b'kept')
    assert backend.driver.create_share(None, target) == locations
    assert nfs.read(backend.url(locations), '/file') == b'kept'


def test_chosen_mount_point_name_is_the_path(backend):
    named = share(mount_point_name='project_home')
    locations = backend.driver.create_share(None, named)
    assert [location['path'] for location in locations] == [
        '127.0.0.1:/shares/project_home', '[::1]:/shares/project_home']
    assert [location['metadata'] for location in locations] == [
        {'preferred': 'True'}, {'preferred': 'False'}]
    allow(backend, named, rule('127.0.0.1'))
    assert nfs.ls(backend.url(locations)) == []
    with pytest.raises(exception.ShareBackendException, match='in use'):
        backend.driver.create_share(None, share(mount_point_name='project_home'))


def test_root_is_squashed_where_the_option_says_so(stopped_backend):
    backend = stopped_backend.start(local_nfs_squash='root_squash', local_share_mode='0755')
    target = share()
    locations = backend.driver.create_share(None, target)
    allow(backend, target, rule('127.0.0.1'))
    with pytest.raises(nfs.Refused, match='EACCES|Permission|ACCES'):
        nfs.write(backend.url(locations), '/file', b'x')


def test_report_holds_real_figures(backend, locations):
    backend.driver.create_share(None, share(size=5))
    stats = backend.driver.get_share_stats(refresh=True)
    pool, = stats['pools']
    assert pool['total_capacity_gb'] == 2 and 1 < pool['free_capacity_gb'] < 2
    assert pool['provisioned_capacity_gb'] == pool['allocated_capacity_gb'] == 6
    assert stats['storage_protocol'] == 'NFS' and stats['ipv4_support'] and stats['ipv6_support']
    assert stats['revert_to_snapshot_support'] and stats['mount_snapshot_support']


def test_server_listens_on_a_single_export_address_only(stopped_backend):
    backend = stopped_backend.start(local_export_ips=['127.0.0.1'])
    target = share()
    locations = backend.driver.create_share(None, target)
    allow(backend, target, rule('0.0.0.0/0'), rule('::/0'))
    assert nfs.ls(backend.url(locations)) == []
    for address in (backend.new_address(), '::1'):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, backend.nfs_port))


def test_server_understands_every_network_with_an_active_rule(backend, target, locations):
    """It passes over some forms in silence, so what it made of each is asked for."""
    source = random.Random(7)
    networks = [ipaddress.ip_network((source.getrandbits(32), length), strict=False) for length in range(33)]
    networks += [ipaddress.ip_network((source.getrandbits(128), length), strict=False) for length in range(129)]
    # addresses with runs of zeros are written in many ways
    networks += [ipaddress.ip_network(int(''.join(source.choice(('0000', '00a1')) for _ in range(8)), 16) or 1)
                 for _ in range(200)]
    networks = [network for network in networks if network.version == 6 or network.prefixlen]
    rules = [rule(str(network)) for network in networks]
    verdicts = allow(backend, target, *rules)
    active = [network for network, given in zip(networks, rules, strict=True)
              if verdicts[given['access_id']]['state'] == 'active']
    expected = {str(ipaddress.ip_network(term)) for network in active
                for term in ganesha.client_terms(str(network))}
    number = backend.number(target)
    bus = ganesha_bus.ExportBus(Layout(backend.state).bus)
    understood = {str(ipaddress.ip_network(client)) for client in bus.clients(number)}
    assert sorted(understood ^ expected) == []
    assert {network.prefixlen for network in networks} - {network.prefixlen for network in active} == set(
        range(100, 120))
    bus.close()


@pytest.mark.parametrize('everybody, friend, stranger', (
    ('0.0.0.0/0', '127.0.0.1', '::1'), ('::/0', '::1', '127.0.0.1')))
@EACH_VERSION
def test_everybody_of_one_family_is_nobody_of_the_other(
        backend, target, locations, everybody, friend, stranger, version):
    allow(backend, target, rule(everybody))
    nfs.write(backend.url(locations, version, friend), '/file', b'x')
    assert nfs.is_refused(backend.url(locations, version, stranger))


def test_ipv6_range_lets_in_what_lies_in_it(backend, target, locations):
    inside = backend.new_address(6)
    for length in (32, 64, 124):
        allow(backend, target, rule(f'{inside}/{length}'))
        assert not nfs.is_refused(backend.url(locations, 3, inside))
        assert nfs.is_refused(backend.url(locations, 3, '::1'))


def test_refused_export_is_told_with_file_and_line(backend):
    layout = Layout(backend.state)
    file = os.path.join(backend.state, 'broken.conf')
    with open(file, 'w') as broken:
        broken.write('EXPORT {\n Export_Id = 9; Path = "/nowhere"; Pseudo = "/x";\n FSAL { Name = VFS; }\n}\n')
    bus = ganesha_bus.ExportBus(layout.bus)
    with pytest.raises(ganesha_bus.GaneshaError, match='broken.conf:3'):
        bus.upsert(9, file)
    bus.remove(9)
    assert bus.numbers() == set()
    bus.close()
