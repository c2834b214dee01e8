"""A cluster: its nodes, licences, accounts' home and everything that belongs to it."""

import dataclasses
import datetime

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, new_uuid

LICENCES = ('base', 'nfs', 'cifs', 'snaprestore', 'snapmirror', 'flexclone', 'snaplock', 'fcp', 'iscsi', 've')
# How long operations take that run as jobs, in simulated seconds; a topology may say otherwise by name.
DURATIONS = {'default': 0.05, 'flexgroup.create': 0.2, 'volume.create': 0.05, 'svm.create': 0.2, 'svm.delete': 0.2}
# What simulator.md section 17 marks as unverified: kept here, so that a topology can correct it.
SETTINGS = {
    'zapi': True, 'strict': True, 'export_busy_seconds': 0.0, 'page_limit': 0,
    'recovery_queue_name': '%(name)s_%(dsid)d', 'max_svm_creates': 5,
    'split_bytes_per_second': 100 * 1024 ** 2, 'move_bytes_per_second': 100 * 1024 ** 2,
    'transfer_bytes_per_second': 100 * 1024 ** 2, 'minimum_transfer_seconds': 1.0,
    'ldap_failures': 0, 'unauthenticated_peers': False, 'passphrase_length': 8,
    'ad_realms': {}, 'thin_offline_when_full': False, 'gzip': True, 'rest_codes': {},
    'zapi_login_errno': 0, 'rename_propagation_seconds': 0.0,
}
# Name -> (minutes, hours, days of the week, days of the month) of the schedules every cluster is born with.
SCHEDULES = {
    '5min': (tuple(range(0, 60, 5)), (), (), ()), '10min': (tuple(range(0, 60, 10)), (), (), ()),
    '30min': ((5, 35), (), (), ()), 'hourly': ((5,), (), (), ()), '8hour': ((15,), (2, 10, 18), (), ()),
    'daily': ((10,), (0,), (), ()), 'weekly': ((15,), (0,), (0,), ()), 'monthly': ((20,), (0,), (), (1,)),
}


@dataclasses.dataclass(eq=False)
class Node:
    """A controller. `load` holds rates the performance counters follow, all in 0..1 of the time."""

    cluster: object
    name: str
    uuid: str = dataclasses.field(default_factory=new_uuid)
    serial_number: str = ''
    state: str = 'up'
    partner: object = None
    compliance_clock: bool = False
    lif_limit: int = 512
    boot_time: float = 0.0
    load: dict = dataclasses.field(default_factory=lambda: {'cpu': 0.1, 'kahuna': 0.05, 'cp': 0.04})
    counted: dict = dataclasses.field(default_factory=dict)
    load_since: float = 0.0

    @property
    def lif_count(self):
        return sum(1 for lif in self.cluster.lifs if lif.node is self and lif.scope == 'svm')


@dataclasses.dataclass(eq=False)
class Schedule:
    """When something is done, as a cron entry; without hours it is done in every one."""

    name: str
    uuid: str = dataclasses.field(default_factory=new_uuid)
    minutes: tuple = (5,)
    hours: tuple = ()
    weekdays: tuple = ()
    days: tuple = ()

    @property
    def period(self):
        """Seconds between two times, on average."""
        times = max(1, len(self.minutes)) * (len(self.hours) or 24)
        if self.days:
            return 30 * 86400 / (times * len(self.days))
        return 7 * 86400 / (times * (len(self.weekdays) or 7))


@dataclasses.dataclass(eq=False)
class SnapshotPolicy:
    """A named plan of scheduled snapshots: copies are (schedule name, count, prefix)."""

    name: str
    scope: str = 'cluster'
    svm: object = None
    enabled: bool = True
    comment: str = ''
    copies: list = dataclasses.field(default_factory=list)
    uuid: str = dataclasses.field(default_factory=new_uuid)


@dataclasses.dataclass(eq=False)
class Cluster:
    """One cluster. Lists hold the objects of all its SVMs where clients can ask across SVMs."""

    world: object
    name: str
    version: tuple = (9, 14, 1)
    uuid: str = dataclasses.field(default_factory=new_uuid)
    serial_number: str = '1-80-000011'
    contact: str = ''
    location: str = ''
    nve_capable: bool = True
    no_dare: bool = False
    licences: set = dataclasses.field(default_factory=lambda: set(LICENCES))
    nodes: list = dataclasses.field(default_factory=list)
    aggregates: list = dataclasses.field(default_factory=list)
    disks: list = dataclasses.field(default_factory=list)
    svms: list = dataclasses.field(default_factory=list)
    volumes: list = dataclasses.field(default_factory=list)
    ipspaces: list = dataclasses.field(default_factory=list)
    broadcast_domains: list = dataclasses.field(default_factory=list)
    ports: list = dataclasses.field(default_factory=list)
    lifs: list = dataclasses.field(default_factory=list)
    jobs: list = dataclasses.field(default_factory=list)
    job_number: int = 100
    accounts: list = dataclasses.field(default_factory=list)
    roles: list = dataclasses.field(default_factory=list)
    peers: list = dataclasses.field(default_factory=list)
    svm_peers: list = dataclasses.field(default_factory=list)
    relationships: list = dataclasses.field(default_factory=list)
    deleted_relationships: list = dataclasses.field(default_factory=list)    # sources here that were not released
    snapmirror_policies: list = dataclasses.field(default_factory=list)
    qos_policies: list = dataclasses.field(default_factory=list)
    snapshot_policies: list = dataclasses.field(default_factory=list)
    schedules: list = dataclasses.field(default_factory=list)
    migrations: list = dataclasses.field(default_factory=list)
    file_moves: list = dataclasses.field(default_factory=list)
    peer_permissions: list = dataclasses.field(default_factory=list)
    certificates: list = dataclasses.field(default_factory=list)
    key_stores: list = dataclasses.field(default_factory=list)
    consistency_groups: list = dataclasses.field(default_factory=list)
    ems: list = dataclasses.field(default_factory=list)
    durations: dict = dataclasses.field(default_factory=lambda: dict(DURATIONS))
    settings: dict = dataclasses.field(default_factory=lambda: dict(SETTINGS))
    job_faults: list = dataclasses.field(default_factory=list)
    next_dsid: int = 1025
    next_id: int = 100
    clock_skew: float = 0.0

    def now(self):
        """The cluster's own clock in seconds since the epoch; it may be skewed."""
        return self.world.now() + self.clock_skew

    def duration(self, name):
        return self.durations.get(name, self.durations.get('default', 0.0))

    def number(self):
        """A small integer unique in the cluster, for objects that are known by number."""
        self.next_id += 1
        return self.next_id

    def take_job_fault(self, name):
        """The first job fault that applies to an operation; each applies as often as it says."""
        for fault in self.job_faults:
            if fault['operation'] in (name, '*') and fault.get('count', 1) > 0:
                fault['count'] = fault.get('count', 1) - 1
                return fault
        return None

    @property
    def release(self):
        return '.'.join(str(part) for part in self.version)

    @property
    def full_version(self):
        marker = ' <1no-DARE>' if self.no_dare else ''
        return 'NetApp Release %s%s: Tue Nov 05 20:19:53 UTC 2024' % (self.release, marker)

    @property
    def ontapi(self):
        """(major, minor) of the ZAPI schema that belongs to the release."""
        # 9.9.1 brought more than one destination of a FlexGroup and is one step above its round number for it.
        return 1, 100 + 10 * self.version[1] + (self.version[:2] == (9, 9))

    @property
    def snapshot_limit(self):
        """How many snapshots a volume may hold: 255 before 9.4, 1023 from then on."""
        return 1023 if self.version >= (9, 4, 0) else 255

    def require_licence(self, name):
        if name not in self.licences:
            raise errors.Refused('licence.%s' % name, 'The "%s" feature is not licensed in the cluster.' % name)

    @property
    def data_svms(self):
        return [svm for svm in self.svms if svm.type == 'data']

    @property
    def admin_svm(self):
        return find(self.svms, type='admin')

    def svm(self, name):
        return find(self.svms, name=name)


def iso(seconds):
    """ISO-8601 with offset, as ONTAP writes times."""
    if seconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
    return moment.isoformat()


def set_load(node, now, **rates):
    """Change what keeps a node busy; what was counted so far is kept, so counters never go back."""
    node.counted = counters(node, now)
    node.load_since = now
    node.load.update(rates)


def counters(node, now):
    """Monotonic counters in microseconds (milliseconds for consistency points), derived from the load."""
    elapsed = max(0.0, now - node.load_since)
    base = node.counted or {'elapsed': 0, 'busy': 0, 'kahuna': 0, 'cp': 0, 'cp_p2_flush': 0}
    micro = elapsed * 1e6
    return {
        'elapsed': base['elapsed'] + int(micro),
        'busy': base['busy'] + int(micro * node.load['cpu']),
        'kahuna': base['kahuna'] + int(micro * node.load['kahuna']),
        'cp': base['cp'] + int(elapsed * 1e3 * node.load['cp']),
        'cp_p2_flush': base['cp_p2_flush'] + int(elapsed * 1e3 * node.load['cp'] / 4),
    }


def take_over(node):
    """HA takeover: the partner owns the node's aggregates and carries its LIFs."""
    if node.partner is None or node.partner.state != 'up':
        raise errors.Refused('invalid', 'Node "%s" has no partner that could take over.' % node.name)
    node.state = 'taken_over'
    for aggregate in node.cluster.aggregates:
        if aggregate.home is node:
            aggregate.owner = node.partner
    for lif in node.cluster.lifs:
        if lif.home_node is node and lif.failover != 'home_port_only':
            lif.node = node.partner


def give_back(node):
    """The node is up again and everything goes home."""
    node.state = 'up'
    for aggregate in node.cluster.aggregates:
        if aggregate.home is node:
            aggregate.owner = node
    for lif in node.cluster.lifs:
        if lif.home_node is node:
            lif.node, lif.port = node, lif.home_port


def default_snapshot_policies():
    """The policies every cluster is born with."""
    return [
        SnapshotPolicy('default', copies=[('hourly', 6, 'hourly'), ('daily', 2, 'daily'), ('weekly', 2, 'weekly')],
                       comment='Default policy with hourly, daily & weekly schedules.'),
        SnapshotPolicy('default-1weekly',
                       copies=[('hourly', 6, 'hourly'), ('daily', 2, 'daily'), ('weekly', 1, 'weekly')]),
        SnapshotPolicy('none', enabled=False, comment='Policy for no automatic snapshots.'),
    ]


def default_schedules():
    return [Schedule(name, minutes=minutes, hours=hours, weekdays=weekdays, days=days)
            for name, (minutes, hours, weekdays, days) in SCHEDULES.items()]
