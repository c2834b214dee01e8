"""The client over REST: its nouns, its version and what its account may do."""
import functools
import re

from manila.share.drivers.netapp.dataontap.client import errors, face, values
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
    transport,
    volumes,
)

OLDEST = values.Version(9, 12, 1)


class RestClient(face.Client):
    """A connection over REST.

    :param connection: a :class:`manila.share.drivers.netapp.dataontap.client.connection.Connection`
    """

    transport = 'rest'

    def __init__(self, connection, root=None, svm=None):
        self.connection = connection
        self.svm = svm
        self._root = root or self
        self.wire = root.wire if root else transport.Transport(connection)
        self._version = self._rights = None
        self.cluster = cluster.Cluster(self)
        self.aggregates = aggregates.Aggregates(self)
        self.svms = svms.Svms(self)
        self.volumes = volumes.Volumes(self)
        self.snapshots = snapshots.Snapshots(self)
        self.exports = exports.Exports(self)
        self.cifs = cifs.Cifs(self)
        self.network = network.Network(self)
        self.qos = qos.QosPolicies(self)
        self.fpolicy = fpolicy.Fpolicy(self)
        self.perf = perf.Perf(self)

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

    @property
    def version(self):
        return self._root._version

    @property
    def has_cluster_rights(self):
        return self._root._rights

    @functools.lru_cache(maxsize=64)    # noqa: B019 - as long-lived as the client
    def _of_svm(self, name):
        return RestClient(self.connection, root=self._root, svm=name)

    def for_svm(self, name):
        return self._root._of_svm(name)

    @property
    def tunnel(self):
        """The SVM to name in requests: only accounts of the cluster have to, and may."""
        return self.svm if self.has_cluster_rights else None

    def close(self):
        self.wire.close()


def make(connection):
    """A client that is not yet connected."""
    return RestClient(connection)
