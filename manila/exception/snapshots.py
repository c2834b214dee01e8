"""Exceptions about snapshots."""
from manila.exception.base import Invalid, ManilaException, NotFound
from manila.exception.request import InvalidInput
from manila.i18n import _


class ShareSnapshotNotFound(NotFound):
    message = _('Snapshot %(snapshot_id)s could not be found.')


class ShareSnapshotInstanceNotFound(NotFound):
    message = _('Snapshot instance %(instance_id)s could not be found.')


class InvalidSnapshot(Invalid):
    message = _('Snapshot is not valid: %(reason)s')


class InvalidShareSnapshot(Invalid):
    message = _('Share snapshot is not valid: %(reason)s')


class InvalidShareSnapshotInstance(Invalid):
    message = _('Snapshot instance is not valid: %(reason)s')


class ManageInvalidShareSnapshot(InvalidShareSnapshot):
    message = _('The snapshot cannot be managed: %(reason)s')


class UnmanageInvalidShareSnapshot(InvalidShareSnapshot):
    message = _('The snapshot cannot be unmanaged: %(reason)s')


class ShareSnapshotNotSupported(ManilaException):
    message = _('Share %(share_name)s does not support snapshots.')


class ShareSnapshotIsBusy(ManilaException):
    message = _('Snapshot %(snapshot_name)s is needed by something and cannot be deleted.')


class InvalidSnapshotAccess(Invalid):
    message = _('Snapshot access rule is not valid: %(reason)s')


class ShareSnapshotAccessExists(InvalidInput):
    message = _('Snapshot access rule %(access_type)s:%(access)s exists.')
