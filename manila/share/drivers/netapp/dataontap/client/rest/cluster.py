"""The cluster over REST: nodes, licences, encryption, event log."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig

_SOURCE_LENGTH = 60


class Cluster(Noun, face.Cluster):
    """``/cluster`` and what belongs to it; none of it is tunnelled."""

    def name(self):
        try:
            return self.wire.get('/cluster', {'fields': 'name'}).get('name')
        except errors.Forbidden:
            return None

    def nodes(self):
        return [values.Node(record['name'], record['uuid'])
                for record in self.wire.records('/cluster/nodes', {'fields': 'name'})]

    def licences(self):
        return {record['name'].lower() for record in self.wire.records(
            '/cluster/licensing/licenses', {'fields': 'state'}) if record.get('state') != 'unlicensed'}

    def encrypts_volumes(self):
        if '<1no-DARE>' in self.client.version.full:
            self.nodes()    # refused alike for accounts that may not know
            return False
        return any(dig(record, 'volume_encryption.supported') for record in self.wire.records(
            '/security/key-managers', {'fields': 'volume_encryption.supported'}))

    def compliance_clock_is_set(self):
        return all(self._clock_of(node) for node in self.nodes())

    def _clock_of(self, node):
        try:
            return 'time' in self.wire.get(f'/storage/snaplock/compliance-clocks/{node.uuid}', {'fields': 'time'})
        except errors.NotFound:
            return False

    def log_event(self, source, event_id, text, computer):
        body = {'computer_name': computer, 'event_source': source[:_SOURCE_LENGTH], 'app_version': '1.0',
                'category': 'provisioning', 'severity': 'notice', 'autosupport_required': False, 'event_id': event_id,
                'event_description': text}
        self.wire.write('POST', '/support/ems/application-logs', body, svm=self.client.tunnel)
