"""All SQL about access rules of snapshots."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import base, query, session
from manila.resources.access.states import ORDER
from manila.resources.snapshot_access.model import rules, states as rule_states
from manila.resources.snapshot_access.states import BEGIN

_INSERT = sa.insert(rules)
_INSERT_STATES = sa.insert(rule_states)
_FOR_CLIENT = (sa.select(rules.c.id).where(
    rules.c.snapshot_id == sa.bindparam('snapshot'), rules.c.access_type == sa.bindparam('type'),
    rules.c.access_to.in_(sa.bindparam('clients', expanding=True))).limit(1))
_WITH_STATES = (sa.select(*rules.c, rule_states.c.state)
                .join(rule_states, rule_states.c.access_id == rules.c.id, isouter=True)
                .where(rules.c.snapshot_id == sa.bindparam('snapshot'))
                .order_by(rules.c.created_at, rules.c.id))


def insert(connection, rule, instance_ids):
    """Write a new rule, waiting for each instance of its snapshot.

    :raises manila.exception.ShareSnapshotAccessExists: when the snapshot has one for the same client
    """
    try:
        connection.execute(_INSERT, rule)
        connection.execute(_INSERT_STATES, [
            {'id': base.new_id(), 'access_id': rule['id'], 'snapshot_instance_id': instance_id,
             'state': 'queued_to_apply', 'created_at': rule['created_at']} for instance_id in instance_ids])
    except db_exc.DBDuplicateEntry as error:
        raise rule_exists(rule['access_type'], rule['access_to']) from error
    except db_exc.DBReferenceError as error:
        # The snapshot has just been removed.
        raise exception.ShareSnapshotNotFound(snapshot_id=rule['snapshot_id']) from error


def rule_exists(access_type, access_to):
    """The refusal of a second rule for the same client."""
    return exception.ShareSnapshotAccessExists(access_type=access_type, access=access_to)


def has_rule_for(connection, snapshot_id, access_type, spellings):
    """Whether a snapshot has a rule for one of several spellings of a client."""
    return connection.scalar(_FOR_CLIENT, {'snapshot': snapshot_id, 'type': access_type,
                                           'clients': spellings}) is not None


def find(context, snapshot_id):
    """The rules of a snapshot with ``state``, the newest last."""
    found, seen = {}, {}
    with session.reader(context) as connection:
        for row in connection.execute(_WITH_STATES, {'snapshot': snapshot_id}).mappings():
            found[row['id']] = dict(row)
            seen.setdefault(row['id'], set()).add(row['state'])
    for access_id, row in found.items():
        row['state'] = next((state for state in ORDER if state in seen[access_id]), None)
    return list(found.values())


def get(context, access_id):
    """A rule.

    :raises manila.exception.NotFound: when there is none
    """
    with session.reader(context) as connection:
        row = query.first(connection, sa.select(rules).where(rules.c.id == access_id))
    if row is None:
        raise exception.NotFound(f'Access rule {access_id} could not be found.')
    return row


def queue_to_deny(connection, access_id):
    """Have a rule taken away wherever that is not under way; returns whether it is anywhere."""
    return connection.execute(
        sa.update(rule_states)
        .where(rule_states.c.access_id == access_id,
               rule_states.c.state.not_in(('queued_to_deny', 'denying')))
        .values(state='queued_to_deny', updated_at=base.now())).rowcount > 0


def begin(connection, instance_id):
    """Hand everything that waits on an instance to the back end; returns its rules as drivers see them."""
    connection.execute(
        sa.update(rule_states).where(rule_states.c.snapshot_instance_id == instance_id,
                                     rule_states.c.state.in_(tuple(BEGIN)))
        .values(state=sa.case(BEGIN, value=rule_states.c.state), updated_at=base.now()))
    return for_driver(connection, instance_id)


def for_driver(connection, instance_id):
    """The rules of an instance as drivers see them: ``id`` is the state's, ``access_id`` the rule's."""
    return query.rows(connection, sa.select(
        rule_states.c.id, rule_states.c.access_id, rule_states.c.state, rule_states.c.created_at,
        rule_states.c.updated_at, rules.c.snapshot_id.label('share_snapshot_id'), rules.c.access_type,
        rules.c.access_to)
        .join(rules, rules.c.id == rule_states.c.access_id)
        .where(rule_states.c.snapshot_instance_id == instance_id).order_by(rules.c.created_at, rules.c.id))


def all_of(context, instance_id):
    """The rules of an instance as drivers see them."""
    with session.reader(context) as connection:
        return for_driver(connection, instance_id)


def end(connection, instance_id, failed=False):
    """Record what became of the rules that the back end was given."""
    mine = rule_states.c.snapshot_instance_id == instance_id
    if failed:
        connection.execute(sa.update(rule_states).where(mine, rule_states.c.state.in_(tuple(BEGIN.values())))
                           .values(state='error', updated_at=base.now()))
        return
    connection.execute(sa.update(rule_states).where(mine, rule_states.c.state == 'applying')
                       .values(state='active', updated_at=base.now()))
    denied = list(connection.scalars(sa.select(rule_states.c.access_id)
                                     .where(mine, rule_states.c.state == 'denying')))
    if denied:
        connection.execute(sa.delete(rule_states).where(mine, rule_states.c.state == 'denying'))
        connection.execute(sa.delete(rules).where(
            rules.c.id.in_(denied), ~sa.exists().where(rule_states.c.access_id == rules.c.id)))
