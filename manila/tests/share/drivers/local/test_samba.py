"""What Samba is given to read."""
from manila.share.drivers.local import samba

RECORD = {'name': 'token', 'bind': 'smb-token', 'read_only': False, 'users': [['alice', 'rw'], ['bob', 'ro']]}


def test_share_section_names_users_and_readers():
    text = samba.render_share(RECORD, '/mounts', 'owner')
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == '[token]' and 'path = /mounts/smb-token' in lines
    assert 'valid users = "alice", "bob"' in lines and 'read list = "bob"' in lines
    assert 'force user = owner' in lines and 'read only = no' in lines


def test_snapshot_is_read_only_for_all():
    assert 'read only = yes' in samba.render_share({**RECORD, 'read_only': True}, '/mounts', 'owner')


def test_share_without_users_is_not_offered():
    """An empty list of valid users would let everybody in."""
    assert samba.render_share({**RECORD, 'users': []}, '/mounts', 'owner') == ''
