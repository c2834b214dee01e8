"""Snapshots of volumes: creation, owners that keep one busy, deletion, rename, restore."""

import dataclasses
import re

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, get, new_uuid, operation

NAME = re.compile(r'^[^\s/*?\[\]"\'<>|\\]{1,255}$')
RESERVED = ('snapmirror.', 'vserverdr.', 'snapvault.')


@dataclasses.dataclass(eq=False)
class Snapshot:
    """A snapshot. `own` are the bytes only it holds, `shared` those it had in common with the one before.

    `content` is how many bytes the volume held then, `inodes` how many files, `volume_size` its size.
    """

    volume: object
    name: str
    create_time: float
    content: int
    inodes: int
    volume_size: int
    label: str = ''
    comment: str = ''
    own: int = 0
    shared: int = 0
    marks: list = dataclasses.field(default_factory=list)
    expiry_time: float = None
    state: str = 'valid'
    uuid: str = dataclasses.field(default_factory=new_uuid)
    attributes: dict = dataclasses.field(default_factory=dict)

    @property
    def owners(self):
        """Who needs it: 'volume_clone' while a FlexClone is based on it, and what others have marked."""
        owners = list(self.marks)
        if any(v.parent_snapshot is self for v in self.volume.cluster.volumes):
            owners.append('volume_clone')
        return owners

    @property
    def busy(self):
        return any(not owner.endswith('dependent') for owner in self.owners)


def check_name(volume, name, internal=False):
    if not name or not NAME.match(name):
        raise errors.Refused('snapshot.bad_name', 'Invalid snapshot name "%s".' % name, 'name')
    if not internal and name.startswith(RESERVED):
        raise errors.Refused('snapshot.reserved', 'The prefix of snapshot name "%s" is reserved.' % name, 'name')
    if find(volume.snapshots, name=name):
        raise errors.Refused('snapshot.duplicate', 'Snapshot "%s" already exists on volume "%s".' % (
            name, volume.name), 'name')


def check_create(volume, name, internal=False):
    if volume.type != 'rw':
        raise errors.Refused('snapshot.read_only', 'Snapshots can only be created on read/write volumes; "%s" is not '
                             'one.' % volume.name)
    if volume.state != 'online':
        raise errors.Refused('snapshot.offline', 'Volume "%s" is not online.' % volume.name)
    check_name(volume, name, internal)
    limit = volume.cluster.snapshot_limit
    if len(volume.snapshots) >= limit:
        raise errors.Refused('snapshot.too_many', 'No more than %d snapshots can be kept on volume "%s".' % (
            limit, volume.name))


@operation('snapshot.create')
def create(volume, name, label='', comment='', uuid=None, internal=False, marks=(), expiry_time=None):
    """Take a snapshot: it shares all blocks with the active file system at first."""
    check_create(volume, name, internal)
    snapshot = Snapshot(volume, name, volume.cluster.now(), volume.active, volume.files_used, volume.size,
                        label=label or '', comment=comment or '', marks=list(marks), expiry_time=expiry_time)
    snapshot.uuid = uuid or snapshot.uuid
    snapshot.shared = volume.shared if volume.snapshots else 0
    volume.shared = volume.active
    volume.snapshots.append(snapshot)
    return snapshot


def check_delete(snapshot, ignore_owners=False):
    volume = snapshot.volume
    if snapshot.expiry_time and snapshot.expiry_time > volume.cluster.now():
        raise errors.Refused('snapshot.locked', 'Snapshot "%s" is locked until it expires.' % snapshot.name)
    owners = snapshot.owners
    if 'volume_clone' in owners or (snapshot.busy and not ignore_owners):
        raise errors.Refused('snapshot.busy', 'Snapshot "%s" of volume "%s" has not expired or is locked: busy, owner '
                             '%s.' % (snapshot.name, volume.name, ', '.join(owners)))
    if volume.type != 'rw' and not ignore_owners:
        raise errors.Refused('snapshot.delete_read_only', 'Snapshots can only be deleted on read/write volumes.')
    if volume.state != 'online':
        raise errors.Refused('snapshot.offline', 'Volume "%s" is not online.' % volume.name)


@operation('snapshot.delete')
def delete(snapshot, ignore_owners=False):
    """Free what only this snapshot held; what the one before has too becomes that one's."""
    check_delete(snapshot, ignore_owners)
    discard(snapshot)


def discard(snapshot):
    """Take a snapshot out of its volume's chain and move or free its blocks."""
    volume = snapshot.volume
    chain = volume.snapshots
    index = chain.index(snapshot)
    kept = 0
    if index:
        kept = min(snapshot.own, snapshot.shared)
        chain[index - 1].own += kept
    if index + 1 < len(chain):
        chain[index + 1].shared = min(chain[index + 1].shared, max(0, snapshot.shared - kept)) if index else 0
    else:
        volume.shared = min(volume.shared, max(0, snapshot.shared - kept)) if index else 0
    chain.remove(snapshot)


def rename(snapshot, name):
    """Allowed on a busy snapshot too."""
    if name != snapshot.name:
        check_name(snapshot.volume, name)
        snapshot.name = name


def check_restore(volume, name):
    cluster = volume.cluster
    cluster.require_licence('snaprestore')
    if not name:
        raise errors.Refused('snapshot.empty_name', 'The name of the snapshot to restore is empty.',
                             'restore_to.snapshot.name')
    snapshot = get(volume.snapshots, 'snapshot', name=name)
    volume.require_online()
    if volume.type != 'rw':
        raise errors.Refused('snapshot.restore_failed', 'Volume "%s" is not a read/write volume.' % volume.name)
    if snapshot.state == 'partial':
        raise errors.Refused('snapshot.partial', 'Snapshot "%s" of the FlexGroup volume is partial.' % name)
    for newer in volume.snapshots[volume.snapshots.index(snapshot) + 1:]:
        if any(mark.startswith('snapmirror') for mark in newer.marks):
            raise errors.Refused('snapshot.newer_reference', 'Snapshot "%s" is newer and a data-protection '
                                 'reference.' % newer.name)
        if newer.busy or newer.expiry_time:
            raise errors.Refused('snapshot.newer_locked', 'Snapshot "%s" is newer and locked.' % newer.name)
    return snapshot


@operation('volume.restore')
def restore(volume, name):
    """Go back to a snapshot after the checks that a client's request has to pass."""
    check_restore(volume, name)
    return roll_back(volume, name)


def roll_back(volume, name):
    """Later snapshots vanish; content, files and size are those of then."""
    snapshot = lookup(volume, name)
    for newer in list(volume.snapshots[volume.snapshots.index(snapshot) + 1:]):
        discard(newer)
    volume.active = volume.shared = snapshot.content
    volume.luns = [lun for lun in volume.luns if lun.create_time <= snapshot.create_time]
    snapshot.own = 0
    volume.files_used = snapshot.inodes
    volume.size = snapshot.volume_size
    return volume


def lookup(volume, name):
    return get(volume.snapshots, 'snapshot', name=name)
