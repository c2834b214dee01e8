"""The rules of the recycle bin."""
import datetime

from oslo_log import log

from manila import exception
from manila.common import constants
from manila.conf import CONF
from manila.db import base, session
from manila.i18n import _
from manila.resources.recycle_bin import store
from manila.resources.shares import service as shares, states, store as share_store

LOG = log.getLogger(__name__)

# A deletion that failed is tried again.
_EXPIRING = (*states.DELETABLE, constants.STATUS_ERROR_DELETING)


@session.transaction
def soft_delete(context, share_id):
    """Put a share into the recycle bin, where it stays for ``soft_deleted_share_retention_time`` seconds."""
    with session.writer(context) as connection:
        # From here on nobody takes a snapshot of it or begins anything else.
        share_store.hold_instances(connection, share_id)
        row = shares.own(context, share_id)
        shares.refuse_recycled(row)
        try:
            shares.check_deletable(context, row)
        except exception.ShareBusyException as error:
            raise exception.NotAuthorized(error.msg) from error
        shares.refuse_snapshots(connection, row)
        store.put_in(connection, share_id,
                     base.now() + datetime.timedelta(seconds=CONF.soft_deleted_share_retention_time))


@session.transaction
def restore(context, share_id):
    """Take a share out of the recycle bin; returns whether it was there."""
    with session.writer(context) as connection:
        share_store.hold_instances(connection, share_id)
        row = shares.own(context, share_id)
        if row['is_soft_deleted'] and row['status'] in (constants.STATUS_DELETING, constants.STATUS_ERROR_DELETING):
            raise exception.NotAuthorized(_('The share %s is being deleted already.') % share_id)
        return store.take_out(connection, share_id)


def expire(context, limit):
    """Order the removal of up to ``limit`` shares whose time is over; returns how many."""
    return sum(_expire(context, share_id) for share_id in store.expired(context, _EXPIRING, limit))


def _expire(context, share_id):
    try:
        _delete(context, share_id)
        return True
    except exception.ManilaException as error:
        # It was restored, or another scheduler was faster.
        LOG.warning('Share %s in the recycle bin is not deleted: %s', share_id, error)
        return False


@session.transaction
def _delete(context, share_id):
    with session.writer(context) as connection:
        share_store.hold_instances(connection, share_id)
        row = shares.own(context, share_id)
        if not row['is_soft_deleted'] or row['scheduled_to_be_deleted_at'] > base.now():
            raise exception.InvalidShare(reason=_('it has been restored'))
        if row['status'] == constants.STATUS_ERROR_DELETING:
            share_store.change_instance(connection, row['instance']['id'], status=constants.STATUS_ERROR)
        shares.delete(context, share_id, group_id=row['share_group_id'])
