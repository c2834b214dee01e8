"""What a SnapMirror relationship of whole SVMs copies, and what becomes of the destination when it is broken off.

The destination is of subtype dp_destination until then: it holds read-only copies of the volumes and the configuration
of its source, serves nothing, and cannot be started.
"""

import dataclasses

from manila.tests.simulators.ontap.model import aggregates as aggrs, errors, luns
from manila.tests.simulators.ontap.model.base import find, new_uuid, operation

COPIED = ('name', 'size', 'state', 'active', 'shared', 'junction', 'files_max', 'files_used', 'snapdir', 'uid', 'gid',
          'unix_permissions', 'security_style', 'comment', 'snapshot_policy', 'language', 'snap_reserve', 'is_root')
SETTINGS = ('language', 'comment', 'security_style', 'retention_hours', 'logical_reporting', 'logical_enforcement',
            'snapshot_policy')
SERVICES = ('nfs', 'cifs', 'dns', 'ldap')
LISTS = ('name_mappings', 'local_hosts', 'realms', 'ldap_clients', 'fpolicy_events', 'unix_users', 'unix_groups')


def replicate(relation):
    """A transfer ended: volumes and configuration of the destination are those of the source.

    Addresses and routes stay behind: share servers get new ones, and their policy says so.
    """
    source, target = relation.source_svm, relation.destination_svm
    for key in SETTINGS:
        setattr(target, key, getattr(source, key))
    target.nsswitch = {k: list(v) for k, v in source.nsswitch.items()}
    target.export_policies = [_export_policy(p, target) for p in source.export_policies]
    for key in LISTS:
        setattr(target, key, [owned(x, target) for x in getattr(source, key)])
    for key in SERVICES:
        value = getattr(source, key)
        setattr(target, key, None if value is None else owned(value, target))
    target.fpolicies = [owned(p, target, events=[find(target.fpolicy_events, name=e.name) for e in p.events])
                        for p in source.fpolicies]
    target.cifs_shares = [owned(s, target, acls=[dataclasses.replace(a) for a in s.acls]) for s in source.cifs_shares]
    _qos_policies(source, target)
    _volumes(source, target)
    known = {p.name for p in source.cluster.qos_policies if p.svm is source}
    target.cluster.qos_policies[:] = [p for p in target.cluster.qos_policies if p.svm is not target or p.name in known]


def owned(thing, svm, **more):
    """A copy of something that belongs to an SVM, for another one."""
    names = {f.name for f in dataclasses.fields(thing)}
    if 'svm' in names:
        more['svm'] = svm
    if 'uuid' in names:
        more['uuid'] = new_uuid()
    return dataclasses.replace(thing, **more)


def _export_policy(policy, svm):
    """The copy of a policy; the one that is there already stays the object that volumes refer to."""
    copy = find(svm.export_policies, name=policy.name) or dataclasses.replace(
        policy, svm=svm, id=svm.cluster.number(), busy_until=0.0)
    copy.rules = [dataclasses.replace(r, policy=copy, clients=list(r.clients)) for r in policy.rules]
    copy.next_index = policy.next_index
    return copy


def _qos_policies(source, target):
    """Policies of the source; those that are there already stay the objects that volumes refer to."""
    policies = target.cluster.qos_policies
    for original in [p for p in source.cluster.qos_policies if p.svm is source]:
        copy = find(policies, svm=target, name=original.name)
        if copy is None:
            copy = owned(original, target, number=target.cluster.number())
            policies.append(copy)
        copy.kind, copy.limits, copy.texts = original.kind, dict(original.limits), dict(original.texts)


def _volumes(source, target):
    cluster = target.cluster
    names = {v.name for v in source.volumes}
    cluster.volumes[:] = [v for v in cluster.volumes if v.svm is not target or v.name in names]
    for original in source.volumes:
        copy = find(target.volumes, name=original.name) or _new_volume(original, target)
        for key in COPIED:
            setattr(copy, key, getattr(original, key))
        copy.type = 'dp'
        copy.paths, copy.luns = dict(original.paths), luns.copies(original.luns, copy)
        copy.snapshots = [dataclasses.replace(s, volume=copy, marks=[], attributes={}) for s in original.snapshots]
        copy.export_policy = find(target.export_policies, name=original.export_policy.name)
        copy.qos_policy = original.qos_policy and find(cluster.qos_policies, svm=target, name=original.qos_policy.name)


def _places(original, target):
    """Aggregates for the copy of a volume: the emptiest ones, as many as the original has if so many have room.

    A FlexGroup keeps the number of its constituents, so they have to spread evenly.
    """
    count = original.constituent_count
    for number in range(len(set(original.aggregates)), 0, -1):
        roomy = [a for a in target.cluster.aggregates
                 if target.may_use(a) and aggrs.room_for(a, original.footprint // number)]
        if count % number == 0 and len(roomy) >= number:
            return sorted(roomy, key=lambda a: -a.available)[:number]
    raise errors.Refused('no_space', 'No aggregate has room for volume "%s".' % original.name)


def _new_volume(original, target):
    places = _places(original, target)
    copy = dataclasses.replace(
        original, cluster=target.cluster, svm=target, aggregates=places, uuid=new_uuid(), snapshots=[],
        per_aggregate=original.constituent_count // len(places) or original.per_aggregate, export_policy=None,
        qos_policy=None, parent=None, parent_snapshot=None, split=None, move=None, inherited=0,
        efficiency=dataclasses.replace(original.efficiency), tags=list(original.tags),
        tiering=dict(original.tiering), snaplock=dict(original.snaplock), autosize=dict(original.autosize),
        attributes=dict(original.attributes))
    return copy.born()


def begin_break(relation):
    """Begin to make the destination an SVM of its own; asking again meanwhile is refused."""
    if relation.breaking:
        raise errors.Refused('snapmirror.breaking', 'Operation cannot be performed: SnapMirror operation status is '
                             '"Breaking".')
    relation.breaking = True
    seconds = relation.cluster.duration('svmdr.break')
    if seconds <= 0:
        broken(relation)
    else:
        relation.cluster.world.after(seconds, 'svmdr.broken', relation=relation)


@operation('svmdr.broken')
def broken(relation):
    if relation.breaking:
        relation.breaking, relation.state = False, 'broken_off'
        convert(relation.destination_svm)


def convert(svm):
    """An SVM that was a destination becomes an ordinary one, stopped, its volumes writable."""
    svm.subtype = 'default'
    svm.state = svm.operational_state = 'stopped'
    for volume in svm.volumes:
        volume.type = 'rw'
        if volume.is_root:
            svm.root_volume = volume


def resync(relation):
    """The destination is a mere copy again and serves nothing."""
    svm = relation.destination_svm
    svm.subtype, svm.root_volume = 'dp_destination', None
    svm.state, svm.operational_state = 'running', 'stopped'
    for volume in svm.volumes:
        volume.type = 'dp'
