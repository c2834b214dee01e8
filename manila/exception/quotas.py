"""Exceptions about quotas. A refusal says "exceed": clients tell it from a rate limit by that word."""
from manila.exception.base import Invalid, ManilaException, QuotaError, QuotaNotFound
from manila.i18n import _


class OverQuota(ManilaException):
    message = _('Quota exceeded for resources: %(overs)s')


class InvalidQuotaValue(Invalid):
    message = _('The change would make the usage of these resources negative: %(unders)s')


class InvalidReservationExpiration(Invalid):
    message = _('Expiration %(expire)s of the reservation is not valid.')


class QuotaExists(ManilaException):
    message = _('Project %(project_id)s has a quota for %(resource)s.')


class QuotaResourceUnknown(QuotaNotFound):
    message = _('There are no quotas for these resources: %(unknown)s')


class QuotaClassNotFound(QuotaNotFound):
    message = _('Quota class %(class_name)s could not be found.')


class QuotaUsageNotFound(QuotaNotFound):
    message = _('Quota usage of project %(project_id)s could not be found.')


class ProjectQuotaNotFound(QuotaNotFound):
    message = _('Project %(project_id)s has no quota of its own.')


class ProjectUserQuotaNotFound(QuotaNotFound):
    message = _('User %(user_id)s has no quota of its own in project %(project_id)s.')


class ProjectShareTypeQuotaNotFound(QuotaNotFound):
    message = _('Share type %(share_type)s has no quota of its own in project %(project_id)s.')


class ReservationNotFound(QuotaNotFound):
    message = _('Quota reservation %(uuid)s could not be found.')


class ShareLimitExceeded(QuotaError):
    message = _('Maximum number of shares exceeded: %(allowed)s are allowed.')


class ShareSizeExceedsAvailableQuota(QuotaError):
    message = _('The size of the share exceeds what the quota for gigabytes leaves.')


class ShareSizeExceedsLimit(QuotaError):
    message = _('The size of %(size)s GiB exceeds the limit of %(limit)s GiB for one share.')


class SnapshotLimitExceeded(QuotaError):
    message = _('Maximum number of snapshots exceeded: %(allowed)s are allowed.')


class SnapshotSizeExceedsAvailableQuota(QuotaError):
    message = _('The size of the snapshot exceeds what the quota for gigabytes leaves.')


class ShareReplicasLimitExceeded(QuotaError):
    message = _('Maximum number of share replicas exceeded.')


class ShareReplicaSizeExceedsAvailableQuota(QuotaError):
    message = _('The size of the replica exceeds what the quota for replica gigabytes leaves.')


class ShareGroupsLimitExceeded(QuotaError):
    message = _('Maximum number of share groups exceeded.')


class ShareGroupSnapshotsLimitExceeded(QuotaError):
    message = _('Maximum number of share group snapshots exceeded.')


class ShareNetworksLimitExceeded(QuotaError):
    message = _('Maximum number of share networks exceeded: %(allowed)s are allowed.')


class BackupLimitExceeded(QuotaError):
    message = _('Maximum number of backups exceeded: %(allowed)s are allowed.')


class ShareBackupSizeExceedsAvailableQuota(QuotaError):
    message = _('The backup exceeds the quota for backup gigabytes: %(requested)s GiB are asked for, '
                '%(consumed)s of %(quota)s GiB are used.')


class EncryptionKeysLimitExceeded(QuotaError):
    message = _('Maximum number of encryption keys exceeded.')


class PortLimitExceeded(QuotaError):
    message = _('Maximum number of network ports exceeded.')
