"""Changing a volume: size, inodes, autosize and all other settings, each checked before anything is changed."""

from manila.tests.simulators.ontap.model import (
    aggregates as aggrs,
    clones,
    efficiency,
    errors,
    moves,
    qos,
    snapshots,
    volumes,
)
from manila.tests.simulators.ontap.model.base import get, operation

PLAIN = ('uid', 'gid', 'unix_permissions', 'language', 'snapdir', 'comment', 'logical_reporting',
         'logical_enforcement', 'quota_enabled')
NEEDS_ONLINE = ('uid', 'gid', 'unix_permissions', 'security_style', 'export_policy', 'snapdir', 'files_max', 'size',
                'qos_policy')
AUTOSIZE_MODES = ('off', 'grow', 'grow_shrink')


def check_resize(volume, size):
    """A new size holds what is used; a FlexGroup never shrinks; thick volumes need room in the aggregate."""
    volumes.check_size(size, volume.style, max(1, volume.constituent_count))
    if size < volume.size:
        if volume.style == 'flexgroup':
            raise errors.Refused('volume.flexgroup_shrink', 'FlexGroup volume "%s" cannot be made smaller.' % (
                volume.name), 'size')
        if volume.fs_size_fixed:
            raise errors.Refused('volume.fixed_size', 'The file system size of volume "%s" is fixed.' % volume.name,
                                 'size')
        reserve = size * volume.snap_reserve // 100
        needed = volume.active + max(0, volume.snapshot_used - reserve)
        if needed > size - reserve:
            raise errors.Refused('volume.shrink_below_used', 'Size "%d" of volume "%s" is too small: %d bytes are in '
                                 'use.' % (size, volume.name, needed), 'size')
    elif volume.guarantee == 'volume':
        growth = max(0, size - max(volume.size, volume.physical))
        for aggregate in set(volume.aggregates):
            if not aggrs.room_for(aggregate, growth // len(volume.aggregates)):
                raise errors.Refused('no_space', 'Aggregate "%s" has not enough space to grow volume "%s".' % (
                    aggregate.name, volume.name), 'size')


def resize(volume, size):
    """Set the size; inodes and autosize limits that were at their defaults follow."""
    at_default = volume.files_max == volumes.default_files(volume.size)
    limits = volumes.default_autosize(volume.size)
    follow = [k for k in ('maximum', 'minimum') if volume.autosize[k] == limits[k]]
    if volume.fs_size_fixed and volume.fs_size is None:
        volume.fs_size = volume.size
    volume.size = size
    if at_default:
        volume.files_max = max(volumes.default_files(size), volume.files_used)
    volume.files_max = min(volume.files_max, volumes.files_ceiling(size))
    volume.autosize.update({k: volumes.default_autosize(size)[k] for k in follow})
    volume.autosize['maximum'] = max(volume.autosize['maximum'], size)


def check_files(volume, count):
    if volume.type != 'rw':
        raise errors.Refused('volume.files_type', 'The maximum number of files cannot be changed on volume "%s" of '
                             'type %s.' % (volume.name, volume.type), 'files.maximum')
    if count < volume.files_used:
        raise errors.Refused('volume.files_below_used', 'Volume "%s" uses %d files, more than %d.' % (
            volume.name, volume.files_used, count), 'files.maximum')
    if count > volumes.files_ceiling(volume.size):
        raise errors.Refused('volume.files_ceiling', 'Volume "%s" can have at most %d files.' % (
            volume.name, volumes.files_ceiling(volume.size)), 'files.maximum')


def check_autosize(volume, settings, size):
    merged = dict(volume.autosize, **settings)
    if merged['mode'] not in AUTOSIZE_MODES:
        raise errors.invalid('autosize.mode', merged['mode'])
    if merged['grow_threshold'] <= merged['shrink_threshold']:
        raise errors.Refused('volume.autosize_thresholds', 'The grow threshold must be above the shrink threshold.',
                             'autosize')
    if merged['maximum'] < merged['minimum']:
        raise errors.Refused('volume.autosize_limits', 'The autosize maximum is below the minimum.', 'autosize')
    if merged['maximum'] > volumes.MAX_FLEXVOL:
        raise errors.Refused('volume.autosize_maximum', 'The autosize maximum is above what a volume can be.',
                             'autosize.maximum')


def check_state(volume, values):
    """What an offline or data-protection volume cannot have changed."""
    if volume.state != 'online' and values.get('state') != 'online':
        for key in NEEDS_ONLINE:
            if values.get(key) is not None:
                raise errors.Refused('volume.field_offline', 'Field cannot be changed: volume "%s" is offline.' % (
                    volume.name), key)
    if volume.type == 'dp' and values.get('snapshot_policy') is not None:
        raise errors.Refused('volume.dp_snapshot_policy', 'The snapshot policy of data-protection volume "%s" cannot '
                             'be changed.' % volume.name, 'snapshot_policy')


def check(volume, **values):
    """Refuse a change of a volume before any part of it is made."""
    svm = volume.svm
    check_state(volume, values)
    state = values.get('state')
    if state is not None and state not in ('online', 'offline', 'restricted'):
        raise errors.Refused('volume.bad_state', 'Unsupported state "%s".' % state, 'state')
    if values.get('name') not in (None, volume.name):
        volumes.check_name(svm, values['name'])
    if values.get('size') is not None:
        check_resize(volume, values['size'])
    if values.get('files_max') is not None:
        check_files(volume, values['files_max'])
    if values.get('autosize'):
        check_autosize(volume, values['autosize'], values.get('size') or volume.size)
    guarantee = values.get('guarantee')
    if guarantee is not None and guarantee not in ('none', 'volume'):
        raise errors.invalid('guarantee.type', guarantee)
    if values.get('security_style') not in (None, 'unix', 'ntfs', 'mixed', 'unified'):
        raise errors.invalid('nas.security_style', values['security_style'])
    if values.get('snapshot_policy') and not volumes.find_snapshot_policy(svm, values['snapshot_policy']):
        raise errors.missing('snapshot policy', values['snapshot_policy'])
    if values.get('export_policy') is not None:
        get(svm.export_policies, 'export policy', name=values['export_policy'])
    if values.get('qos_policy'):
        qos.lookup(svm, values['qos_policy'], values.get('qos_kind'))
    reserve = values.get('snap_reserve')
    if reserve is not None and not 0 <= reserve <= 90:
        raise errors.invalid('space.snapshot.reserve_percent', reserve)
    if values.get('tags') is not None:
        volumes.check_tags(svm.cluster, values['tags'])
    if values.get('encrypted') and not svm.cluster.nve_capable:
        raise errors.Refused('volume.no_encryption', 'Volume encryption is not supported by this cluster.')


@operation('volume.modify')
def modify(volume, **values):
    """Carry a change out. Keys are those of `Volume`, besides state, junction, restore, split and move."""
    check(volume, **values)
    if values.get('fs_size_fixed') is not None:
        volume.fs_size_fixed = values['fs_size_fixed']
        if not volume.fs_size_fixed:
            volume.fs_size = None
    _apply_place(volume, values)
    _apply_space(volume, values)
    for key in PLAIN:
        if values.get(key) is not None:
            setattr(volume, key, values[key])
    for key in ('security_style', 'snapshot_policy', 'tags'):
        if values.get(key) is not None:
            setattr(volume, key, values[key])
    if values.get('export_policy') is not None:
        volumes.assign_export_policy(volume, values['export_policy'])
    if values.get('qos_policy') is not None:
        volume.qos_policy = qos.lookup(volume.svm, values['qos_policy'], values.get('qos_kind'))
    for key in ('snaplock', 'tiering', 'attributes'):
        getattr(volume, key).update(values.get(key) or {})
    if values.get('efficiency'):
        efficiency.set_modes(volume, **values['efficiency'])
    if values.get('encrypted') is not None:
        volume.encrypted = values['encrypted']
    if values.get('restore') is not None:
        snapshots.restore(volume, values['restore'])
    if values.get('split') is True:
        clones.start_split(volume)
    elif values.get('split') is False:
        clones.stop_split(volume)
    if values.get('move'):
        moves.act(volume, **values['move'])
    return volume


def _apply_place(volume, values):
    """State, name and junction, in the order in which they make sense together."""
    state, junction = values.get('state'), values.get('junction')
    if state == 'online' and volume.state != 'online':
        volumes.online(volume)
    if values.get('name') is not None:
        volumes.rename(volume, values['name'])
    if junction == '' and volume.junction is not None:
        volumes.unmount(volume, values.get('force', False))
    elif junction:
        volumes.mount(volume, junction)
    if state == 'offline' and volume.state != 'offline':
        volumes.offline(volume)
    elif state == 'restricted':
        volume.state = 'restricted'


def _apply_space(volume, values):
    if values.get('guarantee') is not None and values['guarantee'] != volume.guarantee:
        _set_guarantee(volume, values['guarantee'])
    if values.get('size') is not None:
        resize(volume, values['size'])
    if values.get('snap_reserve') is not None:
        volume.snap_reserve = values['snap_reserve']
    if values.get('autosize_reset'):
        volume.autosize = volumes.default_autosize(volume.size)
    if values.get('autosize'):
        volume.autosize.update(values['autosize'])
    if values.get('files_max') is not None:
        volume.files_max = values['files_max']


def _set_guarantee(volume, guarantee):
    if guarantee == 'volume':
        for aggregate in set(volume.aggregates):
            missing = max(0, volume.size - volume.physical) // len(volume.aggregates)
            if not aggrs.room_for(aggregate, missing):
                raise errors.Refused('no_space', 'Aggregate "%s" has not enough space to guarantee volume "%s".' % (
                    aggregate.name, volume.name), 'guarantee.type')
    volume.guarantee = guarantee
