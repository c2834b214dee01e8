"""FlexClones: made at once without blocks of their own, and split from their parent over time."""

import dataclasses

from manila.tests.simulators.ontap.model import errors, jobs, luns, snapshots, volumes
from manila.tests.simulators.ontap.model.base import find, get, new_uuid, operation


@dataclasses.dataclass(eq=False)
class Split:
    """A running split: blocks are copied at a rate, so progress follows from the time."""

    started: float
    seconds: float
    stuck: bool = False

    def percent(self, now):
        if self.stuck or self.seconds <= 0:
            return 0
        return max(0, min(99, int(100 * (now - self.started) / self.seconds)))


def check_create(svm, name, parent, snapshot_name):
    cluster = svm.cluster
    cluster.require_licence('flexclone')
    volumes.check_name(svm, name)
    parent.require_online()
    if snapshot_name and find(parent.snapshots, name=snapshot_name) is None:
        raise errors.missing('snapshot', snapshot_name)


def request_create(svm, name, parent, snapshot_name=None, **more):
    check_create(svm, name, parent, snapshot_name)
    if more.get('junction'):
        volumes.check_junction(svm, more['junction'])
    uuid = new_uuid()
    return jobs.start(svm.cluster, 'POST /api/storage/volumes/%s' % uuid, 'clone.create', svm, svm=svm,
                      uuid=uuid, name=name, parent=parent, snapshot_name=snapshot_name, **more)


@operation('clone.create')
def create(svm, uuid, name, parent, snapshot_name=None, junction=None, qos_policy=None, qos_kind=None, **values):
    """Make the clone on its parent's aggregates: blocks, settings and inodes are those of the snapshot."""
    cluster = svm.cluster
    check_create(svm, name, parent, snapshot_name)
    if junction:
        volumes.check_junction(svm, junction)
    if not snapshot_name:
        snapshot_name = 'clone_%s.%d' % (name, len(parent.snapshots))
        snapshots.create(parent, snapshot_name)
    base = get(parent.snapshots, 'snapshot', name=snapshot_name)
    policy = parent.export_policy if parent.svm is svm else svm.export_policies[0]
    inherited = {key: getattr(parent, key) for key in (
        'snap_reserve', 'security_style', 'uid', 'gid', 'unix_permissions', 'language', 'snapdir', 'snapshot_policy',
        'encrypted', 'per_aggregate')}
    inherited.update({k: v for k, v in values.items() if v is not None})
    inherited.setdefault('guarantee', 'none')
    name_of_policy = inherited.pop('export_policy', None)
    if name_of_policy:
        policy = get(svm.export_policies, 'export policy', name=name_of_policy)
    clone = volumes.Volume(
        cluster, svm, name, list(parent.aggregates), base.volume_size, style=parent.style, uuid=uuid,
        junction=junction or None, export_policy=policy, files_max=parent.files_max, files_used=base.inodes,
        active=base.content, inherited=base.content, parent=parent, parent_snapshot=base, **inherited)
    clone.efficiency = dataclasses.replace(parent.efficiency)
    clone.tiering = dict(parent.tiering)
    clone.paths = dict(parent.paths)
    clone.luns = luns.copies([n for n in parent.luns if n.create_time <= base.create_time], clone)
    clone.born()
    if qos_policy:
        clone.qos_policy = volumes.qos.lookup(svm, qos_policy, qos_kind)
    # The base snapshot is in the clone as well, where it can be deleted freely.
    snapshots.create(clone, base.name)
    clone.shared = clone.active
    return clone


def start_split(volume):
    """Begin to copy the shared blocks. The aggregate must have room for them."""
    if volume.parent is None:
        raise errors.Refused('clone.not_a_clone', 'Volume "%s" is not a clone.' % volume.name)
    if volume.split is not None:
        raise errors.Refused('clone.being_split', 'Volume "%s" is already being split from its parent.' % volume.name)
    volume.require_online()
    if volume.parent.state != 'online':
        raise errors.Refused('clone.parent_offline', 'The parent of volume "%s" is not online.' % volume.name)
    for aggregate in set(volume.aggregates):
        if volume.inherited // len(volume.aggregates) > aggregate.available:
            raise errors.Refused('no_space', 'Aggregate "%s" has not enough space to split volume "%s".' % (
                aggregate.name, volume.name))
    cluster = volume.cluster
    rate = cluster.settings['split_bytes_per_second']
    fault = cluster.take_job_fault('clone.split') or {}
    volume.split = Split(cluster.now(), max(0.05, volume.inherited / rate), stuck=fault.get('stuck', False))
    if not volume.split.stuck:
        cluster.world.after(volume.split.seconds, 'clone.split_done', volume=volume, split=volume.split)


@operation('clone.split_done')
def split_done(volume, split):
    """The last block is copied: the volume stands alone and its parent's snapshot is free."""
    if volume.split is not split:
        return
    volume.split = None
    volume.inherited = 0
    volume.parent = volume.parent_snapshot = None


def stop_split(volume):
    """Stop a split; the blocks already copied stay copied."""
    if volume.parent is None:
        raise errors.Refused('clone.not_a_clone', 'Volume "%s" is not a clone.' % volume.name)
    if volume.split is None:
        raise errors.Refused('clone.not_splitting', 'No clone split is running on volume "%s".' % volume.name)
    done = volume.split.percent(volume.cluster.now())
    volume.inherited -= volume.inherited * done // 100
    volume.split = None
