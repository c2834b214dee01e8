"""Export locations: the logical interfaces of an SVM under which a share can be reached."""
from manila import exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import cifs, nfs
from manila.share.drivers.netapp.dataontap.cached import Cached

_KERBEROS = ('krb5', 'krb5i', 'krb5p')


class Exports:
    """How the shares of one SVM are reached.

    :param client: :class:`client.face.Client` of the SVM
    :param seconds: how long what is known of its interfaces counts
    """

    def __init__(self, client, seconds):
        self._lifs = Cached(lambda: sorted(client.network.lifs(), key=lambda lif: lif.name), seconds)
        self._kerberos = Cached(lambda: client.network.kerberos_is_on(), seconds)
        self._protocols = {'nfs': nfs.Nfs(self._flavours), 'cifs': cifs.Cifs()}

    def _flavours(self, client):
        return _KERBEROS if self._kerberos() else ('sys',)

    def protocol(self, share):
        """How a share is served.

        :raises manila.exception.InvalidShare: when its protocol is none of ours
        """
        found = self._protocols.get(share['share_proto'].lower())
        if found is None:
            raise exception.InvalidShare(reason=_('%s is not served here; NFS and CIFS are.') % share['share_proto'])
        return found

    def require_interface(self, protocol):
        """The interfaces that carry a protocol.

        :raises manila.exception.NetAppException: when there is none
        """
        found = [lif for lif in self._lifs() if protocol.protocol in lif.protocols]
        if not found:
            self._lifs.forget()
            found = [lif for lif in self._lifs() if protocol.protocol in lif.protocols]
        if not found:
            raise exception.NetAppException(
                _('The SVM has no interface for %s that is in use.') % protocol.protocol.upper())
        return found

    def locations(self, share, junction, home_nodes, admin_addresses=()):
        """Export locations of a share, preferred ones first.

        :param home_nodes: nodes of its aggregates: interfaces at home there are the short way to it
        """
        protocol = self.protocol(share)
        found = [{'path': protocol.path(lif.address, junction), 'is_admin_only': lif.address in admin_addresses,
                  'metadata': {'preferred': lif.home_node in home_nodes}}
                 for lif in self.require_interface(protocol)]
        return sorted(found, key=lambda location: not location['metadata']['preferred'])

    def addresses(self):
        """Addresses of all interfaces with data."""
        return sorted(lif.address for lif in self._lifs())

    def refresh(self):
        """Look at the interfaces again."""
        self._lifs.forget()
        self._kerberos.forget()
