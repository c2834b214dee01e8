"""The rules of maintenance."""
from manila import exception
from manila.db import session
from manila.i18n import _
from manila.resources.maintenance import store
from manila.resources.services import store as services
from manila.resources.shares import service as shares, store as share_store
from manila.resources.shares.states import LOCK
from manila.resources.snapshots import service as snapshots

BATCH = 500


@session.transaction
def purge_share(context, share_id):
    """Remove all rows of a share, whatever its status, with what quotas count; what is on its back end stays there.

    :returns: the share row as it was
    :raises manila.exception.ShareNotFound: when there is none
    """
    row = share_store.get(context, share_id)
    with session.writer(context) as connection:
        taken = store.snapshot_instances_of(connection, share_id)
        ids = [instance['id'] for instance in row['instances']]
        store.forget_jobs(connection, [*ids, *(each['id'] for each in taken)], [_lock(each) for each in ids])
        for each in taken:
            snapshots.remove_instance(context, connection, each)
        for instance in row['instances']:
            if share_store.remove_instance(connection, instance['id']):
                shares.give_back_last(context, connection, row, instance)
    return row


def _lock(instance_id):
    return f'{LOCK}:{instance_id}'


@session.transaction
def update_host(context, current, new, force=False):
    """Say that what lies at a host, back end or pool lies at another one now; jobs that wait for it go along.

    :param current: ``host``, ``host@backend`` or ``host@backend#pool``
    :param new: the same of the other
    :param force: also when the old back ends are up, or the new ones have never been seen
    :returns: (old full host, new full host, ids of share instances) of each pool
    :raises manila.exception.InvalidHost: when they are not of the same form, or when ``force`` would be needed
    """
    if [current.count(mark) for mark in '@#'] != [new.count(mark) for mark in '@#'] or current == new:
        raise exception.InvalidHost(reason=_('"%(current)s" and "%(new)s" must be two different hosts, two back ends, '
                                             'or two pools.') % {'current': current, 'new': new})
    with session.writer(context) as connection:
        moves = [(old, new + old.removeprefix(current), ids)
                 for old, ids in sorted(store.hosts_on(connection, current).items())]
        if not force:
            _check_services(context, moves)
        for old, fresh, ids in moves:
            store.move(connection, old, fresh)
            for start in range(0, len(ids), BATCH):
                store.move_jobs(connection, shares.queue_of(old), shares.queue_of(fresh),
                                [_lock(each) for each in ids[start:start + BATCH]])
    return moves


def _check_services(context, moves):
    """Refuse while somebody may work on the old back ends, or if nobody will on the new ones."""
    up = {row['host']: row['up'] for row in services.find(context, binary='manila-share')}
    for old, fresh, _ids in moves:
        old, fresh = (host.partition('#')[0] for host in (old, fresh))
        if fresh not in up:
            raise exception.InvalidHost(reason=_('No manila-share has served %s so far.') % fresh)
        if old != fresh and up.get(old):
            raise exception.InvalidHost(reason=_('The manila-share that serves %s must be stopped first.') % old)
