"""Exceptions about requests: versions, bodies, rights, parameters of any kind."""
from manila.exception.base import Invalid, ManilaException, NotAuthorized, NotFound
from manila.i18n import _


class AdminRequired(NotAuthorized):
    message = _('Administrator rights are required.')


class PolicyNotAuthorized(NotAuthorized):
    message = _('Policy does not allow %(action)s.')


class InvalidRequest(Invalid):
    message = _('The request is not valid.')


class InvalidInput(Invalid):
    message = _('Input is not valid: %(reason)s')


class InvalidParameterValue(Invalid):
    message = _('%(err)s')


class InvalidResults(Invalid):
    message = _('The results are not valid.')


class InvalidContentType(Invalid):
    message = _('Content type %(content_type)s is not accepted.')


class InvalidUUID(Invalid):
    message = _('%(uuid)s is not a UUID.')


class InvalidMetadata(Invalid):
    message = _('The metadata are not valid.')


class InvalidMetadataSize(Invalid):
    message = _('A key or value of the metadata is too long.')


class InvalidAuthKey(Invalid):
    message = _('The authentication key is not valid: %(reason)s')


class InvalidAPIVersionString(Invalid):
    message = _('%(version)s is not an API version: it must have the form MajorNum.MinorNum.')


class InvalidGlobalAPIVersion(Invalid):
    message = _('Version %(req_ver)s of the API is not supported: the lowest is %(min_ver)s, the highest '
                '%(max_ver)s.')


class VersionNotFoundForAPIMethod(Invalid):
    message = _('API version %(version)s does not have this method.')


class ValidationError(Invalid):
    message = _('%(detail)s')


class MalformedRequestBody(ManilaException):
    message = _('The body of the message cannot be read: %(reason)s')


class MetadataItemNotFound(NotFound):
    message = _('Metadata item could not be found.')


class MessageNotFound(NotFound):
    message = _('Message %(message_id)s could not be found.')


class ResourceLockNotFound(NotFound):
    message = _('Resource lock %(lock_id)s could not be found.')


class ResourceVisibilityLockExists(ManilaException):
    message = _('Resource %(resource_id)s already has a lock on its visibility.')
