"""QoS policy groups over ZAPI: fixed and adaptive ones have calls of their own, and none of them is tunnelled."""
import re

from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_ADAPTIVE = ('expected_iops', 'peak_iops', 'absolute_min_iops', 'block_size', 'expected_iops_allocation',
             'peak_iops_allocation')
_PER_TIB = ('expected_iops', 'peak_iops')
_UNLIMITED = {'max': 'INF', 'min': '0'}
_MIB = 1024 ** 2
_POWERS = {'b': 0, 'kb': 1, 'mb': 2, 'gb': 3, 'tb': 4}


class QosPolicies(Noun, face.QosPolicies):
    """``qos-policy-group-...`` and ``qos-adaptive-policy-group-...``."""

    def find(self, name):
        return next((policy for policy in self._policies(elements.like(name)) if policy.name == name), None)

    def list(self, pattern):
        return self._policies(pattern)

    def _policies(self, query):
        found = [_fixed(record) for record in self._records('qos-policy-group', query)]
        if self.client.knows('adaptive QoS'):
            found += [_adaptive(record) for record in self._records('qos-adaptive-policy-group', query)]
        return [policy for policy in found if policy.svm == self.client.svm]

    def _records(self, kind, query):
        return self.wire.records(f'{kind}-get-iter', f'{kind}-info',
                                 {'policy-group': query, 'vserver': elements.like(self.client.svm)})

    def create(self, name, limits, adaptive=False):
        arguments = {'policy-group': name, 'vserver': self.client.svm}
        if adaptive:
            arguments.update(self._adaptive_arguments(limits))
        else:
            arguments.update(_throughputs(limits), **{'is-shared': limits.get('capacity_shared', False)})
        self.wire.write(f'{_calls(adaptive)}-create', arguments)

    def modify(self, policy, limits):
        # Whether a limit is shared cannot be changed.
        arguments = self._adaptive_arguments(limits) if policy.adaptive else {
            f'{end}-throughput': text for end, text in _UNLIMITED.items()} | _throughputs(limits)
        self.wire.write(f'{_calls(policy.adaptive)}-modify', {'policy-group': policy.name, **arguments})

    def rename(self, policy, name):
        self.wire.write(f'{_calls(policy.adaptive)}-rename', {'policy-group-name': policy.name, 'new-name': name})

    def delete(self, policy):
        try:
            self.wire.write(f'{_calls(policy.adaptive)}-delete', {'policy-group': policy.name})
        except errors.NotFound:
            pass

    def _adaptive_arguments(self, limits):
        self.client.need('adaptive QoS')
        return {name.replace('_', '-'): _written(name, limits[name]) for name in _ADAPTIVE if name in limits}


def _calls(adaptive):
    return 'qos-adaptive-policy-group' if adaptive else 'qos-policy-group'


def _written(name, value):
    """A limit of an adaptive policy as ZAPI writes it."""
    if name in _PER_TIB:
        return f'{value}IOPS/TB'
    if name == 'absolute_min_iops':
        return f'{value}IOPS'
    return str(value).replace('_', '-')


def _throughputs(limits):
    """Limits of a fixed policy as texts: '10MB/s,500iops'."""
    found = {}
    for end in _UNLIMITED:
        mbps, iops = limits.get(f'{end}_throughput_mbps'), limits.get(f'{end}_throughput_iops')
        parts = [f'{mbps}MB/s'] if mbps else []
        parts += [f'{iops}iops'] if iops else []
        if parts:
            found[f'{end}-throughput'] = ','.join(parts)
    return found


def _fixed(record):
    limits = {'capacity_shared': elements.yes(record, 'is-shared', False)}
    for end in _UNLIMITED:
        text = elements.text(record, f'{end}-throughput', '')
        limits[f'{end}_throughput_iops'], limits[f'{end}_throughput_mbps'] = _read(text)
    return _policy(record, limits, False)


def _read(text):
    """(IOPS, MiB/s) of '10MB/s,500IOPS'; 0 where there is no limit."""
    iops = mbps = 0
    for amount, unit in re.findall(r'(\d+)\s*(iops|[kmgt]?b/s)', text.lower()):
        if unit == 'iops':
            iops = int(amount)
        else:
            mbps = -(-int(amount) * 1024 ** _POWERS[unit.removesuffix('/s')] // _MIB)
    return iops, mbps


def _adaptive(record):
    limits = {}
    for name in _ADAPTIVE:
        text = elements.text(record, name.replace('_', '-'))
        if text is not None:
            number = re.match(r'\d+', text) if name.endswith('iops') else None
            limits[name] = int(number.group()) if number else text.lower().replace('-', '_')
    return _policy(record, limits, True)


def _policy(record, limits, adaptive):
    return values.QosPolicy(elements.text(record, 'policy-group'), elements.text(record, 'vserver'), limits, adaptive,
                            elements.number(record, 'num-workloads', 0), elements.text(record, 'uuid'))
