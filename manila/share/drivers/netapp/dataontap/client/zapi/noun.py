"""What all nouns over ZAPI have in common: calls in the client's SVM or for the whole cluster."""
import datetime


class Noun:
    """A noun of a client."""

    def __init__(self, client):
        self.client = client
        self.wire = client.wire

    def ask(self, name, arguments=None):
        """Ask for something in the SVM."""
        return self.wire.read(name, arguments, self.client.tunnel)

    def do(self, name, arguments=None):
        """Change something in the SVM."""
        return self.wire.write(name, arguments, self.client.tunnel)

    def records(self, name, record, query=None, wanted=None, **more):
        """All records of an iterator in the SVM."""
        return self.wire.records(name, record, query, wanted, self.client.tunnel, **more)


def time_of(seconds):
    """Seconds since the epoch as UTC without zone, or None."""
    if seconds is None:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)
