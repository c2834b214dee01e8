"""What all nouns over REST have in common: requests in the client's SVM or for the whole cluster."""
import datetime

from oslo_utils import timeutils

from manila.share.drivers.netapp.dataontap.client import values


class Noun:
    """A noun of a client."""

    def __init__(self, client):
        self.client = client
        self.wire = client.wire

    def one(self, path, **params):
        """One object of the SVM."""
        return self.wire.get(path, _dotted(params), self.client.tunnel)

    def records(self, path, **params):
        """All objects of the SVM that satisfy a query; dots in names are written as ``__``."""
        return self.wire.records(path, _dotted(params), self.client.tunnel)

    def first(self, path, **params):
        """The first of them, or None."""
        return next(iter(self.records(path, **params)), None)

    def post(self, path, body, timeout=None, **params):
        """Make an object; returns (answer, last part of its path)."""
        return self.wire.write('POST', path, body, _dotted(params), self.client.tunnel, timeout)

    def patch(self, path, body, timeout=None, **params):
        """Change an object."""
        self.wire.write('PATCH', path, body, _dotted(params), self.client.tunnel, timeout)

    def delete_at(self, path, **params):
        """Remove an object."""
        self.wire.write('DELETE', path, None, _dotted(params), self.client.tunnel)


def _dotted(params):
    return {name.replace('__', '.'): value for name, value in params.items()}


def dig(record, path, default=None):
    """A member of nested dicts by its dotted name."""
    for part in path.split('.'):
        if not isinstance(record, dict) or part not in record:
            return default
        record = record[part]
    return record


def time_of(text):
    """An ISO 8601 time as UTC without zone, or None."""
    if not text:
        return None
    return timeutils.normalize_time(datetime.datetime.fromisoformat(text.replace('Z', '+00:00')))


def yes(value):
    """A truth that may come as boolean or as text."""
    return value if isinstance(value, bool) or value is None else str(value).lower() == 'true'


def filled(pairs):
    """A body out of dotted names and values: what is None is left out, dots become nested objects."""
    return values.nested(pairs, '.')
