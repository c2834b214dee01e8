"""The rules of access rules: who may be named, and when they may change."""
import ipaddress
import re

from manila import exception
from manila.common import constants
from manila.db import base, session
from manila.i18n import _
from manila.jobs import store as jobs, sweep
from manila.resources.access import store
from manila.resources.access.states import SYNC
from manila.resources.locks import service as locks
from manila.resources.shares import service as shares
from manila.resources.shares.model import instances

_USER = re.compile(r"[\w.\-`;'{}\[\]\\$@ ]{4,255}")
_CEPHX = re.compile(r'[\x21-\x2d\x2f-\x7e]{1,255}')


@session.transaction
def allow(context, share_id, wanted, ipv6=True, tolerate_errors=True, old_states=False):
    """Order that a client gets access to a share; returns the rule.

    :param wanted: access_type, access_to, access_level, metadata; lock_visibility, lock_deletion and lock_reason
    :param ipv6: whether IPv6 addresses are known to the caller's version
    :param tolerate_errors: whether instances in status error are acceptable
    :param old_states: refuse while rules of the share are in error, as old versions did
    """
    share = shares.own_brief(context, share_id)
    access_to = check_client(wanted['access_type'], wanted['access_to'], ipv6)
    _check_changeable(share, tolerate_errors)
    if old_states and any(each['access_rules_status'] == 'error' for each in share['instances']):
        raise exception.InvalidShareAccess(reason=_('Rules of the share are in error; remove those first.'))
    rule = {'id': base.new_id(), 'share_id': share_id, 'access_type': wanted['access_type'], 'access_to': access_to,
            'access_level': wanted.get('access_level') or 'rw', 'access_key': None, 'created_at': base.now(),
            'updated_at': None}
    pairs = wanted.get('metadata') or {}
    with session.writer(context) as connection:
        spellings = other_spellings(wanted['access_type'], access_to)
        if spellings and store.has_rule_for(connection, share_id, wanted['access_type'], spellings):
            raise store.rule_exists(wanted['access_type'], access_to)
        store.insert(connection, rule, [each['id'] for each in share['instances']], pairs)
        if wanted.get('lock_visibility') or wanted.get('lock_deletion'):
            locks.protect(context, share, rule['id'], wanted['lock_deletion'], wanted['lock_visibility'],
                          wanted.get('lock_reason'))
        _order(context, connection, share)
    return {**rule, 'state': 'queued_to_apply', 'metadata': pairs, 'access_rules_status': 'syncing'}


def _order(context, connection, share):
    """Have the rules of all instances of a share put into force."""
    behind = [each['id'] for each in share['instances'] if each['access_rules_status'] != 'syncing']
    if behind:
        store.set_syncing(connection, behind)
    for instance in share['instances']:
        jobs.insert(context, SYNC, instance['id'], shares.queue_of(instance['host']))


def check_client(access_type, access_to, ipv6):
    """The client as it is kept, if a client of that type can be called so."""
    if access_type == 'ip':
        return _check_address(access_to, ipv6)
    if access_type == 'user' and not _USER.fullmatch(access_to):
        raise exception.InvalidInput(reason=_('A user name has 4 to 255 characters without special ones.'))
    if access_type == 'cert' and not 1 <= len(access_to.strip()) <= 64:
        raise exception.InvalidInput(reason=_('The common name of a certificate has 1 to 64 characters.'))
    if access_type == 'cephx' and not _CEPHX.fullmatch(access_to):
        raise exception.InvalidInput(reason=_('A Ceph client id has printable ASCII characters and no period.'))
    return access_to.strip() if access_type == 'cert' else access_to


def _check_address(access_to, ipv6):
    try:
        # The scope of an IPv6 address may be any text, and means nothing beyond one machine.
        network = ipaddress.ip_network(access_to if '%' not in access_to else '')
    except ValueError as error:
        raise exception.InvalidInput(reason=_('"%s" is not an IP address or network.') % access_to) from error
    if network.version == 6 and not ipv6:
        raise exception.InvalidInput(reason=_('IPv6 addresses need microversion 2.38.'))
    return access_to


def other_spellings(access_type, access_to):
    """The ways to write the same single address; none for what has but one."""
    if access_type != 'ip':
        return []
    network = ipaddress.ip_network(access_to)
    if network.prefixlen != network.max_prefixlen:
        return []
    return [str(network.network_address), str(network)]


def _check_changeable(share, tolerate_errors):
    if share['is_soft_deleted']:
        raise exception.NotAuthorized(_('The share %s is in the recycle bin.') % share['id'])
    for instance in share['instances']:
        status = instance['status']
        if not instance['host'] or status in constants.TRANSITIONAL_STATUSES or (
                status == constants.STATUS_ERROR and not tolerate_errors):
            raise exception.InvalidShare(reason=_(
                'Access rules cannot be changed while the share is in status "%s".') % status)


@session.transaction
def deny(context, share_id, access_id, tolerate_errors=True, unrestrict=False):
    """Order that a client loses access to a share.

    :param unrestrict: remove the resource locks that keep the rule first
    """
    share = shares.own_brief(context, share_id)
    rule = store.get(context, access_id)
    if rule['share_id'] != share_id:
        raise store.not_found(access_id)
    _check_changeable(share, tolerate_errors)
    with session.writer(context) as connection:
        locks.release(context, share_id, access_id, unrestrict)
        if store.queue_to_deny(connection, access_id):
            _order(context, connection, share)
        elif not store.is_anywhere(connection, access_id):
            store.remove(connection, access_id)


@session.transaction
def update(context, access_id, level):
    """Order that a rule gets another level; returns the rule."""
    rule = get(context, access_id)
    if rule['access_level'] == level:
        return rule
    share = shares.own_brief(context, rule['share_id'])
    _check_changeable(share, tolerate_errors=True)
    with session.writer(context) as connection:
        if not store.queue_to_update(connection, access_id):
            raise exception.InvalidShareAccess(reason=_('The rule is being removed.'))
        store.change(connection, access_id, access_level=level)
        _order(context, connection, share)
    return {**rule, 'access_level': level, 'state': 'queued_to_update', 'access_rules_status': 'syncing',
            'updated_at': base.now()}


def get(context, access_id):
    """A rule of a share of the context's project."""
    rule = store.get(context, access_id)
    context.authorize(rule)
    return _masked(context, {**rule, 'access_rules_status': rule['state']})


def _masked(context, rule):
    """A rule without what a resource lock hides from the caller."""
    return {**rule, 'access_to': locks.MASK, 'access_key': locks.MASK} if locks.is_hidden(context, rule) else rule


def find(context, share_id, filters):
    """The rules of a share that match."""
    share = shares.own_brief(context, share_id)
    found = store.find(context, share_id, filters)
    if 'access_to' in filters or 'access_key' in filters:
        # Or else what is hidden could be guessed.
        found = [rule for rule in found if not locks.is_hidden(context, rule)]
    return [_masked(context, {**rule, 'access_rules_status': share['access_rules_status']}) for rule in found]


@session.transaction
def set_metadata(context, access_id, pairs):
    """Set metadata of a rule; returns all of it."""
    rule = get(context, access_id)
    with session.writer(context) as connection:
        store.set_metadata(connection, access_id, pairs)
    return {**rule['metadata'], **pairs}


@session.transaction
def remove_metadata(context, access_id, key):
    """Remove one pair of metadata of a rule."""
    get(context, access_id)
    with session.writer(context) as connection:
        if not store.remove_metadata(connection, access_id, key):
            raise exception.ShareAccessMetadataNotFound(metadata_key=key)


@session.transaction
def forget_all(context, share_id):
    """Remove all rules of a share whose back end has none of them any more."""
    with session.writer(context) as connection:
        store.remove_all(connection, share_id)


@session.transaction
def apply_again(context, instance_id, host, failed=False):
    """Order that the rules of an instance are applied anew, because its back end has lost them.

    :param failed: also those that it could not put into force
    """
    with session.writer(context) as connection:
        if store.queue_again(connection, instance_id, failed):
            jobs.insert(context, SYNC, instance_id, shares.queue_of(host))


def _settle_orphan(context, connection, row):
    """Go on with the rules of an instance that no job is about to put into force."""
    if row.host is not None:
        jobs.insert(context, SYNC, row.id, shares.queue_of(row.host))


sweep.declare(sweep.Sweep(instances, 'access_rules_status', ('syncing',), _settle_orphan))
