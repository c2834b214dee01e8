"""/svm/svms and /svm/migrations."""

from manila.tests.simulators.ontap.model import errors, jobs, svms
from manila.tests.simulators.ontap.model.base import find, new_uuid
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource

PROTOCOLS = ('nfs', 'cifs', 'iscsi', 'fcp', 'nvme', 's3', 'ndmp')


@resource
class Svms(Resource):
    """Data SVMs. The aggregate list carries their free space when aggregates are delegated."""

    path = '/svm/svms'
    scope = 'svm'
    special = ('certificate',)
    flags = ('action',)
    quick = {'name': lambda s: s.name, 'uuid': lambda s: s.uuid}

    def all(self, call):
        return call.cluster.data_svms

    def svm_of(self, svm):
        return svm

    def visible(self, call):
        if call.svm is not None and not call.is_cluster_user:
            return [call.svm]
        return self.all(call)

    def render(self, call, s):
        record = {
            'uuid': s.uuid, 'name': s.name, 'subtype': s.subtype, 'state': s.state, 'language': s.language,
            'comment': s.comment or None, 'ipspace': call.ref('/network/ipspaces', s.ipspace),
            'aggregates': self._aggregates(call, s), 'snapshot_policy': {'name': s.snapshot_policy},
            'nsswitch': {k: list(v) for k, v in s.nsswitch.items()}, 'retention_period': s.retention_hours,
            'max_volumes': s.max_volumes,
            'is_space_reporting_logical': s.logical_reporting, 'is_space_enforcement_logical': s.logical_enforcement,
            'nfs': {'enabled': s.nfs is not None and s.nfs.enabled}, 'cifs': {'enabled': s.cifs is not None},
            'ip_interfaces': [self._lif(call, lif) for lif in s.lifs],
            'aggregates_delegated': bool(s.aggregates)}
        for protocol in PROTOCOLS:
            record.setdefault(protocol, {})['allowed'] = s.allowed.get(protocol, False)
            if protocol != 'ndmp':
                record[protocol].setdefault('enabled', False)
        if s.cifs is not None:
            record['cifs'].update(name=s.cifs.name, ad_domain={'fqdn': s.cifs.domain})
        if s.dns is not None:
            record['dns'] = {'domains': list(s.dns.domains), 'servers': list(s.dns.servers)}
        certificate = find([c for c in call.cluster.certificates if c.type == 'server'], svm=s)
        if certificate is not None:
            record['certificate'] = {'uuid': certificate.uuid, 'name': certificate.common_name}
        return record

    def _aggregates(self, call, s):
        found = []
        for aggregate in s.aggregates:
            item = {'name': aggregate.name, 'uuid': aggregate.uuid, 'available_size': aggregate.available,
                    'state': aggregate.state, 'type': aggregate.storage_type,
                    'snaplock_type': aggregate.snaplock_type}
            found.append(item)
        return found

    def _lif(self, call, lif):
        return {'name': lif.name, 'uuid': lif.uuid, 'ip': {'address': lif.address, 'netmask': str(lif.prefix)},
                'services': lif.services}

    def create(self, call, body):
        if not call.is_cluster_user:
            raise errors.Refused('forbidden', 'not authorized for that command')
        uuid = new_uuid()
        values = self._values(body)
        values['aggregates'] = body.names('aggregates') or []
        if 'ipspace.name' in body:
            values['ipspace'] = body.get('ipspace.name')
        if 'subtype' in body:
            values['subtype'] = body.get('subtype')
        job = svms.request_create(call.cluster, body.need('name'), uuid=uuid, attributes=self._rest(body), **values)
        return Made(job, '/svm/svms/%s' % uuid)

    def _values(self, body):
        values = body.pick(comment='comment', language='language', retention_hours='retention_period',
                           logical_reporting='is_space_reporting_logical', max_volumes='max_volumes',
                           logical_enforcement='is_space_enforcement_logical', snapshot_policy='snapshot_policy.name')
        nsswitch = {k[9:]: body.get(k) for k in list(body.values) if k.startswith('nsswitch.')}
        if nsswitch:
            values['nsswitch'] = nsswitch
        allowed = {p: body.get(p + '.allowed') for p in PROTOCOLS if p + '.allowed' in body}
        if allowed:
            values['allowed'] = allowed
        return values

    def _rest(self, body):
        for name in ('certificate.uuid', 'certificate.name', 'client_enabled', 'certificate.client_enabled'):
            body.get(name)
        return body.leftovers(refused=('ip_interfaces', 'routes', 'dns', 'ldap', 'nis'))

    def modify(self, call, svm, body):
        values = self._values(body)
        values.update(body.pick(name='name', state='state'))
        if body.names('aggregates') is not None:
            values['aggregates'] = body.names('aggregates')
        if values.get('state') not in (None, 'running', 'stopped'):
            raise errors.invalid('state', values['state'])
        if not call.is_cluster_user and set(values) & {'name', 'aggregates', 'state'}:
            raise errors.Refused('forbidden', 'not authorized for that command')
        if svm.subtype == 'dp_destination' and set(values) - {'name', 'aggregates', 'comment'}:
            raise errors.Refused('svm.dp_destination', 'SVM "%s" is a data-protection destination.' % svm.name)
        if values.get('name') not in (None, svm.name):
            svms.check_name(call.cluster, values['name'])
        values['attributes'] = self._rest(body)
        return jobs.start(call.cluster, 'PATCH /api/svm/svms/%s' % svm.uuid, 'svm.modify', svm, svm=svm, **values)

    def remove(self, call, svm, data):
        if not call.is_cluster_user:
            raise errors.Refused('forbidden', 'not authorized for that command')
        svms.check_delete(svm)
        return jobs.start(call.cluster, 'DELETE /api/svm/svms/%s' % svm.uuid, 'svm.delete', None, svm=svm)
