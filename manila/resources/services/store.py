"""All SQL of services.

All times are taken from the clock of the database, so that services need not agree on the time.
"""
import datetime

import sqlalchemy as sa

from manila.conf import CONF
from manila.db import base, query, session
from manila.resources.services.model import services
from manila.resources.zones.model import zones


def _up():
    """The condition that a service is alive: not stopped, and seen less than ``service_down_time`` ago."""
    return (services.c.stopped == sa.false()) & (services.c.seen > base.epoch() - CONF.service_down_time)


_CONDITIONS = sa.select(
    services.c.host, services.c.disabled,
    (services.c.stopped == sa.false()) & (services.c.seen > base.epoch() - sa.bindparam('down_time', type_=sa.Integer)),
    services.c.reported_at).where(services.c.binary == sa.bindparam('of_binary'))
_PLAIN = [column for column in services.c if column.name not in ('report', 'info_hash')]


def _select(*more):
    return (sa.select(*_PLAIN, zones.c.name.label('zone'), _up().label('up'), *more)
            .join_from(services, zones, zones.c.id == services.c.availability_zone_id, isouter=True)
            .order_by(services.c.id))


def _rows(context, statement):
    with session.reader(context) as connection:
        return [_with_heartbeat(row) for row in query.rows(connection, statement)]


def _with_heartbeat(row):
    row['up'] = bool(row['up'])
    row['updated_at'] = row['created_at']
    if row['seen']:
        moment = datetime.datetime.fromtimestamp(row['seen'], datetime.timezone.utc)
        row['updated_at'] = moment.replace(tzinfo=None)
    return row


def find(context, **filters):
    """Services as plain dicts, with ``zone`` (name) and ``up``; ``updated_at``: time of the last heartbeat.

    :param filters: values of columns: host, binary, topic, disabled ...; ``zone``: name or id; ``up``
    """
    statement = _select()
    zone, up = filters.pop('zone', None), filters.pop('up', None)
    for name, value in filters.items():
        statement = statement.where(services.c[name] == value)
    if zone is not None:
        statement = statement.where((zones.c.name == zone) | (zones.c.id == zone))
    if up is not None:
        statement = statement.where(_up() if up else ~_up())
    return _rows(context, statement)


def get(context, service_id):
    """The service with this id, or None."""
    return next(iter(_rows(context, _select().where(services.c.id == service_id))), None)


def live(context, binary):
    """Services of a binary that are enabled and alive."""
    return _rows(context, _select().where(services.c.binary == binary, services.c.disabled == sa.false(),
                                          _up()))


def conditions(context, binary):
    """Per host of a binary: (disabled, up, reported_at), for those who look often."""
    with session.reader(context) as connection:
        return {host: (disabled, bool(up), reported_at) for host, disabled, up, reported_at in connection.execute(
            _CONDITIONS, {'of_binary': binary, 'down_time': CONF.service_down_time})}


def reports(context, binary):
    """Services of a binary that have reported, whatever their state, with their ``report`` (JSON)."""
    return _rows(context, _select(services.c.report).where(services.c.binary == binary,
                                                           services.c.report.isnot(None)))


def register(context, host, binary, topic, zone_id, alive=True):
    """The row of a service, made when it is seen first; two processes may do this at once.

    Whether a new service is enabled is said by ``enable_new_services``.

    :param alive: whether it works from now on, or only after its first heartbeat
    """
    with session.writer(context) as connection:
        if not find(context, host=host, binary=binary):
            query.insert_missing(connection, services, [{
                'host': host, 'binary': binary, 'topic': topic, 'availability_zone_id': zone_id,
                'disabled': not CONF.enable_new_services, 'ensuring': False, 'stopped': False, 'seen': 0.0,
                'created_at': base.now()}])
        connection.execute(
            sa.update(services).where(services.c.host == host, services.c.binary == binary)
            .values(topic=topic, availability_zone_id=zone_id,
                    **({'seen': base.epoch(), 'stopped': False} if alive else {})))
        return find(context, host=host, binary=binary)[0]


def heartbeat(context, service_id, owner=None, lease=None, alive=True):
    """Note that a service is alive.

    :param owner: the process that says so, where a service has one in charge; its lease is renewed
    :param lease: for how many seconds
    :param alive: whether the service works; if not, only the lease is renewed
    :returns: whether the row is there and, with ``owner``, still its own
    """
    values = {'seen': base.epoch(), 'stopped': False} if alive else {}
    statement = sa.update(services).where(services.c.id == service_id)
    if owner is not None:
        statement = statement.where(services.c.owner == owner)
        values['lease_until'] = base.epoch() + lease
    with session.writer(context) as connection:
        return connection.execute(statement.values(values)).rowcount == 1


def own(context, service_id, owner, lease, force=False):
    """Put a process in charge of a service, or leave it so, for some seconds.

    :param lease: seconds
    :param force: also while another process is
    :returns: whether it is in charge now; not while another one is and has been heard of
    """
    statement = sa.update(services).where(services.c.id == service_id)
    if not force:
        statement = statement.where(services.c.owner.is_(None) | (services.c.owner == owner)
                                    | services.c.lease_until.is_(None)
                                    | (services.c.lease_until < base.epoch()))
    with session.writer(context) as connection:
        return connection.execute(statement.values(
            owner=owner, lease_until=base.epoch() + lease)).rowcount == 1


def disown(context, service_id, owner):
    """Note that a service has stopped in good order; returns whether ``owner`` was in charge of it."""
    with session.writer(context) as connection:
        return connection.execute(
            sa.update(services).where(services.c.id == service_id, services.c.owner == owner)
            .values(owner=None, lease_until=None, stopped=True)).rowcount == 1


def stop(context, service_id):
    """Note that a service without a process in charge has stopped in good order."""
    with session.writer(context) as connection:
        connection.execute(sa.update(services).where(services.c.id == service_id).values(stopped=True))


def owner(context, service_id):
    """The process in charge of a service, or None when there is none or its lease has lapsed."""
    with session.reader(context) as connection:
        return connection.scalar(sa.select(services.c.owner).where(services.c.id == service_id,
                                                                   services.c.lease_until >= base.epoch()))


def save_report(context, service_id, report_json):
    """Keep what a back end has reported of its pools."""
    with session.writer(context) as connection:
        connection.execute(sa.update(services).where(services.c.id == service_id)
                           .values(report=report_json, reported_at=base.now()))


def info_hash(context, service_id):
    """The fingerprint of a back end at the last check of its shares."""
    with session.reader(context) as connection:
        return connection.scalar(sa.select(services.c.info_hash).where(services.c.id == service_id))


def save_info_hash(context, service_id, fingerprint):
    """Keep the fingerprint of a back end."""
    with session.writer(context) as connection:
        connection.execute(sa.update(services).where(services.c.id == service_id)
                           .values(info_hash=fingerprint))


def hold(connection, service_id):
    """Let others wait who hold the same service, until the open transaction ends."""
    connection.execute(sa.select(services.c.id).where(services.c.id == service_id).with_for_update())


def change(context, host, binary, **values):
    """Change columns of a service; returns whether there is one."""
    with session.writer(context) as connection:
        return connection.execute(
            sa.update(services).where(services.c.host == host, services.c.binary == binary)
            .values(**values)).rowcount == 1


def remove_down(context):
    """Remove the rows of services that are not alive; returns them."""
    with session.writer(context) as connection:
        down = find(context, up=False)
        if down:
            ids = [row['id'] for row in down]
            connection.execute(sa.delete(services).where(services.c.id.in_(ids), ~_up()))
        return down
