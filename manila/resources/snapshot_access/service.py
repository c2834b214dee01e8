"""The rules of access rules of snapshots: when they may change."""
from manila import exception
from manila.common import constants
from manila.db import base, session
from manila.i18n import _
from manila.jobs import sweep
from manila.resources.access import service as access
from manila.resources.snapshot_access import store
from manila.resources.snapshot_access.model import states as rule_states
from manila.resources.snapshot_access.states import PENDING, SYNC
from manila.resources.snapshots import service as snapshots, store as snapshot_store


@session.transaction
def allow(context, snapshot_id, access_type, access_to, ipv6=True):
    """Order that a client gets access to a snapshot; returns the rule.

    :param ipv6: whether IPv6 addresses are known to the caller's version
    """
    row = snapshots.get(context, snapshot_id, pairs=False)
    _check_changeable(row)
    access_to = access.check_client(access_type, access_to, ipv6)
    rule = {'id': base.new_id(), 'snapshot_id': snapshot_id, 'access_type': access_type,
            'access_to': access_to, 'created_at': base.now(), 'updated_at': None}
    with session.writer(context) as connection:
        spellings = access.other_spellings(access_type, access_to)
        if spellings and store.has_rule_for(connection, snapshot_id, access_type, spellings):
            raise store.rule_exists(access_type, access_to)
        store.insert(connection, rule, [each['id'] for each in row['instances']])
        _order(context, row)
    return {**rule, 'state': 'queued_to_apply'}


def _order(context, row):
    """Have the rules of all instances of a snapshot put into force."""
    for instance in row['instances']:
        snapshots.order(context, SYNC, instance)


def _check_mountable(row):
    if not row['mount_snapshot_support']:
        raise exception.InvalidInput(reason=_('Snapshots of this share cannot be mounted.'))


def _check_changeable(row):
    _check_mountable(row)
    if row['snapshot_inherit_share_access_support']:
        raise exception.InvalidInput(reason=_('Access to the snapshot follows the rules of its share.'))
    for instance in row['instances']:
        if not instance['host'] or instance['status'] != constants.STATUS_AVAILABLE:
            raise exception.InvalidShareSnapshotInstance(
                reason=_('Access rules cannot be changed while the snapshot is in status "%s".')
                % instance['status'])


@session.transaction
def deny(context, snapshot_id, access_id):
    """Order that a client loses access to a snapshot."""
    row = snapshots.get(context, snapshot_id, pairs=False)
    _check_changeable(row)
    rule = store.get(context, access_id)
    if rule['snapshot_id'] != snapshot_id:
        raise exception.InvalidInput(reason=_('The access rule %s is none of this snapshot.') % access_id)
    with session.writer(context) as connection:
        if store.queue_to_deny(connection, access_id):
            _order(context, row)


def find(context, snapshot_id):
    """The rules of a snapshot."""
    row = snapshots.get(context, snapshot_id, pairs=False)
    _check_mountable(row)
    return store.find(context, snapshot_id)


def _settle_orphan(context, connection, row):
    """Go on with a rule that no job is about to put into force."""
    snapshots.order(context, SYNC, snapshot_store.instance(context, row.snapshot_instance_id))


sweep.declare(sweep.Sweep(rule_states, 'state', PENDING, _settle_orphan, target='snapshot_instance_id'))
