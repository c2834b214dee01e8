"""/storage/volumes and /storage/luns."""

from manila.tests.simulators.ontap.model import clones, errors, jobs, moves, resize, snapshots, volumes
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.model.cluster import iso
from manila.tests.simulators.ontap.rest.resource import Made, Resource, resource

SPECIAL = ('clone', 'movement', 'restore_to', 'size', 'state', 'style', 'type', 'aggregates', 'space.size', 'nas.path',
           'nodes', 'svm', 'flexgroup', 'constituents', 'snapmirror', 'files')


def aggregate_refs(call, volume):
    seen = []
    for aggregate in volume.aggregates:
        if aggregate not in seen:
            seen.append(aggregate)
    return [call.ref('/storage/aggregates', a) for a in seen]


@resource
class Volumes(Resource):
    path = '/storage/volumes'
    identity = ('uuid', 'name', 'svm')
    flags = ('force', 'validate_only', 'sizing_method', 'nvfail', 'restore_to.snapshot.name',
             'restore_to.snapshot.uuid', 'clone.match_parent_storage_tier')
    special = SPECIAL
    quick = {'name': lambda v: v.name, 'uuid': lambda v: v.uuid, 'svm.name': lambda v: v.svm.name,
             'svm.uuid': lambda v: v.svm.uuid, 'nas.path': lambda v: v.junction, 'type': lambda v: v.type}

    def all(self, call):
        return [v for v in call.cluster.volumes if not v.in_recovery_queue]

    def render(self, call, v):
        record = {
            'uuid': v.uuid, 'name': v.name, 'style': v.style, 'type': v.type, 'state': v.state, 'size': v.size,
            'comment': v.comment or None, 'create_time': iso(v.create_time), 'language': v.language, 'msid': v.msid,
            'is_svm_root': v.is_root, 'svm': call.svm_ref(v.svm), 'aggregates': aggregate_refs(call, v),
            'nodes': [call.ref('/cluster/nodes', n) for n in {a.owner.name: a.owner for a in v.aggregates}.values()],
            'snapshot_count': len(v.snapshots), 'snapshot_directory_access_enabled': v.snapdir,
            'snapshot_policy': lambda: call.ref('/storage/snapshot-policies', self._policy(v)),
            'files': {'maximum': v.files_max, 'used': v.files_used},
            'guarantee': {'type': v.guarantee, 'honored': v.state == 'online'},
            'autosize': dict(v.autosize), 'nas': lambda: self._nas(call, v), 'space': lambda: self._space(v),
            'efficiency': lambda: self._efficiency(v), 'encryption': {'enabled': v.encrypted},
            'snaplock': dict(v.snaplock), 'tiering': dict(v.tiering), 'error_state': {
                'is_inconsistent': False, 'has_bad_blocks': False},
            'clone': lambda: self._clone(call, v), 'snapmirror': lambda: {'is_protected': any(
                r.source_volume is v for c in call.cluster.world.clusters for r in c.relationships)},
            'quota': {'enabled': v.quota_enabled, 'state': 'on' if v.quota_enabled else 'off'},
        }
        if v.encrypted:
            record['encryption'].update(state='encrypted', type='volume')
        if v.qos_policy is not None:
            record['qos'] = {'policy': call.ref('/storage/qos/policies', v.qos_policy)}
        if v.move is not None:
            record['movement'] = self._movement(call, v)
        if v.style == 'flexgroup':
            record['constituent_count'] = v.constituent_count
        if call.cluster.version >= (9, 14, 1) and v.tags:
            record['_tags'] = list(v.tags)
        return record

    def _policy(self, v):
        return volumes.find_snapshot_policy(v.svm, v.snapshot_policy)

    def _nas(self, call, v):
        nas = {'security_style': v.security_style, 'uid': v.uid, 'gid': v.gid,
               'unix_permissions': v.unix_permissions}
        if v.export_policy is not None:
            nas['export_policy'] = {'name': v.export_policy.name, 'id': v.export_policy.id}
        if v.junction:
            nas['path'] = v.junction
            parent = v.junction.rsplit('/', 1)[0] or '/'
            above = find(v.svm.volumes, junction=parent) if v.junction != '/' else None
            if above is not None:
                nas['junction_parent'] = call.ref('/storage/volumes', above)
        return nas

    def _space(self, v):
        return {
            'size': v.size, 'available': v.available, 'used': v.used, 'afs_total': v.afs_total,
            'used_by_afs': v.active, 'percent_used': v.used_percent, 'available_percent': 100 - v.used_percent,
            'footprint': v.footprint, 'total_footprint': v.footprint, 'local_tier_footprint': v.footprint,
            'over_provisioned': max(0, v.size - v.physical) if v.guarantee == 'none' else 0,
            'metadata': volumes.EMPTY, 'filesystem_size_fixed': v.fs_size_fixed,
            'filesystem_size': v.fs_size or v.size, 'physical_used': v.physical,
            'logical_space': {'reporting': v.logical_reporting, 'enforcement': v.logical_enforcement,
                              'used': v.active, 'used_by_afs': v.active, 'available': v.available},
            'snapshot': {'reserve_percent': v.snap_reserve, 'reserve_size': v.reserve_bytes,
                         'reserve_available': max(0, v.reserve_bytes - v.snapshot_used), 'used': v.snapshot_used},
        }

    def _efficiency(self, v):
        found = {'state': v.efficiency.state, 'dedupe': v.efficiency.dedupe, 'compression': v.efficiency.compression,
                 'volume_path': '/vol/%s' % v.name}
        if v.efficiency.policy not in ('-', ''):
            found['policy'] = {'name': v.efficiency.policy}
        return found

    def _clone(self, call, v):
        found = {'is_flexclone': v.parent is not None, 'has_flexclone': bool(v.clones)}
        if v.parent is not None:
            found.update(
                parent_volume=call.ref('/storage/volumes', v.parent),
                parent_svm=call.svm_ref(v.parent.svm),
                parent_snapshot={'name': v.parent_snapshot.name, 'uuid': v.parent_snapshot.uuid},
                split_initiated=v.split is not None, split_estimate=v.inherited,
                inherited_physical_used=v.inherited)
        if v.split is not None:
            found['split_complete_percent'] = v.split.percent(call.now)
        return found

    def _movement(self, call, v):
        return {'state': v.move.state, 'percent_complete': v.move.percent(call.now),
                'start_time': iso(v.move.started),
                'destination_aggregate': call.ref('/storage/aggregates', v.move.target)}

    # --- writing --------------------------------------------------------------------------------------------
    def create(self, call, body):
        svm = call.find_svm(body)
        name = body.need('name')
        if body.get('clone.is_flexclone') or 'clone.parent_volume.name' in body or 'clone.parent_volume.uuid' in body:
            job = self._clone_job(call, svm, name, body)
        else:
            values = self.settings(call, body)
            if values.pop('state', 'online') != 'online':
                raise errors.Refused('not_settable', 'A volume is created online.', 'state')
            size = values.pop('size', None) or volumes.MIN_SIZE
            job = volumes.request_create(
                svm, name, size, aggregates=body.names('aggregates') or [], style=body.get('style'),
                per_aggregate=body.get('constituents_per_aggregate'), attributes=body.leftovers(
                    refused=('clone', 'movement', 'restore_to', 'flexgroup')), **values)
        return Made(job, '/storage/volumes/%s' % job.arguments['uuid'])

    def _clone_job(self, call, svm, name, body):
        parent_svm = svm
        if body.get('clone.parent_svm.name') or body.get('clone.parent_svm.uuid'):
            wanted = body.get('clone.parent_svm.name') or body.get('clone.parent_svm.uuid')
            parent_svm = next((s for s in call.cluster.data_svms if wanted in (s.name, s.uuid)), svm)
        wanted = body.get('clone.parent_volume.name') or body.get('clone.parent_volume.uuid')
        parent = next((v for v in parent_svm.volumes if wanted in (v.name, v.uuid)), None)
        if parent is None:
            raise errors.missing('volume', wanted)
        if 'qos.policy.name' in body and call.strict:
            raise errors.Refused('not_together', 'Field "qos.policy.name" cannot be set when a FlexClone is created.',
                                 'qos.policy.name')
        snapshot = body.get('clone.parent_snapshot.name')
        if body.get('clone.parent_snapshot.uuid'):
            wanted = body.get('clone.parent_snapshot.uuid')
            snapshot = next((s.name for s in parent.snapshots if s.uuid == wanted), wanted)
        body.get('clone.split_initiated')
        values = self.settings(call, body)
        kept = ('junction', 'comment', 'export_policy', 'guarantee', 'snap_reserve', 'uid', 'gid', 'unix_permissions',
                'security_style', 'snapdir', 'type', 'tags', 'snapshot_policy')
        return clones.request_create(svm, name, parent, snapshot, **{k: values[k] for k in kept if k in values})

    def settings(self, call, body):
        """Fields common to create and change, under the model's names."""
        values = body.pick(
            size='size', type='type', guarantee='guarantee.type', junction='nas.path', snapdir=(
                'snapshot_directory_access_enabled'), export_policy='nas.export_policy.name', uid='nas.uid',
            gid='nas.gid', security_style='nas.security_style', language='language', comment='comment',
            snapshot_policy='snapshot_policy.name', files_max='files.maximum', qos_policy='qos.policy.name',
            encrypted='encryption.enabled', fs_size_fixed='space.filesystem_size_fixed', state='state',
            snap_reserve='space.snapshot.reserve_percent', quota_enabled='quota.enabled',
            unix_permissions='nas.unix_permissions', logical_reporting='space.logical_space.reporting',
            logical_enforcement='space.logical_space.enforcement')
        if 'space.size' in body:
            values['size'] = body.get('space.size')
        if '_tags' in body:
            values['tags'] = [str(t) for t in body.get('_tags') or []]
        for group in ('snaplock', 'tiering'):
            settings = {k[len(group) + 1:]: body.get(k) for k in list(body.values) if k.startswith(group + '.')}
            if settings:
                values[group] = _nested(settings)
        efficiency = body.pick(dedupe='efficiency.dedupe', compression='efficiency.compression',
                               policy='efficiency.policy.name')
        if efficiency:
            values['efficiency_set'] = efficiency
        autosize = body.pick(mode='autosize.mode', grow_threshold='autosize.grow_threshold',
                             shrink_threshold='autosize.shrink_threshold', maximum='autosize.maximum',
                             minimum='autosize.minimum')
        if autosize:
            values['autosize_set'] = autosize
        return self._by_reference(call, body, values)

    def _by_reference(self, call, body, values):
        if 'snapshot_policy.uuid' in body:
            policy = find(call.cluster.snapshot_policies, uuid=body.get('snapshot_policy.uuid'))
            values['snapshot_policy'] = policy.name if policy else body.get('snapshot_policy.uuid')
        if 'qos.policy.uuid' in body:
            policy = find(call.cluster.qos_policies, uuid=body.get('qos.policy.uuid'))
            values['qos_policy'] = policy.name if policy else body.get('qos.policy.uuid')
        return values

    def modify(self, call, volume, body):
        values = self.settings(call, body)
        values.pop('type', None)
        values.update(body.pick(name='name'))
        values['efficiency'] = values.pop('efficiency_set', None)
        values['autosize'] = values.pop('autosize_set', None)
        if body.get('autosize.reset'):
            values['autosize_reset'] = True
        if 'clone.split_initiated' in body:
            values['split'] = body.get('clone.split_initiated')
        self._restore(call, volume, body, values)
        self._move(call, volume, body, values)
        if call.flag('force'):
            values['force'] = True
        body.get('validate_only')
        values['attributes'] = body.leftovers(refused=SPECIAL)
        resize.check(volume, **values)
        if body.get('validate_only') or call.flag('validate_only'):
            return None
        return jobs.start(call.cluster, 'PATCH /api/storage/volumes/%s' % volume.uuid, 'volume.modify', volume.svm,
                          volume=volume, **{k: v for k, v in values.items() if v not in (None, {})})

    def _restore(self, call, volume, body, values):
        name, uuid = 'restore_to.snapshot.name', 'restore_to.snapshot.uuid'
        wanted = body.get(uuid) or call.params.get(uuid)
        if wanted:
            snapshot = find(volume.snapshots, uuid=wanted)
            values['restore'] = snapshot.name if snapshot else wanted
        elif name in body or name in call.params:
            values['restore'] = body.get(name) if name in body else call.params[name]
        if 'restore' in values:
            snapshots.check_restore(volume, values['restore'])

    def _move(self, call, volume, body, values):
        target = body.get('movement.destination_aggregate.name')
        if body.get('movement.destination_aggregate.uuid'):
            aggregate = find(call.cluster.aggregates, uuid=body.get('movement.destination_aggregate.uuid'))
            target = aggregate.name if aggregate else body.get('movement.destination_aggregate.uuid')
        state = body.get('movement.state')
        if not target and not state:
            return
        body.get('movement.tiering_policy'), body.get('movement.cutover_window')
        if call.svm is not None and not call.is_cluster_user:
            raise errors.Refused('forbidden', 'not authorized for that command')
        moves.check_request(target, state)
        if target:
            moves.check(volume, target)
        values['move'] = {'target': target, 'state': state}

    def remove(self, call, volume, data):
        """A volume that is online but not mounted is taken offline by the array itself."""
        stop = volume.state != 'offline' and volume.junction is None
        volumes.check_delete(volume, stop)
        return jobs.start(call.cluster, 'DELETE /api/storage/volumes/%s' % volume.uuid, 'volume.delete', volume.svm,
                          volume=volume, force=call.flag('force'), stop=stop)


def _nested(flat):
    """{'retention.minimum': x} as {'retention': {'minimum': x}}."""
    found = {}
    for name, value in flat.items():
        place = found
        *parts, last = name.split('.')
        for part in parts:
            place = place.setdefault(part, {})
        place[last] = value
    return found


@resource
class Luns(Resource):
    """LUNs are only listed: this array serves files, and clients ask whether a volume holds something else."""

    path = '/storage/luns'
    identity = ('uuid', 'name', 'svm')

    def all(self, call):
        return [lun for svm in call.cluster.data_svms for v in svm.volumes for lun in v.luns]

    def render(self, call, lun):
        record = {
            'uuid': lun.uuid, 'name': lun.path, 'svm': call.svm_ref(lun.svm), 'space': {'size': lun.size},
            'location': {'logical_unit': lun.unit, 'volume': call.ref('/storage/volumes', lun.volume),
                         'node': call.ref('/cluster/nodes', lun.volume.node)}}
        if lun.qtree:
            record['location']['qtree'] = {'name': lun.qtree}
        return record
