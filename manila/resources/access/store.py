"""All SQL about access rules."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import base, query, session
from manila.i18n import _
from manila.resources.access.model import metadata, rules, states as rule_states
from manila.resources.access.states import BEGIN, ORDER
from manila.resources.locks.model import locks
from manila.resources.shares.model import instances, shares

_QUEUED = tuple(BEGIN)
_BEGUN = tuple(BEGIN.values())
_GOING = ('queued_to_deny', 'denying')
_INSERT = sa.insert(rules)
_INSERT_STATES = sa.insert(rule_states)
_FOR_CLIENT = (sa.select(rules.c.id).where(
    rules.c.share_id == sa.bindparam('share'), rules.c.access_type == sa.bindparam('type'),
    rules.c.access_to.in_(sa.bindparam('clients', expanding=True))).limit(1))
_STATES = (sa.select(rule_states.c.access_id, rule_states.c.state)
           .where(rule_states.c.access_id.in_(sa.bindparam('ids', expanding=True))))
# The lock that hides a rule: columns lock_id, lock_context and so on, which are None of a rule that is not hidden.
_LOCK = (locks.c.id.label('lock_id'), locks.c.lock_context, locks.c.user_id.label('lock_user_id'),
         locks.c.project_id.label('lock_project_id'))
_WITH_LOCK = sa.select(*rules.c, *_LOCK).join_from(rules, locks, locks.c.hidden_rule_id == rules.c.id, isouter=True)
_WITH_SHARE = (_WITH_LOCK.add_columns(shares.c.project_id, shares.c.user_id)
               .join(shares, shares.c.id == rules.c.share_id))


def insert(connection, rule, instance_ids, pairs):
    """Write a new rule, waiting for each instance of its share.

    :raises manila.exception.InvalidShareAccess: when the share has one for the same client
    """
    try:
        connection.execute(_INSERT, rule)
        connection.execute(_INSERT_STATES, [
            {'id': base.new_id(), 'access_id': rule['id'], 'share_instance_id': instance_id,
             'state': 'queued_to_apply', 'created_at': rule['created_at']} for instance_id in instance_ids])
    except db_exc.DBDuplicateEntry as error:
        raise rule_exists(rule['access_type'], rule['access_to']) from error
    except db_exc.DBReferenceError as error:
        # The share, or an instance of it, has just been removed.
        raise exception.ShareNotFound(share_id=rule['share_id']) from error
    if pairs:
        query.set_key_values(connection, metadata, metadata.c.access_id, rule['id'], pairs)


def rule_exists(access_type, access_to):
    """The refusal of a second rule for the same client."""
    return exception.InvalidShareAccess(
        reason=_('The share has a rule for %(type)s "%(to)s" already.') % {'type': access_type, 'to': access_to})


def has_rule_for(connection, share_id, access_type, spellings):
    """Whether a share has a rule for one of several spellings of a client."""
    return connection.scalar(_FOR_CLIENT, {'share': share_id, 'type': access_type, 'clients': spellings})


def get(context, access_id):
    """A rule of a share that the context may see, with ``state`` and ``metadata``.

    :raises manila.exception.NotFound: when there is none
    """
    statement = _WITH_SHARE.where(rules.c.id == access_id, query.visible(context, shares.c.project_id))
    with session.reader(context) as connection:
        row = query.first(connection, statement)
        if row is None:
            raise not_found(access_id)
        return _complete(connection, [row])[0]


def find(context, share_id, filters):
    """The rules of a share that match, the newest last, with ``state`` and ``metadata``."""
    statement = _WITH_LOCK.where(rules.c.share_id == share_id).order_by(rules.c.created_at, rules.c.id)
    for key, value in filters.items():
        if key == 'metadata':
            for name, text in value.items():
                statement = statement.where(sa.exists().where(
                    metadata.c.access_id == rules.c.id, metadata.c.key == name, metadata.c.value == text))
        else:
            statement = statement.where(rules.c[key] == value)
    with session.reader(context) as connection:
        return _complete(connection, query.rows(connection, statement))


def _complete(connection, rows):
    if not rows:
        return rows
    found = {}
    ids = [row['id'] for row in rows]
    for access_id, state in connection.execute(_STATES, {'ids': ids}):
        found.setdefault(access_id, set()).add(state)
    pairs = query.key_values(connection, metadata, metadata.c.access_id, ids)
    for row in rows:
        row['state'] = next((state for state in ORDER if state in found.get(row['id'], ())), None)
        row['metadata'] = pairs[row['id']]
    return rows


def queue_to_deny(connection, access_id):
    """Have a rule taken away on all instances of its share where that is not under way; returns whether on any."""
    return connection.execute(
        sa.update(rule_states).where(rule_states.c.access_id == access_id, rule_states.c.state.not_in(_GOING))
        .values(state='queued_to_deny', updated_at=base.now())).rowcount > 0


def queue_to_update(connection, access_id):
    """Have a rule changed on all instances of its share; returns whether it is not about to go."""
    # What no back end has been told of yet is told as new, with the level that it has by then.
    state = sa.case((rule_states.c.state == 'queued_to_apply', 'queued_to_apply'), else_='queued_to_update')
    return connection.execute(
        sa.update(rule_states).where(rule_states.c.access_id == access_id, rule_states.c.state.not_in(_GOING))
        .values(state=state, updated_at=base.now())).rowcount > 0


def queue_again(connection, instance_id, failed=False):
    """Have the rules that are in force on an instance applied again; returns whether there are any.

    :param failed: also those in error
    """
    found = connection.execute(
        sa.update(rule_states).where(rule_states.c.share_instance_id == instance_id,
                                     rule_states.c.state.in_(('active', 'error') if failed else ('active',)))
        .values(state='queued_to_apply', updated_at=base.now())).rowcount > 0
    if found:
        set_syncing(connection, [instance_id])
    return found


def is_anywhere(connection, access_id):
    """Whether any instance has a rule."""
    statement = sa.select(rule_states.c.id).where(rule_states.c.access_id == access_id).limit(1)
    return connection.scalar(statement) is not None


def change(connection, access_id, **values):
    """Set columns of a rule."""
    connection.execute(sa.update(rules).where(rules.c.id == access_id).values(updated_at=base.now(), **values))


def remove(connection, access_id):
    """Remove a rule."""
    connection.execute(sa.delete(rules).where(rules.c.id == access_id))


def remove_all(connection, share_id):
    """Remove all rules of a share."""
    connection.execute(sa.delete(rules).where(rules.c.share_id == share_id))
    connection.execute(sa.update(instances).where(instances.c.share_id == share_id)
                       .values(access_rules_status='active'))


def set_syncing(connection, instance_ids):
    """Note that rules of instances are to be put into force."""
    connection.execute(sa.update(instances).where(instances.c.id.in_(instance_ids),
                                                  instances.c.access_rules_status != 'syncing')
                       .values(access_rules_status='syncing'))


def set_metadata(connection, access_id, pairs):
    """Set metadata of a rule."""
    try:
        query.set_key_values(connection, metadata, metadata.c.access_id, access_id, pairs)
    except db_exc.DBReferenceError as error:
        raise not_found(access_id) from error


def not_found(access_id):
    """The answer about a rule that is not there."""
    return exception.NotFound(_('Access rule %s could not be found.') % access_id)


def remove_metadata(connection, access_id, key):
    """Remove one pair of metadata; returns whether there was one."""
    return query.remove_key_value(connection, metadata, metadata.c.access_id, access_id, key)


def begin(connection, instance_id):
    """Hand everything that waits on an instance to the back end; returns all rules of it as drivers see them."""
    connection.execute(
        sa.update(rule_states).where(rule_states.c.share_instance_id == instance_id,
                                     rule_states.c.state.in_(_QUEUED))
        .values(state=sa.case(BEGIN, value=rule_states.c.state), updated_at=base.now()))
    return for_driver(connection, instance_id)


def for_driver(connection, instance_id):
    """All rules of an instance as drivers see them: ``id`` is the state's, ``access_id`` the rule's."""
    return query.rows(connection, sa.select(
        rule_states.c.id, rule_states.c.access_id, rule_states.c.state, rule_states.c.created_at,
        rule_states.c.updated_at, rules.c.share_id, rules.c.access_type, rules.c.access_to, rules.c.access_level,
        rules.c.access_key).join(rules, rules.c.id == rule_states.c.access_id)
        .where(rule_states.c.share_instance_id == instance_id).order_by(rules.c.created_at, rules.c.id))


def all_of(context, instance_id):
    """All rules of an instance as drivers see them."""
    with session.reader(context) as connection:
        return for_driver(connection, instance_id)


def end(connection, instance_id, failed=(), keys=None, all_failed=False):
    """Record what became of the rules that the back end was given, and the state of the instance's rules.

    :param failed: ids of rules that the back end refused
    :param keys: rule id -> access key that the back end made
    :param all_failed: the whole change failed
    """
    mine = rule_states.c.share_instance_id == instance_id
    if all_failed:
        failed_now = rule_states.c.state.in_(_BEGUN)
        connection.execute(sa.update(rule_states).where(mine, failed_now).values(state='error', updated_at=base.now()))
    else:
        if failed:
            connection.execute(sa.update(rule_states).where(
                mine, rule_states.c.access_id.in_(failed), rule_states.c.state.in_((*_BEGUN, 'active')))
                .values(state='error', updated_at=base.now()))
        connection.execute(sa.update(rule_states).where(mine, rule_states.c.state.in_(('applying', 'updating')))
                           .values(state='active', updated_at=base.now()))
        _remove_denied(connection, mine)
    if keys:
        connection.execute(sa.update(rules).where(rules.c.id == sa.bindparam('rule')).values(
            access_key=sa.bindparam('key')), [{'rule': access_id, 'key': key} for access_id, key in keys.items()])
    left = set(connection.scalars(sa.select(rule_states.c.state).where(mine).distinct()))
    status = 'error' if 'error' in left else 'syncing' if left - {'active'} else 'active'
    connection.execute(sa.update(instances).where(instances.c.id == instance_id).values(access_rules_status=status))


def _remove_denied(connection, mine):
    denied = list(connection.scalars(sa.select(rule_states.c.access_id).where(mine, rule_states.c.state == 'denying')))
    if denied:
        connection.execute(sa.delete(rule_states).where(mine, rule_states.c.state == 'denying'))
        connection.execute(sa.delete(rules).where(
            rules.c.id.in_(denied), ~sa.exists().where(rule_states.c.access_id == rules.c.id)))
