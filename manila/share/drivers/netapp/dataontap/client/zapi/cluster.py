"""The cluster over ZAPI: nodes, licences, encryption, event log."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_SOURCE_LENGTH = 60
_NOTICE = '5'


class Cluster(Noun, face.Cluster):
    """Calls for the whole cluster; none of them is tunnelled."""

    def name(self):
        try:
            return elements.text(self.wire.read('cluster-identity-get'),
                                 'attributes/cluster-identity-info/cluster-name')
        except errors.Forbidden:
            return None

    def nodes(self):
        return [values.Node(elements.text(record, 'node'), elements.text(record, 'node-uuid'))
                for record in self.wire.records('system-node-get-iter', 'node-details-info',
                                                wanted=elements.named('node', 'node-uuid'))]

    def licences(self):
        return {name.lower() for name in elements.texts(
            self.wire.read('license-v2-list-info'), 'licenses/license-v2-info/package')}

    def encrypts_volumes(self):
        nodes = self.nodes()        # refused for accounts that may not know
        if '<1no-DARE>' in self.client.version.full or not self.client.knows('encrypted volumes'):
            return False
        return any(elements.yes(self.wire.read('security-key-manager-volume-encryption-supported', {
            'node': node.name}), 'vol-encryption-supported') for node in nodes)

    def compliance_clock_is_set(self):
        return all(self._clock_of(node) for node in self.nodes())

    def _clock_of(self, node):
        try:
            answer = self.wire.read('snaplock-get-node-compliance-clock', {'node': node.name})
        except errors.NotFound:
            return False
        clock = elements.text(answer, 'snaplock-node-compliance-clock/compliance-clock-info/'
                                      'formatted-snaplock-compliance-clock')
        return clock is not None and 'not configured' not in clock

    def log_event(self, source, event_id, text, computer):
        self.wire.write('ems-autosupport-log', {
            'computer-name': computer, 'event-source': source[:_SOURCE_LENGTH], 'app-version': '1.0',
            'category': 'provisioning', 'log-level': _NOTICE, 'auto-support': False, 'event-id': event_id,
            'event-description': text}, self.client.tunnel)
