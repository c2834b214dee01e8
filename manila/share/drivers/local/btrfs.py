"""The btrfs operations of the local driver: plain ioctls and sysfs, no command and no library.

A path argument names a directory or subvolume of a mounted btrfs file system. Every function raises
``OSError`` with the kernel's error number.
"""
import contextlib
import errno
import fcntl
import os
import struct
import uuid

_MAGIC = 0x94
_WRITE, _READ = 1, 2


def _request(direction, number, size):
    return direction << 30 | size << 16 | _MAGIC << 8 | number


_RESIZE = _request(_WRITE, 3, 4096)
_SYNC = _request(0, 8, 0)
_SUBVOL_CREATE = _request(_WRITE, 14, 4096)
_SNAP_DESTROY = _request(_WRITE, 15, 4096)
_INO_LOOKUP = _request(_READ | _WRITE, 18, 4096)
_SNAP_CREATE_V2 = _request(_WRITE, 23, 4096)
_SUBVOL_GETFLAGS = _request(_READ, 25, 8)
_FS_INFO = _request(_READ, 31, 1024)
_QUOTA_CTL = _request(_READ | _WRITE, 40, 16)
_QGROUP_LIMIT = _request(_READ, 43, 48)
_GET_SUBVOL_ROOTREF = _request(_READ | _WRITE, 61, 4096)

_READ_ONLY = 2
_QUOTA_ENABLE = 1
_LIMIT_REFERENCED = 1
_SUBVOLUME_INODE = 256


@contextlib.contextmanager
def _opened(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _call(path, request, layout='', *values, size=4096):
    """One ioctl on a directory; returns the buffer as the kernel left it."""
    buffer = bytearray(size)    # fcntl takes immutable bytes only up to 1,024
    if layout:
        struct.pack_into(layout, buffer, 0, *values)
    with _opened(path) as descriptor:
        fcntl.ioctl(descriptor, request, buffer)
    return buffer


def _split(path):
    parent, name = os.path.split(path)
    return parent, os.fsencode(name)


def create_subvolume(path):
    """Make an empty subvolume; durable only after the next commit (see :func:`sync`)."""
    parent, name = _split(path)
    _call(parent, _SUBVOL_CREATE, '=q4088s', 0, name)


def snapshot(source, path, read_only=False):
    """Make a snapshot of a subvolume at a new path; it inherits the size limit of its source."""
    parent, name = _split(path)
    with _opened(source) as descriptor:
        _call(parent, _SNAP_CREATE_V2, '=qQQ32x4040s', descriptor, 0, _READ_ONLY if read_only else 0, name)


def destroy_subvolume(path):
    """Remove a subvolume with all its data; space comes back once the cleaner has run (see :func:`sync`)."""
    parent, name = _split(path)
    _call(parent, _SNAP_DESTROY, '=q4088s', 0, name)


def subvolume_id(path):
    """The number of the subvolume that holds the path."""
    return struct.unpack_from('=Q', _call(path, _INO_LOOKUP, '=QQ', 0, _SUBVOLUME_INODE))[0]


def is_subvolume(path):
    """Whether the path is the root of a subvolume, not just a directory or a file."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    return found.st_ino == _SUBVOLUME_INODE and os.path.isdir(path)


def is_read_only(path):
    """Whether the subvolume is a read-only snapshot."""
    return bool(struct.unpack_from('=Q', _call(path, _SUBVOL_GETFLAGS, size=8))[0] & _READ_ONLY)


def has_nested_subvolumes(path):
    """Whether other subvolumes lie anywhere below this subvolume."""
    try:
        return bool(_call(path, _GET_SUBVOL_ROOTREF)[8 + 255 * 16])
    except OSError as failure:
        if failure.errno == errno.EOVERFLOW:     # more than 255 of them
            return True
        raise


def set_limit(path, size):
    """Limit what the subvolume may refer to, in bytes; None lifts the limit.

    The kernel accepts a limit below the present usage; the caller must compare first.
    """
    limit = 2 ** 64 - 1 if size is None else size
    with _opened(path) as descriptor:
        lookup = bytearray(4096)
        struct.pack_into('=QQ', lookup, 0, 0, _SUBVOLUME_INODE)
        fcntl.ioctl(descriptor, _INO_LOOKUP, lookup)
        qgroup = struct.unpack_from('=Q', lookup)[0]
        fcntl.ioctl(descriptor, _QGROUP_LIMIT,
                    bytearray(struct.pack('=6Q', qgroup, _LIMIT_REFERENCED, limit, 0, 0, 0)))


def enable_quota(path):
    """Switch on full quota groups for the whole file system."""
    _call(path, _QUOTA_CTL, '=QQ', _QUOTA_ENABLE, 0, size=16)


def sync(path):
    """Commit the running transaction: what was made is durable, usage is exact, the cleaner is woken."""
    with _opened(path) as descriptor:
        fcntl.ioctl(descriptor, _SYNC)


def grow_to_device(path):
    """Let the mounted file system use all of its device."""
    _call(path, _RESIZE, '=q4088s', 0, b'max')


def filesystem_id(path):
    """The UUID of the file system, as sysfs names it."""
    return str(uuid.UUID(bytes=bytes(_call(path, _FS_INFO, size=1024)[16:32])))


def is_btrfs(path):
    """Whether the directory lies on a btrfs file system."""
    try:
        _call(path, _FS_INFO, size=1024)
    except OSError as failure:
        if failure.errno in (errno.ENOTTY, errno.ENOENT, errno.ENOTDIR, errno.EINVAL):
            return False
        raise
    return True


class QuotaFigures:
    """Usage and limits of subvolumes as sysfs shows them, in bytes; exact as of the last commit."""

    def __init__(self, path):
        self._directory = os.path.join('/sys/fs/btrfs', filesystem_id(path), 'qgroups')

    def enabled(self):
        """Whether quota groups are switched on."""
        return os.path.isdir(self._directory)

    def consistent(self):
        """Whether the figures can be trusted; False while the kernel still counts."""
        return self._read('inconsistent') == 0

    def referenced(self, subvolume):
        """Bytes the subvolume refers to: its own logical size."""
        return self._read(f'0_{subvolume}', 'referenced')

    def limit(self, subvolume):
        """The size limit, or None when there is none."""
        if not self._read(f'0_{subvolume}', 'limit_flags') & _LIMIT_REFERENCED:
            return None
        limit = self._read(f'0_{subvolume}', 'max_referenced')
        return None if limit in (0, 2 ** 64 - 1) else limit

    def _read(self, *names):
        with open(os.path.join(self._directory, *names)) as figures:
            return int(figures.read(), 0)
