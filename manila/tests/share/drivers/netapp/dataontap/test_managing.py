"""What may come under management, and what becomes of it."""
import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap.client import values
from manila.tests.share.drivers.netapp.dataontap.client.test_volumes import snapmirror
from manila.tests.share.drivers.netapp.dataontap.test_scenario import name_of, names, volumes

GIB = 1024 ** 3


@pytest.fixture
def existing(driver, svm, make):
    """A volume mounted at /legacy that is to come under management, as the array knows it."""
    old = make.share(mount_point_name='legacy')
    driver.create_share(None, old)
    return volumes(svm)[name_of(old)]


def managed(driver, make, path='192.0.2.11:/legacy', **values):
    """Bring it under management; returns the share and the answer."""
    share = make.share(size=None, export_locations=[{'path': path}], **values)
    return share, driver.manage_existing(share, {})


def refused(driver, make, text, **values):
    """It does not come under management, for a reason that is said, and nothing has changed of it."""
    with pytest.raises(exception.ManageInvalidShare, match=text):
        managed(driver, make, **values)
    assert driver.private_storage == {}
    assert driver.place_of().client.volumes.find(junction='/legacy') is not None


def test_volumes_with_others_mounted_in_them_are_refused(driver, existing, make):
    driver.create_share(None, make.share(mount_point_name='legacy/below'))
    refused(driver, make, 'mounted in it')


def test_volumes_with_luns_are_refused(driver, existing, sim, make):
    sim.control.lun(existing.svm.name, existing.name, 'disk', 1024 ** 2)
    refused(driver, make, 'LUNs')


def test_luns_of_other_volumes_are_in_nobodys_way(driver, existing, sim, make):
    driver.place_of().client.volumes.create(values.VolumeSpec(existing.name + '_1', GIB, ('aggr1',)))
    sim.control.lun(existing.svm.name, existing.name + '_1', 'disk', 1024 ** 2)
    managed(driver, make)


def test_mirrored_volumes_are_refused_and_so_are_their_snapshots(driver, existing, sim, make):
    client = driver.place_of().client
    client.volumes.create(values.VolumeSpec('target', GIB, ('aggr1',), type='dp'))
    share, _answer = managed(driver, make)
    by_hand = make.snapshot(share, provider_location='by_hand')
    driver.create_snapshot(None, by_hand)
    snapmirror(sim, name_of(share), 'target')
    with pytest.raises(exception.ManageInvalidShareSnapshot, match='mirrored'):
        driver.manage_existing_snapshot(by_hand, {})
    again = make.share(export_locations=[{'path': f'192.0.2.11:/{name_of(share)}'}])
    with pytest.raises(exception.ManageInvalidShare, match='mirrored'):
        driver.manage_existing(again, {})


def test_volumes_of_another_pool_style_or_kind_are_refused(driver, make_driver, transport, credentials, existing, make):
    refused(driver, make, 'not in pool aggr2', pool='aggr2')
    other = make_driver(transport, credentials, netapp_enable_flexgroup=True)
    refused(other, make, 'FlexGroup', pool='flexgroup_auto')
    existing.type = 'dp'
    refused(driver, make, 'written to')
    existing.type, existing.is_root = 'rw', True
    refused(driver, make, 'written to')


@pytest.mark.parametrize('spec, wrong, right', [
    ('netapp_disk_type', 'SAS', 'SSD'), ('netapp_raid_type', 'raid4', 'raid_dp')])
def test_disks_have_to_be_what_the_type_asks_for(make_driver, transport, specs, svm, make, spec, wrong, right):
    driver = make_driver(transport)
    driver.create_share(None, make.share(mount_point_name='legacy'))
    specs[spec] = wrong
    with pytest.raises(exception.ManageExistingShareTypeMismatch, match=spec):
        managed(driver, make)
    specs[spec] = right
    share, _answer = managed(driver, make)
    assert list(volumes(svm)) == [name_of(share)]


def test_a_volume_gets_the_mount_point_name_of_its_share(driver, existing, svm, make):
    share, answer = managed(driver, make, mount_point_name='chosen')
    assert (existing.name, existing.junction) == (name_of(share), '/chosen')
    assert answer['export_locations'][0]['path'] == '192.0.2.11:/chosen'
    driver.delete_share(None, share)
    assert volumes(svm) == {} and names(svm.export_policies) == ['default']


def test_a_mount_point_name_that_is_taken_is_refused(driver, existing, svm, make):
    driver.create_share(None, make.share(mount_point_name='chosen'))
    refused(driver, make, 'mounted at /chosen', mount_point_name='chosen')
    assert existing.junction == '/legacy'


def test_some_snapshot_policies_are_kept_with_what_is_seen_of_them(driver, existing, make, specs, conf):
    specs.update({'netapp:snapshot_policy': 'none', 'netapp:hide_snapdir': 'true'})
    conf.config(group=driver.configuration.config_group, netapp_volume_snapshot_policy_exceptions=['default'])
    managed(driver, make)
    assert (existing.snapshot_policy, existing.snapdir) == ('default', True)


def test_fewer_inodes_than_are_in_use_are_not_asked_for(driver, existing, sim, make, specs):
    specs['netapp:max_files'] = '500'
    sim.control.write('svm_manila', existing.name, GIB // 4, files=900)
    share, _answer = managed(driver, make)
    assert existing.files_max == existing.files_used > 900
    specs['netapp:max_files'] = '2000'
    driver.ensure_share(None, {**share, 'size': 1})
    assert existing.files_max == 2000


def test_what_the_type_asks_for_is_set(driver, existing, make, specs):
    specs.update({'netapp:autosize_mode': 'grow', 'compression': 'true', 'netapp:hide_snapdir': 'true'})
    share, answer = managed(driver, make)
    assert (existing.autosize['mode'], existing.efficiency.compression, existing.snapdir) == (
        'grow', 'background', False)
    assert f'share_id:{share["share_id"]}' in existing.tags
    assert (answer['size'], answer['created_at'] is not None) == (1, True)
