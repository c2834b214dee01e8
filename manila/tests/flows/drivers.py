"""Drivers that can do less than the dummy driver, or take offence at what it bears."""
from manila import exception
from manila.share.drivers.dummy import DummyDriver


class Strict(DummyDriver):
    """Makes no share twice."""

    create_is_idempotent = False

    def create_share(self, context, share, share_server=None):
        """Refuse a share that exists."""
        if self.array.get('share', share['id']) is not None:
            raise exception.ShareBackendException(msg='the share exists')
        return super().create_share(context, share, share_server)

    def create_snapshot(self, context, snapshot, share_server=None):
        """Refuse a snapshot that exists."""
        if self.array.get('snapshot', snapshot['id']) is not None:
            raise exception.ShareBackendException(msg='the snapshot exists')
        return super().create_snapshot(context, snapshot, share_server)


class SingleRules(DummyDriver):
    """Knows only to put a rule in force, once, and to take it away."""

    def update_access(self, *args, **kwargs):
        """Not known."""
        raise NotImplementedError

    def allow_access(self, context, share, access, share_server=None):
        """Put a rule in force that is not."""
        record = self.array.get('share', share['id'])
        if access['access_id'] in record['rules']:
            raise exception.ShareAccessExists(access_type=access['access_type'], access=access['access_to'])
        record['rules'][access['access_id']] = access['access_to']
        self.array.put('share', share['id'], record)

    def deny_access(self, context, share, access, share_server=None):
        """Take a rule away, if it is there."""
        record = self.array.get('share', share['id'])
        record['rules'].pop(access['access_id'], None)
        self.array.put('share', share['id'], record)


class OnlyIPv4(DummyDriver):
    """Knows no IPv6."""

    ipv6_implemented = False


class Forgetful(DummyDriver):
    """Has lost all rules when it is asked after a start."""

    def ensure_shares(self, context, shares):
        """Want all rules again."""
        for share in shares:
            self.array.put('share', share['id'], {**self.array.get('share', share['id']), 'rules': {}})
        return {share['id']: {'reapply_access_rules': True} for share in shares}


class NoQosTypes(DummyDriver):
    """Knows no QoS types."""

    qos_type_support = False
