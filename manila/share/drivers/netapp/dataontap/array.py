"""The array behind a back end: the client, what the account may do, and what the array is able to."""
from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap.cached import Cached
from manila.share.drivers.netapp.dataontap.client import errors, factory

LOG = log.getLogger(__name__)

_HOUR = 3600
_PROTOCOLS = ('nfs', 'cifs')


class Array:
    """A connected array.

    :param options: configuration of the back end
    """

    def __init__(self, options):
        self._options = options
        self.client = None
        self.encrypts_volumes = False
        self.has_compliance_clock = False
        self.restores = False
        self._licences = Cached(lambda: self.client.cluster.licences(), _HOUR)
        self.cluster_name = None

    def open(self, svm=None):
        """Connect and find out what is possible.

        :param svm: an SVM in which volumes can be restored if the account is only that SVM's
        """
        self.close()
        self.client = factory.connect(self._options)
        self._licences.forget()
        self.cluster_name = self._options.netapp_cluster_name or self.client.cluster.name()
        if self.has_rights:
            cluster = self.client.cluster
            self.encrypts_volumes = cluster.encrypts_volumes()
            self.has_compliance_clock = cluster.compliance_clock_is_set()
            if not self._licences() & set(_PROTOCOLS):
                LOG.warning('%s has a licence neither for NFS nor for CIFS', self._options.netapp_server_hostname)
        self.restores = self._can_restore(svm)
        LOG.info('%s is ONTAP %s, over %s, with credentials of the %s', self._options.netapp_server_hostname,
                 self.client.version, self.client.transport, 'cluster' if self.has_rights else 'SVM')

    def _can_restore(self, svm):
        if self.has_rights:
            return 'snaprestore' in self._licences()
        return self.client.for_svm(svm).volumes.restores()

    def close(self):
        """Let go of connections."""
        if self.client is not None:
            self.client.close()

    @property
    def has_rights(self):
        """Whether the account is the cluster's."""
        return self.client.has_cluster_rights

    def require_protocol(self, protocol):
        """Refuse a protocol that is not licensed, where that can be known; a licence may have come meanwhile.

        :raises manila.exception.NetAppException: without licence
        """
        if not self.has_rights or protocol in self._licences():
            return
        self._licences.forget()
        if protocol not in self._licences():
            raise exception.NetAppException(_('The array has no licence for %s.') % protocol.upper())

    def require_rights(self, what):
        """Refuse what only accounts of the cluster may do.

        :raises manila.exception.NetAppException: with an account of the SVM
        """
        if not self.has_rights:
            raise exception.NetAppException(_('%s takes credentials of the cluster.') % what)

    def log_event(self, event_id, text, computer, svm):
        """Put a note into the array's event log; it is only a note, so failures stay here."""
        try:
            self.client.for_svm(svm).cluster.log_event('Manila driver NetApp', event_id, text, computer)
        except (errors.OntapError, errors.Unreachable) as error:
            LOG.warning('The event log of %s does not take a note: %s', self._options.netapp_server_hostname, error)
