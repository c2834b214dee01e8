"""Volumes: the object, its space, and creating, mounting, stopping and deleting it."""

import dataclasses
import re

from manila.tests.simulators.ontap.model import aggregates as aggrs, efficiency, errors, exports, jobs, qos
from manila.tests.simulators.ontap.model.base import find, get, new_uuid, operation

NAME = re.compile(r'^[A-Za-z_][A-Za-z0-9_]{0,202}$')
MIN_SIZE = 20 * 1024 ** 2
MAX_FLEXVOL = 300 * 1024 ** 4
EMPTY = 256 * 1024                  # an empty file system's own blocks
INODE_KIB = 33.6925                 # one inode for that many KiB by default
DEFAULT_FILES_CAP = 21251126
FILES_CEILING = 2040109451
CONSTITUENTS = 4


@dataclasses.dataclass(eq=False)
class Volume:
    """A FlexVol or FlexGroup. Sizes are bytes; `active` is what the active file system holds.

    `shared` of that is in common with the latest snapshot, `inherited` with the parent of a FlexClone.
    """

    cluster: object
    svm: object
    name: str
    aggregates: list
    size: int
    type: str = 'rw'
    style: str = 'flexvol'
    state: str = 'online'
    uuid: str = dataclasses.field(default_factory=new_uuid)
    dsid: int = 0
    msid: int = 0
    create_time: float = 0.0
    guarantee: str = 'volume'
    snap_reserve: int = 5
    snapshots: list = dataclasses.field(default_factory=list)
    junction: str = None
    export_policy: object = None
    security_style: str = 'unix'
    uid: int = 0
    gid: int = 0
    unix_permissions: int = 755
    language: str = 'c.utf_8'
    snapdir: bool = True
    snapshot_policy: str = 'default'
    autosize: dict = None
    files_max: int = 0
    files_used: int = 96
    active: int = EMPTY
    shared: int = 0
    inherited: int = 0
    efficiency: object = dataclasses.field(default_factory=efficiency.Efficiency)
    encrypted: bool = False
    snaplock: dict = dataclasses.field(default_factory=lambda: {'type': 'non_snaplock'})
    qos_policy: object = None
    tags: list = dataclasses.field(default_factory=list)
    comment: str = ''
    tiering: dict = dataclasses.field(default_factory=lambda: {'policy': 'none'})
    fs_size_fixed: bool = False
    is_root: bool = False
    initialized: bool = True
    transferring: bool = False
    restoring: bool = False
    in_recovery_queue: bool = False
    deleted_at: float = None
    parent: object = None
    parent_snapshot: object = None
    split: object = None
    move: object = None
    quota_enabled: bool = False
    per_aggregate: int = 1
    logical_reporting: bool = False
    logical_enforcement: bool = False
    fs_size: int = None
    paths: dict = dataclasses.field(default_factory=dict)
    luns: list = dataclasses.field(default_factory=list)
    attributes: dict = dataclasses.field(default_factory=dict)

    def born(self):
        """Enter a new volume into its cluster."""
        self.dsid = self.cluster.next_dsid
        self.cluster.next_dsid += 1
        self.msid = 2147484672 + self.dsid
        self.create_time = self.cluster.now()
        self.files_max = self.files_max or default_files(self.size)
        self.autosize = self.autosize or default_autosize(self.size)
        self.cluster.volumes.append(self)
        return self

    # --- space -----------------------------------------------------------------------------------------------
    @property
    def reserve_bytes(self):
        return (self.fs_size or self.size) * self.snap_reserve // 100

    @property
    def snapshot_used(self):
        return sum(s.own for s in self.snapshots)

    @property
    def spill(self):
        """Snapshot blocks that no longer fit into the snapshot reserve."""
        return max(0, self.snapshot_used - self.reserve_bytes)

    @property
    def afs_total(self):
        """What the active file system may grow to: a fixed one keeps its size when its volume grows."""
        return (self.fs_size or self.size) - self.reserve_bytes

    @property
    def used(self):
        return self.active + self.spill

    @property
    def available(self):
        """Room for writers: a thin volume also needs room in its aggregates."""
        room = max(0, self.afs_total - self.used)
        if self.guarantee == 'volume':
            return room
        return min(room, sum(a.available for a in set(self.aggregates)))

    @property
    def used_percent(self):
        return round(100 * self.used / self.afs_total) if self.afs_total else 0

    @property
    def physical(self):
        """Blocks of its own: what a clone shares with its parent is not counted."""
        return max(0, self.active - self.inherited) + self.snapshot_used

    @property
    def footprint(self):
        return max(self.size, self.physical) if self.guarantee == 'volume' else self.physical

    def footprint_on(self, aggregate):
        """Its part on one aggregate: a FlexGroup is spread evenly. A volume move copies to the target too."""
        part = self.footprint * self.aggregates.count(aggregate) // max(1, len(self.aggregates))
        return part

    # --- checks ----------------------------------------------------------------------------------------------
    def require_online(self):
        if self.state != 'online':
            raise errors.Refused('volume.offline', 'Volume "%s" is not online.' % self.name)

    @property
    def constituent_count(self):
        return len(self.aggregates) * self.per_aggregate if self.style == 'flexgroup' else 0

    @property
    def clones(self):
        """FlexClones based on it, those waiting in the recovery queue too."""
        return [v for v in self.cluster.volumes if v.parent is self]

    @property
    def children(self):
        """Volumes mounted below its junction."""
        if not self.junction:
            return []
        below = self.junction.rstrip('/') + '/'
        return [v for v in self.svm.volumes if v.junction and v is not self and v.junction.startswith(below)]

    @property
    def node(self):
        return self.aggregates[0].owner


def default_files(size):
    """Inodes a volume of that size gets."""
    return min(DEFAULT_FILES_CAP, int(size / 1024 / INODE_KIB))


def files_ceiling(size):
    """The most inodes a volume of that size may have: one per 4 KiB block."""
    return min(FILES_CEILING, size // 4096)


def default_autosize(size):
    return {'mode': 'off', 'grow_threshold': 85 if size < 1024 ** 4 else 90, 'shrink_threshold': 50,
            'maximum': size + size // 5, 'minimum': size}


def check_name(svm, name):
    if not NAME.match(name or ''):
        raise errors.Refused('volume.bad_name', 'Invalid volume name "%s": letters, digits and "_" only, at most 203, '
                             'not starting with a digit.' % name, 'name')
    if any(v.svm is svm and v.name == name for v in svm.cluster.volumes):
        raise errors.Refused('volume.duplicate', 'duplicate entry: volume "%s" already exists in SVM "%s".' % (
            name, svm.name), 'name')


def check_junction(svm, junction, volume=None):
    """A junction path is absolute, free and below one that exists."""
    if not junction.startswith('/') or '//' in junction or (junction != '/' and junction.endswith('/')):
        raise errors.Refused('volume.bad_path', 'The junction path "%s" is invalid.' % junction, 'nas.path')
    taken = {v.junction for v in svm.volumes if v.junction and v is not volume}
    if junction in taken:
        raise errors.Refused('volume.bad_path', 'The junction path "%s" is already in use.' % junction, 'nas.path')
    parent = junction.rsplit('/', 1)[0] or '/'
    if parent not in taken:
        raise errors.Refused('volume.bad_path', 'The path "%s" that would hold the junction does not exist.' % parent,
                             'nas.path')


def check_tags(cluster, tags):
    if tags and cluster.version < (9, 14, 1):
        raise errors.Refused('unknown_field', 'Unexpected argument "_tags".', '_tags')
    for tag in tags:
        if ':' not in tag:
            raise errors.invalid('_tags', tag, 'A tag has the form key:value.')
    if len(tags) > 50:
        raise errors.invalid('_tags', len(tags), 'At most 50 tags.')


def check_placement(svm, names, style):
    """Aggregates that exist, hold data and are delegated to the SVM."""
    found = []
    for name in names:
        aggregate = get(svm.cluster.aggregates, 'aggregate', name=name)
        if aggregate.is_root:
            raise errors.Refused('volume.root_aggregate', 'Aggregate "%s" is a root aggregate.' % name, 'aggregates')
        if not svm.may_use(aggregate):
            raise errors.Refused('volume.aggregate', 'Aggregate "%s" is not delegated to SVM "%s".' % (
                name, svm.name), 'aggregates')
        found.append(aggregate)
    if not found and style == 'flexgroup':
        found = [a for a in svm.cluster.aggregates if svm.may_use(a) and a.state == 'online']
    if not found:
        raise errors.required('aggregates')
    return found


def check_size(size, style, constituents=1):
    if size < MIN_SIZE * constituents:
        raise errors.Refused('volume.too_small', 'Size "%d" is too small: the minimum is %d.' % (
            size, MIN_SIZE * constituents), 'size')
    if style == 'flexvol' and size > MAX_FLEXVOL:
        raise errors.Refused('volume.too_large', 'Size "%d" is too large: the maximum is %d.' % (size, MAX_FLEXVOL),
                             'size')


def check_flexgroup_free(cluster, aggregates):
    """Only one FlexGroup at a time is made on an aggregate."""
    for job in cluster.jobs:
        if job.operation == 'flexgroup.create' and not job.ended:
            names = job.arguments['aggregates']
            if any(a.name in names for a in aggregates):
                raise errors.Refused('flexgroup.busy', 'Another FlexGroup is being created on aggregate "%s". Wait a '
                                     'few minutes, and then try the command again.' % names[0])


def request_create(svm, name, size, aggregates=(), style=None, per_aggregate=None, **more):
    """Check a request for a new volume and start its job.

    More than one aggregate, or constituents, or the style ask for a FlexGroup.
    """
    cluster = svm.cluster
    check_name(svm, name)
    flexgroup = style == 'flexgroup' or len(aggregates) > 1 or bool(per_aggregate)
    style = 'flexgroup' if flexgroup else 'flexvol'
    placed = check_placement(svm, aggregates, style)
    if flexgroup:
        check_flexgroup_free(cluster, placed)
        more['per_aggregate'] = per_aggregate or CONSTITUENTS
    check_size(size, style, len(placed) * more.get('per_aggregate', 1))
    check_settings(svm, more)
    uuid = new_uuid()
    return jobs.start(cluster, 'POST /api/storage/volumes/%s' % uuid, 'flexgroup.create' if flexgroup
                      else 'volume.create', svm, svm=svm, uuid=uuid, name=name, size=size,
                      aggregates=[a.name for a in placed], style=style, **more)


def check_settings(svm, values):
    """Names that a volume refers to must exist, values be in range."""
    cluster = svm.cluster
    if svm.state != 'running':
        raise errors.Refused('svm.not_running', 'SVM "%s" is not running.' % svm.name)
    if values.get('type', 'rw') not in ('rw', 'dp'):
        raise errors.invalid('type', values['type'])
    if values.get('guarantee', 'none') not in ('none', 'volume'):
        raise errors.invalid('guarantee.type', values['guarantee'])
    if values.get('security_style', 'unix') not in ('unix', 'ntfs', 'mixed', 'unified'):
        raise errors.invalid('nas.security_style', values['security_style'])
    if values.get('snapshot_policy') and not find_snapshot_policy(svm, values['snapshot_policy']):
        raise errors.missing('snapshot policy', values['snapshot_policy'])
    if values.get('efficiency_set', {}).get('policy'):
        efficiency.check_policy(svm, values['efficiency_set']['policy'])
    if values.get('export_policy') is not None:
        get(svm.export_policies, 'export policy', name=values['export_policy'])
    if values.get('qos_policy'):
        qos.lookup(svm, values['qos_policy'], values.get('qos_kind'))
    reserve = values.get('snap_reserve')
    if reserve is not None and not 0 <= reserve <= 90:
        raise errors.invalid('space.snapshot.reserve_percent', reserve)
    if values.get('encrypted') and not cluster.nve_capable:
        raise errors.Refused('volume.no_encryption', 'Volume encryption is not supported by this cluster.')
    if values.get('junction'):
        if values.get('type') == 'dp':
            raise errors.Refused('volume.bad_path', 'A data-protection volume cannot be mounted yet.', 'nas.path')
        check_junction(svm, values['junction'])
    check_tags(cluster, values.get('tags') or [])
    snaplock = (values.get('snaplock') or {}).get('type', 'non_snaplock')
    if snaplock not in ('non_snaplock', 'compliance', 'enterprise'):
        raise errors.invalid('snaplock.type', snaplock)
    if snaplock != 'non_snaplock':
        cluster.require_licence('snaplock')
        if not all(node.compliance_clock for node in cluster.nodes):
            raise errors.Refused('snaplock.no_clock', 'The SnapLock compliance clock is not configured.')


def find_snapshot_policy(svm, name):
    """A policy of the SVM or of the cluster."""
    return find([p for p in svm.cluster.snapshot_policies if p.svm in (None, svm)], name=name)


@operation('flexgroup.create')
@operation('volume.create')
def create(svm, uuid, name, size, aggregates, style, qos_kind=None, **values):
    """Make the volume: the aggregates must have room for what it reserves."""
    cluster = svm.cluster
    check_name(svm, name)
    check_settings(svm, dict(values, qos_kind=qos_kind))
    placed = [get(cluster.aggregates, 'aggregate', name=a) for a in aggregates]
    values.setdefault('guarantee', 'volume' if style == 'flexvol' else 'none')
    policy = values.pop('export_policy', None) or 'default'
    qos_name = values.pop('qos_policy', None)
    thin = values['guarantee'] == 'none'
    for aggregate in set(placed):
        share = EMPTY if thin else size * placed.count(aggregate) // len(placed)
        if not aggrs.room_for(aggregate, share):
            raise errors.Refused('no_space', 'Request to create volume "%s" failed because there is not enough space '
                                 'in aggregate "%s". Either create %d bytes of free space or select a size of at most '
                                 '%d bytes.' % (name, aggregate.name, share - aggregate.available,
                                                max(0, aggregate.available)))
    junction = values.pop('junction', None)
    modes, limits = values.pop('efficiency_set', None), values.pop('autosize_set', None)
    values.setdefault('security_style', svm.security_style)
    values.setdefault('language', svm.language)
    volume = Volume(cluster, svm, name, placed, size, style=style, uuid=uuid, junction=junction or None,
                    export_policy=get(svm.export_policies, 'export policy', name=policy), **values)
    volume.qos_policy = qos.lookup(svm, qos_name, qos_kind) if qos_name else None
    volume.initialized = volume.type != 'dp'
    if modes:
        efficiency.set_modes(volume, **modes)
    if limits:
        volume.autosize = dict(default_autosize(size), **limits)
    return volume.born()


def require_no_job(volume, *operations):
    """Refuse while one of the operations still runs for the volume; the text names the job."""
    for job in volume.cluster.jobs:
        if not job.ended and job.operation in operations and volume in job.arguments.values():
            raise errors.Refused('volume.job', 'Volume "%s" is in use by job ID %d.' % (volume.name, job.number))


def mount(volume, junction):
    """Put the volume into the namespace of its SVM."""
    if volume.junction == junction:
        return
    if volume.transferring and not volume.initialized:
        raise errors.Refused('volume.initializing', 'Volume "%s" cannot be mounted while a snapmirror initialize is '
                             'in progress.' % volume.name, 'nas.path')
    if not volume.initialized:
        raise errors.Refused('volume.bad_path', 'Volume "%s" cannot be mounted before a snapmirror initialize has '
                             'ended.' % volume.name, 'nas.path')
    volume.require_online()
    if volume.junction and volume.children:
        raise errors.Refused('volume.has_children', 'Volumes are mounted below "%s".' % volume.junction, 'nas.path')
    check_junction(volume.svm, junction, volume)
    volume.junction = junction


def unmount(volume, force=False):
    if volume.junction is None:
        raise errors.Refused('volume.not_mounted', 'Volume "%s" is not mounted.' % volume.name)
    require_no_job(volume, 'clone.create', 'volume.restore')
    if volume.restoring:
        raise errors.Refused('volume.busy', 'Volume "%s" is being restored by SnapMirror.' % volume.name)
    if volume.children and not force:
        raise errors.Refused('volume.has_children', 'Volumes are mounted below "%s".' % volume.junction, 'nas.path')
    for child in volume.children:
        child.junction = None
    volume.junction = None


def offline(volume, force=False):
    """Stop serving a volume; its junction goes."""
    if volume.state == 'offline':
        raise errors.Refused('volume.already_offline', 'Volume "%s" is already offline.' % volume.name)
    if volume.move is not None and volume.move.active:
        raise errors.Refused('volume.busy', 'Volume "%s" is being moved.' % volume.name)
    if volume.split is not None:
        raise errors.Refused('volume.busy', 'Volume "%s" is undergoing a clone split.' % volume.name)
    if volume.junction is not None:
        unmount(volume, force)
    volume.state = 'offline'


def online(volume):
    """Serve it again; the junction must be set anew."""
    if any(a.state != 'online' for a in volume.aggregates):
        raise errors.Refused('volume.aggregate', 'The aggregate of volume "%s" is not online.' % volume.name)
    volume.state = 'online'


def check_delete(volume, stop=False):
    if volume.state != 'offline' and not stop:
        raise errors.Refused('volume.not_offline', 'Volume "%s" must be offline to be deleted.' % volume.name)
    if volume.clones:
        raise errors.Refused('volume.has_clones', 'Volume "%s" cannot be deleted because it has one or more clones: '
                             '%s.' % (volume.name, ', '.join(v.name for v in volume.clones)))
    for relation in volume.cluster.relationships:
        if relation.destination_volume is volume:
            raise errors.Refused('volume.snapmirror', 'Volume "%s" is the destination of a SnapMirror relationship.' % (
                volume.name))
    for cluster in volume.cluster.world.clusters:
        known = cluster.relationships + cluster.deleted_relationships
        if any(r.source_volume is volume and not r.released for r in known):
            raise errors.Refused('volume.snapmirror', 'Volume "%s" is the source of a SnapMirror relationship that '
                                 'was not released.' % volume.name)
    if volume.is_root and len([v for v in volume.cluster.volumes if v.svm is volume.svm]) > 1:
        raise errors.Refused('volume.svm_root', 'Root volume "%s" cannot be deleted while other volumes exist.' % (
            volume.name))


@operation('volume.delete')
def delete(volume, force=False, stop=False):
    """Delete an offline volume (`stop` takes it offline). A FlexVol waits in the recovery queue unless forced."""
    check_delete(volume, stop)
    if stop and volume.state != 'offline':
        offline(volume)
    svm, hours = volume.svm, volume.svm.retention_hours
    volume.qos_policy = None
    svm.qtrees[:] = [q for q in svm.qtrees if q.volume is not volume]
    svm.quota_rules[:] = [q for q in svm.quota_rules if q.volume is not volume]
    if force or not hours or volume.style != 'flexvol' or volume.is_root:
        purge(volume)
        return
    volume.in_recovery_queue = True
    volume.deleted_at = volume.cluster.now()
    volume.name = volume.cluster.settings['recovery_queue_name'] % {'name': volume.name, 'dsid': volume.dsid}
    volume.cluster.world.after(hours * 3600, 'volume.purge', volume=volume)


@operation('volume.purge')
def purge(volume):
    """Forget a volume for good."""
    if volume in volume.cluster.volumes:
        volume.cluster.volumes.remove(volume)
    if volume.svm.root_volume is volume:
        volume.svm.root_volume = None


def rename(volume, name):
    if name != volume.name:
        check_name(volume.svm, name)
        volume.name = name


def assign_export_policy(volume, name):
    policy = get(volume.svm.export_policies, 'export policy', name=name)
    if policy is not volume.export_policy:
        if volume.export_policy is not None:
            exports.released(volume.export_policy)
        volume.export_policy = policy
