"""Shares and access rules of the dummy driver."""
import datetime

from oslo_log import log

from manila import exception
from manila.common import constants
from manila.i18n import _
from manila.share import utils as share_utils
from manila.share.drivers.dummy import exports

LOG = log.getLogger(__name__)


class Shares:
    """Making, finding and changing shares."""

    def _addresses(self, share_server):
        """(addresses of export locations, address for administrators)."""
        if share_server is None:
            return self._own_addresses, self._own_admin_address
        details = share_server['backend_details']
        return details['addresses'].split(','), details.get('admin_address')

    def _locations(self, share, share_server):
        return exports.locations(share['name'], share['share_proto'], *self._addresses(share_server))

    def _pool_of(self, share):
        """The pool named in the host of a share.

        :raises manila.exception.ShareBackendException: when the back end has no such pool
        """
        pool = share_utils.extract_host(share['host'], level='pool') if share.get('host') else None
        if pool is not None and pool not in self._pool_names:
            raise exception.ShareBackendException(msg=_('there is no pool %s.') % pool)
        return pool or self._pool_names[0]

    def _new_record(self, share, share_server):
        return {'name': share['name'], 'size': share['size'], 'proto': share['share_proto'],
                'pool': self._pool_of(share), 'used': share['size'] * self._used_part, 'rules': {},
                'server': share_server and share_server['id'], 'managed': True}

    def _require_room(self, pool, size):
        """Refuse more GiB than a pool has left."""
        if self.array.used(pool) + size > self._total_capacity:
            raise exception.ShareBackendException(msg=_('pool %s is full.') % pool)

    def _keep_share(self, share_id, record):
        self.array.put('share', share_id, record)
        if self._notes is not None:
            self._notes.update(share_id, {key: str(record[key]) for key in ('name', 'size', 'proto', 'pool')})

    def _share(self, share, share_server=None):
        """The record of a share that exists.

        :raises manila.exception.ShareResourceNotFound: when it does not
        """
        record = self.array.get('share', share['id'])
        if record is None and self._is_remembered(share['id']):
            record = self._new_record(share, share_server)
            self.array.put('share', share['id'], record)
            record = self.array.get('share', share['id'])
        if record is None:
            raise exception.ShareResourceNotFound(share_id=share['id'])
        return record

    def _is_remembered(self, share_id):
        """Whether a share that is not in memory is to be taken for existing."""
        if not self.array.forgetful:
            return False
        return self._notes is None or bool(self._notes.get(share_id))

    def create_share(self, context, share, share_server=None):
        """Make a share; one that is there already is left as it is."""
        with self._lock:
            if self.array.get('share', share['id']) is None:
                record = self._new_record(share, share_server)
                self._require_room(record['pool'], record['size'])
                self._keep_share(share['id'], record)
        return self._locations(share, share_server)

    def delete_share(self, context, share, share_server=None):
        """Remove a share; one that is gone already is no error."""
        with self._lock:
            self.array.remove('share', share['id'])
            if self._notes is not None:
                self._notes.delete(share['id'])

    def extend_share(self, share, new_size, share_server=None):
        """Make a share larger."""
        with self._lock:
            record = self._share(share, share_server)
            self._require_room(record['pool'], new_size - record['size'])
            self._keep_share(share['id'], {**record, 'size': new_size})

    def shrink_share(self, share, new_size, share_server=None):
        """Make a share smaller, but not smaller than what it holds."""
        with self._lock:
            record = self._share(share, share_server)
            if record['used'] > new_size:
                raise exception.ShareShrinkingPossibleDataLoss(share_id=share['id'])
            self._keep_share(share['id'], {**record, 'size': new_size})

    def get_pool(self, share):
        """The pool a share lies in."""
        with self._lock:
            record = self.array.get('share', share['id'])
        return record['pool'] if record else self._pool_names[0]

    def get_backend_info(self, context):
        """What export locations depend on."""
        return {'addresses': ','.join(self._own_addresses), 'admin_address': self._own_admin_address,
                'pools': ','.join(self._pool_names)}

    def ensure_share(self, context, share, share_server=None):
        """Find a share again after a restart."""
        with self._lock:
            self._share(share, share_server)
        return self._locations(share, share_server)

    def ensure_shares(self, context, shares):
        """Find shares again after a restart; those that are lost are in error."""
        updates = {}
        for share in shares:
            server = share.get('share_server')
            with self._lock:
                known = self.array.get('share', share['id']) is not None
            try:
                updates[share['id']] = {'export_locations': self.ensure_share(context, share, server),
                                        'reapply_access_rules': not known}
            except exception.ShareResourceNotFound:
                LOG.error('Share %s does not exist any more.', share['id'])
                updates[share['id']] = {'status': constants.STATUS_ERROR}
        return updates

    def update_share_usage_size(self, context, shares):
        """How much of each share counts as full."""
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        with self._lock:
            return [{'id': share['id'], 'used_size': self._share(share)['used'], 'gathered_at': now}
                    for share in shares]

    def update_share_from_metadata(self, context, share, metadata, share_server=None):
        """Note metadata that concern the storage."""
        with self._lock:
            record = self._share(share, share_server)
            self._keep_share(share['id'], {**record, 'metadata': {**record.get('metadata', {}), **metadata}})

    def update_access(self, context, share, access_rules, add_rules, delete_rules, update_rules,
                      share_server=None):
        """Make the rules of a share what they should be; cephx users get a key."""
        recovers = not (add_rules or delete_rules or update_rules)
        changed = access_rules if recovers else [*add_rules, *update_rules]
        for rule in changed:
            check_rule(rule)
        with self._lock:
            record = self._share(share, share_server)
            rules = change_rules(record['rules'], access_rules, add_rules, delete_rules, update_rules)
            self.array.put('share', share['id'], {**record, 'rules': rules})
        return {rule['access_id']: {'access_key': f'key-of-{rule["access_to"]}'}
                for rule in changed if rule['access_type'] == 'cephx'} or None


def check_rule(rule):
    """Refuse a rule of which type or level are unknown."""
    if rule['access_type'] not in constants.ACCESS_TYPES:
        raise exception.InvalidShareAccess(reason=_('type %s is not supported.') % rule['access_type'])
    if rule.get('access_level', constants.ACCESS_LEVEL_RW) not in constants.ACCESS_LEVELS:
        raise exception.InvalidShareAccessLevel(level=rule['access_level'])


def change_rules(rules, access_rules, add_rules, delete_rules, update_rules):
    """The rules in force after a change: dict by access id of [type, to, level].

    :param rules: those before the change; counts for nothing when no change is named
    """
    if not (add_rules or delete_rules or update_rules):
        return {rule['access_id']: _brief(rule) for rule in access_rules}
    for rule in delete_rules:
        rules.pop(rule['access_id'], None)
    for rule in (*add_rules, *update_rules):
        rules[rule['access_id']] = _brief(rule)
    return rules


def _brief(rule):
    return [rule['access_type'], rule['access_to'], rule.get('access_level', constants.ACCESS_LEVEL_RW)]
