"""SVMs."""

from manila.tests.simulators.ontap.model import errors, jobs, svms
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.zapi.api import api, find_svm, iterator
from manila.tests.simulators.ontap.zapi.xmltree import Items


def render(s):
    """Record of an SVM of any type."""
    record = {'vserver-name': s.name, 'uuid': s.uuid, 'vserver-type': s.type, 'vserver-subtype': s.subtype,
              'state': s.state, 'operational-state': s.operational_state,
              'ipspace': s.ipspace.name if s.ipspace else None}
    if s.type != 'data':
        return record
    record.update({
        'root-volume': s.root_volume.name if s.root_volume else None,
        'root-volume-aggregate': s.root_volume.aggregates[0].name if s.root_volume else None,
        'root-volume-security-style': s.security_style, 'language': s.language, 'comment': s.comment,
        'snapshot-policy': s.snapshot_policy, 'volume-delete-retention-hours': s.retention_hours,
        'is-space-reporting-logical': s.logical_reporting, 'is-space-enforcement-logical': s.logical_enforcement,
        'aggr-list': Items('aggr-name', [a.name for a in s.aggregates]),
        'name-server-switch': Items('nsswitch', s.nsswitch['passwd']),
        'name-mapping-switch': Items('nmswitch', s.nsswitch['namemap']),
        'allowed-protocols': Items('protocol', [p for p, on in sorted(s.allowed.items()) if on])})
    if s.aggregates:
        record['vserver-aggr-info-list'] = Items('vserver-aggr-info', [
            {'aggr-name': a.name, 'aggr-availsize': a.available} for a in s.aggregates])
    return record


@iterator('vserver-get-iter', 'vserver-info', scope='any')
def get_iter(call):
    seen = call.svms if call.svm is not None else call.cluster.svms
    return [render(s) for s in seen]


@api('vserver-get', may='desired-attributes')
def get(call):
    return {'attributes': {'vserver-info': render(call.svm)}}


CREATE = ('root-volume root-volume-aggregate root-volume-security-style name-server-switch vserver-subtype ipspace '
          'is-space-reporting-logical is-space-enforcement-logical language comment return-record snapshot-policy '
          'aggr-list')


@api('vserver-create', need='vserver-name', may=CREATE, scope='cluster')
def create(call):
    values = {'root_volume': call.text('root-volume'), 'root_aggregate': call.text('root-volume-aggregate'),
              'subtype': call.text('vserver-subtype', 'default'), 'ipspace': call.text('ipspace', 'Default'),
              'logical_reporting': call.flag('is-space-reporting-logical'),
              'logical_enforcement': call.flag('is-space-enforcement-logical'),
              'root_style': call.text('root-volume-security-style', 'unix')}
    values['aggregates'] = call.items('aggr-list') or ()
    values.update({k: v for k, v in {'language': call.text('language'), 'comment': call.text('comment'),
                                     'snapshot_policy': call.text('snapshot-policy')}.items() if v})
    switch = call.items('name-server-switch')
    if switch:
        values['nsswitch'] = {'passwd': switch, 'group': switch}
    svm = jobs.conclude(svms.request_create(call.cluster, call.text('vserver-name'), **values))
    if call.flag('return-record'):
        return {'result': {'vserver-info': render(svm)}}


@api('vserver-modify', need='vserver-name',
     may='aggr-list volume-delete-retention-hours name-mapping-switch name-server-switch comment snapshot-policy '
         'allowed-protocols max-volumes language', scope='any')
def modify(call):
    svm = find_svm(call.cluster, call.text('vserver-name'))
    values = {'aggregates': call.items('aggr-list'), 'comment': call.text('comment'),
              'retention_hours': call.number('volume-delete-retention-hours')}
    values.update({'snapshot_policy': call.text('snapshot-policy'), 'language': call.text('language'),
                   'max_volumes': call.text('max-volumes')})
    if call.has('allowed-protocols'):
        wanted = call.items('allowed-protocols')
        values['allowed'] = {name: name in wanted for name in svm.allowed}
    switches = {}
    if call.has('name-mapping-switch'):
        switches['namemap'] = call.items('name-mapping-switch')
    if call.has('name-server-switch'):
        switches['passwd'] = switches['group'] = switches['netgroup'] = call.items('name-server-switch')
    if call.account.svm is not None and values['aggregates'] is not None:
        raise Refused('forbidden', 'An SVM user cannot delegate aggregates.')
    svms.modify(svm, nsswitch=switches, **values)


@iterator('vserver-show-aggr-get-iter', 'show-aggregates', may='vserver')
def show_aggregates(call):
    wanted = call.text('vserver')
    records = []
    for svm in call.svms:
        if wanted and svm.name != wanted:
            continue
        for a in svm.aggregates:
            records.append({'aggregate-name': a.name, 'aggregate-type': a.storage_type, 'available-size': a.available,
                            'snaplock-type': a.snaplock_type, 'is-nve-capable': call.cluster.nve_capable,
                            'vserver-name': svm.name})
    return records


@api('vserver-rename', need='vserver-name new-name', scope='cluster')
def rename(call):
    svms.modify(find_svm(call.cluster, call.text('vserver-name')), name=call.text('new-name'))


@api('vserver-destroy', need='vserver-name', scope='cluster')
def destroy(call):
    svm = find_svm(call.cluster, call.text('vserver-name'))
    if svm.type != 'data':
        raise errors.invalid('vserver-name', svm.name)
    svms.delete(svm)


@api('vserver-start', need='vserver-name', may='force', scope='cluster')
def start(call):
    svms.start(find_svm(call.cluster, call.text('vserver-name')))


@api('vserver-stop', need='vserver-name', scope='cluster')
def stop(call):
    svms.stop(find_svm(call.cluster, call.text('vserver-name')))
