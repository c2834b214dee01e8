"""Migration of an SVM from one cluster to another, without stopping its clients.

A migration is known to the destination's cluster. It copies the volumes, waits for the cut-over, gives the SVM with
everything configured in it to the destination, and clears the source away.
"""

import dataclasses

from manila.tests.simulators.ontap.model import errors, jobs, lifs, luns, snapmirror, svmdr, svms
from manila.tests.simulators.ontap.model.base import find, get, new_uuid, operation

PAUSABLE = ('setup_configuration', 'transferring', 'ready_for_cutover')
ENDED = ('migrate_complete', 'ready_for_source_cleanup', 'migrate_failed', 'migrate_paused')


@dataclasses.dataclass(eq=False)
class Migration:
    """One migration. `volumes` are pairs of a volume and its copy, which is None until its turn has come.

    `run` counts starts and resumptions: what an earlier run had planned is void.
    """

    cluster: object
    source_cluster: object
    source: object
    ipspace: object
    aggregates: list = dataclasses.field(default_factory=list)
    pairs: dict = dataclasses.field(default_factory=dict)
    placement: dict = dataclasses.field(default_factory=dict)
    auto_cutover: bool = True
    auto_cleanup: bool = True
    throttle: int = 0
    state: str = 'precheck_started'
    svm: object = None
    source_name: str = ''
    source_uuid: str = ''
    volumes: list = dataclasses.field(default_factory=list)
    messages: list = dataclasses.field(default_factory=list)
    times: dict = dataclasses.field(default_factory=dict)
    point_of_no_return: bool = False
    current: str = 'start'
    last: str = 'none'
    failed_state: str = None
    restarts: int = 0
    run: int = 0
    uuid: str = dataclasses.field(default_factory=new_uuid)

    def __post_init__(self):
        self.source_name, self.source_uuid = self.source.name, self.source.uuid


def request(cluster, source_cluster, source_svm, check_only=False, ipspace=None, aggregates=(), pairs=None, **more):
    """Check the names in a request and start the job that checks everything else and begins to migrate."""
    if aggregates and pairs:
        raise errors.Refused('migration.placement', 'Aggregates and volume-aggregate pairs exclude each other.',
                             'destination.volume_placement')
    peer = next((p for p in cluster.peers if p.name == source_cluster and p.remote is not None), None)
    if peer is None:
        raise errors.Refused('migration.refused', 'Cluster "%s" is not a peer of this cluster.' % source_cluster,
                             'source.cluster.name')
    source = find(peer.remote.data_svms, name=source_svm)
    if source is None:
        raise errors.Refused('svm.not_found', 'SVM "%s" does not exist in cluster "%s".' % (
            source_svm, source_cluster), 'source.svm.name')
    for name in [*aggregates, *(pairs or {}).values()]:
        get(cluster.aggregates, 'aggregate', name=name)
    migration = Migration(cluster, peer.remote, source, get(cluster.ipspaces, 'IPspace', name=ipspace or 'Default'),
                          list(aggregates), dict(pairs or {}), **more)
    return jobs.start(cluster, 'POST /api/svm/migrations/%s' % migration.uuid, 'migration.start', None,
                      migration=migration, check_only=check_only)


def precheck(migration):
    """Why an SVM cannot be migrated. :raises Refused: with the reason of the first obstacle."""
    source, cluster = migration.source, migration.cluster
    if source.nfs is not None and source.nfs.v40:
        raise errors.Refused('migration.nfs40', 'SVM "%s" has NFSv4.0 enabled, which cannot be migrated.' % source.name)
    for each in (migration.source_cluster, cluster):
        if any(a.storage_type != 'ssd' for a in each.aggregates if not a.is_root):
            raise errors.Refused('migration.not_aff', 'Cluster "%s" is not an all-flash (AFF) cluster.' % each.name)
    _require(_reachable(migration), 'Cluster "%s" cannot be reached.' % migration.source_cluster.name)
    _require(source.state == 'running' and source.subtype == 'default', 'SVM "%s" is not running.' % source.name)
    _require(find(cluster.svms, name=source.name) is None, 'SVM name "%s" is used in the destination cluster.' % (
        source.name))
    _require(not any(m.source is source and m.state not in ENDED for m in cluster.migrations),
             'SVM "%s" is being migrated already.' % source.name)
    relations = snapmirror.sources(source.cluster) + source.cluster.relationships
    _require(not any(r.involves(source) for r in relations), 'SVM "%s" has SnapMirror relationships.' % source.name)
    for lif in source.lifs:
        _require(_port_for(migration, lif) is not None, 'IPspace "%s" has no port for LIF "%s".' % (
            migration.ipspace.name, lif.name))
        taken = any(x.address == lif.address and x.svm.ipspace is migration.ipspace for x in cluster.lifs)
        _require(not taken, 'Address %s is used in the destination cluster.' % lif.address)
    _place(migration, [v for v in source.cluster.volumes if v.svm is source and not v.in_recovery_queue])


def _require(condition, text):
    if not condition:
        raise errors.Refused('migration.refused', 'The SVM migration cannot be started: %s' % text)


def _reachable(migration):
    return any(p.remote is migration.source_cluster and p.reachable for p in migration.cluster.peers)


def _place(migration, volumes):
    """Aggregates for the volumes, by name of volume.

    Those named for a volume win, then those of the parent that a clone goes along with, then the emptiest allowed ones.
    """
    cluster = migration.cluster
    allowed = [a for a in cluster.aggregates if not a.is_root and a.state == 'online'
               and (not migration.aggregates or a.name in migration.aggregates)]
    room = {a.name: a.available for a in allowed}
    places = {}
    for volume in volumes:
        if volume.name in migration.pairs:
            chosen = [get(cluster.aggregates, 'aggregate', name=migration.pairs[volume.name])]
        elif volume.parent in volumes and volume.parent.name in places:
            chosen = places[volume.parent.name]
        elif _copy_of_parent(migration, volume) is not None:
            chosen = list(_copy_of_parent(migration, volume).aggregates)
        else:
            chosen = sorted(allowed, key=lambda a: -room[a.name])[:len(set(volume.aggregates))]
        part = volume.footprint // max(1, len(chosen))
        for aggregate in chosen:
            room[aggregate.name] = room.get(aggregate.name, aggregate.available) - part
        _require(chosen and all(room[a.name] > 0 for a in chosen), 'No aggregate has room for volume "%s".' % (
            volume.name))
        places[volume.name] = chosen
    return places


def _copy_of_parent(migration, volume):
    """The volume a clone is to be based on at the destination, None when it does not stay a clone."""
    return dict(migration.volumes).get(volume.parent) if volume.parent is not None else None


def _stays_clone(migration, volume, place):
    """Blocks can be shared on the parent's aggregates only."""
    parent = _copy_of_parent(migration, volume)
    return parent is not None and parent.aggregates == place


@operation('migration.start')
def start(migration, check_only=False):
    """Check everything; then make the destination SVM and begin to copy."""
    precheck(migration)
    if check_only:
        return None
    cluster = migration.cluster
    migration.svm = svms.create(cluster, migration.source.name, ipspace=migration.ipspace.name,
                                subtype='dp_destination', moving=migration.source)
    migration.times['start_time'] = cluster.now()
    cluster.migrations.append(migration)
    _run(migration, 'start')
    return migration


def _run(migration, what):
    migration.run += 1
    migration.state, migration.current = 'setup_configuration', what
    migration.cluster.world.after(migration.cluster.duration('migration.setup'), 'migration.transfer',
                                  migration=migration, run=migration.run)


@operation('migration.transfer')
def transfer(migration, run):
    """Copy the volumes one after the other: each appears at the destination when its turn comes."""
    if migration.run != run:
        return
    if not _reachable(migration):
        _fail(migration, 'Cluster "%s" cannot be reached.' % migration.source_cluster.name)
        return
    cluster, source = migration.cluster, migration.source
    migration.state = 'transferring'
    known = {one for one, _ in migration.volumes}
    waiting = [v for v in source.cluster.volumes if v.svm is source and not v.in_recovery_queue and v not in known]
    migration.volumes += [(v, None) for v in waiting]
    total, seconds = sum(v.physical for v in waiting), 0.0
    whole = max(cluster.settings['minimum_transfer_seconds'], total / cluster.settings['transfer_bytes_per_second'])
    for volume in waiting:
        cluster.world.after(seconds, 'migration.volume', migration=migration, run=run, volume=volume)
        seconds += whole * volume.physical / total
    cluster.world.after(whole, 'migration.copied', migration=migration, run=run)


@operation('migration.volume')
def begin_volume(migration, run, volume):
    if migration.run != run or volume not in volume.cluster.volumes:
        return
    place = _place(migration, [volume])[volume.name]
    migration.volumes = [(one, _copy_volume(migration, one, place) if one is volume else copy)
                         for one, copy in migration.volumes]


def _copy_volume(migration, volume, place):
    """A read-only copy in the destination SVM; what it holds is brought up to date at the cut-over."""
    copy = dataclasses.replace(
        volume, cluster=migration.cluster, svm=migration.svm, aggregates=list(place), uuid=new_uuid(), type='dp',
        snapshots=[], luns=[], junction=None, export_policy=migration.svm.export_policies[0], qos_policy=None,
        parent=None, parent_snapshot=None, split=None, move=None, is_root=False, shared=0,
        inherited=volume.inherited if _stays_clone(migration, volume, place) else 0,
        efficiency=dataclasses.replace(volume.efficiency), tags=list(volume.tags), tiering=dict(volume.tiering),
        snaplock=dict(volume.snaplock), autosize=dict(volume.autosize), attributes=dict(volume.attributes))
    return copy.born()


@operation('migration.copied')
def copied(migration, run):
    if migration.run != run:
        return
    if not _reachable(migration):
        _fail(migration, 'Cluster "%s" cannot be reached.' % migration.source_cluster.name)
        return
    migration.state, migration.last = 'ready_for_cutover', migration.current
    migration.current = 'none'
    if migration.auto_cutover:
        _trigger_cutover(migration)


def _fail(migration, text):
    migration.run += 1
    migration.failed_state, migration.state = migration.state, 'migrate_failed'
    migration.last, migration.current = migration.current, 'none'
    migration.messages.append({'code': '13172746', 'message': text})
    migration.times['end_time'] = migration.cluster.now()


# --- what clients ask for -----------------------------------------------------------------------------------------
def act(migration, action):
    """Start the job for pause, resume, cutover or source_cleanup."""
    if action not in ('pause', 'resume', 'cutover', 'source_cleanup'):
        raise errors.invalid('action', action)
    _check_action(migration, action)
    return jobs.start(migration.cluster, 'PATCH /api/svm/migrations/%s' % migration.uuid, 'migration.act', None,
                      migration=migration, action=action)


def _check_action(migration, action):
    fits = {'pause': PAUSABLE, 'resume': ('migrate_paused', 'migrate_failed'), 'cutover': ('ready_for_cutover',),
            'source_cleanup': ('ready_for_source_cleanup', 'cleanup_failed')}[action]
    if migration.state not in fits:
        raise errors.Refused('migration.state', 'The operation "%s" is not possible in state "%s".' % (
            action, migration.state), 'action')


@operation('migration.act')
def carry_out(migration, action):
    _check_action(migration, action)
    world, cluster = migration.cluster.world, migration.cluster
    if action == 'pause':
        migration.run += 1
        migration.state, migration.current = 'migrate_pausing', 'pause'
        world.after(cluster.duration('migration.pause'), 'migration.paused', migration=migration, run=migration.run)
    elif action == 'resume':
        migration.restarts += 1
        migration.times['last_resume_time'] = cluster.now()
        _run(migration, 'resume')
    elif action == 'cutover':
        _trigger_cutover(migration)
    else:
        _clean_source(migration)


@operation('migration.paused')
def paused(migration, run):
    if migration.run == run:
        migration.state, migration.last, migration.current = 'migrate_paused', 'pause', 'none'
        migration.times['last_pause_time'] = migration.cluster.now()


def _trigger_cutover(migration):
    cluster = migration.cluster
    migration.state, migration.current = 'cutover_triggered', 'cutover'
    migration.times['cutover_trigger_time'] = cluster.now()
    cluster.world.after(cluster.duration('migration.cutover'), 'migration.cutover', migration=migration,
                        run=migration.run)


@operation('migration.cutover')
def cut_over(migration, run):
    """The point of no return: the source stops, the destination serves with the same name, addresses and exports."""
    if migration.run != run:
        return
    if not _reachable(migration):
        _fail(migration, 'Cluster "%s" cannot be reached.' % migration.source_cluster.name)
        return
    migration.state, migration.point_of_no_return = 'cutover_started', True
    now = migration.cluster.now()
    migration.times['cutover_start_time'] = now
    if migration.source.state == 'running':
        svms.stop(migration.source)
    _hand_over(migration)
    migration.times['cutover_complete_time'] = migration.times['end_time'] = now
    migration.last, migration.current = 'cutover', 'none'
    if migration.auto_cleanup:
        _clean_source(migration)
    else:
        migration.state = 'ready_for_source_cleanup'


def _clean_source(migration):
    """Delete the source SVM with all it has; without a line to its cluster that has to be asked for again."""
    if not _reachable(migration):
        migration.state, migration.failed_state = 'cleanup_failed', 'source_cleanup'
        return
    source = migration.source
    if source is not None and source in source.cluster.svms:
        svms.erase(source)
    migration.source = None
    migration.volumes = [(None, copy) for _, copy in migration.volumes]
    migration.state, migration.last = 'migrate_complete', 'cleanup'


def request_delete(migration):
    """Give a paused or failed migration up: the destination SVM goes."""
    if migration.state not in ('migrate_paused', 'migrate_failed') or migration.point_of_no_return:
        raise errors.Refused('migration.state', 'A migration in state "%s" cannot be aborted.' % migration.state)
    return jobs.start(migration.cluster, 'DELETE /api/svm/migrations/%s' % migration.uuid, 'migration.delete', None,
                      migration=migration)


@operation('migration.delete')
def delete(migration):
    migration.run += 1
    if migration.svm in migration.cluster.svms:
        svms.erase(migration.svm)
    if migration in migration.cluster.migrations:
        migration.cluster.migrations.remove(migration)


# --- the hand-over -------------------------------------------------------------------------------------------------
def _hand_over(migration):
    source, svm, cluster = migration.source, migration.svm, migration.cluster
    for key in ('language', 'comment', 'security_style', 'max_volumes', 'retention_hours', 'logical_reporting',
                'logical_enforcement', 'snapshot_policy'):
        setattr(svm, key, getattr(source, key))
    svm.nsswitch, svm.allowed = {k: list(v) for k, v in source.nsswitch.items()}, dict(source.allowed)
    svm.attributes = dict(source.attributes)
    svm.export_policies = [_copy_policy(p, svm) for p in source.export_policies]
    svm.efficiency_policies = list(source.efficiency_policies)
    svm.unix_users, svm.unix_groups = list(source.unix_users), list(source.unix_groups)
    svm.service_policies = [svmdr.owned(p, svm) for p in source.service_policies]
    for key in ('name_mappings', 'local_hosts', 'realms', 'fpolicy_events', 'ldap_clients'):
        setattr(svm, key, [svmdr.owned(x, svm) for x in getattr(source, key)])
    for key in ('nfs', 'cifs', 'dns', 'ldap'):
        value = getattr(source, key)
        setattr(svm, key, svmdr.owned(value, svm) if value is not None else None)
    svm.fpolicies = [svmdr.owned(p, svm, events=[find(svm.fpolicy_events, name=e.name) for e in p.events])
                     for p in source.fpolicies]
    svm.cifs_shares = [svmdr.owned(s, svm, acls=[dataclasses.replace(a) for a in s.acls]) for s in source.cifs_shares]
    svm.routes = [svmdr.owned(r, svm, ipspace=svm.ipspace) for r in source.routes]
    cluster.qos_policies += [svmdr.owned(q, svm, number=cluster.number())
                             for q in source.cluster.qos_policies if q.svm is source]
    _hand_over_volumes(migration)
    for lif in source.lifs:
        _move_lif(migration, lif)
    for peer in [p for p in source.cluster.svm_peers if p.svm is source]:
        source.cluster.svm_peers.remove(peer)
        peer.svm = peer.other.peer = svm
        cluster.svm_peers.append(peer)
    svm.subtype = 'default'
    svm.state = svm.operational_state = 'running'


def _copy_policy(policy, svm):
    copy = dataclasses.replace(policy, svm=svm, id=svm.cluster.number(), rules=[], busy_until=0.0)
    copy.rules = [dataclasses.replace(r, policy=copy) for r in policy.rules]
    return copy


def _hand_over_volumes(migration):
    """The last changes are copied, and the copies become what the originals were."""
    svm = migration.svm
    late = [v for v in migration.source.volumes if v not in [one for one, _ in migration.volumes]]
    for volume in late:
        place = _place(migration, [volume])[volume.name]
        migration.volumes.append((volume, _copy_volume(migration, volume, place)))
    kept = [(one, copy) for one, copy in migration.volumes if one in one.cluster.volumes and copy is not None]
    for _, copy in [pair for pair in migration.volumes if pair not in kept]:
        if copy is not None:
            copy.cluster.volumes.remove(copy)
    migration.volumes = kept
    for one, copy in kept:
        for key in ('name', 'size', 'type', 'state', 'active', 'shared', 'junction', 'files_max', 'files_used',
                    'is_root', 'snapdir', 'uid', 'gid', 'security_style', 'create_time', 'fs_size_fixed', 'comment'):
            setattr(copy, key, getattr(one, key))
        copy.tags, copy.paths, copy.luns = list(one.tags), dict(one.paths), luns.copies(one.luns, copy)
        copy.snapshots = [dataclasses.replace(s, volume=copy, marks=[], attributes={}, uuid=new_uuid())
                          for s in one.snapshots]
        policy = one.export_policy
        copy.export_policy = find(svm.export_policies, name=policy.name) if policy is not None else None
        if one.qos_policy is not None:
            copy.qos_policy = find([q for q in svm.cluster.qos_policies if q.svm is svm], name=one.qos_policy.name)
        if one.is_root:
            svm.root_volume = copy
    copies = dict(kept)
    for one, copy in kept:
        stays = _stays_clone(migration, one, copy.aggregates)
        copy.inherited = one.inherited if stays else 0
        if stays:
            copy.parent = copies[one.parent]
            copy.parent_snapshot = find(copy.parent.snapshots, name=one.parent_snapshot.name)
    for qtree in migration.source.qtrees:
        if qtree.volume in copies:
            policy = qtree.export_policy
            svm.qtrees.append(svmdr.owned(qtree, svm, volume=copies[qtree.volume], export_policy=find(
                svm.export_policies, name=policy.name) if policy is not None else None))
    for rule in migration.source.quota_rules:
        if rule.volume in copies:
            svm.quota_rules.append(svmdr.owned(rule, svm, volume=copies[rule.volume]))


def _port_for(migration, lif):
    """Where a LIF goes: the port asked for, else one of the same name, else any that is up in the IPspace."""
    wanted = migration.placement.get(lif.name)
    ports = [p for p in migration.cluster.ports if p.broadcast_domain is not None and p.state == 'up'
             and p.broadcast_domain.ipspace is migration.ipspace]
    if wanted:
        ports = [p for p in ports if p.name == wanted[0] and wanted[1] in (None, p.node.name)]
    number = lif.svm.cluster.nodes.index(lif.home_node)
    ports.sort(key=lambda p: (p.name != lif.home_port.name, p.node is not migration.cluster.nodes[
        number % len(migration.cluster.nodes)]))
    return ports[0] if ports else None


def _move_lif(migration, lif):
    """The address is served at the destination; Kerberos on it goes along."""
    svm, port = migration.svm, _port_for(migration, lif)
    policy = find(svm.service_policies, name=lif.policy.name)
    moved = lifs.Lif(svm, lif.name, lif.address, lif.prefix, port.node, port, policy, enabled=lif.enabled,
                     failover=lif.failover, auto_revert=lif.auto_revert, data_protocols=lif.data_protocols,
                     attributes=dict(lif.attributes))
    svm.cluster.lifs.append(moved)
    kerberos = migration.source.kerberos.get(lif.uuid)
    if kerberos is not None:
        svm.kerberos[moved.uuid] = dict(kerberos, lif=moved)
