"""Exceptions about the services themselves: hosts, scheduling, configuration, files, commands."""
from manila.exception.base import Invalid, ManilaException, NotFound
from manila.i18n import _


class ServiceNotFound(NotFound):
    message = _('Service %(service_id)s could not be found.')


class ServiceIsDown(Invalid):
    message = _('Service %(service)s is down.')


class HostNotFound(NotFound):
    message = _('Host %(host)s could not be found.')


class HostBinaryNotFound(NotFound):
    message = _('Host %(host)s runs no %(binary)s.')


class InvalidHost(Invalid):
    message = _('Host is not valid: %(reason)s')


class AvailabilityZoneNotFound(NotFound):
    message = _('Availability zone %(id)s could not be found.')


class NoValidHost(ManilaException):
    message = _('No back end can take this: %(reason)s')


class WillNotSchedule(ManilaException):
    message = _('Host %(host)s is not up or does not exist.')


class SchedulerHostFilterNotFound(NotFound):
    message = _('Scheduler filter %(filter_name)s could not be found.')


class SchedulerHostWeigherNotFound(NotFound):
    message = _('Scheduler weigher %(weigher_name)s could not be found.')


class EvaluatorParseException(ManilaException):
    message = _('The expression cannot be evaluated: %(reason)s')


class InvalidCapacity(Invalid):
    message = _('Capacity %(name)s cannot be %(value)s.')


class NetappActiveIQWeigherRequiredParameter(ManilaException):
    message = _('The weigher needs the option %(config)s.')


class BadConfigurationException(ManilaException):
    message = _('Configuration is wrong: %(reason)s')


class ConfigNotFound(NotFound):
    message = _('Configuration file %(path)s could not be found.')


class PasteAppNotFound(NotFound):
    message = _('Application %(name)s could not be loaded from %(path)s.')


class RequirementMissing(ManilaException):
    message = _('Requirement %(req)s is missing.')


class FileNotFound(NotFound):
    message = _('File %(file_path)s could not be found.')


class InvalidSqliteDB(Invalid):
    message = _('The SQLite database is not valid.')


class LockCreationFailed(ManilaException):
    message = _('The lock could not be made.')


class LockingFailed(ManilaException):
    message = _('The lock could not be taken.')


class MigrationNotFound(NotFound):
    message = _('Migration %(migration_id)s could not be found.')


class MigrationNotFoundByStatus(MigrationNotFound):
    message = _('There is no migration in status %(status)s for instance %(instance_id)s.')


class MigrationError(ManilaException):
    message = _('Migration failed: %(reason)s')


class SSHException(ManilaException):
    message = _('The SSH session failed.')


class SSHInjectionThreat(ManilaException):
    message = _('Refused to run a command with unquoted shell syntax over SSH: %(command)s')
