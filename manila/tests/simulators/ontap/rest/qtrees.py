"""/storage/qtrees, /storage/quota/rules and /storage/volume-efficiency-policies."""

from manila.tests.simulators.ontap.model import efficiency, errors, qtrees
from manila.tests.simulators.ontap.model.base import find
from manila.tests.simulators.ontap.rest.resource import Resource, resource


def volume_of(call, body):
    svm = call.find_svm(body)
    wanted = body.get('volume.name') or body.get('volume.uuid')
    for volume in svm.volumes:
        if wanted in (volume.name, volume.uuid):
            return volume
    raise errors.missing('volume', wanted)


@resource
class Qtrees(Resource):
    """Besides those that were made, every volume has the qtree 0 without a name."""

    path = '/storage/qtrees'
    keys = ('volume.uuid', 'id')
    identity = ('svm', 'volume', 'id', 'name')
    flags = ('force',)

    def all(self, call):
        found = []
        for svm in call.cluster.data_svms:
            for volume in svm.volumes:
                found.append(qtrees.Qtree(svm, volume, '', 0, volume.security_style, volume.unix_permissions,
                                          volume.export_policy))
            found += svm.qtrees
        return found

    def key(self, qtree):
        return (qtree.volume.uuid, str(qtree.id))

    def render(self, call, q):
        record = {'svm': call.svm_ref(q.svm), 'volume': call.ref('/storage/volumes', q.volume), 'id': q.id,
                  'name': q.name, 'security_style': q.security_style, 'unix_permissions': q.unix_permissions}
        policy = q.export_policy or q.volume.export_policy
        if policy is not None:
            record['export_policy'] = {'name': policy.name, 'id': policy.id}
        if q.path:
            record['path'] = record['nas'] = {'path': q.path}
            record['path'] = q.path
        return record

    def create(self, call, body):
        volume = volume_of(call, body)
        values = body.pick(security_style='security_style', unix_permissions='unix_permissions',
                           export_policy='export_policy.name')
        return qtrees.create(volume.svm, volume, body.need('name'), **values)

    def modify(self, call, qtree, body):
        qtrees.modify(qtree, **body.pick(name='name', security_style='security_style',
                                         unix_permissions='unix_permissions', export_policy='export_policy.name'))

    def remove(self, call, qtree, data):
        qtrees.delete(qtree)


@resource
class QuotaRules(Resource):
    path = '/storage/quota/rules'
    identity = ('uuid', 'svm', 'volume', 'type')

    def all(self, call):
        return [r for svm in call.cluster.data_svms for r in svm.quota_rules]

    def render(self, call, r):
        record = {'uuid': r.uuid, 'svm': call.svm_ref(r.svm), 'volume': call.ref('/storage/volumes', r.volume),
                  'type': r.type, 'space': {}, 'files': {}}
        for name, value in r.limits.items():
            group, _, leaf = name.partition('.')
            record[group][leaf] = value
        if r.qtree:
            record['qtree'] = {'name': r.qtree}
        if r.users:
            record['users'] = [{'name': u} for u in r.users]
        if r.group:
            record['group'] = {'name': r.group}
        return record

    def _limits(self, body):
        return {k: body.get(k) for k in list(body.values) if k.startswith(('space.', 'files.'))}

    def create(self, call, body):
        volume = volume_of(call, body)
        return qtrees.add_quota(volume.svm, volume, body.need('type'), qtree=body.get('qtree.name') or '',
                                users=body.names('users') or [], group=body.get('group.name') or '',
                                limits=self._limits(body))

    def modify(self, call, rule, body):
        rule.limits.update(self._limits(body))

    def remove(self, call, rule, data):
        rule.svm.quota_rules.remove(rule)


@resource
class EfficiencyPolicies(Resource):
    path = '/storage/volume-efficiency-policies'
    identity = ('uuid', 'name', 'svm')

    def all(self, call):
        return [(svm, p) for svm in call.cluster.data_svms for p in svm.efficiency_policies]

    def svm_of(self, pair):
        return pair[0]

    def key(self, pair):
        return (pair[1].uuid,)

    def render(self, call, pair):
        svm, p = pair
        record = {'uuid': p.uuid, 'name': p.name, 'svm': call.svm_ref(svm), 'type': p.type, 'enabled': p.enabled,
                  'comment': p.comment or None}
        if p.schedule:
            record['schedule'] = {'name': p.schedule}
        return record

    def create(self, call, body):
        svm = call.find_svm(body)
        name = body.need('name')
        if find(svm.efficiency_policies, name=name):
            raise errors.duplicate('volume efficiency policy', name)
        policy = efficiency.Policy(name, body.get('type', 'scheduled'), body.get('schedule.name') or '',
                                   body.get('enabled', True), body.get('comment') or '')
        svm.efficiency_policies.append(policy)
        return (svm, policy)

    def modify(self, call, pair, body):
        for key, value in body.pick(name='name', type='type', schedule='schedule.name', enabled='enabled',
                                    comment='comment').items():
            setattr(pair[1], key, value)

    def remove(self, call, pair, data):
        svm, policy = pair
        if any(v.efficiency.policy == policy.name for v in svm.volumes):
            raise errors.Refused('in_use', 'Volume efficiency policy "%s" is in use.' % policy.name)
        svm.efficiency_policies.remove(policy)
