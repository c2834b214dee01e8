"""What extra specs may be and mean."""
import pytest

from manila import exception
from manila.resources.types import specs


@pytest.mark.parametrize('value, truth', [
    ('True', True), ('true', True), ('1', True), ('yes', True), ('<is> True', True), ('<IS> false', False),
    ('<is>TRUE', True), ('False', False), ('off', False), (True, True)])
def test_booleans_are_words_or_comparisons(value, truth):
    assert specs.parse_boolean(value) is truth
    assert specs.is_true({'snapshot_support': value}, 'snapshot_support') is truth


@pytest.mark.parametrize('value', ['', 'maybe', '<is>', '<is> 1', '<in> True', '2'])
def test_other_words_are_no_booleans(value):
    with pytest.raises(ValueError):
        specs.parse_boolean(value)
    assert not specs.is_true({'snapshot_support': value}, 'snapshot_support')
    with pytest.raises(exception.InvalidExtraSpec, match='snapshot_support'):
        specs.validate({'snapshot_support': value})


@pytest.mark.parametrize('key, good, bad', [
    ('replication_type', ['writable', 'readable', 'dr'], ['DR', '', 'none']),
    ('encryption_support', ['share', 'share_server'], ['pool', 'Share']),
    ('provisioning:max_share_size', ['1', '0100'], ['0', '-1', '1.5', 'x', '²', '9' * 11]),
    ('provisioning:min_share_size', ['1'], ['0']),
    ('provisioning:max_share_extend_size', ['1'], ['0']),
    ('provisioning:mount_point_prefix', ['x'], ['x' * 256]),
    ('default_qos_type', ['gold'], ['x' * 256]),
    ('availability_zones', ['a', 'a,b'], ['', 'a,', ',', 'a,,b', ' ']),
    ('mount_point_name_support', ['True'], ['x'])])
def test_known_specs_have_known_values(key, good, bad):
    for value in good:
        assert specs.validate({key: value}) == {key: value}
    for value in bad:
        with pytest.raises(exception.InvalidExtraSpec, match=key):
            specs.validate({key: value})


def test_names_of_zones_are_kept_without_spaces():
    assert specs.validate({'availability_zones': ' a , b c '}) == {'availability_zones': 'a,b c'}
    assert specs.zones({'availability_zones': 'a,b c'}) == ['a', 'b c']
    assert specs.zones({}) == []


def test_unknown_specs_may_be_anything():
    assert specs.validate({'vendor:thing': '<in> x'}) == {'vendor:thing': '<in> x'}


def test_the_required_spec_must_be_there_where_it_is_required():
    with pytest.raises(exception.InvalidExtraSpec, match='driver_handles_share_servers'):
        specs.validate({'a': 'b'}, required=True)


def test_users_see_known_specs_and_flags_that_are_not_set():
    extra_specs = {'driver_handles_share_servers': 'True', 'vendor:x': 'y', 'snapshot_support': 'True'}
    assert specs.visible(extra_specs) == {'driver_handles_share_servers': 'True', 'snapshot_support': 'True'}
    assert specs.visible(extra_specs, specs.INFERRED) == {
        'driver_handles_share_servers': 'True', 'snapshot_support': 'True', 'mount_snapshot_support': False,
        'create_share_from_snapshot_support': False, 'revert_to_snapshot_support': False}


def test_a_share_inherits_flags_and_replication_type():
    values = specs.share_values({'snapshot_support': '<is> True', 'mount_snapshot_support': 'no',
                                 'replication_type': 'dr'})
    assert values == {'snapshot_support': True, 'create_share_from_snapshot_support': False,
                      'revert_to_snapshot_support': False, 'mount_snapshot_support': False,
                      'snapshot_inherit_share_access_support': False, 'replication_type': 'dr'}
    assert specs.share_values({})['replication_type'] is None


def test_sizes_outside_the_limits_of_the_type_are_refused():
    limits = {specs.MIN_SIZE: '2', specs.MAX_SIZE: '4', specs.MAX_EXTEND_SIZE: '6'}
    for size in (2, 4):
        specs.refuse_size(limits, size)
    specs.refuse_size(limits, 1, low=False)
    specs.refuse_size(limits, 5, high=False)
    specs.refuse_size(limits, 6, extending_beyond=True)
    specs.refuse_size({}, 1000)
    for size, more in ((1, {}), (5, {}), (7, {'extending_beyond': True})):
        with pytest.raises(exception.InvalidInput, match=str(size)):
            specs.refuse_size(limits, size, **more)


def test_zones_outside_those_of_the_type_are_refused():
    specs.refuse_zone({}, 'a')
    specs.refuse_zone({'availability_zones': 'a,b'}, 'a')
    specs.refuse_zone({'availability_zones': 'a,b'}, None)
    with pytest.raises(exception.InvalidShare, match='c'):
        specs.refuse_zone({'availability_zones': 'a,b'}, 'c')


def test_the_scheduler_gets_booleans_as_comparisons():
    assert specs.for_scheduler({'snapshot_support': 'yes', 'driver_handles_share_servers': '<is> False',
                                'dedupe': 'True'}) == {
        'snapshot_support': '<is> True', 'driver_handles_share_servers': '<is> False', 'dedupe': 'True'}
