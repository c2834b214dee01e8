"""Filter properties of a request."""
import json

import pytest

from manila import exception
from manila.conf import CONF
from manila.scheduler import request as requests
from manila.scheduler.pools import Pools
from manila.tests.scheduler import fixtures


class Admin:
    is_admin = True


def specs_of(properties):
    return properties['resource_type']['extra_specs']


def test_share_and_instance_are_merged_for_expressions():
    properties = fixtures.request(size=3, instance={'status': 'creating'})
    merged = properties['request_spec']['resource_properties']
    assert (merged['size'], merged['status'], merged['id']) == (3, 'creating', 'instance-1')
    assert (properties['size'], properties['size_increase']) == (3, None)
    assert properties['is_share_extend'] is False


def test_boolean_specs_are_compared_as_booleans():
    specs = specs_of(fixtures.request(specs={
        'snapshot_support': 'True', 'driver_handles_share_servers': '<is> no',
        'mount_snapshot_support': '<IS> True', 'dedupe': 'True'}))
    assert specs['snapshot_support'] == '<is> True'
    assert specs['driver_handles_share_servers'] == '<is> no'
    assert specs['mount_snapshot_support'] == '<IS> True'
    assert specs['dedupe'] == 'True'


def test_the_protocol_of_the_share_is_wanted_unless_the_type_says_more():
    assert specs_of(fixtures.request())['storage_protocol'] == '<in> NFS'
    assert specs_of(fixtures.request(specs={'storage_protocol': 'NFS'}))['storage_protocol'] == 'NFS'


@pytest.mark.parametrize('spec, kept', [({}, True), ({'snapshot_host': 'a@b#c', 'snapshot_id': 's'}, False),
                                        ({'active_replica_host': 'a@b#c'}, False)])
def test_the_back_end_name_counts_only_for_shares_without_origin(spec, kept):
    specs = specs_of(fixtures.request(specs={'share_backend_name': 'ALPHA'}, spec=spec))
    assert ('share_backend_name' in specs) is kept


def test_the_request_spec_is_left_as_it_was():
    specs = {'snapshot_support': 'True', 'share_backend_name': 'A'}
    original = {'share_type': {'id': 't', 'extra_specs': specs}, 'share_properties': {'size': 1},
                'snapshot_host': 'a@b#c', 'share_proto': 'NFS'}
    before = json.dumps(original, sort_keys=True)
    requests.build(None, original)
    assert json.dumps(original, sort_keys=True) == before


def test_a_request_without_type_is_refused():
    with pytest.raises(exception.DefaultShareTypeNotConfigured):
        requests.build(None, {'share_properties': {'size': 1}})


def test_an_increase_makes_it_a_request_to_extend():
    properties = fixtures.request(size=5, size_increase=2)
    assert (properties['size_increase'], properties['is_share_extend']) == (2, True)
    assert properties['request_spec']['is_share_extend'] is True


def test_hints_kept_in_metadata_count_when_the_request_has_none():
    share = {'metadata': {'__affinity_same_host': 's1', '__affinity_different_host': 's2', 'colour': 'red'}}
    assert fixtures.request(share=share)['scheduler_hints'] == {'same_host': 's1', 'different_host': 's2'}
    assert fixtures.request(share=share, hints={'same_host': 's3'})['scheduler_hints'] == {'same_host': 's3'}


def test_the_hosts_of_hinted_shares_are_looked_up_once():
    asked = []
    properties = fixtures.request(hints={'same_host': 's1, s2', 'different_host': 's1'},
                                  hosts_of=lambda share_id: asked.append(share_id) or ['a@b#c'])
    assert sorted(asked) == ['s1', 's2']
    assert properties['hosts_of_shares'] == {'s1': ['a@b#c'], 's2': ['a@b#c']}


def test_pools_tried_before_are_remembered():
    properties = fixtures.request(tried={'a@b#c': 'disk full'})
    assert properties['tried'] == {'a@b#c': 'disk full'}
    assert properties['retry'] == {'num_attempts': 2, 'hosts': ['a@b#c']}


def test_administrators_may_name_a_host_unless_the_caller_says_otherwise():
    spec = {'share_type': {'id': 't'}}
    assert requests.build(Admin, spec)['host_admin'] is True
    assert requests.build(Admin, spec, host_admin=False)['host_admin'] is False
    assert requests.build(None, spec)['host_admin'] is False


@pytest.mark.parametrize('spec', [{'active_replica_host': 'n@a#p'},
                                  {'snapshot_host': 'n@a#p', 'snapshot_id': 's'}])
def test_the_replication_domain_of_the_origin_is_found(spec):
    table = Pools()
    table.update('n@a', {'replication_domain': 'east', 'pools': [{'pool_name': 'p'}],
                         'server_pools_mapping': {'server': [{'pool_name': 'p'}]}}, 1, zone_id='z')
    properties = fixtures.request(spec=spec)
    requests.locate(properties, table)
    assert properties['replication_domain'] == 'east'
    assert properties['snapshot_availability_zone_id'] == ('z' if 'snapshot_host' in spec else None)
    assert properties['server_pools_mapping'] == {'server': [{'pool_name': 'p'}]}


@pytest.fixture
def options_file(tmp_path):
    path = tmp_path / 'options.json'
    CONF.set_override('scheduler_json_config_location', str(path))
    yield path
    CONF.clear_override('scheduler_json_config_location')


def test_options_for_filters_come_from_a_file_and_follow_its_changes(options_file):
    options_file.write_text('{"limit": 1}')
    assert fixtures.request()['config_options'] == {'limit': 1}
    options_file.write_text('{"limit": 100}')
    assert fixtures.request()['config_options'] == {'limit': 100}


def test_a_broken_options_file_leaves_the_last_good_options(options_file):
    options_file.write_text('{"limit": 1}')
    requests.config_options()
    options_file.write_text('{"limit": ')
    assert requests.config_options() == {'limit': 1}


def test_without_an_options_file_there_are_no_options():
    assert requests.config_options() == {}
