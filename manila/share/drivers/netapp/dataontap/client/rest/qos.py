"""QoS policies over REST. They belong to the cluster's account, so there is no tunnel; the SVM is named instead."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig
from manila.share.drivers.netapp.dataontap.client.rest.transport import exact

_PATH = '/storage/qos/policies'
_FIELDS = 'name,object_count,svm.name,fixed,adaptive'
_LIMITS = ('max_throughput_iops', 'max_throughput_mbps', 'min_throughput_iops', 'min_throughput_mbps')


class QosPolicies(Noun, face.QosPolicies):
    """``/storage/qos/policies``."""

    def find(self, name):
        record = self.wire.first(_PATH, {'name': exact(name), 'svm.name': exact(self.client.svm), 'fields': _FIELDS})
        return _policy(record) if record else None

    def create(self, name, limits, adaptive=False):
        kind = 'adaptive' if adaptive else 'fixed'
        self.wire.write('POST', _PATH, {'name': name, 'svm': {'name': self.client.svm}, kind: limits})

    def modify(self, policy, limits):
        if policy.adaptive:
            body = {'adaptive': limits}
        else:
            # The limit in the other unit would stay in force; whether a limit is shared cannot be changed.
            body = {'fixed': {name: limits.get(name, 0) for name in _LIMITS}}
        self.wire.write('PATCH', f'{_PATH}/{policy.uuid}', body)

    def rename(self, policy, name):
        self.wire.write('PATCH', f'{_PATH}/{policy.uuid}', {'name': name})

    def delete(self, policy):
        try:
            self.wire.write('DELETE', f'{_PATH}/{policy.uuid}')
        except errors.NotFound:
            pass

    def list(self, pattern):
        return [_policy(record) for record in self.wire.records(
            _PATH, {'name': pattern, 'svm.name': exact(self.client.svm), 'fields': _FIELDS})]


def _policy(record):
    adaptive = bool(record.get('adaptive'))
    limits = record.get("adaptive" if adaptive else "fixed", {})
    return values.QosPolicy(record["name"], dig(record, "svm.name"), limits,
                            adaptive, record.get('object_count', 0), record['uuid'])
