"""SnapMirror."""

from manila.tests.simulators.ontap.model import errors, snapmirror
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest import query
from manila.tests.simulators.ontap.zapi.api import api, iterator, wanted_leaves
from manila.tests.simulators.ontap.zapi.xmltree import Items, flatten

WHERE = ('source-location destination-location source-vserver source-volume destination-vserver destination-volume '
         'source-cluster destination-cluster')
STATES = {'broken_off': 'broken-off', 'paused': 'snapmirrored', 'in_sync': 'snapmirrored',
          'out_of_sync': 'snapmirrored', 'synchronizing': 'snapmirrored'}
TYPES = {'async': 'async_mirror', 'sync': 'sync_mirror'}
TRANSFERS = {'initialize': 'initialize', 'update': 'update', 'resync': 'resync', 'restore': 'restore'}


def path(call, end):
    """'svm:volume' from either form of addressing."""
    location = call.text(end + '-location')
    if location:
        return location
    svm = call.text(end + '-vserver')
    return '%s:%s' % (svm, call.text(end + '-volume') or '') if svm else None


def relations(call):
    return [r for r in call.cluster.relationships if call.svm is None or r.involves(call.svm)]


def relation(call):
    source, destination = path(call, 'source'), path(call, 'destination')
    for each in relations(call):
        if destination in (None, each.destination_path) and source in (None, each.source_path):
            return each
    raise errors.missing('SnapMirror relationship', '%s, %s' % (source, destination))


@api('snapmirror-create', may=WHERE + ' relationship-type schedule policy identity-preserve max-transfer-rate tries',
     scope='any')
def create(call):
    for end in ('source', 'destination'):
        if path(call, end) is None:
            raise errors.required(end + '-location')
    snapmirror.create(call.cluster, path(call, 'source'), path(call, 'destination'),
                      call.text('policy') or 'MirrorAllSnapshots', call.text('schedule') or None,
                      call.number('max-transfer-rate', 0))


def result(transfer):
    return {'result-operation-id': transfer.uuid, 'result-status': 'succeeded'}


@api('snapmirror-initialize', may=WHERE + ' source-snapshot transfer-priority max-transfer-rate', scope='any')
def initialize(call):
    return result(snapmirror.start_transfer(relation(call), 'initialize'))


@api('snapmirror-update', may=WHERE + ' source-snapshot transfer-priority max-transfer-rate', scope='any')
def update(call):
    return result(snapmirror.start_transfer(relation(call), 'update'))


@api('snapmirror-quiesce', may=WHERE, scope='any')
def quiesce(call):
    snapmirror.quiesce(relation(call))


@api('snapmirror-abort', may=WHERE + ' clear-checkpoint', scope='any')
def abort(call):
    snapmirror.abort(relation(call), hard=call.flag('clear-checkpoint', False))


@api('snapmirror-break', may=WHERE, scope='any')
def break_off(call):
    snapmirror.break_off(relation(call))


@api('snapmirror-resume', may=WHERE, scope='any')
def resume(call):
    snapmirror.resume(relation(call))


@api('snapmirror-resync', may=WHERE + ' source-snapshot', scope='any')
def resync(call):
    snapmirror.resync(relation(call))


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


def _status(r):
    if r.running:
        return 'quiescing' if r.quiescing else 'transferring'
    return 'quiesced' if r.state == 'paused' else 'idle'


def render(call, r):
    """Record of a relationship; transfer times and sizes follow from its last transfer."""
    now, last = call.now, r.transfer
    record = {
        'source-vserver': r.source_svm.name, 'source-volume': r.source_volume.name if r.source_volume else None,
        'destination-vserver': r.destination_svm.name,
        'destination-volume': r.destination_volume.name if r.destination_volume else None,
        'source-location': r.source_path, 'destination-location': r.destination_path,
        'mirror-state': STATES.get(r.state, r.state), 'relationship-status': _status(r),
        'relationship-type': 'extended_data_protection', 'relationship-id': r.uuid, 'policy': r.policy.name,
        'policy-type': TYPES.get(r.policy.type, r.policy.type), 'schedule': r.schedule, 'is-healthy': r.healthy,
        'max-transfer-rate': r.throttle, 'is-constituent': False, 'newest-snapshot': r.base_name,
        'exported-snapshot': r.base_name, 'unhealthy-reason': r.unhealthy[0]['message'] if r.unhealthy else None}
    if r.base_time is not None:
        record['lag-time'] = int(now - r.base_time)
    if last is not None and last.ended is not None:
        record.update({
            'last-transfer-end-timestamp': int(last.ended), 'last-transfer-size': last.bytes_at(now),
            'last-transfer-type': TRANSFERS[last.kind], 'last-transfer-error': r.last_error or last.error or None,
            'last-transfer-duration': int(last.ended - last.started)})
    return record


@iterator('snapmirror-get-iter', 'snapmirror-info', may='expand', scope='any')
def get_iter(call):
    return [render(call, r) for r in relations(call)]


@iterator('snapmirror-get-destination-iter', 'snapmirror-destination-info', scope='any')
def destinations(call):
    return [_destination(r) for r in _sources(call)]


def _sources(call):
    return [r for r in snapmirror.sources(call.cluster) if call.svm in (None, r.source_svm)]


def _destination(r):
    return {'source-location': r.source_path, 'destination-location': r.destination_path,
            'source-vserver': r.source_svm.name, 'source-volume': r.source_volume.name if r.source_volume else None,
            'destination-vserver': r.destination_svm.name, 'relationship-id': r.uuid,
            'destination-volume': r.destination_volume.name if r.destination_volume else None}


@api('snapmirror-destroy-iter', need='query', may='max-records continue-on-failure', scope='any')
def destroy_iter(call):
    conditions = wanted_leaves(call, 'query', 'snapmirror-info')
    chosen = [r for r in relations(call) if _matches(render(call, r), conditions)]
    if not chosen:
        raise errors.missing('SnapMirror relationship', ', '.join(t for _, t in conditions))
    for each in chosen:
        snapmirror.delete(each)
    return {'num-succeeded': len(chosen), 'num-failed': 0}


def _matches(record, conditions):
    flat = flatten(record)
    return all(query.matches(flat.get(p, []), text, '|') for p, text in conditions)


@api('snapmirror-release', may=WHERE + ' relationship-info-only relationship-id', scope='any')
def release(call):
    source, destination = path(call, 'source'), path(call, 'destination')
    for each in _sources(call):
        if source in (None, each.source_path) and destination in (None, each.destination_path):
            snapmirror.release(each, call.flag('relationship-info-only', False))
            return
    raise errors.missing('SnapMirror destination', '%s' % destination)


@api('snapmirror-release-iter', need='query', may='relationship-info-only max-records', scope='any')
def release_iter(call):
    conditions = wanted_leaves(call, 'query', 'snapmirror-destination-info')
    chosen = [r for r in _sources(call) if _matches(_destination(r), conditions)]
    for each in chosen:
        snapmirror.release(each, call.flag('relationship-info-only', False))
    return {'num-succeeded': len(chosen), 'num-failed': 0}


@api('snapmirror-policy-create', need='policy-name', may='type discard-configs comment')
def create_policy(call):
    kind = 'sync' if 'sync' in (call.text('type') or '') and 'async' not in call.text('type') else 'async'
    snapmirror.create_policy(call.cluster, call.text('policy-name'), call.svm, type=kind)


def _policy(call):
    return snapmirror.find_policy(call.cluster, call.svm, call.text('policy-name'))


@api('snapmirror-policy-add-rule', need='policy-name snapmirror-label keep', may='preserve')
def add_rule(call):
    _policy(call).rules.append({'label': call.text('snapmirror-label'), 'count': call.number('keep')})


@api('snapmirror-policy-delete', need='policy-name')
def delete_policy(call):
    snapmirror.delete_policy(call.cluster, _policy(call))


@iterator('snapmirror-policy-get-iter', 'snapmirror-policy-info', scope='any')
def policies(call):
    return [{'policy-name': p.name, 'type': TYPES.get(p.type, p.type),
             'vserver-name': p.svm.name if p.svm else call.cluster.name,
             'snapmirror-policy-rules': Items('snapmirror-policy-rule', [
                 {'snapmirror-label': r['label'], 'keep': r['count']} for r in p.rules])}
            for p in call.cluster.snapmirror_policies if call.svm is None or p.svm in (None, call.svm)]
