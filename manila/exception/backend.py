"""Exceptions that drivers raise about storage, and about the compute and volume services some of them use."""
from oslo_concurrency import processutils

from manila.exception.base import Invalid, ManilaException, NotFound
from manila.i18n import _


class ShareBackendException(ManilaException):
    message = _('The back end failed: %(msg)s')


class StorageCommunicationException(ShareBackendException):
    message = _('The storage cannot be reached.')


class StorageResourceException(ManilaException):
    message = _('The storage failed for one of its resources.')


class StorageResourceNotFound(StorageResourceException):
    message = _('The storage has no %(name)s.')
    code = 404


class ShareResourceNotFound(StorageResourceNotFound):
    message = _('The storage has no share %(share_id)s.')


class SnapshotResourceNotFound(StorageResourceNotFound):
    message = _('The storage has no snapshot %(name)s.')


class SnapshotUnavailable(StorageResourceException):
    message = _('Snapshot %(name)s cannot be used now.')


class DriverNotInitialized(ManilaException):
    message = _('Share driver %(driver)s is not initialized.')


class InvalidDriverMode(Invalid):
    message = _('Driver mode %(driver_mode)s is not valid.')


class OperationNotSupportedByDriverMode(ManilaException):
    message = _('The operation is not supported in the mode the driver runs in.')


class GaneshaException(ManilaException):
    message = _('NFS-Ganesha failed.')


class GaneshaCommandFailure(processutils.ProcessExecutionError):
    """A command that manages NFS-Ganesha failed; takes what ProcessExecutionError takes."""

    def __init__(self, **kwargs):
        kwargs.setdefault('description', _('A command that manages NFS-Ganesha failed.'))
        super().__init__(**kwargs)


class ServiceInstanceException(ManilaException):
    message = _('The service instance failed.')


class ServiceInstanceUnavailable(ServiceInstanceException):
    message = _('The service instance is not available.')


class InstanceNotFound(NotFound):
    message = _('Compute instance %(instance_id)s could not be found.')


class InvalidVolume(Invalid):
    message = _('Volume is not valid.')


class VolumeNotFound(NotFound):
    message = _('Volume %(volume_id)s could not be found.')


class VolumeSnapshotNotFound(NotFound):
    message = _('Volume snapshot %(snapshot_id)s could not be found.')


class ZFSonLinuxException(ManilaException):
    message = _('ZFS on Linux failed: %(msg)s')


class NetAppException(ManilaException):
    message = _('The NetApp storage failed.')


class NetAppBusyAggregateForFlexGroupException(ManilaException):
    message = _('An aggregate is too busy to make the FlexGroup volume.')


class VserverNotFound(NetAppException):
    message = _('Vserver %(vserver)s could not be found.')


class VserverNotReady(NetAppException):
    message = _('Vserver %(vserver)s is not ready.')


class VserverNotSpecified(NetAppException):
    message = _('No vserver was named.')
