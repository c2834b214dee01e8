"""SnapMirror relationships of volumes: objects, states and transfers that take their time.

Kept on the destination's cluster. What relationships of whole SVMs (paths 'svm:') copy is in `svmdr`.
"""

import dataclasses

from manila.tests.simulators.ontap.model import errors, luns, peers, snapshots, svmdr
from manila.tests.simulators.ontap.model.base import find, new_uuid, operation

ACTIVE = ('queued', 'transferring')
# A policy with rules other than these keeps snapshots by their labels: a vault.
MIRROR_LABELS = ('sm_created', 'all_source_snapshots')
MIRRORED = ('snapmirrored', 'in_sync', 'out_of_sync', 'paused')
BUILTIN = (('MirrorAllSnapshots', 'async'), ('MirrorAndVault', 'async'), ('MirrorLatest', 'async'), ('Sync', 'sync'),
           ('StrictSync', 'sync'), ('Asynchronous', 'async'), ('XDPDefault', 'async'), ('DPDefault', 'async'),
           ('Unified7year', 'async'), ('AutomatedFailOver', 'sync'))


@dataclasses.dataclass(eq=False)
class Policy:
    name: str
    type: str = 'async'
    svm: object = None
    sync_type: str = None
    rules: list = dataclasses.field(default_factory=list)
    create_snapshot: bool = True
    comment: str = ''
    identity_preservation: str = None
    kind: str = None
    discarded: list = dataclasses.field(default_factory=list)
    latest_only: bool = False
    uuid: str = dataclasses.field(default_factory=new_uuid)
    attributes: dict = dataclasses.field(default_factory=dict)

    @property
    def kept(self):
        """Its rules about snapshots with labels."""
        return [r for r in self.rules if r['label'] not in MIRROR_LABELS]

    @property
    def labels(self):
        """How many snapshots of each label are kept; empty for a plain mirror."""
        return {r['label']: int(r['count']) for r in self.kept}

    @property
    def copies_all(self):
        return self.type != 'async' or any(r['label'] == 'all_source_snapshots' for r in self.rules)

    @property
    def copies_latest(self):
        """Whether it was made to copy nothing but the snapshot of the transfer itself."""
        mirror = self.latest_only or (self.kind == 'async_mirror' and not self.kept)
        return mirror and not self.copies_all

    def keep(self, rules):
        """Replace the rules about snapshots with labels; what makes it a mirror stays."""
        self.rules = [r for r in self.rules if r not in self.kept] + rules


@dataclasses.dataclass(eq=False)
class Transfer:
    """One transfer. `names` are the snapshots the source had when it began, None for all."""

    kind: str
    started: float
    seconds: float
    total: int
    state: str = 'transferring'
    ended: float = None
    error: str = ''
    names: list = None
    uuid: str = dataclasses.field(default_factory=new_uuid)

    def bytes_at(self, now):
        if self.state == 'success':
            return self.total
        end = now if self.ended is None else self.ended
        return int(self.total * min(1.0, (end - self.started) / self.seconds)) if self.seconds else 0


@dataclasses.dataclass(eq=False)
class Relationship:
    """From a source volume (or SVM) to a destination of type dp."""

    source_svm: object
    source_volume: object
    destination_svm: object
    destination_volume: object
    policy: Policy
    state: str = 'uninitialized'
    schedule: str = None
    throttle: int = 0
    transfers: list = dataclasses.field(default_factory=list)
    generation: int = 0
    base_name: str = None
    base_time: float = None
    healthy: bool = True
    unhealthy: list = dataclasses.field(default_factory=list)
    quiescing: bool = False
    released: bool = False
    restore: bool = False
    last_error: str = ''
    ticks: int = 0
    breaking: bool = False
    kind: str = 'extended_data_protection'
    identity_preserve: bool = False
    tries: str = '8'
    uuid: str = dataclasses.field(default_factory=new_uuid)

    def involves(self, svm):
        return svm in (self.source_svm, self.destination_svm)

    def paths(self, cluster):
        """Source and destination by the names that one of the two clusters knows."""
        here = self.destination_svm if cluster is self.cluster else self.source_svm
        return tuple('%s:%s' % (peers.name_at(here, svm), volume.name if volume else '') for svm, volume in (
            (self.source_svm, self.source_volume), (self.destination_svm, self.destination_volume)))

    @property
    def source_path(self):
        """As the destination's cluster knows it."""
        return self.paths(self.cluster)[0]

    @property
    def destination_path(self):
        return self.paths(self.cluster)[1]

    @property
    def transfer(self):
        return self.transfers[-1] if self.transfers else None

    @property
    def running(self):
        return self.transfer if self.transfer is not None and self.transfer.state in ACTIVE else None

    @property
    def cluster(self):
        return self.destination_svm.cluster


    def __post_init__(self):
        schedule_updates(self, self.schedule)


def sources(cluster):
    """What a source cluster knows: relationships of its volumes that have not been released, deleted ones too."""
    known = [r for c in cluster.world.clusters for r in c.relationships]
    return [r for r in known + cluster.deleted_relationships
            if r.source_svm.cluster is cluster and not r.released]


def builtin_policies():
    made = []
    for name, kind in BUILTIN:
        rules = [{'label': 'sm_created', 'count': 1}] if name != 'XDPDefault' else []
        if name in ('MirrorAllSnapshots', 'DPDefault'):
            rules.append({'label': 'all_source_snapshots', 'count': 1})
        if name in ('MirrorAndVault', 'XDPDefault', 'Asynchronous'):
            rules += [{'label': 'daily', 'count': 7}, {'label': 'weekly', 'count': 52}]
        sync = {'Sync': 'sync', 'StrictSync': 'strict_sync', 'AutomatedFailOver': 'automated_failover'}.get(name)
        made.append(Policy(name, kind, sync_type=sync, rules=rules, create_snapshot=name != 'XDPDefault',
                           latest_only=name == 'MirrorLatest'))
    return made


def create_policy(cluster, name, svm=None, **more):
    if any(p.name == name and p.svm in (None, svm) for p in cluster.snapmirror_policies):
        raise errors.Refused('duplicate', 'SnapMirror policy with this name already exists: "%s".' % name)
    policy = Policy(name, svm=svm, **more)
    cluster.snapmirror_policies.append(policy)
    return policy


def delete_policy(cluster, policy):
    if any(r.policy is policy for r in cluster.relationships):
        raise errors.Refused('snapmirror.policy_in_use', 'SnapMirror policy "%s" is in use.' % policy.name)
    cluster.snapmirror_policies.remove(policy)


def find_policy(cluster, svm, name):
    policy = find([p for p in cluster.snapmirror_policies if p.svm in (None, svm)], name=name)
    if policy is None:
        raise errors.missing('SnapMirror policy', name)
    return policy


def resolve(cluster, path, foreign=False):
    """(SVM, volume) of 'svm:volume'. A source may be on any peered cluster, under its local alias."""
    svm_name, _, volume_name = path.partition(':')
    svm = next((s for s in cluster.data_svms if s.name == svm_name), None)
    if svm is None and foreign:
        svm = next((p.peer for p in cluster.svm_peers if p.local_name == svm_name), None)
    if svm is None:
        raise errors.missing('SVM', svm_name)
    return svm, svm.volume(volume_name) if volume_name else None


def create(cluster, source_path, destination_path, policy='MirrorAllSnapshots', schedule=None, throttle=0):
    """Relate two volumes; both exist, the destination is of type dp, large enough and not related yet."""
    cluster.require_licence('snapmirror')
    source_svm, source = resolve(cluster, source_path, foreign=True)
    destination_svm, destination = resolve(cluster, destination_path)
    for relation in cluster.relationships:
        if relation.destination_path == destination_path:
            raise errors.Refused('snapmirror.exists', 'Relationship with destination %s already exists.' % (
                destination_path))
    if not peers.peered(source_svm, destination_svm):
        raise errors.Refused('snapmirror.no_peer', 'SVM "%s" is not a peer of SVM "%s".' % (
            source_svm.name, destination_svm.name))
    if destination is None:
        if destination_svm.subtype != 'dp_destination':
            raise errors.Refused('snapmirror.not_dp', 'SVM "%s" is not a dp-destination.' % destination_svm.name)
    elif destination.type != 'dp' and not _was_mirrored(cluster, source, destination):
        raise errors.Refused('snapmirror.not_dp', 'Destination volume "%s" is not of type DP.' % destination.name)
    elif source is not None and destination.size < source.size:
        raise errors.Refused('snapmirror.too_small', 'Destination "%s" is smaller than the source.' % destination.name)
    if schedule and not find(cluster.schedules, name=schedule):
        raise errors.Refused('snapmirror.no_schedule', 'Schedule "%s" does not exist.' % schedule)
    relation = Relationship(source_svm, source, destination_svm, destination,
                            find_policy(cluster, destination_svm, policy), schedule=schedule, throttle=throttle)
    if destination is not None and destination.type == 'rw':
        relation.state = 'broken_off'
    cluster.relationships.append(relation)
    return relation


def schedule_updates(relation, schedule):
    """Set the schedule. Updates begin one period from now, so that nothing hangs on the hour of the day."""
    relation.schedule = schedule or None
    relation.ticks += 1
    if schedule:
        found = find(relation.cluster.schedules, name=schedule)
        relation.cluster.world.after(found.period, 'snapmirror.tick', relation=relation, ticks=relation.ticks)


@operation('snapmirror.tick')
def tick(relation, ticks):
    """The schedule asks for an update: made unless the relationship is busy, paused, broken off or not begun."""
    cluster = relation.cluster
    if relation.ticks != ticks or relation not in cluster.relationships:
        return
    schedule = find(cluster.schedules, name=relation.schedule)
    if schedule is None:
        return
    cluster.world.after(schedule.period, 'snapmirror.tick', relation=relation, ticks=ticks)
    if relation.state == 'snapmirrored' and not relation.running:
        try:
            start_transfer(relation, 'update')
        except errors.Refused as refused:
            relation.last_error, relation.healthy = refused.message, False


def line_changed(one, two):
    """The line between two clusters was cut or mended: synchronous relationships lose or regain their state."""
    for relation in one.relationships + two.relationships:
        if relation.policy.type != 'sync' or {relation.cluster, relation.source_svm.cluster} != {one, two}:
            continue
        up = peers.reachable(relation.destination_svm, relation.source_svm)
        if relation.state == 'in_sync' and not up:
            relation.state, relation.healthy = 'out_of_sync', False
            relation.unhealthy = [{'code': '6619715', 'message': 'The source cluster cannot be reached.'}]
        elif relation.state == 'out_of_sync' and up and not relation.running:
            start_transfer(relation, 'resync')


def _was_mirrored(cluster, source, destination):
    """A writable volume may become a destination again when it has a snapshot in common with the source."""
    if source is None or destination is None:
        return False
    return bool({s.name for s in source.snapshots} & {s.name for s in destination.snapshots})


def change_state(relation, wanted):
    """What setting the state asks for: initialize, resync, resume, quiesce or break."""
    state = relation.state
    goal = 'in_sync' if relation.policy.type == 'sync' else 'snapmirrored'
    if wanted == goal and (state == goal or (relation.running and relation.running.kind != 'update')):
        # It is there or on its way: resume and resync ask for the same state one after the other.
        return
    if wanted == 'in_sync' and goal != 'in_sync':
        raise errors.Refused('snapmirror.not_sync', 'State "in_sync" is not valid for an asynchronous relationship.',
                             'state')
    if wanted == goal and state == 'uninitialized':
        start_transfer(relation, 'initialize')
    elif wanted == goal and state in ('broken_off', 'out_of_sync'):
        resync(relation)
    elif wanted == goal and state == 'paused':
        relation.state = goal
    elif wanted == 'paused' and state in ('snapmirrored', 'in_sync', 'paused'):
        quiesce(relation)
    elif wanted == 'broken_off':
        break_off(relation)
    elif wanted in ('snapmirrored', 'in_sync', 'paused', 'broken_off'):
        raise errors.Refused('snapmirror.transition', 'A relationship that is %s cannot become %s.' % (state, wanted))
    else:
        raise errors.Refused('snapmirror.bad_state', 'Unknown state "%s".' % wanted, 'state')


def start_transfer(relation, kind=None):
    """Start to initialize or update; the bytes are those the destination does not have."""
    cluster = relation.cluster
    if relation.running:
        raise errors.Refused('snapmirror.transferring', 'Another transfer is in progress.')
    if not peers.reachable(relation.destination_svm, relation.source_svm):
        message = 'The source cluster "%s" cannot be reached.' % relation.source_svm.cluster.name
        relation.healthy, relation.unhealthy = False, [{'code': '6619715', 'message': message}]
        relation.last_error = message
        raise errors.Refused('snapmirror.unreachable', message)
    if kind is None:
        kind = 'initialize' if relation.state == 'uninitialized' else 'update'
    if kind == 'update' and relation.state not in ('snapmirrored', 'in_sync', 'paused'):
        raise errors.Refused('snapmirror.not_initialized', 'Relationship %s is not initialized or broken off.' % (
            relation.destination_path))
    source = relation.source_volume
    known = relation.destination_volume.snapshots if relation.destination_volume else []
    total = source.used if source and kind == 'initialize' else 0
    if source is None:
        total = sum(v.used for v in relation.source_svm.volumes)
    if source and kind != 'initialize':
        total = max(0, source.active - source.shared)
        total += sum(s.own for s in source.snapshots if s.name not in {k.name for k in known})
    seconds = max(cluster.settings['minimum_transfer_seconds'], total / cluster.settings['transfer_bytes_per_second'])
    fault = cluster.take_job_fault('snapmirror.transfer') or {}
    seconds *= fault.get('slow', 1)
    transfer = Transfer(kind, cluster.now(), seconds, total)
    relation.transfers.append(transfer)
    if relation.destination_volume is not None:
        relation.destination_volume.transferring = True
    if source is not None and source.state == 'online' and source.type == 'rw' and (
            relation.policy.create_snapshot or kind == 'initialize'):
        relation.generation += 1
        name = 'snapmirror.%s_%d.%d' % (relation.uuid, source.msid, relation.generation)
        snapshots.create(source, name, label='sm_created', internal=True, marks=['snapmirror'])
    transfer.names = [s.name for s in source.snapshots] if source else None
    if not fault.get('stuck'):
        cluster.world.after(seconds, 'snapmirror.transferred', relation=relation, transfer=transfer,
                            failure=(fault.get('refusal') or {}).get('message'))
    return transfer


@operation('snapmirror.transferred')
def transferred(relation, transfer, failure=None):
    """A transfer ended: the destination holds what the source held when it began."""
    if transfer.state not in ACTIVE:
        return
    transfer.ended = relation.cluster.now()
    if relation.destination_volume is not None:
        relation.destination_volume.transferring = False
    if failure:
        transfer.state, transfer.error = 'failed', failure
        relation.last_error = failure
        relation.healthy, relation.unhealthy = False, [{'code': '6620046', 'message': failure}]
        return
    transfer.state = 'success'
    relation.healthy, relation.unhealthy, relation.last_error = True, [], ''
    if relation.state in ('uninitialized', 'broken_off', 'out_of_sync'):
        relation.state = 'in_sync' if relation.policy.type == 'sync' else 'snapmirrored'
    if relation.quiescing:
        relation.state, relation.quiescing = 'paused', False
    _copy(relation, transfer)


def _copy(relation, transfer):
    source, destination = relation.source_volume, relation.destination_volume
    if source is None or destination is None:
        svmdr.replicate(relation)
        relation.base_name, relation.base_time = 'vserverdr.0.%s' % transfer.uuid, transfer.started
        return
    destination.type, destination.initialized, destination.fs_size_fixed = 'dp', True, True
    destination.active, destination.files_used = source.active, source.files_used
    # A copy grows along with its source.
    destination.size = max(destination.size, source.size)
    destination.paths, destination.luns = dict(source.paths), luns.copies(source.luns, destination)
    _copy_snapshots(relation, transfer)
    destination.shared = source.shared
    kept = {s.name for s in destination.snapshots}
    base = next((s for s in reversed(source.snapshots) if s.name in kept), None)
    for snapshot in source.snapshots + destination.snapshots:
        if snapshot.name.startswith('snapmirror.%s' % relation.uuid):
            snapshot.marks = ['snapmirror_dependent'] if base and snapshot.name == base.name else []
    for old in [s for s in source.snapshots if s.name.startswith('snapmirror.%s' % relation.uuid) and s is not base]:
        snapshots.discard(old)
    if base is not None:
        relation.base_name, relation.base_time = base.name, base.create_time


def _copy_snapshots(relation, transfer):
    """Bring the destination's snapshots up to date: all of the source's, the newest, or those with labels."""
    source, destination, labels = relation.source_volume, relation.destination_volume, relation.policy.labels
    there = [s for s in source.snapshots if transfer.names is None or s.name in transfer.names]
    own = 'snapmirror.%s' % relation.uuid
    have = {s.name for s in destination.snapshots}
    if not relation.policy.copies_all:
        # Only what is newer than the last common one: else those that were dropped for their number would come again.
        common = [n for n, s in enumerate(source.snapshots) if s.name in have]
        newer = source.snapshots[common[-1] + 1:] if common else source.snapshots
        there = [s for s in there if s in newer and (s.label in labels or s.name.startswith(own))]
    for original in there:
        if original.name not in have:
            destination.snapshots.append(dataclasses.replace(
                original, volume=destination, marks=[], attributes={}, uuid=new_uuid()))
    names = {s.name for s in source.snapshots}
    gone = [s for s in destination.snapshots if s.name not in names and s.label not in labels]
    for label, count in labels.items():
        kept = [s for s in destination.snapshots if s.label == label]
        gone += kept[:max(0, len(kept) - count)]
    for snapshot in gone:
        if 'volume_clone' not in snapshot.owners:
            snapshots.discard(snapshot)


def quiesce(relation):
    """No more scheduled updates; a running transfer ends first."""
    if relation.running:
        relation.quiescing = True
    else:
        relation.state = 'paused'


def abort(relation, hard=False):
    transfer = relation.running
    if transfer is None:
        raise errors.Refused('snapmirror.no_transfer', 'No transfer is in progress.')
    if relation.policy.type == 'sync':
        raise errors.Refused('snapmirror.sync_abort', 'A transfer of a synchronous relationship cannot be aborted.')
    transfer.state = 'hard_aborted' if hard else 'aborted'
    transfer.ended, transfer.error = relation.cluster.now(), 'Transfer aborted.'
    if relation.destination_volume is not None:
        relation.destination_volume.transferring = relation.destination_volume.restoring = False
    if relation.quiescing:
        relation.state, relation.quiescing = 'paused', False


def break_off(relation, snapshot_name=None):
    """Make the destination writable, if wanted as it was at one of its snapshots."""
    if relation.running or relation.state not in ('snapmirrored', 'paused', 'in_sync', 'out_of_sync', 'broken_off'):
        raise errors.Refused('snapmirror.break', 'Relationship %s cannot be broken off while it is %s.' % (
            relation.destination_path, 'transferring' if relation.running else relation.state))
    if relation.destination_volume is None:
        svmdr.begin_break(relation)
        return
    if snapshot_name:
        find_snapshot(relation.destination_volume, snapshot_name)
    relation.state = 'broken_off'
    relation.destination_volume.type = 'rw'
    if snapshot_name:
        snapshots.roll_back(relation.destination_volume, snapshot_name)


def resume(relation):
    if relation.state != 'paused':
        raise errors.Refused('snapmirror.not_quiesced', 'Relationship %s is not quiesced.' % relation.destination_path)
    relation.state = 'in_sync' if relation.policy.type == 'sync' else 'snapmirrored'


def resync(relation):
    """Go on from the last snapshot both sides have; newer data of the destination is lost."""
    source, destination = relation.source_volume, relation.destination_volume
    if relation.state not in ('broken_off', 'snapmirrored', 'paused', 'out_of_sync', 'uninitialized'):
        raise errors.Refused('snapmirror.transition', 'Relationship %s cannot be resynchronized.' % (
            relation.destination_path))
    if source is not None:
        common = {s.name for s in source.snapshots} & {s.name for s in destination.snapshots}
        if not common:
            raise errors.Refused('snapmirror.no_common', 'No common snapshot exists between source and destination.')
        destination.type = 'dp'
    transfer = start_transfer(relation, 'resync')
    if source is None:
        svmdr.resync(relation)
    return transfer


def delete(relation):
    """Forget the relationship on the destination; the source keeps its part until it is released."""
    if relation.running:
        abort(relation, hard=True)
    relation.cluster.relationships.remove(relation)
    if not relation.released:
        relation.source_svm.cluster.deleted_relationships.append(relation)


def release(relation, info_only=False):
    """Free what the source keeps for the relationship."""
    relation.released = True
    known = relation.source_svm.cluster.deleted_relationships
    if relation in known:
        known.remove(relation)
    if relation.source_volume is None:
        return
    for snapshot in list(relation.source_volume.snapshots):
        if snapshot.name.startswith('snapmirror.%s' % relation.uuid):
            snapshot.marks = []
            if not info_only:
                snapshots.discard(snapshot)


def find_snapshot(volume, name):
    return snapshots.lookup(volume, name)


def request_restore(cluster, source_path, destination_path):
    """A relationship of type restore: it writes a snapshot of a mirror back to a volume and then vanishes."""
    cluster.require_licence('snapmirror')
    source_svm, source = resolve(cluster, source_path, foreign=True)
    destination_svm, destination = resolve(cluster, destination_path)
    if destination is None or source is None:
        raise errors.Refused('snapmirror.restore', 'Only volumes can be restored.')
    if any(r.destination_volume is destination for r in cluster.relationships):
        raise errors.Refused('snapmirror.exists', 'Relationship with destination %s already exists.' % (
            destination_path))
    if not peers.peered(source_svm, destination_svm):
        raise errors.Refused('snapmirror.no_peer', 'SVM "%s" is not a peer of SVM "%s".' % (
            source_svm.name, destination_svm.name))
    if destination.size < source.active:
        raise errors.Refused('snapmirror.too_small', 'Volume "%s" is smaller than what is restored.' % (
            destination.name))
    relation = Relationship(source_svm, source, destination_svm, destination,
                            find_policy(cluster, destination_svm, 'MirrorAllSnapshots'), restore=True, released=True)
    cluster.relationships.append(relation)
    return relation


def start_restore(relation, snapshot_name=None):
    """Start to write a snapshot, by default the newest, back. The volume cannot be unmounted meanwhile."""
    cluster, source = relation.cluster, relation.source_volume
    if relation.running:
        raise errors.Refused('snapmirror.restore', 'Another transfer is in progress.')
    if not peers.reachable(relation.destination_svm, relation.source_svm):
        raise errors.Refused('snapmirror.unreachable', 'The source cluster "%s" cannot be reached.' % (
            relation.source_svm.cluster.name))
    if not snapshot_name and not source.snapshots:
        raise errors.Refused('snapmirror.restore', 'Volume "%s" has no snapshot to restore.' % source.name)
    snapshot = find_snapshot(source, snapshot_name) if snapshot_name else source.snapshots[-1]
    seconds = max(cluster.settings['minimum_transfer_seconds'],
                  snapshot.content / cluster.settings['transfer_bytes_per_second'])
    fault = cluster.take_job_fault('snapmirror.transfer') or {}
    seconds *= fault.get('slow', 1)
    transfer = Transfer('restore', cluster.now(), seconds, snapshot.content, names=[snapshot.name])
    relation.transfers.append(transfer)
    relation.destination_volume.transferring = relation.destination_volume.restoring = True
    if not fault.get('stuck'):
        cluster.world.after(seconds, 'snapmirror.restored', relation=relation, transfer=transfer,
                            failure=(fault.get('refusal') or {}).get('message'))
    return transfer


@operation('snapmirror.restored')
def restored(relation, transfer, failure=None):
    """The snapshot is back on the volume, which now holds what it held; the relationship is gone."""
    if transfer.state not in ACTIVE or relation not in relation.cluster.relationships:
        return
    volume = relation.destination_volume
    transfer.ended, transfer.state = relation.cluster.now(), 'failed' if failure else 'success'
    volume.transferring = volume.restoring = False
    if failure:
        transfer.error = relation.last_error = failure
        relation.healthy, relation.unhealthy = False, [{'code': '13303845', 'message': failure}]
        return
    relation.cluster.relationships.remove(relation)
    origin = find(relation.source_volume.snapshots, name=transfer.names[0])
    if origin is None:
        return
    if find(volume.snapshots, name=origin.name) is None:
        volume.snapshots.append(dataclasses.replace(
            origin, volume=volume, marks=[], attributes={}, own=0, shared=0, uuid=new_uuid()))
    volume.active = volume.shared = origin.content
    volume.files_used = origin.inodes
