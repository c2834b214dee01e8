"""SnapMirror."""

from manila.tests.simulators.ontap.model import errors, snapmirror, svmdr
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest import query
from manila.tests.simulators.ontap.zapi.api import api, each_of, find_svm, iterator, wanted_leaves
from manila.tests.simulators.ontap.zapi.xmltree import Items, flatten

WHERE = ('source-location destination-location source-vserver source-volume destination-vserver destination-volume '
         'source-cluster destination-cluster')
STATES = {'broken_off': 'broken-off', 'paused': 'snapmirrored', 'in_sync': 'snapmirrored',
          'out_of_sync': 'snapmirrored', 'synchronizing': 'snapmirrored'}
POLICY_TYPES = ('async_mirror', 'vault', 'mirror_vault', 'sync_mirror', 'strict_sync_mirror')
# What no call here changes.
POLICY_DEFAULTS = {'tries': '8', 'transfer-priority': 'normal', 'restart': 'always', 'ignore-atime': False,
                   'is-network-compression-enabled': False}
SYNC = {'sync_mirror': 'sync', 'strict_sync_mirror': 'strict_sync'}
RELATION_TYPES = ('data_protection', 'extended_data_protection')
LISTS = 'max-records continue-on-failure return-success-list return-failure-list'


def path(call, end):
    """'svm:volume' from either form of addressing."""
    location = call.text(end + '-location')
    if location:
        return location
    svm = call.text(end + '-vserver')
    return '%s:%s' % (svm, call.text(end + '-volume') or '') if svm else None


def relations(call):
    return [r for r in call.cluster.relationships if call.svm is None or r.involves(call.svm)]


def _pick(call, known, kind):
    """The relationship that locations name. One with the destination but another source is a mistake of its own."""
    source, destination = path(call, 'source'), path(call, 'destination')
    there = [r for r in known if destination in (None, r.paths(call.cluster)[1])]
    found = [r for r in there if source in (None, r.paths(call.cluster)[0])]
    if found:
        return found[0]
    if there and destination is not None:
        raise errors.Refused('snapmirror.other_source', 'The source of destination %s is %s, not %s.' % (
            destination, there[0].paths(call.cluster)[0], source))
    raise errors.missing(kind, '%s, %s' % (source, destination))


def relation(call):
    return _pick(call, relations(call), 'SnapMirror relationship')


@api('snapmirror-create', may=WHERE + ' relationship-type schedule policy identity-preserve max-transfer-rate tries',
     scope='any')
def create(call):
    for end in ('source', 'destination'):
        if path(call, end) is None:
            raise errors.required(end + '-location')
    kind = call.text('relationship-type') or RELATION_TYPES[1]
    if kind not in RELATION_TYPES:
        raise errors.invalid('relationship-type', kind)
    _check_fan_out(call)
    made = snapmirror.create(call.cluster, path(call, 'source'), path(call, 'destination'),
                             call.text('policy') or 'MirrorAllSnapshots', call.text('schedule') or None,
                             call.number('max-transfer-rate', 0))
    made.kind, made.identity_preserve = kind, call.flag('identity-preserve', False)
    made.tries = call.text('tries') or made.tries


def _check_fan_out(call):
    """One FlexGroup has several destinations from 9.9.1 on."""
    if call.cluster.ontapi >= (1, 191):
        return
    source = snapmirror.resolve(call.cluster, path(call, 'source'), foreign=True)[1]
    if source is not None and source.style == 'flexgroup' and any(
            r.source_volume is source for r in snapmirror.sources(source.cluster)):
        raise errors.Refused('snapmirror.fan_out', 'FlexGroup volume "%s" is the source of a relationship already.' % (
            source.name))


def result(transfer):
    return {'result-operation-id': transfer.uuid, 'result-status': 'succeeded'}


def _check_snapshot(call, target):
    name = call.text('source-snapshot')
    if name and target.source_volume is not None:
        snapmirror.find_snapshot(target.source_volume, name)


@api('snapmirror-initialize', may=WHERE + ' source-snapshot transfer-priority max-transfer-rate', scope='any')
def initialize(call):
    target = relation(call)
    if target.state != 'uninitialized':
        raise errors.Refused('snapmirror.transition', 'Relationship %s has been initialized already.' % (
            target.destination_path))
    _check_snapshot(call, target)
    return result(snapmirror.start_transfer(target, 'initialize'))


@api('snapmirror-update', may=WHERE + ' source-snapshot transfer-priority max-transfer-rate', scope='any')
def update(call):
    target = relation(call)
    if target.breaking or target.quiescing or (target.running and target.running.kind in ('resync', 'restore')):
        raise errors.Refused('snapmirror.other_operation', 'Another operation is active on relationship %s.' % (
            target.destination_path))
    _check_snapshot(call, target)
    return result(snapmirror.start_transfer(target, 'update'))


@api('snapmirror-quiesce', may=WHERE, scope='any')
def quiesce(call):
    target = relation(call)
    if not target.running and target.state not in snapmirror.MIRRORED:
        raise errors.Refused('snapmirror.transition', 'A relationship that is %s cannot be quiesced.' % target.state)
    snapmirror.quiesce(target)


@api('snapmirror-abort', may=WHERE + ' clear-checkpoint', scope='any')
def abort(call):
    snapmirror.abort(relation(call), hard=call.flag('clear-checkpoint', False))


@api('snapmirror-break', may=WHERE + ' restore-to-snapshot', scope='any')
def break_off(call):
    """An SVM whose relationship is gone already is still turned into one of its own."""
    name, _, volume = (path(call, 'destination') or ':').partition(':')
    if name and not volume and not any(r.destination_path == name + ':' for r in relations(call)):
        svm = find_svm(call.cluster, name)
        if svm.subtype == 'dp_destination':
            svmdr.convert(svm)
            return
    snapmirror.break_off(relation(call), call.text('restore-to-snapshot') or None)


@api('snapmirror-resume', may=WHERE, scope='any')
def resume(call):
    snapmirror.resume(relation(call))


@api('snapmirror-resync', may=WHERE + ' source-snapshot', scope='any')
def resync(call):
    return result(snapmirror.resync(relation(call)))


@api('snapmirror-modify', may=WHERE + ' schedule policy tries max-transfer-rate', scope='any')
def modify(call):
    target = relation(call)
    schedule = call.text('schedule')
    if schedule and not find(call.cluster.schedules, name=schedule):
        raise errors.missing('schedule', schedule)
    if schedule is not None:
        snapmirror.schedule_updates(target, schedule)
    if call.text('policy'):
        target.policy = snapmirror.find_policy(call.cluster, target.destination_svm, call.text('policy'))
    target.throttle = call.number('max-transfer-rate', target.throttle)
    target.tries = call.text('tries') or target.tries


@api('snapmirror-restore', scope='any',
     may=WHERE + ' source-snapshot destination-snapshot max-transfer-rate transfer-priority tries')
def restore(call):
    """Write a snapshot of a mirror back. The relationship this takes shows as long as it runs."""
    source, destination = path(call, 'source'), path(call, 'destination')
    for end, text in (('source', source), ('destination', destination)):
        if text is None:
            raise errors.required(end + '-location')
    made = snapmirror.request_restore(call.cluster, source, destination)
    made.kind = 'restore'
    try:
        return result(snapmirror.start_restore(made, call.text('source-snapshot') or None))
    except errors.Refused:
        call.cluster.relationships.remove(made)
        raise


def _status(r):
    if r.breaking:
        return 'breaking'
    if r.running:
        return 'quiescing' if r.quiescing else 'transferring'
    return 'quiesced' if r.state == 'paused' else 'idle'


def _ends(call, r):
    """Where a relationship comes from and goes to, by the names this cluster knows."""
    found = {}
    for end, location, volume in zip(('source', 'destination'), r.paths(call.cluster),
                                     (r.source_volume, r.destination_volume)):
        found.update({end + '-location': location, end + '-vserver': location.partition(':')[0],
                      end + '-volume': volume.name if volume else None})
    return found


def render(call, r):
    """Record of a relationship; transfer times and sizes follow from its last transfer."""
    now = call.now
    last = next((t for t in reversed(r.transfers) if t.ended is not None), None)
    record = _ends(call, r) | {
        'mirror-state': STATES.get(r.state, r.state), 'relationship-status': _status(r),
        'relationship-type': 'restore' if r.restore else r.kind, 'relationship-id': r.uuid, 'policy': r.policy.name,
        'policy-type': policy_type(r.policy), 'schedule': r.schedule, 'is-healthy': r.healthy,
        'max-transfer-rate': r.throttle, 'is-constituent': False, 'newest-snapshot': r.base_name,
        'exported-snapshot': r.base_name, 'identity-preserve': r.identity_preserve, 'tries': r.tries,
        'unhealthy-reason': r.unhealthy[0]['message'] if r.unhealthy else None}
    if r.base_time is not None:
        record['lag-time'] = 0 if r.state == 'in_sync' else int(now - r.base_time)
    if r.running:
        record.update({'current-transfer-type': r.running.kind, 'transfer-progress': r.running.bytes_at(now),
                       'snapshot-progress': r.running.bytes_at(now)})
    if last is not None:
        record.update({
            'last-transfer-end-timestamp': int(last.ended), 'last-transfer-size': last.bytes_at(now),
            'last-transfer-type': last.kind, 'last-transfer-error': r.last_error or last.error or None,
            'last-transfer-duration': int(last.ended - last.started)})
    return record


@iterator('snapmirror-get-iter', 'snapmirror-info', may='expand', scope='any')
def get_iter(call):
    return [render(call, r) for r in relations(call)]


@iterator('snapmirror-get-destination-iter', 'snapmirror-destination-info', scope='any')
def destinations(call):
    return [_destination(call, r) for r in _sources(call)]


def _sources(call):
    return [r for r in snapmirror.sources(call.cluster) if call.svm in (None, r.source_svm)]


def _destination(call, r):
    return _ends(call, r) | {'relationship-id': r.uuid}


@api('snapmirror-destroy-iter', need='query', may=LISTS, scope='any')
def destroy_iter(call):
    conditions = wanted_leaves(call, 'query', 'snapmirror-info')
    chosen = [r for r in relations(call) if _matches(render(call, r), conditions)]
    if not chosen:
        raise errors.missing('SnapMirror relationship', ', '.join(t for _, t in conditions))
    return each_of(call, 'snapmirror-destroy-iter-info', chosen, snapmirror.delete, lambda r: {'snapmirror-key': {
        'destination-location': r.destination_path}})


@api('snapmirror-destroy', may=WHERE, scope='any')
def destroy(call):
    snapmirror.delete(relation(call))


def _matches(record, conditions):
    flat = flatten(record)
    return all(query.matches(flat.get(p, []), text, '|') for p, text in conditions)


@api('snapmirror-release', may=WHERE + ' relationship-info-only relationship-id', scope='any')
def release(call):
    known, wanted = _sources(call), call.text('relationship-id')
    found = _pick(call, [r for r in known if wanted in (None, '', r.uuid)], 'SnapMirror destination')
    snapmirror.release(found, call.flag('relationship-info-only', False))


@api('snapmirror-release-iter', need='query', may='relationship-info-only ' + LISTS, scope='any')
def release_iter(call):
    conditions = wanted_leaves(call, 'query', 'snapmirror-destination-info')
    chosen = [r for r in _sources(call) if _matches(_destination(call, r), conditions)]
    return each_of(call, 'snapmirror-release-iter-info', chosen,
                   lambda r: snapmirror.release(r, call.flag('relationship-info-only', False)),
                   lambda r: {'snapmirror-destination-key': {'destination-location': r.destination_path,
                                                             'relationship-id': r.uuid}})


@api('snapmirror-policy-create', need='policy-name', may='type discard-configs comment', scope='any')
def create_policy(call):
    """A policy of the SVM tunnelled to, or of the cluster."""
    kind = call.text('type') or POLICY_TYPES[0]
    if kind not in POLICY_TYPES:
        raise errors.invalid('type', kind)
    discarded = call.items('discard-configs') or []
    for config in discarded:
        if config != 'network':
            raise errors.invalid('discard-configs', config)
    # A mirror copies all snapshots besides the one it makes; a vault those its rules name.
    rules = [{'label': 'sm_created', 'count': 1}] if kind in ('async_mirror', 'mirror_vault') else []
    snapmirror.create_policy(call.cluster, call.text('policy-name'), call.svm, kind=kind, discarded=discarded,
                             type='sync' if kind in SYNC else 'async', sync_type=SYNC.get(kind), rules=rules,
                             create_snapshot=kind != 'vault', comment=call.text('comment') or '')


def policy_type(policy):
    """The type of a policy in this interface's words; what was made over REST is told by its rules."""
    if policy.kind:
        return policy.kind
    if policy.type == 'sync':
        return 'strict_sync_mirror' if policy.sync_type == 'strict_sync' else 'sync_mirror'
    if not policy.labels:
        return 'async_mirror'
    return 'mirror_vault' if any(r['label'] == 'sm_created' for r in policy.rules) else 'vault'


def _policy(call):
    return snapmirror.find_policy(call.cluster, call.svm, call.text('policy-name'))


@api('snapmirror-policy-add-rule', need='policy-name snapmirror-label keep', may='preserve', scope='any')
def add_rule(call):
    policy, label = _policy(call), call.text('snapmirror-label')
    if any(r['label'] == label for r in policy.rules):
        raise errors.duplicate('rule of SnapMirror policy', label)
    policy.rules.append({'label': label, 'count': call.number('keep'), 'preserve': call.flag('preserve', False)})


def _rule(call):
    policy, label = _policy(call), call.text('snapmirror-label')
    for rule in policy.rules:
        if rule['label'] == label:
            return policy, rule
    raise errors.missing('rule of SnapMirror policy', label)


@api('snapmirror-policy-modify-rule', need='policy-name snapmirror-label', may='keep preserve', scope='any')
def modify_rule(call):
    rule = _rule(call)[1]
    rule.update(count=call.number('keep', rule['count']), preserve=call.flag('preserve', rule.get('preserve', False)))


@api('snapmirror-policy-remove-rule', need='policy-name snapmirror-label', scope='any')
def remove_rule(call):
    policy, rule = _rule(call)
    policy.rules.remove(rule)


@api('snapmirror-policy-modify', need='policy-name', may='comment', scope='any')
def modify_policy(call):
    policy = _policy(call)
    policy.comment = call.text('comment', policy.comment)


@api('snapmirror-policy-delete', need='policy-name', scope='any')
def delete_policy(call):
    snapmirror.delete_policy(call.cluster, _policy(call))


@iterator('snapmirror-policy-get-iter', 'snapmirror-policy-info', scope='any')
def policies(call):
    return [{'policy-name': p.name, 'type': policy_type(p), 'comment': p.comment or None,
             'owner': 'vserver_admin' if p.svm else 'cluster_admin', 'total-rules': len(p.rules),
             **POLICY_DEFAULTS,
             'total-keep': sum(int(r['count']) for r in p.rules),
             'discard-configs': Items('svmdr-config-obj', p.discarded) if p.discarded else None,
             'vserver-name': p.svm.name if p.svm else call.cluster.name,
             'snapmirror-policy-rules': Items('snapmirror-policy-rule', [
                 {'snapmirror-label': r['label'], 'keep': r['count'], 'preserve': r.get('preserve', False)}
                 for r in p.rules])}
            for p in call.cluster.snapmirror_policies if call.svm is None or p.svm in (None, call.svm)]
