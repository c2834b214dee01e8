"""Logical interfaces over ZAPI."""
from manila.share.drivers.netapp.dataontap.client import errors, face, values
from manila.share.drivers.netapp.dataontap.client.zapi import elements
from manila.share.drivers.netapp.dataontap.client.zapi.noun import Noun

_PROTOCOLS = frozenset({values.NFS, values.CIFS})
_FIELDS = ('address', 'home-node', 'home-port', 'interface-name', 'lif-uuid', 'administrative-status',
           'data-protocols/data-protocol')


class Network(Noun, face.Network):
    """``net-interface-get-iter``."""

    def lifs(self):
        query = {'data-protocols': {'data-protocol': '|'.join(sorted(_PROTOCOLS))}}
        found = []
        for record in self.records('net-interface-get-iter', 'net-interface-info', query, elements.named(*_FIELDS)):
            protocols = _PROTOCOLS.intersection(elements.texts(record, 'data-protocols/data-protocol'))
            if protocols and elements.text(record, 'administrative-status', 'up') == 'up':
                found.append(values.Lif(
                    elements.text(record, 'interface-name'), elements.text(record, 'address'),
                    elements.text(record, 'home-node'), elements.text(record, 'home-port'), True, protocols,
                    elements.text(record, 'lif-uuid')))
        return found

    def kerberos_is_on(self):
        lifs = self.lifs()
        return bool(lifs) and all(self._has_kerberos(lif) for lif in lifs)

    def _has_kerberos(self, lif):
        try:
            answer = self.ask('kerberos-config-get', {'interface-name': lif.name})
        except errors.NotFound:
            return False
        return elements.yes(answer, 'attributes/kerberos-config-info/is-kerberos-enabled', False)
