"""The client over REST: its nouns, its version and what its account may do."""
import re

from manila.share.drivers.netapp.dataontap.client import base, errors, values
from manila.share.drivers.netapp.dataontap.client.rest import (
    aggregates,
    cifs,
    cluster,
    exports,
    fpolicy,
    network,
    perf,
    qos,
    snapshots,
    svms,
    volumes,
)
from manila.share.drivers.netapp.dataontap.client.rest.transport import Transport

OLDEST = values.Version(9, 12, 1)


class RestClient(base.BaseClient):
    """A connection over REST."""

    transport = 'rest'
    wire_class = Transport
    nouns = {
        'cluster': cluster.Cluster, 'aggregates': aggregates.Aggregates, 'svms': svms.Svms, 'volumes': volumes.Volumes,
        'snapshots': snapshots.Snapshots, 'exports': exports.Exports, 'cifs': cifs.Cifs, 'network': network.Network,
        'qos': qos.QosPolicies, 'fpolicy': fpolicy.Fpolicy, 'perf': perf.Perf,
    }

    def connect(self):
        """Ask for the version and for the nodes."""
        found = self._ask_version()
        if found < OLDEST:
            raise errors.Unsupported(text=f'REST needs ONTAP {OLDEST} or later, this is {found}', code='version')
        self._version = found
        try:
            self.wire.get('/cluster/nodes', {'return_records': 'false'})
            self._rights = True
        except errors.Forbidden:
            self._rights = False

    def _ask_version(self):
        try:
            found = self.wire.get('/cluster', {'fields': 'version'})['version']
        except errors.Forbidden:    # SVM accounts before 9.12.1 may only ask like this
            found = self.wire.first('/private/cli/version', {'fields': 'version'})['version']
        if 'generation' not in found:
            numbers = re.search(r'(\d+)\.(\d+)\.(\d+)', found['full'])
            return values.Version(*map(int, numbers.groups()), full=found['full'])
        return values.Version(found['generation'], found['major'], found['minor'], found.get('full', ''))


def make(connection):
    """A client that is not yet connected."""
    return RestClient(connection)
