"""/snapmirror: relationships, transfers, policies."""

from manila.tests.simulators.ontap.model import errors, snapmirror
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest.resource import Resource, resource

UNIT_SECONDS = (('D', 86400), ('H', 3600), ('M', 60), ('S', 1))


def duration(seconds):
    """ISO-8601 text of a number of seconds."""
    rest, days, parts = int(seconds), '', ''
    for unit, size in UNIT_SECONDS:
        count, rest = divmod(rest, size)
        if count and unit == 'D':
            days = '%dD' % count
        elif count:
            parts += '%d%s' % (count, unit)
    return 'P%s%s' % (days, 'T' + parts) if days or parts else 'PT0S'


@resource
class Relationships(Resource):
    path = '/snapmirror/relationships'
    identity = ('uuid', 'source', 'destination')
    scope = 'any'
    flags = ('list_destinations_only', 'destination_only', 'source_only', 'source_info_only', 'force', 'failover',
             'force-failover', 'failback', 'validate_only')

    def all(self, call):
        """Relationships of destinations here, or, when asked, those whose source is here."""
        if call.flag('list_destinations_only') or call.flag('source_only') or call.flag('source_info_only'):
            found = [r for c in call.cluster.world.clusters for r in c.relationships
                     if r.source_svm.cluster is call.cluster and not r.released]
        else:
            found = call.cluster.relationships
        return [r for r in found if call.svm is None or r.involves(call.svm)]

    def render(self, call, r):
        transfer = r.transfer
        record = {
            'uuid': r.uuid, 'state': r.state, 'healthy': r.healthy, 'restore': r.restore, 'throttle': r.throttle,
            'source': {'path': r.source_path, 'svm': call.svm_ref(r.source_svm), 'cluster': {
                'name': r.source_svm.cluster.name, 'uuid': r.source_svm.cluster.uuid}},
            'destination': {'path': r.destination_path, 'svm': call.svm_ref(r.destination_svm), 'cluster': {
                'name': r.cluster.name, 'uuid': r.cluster.uuid}},
            'policy': {'name': r.policy.name, 'uuid': r.policy.uuid, 'type': r.policy.type}}
        if r.schedule:
            record['transfer_schedule'] = {'name': r.schedule}
        if r.unhealthy:
            record['unhealthy_reason'] = list(r.unhealthy)
        if transfer is not None:
            record['transfer'] = {'uuid': transfer.uuid, 'state': transfer.state, 'type': transfer.kind,
                                  'bytes_transferred': transfer.bytes_at(call.now), 'end_time': iso(transfer.ended)}
            record['last_transfer_type'] = transfer.kind
        if r.base_time is not None:
            record['lag_time'] = duration(call.now - r.base_time)
            record['exported_snapshot'] = r.base_name
        return record

    def create(self, call, body):
        throttle = body.get('throttle')
        relation = snapmirror.create(
            call.cluster, body.need('source.path'), body.need('destination.path'),
            body.get('policy.name') or 'MirrorAllSnapshots', body.get('transfer_schedule.name'), throttle or 0)
        if body.get('state') in ('snapmirrored', 'in_sync'):
            snapmirror.change_state(relation, body.get('state'))
        body.get('restore'), body.get('source.cluster.name'), body.get('source.svm.name')
        return relation

    def modify(self, call, relation, body):
        schedule = body.get('transfer_schedule.name')
        if schedule and not find(call.cluster.schedules, name=schedule):
            raise errors.Refused('snapmirror.no_schedule', 'Schedule "%s" does not exist.' % schedule)
        if schedule is not None:
            relation.schedule = schedule or None
        if 'policy.name' in body:
            relation.policy = snapmirror.find_policy(call.cluster, relation.destination_svm, body.get('policy.name'))
        if 'throttle' in body:
            relation.throttle = body.get('throttle')
        if 'state' in body:
            snapmirror.change_state(relation, body.get('state'))

    def remove(self, call, relation, data):
        flags = [f for f in ('destination_only', 'source_only', 'source_info_only') if call.flag(f)]
        if len(flags) > 1:
            raise errors.Refused('not_together', 'Only one of destination_only, source_only and source_info_only.')
        if flags in (['source_only'], ['source_info_only']):
            snapmirror.release(relation, info_only=flags == ['source_info_only'])
        else:
            snapmirror.delete(relation)


@resource
class Transfers(Resource):
    path = '/snapmirror/relationships/{relationship.uuid}/transfers'
    identity = ('uuid', 'state')
    scope = 'any'

    def relation(self, call, uuid):
        for relation in call.cluster.relationships:
            if relation.uuid == uuid and (call.svm is None or relation.involves(call.svm)):
                return relation
        raise errors.missing('SnapMirror relationship', uuid)

    def all(self, call, uuid):
        relation = self.relation(call, uuid)
        return [(relation, t) for t in relation.transfers]

    def key(self, pair):
        return (pair[1].uuid,)

    def place(self, pair):
        return '/snapmirror/relationships/%s/transfers' % pair[0].uuid

    def render(self, call, pair):
        relation, t = pair
        record = {'uuid': t.uuid, 'state': t.state, 'bytes_transferred': t.bytes_at(call.now),
                  'end_time': iso(t.ended), 'relationship': {'uuid': relation.uuid}}
        if t.error:
            record['error_info'] = {'code': 6620046, 'message': t.error}
        return record

    def create(self, call, body, uuid):
        body.leftovers()
        relation = self.relation(call, uuid)
        return (relation, snapmirror.start_transfer(relation))

    def modify(self, call, pair, body):
        state = body.get('state')
        if state not in ('aborted', 'hard_aborted'):
            raise errors.invalid('state', state)
        if pair[0].running is not pair[1]:
            raise errors.Refused('snapmirror.no_transfer', 'The transfer is not running.')
        snapmirror.abort(pair[0], hard=state == 'hard_aborted')


@resource
class Policies(Resource):
    path = '/snapmirror/policies'
    scope = 'any'

    def all(self, call):
        return [p for p in call.cluster.snapmirror_policies if call.svm is None or p.svm in (None, call.svm)]

    def render(self, call, p):
        record = {'uuid': p.uuid, 'name': p.name, 'type': p.type, 'comment': p.comment or None,
                  'scope': 'svm' if p.svm else 'cluster',
                  'retention': [{'label': r['label'], 'count': str(r['count'])} for r in p.rules]}
        if p.sync_type:
            record['sync_type'] = p.sync_type
        if p.svm is not None:
            record['svm'] = call.svm_ref(p.svm)
        return record

    def create(self, call, body):
        svm = call.find_svm(body, required=False)
        rules = [{'label': r.get('label'), 'count': int(r.get('count', 1))} for r in body.get('retention') or []]
        more = body.pick(type='type', sync_type='sync_type', create_snapshot='create_snapshot_on_source',
                         comment='comment', identity_preservation='identity_preservation')
        body.leftovers()
        return snapmirror.create_policy(call.cluster, body.need('name'), svm, rules=rules, **more)

    def modify(self, call, policy, body):
        if 'retention' in body:
            policy.rules = [{'label': r.get('label'), 'count': int(r.get('count', 1))} for r in body.get('retention')]
        if 'comment' in body:
            policy.comment = body.get('comment')

    def remove(self, call, policy, data):
        snapmirror.delete_policy(call.cluster, policy)
