"""/storage/qos/policies."""

from manila.tests.simulators.ontap.model import errors, qos
from manila.tests.simulators.ontap.rest.resource import Resource, resource

FIXED = ('max_throughput_iops', 'max_throughput_mbps', 'min_throughput_iops', 'min_throughput_mbps', 'capacity_shared')
ADAPTIVE = ('absolute_min_iops', 'block_size', 'expected_iops', 'expected_iops_allocation', 'peak_iops',
            'peak_iops_allocation')


@resource
class QosPolicies(Resource):
    path = '/storage/qos/policies'
    identity = ('uuid', 'name', 'svm')
    quick = {'name': lambda p: p.name}

    def all(self, call):
        if not call.is_cluster_user:
            raise errors.Refused('forbidden', 'not authorized for that command')
        return call.cluster.qos_policies

    def render(self, call, p):
        return {'uuid': p.uuid, 'name': p.name, 'svm': call.svm_ref(p.svm), 'scope': 'svm', 'pgid': p.number,
                'policy_class': 'user_defined', 'object_count': p.object_count, p.kind: dict(p.limits)}

    def _limits(self, body):
        fixed = {k: body.get('fixed.' + k) for k in FIXED if 'fixed.' + k in body}
        for end in ('max', 'min'):
            if 'fixed.%s_throughput' % end in body:
                iops, mbps = qos.parse_throughput(body.get('fixed.%s_throughput' % end), 'fixed.%s_throughput' % end)
                fixed['%s_throughput_iops' % end], fixed['%s_throughput_mbps' % end] = iops, mbps
        adaptive = {k: body.get('adaptive.' + k) for k in ADAPTIVE if 'adaptive.' + k in body}
        if fixed and adaptive:
            raise errors.Refused('not_together', 'A QoS policy is either fixed or adaptive.', 'adaptive')
        return ('adaptive', adaptive) if adaptive else ('fixed', fixed)

    def create(self, call, body):
        if not call.is_cluster_user:
            raise errors.Refused('forbidden', 'not authorized for that command')
        svm = call.find_svm(body)
        kind, limits = self._limits(body)
        if not limits:
            raise errors.required('fixed')
        return qos.create(svm, body.need('name'), kind, limits)

    def modify(self, call, policy, body):
        kind, limits = self._limits(body)
        if limits:
            qos.modify(policy, limits, kind)
        if 'name' in body:
            qos.rename(policy, body.get('name'))

    def remove(self, call, policy, data):
        qos.delete(policy)
