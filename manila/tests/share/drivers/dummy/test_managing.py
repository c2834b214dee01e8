import pytest

from manila import exception

NETWORK = [{'server_id': 'server1', 'network_allocations': [{'ip_address': '10.0.0.5'}],
            'admin_network_allocations': [{'ip_address': '11.0.0.5'}]}]


def manageable(share, new, path):
    """A share to be managed, as the service describes it."""
    return {**new, 'size': None, 'export_locations': [{'path': path, 'is_admin_only': False}]}


def test_an_unmanaged_share_can_be_managed_again(make_dummy, new_share):
    dummy, old, new = make_dummy(), new_share(4), new_share()
    path = dummy.create_share(None, old)[0]['path']
    dummy.unmanage(old)
    update = dummy.manage_existing(manageable(old, new, path), {})
    assert update['size'] == 4
    assert update['export_locations'][0]['path'].endswith(new['name'])
    assert list(dummy.array.all('share')) == [new['id']]


def test_a_share_can_be_managed_by_its_path_at_any_address(make_dummy, new_share):
    dummy, old, new = make_dummy(), new_share(4, share_proto='CIFS'), new_share(share_proto='CIFS')
    path = dummy.create_share(None, old)[1]['path']
    dummy.unmanage(old)
    assert dummy.manage_existing(manageable(old, new, path), {})['size'] == 4


def test_only_what_exists_and_is_not_managed_can_be_managed(make_dummy, new_share):
    dummy, share = make_dummy(), new_share()
    path = dummy.create_share(None, share)[0]['path']
    for wrong in (path, '192.0.2.10:/shares/none'):
        with pytest.raises(exception.ManageInvalidShare):
            dummy.manage_existing(manageable(share, new_share(), wrong), {})


def test_an_unmanaged_snapshot_can_be_managed_again(make_dummy, new_share, new_snapshot):
    dummy, share = make_dummy(), new_share(4)
    dummy.create_share(None, share)
    old = new_snapshot(share)
    location = dummy.create_snapshot(None, old)['provider_location']
    new = new_snapshot(share, provider_location=location)
    with pytest.raises(exception.ManageInvalidShareSnapshot):
        dummy.manage_existing_snapshot(new, {})
    dummy.unmanage_snapshot(old)
    update = dummy.manage_existing_snapshot(new, {})
    assert (update['size'], update['provider_location']) == (4, location)
    assert list(dummy.array.all('snapshot')) == [new['id']]


def test_an_unmanaged_share_server_can_be_managed_again(make_dummy):
    dummy = make_dummy()
    details = dummy.setup_server(NETWORK)
    dummy.unmanage_server(details)
    assert dummy.get_share_server_network_info(None, {}, 'server1', {}) == ['10.0.0.5', '11.0.0.5']
    assert dummy.manage_server(None, {}, 'server1', {}) == ('server1', details)
    with pytest.raises(exception.ManageShareServerError):
        dummy.manage_server(None, {}, 'none', {})
