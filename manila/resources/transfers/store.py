"""All SQL of share transfers."""
import sqlalchemy as sa

from manila import exception
from manila.common import constants
from manila.db import base, query, session
from manila.resources.shares.model import instances, shares
from manila.resources.snapshots.model import instances as snapshot_instances, snapshots
from manila.resources.transfers import states
from manila.resources.transfers.model import transfers

WAITING, ACCEPTING = 'waiting', 'accepting'

SORTABLE = {
    **{name: transfers.c[name] for name in ('id', 'display_name', 'source_project_id', 'destination_project_id',
                                            'created_at', 'updated_at', 'expires_at')},
    'name': transfers.c.display_name,
    'resource_id': transfers.c.share_id,
    # There is one type: this only brings the rows into some order.
    'resource_type': transfers.c.id,
}
_PLAIN = {'id': transfers.c.id, 'name': transfers.c.display_name, 'resource_id': transfers.c.share_id,
          'source_project_id': transfers.c.source_project_id,
          'destination_project_id': transfers.c.destination_project_id}
_SHARE = ('project_id', 'user_id', 'size', 'replication_type')
_INSTANCE = ('host', 'status', 'share_type_id', 'access_rules_status')
_OFFER = (sa.select(transfers, *(shares.c[name].label(f'share_{name}') for name in _SHARE),
                    instances.c.id.label('instance_id'),
                    *(instances.c[name].label(f'instance_{name}') for name in _INSTANCE))
          .join_from(transfers, shares, shares.c.id == transfers.c.share_id)
          .join(instances, instances.c.share_id == shares.c.id)
          .where(transfers.c.id == sa.bindparam('id')).order_by(instances.c.created_at, instances.c.id))
_STATUS = sa.select(transfers.c.status).where(transfers.c.id == sa.bindparam('id'))


def get(context, transfer_id):
    """A transfer that the context's project offers.

    :raises manila.exception.TransferNotFound: when there is none
    """
    statement = sa.select(transfers).where(transfers.c.id == transfer_id,
                                           query.visible(context, transfers.c.source_project_id))
    with session.reader(context) as connection:
        row = query.first(connection, statement)
    if row is None:
        raise exception.TransferNotFound(transfer_id=transfer_id)
    return row


def find(context, filters, page, everywhere=False):
    """One page of the transfers that match, and whether there are more.

    :param everywhere: those of all projects, as far as the context may see them
    """
    statement = sa.select(transfers).where(query.visible(context, transfers.c.source_project_id),
                                           *_conditions(filters))
    if not everywhere:
        statement = statement.where(transfers.c.source_project_id == (context.project_id or ''))
    with session.reader(context) as connection:
        return query.page(connection, statement, page, SORTABLE, transfers.c.id)


def _conditions(filters):
    for key, value in filters.items():
        if key in _PLAIN:
            yield _PLAIN[key] == value
        elif key == 'name~':
            yield query.like(transfers.c.display_name, value)
        elif key == 'resource_type':
            yield sa.true() if value == 'share' else sa.false()


def offer(context, transfer_id):
    """A transfer, whoever offers it, with ``share_`` and ``instance_`` columns; None when there is none."""
    with session.reader(context) as connection:
        return query.first(connection, _OFFER, {'id': transfer_id})


def status(context, transfer_id):
    """How far a transfer is; None when there is none."""
    with session.reader(context) as connection:
        return connection.scalar(_STATUS, {'id': transfer_id})


def insert(connection, transfer):
    """Write a transfer."""
    connection.execute(sa.insert(transfers), transfer)


def try_move(connection, transfer_id, event, **values):
    """Carry out a transition of a transfer; returns whether it happened."""
    return states.TRANSFER.try_move(connection, transfers, transfer_id, event, **values)


def remove(connection, transfer_id, status):
    """Remove a transfer of that status; returns whether there was one."""
    return connection.execute(sa.delete(transfers).where(transfers.c.id == transfer_id,
                                                         transfers.c.status == status)).rowcount == 1


def expired(context, limit):
    """Transfers past their time that nobody is accepting: id, source_project_id and instance_id of the share."""
    statement = (sa.select(transfers.c.id, transfers.c.source_project_id, instances.c.id.label('instance_id'))
                 .join_from(transfers, instances, instances.c.share_id == transfers.c.share_id)
                 .where(transfers.c.expires_at < base.now(), transfers.c.status == WAITING)
                 .order_by(transfers.c.expires_at).limit(limit))
    with session.reader(context) as connection:
        return query.rows(connection, statement)


def has_unavailable_snapshot(context, share_id):
    """Whether a share has a snapshot that something is done with, or in error."""
    statement = (sa.select(snapshots.c.id)
                 .join(snapshot_instances, snapshot_instances.c.snapshot_id == snapshots.c.id)
                 .where(snapshots.c.share_id == share_id,
                        snapshot_instances.c.status != constants.STATUS_AVAILABLE).limit(1))
    with session.reader(context) as connection:
        return connection.scalar(statement) is not None


def snapshots_of(connection, share_id):
    """The snapshots of a share that quotas count, which stay until the open transaction ends: user_id and size."""
    return query.rows(connection, sa.select(snapshots.c.user_id, snapshots.c.size).where(
        snapshots.c.share_id == share_id, snapshots.c.counted.is_(True)).with_for_update())


def own_snapshots(connection, share_id, project_id, user_id):
    """Give the snapshots of a share to another owner."""
    connection.execute(sa.update(snapshots).where(snapshots.c.share_id == share_id)
                       .values(project_id=project_id, user_id=user_id, updated_at=base.now()))
