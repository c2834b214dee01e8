"""Extra specs: what they mean, and which contradict each other."""
import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap import specs
from manila.share.drivers.netapp.dataontap.client import values


def test_without_specs_a_volume_is_thick_and_plain():
    wanted = specs.read({})
    assert wanted == specs.Wanted() and not wanted.thin
    assert wanted.files(10) is None and wanted.qos_limits(10) == {}


@pytest.mark.parametrize('given, field', [
    ('thin_provisioning', 'thin'), ('dedupe', 'dedupe'), ('netapp:split_clone_on_create', 'split'),
    ('netapp:hide_snapdir', 'hide_snapdir'), ('netapp_flexvol_encryption', 'encrypt_volume'),
    ('capabilities:netapp_aggregate_encryption', 'encrypted_aggregate')])
def test_truths_are_read_in_any_case(given, field):
    assert getattr(specs.read({given: 'TRUE'}), field) is True
    assert getattr(specs.read({given: 'false'}), field) is False
    with pytest.raises(exception.InvalidExtraSpec):
        specs.read({given: 'perhaps'})


def test_standard_specs_may_speak_to_the_scheduler_and_our_own_ones_go_before_them():
    assert specs.read({'thin_provisioning': '<is> True'}).thin
    assert not specs.read({'thin_provisioning': '<is> True', 'netapp:thin_provisioned': 'false'}).thin
    with pytest.raises(exception.InvalidExtraSpec):
        specs.read({'netapp:hide_snapdir': '<is> True'})


def test_compression_brings_deduplication_along():
    assert specs.read({'compression': 'true'}).efficiency == values.Efficiency(True, True, None)


@pytest.mark.parametrize('contradiction', [
    {'dedupe': 'false', 'compression': 'true'},
    {'netapp:max_files': '1000', 'netapp:max_files_multiplier': '1'},
    {'netapp:adaptive_qos_policy_group': 'a', 'qos': 'true', 'netapp:maxiops': '10'},
    {'netapp:adaptive_qos_policy_group': 'a', 'replication_type': 'dr'},
    {'netapp_flexvol_encryption': 'true', 'netapp_aggregate_encryption': 'true'},
    {'netapp:fpolicy_file_operations': 'read'},
    {'netapp:fpolicy_extensions_to_include': 'avi', 'replication_type': 'dr'},
    {'netapp:fpolicy_extensions_to_include': 'avi', 'netapp:fpolicy_file_operations': 'sing'},
    {'qos': 'true'},
    {'qos': 'true', 'netapp:maxiops': '1', 'netapp:maxbps': '1'},
    {'qos': 'true', 'netapp:miniops': '1', 'netapp:minbpspergib': '1'},
    {'qos': 'true', 'netapp:maxiops': 'many'},
    {'netapp:max_files': '-1'}, {'netapp:max_files_multiplier': '9'}, {'netapp:max_files_multiplier': 'x'},
    {'netapp:max_files_multiplier': '0'}, {'netapp:tiering_policy': 'some'}, {'netapp:autosize_mode': 'on'},
    {'netapp_snaplock_type': 'strict'}, {'netapp:snaplock_autocommit_period': '1 days'},
    {'netapp_snaplock_type': 'compliance', 'netapp:snaplock_autocommit_period': 'infinite'},
    {'netapp_snaplock_type': 'compliance', 'netapp:snaplock_min_retention_period': 'long'}])
def test_what_cannot_be_is_refused(contradiction):
    with pytest.raises(exception.InvalidExtraSpec):
        specs.read(contradiction)


def test_limits_count_with_qos_only_whatever_their_case():
    assert specs.read({'netapp:maxiops': '10'}).limits == ()
    assert specs.read({'qos': '<is> True', 'netapp:MaxIOPS': '10'}).qos_limits(5) == {'max_throughput_iops': 10}


@pytest.mark.parametrize('key, value, limits', [
    ('netapp:maxiops', '100', {'max_throughput_iops': 100}),
    ('netapp:maxiopspergib', '100', {'max_throughput_iops': 500}),
    ('netapp:maxbps', '1048577', {'max_throughput_mbps': 2}),
    ('netapp:maxbpspergib', '1048576', {'max_throughput_mbps': 5}),
    ('netapp:miniops', '7', {'min_throughput_iops': 7}),
    ('netapp:minbps', '1', {'min_throughput_mbps': 1})])
def test_limits_grow_with_the_share_and_count_mebibytes_rounded_up(key, value, limits):
    assert specs.read({'qos': 'true', key: value}).qos_limits(5) == limits


def test_inodes_follow_the_size_up_to_what_is_possible():
    wanted = specs.read({'netapp:max_files_multiplier': '0.5'})
    assert wanted.files(100) == int(100 * 1024 ** 2 * 0.5 / 33.6925)
    assert wanted.files(10 ** 6) == 204010945
    assert specs.read({'netapp:max_files': '5000'}).files(100) == 5000


def test_retention_may_be_said_by_another_one():
    wanted = specs.read({'netapp_snaplock_type': 'enterprise', 'netapp:snaplock_autocommit_period': '5 minutes',
                         'netapp:snaplock_min_retention_period': '1 years',
                         'netapp:snaplock_max_retention_period': 'infinite',
                         'netapp:snaplock_default_retention_period': 'max'})
    assert wanted.snaplock == values.SnapLock('enterprise', '5 minutes', '1 years', 'infinite', 'infinite')
