"""What the local driver needs from the machine, and what of it is missing."""
import os
import shutil

from manila.share.drivers.local import ganesha

_SMB_COMMANDS = ('smbd', 'smbpasswd', 'smbcontrol', 'useradd', 'groupadd', 'nsenter')


def missing_for_nfs(makes_pool=True):
    """Reasons, as sentences, why shares cannot be served here; empty when they can.

    :param makes_pool: whether the driver has to make a file system of its own
    """
    reasons = []
    if os.geteuid() != 0:
        reasons.append('It must run as root, to mount and to export.')
    if not _kernel_has_btrfs():
        reasons.append('The kernel does not offer btrfs (see /proc/filesystems; try: modprobe btrfs).')
    commands = {'ganesha.nfsd': 'nfs-ganesha', 'dbus-daemon': 'dbus', 'mount': 'mount'}
    if makes_pool:
        commands['mkfs.btrfs'] = 'btrfs-progs'
    reasons += [f'The command {command} is missing: install the package {package}.'
                for command, package in commands.items() if shutil.which(command) is None]
    if ganesha.plugin_directory() is None:
        reasons.append('The VFS module of NFS-Ganesha is missing: install the package nfs-ganesha-vfs.')
    return reasons


def missing_for_smb():
    """Reasons why CIFS shares cannot be served here; empty when they can."""
    return [f'The command {command} is missing.' for command in _SMB_COMMANDS
            if shutil.which(command) is None]


def _kernel_has_btrfs():
    if os.path.isdir('/sys/fs/btrfs'):
        return True
    with open('/proc/filesystems') as known:
        return any(line.split()[-1] == 'btrfs' for line in known)
