"""The one exception of the model: an operation the array refuses, with a symbolic reason.

Each transport maps reasons to its own codes (`rest/errors.py`, `zapi/errors.py`).
"""


class Refused(Exception):
    """An operation was refused.

    :param reason: symbol such as 'duplicate' or 'volume.has_clones'; the transports' tables know it.
    :param message: text for the client; never holds secrets.
    :param target: name of the offending field, if one is to blame.
    """

    def __init__(self, reason, message, target=None):
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.target = target


def missing(kind, name):
    """The refusal for an object that does not exist."""
    return Refused('not_found', "entry doesn't exist: %s \"%s\"" % (kind, name))


def duplicate(kind, name):
    """The refusal for a name that is taken."""
    return Refused('duplicate', 'duplicate entry: %s "%s" already exists' % (kind, name))


def invalid(field, value, why=''):
    """The refusal for a value that is out of range or malformed."""
    text = 'Invalid value "%s" for field "%s".' % (value, field)
    return Refused('invalid', (text + ' ' + why).strip(), field)


def required(field):
    """The refusal for a value that must be given."""
    return Refused('missing_value', 'Field "%s" was missing a required value.' % field, field)
