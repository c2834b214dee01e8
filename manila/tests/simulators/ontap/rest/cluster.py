"""/cluster: identity, nodes, licences, jobs, schedules, performance counters, event log."""

from manila.tests.simulators.ontap.model import cluster as clusters, errors, jobs
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest import errors as rest_errors, query
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource

CPU, CP, DOMAIN = 'system:constituent', 'wafl', 'processor'
DESCRIPTIONS = {CPU: 'System constituent', CP: 'WAFL file system', DOMAIN: 'Processor'}
SCHEMAS = {
    CPU: [('average_processor_busy_percent', 'percent', 'cpu_elapsed_time'), ('cpu_elapsed_time', 'delta', None)],
    CP: [('total_cp_msecs', 'delta', None), ('cp_phase_times', 'delta', None)],
    DOMAIN: [('domain_busy_percent', 'percent', 'elapsed_time'), ('elapsed_time', 'delta', None)],
}


@resource
class ClusterItself(Resource):
    path = '/cluster'
    keys = ()
    singleton = True
    scope = 'any'
    identity = ('uuid', 'name')

    def all(self, call):
        if not call.is_cluster_user and call.cluster.version < (9, 12, 1):
            raise errors.Refused('forbidden', 'not authorized for that command')
        return [call.cluster]

    def location(self, cluster):
        return self.path

    def render(self, call, c):
        generation, major, minor = c.version
        return {'uuid': c.uuid, 'name': c.name, 'contact': c.contact, 'location': c.location,
                'version': {'full': c.full_version, 'generation': generation, 'major': major, 'minor': minor},
                'dns_domains': [], 'timezone': {'name': 'Etc/UTC'}}

    def modify(self, call, cluster, body):
        if not call.is_cluster_user:
            raise errors.Refused('forbidden', 'not authorized for that command')
        for key, value in body.pick(name='name', contact='contact', location='location').items():
            setattr(cluster, key, value)


@resource
class Nodes(Resource):
    path = '/cluster/nodes'
    scope = 'cluster'

    def all(self, call):
        return call.cluster.nodes

    def render(self, call, n):
        generation, major, minor = n.cluster.version
        partners = [call.ref('/cluster/nodes', n.partner)] if n.partner else []
        return {
            'uuid': n.uuid, 'name': n.name, 'serial_number': n.serial_number, 'state': n.state, 'model': 'AFF-A400',
            'version': {'full': n.cluster.full_version, 'generation': generation, 'major': major, 'minor': minor},
            'uptime': int(call.now - n.boot_time), 'membership': 'member', 'location': n.cluster.location,
            'ha': {'enabled': bool(partners), 'auto_giveback': False, 'partners': partners}}


@resource
class Licences(Resource):
    path = '/cluster/licensing/licenses'
    keys = ('name',)
    identity = ('name',)
    scope = 'cluster'

    def all(self, call):
        return [(call.cluster, name) for name in sorted(call.cluster.licences)]

    def key(self, pair):
        return (pair[1],)

    def render(self, call, pair):
        cluster, name = pair
        return {'name': name, 'scope': 'site' if name == 'base' else 'node', 'state': 'compliant', 'licenses': [{
            'owner': node.name, 'serial_number': cluster.serial_number, 'active': True, 'evaluation': False}
            for node in cluster.nodes]}

    def remove(self, call, pair, data):
        call.cluster.licences.discard(pair[1])


@resource
class Jobs(Resource):
    path = '/cluster/jobs'
    identity = ('uuid',)
    scope = 'any'
    flags = ('action',)

    def all(self, call):
        return [j for j in call.cluster.jobs if call.svm is None or j.svm is call.svm]

    def render(self, call, j):
        record = {'uuid': j.uuid, 'description': j.description, 'state': j.state, 'message': j.message, 'code': 0,
                  'start_time': iso(j.start_time), 'end_time': iso(j.end_time)}
        if j.refusal:
            record['error'] = rest_errors.job_error(call.cluster, j.refusal)
            record['code'] = int(record['error']['code'])
        if j.svm is not None:
            record['svm'] = call.svm_ref(j.svm)
        if j.node is not None:
            record['node'] = {'name': j.node.name}
        return record

    def modify(self, call, job, body):
        jobs.act(job, call.params.get('action') or body.get('state'))


@resource
class Schedules(Resource):
    path = '/cluster/schedules'
    scope = 'any'

    def all(self, call):
        return call.cluster.schedules

    def render(self, call, s):
        cron = {'minutes': list(s.minutes), 'hours': list(s.hours), 'weekdays': list(s.weekdays),
                'days': list(s.days)}
        return {'uuid': s.uuid, 'name': s.name, 'type': 'cron', 'scope': 'cluster',
                'cron': {k: v for k, v in cron.items() if v}}

    def create(self, call, body):
        name = body.need('name')
        if any(s.name == name for s in call.cluster.schedules):
            raise errors.duplicate('schedule', name)
        schedule = clusters.Schedule(name, **{
            unit: tuple(body.get('cron.' + unit) or ()) for unit in ('minutes', 'hours', 'weekdays', 'days')})
        body.leftovers()
        call.cluster.schedules.append(schedule)
        return schedule

    def remove(self, call, schedule, data):
        if any(schedule.name in [c[0] for c in p.copies] for p in call.cluster.snapshot_policies):
            raise errors.Refused('in_use', 'Schedule "%s" is in use.' % schedule.name)
        call.cluster.schedules.remove(schedule)


def _chosen(call, parameter, items):
    """A query by name keeps only the counters it names, other than queries on lists elsewhere."""
    text = call.params.get(parameter)
    return [i for i in items if query.matches([i['name']], text)] if text else items


@resource
class CounterTables(Resource):
    path = '/cluster/counter/tables'
    keys = ('name',)
    identity = ('name',)
    scope = 'cluster'

    def all(self, call):
        return sorted(SCHEMAS)

    def key(self, name):
        return (name,)

    def render(self, call, name):
        schemas = []
        for counter, kind, denominator in SCHEMAS[name]:
            schema = {'name': counter, 'type': kind, 'unit': 'microsec' if denominator is None else 'percent',
                      'description': counter.replace('_', ' ')}
            if denominator:
                schema['denominator'] = {'name': denominator}
            schemas.append(schema)
        return {'name': name, 'description': DESCRIPTIONS[name],
                'counter_schemas': _chosen(call, 'counter_schemas.name', schemas)}


@resource
class CounterRows(Resource):
    path = '/cluster/counter/tables/{counter_table.name}/rows'
    keys = ('id',)
    identity = ('id', 'counter_table')
    scope = 'cluster'

    def all(self, call, table):
        if table not in SCHEMAS:
            raise errors.missing('counter table', table)
        return [(table, node) for node in call.cluster.nodes]

    def key(self, row):
        table, node = row
        return ('%s:%s' % (node.name, {CPU: node.name, CP: 'wafl', DOMAIN: 'processor0'}[table]),)

    def place(self, row):
        return '/cluster/counter/tables/%s/rows' % row[0]

    def render(self, call, row):
        table, node = row
        counted = clusters.counters(node, call.now)
        return {'id': self.key(row)[0], 'counter_table': {'name': table},
                'counters': _chosen(call, 'counters.name', COUNTERS[table](counted)),
                'properties': [{'name': 'node.name', 'value': node.name}]}


def _cpu(counted):
    return [{'name': 'average_processor_busy_percent', 'value': counted['busy']},
            {'name': 'cpu_elapsed_time', 'value': counted['elapsed']}]


def _wafl(counted):
    return [{'name': 'total_cp_msecs', 'value': counted['cp']},
            {'name': 'cp_phase_times', 'labels': ['cp_setup', 'cp_p2_flush', 'cp_p3_finish'],
             'values': [counted['cp'] - 2 * counted['cp_p2_flush'], counted['cp_p2_flush'], counted['cp_p2_flush']]}]


def _processor(counted):
    rest = max(0, counted['busy'] - counted['kahuna'])
    return [{'name': 'domain_busy_percent', 'labels': ['idle', 'kahuna', 'storage', 'exempt'],
             'values': [max(0, counted['elapsed'] - counted['busy']), counted['kahuna'], rest // 2, rest - rest // 2]},
            {'name': 'elapsed_time', 'value': counted['elapsed']}]


COUNTERS = {CPU: _cpu, CP: _wafl, DOMAIN: _processor}


@resource
class ApplicationLogs(Resource):
    """Messages of clients into the event log; they can only be sent."""

    path = '/support/ems/application-logs'
    scope = 'any'
    keys = ()

    def create(self, call, body):
        call.cluster.ems.append(dict(body.values, time=call.now, svm=call.svm.name if call.svm else None))
        body.used.update(body.values)
        return Made(None, None)

    def all(self, call):
        raise errors.Refused('unsupported', 'Only POST is supported.')
