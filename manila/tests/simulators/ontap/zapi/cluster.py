"""Versions, nodes, licences, jobs, event log."""

import datetime

from manila.tests.simulators.ontap.model import cluster as clusters, errors
from manila.tests.simulators.ontap.model.base import find, get
from manila.tests.simulators.ontap.zapi.api import api, iterator, number
from manila.tests.simulators.ontap.zapi.xmltree import Items

EMS = 'computer-name event-source app-version category log-level auto-support event-id event-description'


@api('system-get-ontapi-version', scope='any')
def ontapi_version(call):
    major, minor = call.cluster.ontapi
    return {'major-version': major, 'minor-version': minor}


@api('system-get-version', scope='any')
def version(call):
    generation, major, minor = call.cluster.version
    return {'build-timestamp': 1730837993, 'is-clustered': True, 'version': call.cluster.full_version,
            'version-tuple': {'system-version-tuple': {'generation': generation, 'major': major, 'minor': minor}}}


@iterator('system-node-get-iter', 'node-details-info', scope='cluster')
def nodes(call):
    return [{'node': n.name, 'node-uuid': n.uuid, 'node-serial-number': n.serial_number, 'node-model': 'AFF-A400',
             'is-node-healthy': n.state == 'up', 'node-uptime': int(call.now - n.boot_time),
             'product-version': n.cluster.full_version} for n in call.cluster.nodes]


@api('system-node-get', need='node', may='desired-attributes', scope='cluster')
def node(call):
    wanted = get(call.cluster.nodes, 'node', name=call.text('node'))
    return {'attributes': {'node-details-info': nodes(call)[call.cluster.nodes.index(wanted)]}}


@iterator('cluster-node-get-iter', 'cluster-node-info', scope='cluster')
def cluster_nodes(call):
    return [{'node-name': n.name, 'node-uuid': n.uuid, 'is-node-healthy': n.state == 'up', 'is-node-eligible': True}
            for n in call.cluster.nodes]


@api('license-v2-list-info', scope='cluster')
def licences(call):
    owner = call.cluster.nodes[0].name
    return {'licenses': Items('license-v2-info', [
        {'package': name, 'owner': owner, 'serial-number': call.cluster.serial_number, 'type': 'license',
         'description': '%s License' % name, 'legacy': False, 'customer-id': '-'}
        for name in sorted(call.cluster.licences)])}


@api('cluster-identity-get', may='desired-attributes', scope='cluster')
def identity(call):
    c = call.cluster
    return {'attributes': {'cluster-identity-info': {
        'cluster-contact': c.contact, 'cluster-location': c.location, 'cluster-name': c.name,
        'cluster-serial-number': c.serial_number, 'cluster-uuid': c.uuid, 'rdb-uuid': c.uuid}}}


@api('cluster-identity-modify', may='cluster-name cluster-contact cluster-location', scope='cluster')
def modify_identity(call):
    call.cluster.contact = call.text('cluster-contact', call.cluster.contact)
    call.cluster.location = call.text('cluster-location', call.cluster.location)
    if call.text('cluster-name', call.cluster.name) != call.cluster.name:
        # The addresses of the simulator and its peers know a cluster by its name.
        raise errors.invalid('cluster-name', call.text('cluster-name'), 'This cluster keeps its name.')


@api('cf-get-partner', need='node', scope='cluster')
def partner(call):
    node = get(call.cluster.nodes, 'node', name=call.text('node'))
    if node.partner is None:
        raise errors.missing('partner of node', node.name)
    return {'partner': node.partner.name}


@api('ems-autosupport-log', may=EMS, scope='any')
def log_message(call):
    """Keep a client's message in the event log."""
    values = {name.replace('-', '_'): call.text(name) for name in EMS.split() if call.has(name)}
    call.cluster.ems.append(dict(values, time=call.now, svm=call.svm.name if call.svm else None))


@iterator('job-get-iter', 'job-info', scope='any')
def jobs(call):
    records = []
    for job in call.cluster.jobs:
        if call.svm is not None and job.svm is not call.svm:
            continue
        records.append(_job(call, job))
    return records


def _job(call, job):
    record = {'job-id': job.number, 'job-uuid': job.uuid, 'job-name': job.operation, 'job-state': job.state,
              'job-description': job.description, 'job-start-time': int(job.start_time), 'job-progress': job.message,
              'job-vserver': job.svm.name if job.svm else call.cluster.name}
    if job.refusal:
        record.update({'job-completion': job.refusal[1], 'job-status-code': 1})
    if job.end_time:
        record['job-end-time'] = int(job.end_time)
    return record


@api('job-get', need='job-id', may='desired-attributes', scope='any')
def job(call):
    found = get([j for j in call.cluster.jobs if call.svm in (None, j.svm)], 'job', number=call.number('job-id'))
    return {'attributes': {'job-info': _job(call, found)}}


@api('snaplock-get-node-compliance-clock', need='node', scope='cluster')
def compliance_clock(call):
    node = get(call.cluster.nodes, 'node', name=call.text('node'))
    text = 'ComplianceClock is not configured.'
    if node.compliance_clock:
        moment = datetime.datetime.fromtimestamp(int(call.now), datetime.timezone.utc)
        text = moment.strftime('%a %b %d %H:%M:%S UTC %Y +00:00')
    return {'snaplock-node-compliance-clock': {'compliance-clock-info': {
        'formatted-snaplock-compliance-clock': text}}}


@api('snaplock-set-node-compliance-clock', need='node', scope='cluster')
def set_compliance_clock(call):
    node = get(call.cluster.nodes, 'node', name=call.text('node'))
    if node.compliance_clock:
        raise errors.Refused('invalid', 'The ComplianceClock of node "%s" is initialized already.' % node.name)
    node.compliance_clock = True


CRON = {'job-schedule-cron-minute': ('cron-minute', 'minutes'), 'job-schedule-cron-hour': ('cron-hour', 'hours'),
        'job-schedule-cron-day': ('cron-day-of-month', 'days'),
        'job-schedule-cron-day-of-week': ('cron-day-of-week', 'weekdays')}
CRON_INPUTS = ' '.join(CRON) + ' job-schedule-cluster'


@iterator('job-schedule-cron-get-iter', 'job-schedule-cron-info', scope='any')
def schedules(call):
    """An empty list of a schedule means every one, which is written as -1."""
    records = []
    for schedule in call.cluster.schedules:
        record = {'job-schedule-name': schedule.name, 'job-schedule-cluster': call.cluster.name,
                  'job-schedule-cron-month': Items('cron-month', [-1])}
        for name, (item, key) in CRON.items():
            record[name] = Items(item, getattr(schedule, key) or [-1])
        records.append(record)
    return records


def _cron(call):
    values = {}
    for name, (_, key) in CRON.items():
        if call.has(name):
            given = [number(text, name) for text in call.items(name)]
            values[key] = () if given == [-1] else tuple(given)
    return values


@api('job-schedule-cron-create', need='job-schedule-name job-schedule-cron-minute', may=CRON_INPUTS, scope='cluster')
def create_schedule(call):
    name = call.text('job-schedule-name')
    if find(call.cluster.schedules, name=name):
        raise errors.duplicate('schedule', name)
    call.cluster.schedules.append(clusters.Schedule(name, **_cron(call)))


def _schedule(call):
    return get(call.cluster.schedules, 'schedule', name=call.text('job-schedule-name'))


@api('job-schedule-cron-modify', need='job-schedule-name', may=CRON_INPUTS, scope='cluster')
def modify_schedule(call):
    target = _schedule(call)
    for key, value in _cron(call).items():
        setattr(target, key, value)


@api('job-schedule-cron-destroy', need='job-schedule-name', may='job-schedule-cluster', scope='cluster')
def destroy_schedule(call):
    target = _schedule(call)
    if any(r.schedule == target.name for r in call.cluster.relationships) or any(
            copy[0] == target.name for p in call.cluster.snapshot_policies for copy in p.copies):
        raise errors.Refused('in_use', 'Schedule "%s" is in use.' % target.name)
    call.cluster.schedules.remove(target)


@iterator('snapshot-policy-get-iter', 'snapshot-policy-info', scope='any')
def snapshot_policies(call):
    return [{'policy': p.name, 'vserver-name': p.svm.name if p.svm else call.cluster.name, 'enabled': p.enabled,
             'comment': p.comment, 'policy-owner': 'vserver_admin' if p.svm else 'cluster_admin',
             'total-schedules': len(p.copies), 'snapshot-policy-schedules': Items('snapshot-schedule-info', [
                 {'schedule': schedule, 'count': count, 'prefix': prefix, 'snapmirror-label': '-'}
                 for schedule, count, prefix in p.copies])}
            for p in call.cluster.snapshot_policies if call.svm is None or p.svm in (None, call.svm)]


PLACES = range(1, 6)
PLANS = ' '.join('%s%d' % (name, place) for place in PLACES for name in ('schedule', 'count', 'prefix'))


@api('snapshot-policy-create', need='policy enabled schedule1 count1', may='comment policy-owner ' + PLANS, scope='any')
def create_snapshot_policy(call):
    """A policy of the SVM tunnelled to, or of the cluster, with up to five schedules."""
    name = call.text('policy')
    if find([p for p in call.cluster.snapshot_policies if p.svm in (None, call.svm)], name=name):
        raise errors.duplicate('snapshot policy', name)
    copies = []
    for place in PLACES:
        schedule = call.text('schedule%d' % place)
        if schedule:
            get(call.cluster.schedules, 'schedule', name=schedule)
            copies.append((schedule, call.number('count%d' % place, 1), call.text('prefix%d' % place) or schedule))
    call.cluster.snapshot_policies.append(clusters.SnapshotPolicy(
        name, 'svm' if call.svm else 'cluster', call.svm, call.flag('enabled'), call.text('comment') or '', copies))


@api('snapshot-policy-delete', need='policy', scope='any')
def delete_snapshot_policy(call):
    name = call.text('policy')
    policy = get([p for p in call.cluster.snapshot_policies if p.svm in (None, call.svm)], 'snapshot policy', name=name)
    if any(v.snapshot_policy == name for v in call.cluster.volumes if policy.svm in (None, v.svm)):
        raise errors.Refused('in_use', 'Snapshot policy "%s" is in use.' % name)
    call.cluster.snapshot_policies.remove(policy)
