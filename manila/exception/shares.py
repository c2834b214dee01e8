"""Exceptions about shares, their instances, access rules, export locations and transfers."""
from manila.exception.base import Invalid, ManilaException, NotFound
from manila.i18n import _


class ShareNotFound(NotFound):
    message = _('Share %(share_id)s could not be found.')


class ShareInstanceNotFound(NotFound):
    message = _('Share instance %(share_instance_id)s could not be found.')


class ExportLocationNotFound(NotFound):
    message = _('Export location %(uuid)s could not be found.')


class TransferNotFound(NotFound):
    message = _('Transfer %(transfer_id)s could not be found.')


class InvalidShare(Invalid):
    message = _('Share is not valid: %(reason)s')


class InvalidShareInstance(Invalid):
    message = _('Share instance is not valid: %(reason)s')


class ManageInvalidShare(InvalidShare):
    message = _('The share cannot be managed: %(reason)s')


class UnmanageInvalidShare(InvalidShare):
    message = _('The share cannot be unmanaged: %(reason)s')


class ManageExistingShareTypeMismatch(ManilaException):
    message = _('The share does not fit the share type it is to be managed with: %(reason)s')


class ShareBusyException(Invalid):
    message = _('Share is busy: %(reason)s')


class ShareExtendingError(ManilaException):
    message = _('Share %(share_id)s could not be extended: %(reason)s')


class ShareShrinkingError(ManilaException):
    message = _('Share %(share_id)s could not be shrunk: %(reason)s')


class ShareShrinkingPossibleDataLoss(ManilaException):
    message = _('Share %(share_id)s holds more than the new size: shrinking it could lose data.')


class DriverCannotTransferShareWithRules(ManilaException):
    message = _('The driver cannot transfer a share that has access rules.')


class ShareAccessExists(ManilaException):
    message = _('Share access rule %(access_type)s:%(access)s exists.')


class ShareAccessMetadataNotFound(NotFound):
    message = _('Metadata of the share access rule could not be found.')


class InvalidShareAccess(Invalid):
    message = _('Access rule is not valid: %(reason)s')


class InvalidShareAccessLevel(Invalid):
    message = _('Share access level %(level)s is not valid or not supported.')


class InvalidShareAccessType(Invalid):
    message = _('Share access type %(type)s is not valid or not supported.')
