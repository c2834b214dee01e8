"""Privileged commands on files, directories and mounts. All return (stdout, stderr) except where said."""
from oslo_concurrency import processutils

import manila.privsep


@manila.privsep.sys_admin_pctxt.entrypoint
def mkdir(dir_path):
    """Make a directory."""
    return processutils.execute('mkdir', dir_path)


@manila.privsep.sys_admin_pctxt.entrypoint
def rmdir(dir_path):
    """Remove an empty directory."""
    return processutils.execute('rmdir', dir_path)


@manila.privsep.sys_admin_pctxt.entrypoint
def recursive_forced_rm(dir_path):
    """Remove a file or a directory with all in it; nothing there is no error."""
    return processutils.execute('rm', '-rf', '--', dir_path)


@manila.privsep.sys_admin_pctxt.entrypoint
def chmod(permission_level_str, mount_path):
    """Set the mode of a file or directory, such as '0755'."""
    return processutils.execute('chmod', permission_level_str, mount_path)


@manila.privsep.sys_admin_pctxt.entrypoint
def find(directory_to_find, min_depth='1', dirs_to_ignore=(), delete=False):
    """List, or delete, what lies below a directory, except the directories named."""
    command = ['find', directory_to_find, '-mindepth', str(min_depth)]
    for path in dirs_to_ignore:
        command += ['!', '-path', path]
    if delete:
        command.append('-delete')
    return processutils.execute(*command)


@manila.privsep.sys_admin_pctxt.entrypoint
def mount(device_name, mount_path, mount_type=None):
    """Mount a device or an export."""
    kind = ['-t', mount_type] if mount_type else []
    return processutils.execute('mount', *kind, device_name, mount_path)


@manila.privsep.sys_admin_pctxt.entrypoint
def umount(mount_path):
    """Unmount a mount point or device."""
    return processutils.execute('umount', mount_path)


@manila.privsep.sys_admin_pctxt.entrypoint
def list_mounts():
    """All mounts, as ``mount`` prints them."""
    return processutils.execute('mount')


@manila.privsep.sys_admin_pctxt.entrypoint
def is_data_definition_direct_io_supported(src_str, dest_str):
    """Whether dd can bypass the page cache between two files or devices."""
    try:
        processutils.execute('dd', 'count=0', f'if={src_str}', f'of={dest_str}', 'iflag=direct',
                             'oflag=direct')
    except processutils.ProcessExecutionError:
        return False
    return True


@manila.privsep.sys_admin_pctxt.entrypoint
def data_definition(src_str, dest_str, size_in_g, use_direct_io=False):
    """Copy ``size_in_g`` GiB from one file or device to another with dd."""
    flags = ['iflag=direct', 'oflag=direct'] if use_direct_io else []
    return processutils.execute('dd', f'if={src_str}', f'of={dest_str}', f'count={int(size_in_g) * 1024}',
                                'bs=1M', *flags)
