"""The words of user messages: what was being done, what was the matter, to what it happened.

Ids and names are those that clients and drivers know. An entry is a pair of id and text.
"""
from manila.i18n import _

ERROR = 'ERROR'


class Resource:
    """What a message is about."""

    SHARE = 'SHARE'
    SHARE_GROUP = 'SHARE_GROUP'
    SHARE_REPLICA = 'SHARE_REPLICA'
    SHARE_SNAPSHOT = 'SHARE_SNAPSHOT'
    SECURITY_SERVICE = 'SECURITY_SERVICE'
    SHARE_NETWORK_SUBNET = 'SHARE_NETWORK_SUBNET'


class Action:
    """What was being done."""

    ALLOCATE_HOST = ('001', _('allocate host'))
    CREATE = ('002', _('create'))
    DELETE_ACCESS_RULES = ('003', _('delete access rules'))
    PROMOTE = ('004', _('promote'))
    UPDATE = ('005', _('update'))
    REVERT_TO_SNAPSHOT = ('006', _('revert to snapshot'))
    DELETE = ('007', _('delete'))
    EXTEND = ('008', _('extend'))
    SHRINK = ('009', _('shrink'))
    UPDATE_ACCESS_RULES = ('010', _('update access rules'))
    ADD_UPDATE_SECURITY_SERVICE = ('011', _('add or update security service'))
    TRANSFER_ACCEPT = ('026', _('transfer accept'))
    UPDATE_METADATA = ('027', _('update metadata'))
    RESTORE_BACKUP = ('028', _('restore share backup'))

    UNKNOWN_TEXT = _('unknown action')


class Detail:
    """What was the matter."""

    UNKNOWN_ERROR = ('001', _('An unknown error occurred.'))
    # The suite that clients and operators test against, manila-tempest-plugin, looks for how these begin.
    NO_VALID_HOST = ('002', _('No storage could be allocated for this share request: no back end can take this; '
                              'another size or share type may be possible.'))
    UNEXPECTED_NETWORK = ('003', _('The back end works without share networks, but one was given.'))
    NO_SHARE_SERVER = ('004', _('No share server could be found or made on the share network.'))
    NO_ACTIVE_AVAILABLE_REPLICA = ('005', _('This needs an active replica that is available.'))
    NO_ACTIVE_REPLICA = ('006', _('The share has no active replica.'))
    FILTER_AVAILABILITY = ('007', _('No storage could be allocated for this share request: no back end is '
                                    'left in the availability zone: AvailabilityZoneFilter.'))
    FILTER_CAPABILITIES = ('008', _('No storage could be allocated for this share request: no back end is '
                                    'left that offers what the share type asks for: CapabilitiesFilter.'))
    FILTER_CAPACITY = ('009', _('No storage could be allocated for this share request: no back end is left '
                                'with enough space: CapacityFilter.'))
    FILTER_DRIVER = ('010', _('No storage could be allocated for this share request: no back end is left '
                              'whose own condition is met: DriverFilter.'))
    FILTER_IGNORE = ('011', _('No storage could be allocated for this share request: all back ends have '
                              'been tried already: IgnoreAttemptedHostsFilter.'))
    FILTER_JSON = ('012', _('No storage could be allocated for this share request: no back end is left '
                            'that fits the query of the request: JsonFilter.'))
    FILTER_RETRY = ('013', _('No storage could be allocated for this share request: all back ends have '
                             'been tried already: RetryFilter.'))
    FILTER_REPLICATION = ('014', _('No storage could be allocated for this share request: no back end is '
                                   'left that can replicate shares: ShareReplicationFilter.'))
    DRIVER_FAILED_EXTEND = ('015', _('The driver could not extend the share, which is in status '
                                     'extending_error now.'))
    FILTER_CREATE_FROM_SNAPSHOT = ('016', _('No storage could be allocated for this share request: no back '
                                            'end is left that can make a share from the snapshot: '
                                            'CreateFromSnapshotFilter.'))
    DRIVER_FAILED_CREATING_FROM_SNAP = ('017', _('The driver could not make a share from the snapshot.'))
    DRIVER_REFUSED_SHRINK = ('018', _('The share holds more than the new size; it was not shrunk and is '
                                      'available.'))
    DRIVER_FAILED_SHRINK = ('019', _('The driver cannot shrink shares.'))
    FORBIDDEN_CLIENT_ACCESS = ('020', _('Access may not be given to a client with this id.'))
    UNSUPPORTED_CLIENT_ACCESS = ('021', _('The driver does not support this type or level of access.'))
    UNSUPPORTED_ADD_UDPATE_SECURITY_SERVICE = ('022',
                                               _('The security service could not be set up, or the driver '
                                                        'does not support it.'))
    SECURITY_SERVICE_FAILED_AUTH = ('023', _('The security service refused the credentials.'))
    NO_DEFAULT_SHARE_TYPE = ('024', _('The request names no share type and no default one is configured.'))
    MISSING_SECURITY_SERVICE = ('025', _('The share network lacks a security service that is needed.'))
    DRIVER_FAILED_TRANSFER_ACCEPT = ('026', _('The share can be transferred only without access rules.'))
    SHARE_NETWORK_PORT_QUOTA_LIMIT_EXCEEDED = ('027', _('The quota of network ports is used up.'))
    SHARE_BACKEND_NOT_READY_YET = ('028', _('No back end has reported yet; please try again later.'))
    UPDATE_METADATA_SUCCESS = ('029', _('The driver has applied the metadata.'))
    UPDATE_METADATA_FAILURE = ('030', _('The driver could not apply the metadata.'))
    UPDATE_METADATA_NOT_DELETED = ('031',
                                   _('The driver was not told that the metadata key is gone; what it set '
                                            'stays in force.'))
    TARGETED_RESTORE_UNSUPPORTED = ('032', _('The driver can restore the backup only to the share it is of.'))
    NEUTRON_SUBNET_FULL = ('033', _('The subnet has no free IP address.'))
    UNSUPPORTED_REPLICA_CREATE_CONFIG = ('034', _('A replica is not possible with this configuration.'))


#: The filter after which no back end was left -> detail.
FILTERS = {
    'AvailabilityZoneFilter': Detail.FILTER_AVAILABILITY,
    'CapabilitiesFilter': Detail.FILTER_CAPABILITIES,
    'CapacityFilter': Detail.FILTER_CAPACITY,
    'DriverFilter': Detail.FILTER_DRIVER,
    'IgnoreAttemptedHostsFilter': Detail.FILTER_IGNORE,
    'JsonFilter': Detail.FILTER_JSON,
    'RetryFilter': Detail.FILTER_RETRY,
    'ShareReplicationFilter': Detail.FILTER_REPLICATION,
    'CreateFromSnapshotFilter': Detail.FILTER_CREATE_FROM_SNAPSHOT,
}


def _entries(words):
    return [value for value in vars(words).values() if isinstance(value, tuple) and value]     # 3.13 adds an empty one


_ACTIONS = dict(_entries(Action))
_DETAILS = dict(_entries(Detail))


def action_text(action_id):
    """The text of an action."""
    return _ACTIONS.get(action_id, Action.UNKNOWN_TEXT)


def detail_text(detail_id):
    """The text of a detail."""
    return _DETAILS.get(detail_id, Detail.UNKNOWN_ERROR[1])


def detail_id(error=None, detail=None):
    """The id of the detail that an exception, or else a detail, stands for.

    :param error: of a NoValidHost, ``detail_data['last_filter']`` decides
    :param detail: an entry of :class:`Detail`
    """
    if error is not None:
        if type(error).__name__ != 'NoValidHost':
            return Detail.UNKNOWN_ERROR[0]
        data = getattr(error, 'detail_data', None) or {}
        return FILTERS.get(data.get('last_filter'), Detail.NO_VALID_HOST)[0]
    if detail in _DETAILS.items():
        return detail[0]
    return Detail.UNKNOWN_ERROR[0]


def user_message(action_id, of_detail, reason=None):
    """What users read: the action, what was the matter, and in particular."""
    text = f'{action_text(action_id)}: {detail_text(of_detail)}'
    return f'{text} {reason}' if reason else text
