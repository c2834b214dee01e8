"""Snapshots and consistency points over several volumes."""

from manila.tests.simulators.ontap.model import errors, groups, snapshots
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import query
from manila.tests.simulators.ontap.zapi.api import api, iterator, selected, volume_of, wanted_leaves
from manila.tests.simulators.ontap.zapi.xmltree import Items, child, leaves

OWNERS = {'volume_clone': 'volume clone', 'snapmirror_dependent': 'snapmirror', 'lun_clone': 'LUN clone'}


@api('snapshot-create', need='volume snapshot', may='snapmirror-label comment async')
def create(call):
    snapshots.create(call.volume(), call.text('snapshot'), call.text('snapmirror-label') or '',
                     call.text('comment') or '')


def render(svm, v, s):
    dependencies = sorted(OWNERS.get(o, o) for o in s.owners)
    record = {'name': s.name, 'volume': v.name, 'vserver': svm.name, 'access-time': int(s.create_time),
              'busy': s.busy, 'snapshot-instance-uuid': s.uuid, 'total': s.own // 1024,
              'snapmirror-label': s.label or None, 'comment': s.comment or None,
              'dependency': ','.join(dependencies) or None}
    if dependencies:
        record['snapshot-owners-list'] = Items('snapshot-owner', [{'owner': o} for o in dependencies])
    return record


@iterator('snapshot-get-iter', 'snapshot-info')
def list_snapshots(call):
    """Volumes that are off line are named in volume-errors instead, when they are asked for."""
    wanted = dict(wanted_leaves(call, 'query', 'snapshot-info')).get(('volume',))
    records, failed = [], []
    for svm in call.svms:
        for v in svm.volumes:
            if v.state != 'online':
                if wanted and query.matches([v.name], wanted, '|'):
                    failed.append({'errno': 13023, 'name': v.name, 'vserver': svm.name, 'reason': (
                        'Unable to list snapshots of volume "%s": the volume is not online.' % v.name)})
                continue
            records += [render(svm, v, s) for s in v.snapshots]
    return (records, {'volume-errors': Items('volume-error', failed)}) if failed else records


def lookup(volume, name, reason='snapshot.missing'):
    snapshot = find(volume.snapshots, name=name)
    if snapshot is None:
        raise Refused(reason, "entry doesn't exist: snapshot \"%s\" of volume \"%s\"" % (name, volume.name))
    return snapshot


@api('snapshot-rename', need='volume current-name new-name')
def rename(call):
    snapshots.rename(lookup(call.volume(), call.text('current-name'), 'snapshot.rename_missing'),
                     call.text('new-name'))


@api('snapshot-modify-iter', need='query attributes', may='max-records')
def modify_iter(call):
    """Change comment and label of all snapshots of a query."""
    element = child(child(call.element, 'attributes'), 'snapshot-info')
    values = {path[-1]: text for path, text in leaves(element)} if element is not None else {}
    unknown = set(values) - {'comment', 'snapmirror-label', 'name', 'volume', 'vserver'}
    if unknown:
        raise Refused('unknown_field', 'Extra input: %s' % sorted(unknown)[0])
    found = list_snapshots(call)
    chosen = selected(call, found[0] if isinstance(found, tuple) else found, 'snapshot-info')
    uuids = {r['snapshot-instance-uuid'] for r in chosen}
    for snapshot in [s for svm in call.svms for v in svm.volumes for s in v.snapshots if s.uuid in uuids]:
        snapshot.comment = values.get('comment', snapshot.comment)
        snapshot.label = values.get('snapmirror-label', snapshot.label)
    return {'num-succeeded': len(uuids), 'num-failed': 0}


@api('snapshot-restore-volume', need='volume snapshot', may='force preserve-lun-ids')
def restore(call):
    """The licence is looked at before anything else."""
    call.cluster.require_licence('snaprestore')
    snapshots.restore(call.volume(), call.text('snapshot'))


@api('snapshot-delete', need='volume snapshot', may='ignore-owners snapshot-instance-uuid')
def delete(call):
    snapshots.delete(lookup(call.volume(), call.text('snapshot')), call.flag('ignore-owners', False))


@api('cg-start', need='snapshot timeout volumes', may='snapmirror-label user-timeout')
def start_group(call):
    seconds = groups.FENCE_SECONDS.get(call.text('timeout'))
    if seconds is None:
        raise errors.invalid('timeout', call.text('timeout'))
    volumes = [volume_of(call.svm, name) for name in call.items('volumes')]
    fence = groups.start(call.svm, call.text('snapshot'), volumes, seconds, call.text('snapmirror-label') or '')
    return {'cg-id': fence.number}


@api('cg-commit', need='cg-id')
def commit_group(call):
    groups.commit(call.svm, groups.find_fence(call.svm, call.number('cg-id')))
