"""Logical interfaces over REST."""
from manila.share.drivers.netapp.dataontap.client import face, values
from manila.share.drivers.netapp.dataontap.client.rest.noun import Noun, dig, yes
from manila.share.drivers.netapp.dataontap.client.rest.transport import any_of

_PATH = '/network/ip/interfaces'
_SERVICES = {'data_nfs': values.NFS, 'data_cifs': values.CIFS}
_FIELDS = 'name,ip.address,location.home_node.name,location.home_port.name,services,enabled'


class Network(Noun, face.Network):
    """``/network/ip/interfaces``."""

    def lifs(self):
        found = []
        for record in self.records(_PATH, services='|'.join(_SERVICES), fields=_FIELDS):
            protocols = frozenset(_SERVICES[each] for each in record.get('services') or () if each in _SERVICES)
            if protocols and yes(record.get('enabled', True)):
                found.append(values.Lif(
                    record['name'], dig(record, 'ip.address'), dig(record, 'location.home_node.name'),
                    dig(record, 'location.home_port.name'), True, protocols, record['uuid']))
        return found

    def kerberos_is_on(self):
        uuids = [lif.uuid for lif in self.lifs()]
        if not uuids:
            return False
        records = self.records('/protocols/nfs/kerberos/interfaces', interface__uuid=any_of(uuids),
                               fields='enabled,interface.uuid')
        on = {dig(record, 'interface.uuid') for record in records if yes(record.get('enabled'))}
        return on >= set(uuids)
