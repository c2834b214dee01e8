"""Writing to volumes, as tests ask for it: blocks are taken, shared with snapshots and given back."""

from manila.tests.simulators.ontap.model import errors


def write(volume, count, overwrite=False, files=0):
    """Write `count` bytes. New data grows the volume; overwritten data stays in the latest snapshot.

    A negative count deletes data. Refused when there is no room, as a writer would see it.
    """
    volume.require_online()
    if volume.type != 'rw':
        raise errors.Refused('volume.read_only', 'Volume "%s" cannot be written.' % volume.name)
    if count < 0:
        # What LUNs have reserved is not the clients' to delete.
        _drop(volume, max(0, min(-count, volume.active - sum(lun.size for lun in volume.luns))))
    elif overwrite:
        _overwrite(volume, count)
    else:
        _require_room(volume, count)
        volume.active += count
    volume.files_used = max(0, min(volume.files_max, volume.files_used + files))


def _require_room(volume, count):
    grown = autogrow(volume, count)
    if not grown and volume.used + count > volume.afs_total:
        raise errors.Refused('volume.full', 'No space left on volume "%s".' % volume.name)
    if volume.guarantee == 'none':
        part = count // len(volume.aggregates)
        full = [a for a in set(volume.aggregates) if part > a.available]
        if full:
            if volume.cluster.settings['thin_offline_when_full']:
                volume.state, volume.junction = 'offline', None
            raise errors.Refused('volume.full', 'No space left in aggregate "%s".' % full[0].name)


def autogrow(volume, count):
    """Let a volume with autosize grow when it passes its threshold. Returns whether the data fits now."""
    limits = volume.autosize
    if limits['mode'] == 'off' or volume.fs_size_fixed:
        return False
    threshold = limits['grow_threshold']
    while 100 * (volume.used + count) > threshold * volume.afs_total and volume.size < limits['maximum']:
        volume.size = min(limits['maximum'], volume.size + max(volume.size // 20, 1))
    return volume.used + count <= volume.afs_total


def _overwrite(volume, count):
    if count > volume.active:
        raise errors.invalid('bytes', count, 'More than the volume holds.')
    if _into_snapshot(volume, count) and volume.used > volume.afs_total:
        raise errors.Refused('volume.full', 'No space left on volume "%s": snapshots take it.' % volume.name)


def _drop(volume, count):
    _into_snapshot(volume, count)
    volume.active -= count
    volume.shared = min(volume.shared, volume.active)


def _into_snapshot(volume, count):
    """Move up to `count` bytes that are shared with the latest snapshot into its own; returns how many."""
    if not volume.snapshots:
        volume.inherited = max(0, volume.inherited - count)
        return 0
    moved = min(count, volume.shared)
    inherited = min(moved, volume.inherited)
    volume.shared -= moved
    # What a clone shares with its parent is held there: replacing it frees nothing and costs nothing here.
    volume.inherited -= inherited
    volume.snapshots[-1].own += moved - inherited
    return moved
