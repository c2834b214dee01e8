"""Exceptions about share types, share group types and QoS types."""
from manila.exception.base import Invalid, ManilaException, NotFound
from manila.i18n import _


class InvalidShareType(Invalid):
    message = _('Share type is not valid: %(reason)s')


class InvalidExtraSpec(Invalid):
    message = _('Extra spec is not valid: %(reason)s')


class DefaultShareTypeNotConfigured(NotFound):
    message = _('The request names no share type and no default one is configured.')


class ShareTypeNotFound(NotFound):
    message = _('Share type %(share_type_id)s could not be found.')


class ShareTypeNotFoundByName(ShareTypeNotFound):
    message = _('There is no share type with the name %(share_type_name)s.')


class ShareTypeDoesNotExist(NotFound):
    message = _('Share type %(share_type)s does not exist.')


class ShareTypeExtraSpecsNotFound(NotFound):
    message = _('Share type %(share_type_id)s has no extra spec with the key %(extra_specs_key)s.')


class ShareTypeAccessNotFound(NotFound):
    message = _('Project %(project_id)s has no access to share type %(share_type_id)s.')


class ShareTypeAccessExists(ManilaException):
    message = _('Project %(project_id)s already has access to share type %(share_type_id)s.')


class ShareTypeExists(ManilaException):
    message = _('Share type %(id)s exists.')


class ShareTypeInUse(ManilaException):
    message = _('Share type %(share_type_id)s is in use.')


class ShareTypeCreateFailed(ManilaException):
    message = _('Share type %(name)s with extra specs %(extra_specs)s could not be created.')


class ShareTypeUpdateFailed(ManilaException):
    message = _('Share type %(id)s could not be updated.')


class InvalidShareGroupType(Invalid):
    message = _('Share group type is not valid: %(reason)s')


class ShareGroupTypeNotFound(NotFound):
    message = _('Share group type %(type_id)s could not be found.')


class ShareGroupTypeNotFoundByName(ShareTypeNotFound):
    message = _('There is no share group type with the name %(type_name)s.')


class ShareGroupTypeSpecsNotFound(NotFound):
    message = _('Share group type %(type_id)s has no group spec with the key %(specs_key)s.')


class ShareGroupTypeAccessNotFound(NotFound):
    message = _('Project %(project_id)s has no access to share group type %(type_id)s.')


class ShareGroupTypeAccessExists(ManilaException):
    message = _('Project %(project_id)s already has access to share group type %(type_id)s.')


class ShareGroupTypeExists(ManilaException):
    message = _('Share group type %(type_id)s exists.')


class ShareGroupTypeInUse(ManilaException):
    message = _('Share group type %(type_id)s is in use.')


class ShareGroupTypeCreateFailed(ManilaException):
    message = _('Share group type %(name)s with group specs %(group_specs)s could not be created.')


class InvalidQosTypeSpec(Invalid):
    message = _('QoS spec is not valid: %(reason)s')


class QosTypeNotFound(NotFound):
    message = _('QoS type %(qos_type_id)s could not be found.')


class QosTypeNotFoundByName(QosTypeNotFound):
    message = _('There is no QoS type with the name %(qos_type_name)s.')


class QosTypeSpecsNotFound(NotFound):
    message = _('QoS type %(qos_type_id)s has no spec with the key %(key)s.')


class QosTypeExists(ManilaException):
    message = _('QoS type %(id)s exists.')


class QosTypeInUse(ManilaException):
    message = _('QoS type %(qos_type_id)s is in use.')
