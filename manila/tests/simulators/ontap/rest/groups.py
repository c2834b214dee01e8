"""/application/consistency-groups and their two-phase snapshots."""

from manila.tests.simulators.ontap.model import errors, groups, snapshots
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest.resource import Resource, resource


@resource
class ConsistencyGroups(Resource):
    path = '/application/consistency-groups'
    identity = ('uuid', 'name', 'svm')
    since = (9, 10, 1)

    def all(self, call):
        return call.cluster.consistency_groups

    def render(self, call, g):
        return {'uuid': g.uuid, 'name': g.name, 'svm': call.svm_ref(g.svm),
                'volumes': [{'name': v.name, 'uuid': v.uuid} for v in g.volumes]}

    def create(self, call, body):
        svm = call.find_svm(body)
        wanted = body.names('volumes') or []
        if not wanted:
            raise errors.required('volumes')
        volumes = [svm.volume(name) for name in wanted]
        return groups.create_group(svm, body.get('name') or volumes[0].name, volumes)

    def remove(self, call, group, data):
        call.cluster.consistency_groups.remove(group)


@resource
class GroupSnapshots(Resource):
    """Taken at once, or fenced by action=start and taken by action=commit."""

    path = '/application/consistency-groups/{consistency_group.uuid}/snapshots'
    identity = ('uuid', 'name', 'consistency_group')
    flags = ('action', 'action_timeout')
    since = (9, 10, 1)

    def group(self, call, uuid):
        for group in call.cluster.consistency_groups:
            if group.uuid == uuid and call.svm in (None, group.svm):
                return group
        raise errors.missing('consistency group', uuid)

    def all(self, call, uuid):
        group = self.group(call, uuid)
        return [s for s in group.snapshots if s.fence is not None or s.members]

    def svm_of(self, snapshot):
        return snapshot.group.svm

    def place(self, snapshot):
        return '/application/consistency-groups/%s/snapshots' % snapshot.group.uuid

    def render(self, call, s):
        return {'uuid': s.uuid, 'name': s.name, 'create_time': iso(s.create_time), 'comment': s.comment or None,
                'consistency_group': {'name': s.group.name, 'uuid': s.group.uuid}, 'svm': call.svm_ref(s.group.svm),
                'snapshot_volumes': [{'volume': {'name': m.volume.name, 'uuid': m.volume.uuid},
                                      'snapshot': {'name': m.name, 'uuid': m.uuid}} for m in s.members]}

    def create(self, call, body, uuid):
        group = self.group(call, uuid)
        name = body.need('name')
        action = call.params.get('action')
        if action not in (None, 'start'):
            raise errors.invalid('action', action)
        seconds = int(call.params.get('action_timeout', 7))
        if not 5 <= seconds <= 120:
            raise errors.invalid('action_timeout', seconds)
        fence = groups.start(group.svm, name, group.volumes, seconds, body.get('snapmirror_label') or '')
        made = groups.GroupSnapshot(group, name, call.now, fence, body.get('comment') or '')
        group.snapshots.append(made)
        if action is None:
            groups.commit(group.svm, fence)
            made.fence = None
        return made

    def modify(self, call, snapshot, body):
        if call.params.get('action') != 'commit':
            raise errors.invalid('action', call.params.get('action'))
        try:
            groups.commit(snapshot.group.svm, snapshot.fence)
        except errors.Refused:
            snapshot.group.snapshots.remove(snapshot)
            raise
        snapshot.fence = None

    def remove(self, call, snapshot, data):
        for member in snapshot.members:
            snapshots.delete(member)
        snapshot.group.snapshots.remove(snapshot)
