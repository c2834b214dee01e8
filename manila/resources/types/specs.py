"""What extra specs of share types mean: their possible values, and what follows from them for a share."""
from oslo_utils import strutils

from manila import exception
from manila.common import constants

REQUIRED = 'driver_handles_share_servers'
SNAPSHOT_SUPPORT = 'snapshot_support'
REPLICATION_TYPE = 'replication_type'
AVAILABILITY_ZONES = 'availability_zones'
MAX_SIZE = 'provisioning:max_share_size'
MIN_SIZE = 'provisioning:min_share_size'
MAX_EXTEND_SIZE = 'provisioning:max_share_extend_size'
MOUNT_POINT_PREFIX = 'provisioning:mount_point_prefix'
MOUNT_POINT_NAME_SUPPORT = 'mount_point_name_support'
ENCRYPTION_SUPPORT = 'encryption_support'
DEFAULT_QOS_TYPE = 'default_qos_type'

#: What a share can do, frozen when it is made; false where the type says nothing.
FLAGS = (SNAPSHOT_SUPPORT, 'create_share_from_snapshot_support', 'revert_to_snapshot_support',
         'mount_snapshot_support', 'snapshot_inherit_share_access_support')
#: Those of them that users are told although the type says nothing, from 2.24 and from 2.99 on.
INFERRED = FLAGS[:4]
INFERRED_SINCE_299 = FLAGS

#: Specs whose bare boolean is compared as one by the scheduler.
BOOLEAN = (REQUIRED, *FLAGS)

_ENCRYPTION = ('share', 'share_server')
_LONGEST = 255


def parse_boolean(value):
    """The truth that a boolean spec states: a word for true or false, or ``<is> True`` in any case.

    :raises ValueError: when it states none
    """
    text = str(value).strip()
    if text.lower().startswith('<is>'):
        text = text[len('<is>'):].strip()
        if text.lower() not in ('true', 'false'):
            raise ValueError(value)
    return strutils.bool_from_string(text, strict=True)


def is_true(extra_specs, key):
    """Whether a boolean spec is set and true."""
    try:
        return key in extra_specs and parse_boolean(extra_specs[key])
    except ValueError:
        return False


def _boolean(key, value):
    try:
        parse_boolean(value)
    except ValueError:
        raise exception.InvalidExtraSpec(reason=f'"{key}" must be a boolean, not "{value}".') from None
    return value


def _one_of(*choices):
    def check(key, value):
        if value not in choices:
            raise exception.InvalidExtraSpec(
                reason=f'"{key}" must be one of {", ".join(choices)}, not "{value}".')
        return value
    return check


def _zones(key, value):
    names = [name.strip() for name in str(value).split(',')]
    if not all(names):
        raise exception.InvalidExtraSpec(
            reason=f'"{key}" must be names of availability zones with commas between them, not "{value}".')
    return ','.join(names)


def _size(key, value):
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) >= 1):
        raise exception.InvalidExtraSpec(reason=f'"{key}" must be a size in GiB from 1 on, not "{value}".')
    return text


def _text(key, value):
    if len(str(value)) > _LONGEST:
        raise exception.InvalidExtraSpec(reason=f'"{key}" must have at most {_LONGEST} characters.')
    return value


_CHECKS = {
    REQUIRED: _boolean,
    **dict.fromkeys(FLAGS, _boolean),
    MOUNT_POINT_NAME_SUPPORT: _boolean,
    REPLICATION_TYPE: _one_of(*constants.REPLICATION_TYPES),
    AVAILABILITY_ZONES: _zones,
    ENCRYPTION_SUPPORT: _one_of(*_ENCRYPTION),
    MAX_SIZE: _size,
    MIN_SIZE: _size,
    MAX_EXTEND_SIZE: _size,
    MOUNT_POINT_PREFIX: _text,
    DEFAULT_QOS_TYPE: _text,
}

#: Specs that also users see who are not administrators.
VISIBLE = frozenset(_CHECKS)


def validate(extra_specs, required=False):
    """The specs as they are to be kept.

    :param required: whether the required spec must be among them
    :raises manila.exception.InvalidExtraSpec: when one has a value that it cannot have, or the required one
        is missing
    """
    if required and REQUIRED not in extra_specs:
        raise exception.InvalidExtraSpec(reason=f'"{REQUIRED}" is required.')
    return {key: _CHECKS[key](key, value) if key in _CHECKS else value for key, value in extra_specs.items()}


def visible(extra_specs, inferred=()):
    """The part of the specs that users see.

    :param inferred: flags that are told as false where they are not set
    """
    found = {key: value for key, value in extra_specs.items() if key in VISIBLE}
    for key in inferred:
        found.setdefault(key, False)
    return found


def handles_share_servers(extra_specs):
    """Whether shares of the type live on share servers that the driver makes."""
    return is_true(extra_specs, REQUIRED)


def share_values(extra_specs):
    """What a share of the type has in its columns: the flags and ``replication_type``."""
    values = {flag: is_true(extra_specs, flag) for flag in FLAGS}
    values[REPLICATION_TYPE] = extra_specs.get(REPLICATION_TYPE)
    return values


def zones(extra_specs):
    """Names of the availability zones to which the type keeps its shares; empty: all."""
    return [name for name in extra_specs.get(AVAILABILITY_ZONES, '').split(',') if name]


def refuse_zone(extra_specs, zone_name):
    """Refuse an availability zone that the type does not have.

    :raises manila.exception.InvalidShare: when it does not
    """
    allowed = zones(extra_specs)
    if zone_name and allowed and zone_name not in allowed:
        raise exception.InvalidShare(
            reason=f'The share type is not available in zone {zone_name}, only in {", ".join(allowed)}.')


def refuse_size(extra_specs, size, low=True, high=True, extending_beyond=False):
    """Refuse a size that the type does not allow.

    :param size: in GiB
    :param low: whether the lower limit counts, as it does for creation and shrinking
    :param high: whether the upper limit counts, as it does for creation and extension
    :param extending_beyond: the caller may extend beyond the upper limit, up to that for such extensions
    :raises manila.exception.InvalidInput: when it does not
    """
    lowest, highest = extra_specs.get(MIN_SIZE), extra_specs.get(MAX_SIZE)
    if extending_beyond:
        highest = extra_specs.get(MAX_EXTEND_SIZE)
    if low and lowest and size < int(lowest):
        raise exception.InvalidInput(reason=f'The share type asks for at least {lowest} GiB, not {size}.')
    if high and highest and size > int(highest):
        raise exception.InvalidInput(reason=f'The share type allows at most {highest} GiB, not {size}.')


def for_scheduler(extra_specs):
    """The specs as the scheduler compares them: plain booleans of the known specs as ``<is> True``."""
    found = dict(extra_specs)
    for key in BOOLEAN:
        if key in found and not str(found[key]).strip().startswith('<'):
            found[key] = f'<is> {is_true(found, key)}'
    return found
