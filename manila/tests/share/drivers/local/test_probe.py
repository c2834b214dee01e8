"""What is missing is said by name."""
import os
import shutil

from manila.share.drivers.local import ganesha, probe


def test_everything_missing_is_listed(monkeypatch):
    monkeypatch.setattr(os, 'geteuid', lambda: 1000)
    monkeypatch.setattr(shutil, 'which', lambda _: None)
    monkeypatch.setattr(ganesha, 'plugin_directory', lambda: None)
    monkeypatch.setattr(probe, '_kernel_has_btrfs', lambda: False)
    text = ' '.join(probe.missing_for_nfs())
    for word in ('root', 'btrfs', 'ganesha.nfsd', 'dbus-daemon', 'btrfs-progs', 'nfs-ganesha-vfs'):
        assert word in text
    assert 'btrfs-progs' not in ' '.join(probe.missing_for_nfs(makes_pool=False))
    assert any('smbd' in reason for reason in probe.missing_for_smb())


def test_nothing_is_listed_where_all_is_there(monkeypatch):
    monkeypatch.setattr(os, 'geteuid', lambda: 0)
    monkeypatch.setattr(shutil, 'which', lambda command: f'/bin/{command}')
    monkeypatch.setattr(ganesha, 'plugin_directory', lambda: '/plugins')
    monkeypatch.setattr(probe, '_kernel_has_btrfs', lambda: True)
    assert probe.missing_for_nfs() == [] == probe.missing_for_smb()
