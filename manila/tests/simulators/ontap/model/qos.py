"""QoS policies (policy groups): fixed limits or limits that follow the size of the workload."""

import dataclasses
import re

from manila.tests.simulators.ontap.model import errors
from manila.tests.simulators.ontap.model.base import find, new_uuid

BLOCK_SIZES = ('any', '4k', '8k', '16k', '32k', '64k', '128k')
ALLOCATIONS = ('allocated_space', 'used_space')
NAME = re.compile(r'^[A-Za-z0-9_.-]+$')


@dataclasses.dataclass(eq=False)
class QosPolicy:
    """`kind` is fixed or adaptive; `limits` holds the fields of that kind by their REST names."""

    svm: object
    name: str
    kind: str
    limits: dict = dataclasses.field(default_factory=dict)
    uuid: str = dataclasses.field(default_factory=new_uuid)
    number: int = 0
    texts: dict = dataclasses.field(default_factory=dict)

    @property
    def cluster(self):
        return self.svm.cluster

    @property
    def users(self):
        return [v for v in self.svm.volumes if v.qos_policy is self]

    @property
    def object_count(self):
        return len(self.users)


def check_name(svm, name):
    if not name or len(name) > 127 or not NAME.match(name):
        raise errors.invalid('name', name, 'A QoS policy name has up to 127 letters, digits, "_", "-", ".".')
    if any(p.svm is svm and p.name == name for p in svm.cluster.qos_policies):
        raise errors.duplicate('QoS policy', name)


def check_limits(kind, limits):
    """Adaptive: peak at least expected, known block sizes; fixed: no negative number, minimum below maximum."""
    if kind == 'fixed':
        for key, value in limits.items():
            if key != 'capacity_shared' and (not isinstance(value, int) or value < 0):
                raise errors.invalid('fixed.%s' % key, value)
        for unit in ('iops', 'mbps'):
            low, high = limits.get('min_throughput_' + unit), limits.get('max_throughput_' + unit)
            if low and high and low > high:
                raise errors.invalid('fixed.min_throughput_' + unit, low, 'The minimum is above the maximum.')
        return
    for key in ('expected_iops', 'peak_iops'):
        if not limits.get(key):
            raise errors.required('adaptive.' + key)
    if limits['peak_iops'] < limits['expected_iops']:
        raise errors.invalid('adaptive.peak_iops', limits['peak_iops'], 'Peak is below expected.')
    if limits.get('block_size', 'any') not in BLOCK_SIZES:
        raise errors.invalid('adaptive.block_size', limits['block_size'])
    for key in ('expected_iops_allocation', 'peak_iops_allocation'):
        if limits.get(key, 'used_space') not in ALLOCATIONS:
            raise errors.invalid('adaptive.' + key, limits[key])


def defaults(kind):
    if kind == 'adaptive':
        return {'absolute_min_iops': 0, 'block_size': 'any', 'expected_iops_allocation': 'allocated_space',
                'peak_iops_allocation': 'used_space'}
    return {'max_throughput_iops': 0, 'max_throughput_mbps': 0, 'min_throughput_iops': 0, 'min_throughput_mbps': 0,
            'capacity_shared': False}


def create(svm, name, kind, limits):
    check_name(svm, name)
    complete = dict(defaults(kind), **limits)
    check_limits(kind, complete)
    policy = QosPolicy(svm, name, kind, complete, number=svm.cluster.number())
    svm.cluster.qos_policies.append(policy)
    return policy


def modify(policy, limits, kind=None):
    if kind is not None and kind != policy.kind:
        raise errors.Refused('qos.kind', 'QoS policy "%s" is %s.' % (policy.name, policy.kind))
    complete = dict(policy.limits, **limits)
    check_limits(policy.kind, complete)
    policy.limits = complete


def rename(policy, name):
    if name != policy.name:
        check_name(policy.svm, name)
        policy.name = name


def delete(policy):
    if policy.object_count:
        raise errors.Refused('qos.in_use', 'QoS policy "%s" is in use by %d workloads.' % (
            policy.name, policy.object_count))
    policy.cluster.qos_policies.remove(policy)


def lookup(svm, name, kind=None):
    """The policy of that name, which an assignment needs. 'none' means no policy."""
    if name in ('', 'none', '-'):
        return None
    policies = [p for p in svm.cluster.qos_policies if p.svm is svm]
    policy = find(policies, name=name)
    if policy is None or (kind is not None and policy.kind != kind):
        raise errors.missing('QoS policy', name)
    return policy


def throughput_text(iops, mbps):
    """Limits as the older interface writes them: '<n>IOPS', '<n>MB/s', or both, biggest unit first."""
    parts = []
    if mbps:
        parts.append('%dMB/s' % mbps)
    if iops:
        parts.append('%dIOPS' % iops)
    return ','.join(parts)


def parse_throughput(text, field):
    """(iops, MiB/s) out of '5000iops', '5000B/s', '10MB/s,500iops', 'INF' or '0'."""
    iops = mbps = 0
    for part in text.split(','):
        match = re.match(r'^(\d+)\s*(iops|b/s|kb/s|mb/s|gb/s|tb/s|)$', part.strip().lower())
        if part.strip().lower() in ('inf', 'none', '-'):
            continue
        if not match:
            raise errors.invalid(field, text)
        amount, unit = int(match.group(1)), match.group(2)
        if unit in ('iops', ''):
            iops = amount
        else:
            power = {'b': 0, 'k': 1, 'm': 2, 'g': 3, 't': 4}[unit[0]]
            mbps = -(-amount * 1024 ** power // 1024 ** 2)
    return iops, mbps
