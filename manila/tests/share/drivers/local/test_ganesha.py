"""What Ganesha is given to read."""
import pytest

from manila.share.drivers.local import ganesha
from manila.share.drivers.local.exports import Export

SETTINGS = {'nfs_port': 2049, 'mount_port': 20048, 'bind_address': '::', 'plugins': '/plugins',
            'squash': 'root_squash'}


def blocks(*clients):
    return [(networks, level) for networks, level in ganesha.client_blocks(clients)]


def test_longest_prefix_comes_first():
    assert blocks(('0.0.0.0/0', 'ro'), ('10.1.0.0/16', 'rw'), ('10.1.2.3/32', 'ro')) == [
        (['10.1.2.3'], 'ro'), (['10.1.0.0/16'], 'rw'), (['0.0.0.0/1', '128.0.0.0/1'], 'ro')]


def test_prefixes_of_both_families_are_ordered_by_what_they_leave_open():
    assert blocks(('::/0', 'rw'), ('2001:db8::/64', 'rw'), ('10.0.0.0/8', 'ro'),
                  ('2001:db8::1/128', 'ro')) == [
        (['2001:db8::1'], 'ro'), (['10.0.0.0/8'], 'ro'), (['2001:db8::/64'], 'rw'),
        (['::/1', '8000::/1'], 'rw')]


def test_clients_of_one_level_share_blocks_of_bounded_length():
    crowd = [(f'10.0.{number // 256}.{number % 256}/32', 'rw') for number in range(250)]
    assert [len(networks) for networks, _ in blocks(*crowd)] == [100, 100, 50]


def test_export_block_denies_whoever_is_not_named():
    export = Export(7, 'e', 'shares/e', '/shares/x', clients=(('10.0.0.1/32', 'rw'),))
    text = ganesha.render_export(export, '/m/7')
    assert 'Export_Id = 7;' in text and 'Path = "/m/7";' in text and 'Pseudo = "/shares/x";' in text
    assert text.index('Access_Type = NONE;') < text.index('CLIENT { Clients = 10.0.0.1; Access_Type = RW; }')
    assert text.count('{') == text.count('}')


def test_main_configuration_names_versions_and_every_export_file():
    text = ganesha.render_main(SETTINGS, [3, 4], '/recovery', ['/e/1.conf', '/e/2.conf'])
    assert text.count('Protocols = 3, 4;') == 2
    assert text.endswith('%include "/e/1.conf"\n%include "/e/2.conf"\n')
    assert 'Squash = root_squash;' in text and 'Bind_addr = ::;' in text
    assert text.count('{') == text.count('}')


def test_complaints_are_the_last_severe_lines(tmp_path):
    log = tmp_path / 'ganesha.log'
    log.write_text('t : [main] a :MAIN :EVENT :started\n'
                   't : [main] b :DISP :CRIT :Cannot bind NFS tcp6 socket, error 98\n'
                   't : [main] c :DISP :FATAL :Error binding\n' * 2)
    assert ganesha.complaints(log, 1) == ['Error binding']
    assert ganesha.complaints(log) == ['Cannot bind NFS tcp6 socket, error 98', 'Error binding']
    assert ganesha.complaints(tmp_path / 'none') == []


@pytest.mark.parametrize('network, terms', (
    ('10.0.0.1/32', ['10.0.0.1']), ('10.0.0.0/8', ['10.0.0.0/8']), ('fd00::1/128', ['fd00::1']),
    ('fd00::/99', ['fd00::/99']), ('0.0.0.0/0', ['0.0.0.0/1', '128.0.0.0/1']), ('::/0', ['::/1', '8000::/1']),
    ('fd00::4/126', ['fd00::4', 'fd00::5', 'fd00::6', 'fd00::7'])))
def test_network_is_put_into_words_that_are_understood(network, terms):
    assert ganesha.client_terms(network) == terms


@pytest.mark.parametrize('network', ('0.0.0.0/32', '::/128', 'fd00::/100', 'fd00::/119'))
def test_network_without_such_words_is_refused(network):
    with pytest.raises(ValueError):
        ganesha.client_terms(network)
