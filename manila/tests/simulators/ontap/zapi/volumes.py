"""Volumes, clones, splits, moves."""

import re

from manila.tests.simulators.ontap.model import clones, errors, jobs, moves, resize, volumes
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import cli, query
from manila.tests.simulators.ontap.zapi.api import (
    api,
    each_of,
    find_svm,
    iterator,
    number,
    selected,
    volume_of,
    wanted_leaves,
)
from manila.tests.simulators.ontap.zapi.xmltree import Items, child, leaves

CREATE = ('volume-type space-reserve junction-path snapshot-policy language-code percentage-snapshot-reserve '
          'qos-policy-group-name qos-adaptive-policy-group-name encrypt snaplock-type export-policy '
          'volume-security-style unix-permissions user-id group-id volume-comment efficiency-policy volume-state '
          'tiering-policy is-space-reporting-logical is-space-enforcement-logical')


def _settings(call):
    """What both ways of creating a volume share, under the model's names."""
    values = {
        'type': (call.text('volume-type') or '').lower() or None,
        'guarantee': call.text('space-reserve') or call.text('space-guarantee'),
        'junction': call.text('junction-path'), 'snapshot_policy': call.text('snapshot-policy'),
        'language': call.text('language-code'), 'snap_reserve': call.number('percentage-snapshot-reserve'),
        'encrypted': call.flag('encrypt'), 'export_policy': call.text('export-policy'),
        'security_style': call.text('volume-security-style'), 'comment': call.text('volume-comment'),
        'uid': call.number('user-id'), 'gid': call.number('group-id'),
        'unix_permissions': permissions(call.text('unix-permissions')),
        'logical_reporting': call.flag('is-space-reporting-logical'),
        'logical_enforcement': call.flag('is-space-enforcement-logical')}
    for name, kind in (('qos-policy-group-name', 'fixed'), ('qos-adaptive-policy-group-name', 'adaptive')):
        if call.text(name):
            values['qos_policy'], values['qos_kind'] = call.text(name), kind
    if call.text('volume-state', 'online') != 'online':
        raise errors.invalid('volume-state', call.text('volume-state'))
    if call.text('tiering-policy'):
        values['tiering'] = {'policy': call.text('tiering-policy')}
    if call.text('snaplock-type'):
        values['snaplock'] = {'type': call.text('snaplock-type')}
    if call.text('efficiency-policy'):
        values['efficiency_set'] = {'policy': call.text('efficiency-policy')}
    return {k: v for k, v in values.items() if v is not None}


def permissions(text):
    """Permissions such as '---rwxr-xr-x' or '0755' as the number made of their three digits."""
    if not text:
        return None
    if text.isdigit():
        return int(text)
    bits = text[-9:]
    return int(''.join(str(sum(1 << (2 - i % 3) for i in range(start, start + 3) if bits[i] != '-'))
                       for start in (0, 3, 6)))


def _aggregates(call, names):
    for name in names:
        if find(call.cluster.aggregates, name=name) is None:
            raise Refused('aggregate.missing', 'Aggregate "%s" does not exist.' % name)
    return names


@api('volume-create', need='volume', may=CREATE + ' containing-aggr-name size space-guarantee')
def create(call):
    names = _aggregates(call, [call.text('containing-aggr-name')] if call.has('containing-aggr-name') else [])
    job = volumes.request_create(call.svm, call.text('volume'), call.number('size', volumes.MIN_SIZE), names,
                                 **_settings(call))
    jobs.conclude(job)


@api('volume-create-async', need='volume-name', may=CREATE + ' aggr-list auto-provision-as size space-guarantee '
     'aggr-list-multiplier containing-aggr-name', since=(1, 180))
def create_async(call):
    style = call.text('auto-provision-as')
    names = _aggregates(call, call.items('aggr-list') or [])
    job = volumes.request_create(call.svm, call.text('volume-name'), call.number('size', volumes.MIN_SIZE), names,
                                 style=style or ('flexgroup' if names else None),
                                 per_aggregate=call.number('aggr-list-multiplier'), **_settings(call))
    return {'result-status': 'in_progress', 'result-jobid': job.number}


@api('volume-clone-create', need='volume parent-volume',
     may='parent-snapshot junction-path qos-policy-group-name space-reserve parent-vserver volume-type junction-active')
def clone(call):
    source = find_svm(call.cluster, call.text('parent-vserver')) if call.text('parent-vserver') else call.svm
    parent = volume_of(source, call.text('parent-volume'))
    values = {'junction': call.text('junction-path'), 'guarantee': call.text('space-reserve')}
    if call.text('qos-policy-group-name'):
        values['qos_policy'], values['qos_kind'] = call.text('qos-policy-group-name'), 'fixed'
    jobs.conclude(clones.request_create(call.svm, call.text('volume'), parent, call.text('parent-snapshot'),
                                        **{k: v for k, v in values.items() if v is not None}))


@api('volume-clone-get', need='volume', may='desired-attributes')
def get_clone(call):
    for record in list_clones(call):
        if record['volume'] == call.text('volume'):
            return {'attributes': {'volume-clone-info': record}}
    raise errors.missing('volume clone', call.text('volume'))


@iterator('volume-clone-get-iter', 'volume-clone-info')
def list_clones(call):
    return [{'volume': v.name, 'vserver': svm.name, 'parent-volume': v.parent.name,
             'parent-vserver': v.parent.svm.name, 'parent-snapshot': v.parent_snapshot.name}
            for svm in call.svms for v in svm.volumes if v.parent is not None]


@api('volume-clone-split-start', need='volume')
def split_start(call):
    clones.start_split(call.volume())


@api('volume-clone-split-stop', need='volume')
def split_stop(call):
    clones.stop_split(call.volume())


@api('volume-clone-split-status', may='volume')
def split_status(call):
    target = call.volume()
    if target.parent is None:
        raise Refused('clone.not_a_clone', 'Volume "%s" is not a clone.' % target.name)
    target.require_online()
    if target.parent.state != 'online':
        raise Refused('clone.parent_offline', 'The parent of volume "%s" is not online.' % target.name)
    if target.split is None:
        raise Refused('clone.not_splitting', 'No clone split is running on volume "%s".' % target.name)
    percent = target.split.percent(call.now)
    return {'clone-split-details': {'clone-split-detail-info': {
        'name': target.name, 'block-percentage-complete': percent, 'inode-percentage-complete': percent,
        'blocks-scanned': target.inherited * percent // 100 // 4096}}}


def render(svm, v):
    """Record of a volume."""
    placed = list(dict.fromkeys(a.name for a in v.aggregates))
    flexgroup = v.style == 'flexgroup'
    record = {
        'volume-id-attributes': {
            'name': v.name, 'owning-vserver-name': svm.name, 'owning-vserver-uuid': svm.uuid,
            'containing-aggregate-name': '' if flexgroup else placed[0],
            'aggr-list': Items('aggr-name', placed) if flexgroup else None, 'junction-path': v.junction,
            'type': v.type, 'style': 'flex', 'style-extended': v.style, 'instance-uuid': v.uuid, 'uuid': v.uuid,
            'creation-time': int(v.create_time), 'node': v.node.name, 'comment': v.comment or None, 'dsid': v.dsid,
            'msid': v.msid},
        'volume-space-attributes': {
            'size': v.size, 'size-used': v.used, 'size-total': v.afs_total, 'size-available': v.available,
            'space-guarantee': v.guarantee, 'is-filesys-size-fixed': v.fs_size_fixed,
            'percentage-size-used': v.used_percent, 'percentage-snapshot-reserve': v.snap_reserve,
            'size-used-by-snapshots': v.snapshot_used, 'snapshot-reserve-size': v.reserve_bytes,
            'is-space-reporting-logical': v.logical_reporting, 'is-space-enforcement-logical': v.logical_enforcement},
        'volume-state-attributes': {'state': v.state, 'is-vserver-root': v.is_root},
        'volume-snapshot-attributes': {'snapshot-policy': v.snapshot_policy, 'snapdir-access-enabled': v.snapdir,
                                       'snapshot-count': len(v.snapshots)},
        'volume-inode-attributes': {'files-total': v.files_max, 'files-used': v.files_used,
                                    'inodefile-public-capacity': v.files_used},
        'volume-export-attributes': {'policy': v.export_policy.name if v.export_policy else None},
        'volume-security-attributes': {'style': v.security_style, 'volume-security-unix-attributes': {
            'user-id': v.uid, 'group-id': v.gid, 'permissions': v.unix_permissions}},
        'volume-snaplock-attributes': {'snaplock-type': v.snaplock['type']},
        'volume-language-attributes': {'language-code': v.language, 'language': v.language},
        'volume-autosize-attributes': _autosize(v),
        'volume-comp-aggr-attributes': {'tiering-policy': v.tiering.get('policy')},
        'volume-performance-attributes': {'is-atime-update-enabled': v.attributes.get('atime_update', True)},
        'encrypt': v.encrypted}
    if v.qos_policy is not None:
        name = 'policy-group-name' if v.qos_policy.kind == 'fixed' else 'adaptive-policy-group-name'
        record['volume-qos-attributes'] = {name: v.qos_policy.name}
    if v.parent is not None:
        record['volume-clone-attributes'] = {'volume-clone-parent-attributes': {
            'name': v.parent.name, 'snapshot-name': v.parent_snapshot.name, 'vserver-name': v.parent.svm.name}}
    return record


def _autosize(v):
    a = v.autosize
    return {'mode': a['mode'], 'is-enabled': a['mode'] != 'off', 'grow-threshold-percent': a['grow_threshold'],
            'shrink-threshold-percent': a['shrink_threshold'], 'maximum-size': a['maximum'],
            'minimum-size': a['minimum']}


@iterator('volume-get-iter', 'volume-attributes')
def get_iter(call):
    wanted = dict(wanted_leaves(call, 'query', 'volume-attributes')).get(('volume-id-attributes', 'name'))
    return [render(svm, v) for svm in call.svms for v in svm.volumes
            if not wanted or query.matches([v.name], wanted, '|')]


# attribute -> (the model's name, kind)
SETS = {
    'files-total': ('files_max', 'number'), 'size': ('size', 'number'), 'snapdir-access-enabled': ('snapdir', 'flag'),
    'is-filesys-size-fixed': ('fs_size_fixed', 'flag'), 'style': ('security_style', 'text'),
    'policy': ('export_policy', 'text'), 'user-id': ('uid', 'number'), 'group-id': ('gid', 'number'),
    'policy-group-name': ('qos_policy', 'text'), 'adaptive-policy-group-name': ('qos_policy', 'text'),
    'snapshot-policy': ('snapshot_policy', 'text'), 'language': ('language', 'text'),
    'language-code': ('language', 'text'), 'space-guarantee': ('guarantee', 'text'), 'comment': ('comment', 'text'),
    'percentage-snapshot-reserve': ('snap_reserve', 'number'), 'encrypt': ('encrypted', 'flag'),
    'is-space-reporting-logical': ('logical_reporting', 'flag'),
    'is-space-enforcement-logical': ('logical_enforcement', 'flag'),
    'permissions': ('unix_permissions', 'permissions'),
}
CONVERT = {'number': number, 'flag': lambda text, name: text == 'true', 'text': lambda text, name: text,
           'permissions': lambda text, name: permissions(text)}
AUTOSIZE = {'mode': 'mode', 'grow-threshold-percent': 'grow_threshold', 'shrink-threshold-percent': 'shrink_threshold',
            'maximum-size': 'maximum', 'minimum-size': 'minimum'}


def changes(call):
    """The attributes of a modify call as the model's settings. Unknown ones are refused."""
    element = child(child(call.element, 'attributes'), 'volume-attributes')
    values, autosize = {}, {}
    for path, text in leaves(element) if element is not None else ():
        name = path[-1]
        if not text and name.endswith('-attributes'):
            continue
        if path[0] == 'volume-autosize-attributes':
            if name == 'reset':
                values['autosize_reset'] = text == 'true'
            elif name in AUTOSIZE:
                autosize[AUTOSIZE[name]] = text if name == 'mode' else number(text, name)
            continue
        if name == 'tiering-policy':
            values['tiering'] = {'policy': text}
            continue
        if name == 'is-atime-update-enabled':
            values['attributes'] = {'atime_update': text == 'true'}
            continue
        if name not in SETS:
            if call.cluster.settings['strict']:
                raise Refused('unknown_field', 'Extra input: %s' % name)
            continue
        key, kind = SETS[name]
        values[key] = CONVERT[kind](text, name)
        if name == 'adaptive-policy-group-name':
            values['qos_kind'] = 'adaptive'
        elif name == 'policy-group-name' and text != 'none':
            values['qos_kind'] = 'fixed'
    if autosize:
        values['autosize'] = autosize
    return values


@api('volume-modify-iter', need='query attributes',
     may='max-records continue-on-failure return-success-list return-failure-list max-failure-count tag')
def modify_iter(call):
    """Change all volumes of a query; what fails is listed, the call itself passes."""
    values = changes(call)
    wanted = {r['volume-id-attributes']['instance-uuid'] for r in selected(
        call, get_iter(call), 'volume-attributes')}
    return each_of(call, 'volume-modify-iter-info', [v for svm in call.svms for v in svm.volumes if v.uuid in wanted],
                   lambda v: resize.modify(v, **values),
                   lambda v: {'volume-key': {'name': v.name, 'vserver': v.svm.name}})


def _new_size(call, target):
    """The size asked for; '+' and '-' and units are understood."""
    text = call.text('new-size')
    sign, text = (text[0], text[1:]) if text[0] in '+-' else ('', text)
    amount = number(text, 'new-size')
    return amount if not sign else target.size + (amount if sign == '+' else -amount)


@api('volume-size', need='volume', may='new-size')
def size(call):
    """Show or change the size."""
    target = call.volume()
    if call.text('new-size'):
        resize.modify(target, size=_new_size(call, target))
    return {'volume-size': '%d' % target.size, 'is-fixed-size-flex-volume': target.fs_size_fixed}


@api('volume-autosize-get', need='volume')
def autosize_get(call):
    a = _autosize(call.volume())
    return dict(a, **{'maximum-size': a['maximum-size'] // 1024, 'minimum-size': a['minimum-size'] // 1024})


@api('volume-autosize-set', need='volume', may='mode reset is-enabled increment-size grow-threshold-percent '
     'shrink-threshold-percent maximum-size minimum-size')
def autosize_set(call):
    """Sizes without a unit are KiB."""
    values, wanted = {}, {}
    for name, key in AUTOSIZE.items():
        text = call.text(name)
        if text:
            wanted[key] = text if name == 'mode' else number(text + 'k' if name.endswith('size') and text.isdigit()
                                                             else text, name)
    if call.has('is-enabled') and 'mode' not in wanted:
        wanted['mode'] = 'grow' if call.flag('is-enabled') else 'off'
    if call.flag('reset'):
        values['autosize_reset'] = True
    resize.modify(call.volume(), autosize=wanted, **values)


@api('volume-get-volume-path', need='volume is-style-cifs')
def volume_path(call):
    junction = call.volume().junction
    if junction is None:
        raise Refused('volume.not_mounted', 'Volume "%s" is not mounted.' % call.text('volume'))
    return {'junction': junction.replace('/', '\\') if call.flag('is-style-cifs') else junction}


@api('volume-mount', need='volume-name junction-path', may='activate-junction export-policy-override')
def mount(call):
    target = call.volume('volume-name')
    if target.junction is not None:
        raise Refused('volume.mounted', 'Volume "%s" is already mounted at "%s".' % (target.name, target.junction))
    volumes.mount(target, call.text('junction-path'))


@api('volume-unmount', need='volume-name', may='force')
def unmount(call):
    volumes.unmount(call.volume('volume-name'), call.flag('force', False))


@api('volume-online', need='name')
def online(call):
    volumes.online(call.volume('name'))


@api('volume-offline', need='name', may='force')
def offline(call):
    volumes.offline(call.volume('name'), call.flag('force', False))


@api('volume-destroy', need='name', may='force unmount-and-offline')
def destroy(call):
    target = call.volume('name')
    volumes.delete(target, call.flag('force', False), stop=call.flag('unmount-and-offline', False))


@api('volume-rename', need='volume new-volume-name')
def rename(call):
    volumes.rename(call.volume(), call.text('new-volume-name'))


@api('volume-rehost', need='volume vserver destination-vserver', may='auto-remap-luns', scope='cluster')
def rehost(call):
    cli.rehost(call.cluster, call.text('vserver'), call.text('volume'), call.text('destination-vserver'))


# The same with a job, which is how volumes of several aggregates are changed.
def _job(call, volume, operation, **values):
    job = jobs.start(call.cluster, operation, operation, call.svm, volume=volume, **values)
    return {'result-status': 'in_progress', 'result-jobid': job.number}


@api('volume-modify-iter-async', need='query attributes', since=(1, 180),
     may='max-records continue-on-failure return-success-list return-failure-list tag')
def modify_iter_async(call):
    values, started = changes(call), {}
    wanted = {r['volume-id-attributes']['instance-uuid'] for r in selected(
        call, get_iter(call), 'volume-attributes')}

    def begin(volume):
        resize.check(volume, **values)
        result = _job(call, volume, 'volume.modify', **values)
        started[volume].update({'status': result['result-status'], 'jobid': result['result-jobid']})

    def key(volume):
        started[volume] = {'volume-key': {'name': volume.name, 'vserver': volume.svm.name}}
        return started[volume]

    return each_of(call, 'volume-modify-iter-async-info', [v for s in call.svms for v in s.volumes if v.uuid in wanted],
                   begin, key)


@api('volume-size-async', need='volume-name', may='new-size', since=(1, 180))
def size_async(call):
    target = call.volume('volume-name')
    if not call.text('new-size'):
        return {'volume-size': '%d' % target.size, 'result-status': 'succeeded'}
    wanted = _new_size(call, target)
    resize.check(target, size=wanted)
    return _job(call, target, 'volume.modify', size=wanted)


@api('volume-rename-async', need='volume-name new-volume-name', since=(1, 180))
def rename_async(call):
    target, name = call.volume('volume-name'), call.text('new-volume-name')
    resize.check(target, name=name)
    return _job(call, target, 'volume.modify', name=name)


@api('volume-online-async', need='volume-name', since=(1, 180))
def online_async(call):
    return _job(call, call.volume('volume-name'), 'volume.modify', state='online')


@api('volume-offline-async', need='volume-name', may='force', since=(1, 180))
def offline_async(call):
    target = call.volume('volume-name')
    if target.state == 'offline':
        raise Refused('volume.already_offline', 'Volume "%s" is already offline.' % target.name)
    return _job(call, target, 'volume.modify', state='offline')


@api('volume-destroy-async', need='volume-name', may='force unmount-and-offline', since=(1, 180))
def destroy_async(call):
    target, stop = call.volume('volume-name'), call.flag('unmount-and-offline', False)
    volumes.check_delete(target, stop)
    return _job(call, target, 'volume.delete', force=call.flag('force', False), stop=stop)


PERIOD = re.compile(r'^(\d+)(minute|hour|day|month|year)s?$')
UNITS = {'minute': 'PT%sM', 'hour': 'PT%sH', 'day': 'P%sD', 'month': 'P%sM', 'year': 'P%sY'}
SNAPLOCK = {'autocommit-period': 'autocommit_period', 'minimum-retention-period': 'minimum',
            'maximum-retention-period': 'maximum', 'default-retention-period': 'default'}


@api('volume-set-snaplock-attrs', need='volume', may=' '.join(SNAPLOCK))
def set_snaplock(call):
    target = call.volume()
    if target.snaplock['type'] == 'non_snaplock':
        raise Refused('invalid', 'Volume "%s" is not a SnapLock volume.' % target.name)
    retention = target.snaplock.setdefault('retention', {})
    for name, key in SNAPLOCK.items():
        if call.has(name):
            (target.snaplock if key == 'autocommit_period' else retention)[key] = _period(call.text(name), name)


def _period(text, name):
    """'10days' as the model (and REST) writes it: 'P10D'."""
    if text == 'infinite':
        return text
    match = PERIOD.match(text)
    if not match:
        raise errors.invalid(name, text)
    return UNITS[match.group(2)] % match.group(1)


@api('volume-move-start', need='source-volume vserver dest-aggr',
     may='cutover-action encrypt-destination encrypt-with-aggr-key perform-validation-only cutover-window',
     scope='cluster')
def move_start(call):
    svm = find_svm(call.cluster, call.text('vserver'))
    target = volume_of(svm, call.text('source-volume'))
    encrypted = call.flag('encrypt-destination') or call.flag('encrypt-with-aggr-key')
    if encrypted and not call.cluster.nve_capable:
        raise Refused('volume.no_encryption', 'Volume encryption is not supported by this cluster.')
    if call.flag('perform-validation-only'):
        moves.check(target, call.text('dest-aggr'))
        return
    action = call.text('cutover-action', 'defer_on_failure')
    if action not in ('wait', 'defer_on_failure', 'abort_on_failure', 'force'):
        raise errors.invalid('cutover-action', action)
    moves.start(target, call.text('dest-aggr'), wait=action == 'wait', action=action, encrypted=encrypted)


@iterator('volume-move-get-iter', 'volume-move-info', scope='cluster')
def move_get(call):
    records = []
    for svm in call.svms:
        for v in svm.volumes:
            if v.move is None:
                continue
            m = v.move
            state = {'success': 'done', 'failed': 'failed', 'aborted': 'failed'}.get(m.state, 'healthy')
            records.append({
                'volume': v.name, 'vserver': svm.name, 'state': state, 'phase': m.phase,
                'percent-complete': m.percent(call.now), 'destination-aggregate': m.target.name,
                'estimated-completion-time': int(m.started + m.seconds), 'details': m.details or m.state,
                'cutover-action': m.action})
    return records


def _moving(call):
    return volume_of(find_svm(call.cluster, call.text('vserver')), call.text('source-volume'))


@api('volume-move-trigger-cutover', need='source-volume vserver', may='force', scope='cluster')
def move_cutover(call):
    moves.cut_over(_moving(call))


@api('volume-move-trigger-abort', need='source-volume vserver', scope='cluster')
def move_abort(call):
    moves.abort(_moving(call))


@iterator('lun-get-iter', 'lun-info')
def luns(call):
    return [{'path': lun.path, 'vserver': svm.name, 'volume': v.name, 'qtree': lun.qtree, 'uuid': lun.uuid,
             'size': lun.size, 'node': v.node.name, 'state': v.state, 'online': v.state == 'online'}
            for svm in call.svms for v in svm.volumes for lun in v.luns]
