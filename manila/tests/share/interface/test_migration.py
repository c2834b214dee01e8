
PUBLIC = {'path': '10.0.0.1:/a', 'is_admin_only': False}
ADMIN = {'path': '10.1.0.1:/a', 'is_admin_only': True}


def share(*locations, protocol='NFS'):
    """A share with export locations."""
    return {'id': 's', 'share_proto': protocol, 'export_locations': list(locations)}


def test_data_nodes_mount_the_export_for_administrators(make_driver):
    info = make_driver().connection_get_info(None, share(PUBLIC, ADMIN))
    assert info['mount'] % {'options': '-o ro', 'path': '/mnt'} == 'mount -vt nfs -o ro 10.1.0.1:/a /mnt'
    assert info['unmount'] % {'path': '/mnt'} == 'umount -v /mnt'
    assert info['access_mapping'] == {'ip': ['nfs']}


def test_data_nodes_mount_the_first_export_when_none_is_for_administrators(make_driver):
    assert ' 10.0.0.1:/a ' in make_driver().connection_get_info(None, share(PUBLIC))['mount']


def test_access_of_data_nodes_depends_on_the_protocol(make_driver):
    assert make_driver().connection_get_info(None, share(PUBLIC, protocol='CIFS'))['access_mapping'] == {
        'user': ['cifs']}
    made = make_driver(protocol_access_mapping={'ip': ['nfs', 'cifs'], 'user': ['cifs']})
    assert made.connection_get_info(None, share(PUBLIC, protocol='CIFS'))['access_mapping'] == {
        'ip': ['cifs'], 'user': ['cifs']}


def test_no_storage_moves_shares_unless_it_says_so(make_driver):
    assert set(make_driver().migration_check_compatibility(None, {}, {}).values()) == {False}
    made = make_driver()
    assert set(made.share_server_migration_check_compatibility(None, {}, '', {}, {}, {}).values()) == {False}
