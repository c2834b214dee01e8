"""All SQL about checks of shares."""
import sqlalchemy as sa

from manila.common import constants
from manila.db import base, session
from manila.resources.services.model import services
from manila.resources.shares import store as shares
from manila.resources.shares.model import instances, shares as share_table

# Under a name of its own: the statement around may have the same table.
_SHARES = share_table.alias('busy')


def _on(host):
    return sa.or_(instances.c.host == host, instances.c.host.startswith(f'{host}#', autoescape=True))


def _busy():
    return sa.exists().where(_SHARES.c.id == instances.c.share_id,
                             _SHARES.c.task_state.in_(constants.BUSY_TASK_STATES))


def has_any(connection, host, statuses):
    """Whether a back end has instances in one of some statuses."""
    return connection.scalar(sa.select(instances.c.id).where(
        _on(host), instances.c.status.in_(statuses)).limit(1)) is not None


def begin(connection, service_id):
    """Note that a back end checks its shares; returns whether it did not yet."""
    return connection.execute(sa.update(services).where(services.c.id == service_id, ~services.c.ensuring)
                              .values(ensuring=True)).rowcount == 1


def mark(connection, host):
    """Put the instances of a back end that are available, and whose share is not busy, into status ``ensuring``."""
    connection.execute(
        sa.update(instances).where(_on(host), instances.c.status == constants.STATUS_AVAILABLE, ~_busy())
        .values(status=constants.STATUS_ENSURING, updated_at=base.now()))


def end(connection, service_id, host):
    """Note that a back end does not check its shares any more, whatever became of the check."""
    connection.execute(sa.update(services).where(services.c.id == service_id).values(ensuring=False))
    connection.execute(
        sa.update(instances).where(_on(host), instances.c.status == constants.STATUS_ENSURING)
        .values(status=constants.STATUS_AVAILABLE, updated_at=base.now()))


def release(connection, ids):
    """Have instances that are in order available again."""
    connection.execute(
        sa.update(instances).where(instances.c.id.in_(ids), instances.c.status == constants.STATUS_ENSURING)
        .values(status=constants.STATUS_AVAILABLE, updated_at=base.now()))


def ids(context, host, statuses, after, limit):
    """Ids of up to ``limit`` instances of a back end, those next behind the id ``after``, in order."""
    with session.reader(context) as connection:
        return list(connection.scalars(
            sa.select(instances.c.id).where(_on(host), instances.c.status.in_(statuses), instances.c.id > after,
                                            ~_busy()).order_by(instances.c.id).limit(limit)))


def among(context, statuses, some):
    """Those of some instances (ids) that are in one of the statuses, merged with their shares, by id."""
    return shares.merged(context, instances.c.id.in_(some), instances.c.status.in_(statuses), ~_busy(),
                         order=instances.c.id, limit=len(some))


def lock(connection, instance_id):
    """The status of an instance, which does not change until the open transaction ends."""
    return connection.scalar(sa.select(instances.c.status).where(instances.c.id == instance_id).with_for_update())
