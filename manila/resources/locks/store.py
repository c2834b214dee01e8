"""All SQL of resource locks."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import query, session
from manila.resources.access.model import rules, states as rule_states
from manila.resources.access.states import ORDER
from manila.resources.locks.model import locks
from manila.resources.shares import store as share_store
from manila.resources.shares.model import instances, shares

SHARE, RULE = 'share', 'access_rule'
DELETE, SHOW = 'delete', 'show'

SORTABLE = {name: locks.c[name] for name in (
    'id', 'created_at', 'updated_at', 'resource_id', 'resource_type', 'resource_action', 'lock_reason', 'lock_context',
    'user_id', 'project_id')}
_FILTERS = ('project_id', 'user_id', 'id', 'resource_id', 'resource_type', 'resource_action', 'lock_context',
            'lock_reason')
_WITH_SHARE = (sa.select(locks, shares.c.project_id.label('share_project_id'))
               .join_from(locks, shares, shares.c.id == locks.c.share_id))
_HOLD = sa.select(shares.c.id).where(shares.c.id == sa.bindparam('share')).with_for_update()
_KEEPS = sa.select(locks.c.id).where(locks.c.share_id == sa.bindparam('share'), locks.c.resource_type == SHARE,
                                     locks.c.resource_action == DELETE).limit(1)
_TARGET = (shares.c.id.label('share_id'), shares.c.project_id, shares.c.user_id, shares.c.is_soft_deleted)
_KEEP_RULE = sa.select(locks).where(locks.c.access_rule_id == sa.bindparam('rule'), locks.c.resource_action == DELETE)


def _visible(project_id):
    """The condition that a lock is of a project or on a share of it."""
    return sa.or_(locks.c.project_id == project_id, shares.c.project_id == project_id)


def get(context, lock_id, project_id=None):
    """A lock, with ``share_project_id``.

    :param project_id: only one that this project sees
    :raises manila.exception.ResourceLockNotFound: when there is none
    """
    statement = _WITH_SHARE.where(locks.c.id == lock_id)
    if project_id is not None:
        statement = statement.where(_visible(project_id))
    with session.reader(context) as connection:
        row = query.first(connection, statement)
    if row is None:
        raise exception.ResourceLockNotFound(lock_id=lock_id)
    return row


def find(context, filters, page, project_id=None):
    """One page of the locks that match, whether there are more, and how many match if ``with_count`` is a filter.

    :param project_id: only those that this project sees
    """
    statement = _WITH_SHARE.where(*_conditions(filters))
    if project_id is not None:
        statement = statement.where(_visible(project_id))
    with session.reader(context) as connection:
        rows, more = query.page(connection, statement, page, SORTABLE, locks.c.id)
        count = None
        if filters.get('with_count'):
            count = connection.scalar(sa.select(sa.func.count()).select_from(
                statement.with_only_columns(locks.c.id).subquery()))
        return rows, more, count


def _conditions(filters):
    for key, value in filters.items():
        if key in _FILTERS:
            yield locks.c[key] == value
        elif key == 'lock_reason~':
            yield query.like(locks.c.lock_reason, value)
        elif key == 'created_since':
            yield locks.c.created_at >= value
        elif key == 'created_before':
            yield locks.c.created_at <= value


def target(connection, resource_type, resource_id, project_id=None):
    """What is to be locked, kept as it is until the open transaction ends; None when there is none.

    :param project_id: only what belongs to this project
    :returns: ``share_id``, ``access_rule_id``, whose the share is, ``is_soft_deleted`` and ``status`` of the resource
    """
    statement = sa.select(*_TARGET).with_for_update()
    if resource_type == RULE:
        statement = statement.join(rules, rules.c.share_id == shares.c.id).where(rules.c.id == resource_id)
    else:
        statement = statement.where(shares.c.id == resource_id)
    if project_id is not None:
        statement = statement.where(shares.c.project_id == project_id)
    row = query.first(connection, statement)
    if row is None:
        return None
    if resource_type == RULE:
        return {**row, 'access_rule_id': resource_id, 'status': _state_of_rule(connection, resource_id)}
    return {**row, 'access_rule_id': None, 'status': _status_of_share(connection, resource_id)}


def _status_of_share(connection, share_id):
    found = query.rows(connection, sa.select(instances.c.status, instances.c.replica_state)
                       .where(instances.c.share_id == share_id).order_by(instances.c.created_at, instances.c.id))
    instance = share_store.representative(found)
    return instance and instance['status']


def _state_of_rule(connection, access_id):
    found = set(connection.scalars(sa.select(rule_states.c.state).where(rule_states.c.access_id == access_id)))
    return next((state for state in ORDER if state in found), None)


def insert(connection, lock):
    """Write a lock.

    :raises manila.exception.ResourceVisibilityLockExists: when another one hides the same rule
    """
    try:
        connection.execute(sa.insert(locks), lock)
    except db_exc.DBDuplicateEntry as error:
        raise exception.ResourceVisibilityLockExists(resource_id=lock['resource_id']) from error


def change(connection, lock, **values):
    """Set columns of a lock.

    :raises manila.exception.ResourceVisibilityLockExists: when another one hides the same rule
    """
    try:
        connection.execute(sa.update(locks).where(locks.c.id == lock['id']).values(**values))
    except db_exc.DBDuplicateEntry as error:
        raise exception.ResourceVisibilityLockExists(resource_id=lock['resource_id']) from error


def remove(connection, ids):
    """Remove locks, and those that exist because of them; returns how many of ``ids`` there were."""
    return connection.execute(sa.delete(locks).where(locks.c.id.in_(ids))).rowcount


def hold(connection, share_id):
    """Let nobody place locks on a share or its rules until the open transaction ends."""
    connection.execute(_HOLD, {'share': share_id})


def keeps(connection, share_id):
    """The id of a lock that keeps a share from being deleted, or None."""
    return connection.scalar(_KEEPS, {'share': share_id})


def keep_rule(connection, access_id):
    """The locks that keep an access rule from being removed."""
    return query.rows(connection, _KEEP_RULE, {'rule': access_id})


def remove_all(connection, share_id):
    """Remove all locks on a share and its rules."""
    connection.execute(sa.delete(locks).where(locks.c.share_id == share_id))
