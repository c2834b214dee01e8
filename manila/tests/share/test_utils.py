import pytest

from manila import exception
from manila.share import utils

RULES = [{'access_id': 'a', 'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'rw'}]


@pytest.mark.parametrize('host, level, part', [
    ('node@back#pool', 'host', 'node'), ('node@back#pool', 'backend', 'node@back'),
    ('node@back#pool', 'backend_name', 'back'), ('node@back#pool', 'pool', 'pool'),
    ('node@back', 'pool', None), ('node', 'host', 'node'), ('node', 'backend', 'node'),
    ('node@back#a#b', 'pool', 'a#b')])
def test_hosts_have_parts(host, level, part):
    assert utils.extract_host(host, level) == part


def test_back_end_is_the_usual_part():
    assert utils.extract_host('node@back#pool') == 'node@back'


def test_a_host_without_pool_may_have_the_default_one():
    assert utils.extract_host('node@back', 'pool', default_pool_name=True) == '_pool0'


def test_a_host_has_no_other_parts():
    with pytest.raises(exception.InvalidParameterValue):
        utils.extract_host('node@back#pool', 'rack')


def test_pools_are_added_to_hosts():
    assert utils.append_host('node@back', 'pool') == 'node@back#pool'
    assert utils.append_host('node@back', None) == 'node@back'
    assert utils.append_host(None, 'pool') is None


def test_rules_become_read_only_without_touching_the_originals():
    access, add, delete = utils.change_rules_to_readonly(RULES, RULES, [])
    assert access == add == [{**RULES[0], 'access_level': 'ro'}]
    assert delete == []
    assert RULES[0]['access_level'] == 'rw'


def test_the_active_replica_is_found():
    replicas = [{'id': 1, 'replica_state': 'in_sync'}, {'id': 2, 'replica_state': 'active'}]
    assert utils.get_active_replica(replicas)['id'] == 2
    assert utils.get_active_replica(replicas[:1]) is None


def test_the_version_of_the_schema_is_known(database):
    from manila.db import migration
    migration.sync()
    assert utils.get_recent_db_migration_id() == migration.head()
