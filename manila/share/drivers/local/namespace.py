"""Mounts that only the export host and its servers see, and system calls that Python lacks."""
import contextlib
import ctypes
import errno
import os

_libc = ctypes.CDLL(None, use_errno=True)

_NEW_MOUNTS, _NEW_PROCESSES = 0x00020000, 0x20000000
_READ_ONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT = 0x1, 0x2, 0x4, 0x8, 0x20
_BIND, _RECURSIVE, _SLAVE = 0x1000, 0x4000, 0x80000
_HARDENED = _NOSUID | _NODEV | _NOEXEC
_DETACH = 2
_AT_FDCWD, _EXCHANGE = -100, 2


def _checked(result, path):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)


def _mount(source, target, kind, flags, data=''):
    _checked(_libc.mount(os.fsencode(source), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags),
                         data.encode()), target)


def unmount(target, detach=False):
    """Unmount a path; ``detach`` does so even while it is in use.

    :raises OSError: EBUSY while something uses it
    """
    _checked(_libc.umount2(os.fsencode(target), _DETACH if detach else 0), target)


def exchange(one, other):
    """Let two paths swap their places in one atomic step."""
    _checked(_libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE), one)


def separate():
    """Give this process mounts of its own, and its children process numbers of their own.

    Mounts made later outside still come in; nothing goes out. The first child becomes the ancestor of all
    others: when it ends, the kernel ends them and takes back every mount.
    """
    _checked(_libc.unshare(_NEW_MOUNTS | _NEW_PROCESSES), 'namespaces')
    _mount('none', '/', '', _RECURSIVE | _SLAVE)


def mount_proc():
    """Show the process numbers of this namespace in /proc; to be called by the first child."""
    _mount('proc', '/proc', 'proc', _HARDENED)


class Binds:
    """Bind mounts by name below one directory, which is a small file system in memory of its own."""

    def __init__(self, directory):
        self._directory = directory
        self._sources = {}

    def open(self):
        """Prepare the directory."""
        _mount('manila-exports', self._directory, 'tmpfs', _HARDENED, 'size=16m,nr_inodes=200k,mode=0711')

    def add(self, name, source, read_only=False):
        """Show a directory under a name; repeating it changes nothing unless another one is meant now."""
        meant = (os.stat(source).st_dev, os.stat(source).st_ino, read_only)
        if self._sources.get(name) == meant:
            return
        if name in self._sources:
            self.remove(name)
        target = os.path.join(self._directory, name)
        os.makedirs(target, exist_ok=True)
        _mount(source, target, '', _BIND)
        if read_only:
            _mount('none', target, '', _BIND | _REMOUNT | _READ_ONLY | _HARDENED)
        self._sources[name] = meant

    def remove(self, name):
        """Take a directory away; one that is not there is fine."""
        target = os.path.join(self._directory, name)
        try:
            unmount(target)
        except OSError as failure:
            if failure.errno == errno.EBUSY:
                unmount(target, detach=True)
            elif failure.errno not in (errno.EINVAL, errno.ENOENT):
                raise
        self._sources.pop(name, None)
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(target)

    def names(self):
        """What is shown at present."""
        return sorted(self._sources)
