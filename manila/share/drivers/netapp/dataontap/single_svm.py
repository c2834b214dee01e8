"""The driver for one SVM that the operator names: driver_handles_share_servers = False."""
from oslo_log import log

from manila import exception
from manila.i18n import _
from manila.share.drivers.netapp.dataontap import base, exports, periodic, pools
from manila.share.drivers.netapp.dataontap.client import errors

LOG = log.getLogger(__name__)

_HOUR = 3600
_HOUSEKEEPING = 600


class NetAppCmodeSingleSvmShareDriver(base.OntapDriver):
    """Shares on the SVM ``netapp_vserver``, with credentials of the cluster or of that SVM."""

    DRIVER_NAME = 'NetApp_Cluster_SingleSVM'

    def __init__(self, *args, **kwargs):
        super().__init__(False, *args, **kwargs)
        self.qos_type_support = True
        self._place = None
        self._periodic = None

    def do_setup(self, context):
        """Connect to the array.

        :raises manila.exception.BadConfigurationException: when options are missing
        """
        svm = self.configuration.netapp_vserver
        if not svm:
            raise exception.BadConfigurationException(
                reason=_('netapp_vserver has to name the SVM when the driver does not handle share servers.'))
        self.array.open(svm)

    def check_for_setup_error(self):
        """Look for the SVM and its aggregates, and begin what is done from time to time.

        :raises manila.exception.VserverNotFound: when there is no such SVM
        :raises manila.exception.NetAppException: when the account is another SVM's, or no aggregate can be used
        """
        svm, client = self.configuration.netapp_vserver, self.array.client
        try:
            client.svms.get(svm)
        except errors.SvmNotFound:
            raise exception.VserverNotFound(vserver=svm) from None
        if not self.array.has_rights and [each.name for each in client.svms.list()] != [svm]:
            raise exception.NetAppException(_('The account does not belong to SVM %s.') % svm)
        client = client.for_svm(svm)
        found = pools.Pools(self.array, self.configuration, svm)
        found.find()
        self._place = base.Place(svm, client, exports.Exports(
            client, self.configuration.netapp_cached_aggregates_status_lifetime), found)
        self.note_connection()
        self.note_presence()
        self._start_periodic()

    def _start_periodic(self):
        if self._periodic is not None:
            self._periodic.stop()
        self._periodic = periodic.Periodic(self, {
            'clean_up': _HOUSEKEEPING, 'note_presence': _HOUR, 'look_again': _HOUR})
        self._periodic.start()

    def place_of(self, share_server=None):
        """There is one place for everything.

        :raises manila.exception.InvalidInput: for a share server, which this mode does not have
        """
        if share_server is not None:
            raise exception.InvalidInput(reason=_('There are no share servers in this mode.'))
        return self._place

    def close(self):
        """Stop what is done from time to time and let go of the connections; for programs that end."""
        if self._periodic is not None:
            self._periodic.stop()
        self.array.close()
