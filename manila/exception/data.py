"""Exceptions about replicas, share migration, data copies and backups."""
from manila.exception.base import Invalid, ManilaException, NotFound
from manila.i18n import _


class ShareReplicaNotFound(NotFound):
    message = _('Share replica %(replica_id)s could not be found.')


class ReplicationException(ManilaException):
    message = _('The replication operation is not possible: %(reason)s')


class ShareMigrationError(ManilaException):
    message = _('Share migration is in error: %(reason)s')


class ShareMigrationFailed(ManilaException):
    message = _('Share migration failed: %(reason)s')


class ShareDataCopyFailed(ManilaException):
    message = _('Copying the data of the share failed: %(reason)s')


class ShareDataCopyCancelled(ManilaException):
    message = _('Copying the data of the share was cancelled.')


class ShareCopyDataException(ManilaException):
    message = _('Data could not be copied: %(reason)s')


class ShareMountException(ManilaException):
    message = _('The share could not be mounted: %(reason)s')


class ShareUmountException(ManilaException):
    message = _('The share could not be unmounted: %(reason)s')


class ShareBackupNotFound(NotFound):
    message = _('Share backup %(backup_id)s could not be found.')


class InvalidBackup(Invalid):
    message = _('Backup is not valid: %(reason)s')


class BackupException(ManilaException):
    message = _('The backup operation is not possible: %(reason)s')
