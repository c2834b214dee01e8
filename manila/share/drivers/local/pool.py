"""The btrfs file system that holds the shares: one subvolume each, limited by its quota group."""
import contextlib
import errno
import fcntl
import glob
import os
import threading

from oslo_log import log

from manila import exception, utils
from manila.i18n import _
from manila.share.drivers.local import btrfs, namespace

LOG = log.getLogger(__name__)

GIB = 1024 ** 3
SHARES, SNAPSHOTS, TRASH = 'shares', 'snapshots', 'trash'
_MOUNT_OPTIONS = 'loop,noatime,nosuid,nodev,noexec'
_LOOP_SET_CAPACITY = 0x4C07
_BATCH = 0.2        # seconds in which deletions are gathered before the cleaner is woken


class Pool:
    """One file system.

    :param path: where it is mounted
    :param image: file that holds it; made, mounted and grown as needed. Without one the path must lie on
        btrfs
    :param size: size of the image in GiB
    """

    def __init__(self, path, image=None, size=0):
        self.path, self._image, self._size = os.path.abspath(path), image, size
        self._deleted = threading.Event()
        self._reclaimer = None

    # --- life

    def open(self):
        """Bring it up from whatever state a crash or reboot left.

        :raises ShareBackendException: when there is no usable file system
        """
        if self._image:
            self._open_image()
        elif not btrfs.is_btrfs(self.path):
            raise exception.ShareBackendException(msg=_('%s is not on a btrfs file system.') % self.path)
        self._figures = btrfs.QuotaFigures(self.path)
        if not self._figures.enabled():
            btrfs.enable_quota(self.path)
        os.chmod(self.path, 0o700)
        for directory in (SHARES, SNAPSHOTS, TRASH):
            os.makedirs(self.locate(directory), mode=0o700, exist_ok=True)
        self._empty_trash()
        if self._reclaimer is None:
            self._reclaimer = threading.Thread(target=self._reclaim, name='pool-reclaim', daemon=True)
            self._reclaimer.start()

    def _open_image(self):
        size = self._size * GIB
        if not os.path.exists(self._image):
            self._make_image(size)
        elif os.path.getsize(self._image) < size:
            os.truncate(self._image, size)
        os.makedirs(self.path, mode=0o700, exist_ok=True)
        if not os.path.ismount(self.path):
            utils.execute('mount', '-o', _MOUNT_OPTIONS, self._image, self.path)
        with open(self._loop_device()) as device:
            fcntl.ioctl(device, _LOOP_SET_CAPACITY)
        btrfs.grow_to_device(self.path)

    def _make_image(self, size):
        # A crash must not leave half a file system under the final name.
        os.makedirs(os.path.dirname(self._image), exist_ok=True)
        unfinished = f'{self._image}.new'
        with contextlib.suppress(FileNotFoundError):
            os.unlink(unfinished)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT, 0o600)
        os.truncate(descriptor, size)
        os.close(descriptor)
        utils.execute('mkfs.btrfs', '-q', '-L', 'manila', unfinished)
        os.rename(unfinished, self._image)

    def _loop_device(self):
        image = os.path.realpath(self._image)
        for file in glob.glob('/sys/block/loop*/loop/backing_file'):
            with contextlib.suppress(OSError), open(file) as backing:
                if backing.read().rstrip('\n') == image:
                    return f'/dev/{file.split("/")[3]}'
        raise exception.ShareBackendException(msg=_('No loop device shows the pool image %s.') % self._image)

    # --- places

    def locate(self, *names):
        """The path of something in the pool."""
        return os.path.join(self.path, *names)

    def resolve(self, relative):
        """The real path of something in the pool named by a stranger.

        :raises ValueError: when it leads out of the pool
        """
        path = os.path.realpath(self.locate(relative.lstrip('/')))
        if not path.startswith(f'{os.path.realpath(self.path)}/'):
            raise ValueError(f'{relative} is not in the pool')
        return path

    def exists(self, source):
        """Whether the subvolume is there."""
        return btrfs.is_subvolume(self.locate(source))

    # --- subvolumes

    def create(self, source, size, mode, owner=None):
        """Make a subvolume of a size in GiB; one that an interrupted attempt has left is finished."""
        path = self.locate(source)
        try:
            btrfs.create_subvolume(path)
        except FileExistsError:
            LOG.info('Subvolume %s exists already and is used.', source)
        os.chmod(path, mode)
        if owner:
            os.chown(path, *owner)
        self.limit(source, size)

    def clone(self, origin, source, size):
        """Make a writable copy of a snapshot with a size of its own, unless it exists."""
        if not self.exists(source):
            btrfs.snapshot(self.locate(origin), self.locate(source))
        self.limit(source, size)

    def snapshot(self, origin, source):
        """Make a read-only snapshot, unless it exists."""
        if not self.exists(source):
            os.makedirs(os.path.dirname(self.locate(source)), mode=0o700, exist_ok=True)
            btrfs.snapshot(self.locate(origin), self.locate(source), read_only=True)

    def limit(self, source, size):
        """Set the size in GiB."""
        btrfs.set_limit(self.locate(source), size * GIB)

    def used(self, source, exact=False):
        """Bytes the subvolume refers to; exact costs a commit."""
        if exact:
            self.commit()
        return self._figures.referenced(btrfs.subvolume_id(self.locate(source)))

    def size(self, source):
        """The limit in bytes, None without one."""
        return self._figures.limit(btrfs.subvolume_id(self.locate(source)))

    def commit(self):
        """Make everything durable that was done so far."""
        btrfs.sync(self.path)

    def move(self, old, new):
        """Give a subvolume another path in the pool; mounts and open files go along."""
        if os.path.normpath(old) != os.path.normpath(new):
            os.makedirs(os.path.dirname(self.locate(new)), mode=0o700, exist_ok=True)
            os.rename(self.locate(old), self.locate(new))

    def unfit_as_share(self, source):
        """Why a path given by a stranger cannot become a share, or None."""
        return self._unfit(source) or self._unfit_kind(source, read_only=False)

    def unfit_as_snapshot(self, source):
        """Why a path given by a stranger cannot become a snapshot, or None."""
        return self._unfit(source) or self._unfit_kind(source, read_only=True)

    def _unfit(self, source):
        try:
            path = self.resolve(source)
        except ValueError:
            return 'is not in the pool'
        if path == os.path.realpath(self.path) or not btrfs.is_subvolume(path):
            return 'is no subvolume in the pool'
        if path != os.path.join(os.path.realpath(self.path), os.path.normpath(source)):
            return 'is not the real path of a subvolume'
        return None

    def _unfit_kind(self, source, read_only):
        path = self.locate(source)
        if btrfs.is_read_only(path) != read_only:
            return 'is not read-only' if read_only else 'is a read-only snapshot'
        return 'holds other subvolumes' if btrfs.has_nested_subvolumes(path) else None

    def destroy(self, source):
        """Remove a subvolume with its data, if it exists; the space comes back soon after."""
        path = self.locate(source)
        if btrfs.is_subvolume(path):
            btrfs.destroy_subvolume(path)
            self._deleted.set()

    def remove_directory(self, source):
        """Remove a directory if it is there and empty."""
        try:
            os.rmdir(self.locate(source))
        except OSError as failure:
            if failure.errno not in (errno.ENOENT, errno.ENOTEMPTY):
                raise

    def revert(self, origin, source, size):
        """Put the content of a snapshot in the place of a subvolume, in one atomic step.

        Nothing may be mounted from the subvolume; what it held before is destroyed.
        """
        fresh = self.locate(TRASH, f'{os.path.basename(source)}.revert')
        if btrfs.is_subvolume(fresh):
            btrfs.destroy_subvolume(fresh)
        btrfs.snapshot(self.locate(origin), fresh)
        btrfs.set_limit(fresh, size * GIB)
        namespace.exchange(fresh, self.locate(source))
        self.commit()
        btrfs.destroy_subvolume(fresh)
        self._deleted.set()

    # --- space

    def capacity(self):
        """(total, free) bytes; an image cannot be filled beyond what the disk below it has left."""
        status = os.statvfs(self.path)
        total, free = status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize
        if self._image:
            below = os.statvfs(os.path.dirname(self._image))
            held = os.stat(self._image).st_blocks * 512
            used = total - status.f_bfree * status.f_frsize
            free = min(free, below.f_bavail * below.f_frsize + max(0, held - used))
        return total, free

    def provisioned(self):
        """Bytes promised to all shares together."""
        promised = 0
        for name in os.listdir(self.locate(SHARES)):
            with contextlib.suppress(OSError):      # it may be deleted meanwhile
                promised += self.size(os.path.join(SHARES, name)) or 0
        return promised

    def _empty_trash(self):
        for name in os.listdir(self.locate(TRASH)):
            self.destroy(os.path.join(TRASH, name))

    def _reclaim(self):
        """Wake the file system's cleaner after deletions, once for each batch of them."""
        batch = threading.Event()
        while True:
            self._deleted.wait()
            batch.wait(_BATCH)
            self._deleted.clear()
            try:
                self.commit()
            except OSError as failure:
                LOG.warning('The pool cannot be committed: %s', failure)
