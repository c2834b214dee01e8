"""/svm/svms and /svm/migrations."""

from manila.tests.simulators.ontap.model import errors, jobs, migrations, svms
from manila.tests.simulators.ontap.model.base import find, new_uuid
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource

# How far the volumes of a migrating SVM are, by the state of the migration; those not begun are idle.
TRANSFER_STATES = {
    'transferring': 'transferring', 'ready_for_cutover': 'readyforcutoverprecommit',
    'cutover_triggered': 'cutoverprecommitting', 'cutover_started': 'cuttingover', 'migrate_pausing': 'aborting',
    'ready_for_source_cleanup': 'insync', 'migrate_complete': 'insync',
}
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


@resource
class Migrations(Resource):
    """Migrations of SVMs to this cluster."""

    path = '/svm/migrations'
    scope = 'cluster'
    identity = ('uuid',)
    flags = ('action', 'dry_run')
    since = (9, 10, 1)

    def all(self, call):
        return call.cluster.migrations

    def render(self, call, m):
        destination = {'ipspace': {'name': m.ipspace.name, 'uuid': m.ipspace.uuid}}
        return {
            'uuid': m.uuid, 'state': m.state, 'current_operation': m.current, 'last_operation': m.last,
            'last_failed_state': m.failed_state, 'auto_cutover': m.auto_cutover,
            'auto_source_cleanup': m.auto_cleanup, 'throttle': m.throttle, 'restart_count': m.restarts,
            'post_ponr_retry_count': 0, 'point_of_no_return': m.point_of_no_return, 'messages': list(m.messages),
            'source': {'svm': {'name': m.source_name, 'uuid': m.source_uuid}, 'cluster': {
                'name': m.source_cluster.name, 'uuid': m.source_cluster.uuid}},
            'destination': destination, 'time_metrics': {k: iso(v) for k, v in m.times.items()}}

    def create(self, call, body):
        pairs = {each.get('volume.name'): each.get('aggregate.name')
                 for each in body.get('destination.volume_placement.volume_aggregate_pairs') or []}
        placement = {each.get('interface.name'): (each.get('port.name'), each.get('port.node.name'))
                     for each in body.get('ip_interface_placement.ip_interfaces') or []}
        ipspace = find(call.cluster.ipspaces, uuid=body.get('destination.ipspace.uuid'))
        job = migrations.request(
            call.cluster, self._source_cluster(call, body), self._source_svm(call, body),
            check_only=bool(body.get('check_only')),
            ipspace=body.get('destination.ipspace.name') or (ipspace.name if ipspace else None),
            aggregates=body.names('destination.volume_placement.aggregates') or [], pairs=pairs, placement=placement,
            **body.pick(auto_cutover='auto_cutover', auto_cleanup='auto_source_cleanup', throttle='throttle'))
        return Made(job, '/svm/migrations/%s' % job.arguments['migration'].uuid)

    def _source_cluster(self, call, body):
        uuid = body.get('source.cluster.uuid')
        remote = next((p.remote for p in call.cluster.peers if p.remote is not None
                       and uuid in (p.uuid, p.remote.uuid)), None)
        return remote.name if remote is not None else body.need('source.cluster.name')

    def _source_svm(self, call, body):
        uuid = body.get('source.svm.uuid')
        found = next((s for c in call.cluster.world.clusters for s in c.data_svms if s.uuid == uuid), None)
        return found.name if found is not None else body.need('source.svm.name')

    def modify(self, call, migration, body):
        """The action is in the query or in the body."""
        action = call.params.get('action') or body.get('action')
        throttle = body.get('throttle') if 'throttle' in body else None
        if throttle is not None:
            migration.throttle = throttle
        for name in ('destination.volume_placement.volume_aggregate_pairs', 'ip_interface_placement.ip_interfaces'):
            body.get(name)
        if action is None and throttle is None:
            raise errors.required('action')
        return migrations.act(migration, action) if action is not None else None

    def remove(self, call, migration, data):
        return migrations.request_delete(migration)


@resource
class MigrationVolumes(Resource):
    """The volumes of a migrating SVM and how far each is copied."""

    path = '/svm/migrations/{svm_migration.uuid}/volumes'
    keys = ('volume.uuid',)
    identity = ('volume', 'svm')
    scope = 'cluster'
    since = (9, 10, 1)

    def all(self, call, uuid):
        migration = find(call.cluster.migrations, uuid=uuid)
        if migration is None:
            raise errors.missing('SVM migration', uuid)
        return [(migration, one, copy) for one, copy in migration.volumes]

    def key(self, item):
        return ((item[1] or item[2]).uuid,)

    def place(self, item):
        return '/svm/migrations/%s/volumes' % item[0].uuid

    def render(self, call, item):
        migration, one, copy = item
        volume = one or copy
        state = 'idle' if copy is None else TRANSFER_STATES.get(migration.state, 'idle')
        record = {'volume': {'name': volume.name, 'uuid': volume.uuid}, 'transfer_state': state,
                  'svm': {'name': migration.source_name, 'uuid': migration.source_uuid},
                  'healthy': migration.state != 'migrate_failed', 'errors': list(migration.messages)}
        if copy is not None:
            record['node'] = {'name': copy.node.name, 'uuid': copy.node.uuid}
        return record
