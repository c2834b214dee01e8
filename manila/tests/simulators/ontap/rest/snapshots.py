"""/storage/volumes/{uuid}/snapshots and /storage/snapshot-policies."""

from manila.tests.simulators.ontap.model import errors, jobs, snapshots
from manila.tests.simulators.ontap.model.base import find, new_uuid
from manila.tests.simulators.ontap.model.cluster import SnapshotPolicy, iso
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource


@resource
class Snapshots(Resource):
    path = '/storage/volumes/{volume.uuid}/snapshots'
    identity = ('uuid', 'name')
    flags = ('ignore_owners', 'force', 'recovery_point', 'deduplication_scan')
    quick = {'name': lambda s: s.name, 'uuid': lambda s: s.uuid}
    missing_on_change = 'snapshot.rename_missing'

    def volumes(self, call, uuid):
        if uuid == '*':
            return [v for v in call.cluster.volumes if not v.in_recovery_queue]
        for volume in call.cluster.volumes:
            if volume.uuid == uuid and not volume.in_recovery_queue and call.svm in (None, volume.svm):
                return [volume]
        raise errors.missing('volume', uuid)

    def all(self, call, uuid):
        volumes = self.volumes(call, uuid)
        if uuid != '*' and volumes[0].state != 'online':
            volumes[0].require_online()
        return [s for v in volumes if v.state == 'online' for s in v.snapshots]

    def svm_of(self, snapshot):
        return snapshot.volume.svm

    def place(self, snapshot):
        return '/storage/volumes/%s/snapshots' % snapshot.volume.uuid

    def render(self, call, s):
        record = {
            'uuid': s.uuid, 'name': s.name, 'create_time': iso(s.create_time), 'state': s.state, 'size': s.own,
            'volume': call.ref('/storage/volumes', s.volume), 'svm': call.svm_ref(s.volume.svm),
            'logical_size': s.content, 'reclaimable_space': s.own}
        if s.comment:
            record['comment'] = s.comment
        if s.label:
            record['snapmirror_label'] = s.label
        if s.owners:
            record['owners'] = s.owners
        if s.expiry_time:
            record['expiry_time'] = iso(s.expiry_time)
        return record

    def create(self, call, body, uuid):
        volume = self.volumes(call, uuid)[0]
        name = body.need('name')
        snapshots.check_create(volume, name)
        values = body.pick(label='snapmirror_label', comment='comment')
        body.get('expiry_time')
        new = new_uuid()
        job = jobs.start(call.cluster, 'POST /api/storage/volumes/%s/snapshots/%s' % (volume.uuid, new),
                         'snapshot.create', volume.svm, volume=volume, name=name, uuid=new, **values)
        return Made(job, '/storage/volumes/%s/snapshots/%s' % (volume.uuid, new))

    def modify(self, call, snapshot, body):
        if 'name' in body:
            snapshots.rename(snapshot, body.get('name'))
        if 'comment' in body:
            snapshot.comment = body.get('comment') or ''
        if 'snapmirror_label' in body:
            snapshot.label = body.get('snapmirror_label') or ''
        snapshot.attributes.update(body.leftovers(refused=('volume', 'svm', 'owners')))

    def remove(self, call, snapshot, data):
        ignore = call.flag('ignore_owners')
        if ignore and call.cluster.version < (9, 19, 0):
            raise errors.Refused('unknown_field', 'Unexpected argument "ignore_owners".', 'ignore_owners')
        snapshots.check_delete(snapshot, ignore)
        return jobs.start(call.cluster, 'DELETE /api/storage/volumes/%s/snapshots/%s' % (
            snapshot.volume.uuid, snapshot.uuid), 'snapshot.delete', snapshot.volume.svm, snapshot=snapshot,
            ignore_owners=ignore)


@resource
class SnapshotPolicies(Resource):
    path = '/storage/snapshot-policies'
    scope = 'any'

    def all(self, call):
        return [p for p in call.cluster.snapshot_policies if call.svm is None or p.svm in (None, call.svm)]

    def render(self, call, p):
        record = {'uuid': p.uuid, 'name': p.name, 'enabled': p.enabled, 'scope': p.scope, 'comment': p.comment or None,
                  'copies': [{'schedule': {'name': name}, 'count': count, 'prefix': prefix}
                             for name, count, prefix in p.copies]}
        if p.svm is not None:
            record['svm'] = call.svm_ref(p.svm)
        return record

    def create(self, call, body):
        svm = call.find_svm(body, required=False)
        name = body.need('name')
        if any(p.name == name and p.svm in (None, svm) for p in call.cluster.snapshot_policies):
            raise errors.duplicate('snapshot policy', name)
        policy = SnapshotPolicy(name, 'svm' if svm else 'cluster', svm, body.get('enabled', True),
                                body.get('comment') or '', self._copies(call, body))
        call.cluster.snapshot_policies.append(policy)
        return policy

    def _copies(self, call, body):
        found = []
        for each in body.get('copies') or []:
            schedule = each.get('schedule.name')
            if not find(call.cluster.schedules, name=schedule):
                raise errors.missing('schedule', schedule)
            found.append((schedule, int(each.get('count', 1)), each.get('prefix') or schedule))
        return found

    def modify(self, call, policy, body):
        if 'enabled' in body:
            policy.enabled = body.get('enabled')
        if 'comment' in body:
            policy.comment = body.get('comment')
        if 'copies' in body:
            policy.copies = self._copies(call, body)

    def remove(self, call, policy, data):
        if any(v.snapshot_policy == policy.name for v in call.cluster.volumes):
            raise errors.Refused('in_use', 'Snapshot policy "%s" is in use.' % policy.name)
        call.cluster.snapshot_policies.remove(policy)
