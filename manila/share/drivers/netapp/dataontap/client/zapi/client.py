"""The client over ZAPI: its nouns, its version and what its account may do."""
import re

from manila.share.drivers.netapp.dataontap.client import base, errors, values
from manila.share.drivers.netapp.dataontap.client.zapi import (
    aggregates,
    cifs,
    cluster,
    elements,
    exports,
    fpolicy,
    network,
    perf,
    qos,
    rest_only,
    snapshots,
    svms,
    volumes,
)
from manila.share.drivers.netapp.dataontap.client.zapi.transport import Transport

OLDEST = (1, 20)
_NO_SUCH_CALL = '13005'         # EAPINOTFOUND, which this call has nowhere but where ZAPI is off
# Since which version of ZAPI it knows a thing.
SINCE = {
    'counters by constituent': (1, 30), 'SnapLock': (1, 100), 'encrypted volumes': (1, 110),
    'adaptive QoS': (1, 140), 'FlexGroup': (1, 180),
}


class ZapiClient(base.BaseClient):
    """A connection over ZAPI."""

    transport = 'zapi'
    wire_class = Transport
    nouns = {
        'cluster': cluster.Cluster, 'aggregates': aggregates.Aggregates, 'svms': svms.Svms, 'volumes': volumes.Volumes,
        'snapshots': snapshots.Snapshots, 'exports': exports.Exports, 'cifs': cifs.Cifs, 'network': network.Network,
        'qos': qos.QosPolicies, 'fpolicy': fpolicy.Fpolicy, 'perf': perf.Perf,
    }

    def __init__(self, connection, root=None, svm=None):
        super().__init__(connection, root, svm)
        self.rest_only = root.rest_only if root else rest_only.RestOnly(self)
        self._ontapi = None

    def connect(self):
        """Ask for the versions and for the nodes."""
        found = self._ask_ontapi()
        ontapi = (elements.number(found, 'major-version', 0), elements.number(found, 'minor-version', 0))
        if ontapi < OLDEST:
            raise errors.Unsupported(text='ZAPI %d.%d is too old' % ontapi, code='version')
        version = self.wire.read('system-get-version')
        if not elements.yes(version, 'is-clustered', True):
            raise errors.Unsupported(text='ONTAP in 7-mode is not supported', code='version')
        self._version, self._ontapi = _version_of(version), ontapi
        self.wire.version = '%d.%d' % ontapi
        try:
            self.wire.read('system-node-get-iter', {'max-records': 1, 'desired-attributes': {
                'node-details-info': elements.named('node')}})
            self._rights = True
        except errors.Forbidden:
            self._rights = False

    def _ask_ontapi(self):
        try:
            return self.wire.read('system-get-ontapi-version')
        except errors.Forbidden as refusal:
            if refusal.ontap_code != _NO_SUCH_CALL:
                raise
            raise errors.Unsupported(text='ZAPI is switched off', code=_NO_SUCH_CALL) from refusal

    def knows(self, feature):
        """Whether this release has a feature of :data:`SINCE`."""
        return self._root._ontapi >= SINCE[feature]

    def need(self, feature):
        """Refuse what this release has not."""
        if not self.knows(feature):
            raise errors.Unsupported(text='%s: not in ZAPI %d.%d' % (feature, *self._root._ontapi), code='version')

    def close(self):
        super().close()
        self.rest_only.close()


def _version_of(found):
    """The release, as numbers where the array says it so, else out of its text: 'NetApp Release 9.8P1: ...'."""
    full = elements.text(found, 'version', '')
    place = 'version-tuple/system-version-tuple/'
    numbers = [elements.number(found, place + name) for name in ('generation', 'major', 'minor')]
    if numbers[0] is None:
        match = re.search(r'(\d+)\.(\d+)(?:\.(\d+))?', full)
        if match is None:
            raise errors.Unsupported(text=f'unknown release: {full}', code='version')
        numbers = match.groups()
    return values.Version(*(int(part or 0) for part in numbers), full=full)


def make(connection):
    """A client that is not yet connected."""
    return ZapiClient(connection)
