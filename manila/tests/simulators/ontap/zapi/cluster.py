"""Versions, nodes, licences, jobs, event log."""

import datetime

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import get
from manila.tests.simulators.ontap.zapi.api import api, iterator
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


@iterator('cluster-node-get-iter', 'cluster-node-info', scope='cluster')
def cluster_nodes(call):
    return [{'node-name': n.name, 'node-uuid': n.uuid, 'is-node-healthy': n.state == 'up', 'is-node-eligible': True}
            for n in call.cluster.nodes]


@api('license-v2-list-info', scope='cluster')
def licences(call):
    owner = call.cluster.nodes[0].name
    return {'licenses': Items('license-v2-info', [
        {'package': name, 'owner': owner, 'serial-number': call.cluster.serial_number, 'type': 'license',
         'description': '%s License' % name, 'legacy': False, 'customer-id': '-'} for name in sorted(call.cluster.licences)])}


@api('cluster-identity-get', may='desired-attributes', scope='cluster')
def identity(call):
    c = call.cluster
    return {'attributes': {'cluster-identity-info': {
        'cluster-contact': c.contact, 'cluster-location': c.location, 'cluster-name': c.name,
        'cluster-serial-number': c.serial_number, 'cluster-uuid': c.uuid, 'rdb-uuid': c.uuid}}}


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
        record = {'job-id': job.number, 'job-uuid': job.uuid, 'job-name': job.operation, 'job-state': job.state,
                  'job-description': job.description, 'job-start-time': int(job.start_time),
                  'job-vserver': job.svm.name if job.svm else call.cluster.name}
        if job.refusal:
            record.update({'job-completion': job.refusal[1], 'job-status-code': 1})
        if job.end_time:
            record['job-end-time'] = int(job.end_time)
        records.append(record)
    return records


@api('snaplock-get-node-compliance-clock', need='node', scope='cluster')
def compliance_clock(call):
    node = get(call.cluster.nodes, 'node', name=call.text('node'))
    text = 'ComplianceClock is not configured.'
    if node.compliance_clock:
        moment = datetime.datetime.fromtimestamp(int(call.now), datetime.timezone.utc)
        text = moment.strftime('%a %b %d %H:%M:%S UTC %Y +00:00')
    return {'snaplock-node-compliance-clock': {'compliance-clock-info': {
        'formatted-snaplock-compliance-clock': text}}}
