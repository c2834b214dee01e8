"""Storage virtual machines: what belongs to one and its life cycle."""

import dataclasses
import re

from manila.tests.simulators.ontap.model import (
    aggregates as aggrs,
    efficiency,
    errors,
    exports,
    jobs,
    lifs,
    peers,
    snapmirror,
    volumes,
)
from manila.tests.simulators.ontap.model.base import find, get, new_uuid, operation

NAME = re.compile(r'^[A-Za-z_][A-Za-z0-9_.-]{0,46}$')
ROOT_SIZE = 1024 ** 3


@dataclasses.dataclass(eq=False)
class Svm:
    """An SVM. `type` is admin, node, system or data; only data SVMs hold volumes of users."""

    cluster: object
    name: str
    type: str = 'data'
    subtype: str = 'default'
    ipspace: object = None
    uuid: str = dataclasses.field(default_factory=new_uuid)
    state: str = 'running'
    operational_state: str = 'running'
    aggregates: list = dataclasses.field(default_factory=list)
    root_volume: object = None
    language: str = 'c.utf_8'
    comment: str = ''
    security_style: str = 'unix'
    max_volumes: str = 'unlimited'
    retention_hours: int = 12
    logical_reporting: bool = False
    logical_enforcement: bool = False
    snapshot_policy: str = 'default'
    nsswitch: dict = dataclasses.field(default_factory=lambda: {
        'hosts': ['files', 'dns'], 'group': ['files'], 'passwd': ['files'], 'netgroup': ['files'],
        'namemap': ['files']})
    allowed: dict = dataclasses.field(default_factory=dict)
    export_policies: list = dataclasses.field(default_factory=list)
    service_policies: list = dataclasses.field(default_factory=list)
    efficiency_policies: list = dataclasses.field(default_factory=list)
    routes: list = dataclasses.field(default_factory=list)
    qtrees: list = dataclasses.field(default_factory=list)
    quota_rules: list = dataclasses.field(default_factory=list)
    cifs_shares: list = dataclasses.field(default_factory=list)
    unix_users: list = dataclasses.field(default_factory=list)
    unix_groups: list = dataclasses.field(default_factory=list)
    name_mappings: list = dataclasses.field(default_factory=list)
    local_hosts: list = dataclasses.field(default_factory=list)
    fpolicies: list = dataclasses.field(default_factory=list)
    fpolicy_events: list = dataclasses.field(default_factory=list)
    realms: list = dataclasses.field(default_factory=list)
    ldap_clients: list = dataclasses.field(default_factory=list)
    kerberos: dict = dataclasses.field(default_factory=dict)
    fences: list = dataclasses.field(default_factory=list)
    nfs: object = None
    cifs: object = None
    dns: object = None
    ldap: object = None
    attributes: dict = dataclasses.field(default_factory=dict)

    @property
    def volumes(self):
        """Volumes clients can see: those in the recovery queue are hidden."""
        return [v for v in self.cluster.volumes if v.svm is self and not v.in_recovery_queue]

    @property
    def lifs(self):
        return [lif for lif in self.cluster.lifs if lif.svm is self]

    def volume(self, name):
        return get(self.volumes, 'volume', name=name)

    def may_use(self, aggregate):
        """Whether volumes may be put there: an SVM without delegated aggregates may use all data aggregates."""
        return not aggregate.is_root and (not self.aggregates or aggregate in self.aggregates)


def default_efficiency_policies():
    return [efficiency.Policy('default', schedule='daily'), efficiency.Policy('inline-only', schedule=''),
            efficiency.Policy('auto')]


def check_name(cluster, name, moving=None):
    """Refuse a name that is malformed or taken, also by a peer; an SVM that moves here may have been one."""
    if not NAME.match(name or ''):
        raise errors.invalid('name', name, 'An SVM name has up to 47 letters, digits, dots, dashes, underscores.')
    if find(cluster.svms, name=name):
        raise errors.Refused('svm.duplicate', 'SVM name "%s" is already used by another SVM.' % name, 'name')
    for peer in cluster.svm_peers:
        if peer.local_name == name and peer.peer is not moving:
            raise errors.Refused('svm.duplicate', 'SVM name "%s" is already used by a peer SVM.' % name, 'name')


def request_create(cluster, name, **more):
    """Check what can be checked at once and start the job that makes the SVM."""
    check_name(cluster, name)
    running = [j for j in cluster.jobs if j.operation == 'svm.create' and not j.ended]
    if len(running) >= cluster.settings['max_svm_creates']:
        raise errors.Refused('svm.too_many_jobs', 'Maximum number of SVM create jobs (%d) reached.' % len(running))
    return jobs.start(cluster, 'POST /api/svm/svms/%s' % name, 'svm.create', None,
                      cluster=cluster, name=name, **more)


@operation('svm.create')
def create(cluster, name, uuid=None, ipspace='Default', subtype='default', aggregates=(), root_volume=None,
           root_aggregate=None, root_style='unix', moving=None, **values):
    """Make an SVM with its root volume, default policies and its self-signed certificate."""
    check_name(cluster, name, moving)
    svm = Svm(cluster, name, ipspace=get(cluster.ipspaces, 'IPspace', name=ipspace), subtype=subtype)
    svm.uuid = uuid or svm.uuid
    svm.aggregates = [get(cluster.aggregates, 'aggregate', name=a) for a in aggregates]
    svm.security_style = root_style
    svm.export_policies.append(exports.ExportPolicy(svm, 'default', cluster.number()))
    svm.service_policies = lifs.default_service_policies(svm)
    svm.efficiency_policies = default_efficiency_policies()
    svm.unix_users, svm.unix_groups = default_unix_accounts()
    svm.allowed = dict.fromkeys(('nfs', 'cifs', 'iscsi', 'fcp', 'nvme', 's3', 'ndmp'), True)
    cluster.certificates.append(Certificate(svm, name))
    cluster.svms.append(svm)
    modify(svm, **values)
    if subtype == 'dp_destination':
        svm.operational_state = 'stopped'
    else:
        _make_root(svm, root_volume or name.replace('-', '_').replace('.', '_') + '_root', root_aggregate)
    return svm


def _make_root(svm, name, aggregate_name):
    cluster = svm.cluster
    candidates = [a for a in cluster.aggregates if svm.may_use(a)]
    if aggregate_name:
        candidates = [get(cluster.aggregates, 'aggregate', name=aggregate_name)]
    candidates = [a for a in candidates if aggrs.room_for(a, ROOT_SIZE)]
    if not candidates:
        cluster.svms.remove(svm)
        raise errors.Refused('no_space', 'No aggregate has room for the root volume of SVM "%s".' % svm.name)
    aggregate = max(candidates, key=lambda a: a.available)
    root = volumes.Volume(cluster, svm, name, [aggregate], ROOT_SIZE, guarantee='volume', junction='/', is_root=True,
                  export_policy=svm.export_policies[0], security_style=svm.security_style)
    root.born()
    svm.root_volume = root


@dataclasses.dataclass(eq=False)
class Certificate:
    """A certificate of an SVM or, without one, of the cluster."""

    svm: object
    common_name: str
    type: str = 'server'
    ca: str = ''
    expiry_days: int = 365
    serial: str = dataclasses.field(default_factory=lambda: new_uuid().replace('-', '')[:16].upper())
    uuid: str = dataclasses.field(default_factory=new_uuid)

    def __post_init__(self):
        self.ca = self.ca or self.common_name


@dataclasses.dataclass(eq=False)
class UnixUser:
    name: str
    id: int
    primary_gid: int = 1
    full_name: str = ''


@dataclasses.dataclass(eq=False)
class UnixGroup:
    name: str
    id: int
    users: list = dataclasses.field(default_factory=list)


def default_unix_accounts():
    users = [UnixUser('root', 0), UnixUser('pcuser', 65534, 65534), UnixUser('nobody', 65535, 65535)]
    groups = [UnixGroup('root', 0), UnixGroup('daemon', 1), UnixGroup('pcuser', 65534), UnixGroup('nobody', 65535)]
    return users, groups


PLAIN = ('comment', 'language', 'retention_hours', 'logical_reporting', 'logical_enforcement', 'snapshot_policy',
         'max_volumes')


def modify(svm, name=None, aggregates=None, nsswitch=None, allowed=None, attributes=None, **values):
    """Change settings of an SVM."""
    cluster = svm.cluster
    if name is not None and name != svm.name:
        check_name(cluster, name)
        svm.name = name
        peers.announce(svm)
    if aggregates is not None:
        svm.aggregates = [get(cluster.aggregates, 'aggregate', name=a) for a in aggregates]
    for key, sources in (nsswitch or {}).items():
        svm.nsswitch[key] = list(sources)
    svm.allowed.update(allowed or {})
    svm.attributes.update(attributes or {})
    for key in PLAIN:
        if values.get(key) is not None:
            setattr(svm, key, values[key])


@operation('svm.modify')
def modify_later(svm, **values):
    state = values.pop('state', None)
    if state == 'running' and svm.state != 'running':
        start(svm)
    elif state == 'stopped' and svm.state != 'stopped':
        stop(svm)
    modify(svm, **values)
    return svm


def start(svm):
    if svm.subtype == 'dp_destination':
        raise errors.Refused('svm.dp_destination', 'SVM "%s" is a data-protection destination.' % svm.name)
    if svm.state == 'running':
        raise errors.Refused('svm.started', 'SVM "%s" is already started.' % svm.name)
    svm.state = svm.operational_state = 'running'


def stop(svm):
    """Stop an SVM; its LIFs go down with it."""
    if svm.state == 'stopped':
        raise errors.Refused('svm.stopped', 'SVM "%s" is already stopped.' % svm.name)
    svm.state = svm.operational_state = 'stopped'


def check_delete(svm):
    """What stands in the way of deleting an SVM."""
    cluster = svm.cluster
    held = [v for v in cluster.volumes if v.svm is svm and v is not svm.root_volume]
    if held:
        raise errors.Refused('svm.has_volumes', 'SVM "%s" still has %d volumes, among them "%s"%s.' % (
            svm.name, len(held), held[0].name,
            ' in the recovery queue' if held[0].in_recovery_queue else ''))
    if svm.cifs is not None:
        raise errors.Refused('svm.has_cifs', 'SVM "%s" has a CIFS server in an Active Directory.' % svm.name)
    if any(p.svm is svm for p in cluster.svm_peers):
        raise errors.Refused('svm.has_peers', 'SVM "%s" has SVM peers.' % svm.name)
    if any(r.destination_svm is svm for r in cluster.relationships) or any(
            r.source_svm is svm for r in snapmirror.sources(cluster)):
        raise errors.Refused('svm.has_relationships', 'SVM "%s" has SnapMirror relationships.' % svm.name)


@operation('svm.delete')
def delete(svm):
    """Remove an SVM with its root volume, LIFs, policies and certificates."""
    check_delete(svm)
    erase(svm)


def erase(svm):
    """Take an SVM out of its cluster with all that belongs to it, whatever stands in the way."""
    cluster = svm.cluster
    for peer in [p for p in cluster.svm_peers if p.svm is svm]:
        for side in (peer, peer.other):
            if side in side.svm.cluster.svm_peers:
                side.svm.cluster.svm_peers.remove(side)
    cluster.volumes[:] = [v for v in cluster.volumes if v.svm is not svm]
    cluster.lifs[:] = [lif for lif in cluster.lifs if lif.svm is not svm]
    cluster.qos_policies[:] = [q for q in cluster.qos_policies if q.svm is not svm]
    cluster.certificates[:] = [c for c in cluster.certificates if c.svm is not svm]
    cluster.key_stores[:] = [k for k in cluster.key_stores if k.svm is not svm]
    cluster.peer_permissions[:] = [p for p in cluster.peer_permissions if p.svm is not svm]
    cluster.accounts[:] = [a for a in cluster.accounts if a.svm is not svm]
    cluster.svms.remove(svm)
