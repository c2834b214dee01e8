"""Exceptions about share networks, subnets, security services, share servers and encryption keys."""
from manila.exception.base import InUse, Invalid, ManilaException, NotFound
from manila.i18n import _


class NetworkException(ManilaException):
    message = _('The network could not be set up.')


class NetworkBadConfigurationException(NetworkException):
    message = _('Network configuration is wrong: %(reason)s')


class NetworkBindException(ManilaException):
    message = _('The network port could not be bound.')


class BridgeDoesNotExist(ManilaException):
    message = _('Network bridge %(bridge)s does not exist.')


class IPAddressInUse(InUse):
    message = _('IP address %(ip)s is in use.')


class IpAddressGenerationFailureClient(ManilaException):
    message = _('The network service has no free IP address in the subnet.')


class AdminIPNotFound(ManilaException):
    message = _('The administrative IP address could not be found: %(reason)s')


class ServiceIPNotFound(ManilaException):
    message = _('The service IP address could not be found: %(reason)s')


class AllocationsNotFoundForShareServer(NotFound):
    message = _('Share server %(share_server_id)s has no network allocations.')


class ShareNetworkNotFound(NotFound):
    message = _('Share network %(share_network_id)s could not be found.')


class ShareNetworkSubnetNotFound(NotFound):
    message = _('Share network subnet %(share_network_subnet_id)s could not be found.')


class ShareNetworkSubnetNotFoundByShareServer(NotFound):
    message = _('Share server %(share_server_id)s has no share network subnet.')


class InvalidShareNetwork(Invalid):
    message = _('Share network is not valid: %(reason)s')


class SecurityServiceNotFound(NotFound):
    message = _('Security service %(security_service_id)s could not be found.')


class InvalidSecurityService(Invalid):
    message = _('Security service is not valid: %(reason)s')


class SecurityServiceFailedAuth(ManilaException):
    message = _('The security service refused the credentials.')


class ShareNetworkSecurityServiceAssociationError(ManilaException):
    message = _('Security service %(security_service_id)s could not be added to share network '
                '%(share_network_id)s: %(reason)s')


class ShareNetworkSecurityServiceDissociationError(ManilaException):
    message = _('Security service %(security_service_id)s could not be removed from share network '
                '%(share_network_id)s: %(reason)s')


class ShareServerNotFound(NotFound):
    message = _('Share server %(share_server_id)s could not be found.')


class ShareServerNotFoundByFilters(ShareServerNotFound):
    message = _('No share server fits these filters: %(filters_description)s')


class ShareServerBackendDetailsNotFound(NotFound):
    message = _('Back-end details of the share server could not be found.')


class InvalidShareServer(Invalid):
    message = _('Share server is not valid: %(reason)s')


class ShareServerInUse(InUse):
    message = _('Share server %(share_server_id)s is in use.')


class ShareServerNotCreated(ManilaException):
    message = _('Share server %(share_server_id)s could not be created.')


class ShareServerNotReady(ManilaException):
    message = _('Share server %(share_server_id)s did not reach state %(state)s within %(time)s seconds.')


class ManageShareServerError(ManilaException):
    message = _('The share server cannot be managed: %(reason)s')


class ShareServerMigrationError(ManilaException):
    message = _('Share server migration is in error: %(reason)s')


class ShareServerMigrationFailed(ManilaException):
    message = _('Share server migration failed: %(reason)s')


class ManilaBarbicanACLError(ManilaException):
    message = _('Access to the encryption key could not be granted in the key manager.')


class ManilaBarbicanAppCredsError(ManilaException):
    message = _('The application credential for the encryption key could not be made.')
