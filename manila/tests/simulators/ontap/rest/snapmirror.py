"""/snapmirror: relationships, transfers, policies."""

from manila.tests.simulators.ontap.model import errors, peers, snapmirror, volumes
from manila.tests.simulators.ontap.model.base import as_int, find
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest.resource import Made, Resource, nest, resource

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
            found = snapmirror.sources(call.cluster)
        else:
            found = call.cluster.relationships
        return [r for r in found if call.svm is None or r.involves(call.svm)]

    def render(self, call, r):
        transfer, (source, destination) = r.transfer, r.paths(call.cluster)
        record = {
            'uuid': r.uuid, 'state': r.state, 'healthy': r.healthy, 'restore': r.restore, 'throttle': r.throttle,
            'source': {'path': source, 'svm': self._svm(call, r.source_svm, source), 'cluster': {
                'name': r.source_svm.cluster.name, 'uuid': r.source_svm.cluster.uuid}},
            'destination': {'path': destination, 'svm': self._svm(call, r.destination_svm, destination), 'cluster': {
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
            record['lag_time'] = 'PT0S' if r.state == 'in_sync' else duration(call.now - r.base_time)
            record['exported_snapshot'] = r.base_name
        return record

    def _svm(self, call, svm, path):
        return dict(call.svm_ref(svm), name=path.partition(':')[0])

    def create(self, call, body):
        source, destination = body.need('source.path'), body.need('destination.path')
        body.get('source.cluster.name'), body.get('destination.cluster.name')
        if body.get('restore'):
            return snapmirror.request_restore(call.cluster, source, destination)
        throttle, created = body.get('throttle'), None
        if body.get('create_destination.enabled'):
            created = self._make_destination(call, source, destination, body.get('create_destination.size'))
        try:
            relation = snapmirror.create(
                call.cluster, source, destination, body.get('policy.name') or 'MirrorAllSnapshots',
                body.get('transfer_schedule.name'), throttle or 0)
        except errors.Refused:
            if created is not None:
                volumes.purge(created)
            raise
        if body.get('state') in ('snapmirrored', 'in_sync'):
            snapmirror.change_state(relation, body.get('state'))
        return relation

    def _make_destination(self, call, source_path, destination_path, size):
        """A volume for the copy on the emptiest aggregates its SVM may use; one that exists is left alone."""
        source = snapmirror.resolve(call.cluster, source_path, foreign=True)[1]
        svm_name, _, name = destination_path.partition(':')
        svm = snapmirror.resolve(call.cluster, svm_name + ':')[0]
        if source is None or not name or find(svm.volumes, name=name) is not None:
            return None
        places = sorted((a for a in call.cluster.aggregates if svm.may_use(a)), key=lambda a: -a.available)
        names = volumes.check_placement(svm, [a.name for a in places[:len(set(source.aggregates))]], source.style)
        return volumes.create(
            svm, volumes.new_uuid(), name, size or source.size, [a.name for a in names], source.style, type='dp',
            guarantee=source.guarantee, language=source.language, per_aggregate=source.per_aggregate)

    def modify(self, call, relation, body):
        schedule = body.get('transfer_schedule.name')
        if schedule and not find(call.cluster.schedules, name=schedule):
            raise errors.Refused('snapmirror.no_schedule', 'Schedule "%s" does not exist.' % schedule)
        if schedule is not None and schedule != (relation.schedule or ''):
            snapmirror.schedule_updates(relation, schedule)
        if 'policy.name' in body:
            relation.policy = snapmirror.find_policy(call.cluster, relation.destination_svm, body.get('policy.name'))
        if 'throttle' in body:
            relation.throttle = body.get('throttle')
        if body.get('state') == 'broken_off' and body.get('restore_to_snapshot'):
            snapmirror.break_off(relation, body.get('restore_to_snapshot'))
        elif 'state' in body:
            snapmirror.change_state(relation, body.get('state'))

    def remove(self, call, relation, data):
        flags = [f for f in ('destination_only', 'source_only', 'source_info_only') if call.flag(f)]
        if len(flags) > 1:
            raise errors.Refused('not_together', 'Only one of destination_only, source_only and source_info_only.')
        if flags in (['source_only'], ['source_info_only']):
            snapmirror.release(relation, info_only=flags == ['source_info_only'])
        else:
            snapmirror.delete(relation)
            reached = peers.reachable(relation.destination_svm, relation.source_svm)
            if not flags and not relation.released and reached:
                snapmirror.release(relation)


@resource
class Restores(Resource):
    """The undocumented way to restore: a POST below the relationship whose destination holds the snapshot."""

    path = '/snapmirror/relationships/{relationship.uuid}/restore'
    keys = ()
    scope = 'any'

    def all(self, call, uuid):
        raise errors.Refused('unsupported', 'Only POST is supported.')

    def create(self, call, body, uuid):
        """Write a snapshot of the relationship's destination back to `destination.path`, its source if not given."""
        mirror = next((r for c in call.cluster.world.clusters for r in c.relationships
                       if r.uuid == uuid and (r.cluster is call.cluster or r.source_svm.cluster is call.cluster)),
                      None)
        if mirror is None:
            raise errors.missing('SnapMirror relationship', uuid)
        target = next((c for c in call.cluster.world.clusters
                       if c.name == (body.get('destination.cluster.name') or mirror.source_svm.cluster.name)), None)
        if target is None:
            raise errors.Refused('peer.no_cluster', 'Cluster "%s" is not a peer.' % body.get(
                'destination.cluster.name'), 'destination.cluster.name')
        relation = snapmirror.request_restore(target, mirror.destination_path,
                                              body.get('destination.path') or mirror.source_path)
        try:
            snapmirror.start_restore(relation, body.get('source_snapshot'))
        except errors.Refused:
            target.relationships.remove(relation)
            raise
        return Made(None, '/snapmirror/relationships/%s' % relation.uuid)


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
        relation = self.relation(call, uuid)
        if relation.restore:
            return (relation, snapmirror.start_restore(relation, body.get('source_snapshot')))
        body.leftovers()
        if relation.state == 'uninitialized' and relation.running:
            raise errors.Refused('snapmirror.initializing', 'Another transfer is in progress.')
        return (relation, snapmirror.start_transfer(relation))

    def modify(self, call, pair, body):
        state = body.get('state')
        if state not in ('aborted', 'hard_aborted'):
            raise errors.invalid('state', state)
        if pair[0].running is not pair[1]:
            raise errors.Refused('snapmirror.no_transfer', 'The transfer is not running.')
        snapmirror.abort(pair[0], hard=state == 'hard_aborted')


RETENTION = ('warn', 'preserve', 'period', 'prefix', 'creation_schedule.name')
COPY = ('copy_all_source_snapshots', 'copy_latest_source_snapshot')


def _retention(entries):
    """The rules a client wants: each has a label and how many of its snapshots are kept."""
    rules = []
    for entry in entries or ():
        for key in ('label', 'count'):
            if entry.get(key) in (None, ''):
                raise errors.required('retention.' + key)
        rule = {'label': entry['label'], 'count': as_int(entry['count'], 'retention.count')}
        rule.update((key, entry[key]) for key in RETENTION if entry.get(key) is not None)
        if rule.get('warn') and not (rule.get('preserve') and as_int(rule['warn'], 'retention.warn') < rule['count']):
            raise errors.invalid('retention.warn', rule['warn'], 'It needs "preserve" and is below the count.')
        rules.append(rule)
    return rules


@resource
class Policies(Resource):
    path = '/snapmirror/policies'
    scope = 'any'

    def all(self, call):
        return [p for p in call.cluster.snapmirror_policies if call.svm is None or p.svm in (None, call.svm)]

    def render(self, call, p):
        record = {'uuid': p.uuid, 'name': p.name, 'type': p.type, 'comment': p.comment or None,
                  'scope': 'svm' if p.svm else 'cluster', 'identity_preservation': p.identity_preservation}
        record['retention'] = [nest({}, dict(r, count=str(r['count']))) for r in p.kept]
        if p.type == 'async':
            # Arrays show these three only when they have the one value they can be set to.
            record.update({name: True for name, shown in zip(COPY, (p.copies_all, p.copies_latest)) if shown})
            if not p.create_snapshot:
                record['create_snapshot_on_source'] = False
        if p.sync_type:
            record['sync_type'] = p.sync_type
        if p.svm is not None:
            record['svm'] = call.svm_ref(p.svm)
        return record

    def create(self, call, body):
        svm = call.find_svm(body, required=False)
        more = body.pick(comment='comment', identity_preservation='identity_preservation')
        more['type'], sync_type = body.get('type') or 'async', body.get('sync_type')
        if more['type'] == 'sync':
            more['sync_type'] = sync_type or 'sync'
        rules, modes = _retention(body.get('retention')), self._modes(body, more['type'])
        if rules and modes & set(COPY):
            raise errors.Refused('not_together', '"retention" cannot be given for a policy that copies all snapshots '
                                 'or the latest one.', 'retention')
        if 'create_snapshot_on_source' in modes:
            more['create_snapshot'] = False
            if not rules:
                raise errors.required('retention')
        elif more['type'] == 'async':
            rules.insert(0, {'label': 'sm_created', 'count': 1})
        if COPY[0] in modes:
            rules.append({'label': 'all_source_snapshots', 'count': 1})
        return snapmirror.create_policy(call.cluster, body.need('name'), svm, rules=rules,
                                        latest_only=COPY[1] in modes, attributes=body.leftovers(), **more)

    def _modes(self, body, kind):
        """Which of the three ways to choose snapshots a body asks for: at most one, each with its only value."""
        found = {name for name in (*COPY, 'create_snapshot_on_source') if body.get(name) is not None}
        for name in found:
            if body.get(name) is not (name in COPY) or kind != 'async':
                raise errors.invalid(name, body.get(name))
        if len(found) > 1:
            raise errors.Refused('not_together', 'Only one of %s.' % ', '.join(sorted(found)))
        return found

    def modify(self, call, policy, body):
        if 'retention' in body:
            rules = _retention(body.get('retention'))
            if policy.type == 'async' and (policy.copies_all or policy.copies_latest):
                raise errors.Refused('not_settable', 'The policy copies all snapshots or the latest one: it has no '
                                     'retention.', 'retention')
            if not policy.create_snapshot and not {r['label'] for r in rules} & set(policy.labels):
                raise errors.invalid('retention', '', 'The rules of a policy that makes no snapshots on the source '
                                     'cannot all be replaced at once.')
            policy.keep(rules)
        for key, value in body.pick(comment='comment', identity_preservation='identity_preservation').items():
            setattr(policy, key, value)
        policy.attributes.update(body.leftovers())

    def remove(self, call, policy, data):
        snapmirror.delete_policy(call.cluster, policy)
