"""What the client takes and returns: plain values, the same over both transports.

Sizes are bytes, times are UTC without time zone, names are those of the array. A field is None when the array did not
say (or, in a :class:`VolumeChange`, when it is to stay as it is).
"""
import dataclasses
import datetime

FLEXVOL, FLEXGROUP = 'flexvol', 'flexgroup'
READ_WRITE, DATA_PROTECTION = 'rw', 'dp'
NFS, CIFS = 'nfs', 'cifs'


@dataclasses.dataclass(frozen=True, order=True)
class Version:
    """A release, comparable: ``client.version >= Version(9, 14, 1)``.

    ``full`` is the text the array shows; a ``<1no-DARE>`` in it means that it cannot encrypt volumes.
    """

    generation: int
    major: int
    minor: int = 0
    full: str = dataclasses.field(default='', compare=False)

    def __str__(self):
        return f'{self.generation}.{self.major}.{self.minor}'


@dataclasses.dataclass(frozen=True)
class Node:
    """A node of the cluster. ``uuid`` may be None over ZAPI."""

    name: str
    uuid: str = None


@dataclasses.dataclass(frozen=True)
class Aggregate:
    """What an aggregate is made of. ``disk_types`` are the array's words in upper case (SSD, SAS, ...).

    ``encrypted`` tells whether the whole aggregate is (NAE). ``home_node`` is where it belongs, ``node`` where it is.
    """

    name: str
    home_node: str
    node: str
    raid_type: str
    hybrid: bool
    encrypted: bool
    snaplock_type: str = 'non_snaplock'
    disk_types: tuple = ()


@dataclasses.dataclass(frozen=True)
class AggregateSpace:
    """Bytes of an aggregate; ``total`` and ``used`` are 0 where only what is free may be known (SVM credentials)."""

    name: str
    total: int
    used: int
    free: int


@dataclasses.dataclass(frozen=True)
class Svm:
    """A data SVM. ``aggregates`` are the names of those delegated to it, empty when none is."""

    name: str
    uuid: str
    state: str = 'running'
    aggregates: tuple = ()


@dataclasses.dataclass(frozen=True)
class Lif:
    """A logical interface. ``protocols`` are those of :data:`NFS`, :data:`CIFS` that it carries."""

    name: str
    address: str
    home_node: str
    home_port: str
    enabled: bool = True
    protocols: frozenset = frozenset()
    uuid: str = None


@dataclasses.dataclass(frozen=True)
class SnapLock:
    """SnapLock settings of a volume. Periods are texts as in extra specs ('10 days', 'infinite'), or None."""

    type: str
    autocommit: str = None
    minimum: str = None
    maximum: str = None
    default: str = None


@dataclasses.dataclass(frozen=True)
class Autosize:
    """Whether and how far a volume resizes itself. ``mode``: off, grow, grow_shrink; thresholds in percent."""

    mode: str = None
    grow_threshold: int = None
    shrink_threshold: int = None
    maximum: int = None
    minimum: int = None


@dataclasses.dataclass(frozen=True)
class Qos:
    """The QoS policy a volume is given. ZAPI has one field for each kind; REST has one for both."""

    name: str
    adaptive: bool = False


NO_QOS = Qos('none')


@dataclasses.dataclass(frozen=True)
class Efficiency:
    """Storage efficiency wanted of a volume: switches, and the name of an efficiency policy or None."""

    dedupe: bool = False
    compression: bool = False
    policy: str = None


@dataclasses.dataclass(frozen=True)
class Volume:
    """A volume that exists, as much of it as the driver looks at.

    ``size`` is the whole volume, snapshot reserve included, ``used`` what its clients and snapshots use of it.
    ``clone_parent`` and ``clone_snapshot`` are names when it is a FlexClone; ``splitting`` says that it is being
    separated from them. ``uuid`` addresses it over REST. ``aggregates`` are all of a FlexGroup's.
    """

    name: str
    uuid: str
    svm: str
    aggregates: tuple = ()
    style: str = FLEXVOL
    type: str = READ_WRITE
    state: str = 'online'
    size: int = 0
    used: int = 0
    junction: str = None
    is_root: bool = False
    export_policy: str = None
    security_style: str = None
    qos_policy: str = None
    snapshot_policy: str = None
    snapdir_visible: bool = None
    snapshot_count: int = 0
    snapshot_reserve: int = None
    files_max: int = None
    files_used: int = None
    thin: bool = None
    encrypted: bool = None
    fixed_size: bool = False
    created_at: datetime.datetime = None
    clone_parent: str = None
    clone_snapshot: str = None
    splitting: bool = False
    snaplock_type: str = 'non_snaplock'
    tags: tuple = ()

    @property
    def online(self):
        """Whether it serves."""
        return self.state == 'online'

    @property
    def is_flexgroup(self):
        """Whether it spans several constituents."""
        return self.style == FLEXGROUP


@dataclasses.dataclass(frozen=True)
class VolumeSpec:
    """A volume to be made. One of several aggregates is a FlexGroup, or one whose ``style`` says so.

    ``encrypted``: True for an encrypted volume, False to forbid it, None to leave it to the aggregate.
    ``junction`` mounts it at once (not for type dp). ``tags`` are ``key:value``, dropped by releases before 9.14.1.
    """

    name: str
    size: int
    aggregates: tuple
    style: str = FLEXVOL
    type: str = READ_WRITE
    junction: str = None
    export_policy: str = None
    security_style: str = None
    thin: bool = True
    snapshot_reserve: int = None
    snapshot_policy: str = None
    snapdir_visible: bool = None
    language: str = None
    encrypted: bool = None
    qos: Qos = None
    efficiency: Efficiency = None
    files_max: int = None
    snaplock: SnapLock = None
    tiering_policy: str = None
    autosize: Autosize = None
    tags: tuple = ()


@dataclasses.dataclass(frozen=True)
class CloneSpec:
    """A FlexClone to be made in its parent's SVM and aggregate."""

    name: str
    parent: str
    snapshot: str
    junction: str = None
    export_policy: str = None
    qos: Qos = None


@dataclasses.dataclass(frozen=True)
class VolumeChange:
    """What is to change of a volume; None leaves a thing as it is.

    ``junction`` of '' unmounts. ``qos`` of :data:`NO_QOS` takes the policy away. ``fixed_size`` of False allows a
    volume that was a SnapMirror destination to be resized. ``owner`` is the numeric user id of the top directory.
    """

    name: str = None
    state: str = None
    size: int = None
    junction: str = None
    export_policy: str = None
    security_style: str = None
    owner: int = None
    snapdir_visible: bool = None
    snapshot_policy: str = None
    snapshot_reserve: int = None
    files_max: int = None
    language: str = None
    qos: Qos = None
    thin: bool = None
    efficiency: Efficiency = None
    tiering_policy: str = None
    autosize: Autosize = None
    snaplock: SnapLock = None
    tags: tuple = None
    fixed_size: bool = None

    def __bool__(self):
        """Whether anything changes at all."""
        return any(getattr(self, field.name) is not None for field in dataclasses.fields(self))


def nested(pairs, separator):
    """Nested dicts out of paths and values, ``{'a.b': 1}`` is ``{'a': {'b': 1}}``; what is None is left out."""
    found = {}
    for path, value in pairs.items():
        if value is None:
            continue
        place = found
        *parts, last = path.split(separator)
        for part in parts:
            place = place.setdefault(part, {})
        place[last] = value
    return found


def replaced(value, **fields):
    """A value with other fields."""
    return dataclasses.replace(value, **fields)


@dataclasses.dataclass(frozen=True)
class Move:
    """A volume move. ``phase``: running, cutover_wait (ready, waits to be told), done, failed; ``percent`` 0..100."""

    phase: str
    percent: int = 0
    reason: str = ''


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """A Snapshot copy. ``owners`` are who needs it, in REST's words ('volume_clone', 'snapmirror', ...)."""

    name: str
    volume: str
    created_at: datetime.datetime = None
    size: int = 0
    owners: frozenset = frozenset()
    uuid: str = None

    @property
    def busy(self):
        """Whether somebody needs it just now, so that it cannot be deleted."""
        return any(not owner.endswith('dependent') for owner in self.owners)

    @property
    def locked_by_clone(self):
        """Whether a FlexClone is based on it."""
        return 'volume_clone' in self.owners


@dataclasses.dataclass(frozen=True)
class ExportRule:
    """Who may do what by NFS: ``client`` is an address or network, the rest are lists of security flavours.

    ``read_write`` of ('never',) allows reading only. ``anonymous`` is the numeric id that unknown users get, or None
    for the array's default.
    """

    client: str
    read_only: tuple = ('sys',)
    read_write: tuple = ('sys',)
    superuser: tuple = ('sys',)
    anonymous: str = None


@dataclasses.dataclass(frozen=True)
class ExportPolicy:
    """An export policy. ``id`` is None over ZAPI. ``rules`` in the order of their index, None when not asked for."""

    name: str
    id: int = None
    rules: tuple = None


@dataclasses.dataclass(frozen=True)
class CifsShare:
    """A CIFS share and its access list: user or group -> full_control, change, read, no_access."""

    name: str
    path: str
    access: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class QosPolicy:
    """A QoS policy group. ``limits`` have REST's names without prefix, as numbers and texts.

    fixed: max_throughput_iops, max_throughput_mbps, min_throughput_iops, min_throughput_mbps, capacity_shared (bool);
    mbps are MiB/s. adaptive: expected_iops, peak_iops, absolute_min_iops, block_size, expected_iops_allocation,
    peak_iops_allocation. ``users`` is how many volumes use it.
    """

    name: str
    svm: str
    limits: dict
    adaptive: bool = False
    users: int = 0
    uuid: str = None


@dataclasses.dataclass(frozen=True)
class FpolicyEvent:
    """File operations over a protocol (cifs, nfsv3, nfsv4) that FPolicy looks at."""

    name: str
    protocol: str
    operations: frozenset


@dataclasses.dataclass(frozen=True)
class FpolicyPolicy:
    """An FPolicy policy and its scope.

    ``events`` are names; ``include`` and ``exclude`` extensions of files; ``shares`` what it is for. ``priority`` is 1
    to 10 and counts while it is enabled.
    """

    name: str
    events: tuple
    include: frozenset = frozenset()
    exclude: frozenset = frozenset()
    shares: tuple = ()
    priority: int = None
    enabled: bool = False


@dataclasses.dataclass(frozen=True)
class NodeLoad:
    """Running counters of a node, of which the difference of two samples tells its load.

    ``clock`` and ``elapsed`` are in the same unit as ``busy`` (of ``clock``) and ``kahuna`` (of ``elapsed``);
    ``cp`` and ``cp_flush`` are milliseconds of consistency points and of their phase that does not slow anybody down.
    ``taken_at`` is monotonic time in seconds.
    """

    busy: float
    clock: float
    kahuna: float
    elapsed: float
    cp: float
    cp_flush: float
    taken_at: float
