"""Performance counters."""

from manila.tests.simulators.ontap.model import cluster as clusters, errors
from manila.tests.simulators.ontap.zapi.api import api, page, selected
from manila.tests.simulators.ontap.zapi.xmltree import Items

LABELS = 'idle,kahuna,storage,exempt'
PHASES = 'SETUP,P2_FLUSH,P3_FINISH'
# name, base counter, labels
OBJECTS = {
    'system': [('avg_processor_busy', 'cpu_elapsed_time1', None), ('cpu_elapsed_time1', None, None),
               ('cpu_elapsed_time', None, None)],
    'wafl': [('total_cp_msecs', None, None), ('cp_phase_times', 'total_cp_msecs', PHASES)],
    'processor': [('domain_busy', 'processor_elapsed_time', LABELS), ('processor_elapsed_time', None, None)],
}
OBJECTS['system:constituent'] = OBJECTS['system']


def counters_of(name):
    if name not in OBJECTS:
        raise errors.missing('performance object', name)
    return OBJECTS[name]


def instances(call, name):
    """(node, name, uuid) of every instance of an object."""
    counters_of(name)
    found = []
    for node in call.cluster.nodes:
        kind = name.split(':')[0]
        instance = {'system': node.name, 'wafl': 'wafl', 'processor': 'processor0'}[kind]
        found.append((node, instance, '%s:kernel:%s' % (node.name, instance if kind != 'system' else 'system')))
    return found


@api('perf-object-counter-list-info', need='objectname', scope='cluster')
def counter_list(call):
    return {'counters': Items('counter-info', [
        {'name': name, 'base-counter': base, 'labels': {'label-info': labels} if labels else None,
         'type': 'array' if labels else None, 'unit': 'microsec' if base is None else 'percent',
         'properties': 'delta' if base is None else 'percent', 'desc': name.replace('_', ' '),
         'privilege-level': 'basic'} for name, base, labels in counters_of(call.text('objectname'))])}


@api('perf-object-instance-list-info-iter', need='objectname', may='query desired-attributes max-records tag',
     scope='cluster')
def instance_list(call):
    records = [{'name': name, 'uuid': uuid} for _, name, uuid in instances(call, call.text('objectname'))]
    return page(call, selected(call, records, 'instance-info'), 'instance-info')


@api('perf-object-get-instances', need='objectname', may='instance-uuids instances counters max-records',
     scope='cluster')
def get_instances(call):
    wanted, names = call.items('instance-uuids'), call.items('counters')
    by_name = call.items('instances')
    objectname = call.text('objectname')
    records = []
    for node, name, uuid in instances(call, objectname):
        if (wanted is not None and uuid not in wanted) or (by_name is not None and name not in by_name):
            continue
        values = _values(objectname.split(':')[0], clusters.counters(node, call.now))
        records.append({'name': name, 'uuid': uuid, 'counters': Items('counter-data', [
            {'name': key, 'value': value} for key, value in values.items() if names is None or key in names])})
    return {'timestamp': int(call.now), 'instances': Items('instance-data', records)}


def _values(kind, counted):
    if kind == 'system':
        return {'avg_processor_busy': counted['busy'], 'cpu_elapsed_time1': counted['elapsed'],
                'cpu_elapsed_time': counted['elapsed']}
    if kind == 'wafl':
        flush = counted['cp_p2_flush']
        return {'total_cp_msecs': counted['cp'],
                'cp_phase_times': '%d,%d,%d' % (counted['cp'] - 2 * flush, flush, flush)}
    rest = max(0, counted['busy'] - counted['kahuna'])
    return {'domain_busy': '%d,%d,%d,%d' % (max(0, counted['elapsed'] - counted['busy']), counted['kahuna'],
                                            rest // 2, rest - rest // 2),
            'processor_elapsed_time': counted['elapsed']}

