"""/private/cli: the few commands of the command line that clients run over REST."""

from manila.tests.simulators.ontap.model import errors, fpolicy, jobs, resize, snapshots, volumes
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.rest import query
from manila.tests.simulators.ontap.rest.body import typed
from manila.tests.simulators.ontap.rest.catalogue import Field
from manila.tests.simulators.ontap.rest.resource import RESERVED

PREFIX = '/private/cli'


def _versions(call):
    return [{'version': {'full': call.cluster.full_version}, 'version_full': call.cluster.full_version}]


def _aggregates(call):
    return [{'aggregate': a.name, 'root': a.is_root, 'node': a.owner.name, 'size': a.size, 'availsize': a.available,
             'usedsize': a.used, 'state': a.state} for a in call.cluster.aggregates]


def _volumes(call):
    return [{'vserver': v.svm.name, 'volume': v.name, 'size': v.size, 'state': v.state, 'type': v.type.upper(),
             'junction_path': v.junction, 'aggregate': v.aggregates[0].name if v.style == 'flexvol' else None,
             'aggr_list': sorted({a.name for a in v.aggregates}), 'available': v.available, 'used': v.used,
             'percent_used': v.used_percent, 'policy': v.export_policy.name if v.export_policy else None,
             'security_style': v.security_style, 'space_guarantee': v.guarantee, 'snapshot_policy': v.snapshot_policy,
             'percent_snapshot_space': v.snap_reserve, 'files': v.files_max, 'files_used': v.files_used,
             'autosize_mode': v.autosize['mode'], 'max_autosize': v.autosize['maximum'],
             'min_autosize': v.autosize['minimum'], 'language': v.language, 'comment': v.comment,
             'snapdir_access': v.snapdir, 'instance_uuid': v.uuid, 'dsid': v.dsid, 'msid': v.msid,
             'volume_style_extended': v.style, 'encrypt': v.encrypted, 'filesys_size': v.fs_size or v.size,
             'qos_policy_group': v.qos_policy.name if v.qos_policy else None}
            for v in call.cluster.volumes if not v.in_recovery_queue and call.svm in (None, v.svm)]


def _queue(call):
    return [{'vserver': v.svm.name, 'volume': v.name, 'size': v.size} for v in call.cluster.volumes
            if v.in_recovery_queue and call.svm in (None, v.svm)]


def _snapshots(call):
    return [{'vserver': v.svm.name, 'volume': v.name, 'snapshot': s.name, 'busy': s.busy, 'size': s.own,
             'owners': s.owners, 'create_time': iso(s.create_time), 'snapmirror_label': s.label or None,
             'comment': s.comment or None, 'instance_uuid': s.uuid, 'state': s.state}
            for v in call.cluster.volumes if call.svm in (None, v.svm) for s in v.snapshots]


def _svms(call):
    return [{'vserver': s.name, 'uuid': s.uuid, 'type': s.type, 'subtype': s.subtype, 'admin_state': s.state,
             'operational_state': s.operational_state, 'ipspace': s.ipspace.name, 'language': s.language,
             'rootvolume': s.root_volume.name if s.root_volume else None, 'aggr_list': [a.name for a in s.aggregates]}
            for s in call.cluster.svms if call.svm in (None, s)]


def _fpolicies(call):
    return [{'vserver': p.svm.name, 'policy_name': p.name, 'events': [e.name for e in p.events], 'engine': p.engine,
             'is_mandatory': p.mandatory, 'allow_privileged_access': p.privileged,
             'is_passthrough_read_enabled': False, 'privileged_user_name': ''} for p in _policies(call)]


def _fpolicy_scopes(call):
    return [{'vserver': p.svm.name, 'policy_name': p.name,
             'is_file_extension_check_on_directories_enabled': False,
             'is_monitoring_of_objects_with_no_extension_enabled': False,
             **{name: list(p.scope.get(key, ())) for name, key in SCOPE.items()}}
            for p in _policies(call) if p.has_scope]


def _policies(call):
    return [p for s in call.cluster.data_svms if call.svm in (None, s) for p in s.fpolicies]


def _capacity(call):
    return [{'node': n.name, 'limit_for_node': n.lif_limit, 'count_for_node': n.lif_count,
             'capacity_for_node': n.lif_limit} for n in call.cluster.nodes]


# What a scope holds, by the names of the command line, all of them lists of texts.
SCOPE = {'%s_to_%s' % (what, verb): '%s_%s' % (verb, what) for verb in ('include', 'exclude')
         for what in ('shares', 'volumes', 'export_policies')}
SCOPE.update(file_extensions_to_include='include_extension', file_extensions_to_exclude='exclude_extension')
TABLES = {
    '/version': (_versions, False), '/aggr': (_aggregates, True), '/volume': (_volumes, False),
    '/snapshot': (_snapshots, False), '/volume/snapshot': (_snapshots, False), '/vserver': (_svms, False),
    '/volume/recovery-queue': (_queue, False),
    '/network/interface/capacity/details': (_capacity, True), '/vserver/fpolicy/policy': (_fpolicies, False),
    '/vserver/fpolicy/policy/scope': (_fpolicy_scopes, False),
}


def handle(call, answer):
    """Answer a command: GET shows, PATCH modifies, DELETE deletes, other verbs are POSTed as last path part."""
    path = call.path[len(PREFIX):].rstrip('/')
    if '*' in query.expand(call.params.get('fields', '')):
        raise Refused('star_not_allowed', 'The value "*" is not allowed for "fields" here.', 'fields')
    if call.method == 'POST' and path in VERBS:
        return answer(201, dict({'cli_output': ''}, **(VERBS[path](call) or {})))
    if path not in TABLES:
        raise Refused('bad_url', 'API not found')
    table, of_cluster = TABLES[path]
    if of_cluster and not call.is_cluster_user:
        raise Refused('forbidden', 'not authorized for that command')
    if call.method == 'GET':
        return answer(200, _show(call, table(call)))
    changer = CHANGES.get((call.method, path))
    if changer is None:
        raise Refused('unsupported', 'The method %s is not supported on "%s".' % (call.method, call.path))
    if not _conditions(call) and not (call.method == 'DELETE' and call.data):
        raise Refused('missing_value', 'A query is required.')
    changed = changer(call)
    return answer(200, {'num_records': changed, 'cli_output': ''})


def _conditions(call):
    known = RESERVED + ('ignore_owners', 'ignore-owners', 'force')
    return {k.replace('-', '_'): v for k, v in call.params.items() if k not in known}


def _show(call, records):
    conditions = _conditions(call)
    wanted = [f.replace('-', '_') for f in query.expand(call.params.get('fields', ''))]
    found = []
    known = {name for record in records for name in record}
    for name in {n.split('.')[0] for n in [*conditions, *wanted]} if records else ():
        if name not in known:
            if name in conditions:
                raise Refused('unknown_field', 'Unexpected argument "%s".' % name, name)
            raise Refused('bad_fields', 'The value "%s" is invalid for field "fields" (<field,...>).' % name, 'fields')
    for record in records:
        flat = query.flatten(record)
        if all(query.matches(flat.get(name, []), text) for name, text in conditions.items()):
            first = next(iter(record))
            keep = {first, *conditions, *wanted} | ({'vserver', 'volume', 'snapshot'} if 'vserver' in record else set())
            found.append({k: v for k, v in record.items() if (k in keep or not wanted) and v is not None})
    return {'records': found, 'num_records': len(found)}


def _chosen(call):
    conditions = _conditions(call)
    found = []
    for volume in call.cluster.volumes:
        if call.svm not in (None, volume.svm):
            continue
        flat = {'vserver': [volume.svm.name], 'volume': [volume.name]}
        if all(query.matches(flat[n], t) for n, t in conditions.items() if n in flat):
            found.append(volume)
    return found


def _delete_snapshots(call):
    ignore = call.flag('ignore-owners') or call.flag('ignore_owners')
    wanted = _conditions(call).get('snapshot', '*')
    found = [s for v in _chosen(call) for s in v.snapshots if query.matches([s.name], wanted)]
    if not found:
        raise Refused('not_found', "entry doesn't exist")
    for snapshot in found:
        snapshots.delete(snapshot, ignore)
    return len(found)


def _modify_volumes(call):
    found = [v for v in _chosen(call) if not v.in_recovery_queue]
    if not found:
        raise Refused('not_found', "entry doesn't exist")
    data = {k.replace('-', '_'): v for k, v in (call.data or {}).items()}
    reset = str(data.pop('autosize_reset', '')).lower() == 'true'
    values = {}
    for name, value in data.items():
        if name not in VOLUME_FIELDS:
            raise Refused('unknown_field', 'Unexpected argument "%s".' % name, name)
        key, kind = VOLUME_FIELDS[name]
        values[key] = typed(Field(name, kind, 'm', False), value)
    for volume in found:
        resize.modify(volume, autosize_reset=reset, **values)
    return len(found)


def _purge(call):
    data = call.data or {}
    found = [v for v in call.cluster.volumes if v.in_recovery_queue and call.svm in (None, v.svm)
             and query.matches([v.name], data.get('volume', '*'))
             and query.matches([v.svm.name], data.get('vserver', '*'))]
    if not found:
        raise Refused('not_found', "entry doesn't exist")
    for volume in found:
        volumes.purge(volume)
    return {'num_records': len(found)}


def _rehost(call):
    """Move a volume to another SVM: unmounted, and exported by the default policy there."""
    data = {k.replace('-', '_'): v for k, v in (call.data or {}).items()}
    rehost(call.cluster, data.get('vserver'), data.get('volume'), data.get('destination_vserver'))
    return {}


def rehost(cluster, source, name, destination):
    volume = get(cluster.data_svms, 'SVM', name=source).volume(name)
    target = get(cluster.data_svms, 'SVM', name=destination)
    if volume.junction is not None:
        raise errors.Refused('volume.busy', 'Volume "%s" must be unmounted to be rehosted.' % name)
    if volume.parent is not None or volume.clones:
        raise errors.Refused('volume.has_clones', 'Volume "%s" is a clone or has clones.' % name)
    volumes.check_name(target, name)
    volume.svm = target
    volume.export_policy = get(target.export_policies, 'export policy', name='default')
    volume.qos_policy = None
    return volume


def _restore(call):
    data = call.data or {}
    svm = call.svm or get(call.cluster.data_svms, 'SVM', name=data.get('vserver'))
    volume = svm.volume(data.get('volume'))
    snapshots.check_restore(volume, data.get('snapshot'))
    job = jobs.start(call.cluster, 'snapshot restore', 'volume.restore', svm, volume=volume,
                     name=data.get('snapshot'))
    return {'job': {'uuid': job.uuid, '_links': call.links('/cluster/jobs/%s' % job.uuid)}}


# What can be changed of a volume: the name and the type of the field in the model.
VOLUME_FIELDS = {
    'comment': ('comment', 's'), 'size': ('size', 'i'), 'policy': ('export_policy', 's'), 'files': ('files_max', 'i'),
    'security_style': ('security_style', 's'), 'snapshot_policy': ('snapshot_policy', 's'), 'state': ('state', 's'),
    'snapdir_access': ('snapdir', 'b'), 'percent_snapshot_space': ('snap_reserve', 'i'), 'language': ('language', 's'),
    'space_guarantee': ('guarantee', 's'), 'junction_path': ('junction', 's'),
}
def _named_policy(call):
    """The FPolicy policy that a query or a body names."""
    data = {k.replace('-', '_'): v for k, v in dict(call.data or {}, **_conditions(call)).items()}
    svm = call.svm or get(call.cluster.data_svms, 'SVM', name=data.get('vserver'))
    return svm, fpolicy.get_policy(svm, data.get('policy_name'))


def _data(call):
    return {k.replace('-', '_'): v for k, v in (call.data or {}).items()}


def _texts(value):
    return [v.strip() for v in value.split(',')] if isinstance(value, str) else list(value or ())


def _scope_of(data):
    return {key: _texts(data[name]) for name, key in SCOPE.items() if name in data}


def _create_fpolicy(call):
    data = _data(call)
    svm = call.svm or get(call.cluster.data_svms, 'SVM', name=data.get('vserver'))
    fpolicy.create_policy(svm, data.get('policy_name'), _texts(data.get('events')),
                          engine=data.get('engine') or 'native',
                          mandatory=str(data.get('is_mandatory', True)).lower() == 'true')


def _modify_fpolicy(call):
    data, values = _data(call), {}
    if 'events' in data:
        values['events'] = _texts(data['events'])
    if 'engine' in data:
        values['engine'] = data['engine']
    if 'is_mandatory' in data:
        values['mandatory'] = str(data['is_mandatory']).lower() == 'true'
    fpolicy.modify_policy(_named_policy(call)[1], **values)
    return 1


def _delete_fpolicy(call):
    fpolicy.delete_policy(_named_policy(call)[1])
    return 1


def _create_scope(call):
    fpolicy.create_scope(_named_policy(call)[1], **_scope_of(_data(call)))


def _modify_scope(call):
    fpolicy.modify_policy(_named_policy(call)[1], scope=_scope_of(_data(call)))
    return 1


def _delete_scope(call):
    fpolicy.delete_scope(_named_policy(call)[1])
    return 1


CHANGES = {('DELETE', '/snapshot'): _delete_snapshots, ('DELETE', '/volume/snapshot'): _delete_snapshots,
           ('PATCH', '/volume'): _modify_volumes, ('PATCH', '/vserver/fpolicy/policy'): _modify_fpolicy,
           ('DELETE', '/vserver/fpolicy/policy'): _delete_fpolicy,
           ('PATCH', '/vserver/fpolicy/policy/scope'): _modify_scope,
           ('DELETE', '/vserver/fpolicy/policy/scope'): _delete_scope}
VERBS = {
    '/vserver/fpolicy/policy': _create_fpolicy, '/vserver/fpolicy/policy/scope': _create_scope,
    '/volume/rehost': _rehost, '/volume/recovery-queue/purge': _purge, '/volume/snapshot/restore': _restore}
