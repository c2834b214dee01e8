"""QoS policy groups. They are called in the cluster's scope and say their SVM themselves."""

from manila.tests.simulators.ontap.model import errors, qos
from manila.tests.simulators.ontap.zapi.api import api, each_of, find_svm, iterator, number, selected

ADAPTIVE = {'peak-iops': 'peak_iops', 'expected-iops': 'expected_iops', 'absolute-min-iops': 'absolute_min_iops',
            'block-size': 'block_size', 'expected-iops-allocation': 'expected_iops_allocation',
            'peak-iops-allocation': 'peak_iops_allocation'}
ADAPTIVE_INPUTS = ' '.join(ADAPTIVE)


def find(call, name, kind):
    wanted = call.text(name)
    for policy in call.cluster.qos_policies:
        if policy.name == wanted and policy.kind == kind and call.svm in (None, policy.svm):
            return policy
    raise errors.missing('QoS policy group', wanted)


def _fixed(call):
    limits = {}
    for end in ('max', 'min'):
        if call.has(end + '-throughput'):
            iops, mbps = qos.parse_throughput(call.text(end + '-throughput'), end + '-throughput')
            limits['%s_throughput_iops' % end], limits['%s_throughput_mbps' % end] = iops, mbps
    if call.has('is-shared'):
        limits['capacity_shared'] = call.flag('is-shared')
    return limits


@api('qos-policy-group-create', need='policy-group vserver', may='max-throughput min-throughput is-shared',
     scope='cluster')
def create(call):
    limits = {'capacity_shared': True}
    limits.update(_fixed(call))
    made = qos.create(find_svm(call.cluster, call.text('vserver')), call.text('policy-group'), 'fixed', limits)
    _remember(call, made)


def _remember(call, policy):
    """Limits are shown in the units they were given in."""
    for end in ('max', 'min'):
        if call.has(end + '-throughput'):
            policy.texts[end] = call.text(end + '-throughput')


@api('qos-policy-group-modify', need='policy-group', may='max-throughput min-throughput', scope='cluster')
def modify(call):
    policy = find(call, 'policy-group', 'fixed')
    qos.modify(policy, _fixed(call))
    _remember(call, policy)


@api('qos-policy-group-rename', need='policy-group-name new-name', scope='cluster')
def rename(call):
    qos.rename(find(call, 'policy-group-name', 'fixed'), call.text('new-name'))


@api('qos-policy-group-delete', need='policy-group', may='force', scope='cluster')
def delete(call):
    qos.delete(find(call, 'policy-group', 'fixed'))


@api('qos-policy-group-delete-iter', need='query',
     may='max-records continue-on-failure return-success-list return-failure-list', scope='cluster')
def delete_iter(call):
    """Delete all that match; those in use fail one by one when the rest is to go on."""
    wanted = {r['uuid'] for r in selected(call, policies(call), 'qos-policy-group-info')}
    chosen = [p for p in call.cluster.qos_policies if p.uuid in wanted]
    if call.flag('continue-on-failure', False):
        return each_of(call, 'qos-policy-group-delete-iter-info', chosen, qos.delete,
                       lambda p: {'qos-policy-group-key': {'policy-group': p.name}})
    for policy in chosen:
        qos.delete(policy)
    return {'num-succeeded': len(chosen), 'num-failed': 0}


def _throughput(policy, end):
    limits, given = policy.limits, policy.texts.get(end)
    if given and qos.parse_throughput(given, end) == (
            limits[end + '_throughput_iops'], limits[end + '_throughput_mbps']) != (0, 0):
        return given
    text = qos.throughput_text(limits[end + '_throughput_iops'], limits[end + '_throughput_mbps'])
    return text.replace('IOPS', 'iops')


@iterator('qos-policy-group-get-iter', 'qos-policy-group-info', scope='cluster')
def policies(call):
    records = []
    for p in call.cluster.qos_policies:
        if p.kind != 'fixed':
            continue
        records.append({
            'policy-group': p.name, 'vserver': p.svm.name, 'pgid': p.number, 'uuid': p.uuid,
            'policy-group-class': 'user_defined', 'num-workloads': p.object_count,
            'is-shared': p.limits['capacity_shared'],
            'max-throughput': _throughput(p, 'max') or 'INF', 'min-throughput': _throughput(p, 'min') or '0'})
    return records


def _adaptive(call):
    limits = {}
    for name, key in ADAPTIVE.items():
        if call.has(name):
            text = call.text(name)
            limits[key] = _iops(text, name) if key.endswith('iops') else text.replace('-', '_').lower()
    return limits


def _iops(text, name):
    """'5000IOPS/TB' or '5000' as a number."""
    return number(text.lower().split('iops')[0], name)


@api('qos-adaptive-policy-group-create', need='policy-group vserver peak-iops expected-iops', may=ADAPTIVE_INPUTS,
     scope='cluster', since=(1, 140))
def create_adaptive(call):
    qos.create(find_svm(call.cluster, call.text('vserver')), call.text('policy-group'), 'adaptive', _adaptive(call))


@api('qos-adaptive-policy-group-modify', need='policy-group', may=ADAPTIVE_INPUTS, scope='cluster', since=(1, 140))
def modify_adaptive(call):
    qos.modify(find(call, 'policy-group', 'adaptive'), _adaptive(call))


@api('qos-adaptive-policy-group-rename', need='policy-group-name new-name', scope='cluster', since=(1, 140))
def rename_adaptive(call):
    qos.rename(find(call, 'policy-group-name', 'adaptive'), call.text('new-name'))


@api('qos-adaptive-policy-group-delete', need='policy-group', may='force', scope='cluster', since=(1, 140))
def delete_adaptive(call):
    qos.delete(find(call, 'policy-group', 'adaptive'))


@iterator('qos-adaptive-policy-group-get-iter', 'qos-adaptive-policy-group-info', scope='cluster', since=(1, 140))
def adaptive_policies(call):
    records = []
    for p in call.cluster.qos_policies:
        if p.kind != 'adaptive':
            continue
        records.append({
            'policy-group': p.name, 'vserver': p.svm.name, 'pgid': p.number, 'num-workloads': p.object_count,
            'peak-iops': '%dIOPS/TB' % p.limits['peak_iops'],
            'expected-iops': '%dIOPS/TB' % p.limits['expected_iops'],
            'absolute-min-iops': '%dIOPS' % p.limits['absolute_min_iops'], 'block-size': p.limits['block_size'],
            'peak-iops-allocation': p.limits['peak_iops_allocation'],
            'expected-iops-allocation': p.limits['expected_iops_allocation']})
    return records
