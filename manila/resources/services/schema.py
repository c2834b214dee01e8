"""What goes into and comes out of the operations on services."""
from manila import exception
from manila.api import types
from manila.api.fields import Field, Fields


class Reason(types.Text):
    """A text that is not blank."""

    def parse(self, value, where):
        value = types.text(value, where, 0, 65535).strip()
        return types.text(value, where, 1, 255)


class Tolerant(types.Boolean):
    """True or false; None for what is neither."""

    def parse(self, value, where):
        try:
            return super().parse(value, where)
        except exception.ValidationError:
            return None


LIST = Fields(
    None,
    Field('host'),
    Field('binary'),
    Field('zone', doc='Name or id of the availability zone.'),
    Field('state', doc='up or down.'),
    Field('status', doc='enabled or disabled.'),
    Field('ensuring', Tolerant(), since='2.93', doc='Whether its shares are being checked.'))

_WHICH = (Field('host', types.TEXT(255, 1), required=True),
          Field('binary', types.TEXT(255, 1), required=True))
ENABLE = Fields(None, *_WHICH)
DISABLE = Fields(
    None, *_WHICH,
    Field('disabled_reason', Reason(), since='2.83', doc='Why, for other administrators.'),
    Field('disabled_reason', types.UNKNOWN, until='2.82', nullable=False))


def _status(row, req):
    return 'disabled' if row['disabled'] else 'enabled'


def _state(row, req):
    return 'up' if row['up'] else 'down'


SERVICE = Fields(
    'service',
    Field('id', types.INTEGER),
    Field('binary'),
    Field('host'),
    Field('zone'),
    Field('status', get=_status),
    Field('state', get=_state),
    Field('updated_at', types.DATETIME, doc='Time of the last heartbeat.'),
    Field('disabled_reason', since='2.83'),
    Field('ensuring', types.BOOLEAN, since='2.86'))

SUMMARY = Fields(
    None,
    Field('host'),
    Field('binary'),
    Field('status', get=_status),
    Field('disabled_reason', since='2.83'),
    Field('ensuring', types.BOOLEAN, since='2.86'))
