"""What all ONTAP drivers share, whether the operator names the SVM or the driver makes share servers.

The parts by subject are mixins. Each finds the SVM of what it works on by :meth:`OntapDriver.place_of`, the only thing
in which the modes differ there.
"""
import dataclasses
import datetime

from manila import exception
from manila.i18n import _
from manila.share import driver, utils as share_utils
from manila.share.drivers.netapp import options
from manila.share.drivers.netapp.dataontap import (
    access,
    array as arrays,
    copying,
    exports as exporting,
    fpolicy as fpolicies,
    managing,
    naming,
    pools as pooling,
    qos as qualities,
    shares,
    snapshots,
    status,
    trace,
)
from manila.share.drivers.netapp.dataontap.client import face


@dataclasses.dataclass(frozen=True)
class Place:
    """An SVM in which shares are, and how to reach it."""

    svm: str
    client: face.Client
    exports: exporting.Exports
    pools: pooling.Pools
    admin_addresses: tuple = ()


class OntapDriver(shares.Shares, access.Access, snapshots.Snapshots, copying.Copying, managing.Managing,
                  status.Status, driver.ShareDriver):
    """Base of the drivers; see the parts for what they do.

    The array decides about names, so calls can be repeated and made by several processes at once.
    """

    create_is_idempotent = True
    safe_for_several_workers = True
    ipv6_implemented = True

    DRIVER_NAME = 'NetApp_Cluster'

    def __init__(self, handles_share_servers, *args, **kwargs):
        kwargs['config_opts'] = [*kwargs.get('config_opts', ()), options.netapp_opts]
        super().__init__(handles_share_servers, *args, **kwargs)
        trace.apply(self, self.configuration.netapp_trace_flags)
        self.private_storage = kwargs.get('private_storage')
        self.array = arrays.Array(self.configuration)
        self.names = naming.Names(self.configuration)
        self.qos = qualities.Qos(self.array, self.names)
        self.waiting = {}       # (share, step of its move) -> since when
        self.fpolicy = fpolicies.Fpolicy(self.configuration)

    def place_of(self, share_server=None):
        """The :class:`Place` of what is on a share server, or without one of everything."""
        raise NotImplementedError

    def pool_of(self, share, place):
        """The :class:`pools.Pool` that the host of a share names.

        :raises manila.exception.InvalidHost: when it names none of ours
        """
        name = share_utils.extract_host(share['host'], level='pool') if share.get('host') else None
        if name is None:
            raise exception.InvalidHost(reason=_('the host %s names no pool') % share.get('host'))
        return place.pools.get(name)

    def locations_of(self, place, share, pool):
        """Export locations of a share."""
        return place.exports.locations(share, self.names.junction(share), place.pools.home_nodes(pool),
                                       place.admin_addresses)

    @staticmethod
    def utc_now():
        """The time as it is noted."""
        return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
