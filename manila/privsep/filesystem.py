"""Privileged commands on ext file systems. All return (stdout, stderr)."""
from oslo_concurrency import processutils

import manila.privsep


@manila.privsep.sys_admin_pctxt.entrypoint
def make_filesystem(ext_version, device_name):
    """Make a file system of a kind such as 'ext4' on a device."""
    return processutils.execute(f'mkfs.{ext_version}', device_name)


@manila.privsep.sys_admin_pctxt.entrypoint
def e2fsck(device_path):
    """Check a file system and repair it; a repaired one is no failure."""
    return processutils.execute('e2fsck', '-y', '-f', device_path, check_exit_code=[0, 1])


@manila.privsep.sys_admin_pctxt.entrypoint
def tune2fs(device_path):
    """Give a copied file system a UUID of its own."""
    return processutils.execute('tune2fs', '-U', 'random', device_path)
