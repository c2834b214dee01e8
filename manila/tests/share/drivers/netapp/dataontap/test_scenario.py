"""The life of shares on the array, field by field, the same over every transport and with all credentials."""
import pytest

from manila import exception
from manila.share.drivers.netapp.dataontap.client import errors, values
from manila.tests.share.drivers.netapp.dataontap.conftest import rules_of

GIB = 1024 ** 3


def name_of(share):
    """The name its volume has to have."""
    return 'share_' + share['id'].replace('-', '_')


def names(objects):
    """Sorted names."""
    return sorted(each.name for each in objects)


def volumes(svm):
    """Volumes beside the root volume, by name; those in the recovery queue are gone."""
    return {v.name: v for v in svm.volumes if not v.is_root and not v.in_recovery_queue}


def test_a_new_nfs_share_is_a_volume_with_a_policy_of_its_own(driver, svm, make):
    share = make.share(size=3)
    locations = driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    assert (volume.size, volume.style, volume.type, volume.state) == (3 * GIB, 'flexvol', 'rw', 'online')
    assert (volume.junction, volume.guarantee, volume.snap_reserve) == (f'/{name_of(share)}', 'volume', 5)
    assert [aggregate.name for aggregate in volume.aggregates] == ['aggr1']
    assert volume.export_policy.name == 'policy_' + share['id'].replace('-', '_')
    assert volume.export_policy.rules == []
    assert (volume.snapshot_policy, volume.security_style, volume.snapdir) == ('default', 'unix', True)
    assert (volume.efficiency.enabled, volume.encrypted, volume.qos_policy) == (False, False, None)
    assert sorted(volume.tags) == sorted([
        f'share_id:{share["share_id"]}', 'share_name:mine', 'project:p1', 'share_type:gold', 'protocol:NFS'])
    assert [each['path'] for each in locations] == [
        f'192.0.2.11:/{name_of(share)}', f'192.0.2.12:/{name_of(share)}']
    assert [each['metadata']['preferred'] for each in locations] == [driver.array.has_rights, False]
    assert not any(each['is_admin_only'] for each in locations)


def test_the_interface_near_the_aggregate_is_preferred_and_comes_first(rest_driver, make):
    locations = rest_driver.create_share(None, make.share(pool='aggr3'))
    assert [each['path'].partition(':')[0] for each in locations] == ['192.0.2.12', '192.0.2.11']
    assert [each['metadata']['preferred'] for each in locations] == [True, False]


def test_a_new_cifs_share_is_open_to_nobody(driver, svm, make):
    share = make.share(proto='CIFS')
    locations = driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    assert (volume.security_style, volume.export_policy.name) == ('ntfs', 'default')
    shown = {each.name: each for each in svm.cifs_shares}[name_of(share)]
    assert (shown.path, shown.acls) == (f'/{name_of(share)}', [])
    assert [each['path'] for each in locations] == [
        f'\\\\192.0.2.11\\{name_of(share)}', f'\\\\192.0.2.12\\{name_of(share)}']


@pytest.mark.parametrize('proto, prefix', [('NFS', '192.0.2.11:/'), ('CIFS', '\\\\192.0.2.11\\')])
def test_the_owners_name_for_the_mount_point_is_used(driver, svm, make, proto, prefix, apply):
    share = make.share(proto=proto, mount_point_name='proj_data')
    locations = driver.create_share(None, share)
    assert volumes(svm)[name_of(share)].junction == '/proj_data'
    assert locations[0]['path'] == prefix + 'proj_data'
    apply(driver, share, make.rule('10.0.0.1' if proto == 'NFS' else 'joe'))
    driver.delete_share(None, share)
    assert volumes(svm) == {}
    assert 'proj_data' not in names(svm.cifs_shares)


@pytest.mark.parametrize('proto', ['NFS', 'CIFS'])
def test_a_mount_point_name_stays_with_the_share_that_has_it(driver, svm, make, proto):
    first, second = (make.share(proto=proto, mount_point_name='proj_data') for _ in range(2))
    driver.create_share(None, first)
    before = describe(svm)
    with pytest.raises(exception.NetAppException):
        driver.create_share(None, second)
    driver.delete_share(None, second)
    assert describe(svm) == before
    driver.delete_share(None, first)
    assert volumes(svm) == {} and 'proj_data' not in names(svm.cifs_shares)


def test_a_volume_that_is_offline_is_deleted_with_its_cifs_share(driver, svm, make):
    share = make.share(proto='CIFS', mount_point_name='proj_data')
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    volume.state = 'offline'
    driver.delete_share(None, share)
    assert volumes(svm) == {} and 'proj_data' not in names(svm.cifs_shares)


def test_what_the_share_type_asks_for_is_on_the_volume(driver, svm, make, specs):
    specs.update({
        'thin_provisioning': 'True', 'dedupe': '<is> True', 'netapp:compression': 'true',
        'netapp:hide_snapdir': 'true', 'netapp:snapshot_policy': 'none', 'netapp:language': 'c.utf_8',
        'netapp:max_files_multiplier': '2', 'netapp_flexvol_encryption': 'true'})
    share = make.share(size=2)
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    assert (volume.guarantee, volume.snapdir, volume.snapshot_policy) == ('none', False, 'none')
    assert (volume.efficiency.enabled, volume.efficiency.compression) == (True, 'background')
    assert (volume.language, volume.encrypted) == ('c.utf_8', True)
    assert volume.files_max == int(2 * 1024 ** 2 * 2 / 33.6925)


def test_rules_are_replaced_in_one_switch(driver, svm, make, apply):
    share = make.share()
    driver.create_share(None, share)
    apply(driver, share, make.rule('10.0.0.0/8', 'ro'), make.rule('10.0.0.7'), make.rule('fd00::/64'))
    volume, never, sys = volumes(svm)[name_of(share)], ['never'], ['sys']
    policy = 'policy_' + share['id'].replace('-', '_')
    assert rules_of(volume) == [(['fd00::/64'], sys, sys, sys, '65534'), (['10.0.0.7'], sys, sys, sys, '65534'),
                                (['10.0.0.0/8'], sys, never, sys, '65534')]
    first = volume.export_policy
    apply(driver, share, make.rule('10.0.0.7', 'rw'), make.rule('10.0.0.7', 'ro'))
    assert rules_of(volume) == [(['10.0.0.7'], sys, never, sys, '65534')]
    assert volume.export_policy is not first and volume.export_policy.name == policy
    assert names(svm.export_policies) == ['default', policy]
    apply(driver, share)
    assert rules_of(volume) == [] and names(svm.export_policies) == ['default', policy]


def test_everybody_is_nobody_where_the_owner_wants_it(driver, svm, make, apply):
    share = make.share(metadata={'all_squash': 'true'})
    driver.create_share(None, share)
    apply(driver, share, make.rule('10.0.0.1'), make.rule('10.0.0.2', 'ro'))
    volume, none = volumes(svm)[name_of(share)], ['none']
    assert rules_of(volume) == [(['10.0.0.2'], ['sys'], ['never'], ['sys'], '65534'),
                                (['10.0.0.1'], none, none, none, '65534')]
    assert volume.uid == 65534


def test_only_what_differs_is_changed_in_an_access_list(driver, svm, make, apply):
    share = make.share(proto='CIFS')
    driver.create_share(None, share)
    apply(driver, share, make.rule('joe'), make.rule('DOMAIN\\ann', 'ro'))
    shown = {each.name: each for each in svm.cifs_shares}[name_of(share)]
    assert {acl.user: acl.permission for acl in shown.acls} == {'joe': 'full_control', 'DOMAIN\\ann': 'read'}
    apply(driver, share, make.rule('DOMAIN\\ann'), make.rule('max', 'ro'))
    assert {acl.user: acl.permission for acl in shown.acls} == {'DOMAIN\\ann': 'full_control', 'max': 'read'}


@pytest.mark.parametrize('proto, to', [('NFS', 'joe'), ('CIFS', '10.0.0.1')])
def test_rules_of_the_wrong_type_are_refused(driver, make, proto, to, apply):
    share = make.share(proto=proto)
    driver.create_share(None, share)
    with pytest.raises(exception.InvalidShareAccess):
        apply(driver, share, make.rule(to))
    good = make.rule('10.0.0.1' if proto == 'NFS' else 'joe', 'none')
    with pytest.raises(exception.InvalidShareAccessLevel):
        apply(driver, share, good)


def test_rules_of_a_share_that_is_gone_say_so(driver, make, apply):
    with pytest.raises(exception.ShareResourceNotFound):
        apply(driver, make.share(), make.rule())


def test_a_volume_is_resized_with_its_inodes(driver, svm, sim, make, specs):
    specs['netapp:max_files_multiplier'] = '1'
    share = make.share(size=1)
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    driver.extend_share(share, 4)
    assert (volume.size, volume.files_max) == (4 * GIB, int(4 * 1024 ** 2 / 33.6925))
    driver.shrink_share(share, 2)
    assert (volume.size, volume.files_max) == (2 * GIB, int(2 * 1024 ** 2 / 33.6925))
    sim.control.write('svm_manila', volume.name, 3 * GIB // 2)
    with pytest.raises(exception.ShareShrinkingPossibleDataLoss):
        driver.shrink_share(share, 1)
    assert volume.size == 2 * GIB


def test_inodes_in_use_are_not_taken_away(driver, svm, sim, make, specs):
    specs['netapp:max_files_multiplier'] = '1'
    share = make.share(size=4)
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    sim.control.write('svm_manila', volume.name, 1024, files=50000)
    driver.shrink_share(share, 1)
    assert (volume.size, volume.files_max) == (GIB, volume.files_used) and volume.files_used > 50000


def test_a_volume_that_was_a_mirror_is_resized(driver, svm, make):
    share = make.share()
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    volume.fs_size_fixed = True
    driver.extend_share(share, 2)
    assert (volume.size, volume.fs_size_fixed) == (2 * GIB, False)


def test_objects_are_called_as_the_options_say(make_driver, transport, svm, make, specs):
    specs.update({'qos': 'true', 'netapp:maxiops': '10', 'netapp:fpolicy_extensions_to_include': 'avi'})
    driver = make_driver(
        transport, netapp_volume_name_template='v_%(share_id)s', netapp_qos_policy_group_name_template='q_%(share_id)s',
        netapp_fpolicy_policy_name_template='p_%(share_id)s',
        netapp_fpolicy_event_name_template='e_%(share_id)s_%(protocol)s')
    share = make.share(proto='CIFS')
    under = share['id'].replace('-', '_')
    locations = driver.create_share(None, share)
    assert locations[0]['path'].endswith(f'\\v_{under}') and list(volumes(svm)) == [f'v_{under}']
    assert names(svm.cluster.qos_policies) == [f'q_{under}'] and names(svm.fpolicies) == [f'p_{under}']
    assert names(svm.fpolicy_events) == [f'e_{under}_cifs']
    driver.delete_share(None, share)
    assert (volumes(svm), svm.cluster.qos_policies, svm.fpolicies, svm.fpolicy_events) == ({}, [], [], [])


def test_tags_are_cut_to_what_the_array_takes(driver, svm, make):
    share = make.share(display_name='x' * 255)
    driver.create_share(None, share)
    assert 'share_name:' + 'x' * 189 in volumes(svm)[name_of(share)].tags


def test_nothing_is_left_of_a_deleted_share(driver, svm, make, apply):
    for proto, to in (('NFS', '10.0.0.1'), ('CIFS', 'joe')):
        share = make.share(proto=proto)
        driver.create_share(None, share)
        apply(driver, share, make.rule(to))
        driver.delete_share(None, share)
        driver.delete_share(None, share)
    assert volumes(svm) == {}
    assert names(svm.export_policies) == ['default']
    assert [each for each in names(svm.cifs_shares) if each.startswith('share_')] == []


def test_a_young_share_skips_the_recovery_queue(driver, svm, make, specs):
    specs['netapp:force_delete_time_minutes'] = '10'
    young, old = make.share(), make.share()
    driver.create_share(None, young)
    driver.create_share(None, old)
    driver.delete_share(None, {**young, 'duration_seconds': 599})
    driver.delete_share(None, {**old, 'duration_seconds': 600})
    queue = [v.name for v in svm.cluster.volumes if v.svm is svm and v.in_recovery_queue]
    assert len(queue) == 1 and queue[0].startswith(name_of(old))


def test_creating_again_and_deleting_again_end_alike(driver, svm, sim, make, specs):
    """This is what create_is_idempotent and safe deletes promise to the jobs."""
    assert driver.create_is_idempotent
    specs['netapp:hide_snapdir'] = 'true'
    for proto in ('NFS', 'CIFS'):
        share = make.share(proto=proto)
        first = driver.create_share(None, share)
        before = describe(svm)
        assert driver.create_share(None, share) == first
        assert describe(svm) == before
        driver.delete_share(None, share)
        driver.delete_share(None, share)
    assert volumes(svm) == {} and sim.control.violations() == []


def describe(svm):
    """What is on the SVM, to compare."""
    return (
        {v.name: (v.size, v.guarantee, v.junction, v.export_policy.name, v.security_style, v.snapdir, tuple(v.tags),
                  v.snapshot_policy, v.snap_reserve, v.state) for v in svm.volumes},
        {p.name: [(r.clients, r.ro, r.rw) for r in p.rules] for p in svm.export_policies},
        {s.name: (s.path, [(a.user, a.permission) for a in s.acls]) for s in svm.cifs_shares},
        {p.name: (p.enabled, p.priority, p.scope, [e.name for e in p.events]) for p in svm.fpolicies})


# --- snapshots

def test_a_snapshot_is_taken_and_removed(driver, svm, make):
    share = make.share()
    driver.create_share(None, share)
    snapshot = make.snapshot(share)
    made = driver.create_snapshot(None, snapshot)
    name = 'share_snapshot_' + snapshot['id'].replace('-', '_')
    assert made == {'provider_location': name}
    assert driver.create_snapshot(None, snapshot) == made
    volume = volumes(svm)[name_of(share)]
    assert names(volume.snapshots) == [name]
    driver.delete_snapshot(None, snapshot)
    driver.delete_snapshot(None, snapshot)
    assert volume.snapshots == []
    driver.delete_share(None, share)
    driver.delete_snapshot(None, snapshot)


def test_a_snapshot_that_something_else_needs_is_busy(driver, svm, sim, make):
    share = make.share()
    driver.create_share(None, share)
    snapshot = make.snapshot(share)
    found = driver.create_snapshot(None, snapshot)
    sim.control.lock_snapshot('svm_manila', name_of(share), found['provider_location'], 'ndmp')
    with pytest.raises(exception.ShareSnapshotIsBusy):
        driver.delete_snapshot(None, snapshot)


def test_going_back_to_a_snapshot_brings_its_size_along(driver, svm, make):
    share = make.share(size=1)
    driver.create_share(None, share)
    snapshot = make.snapshot(share)
    snapshot.update(driver.create_snapshot(None, snapshot))
    driver.extend_share(share, 3)
    later = make.snapshot(share)
    driver.create_snapshot(None, later)
    assert driver.revert_to_snapshot(None, snapshot, [], []) == 1
    volume = volumes(svm)[name_of(share)]
    assert volume.size == GIB and names(volume.snapshots) == [snapshot['provider_location']]


def test_a_share_from_a_snapshot_is_a_clone_of_its_own_type(driver, svm, make, specs, apply):
    parent = make.share()
    driver.create_share(None, parent)
    snapshot = make.snapshot(parent)
    driver.create_snapshot(None, snapshot)
    specs.update({'netapp:hide_snapdir': 'true', 'netapp:thin_provisioned': 'true'})
    child = make.share(size=2)
    locations = driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    assert driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent) == locations
    volume = volumes(svm)[name_of(child)]
    assert (volume.parent.name, volume.size, volume.snapdir) == (name_of(parent), 2 * GIB, False)
    assert volume.junction == f'/{name_of(child)}' and locations[0]['path'].endswith(volume.junction)
    assert volume.export_policy.name == 'policy_' + child['id'].replace('-', '_')
    assert f'share_id:{child["share_id"]}' in volume.tags
    apply(driver, child, make.rule())
    assert len(rules_of(volume)) == 1


@pytest.mark.parametrize('proto, prefix', [('NFS', '192.0.2.11:/'), ('CIFS', '\\\\192.0.2.11\\')])
def test_a_clone_has_its_own_mount_point_name_and_snapshot_directory(driver, svm, make, specs, proto, prefix):
    specs['netapp:hide_snapdir'] = 'true'
    parent = make.share(proto=proto, mount_point_name='parent')
    driver.create_share(None, parent)
    snapshot, child = make.snapshot(parent), make.share(proto=proto, mount_point_name='child')
    driver.create_snapshot(None, snapshot)
    del specs['netapp:hide_snapdir']
    locations = driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    volume = volumes(svm)[name_of(child)]
    assert (volume.junction, volume.snapdir, locations[0]['path']) == ('/child', True, prefix + 'child')
    volume.junction = None
    assert driver.ensure_share(None, child)[0]['path'] == prefix + 'child' and volume.junction == '/child'
    driver.delete_share(None, child)
    assert list(volumes(svm)) == [name_of(parent)] and 'child' not in names(svm.cifs_shares)


def test_inodes_of_a_clone_are_at_least_those_in_use(driver, svm, sim, make, specs):
    parent = make.share()
    driver.create_share(None, parent)
    sim.control.write('svm_manila', name_of(parent), 1024, files=900)
    snapshot, child = make.snapshot(parent), make.share()
    driver.create_snapshot(None, snapshot)
    specs['netapp:max_files'] = '500'
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    volume = volumes(svm)[name_of(child)]
    assert volume.files_max == volume.files_used > 900


def test_a_snapshot_with_clones_is_put_aside_until_they_stand_alone(driver, svm, sim, make):
    parent = make.share()
    driver.create_share(None, parent)
    snapshot = make.snapshot(parent)
    driver.create_snapshot(None, snapshot)
    child = make.share()
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    driver.delete_snapshot(None, snapshot)
    volume, clone = volumes(svm)[name_of(parent)], volumes(svm)[name_of(child)]
    assert names(volume.snapshots) == ['deleted_manila_share_snapshot_' + snapshot['id'].replace('-', '_')]
    sim.control.advance(3600)
    assert clone.parent is None
    driver.clean_up()
    assert volume.snapshots == []


def test_a_parent_is_put_aside_until_its_clones_stand_alone(driver, svm, sim, make):
    parent = make.share()
    driver.create_share(None, parent)
    snapshot = make.snapshot(parent)
    driver.create_snapshot(None, snapshot)
    child = make.share()
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    driver.delete_share(None, parent)
    assert sorted(volumes(svm)) == sorted([name_of(child), f'deleted_manila_{name_of(parent)}'])
    driver.clean_up()
    sim.control.advance(3600)
    driver.clean_up()
    assert sorted(volumes(svm)) == [name_of(child)]


def test_a_clone_is_split_where_the_type_says_so(driver, svm, sim, make, specs):
    specs['netapp:split_clone_on_create'] = 'true'
    parent = make.share()
    driver.create_share(None, parent)
    snapshot = make.snapshot(parent)
    driver.create_snapshot(None, snapshot)
    child = make.share()
    driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    sim.control.advance(3600)
    assert volumes(svm)[name_of(child)].parent is None


# --- managing

@pytest.mark.parametrize('proto', ['NFS', 'CIFS'])
def test_a_volume_comes_under_management_with_a_new_name(driver, svm, make, specs, proto):
    old = make.share(proto=proto, size=2, mount_point_name='legacy')
    driver.create_share(None, old)
    volume = volumes(svm)[name_of(old)]
    specs.update({'netapp:thin_provisioned': 'true', 'netapp:snapshot_policy': 'none'})
    path = '192.0.2.11:/legacy' if proto == 'NFS' else '\\\\192.0.2.11\\legacy'
    share = make.share(proto=proto, size=None, export_locations=[{'path': path}])
    answer = driver.manage_existing(share, {})
    assert answer['size'] == 2
    assert (volume.name, volume.junction, volume.guarantee) == (name_of(share), f'/{name_of(share)}', 'none')
    assert volume.snapshot_policy == 'none'
    assert answer['export_locations'][0]['path'].endswith(name_of(share))
    if proto == 'NFS':
        assert volume.export_policy.name == 'policy_' + share['id'].replace('-', '_')
        assert len(svm.export_policies) == 2
    else:
        assert 'legacy' not in names(svm.cifs_shares) and name_of(share) in names(svm.cifs_shares)
    notes = driver.private_storage.get(share['id'])
    assert (notes['original_name'], notes['original_junction_path']) == (name_of(old), '/legacy')
    assert driver.manage_existing({**share, 'size': None}, {})['size'] == 2
    driver.unmanage(share)
    assert volume.name == name_of(share)


def test_what_cannot_be_a_share_does_not_come_under_management(driver, svm, make):
    elsewhere = make.share(pool='aggr2', mount_point_name='elsewhere')
    driver.create_share(None, elsewhere)
    for path in ('192.0.2.11:/nothing', '192.0.2.11:/elsewhere', 'nonsense', '192.0.2.11:/'):
        with pytest.raises(exception.ManageInvalidShare):
            driver.manage_existing(make.share(export_locations=[{'path': path}]), {})


def test_a_snapshot_comes_under_management_by_its_name(driver, svm, make):
    share = make.share(size=2)
    driver.create_share(None, share)
    first = make.snapshot(share, provider_location='by_hand')
    driver.create_snapshot(None, first)
    answer = driver.manage_existing_snapshot(make.snapshot(share, provider_location='by_hand'), {})
    assert (answer['size'], answer['provider_location']) == (2, 'by_hand')
    for location in (None, 'unknown'):
        with pytest.raises(exception.ManageInvalidShareSnapshot):
            driver.manage_existing_snapshot(make.snapshot(share, provider_location=location), {})


# --- keeping

def test_ensuring_gives_volumes_what_their_types_say(driver, svm, make, specs):
    share, lost = make.share(), make.share()
    driver.create_share(None, share)
    specs.update({'netapp:snapshot_policy': 'none', 'netapp:hide_snapdir': 'true'})
    volume = volumes(svm)[name_of(share)]
    volume.junction = None
    updates = driver.ensure_shares(None, [share, lost])
    assert updates[lost['id']] == {'status': 'error'}
    assert updates[share['id']]['export_locations'][0]['path'].endswith(name_of(share))
    assert (volume.snapshot_policy, volume.snapdir, volume.junction) == ('none', False, f'/{name_of(share)}')


def test_metadata_choose_the_snapshot_policy(driver, svm, make):
    share = make.share()
    driver.create_share(None, share)
    driver.update_share_from_metadata(None, share, {'snapshot_policy': 'none'})
    assert volumes(svm)[name_of(share)].snapshot_policy == 'none'
    driver.update_share_from_metadata(None, share, {'other': 'x'})


@pytest.mark.parametrize('proto, to', [('NFS', '10.0.0.1'), ('CIFS', 'joe')])
def test_rules_that_were_lost_with_an_export_are_asked_for_again(driver, svm, make, apply, proto, to):
    share = make.share(proto=proto)
    driver.create_share(None, share)
    apply(driver, share, make.rule(to))
    assert driver.ensure_shares(None, [share])[share['id']]['reapply_access_rules'] is False
    client = driver.place_of().client
    if proto == 'NFS':
        client.volumes.modify(client.volumes.find(name_of(share)), values.VolumeChange(export_policy='default'))
        client.exports.delete(client.exports.find(['policy_' + share['id'].replace('-', '_')]).popitem()[1])
    else:
        client.cifs.delete(name_of(share))
    assert driver.ensure_shares(None, [share])[share['id']]['reapply_access_rules'] is True
    apply(driver, share, make.rule(to))
    if proto == 'NFS':
        assert [rule[0] for rule in rules_of(volumes(svm)[name_of(share)])] == [[to]]
    else:
        assert client.cifs.find(name_of(share)).access == {to: 'full_control'}


def test_checks_leave_the_snapshot_policy_that_metadata_chose(driver, svm, make, specs):
    specs['netapp:snapshot_policy'] = 'default'
    share = make.share()
    driver.create_share(None, share)
    driver.update_share_from_metadata(None, share, {'snapshot_policy': 'none'})
    driver.ensure_share(None, {**share, 'metadata': {'snapshot_policy': 'none'}})
    assert volumes(svm)[name_of(share)].snapshot_policy == 'none'
    driver.ensure_share(None, {**share, 'metadata': {'snapshot_policy': 'old'}})
    assert volumes(svm)[name_of(share)].snapshot_policy == 'default'


def test_housekeeping_removes_all_that_was_put_aside_whatever_fails(driver, svm, sim, make, specs, monkeypatch):
    if driver.array.has_rights:
        specs.update({'qos': 'true', 'netapp:maxiops': '10'})
    sim.control.settings(export_busy_seconds=30)
    gone, stays, *children = [make.share() for _ in range(4)]
    for parent, child in zip((gone, stays), children):
        driver.create_share(None, parent)
        snapshot = make.snapshot(parent)
        driver.create_snapshot(None, snapshot)
        driver.create_share_from_snapshot(None, child, snapshot, parent_share=parent)
    driver.delete_share(None, gone)
    driver.delete_snapshot(None, snapshot)
    objects = [*svm.export_policies, *svm.cluster.qos_policies, *svm.volumes, *volumes(svm)[name_of(stays)].snapshots]
    aside = [each.name for each in objects if each.name.startswith('deleted_manila_')]
    assert len(aside) == (4 if driver.array.has_rights else 3)
    sim.control.advance(3600)
    with monkeypatch.context() as patch:
        def fail(self, *arguments):
            raise errors.Unreachable(reason='cut')
        client = driver.place_of().client
        patch.setattr(type(client.exports), 'list', fail)
        patch.setattr(type(client.snapshots), 'delete', fail)
        driver.clean_up()       # separates the clones
        sim.control.advance(3600)
        driver.clean_up()
        assert sorted(volumes(svm)) == sorted(map(name_of, (stays, *children)))
    driver.clean_up()
    sim.control.advance(13 * 3600)
    driver.clean_up()
    assert volumes(svm)[name_of(stays)].snapshots == []
    assert [each.name for each in (*svm.export_policies, *svm.cluster.qos_policies)
            if each.name.startswith('deleted_manila_')] == []
    sim.control.settings(export_busy_seconds=0)


def test_pools_and_usage_are_found(driver, sim, svm, make):
    share = make.share(pool='aggr2')
    driver.create_share(None, share)
    assert driver.get_pool(share) == 'aggr2' and driver.get_pool(make.share()) is None
    sim.control.write('svm_manila', name_of(share), GIB // 2)
    usage = driver.update_share_usage_size(None, [share, make.share()])
    assert [each['id'] for each in usage] == [share['id']] and 0.5 <= usage[0]['used_size'] < 0.6


def test_locked_tiered_and_growing_volumes_are_made_where_types_say_so(make_driver, transport, svm, sim, make, specs):
    for node in ('cluster1-01', 'cluster1-02'):
        sim.control.node(node, compliance_clock=True)
    driver = make_driver(transport)
    specs.update({
        'netapp_snaplock_type': 'enterprise', 'netapp:snaplock_autocommit_period': '2 hours',
        'netapp:snaplock_min_retention_period': '1 days', 'netapp:snaplock_max_retention_period': '10 years',
        'netapp:snaplock_default_retention_period': 'min', 'netapp:tiering_policy': 'snapshot_only',
        'netapp:autosize_mode': 'grow'})
    share = make.share()
    driver.create_share(None, share)
    volume = volumes(svm)[name_of(share)]
    assert volume.snaplock['type'] == 'enterprise' and volume.snaplock['autocommit_period'] == 'PT2H'
    assert volume.snaplock['retention'] == {'minimum': 'P1D', 'maximum': 'P10Y', 'default': 'P1D'}
    assert volume.autosize['mode'] == 'grow'
    assert volume.tiering['policy'].replace('-', '_') == 'snapshot_only'


@pytest.mark.parametrize('wanted, text', [
    ({'netapp_snaplock_type': 'enterprise'}, 'compliance clock'), ({'netapp_flexvol_encryption': 'true'}, 'encrypt')])
def test_what_the_array_cannot_do_is_said_before_anything_is_made(
        make_driver, transport, svm, sim, make, specs, wanted, text):
    cluster = sim.world.clusters[0]
    for node in cluster.nodes:
        node.compliance_clock = False
    cluster.nve_capable = False
    driver = make_driver(transport)
    specs.update(wanted)
    with pytest.raises(exception.NetAppException, match=text):
        driver.create_share(None, make.share())
    assert volumes(svm) == {} and names(svm.export_policies) == ['default']
    cluster.nve_capable = True


def test_what_lay_on_an_svm_that_is_gone_counts_as_deleted(make_driver, transport, sim, make, specs):
    driver = make_driver(transport)
    share = make.share()
    snapshot = make.snapshot(share)
    svm = sim.world.clusters[0].svm('svm_manila')
    svm.name = 'renamed'
    driver.delete_snapshot(None, snapshot)
    driver.delete_share(None, share)
    with pytest.raises(exception.ManilaException):
        driver.create_share(None, share)


@pytest.mark.parametrize('encrypted, sent', [(False, True), (True, False)])
def test_aggregates_that_are_encrypted_decide_about_their_volumes(make_driver, sim, make, specs, encrypted, sent):
    next(each for each in sim.world.clusters[0].aggregates if each.name == 'aggr1').encrypted = encrypted
    make_driver().create_share(None, make.share())
    entry = next(each for each in sim.log.entries() if each.operation == 'POST /api/storage/volumes')
    assert ('"encryption"' in entry.request) == sent
