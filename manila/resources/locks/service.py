"""The rules of resource locks: what they stop, and who may change them.

Services of shares and access rules ask here before they act; this one therefore needs neither of them.
"""
from manila import exception, policy as checks
from manila.common import constants
from manila.db import base, session
from manila.i18n import _
from manila.resources.locks import policy, store
from manila.resources.locks.store import DELETE, RULE, SHARE, SHOW

#: What callers see instead of what a lock hides.
MASK = '******'
_ACTIONS = {SHARE: (DELETE,), RULE: (DELETE, SHOW)}
# Statuses of what is about to go, or is in no order that is worth keeping.
_UNLOCKABLE = {
    SHARE: ('deleting', 'error_deleting', 'unmanage_starting', 'manage_error_unmanage_starting', 'unmanage_error',
            'unmanaged', constants.STATUS_DELETED),
    RULE: ('queued_to_deny', 'denying', constants.STATUS_ERROR, constants.STATUS_DELETED)}


def _lock_context(context):
    if context.is_service:
        return 'service'
    return 'admin' if context.is_admin else 'user'


def _ranks(context, lock):
    """Whether the caller is of the rank of who made a lock, or above."""
    if lock['lock_context'] == 'admin':
        return context.is_admin
    if lock['lock_context'] == 'service':
        return context.is_admin or context.is_service
    return True


def _scope(context):
    """The project whose locks the caller sees; None when he sees those of all."""
    return None if checks.check(context, policy.GET_ALL_PROJECTS) else context.project_id or ''


def find(context, filters, page, everywhere=False):
    """One page of locks; see :func:`manila.resources.locks.store.find`.

    :param everywhere: those of all projects
    """
    return store.find(context, filters, page, None if everywhere else context.project_id or '')


def get(context, lock_id):
    """A lock of the caller's project, or on a share of it."""
    lock = store.get(context, lock_id, _scope(context))
    on_mine = lock['share_project_id'] == context.project_id
    context.authorize({**lock, 'project_id': context.project_id} if on_mine else lock)
    return lock


def _own(context, lock_id):
    """A lock that the caller may change."""
    lock = store.get(context, lock_id, _scope(context))
    context.authorize(lock)
    if not _ranks(context, lock):
        raise exception.NotAuthorized(_('The lock %(id)s was placed by %(who)s, who alone can change it.') % {
            'id': lock_id, 'who': _('an administrator') if lock['lock_context'] == 'admin' else _('a service')})
    return lock


@session.transaction
def create(context, wanted):
    """Place a lock; returns it.

    :param wanted: resource_type, resource_id, resource_action, lock_reason
    :raises manila.exception.InvalidInput: when there is no such resource, or the action cannot be locked
    :raises manila.exception.Conflict: when the resource is about to go, or hidden already
    """
    kind, action = wanted['resource_type'], wanted['resource_action']
    _check_action(kind, action)
    with session.writer(context) as connection:
        target = store.target(connection, kind, wanted['resource_id'], _scope(context))
        if target is None:
            raise exception.InvalidInput(reason=_('There is no %(kind)s %(id)s.') % {
                'kind': kind, 'id': wanted['resource_id']})
        context.authorize(target)
        _check_lockable(kind, target)
        return _place(context, connection, target, action, wanted.get('lock_reason'))


def _check_action(kind, action):
    if action not in _ACTIONS[kind]:
        raise exception.InvalidInput(reason=_('The action "%(action)s" of a resource of type %(kind)s cannot be '
                                              'locked.') % {'action': action, 'kind': kind})


def _check_lockable(kind, target):
    if target['is_soft_deleted']:
        raise exception.Conflict(err=_('The share is in the recycle bin.'))
    if target['status'] in _UNLOCKABLE[kind]:
        raise exception.Conflict(err=_('A resource of type %(kind)s cannot be locked while it is in status '
                                       '"%(status)s".') % {'kind': kind, 'status': target['status']})


def _place(context, connection, target, action, reason, because_of=None):
    access_id = target['access_rule_id']
    lock = {
        'id': base.new_id(), 'user_id': context.user_id or '', 'project_id': context.project_id or '',
        'lock_context': _lock_context(context), 'resource_type': RULE if access_id else SHARE,
        'resource_id': access_id or target['share_id'], 'resource_action': action, 'lock_reason': reason,
        'share_id': target['share_id'], 'access_rule_id': access_id,
        'hidden_rule_id': access_id if action == SHOW else None, 'because_of': because_of,
        'created_at': base.now(), 'updated_at': None}
    try:
        store.insert(connection, lock)
    except exception.ResourceVisibilityLockExists as error:
        raise exception.Conflict(err=error.msg) from error
    return lock


@session.transaction
def update(context, lock_id, values):
    """Change the action or the reason of a lock; returns it.

    :param values: resource_action (None leaves it), lock_reason (None removes it)
    :raises manila.exception.InvalidInput: when the action cannot be locked
    """
    lock = _own(context, lock_id)
    changed = {key: value for key, value in values.items() if key != 'resource_action' or value is not None}
    with session.writer(context) as connection:
        action = changed.get('resource_action')
        if action is not None:
            _check_action(lock['resource_type'], action)
            changed['hidden_rule_id'] = lock['access_rule_id'] if action == SHOW else None
            _check_still_lockable(connection, lock)
        changed['updated_at'] = base.now()
        try:
            store.change(connection, lock, **changed)
        except exception.ResourceVisibilityLockExists as error:
            raise exception.InvalidInput(reason=error.msg) from error
    return {**lock, **changed}


def _check_still_lockable(connection, lock):
    target = store.target(connection, lock['resource_type'], lock['resource_id'])
    if target is None:
        raise exception.ResourceLockNotFound(lock_id=lock['id'])
    try:
        _check_lockable(lock['resource_type'], target)
    except exception.Conflict as error:
        raise exception.InvalidInput(reason=error.msg) from error


@session.transaction
def delete(context, lock_id):
    """Remove a lock."""
    lock = _own(context, lock_id)
    with session.writer(context) as connection:
        if not store.remove(connection, [lock['id']]):
            raise exception.ResourceLockNotFound(lock_id=lock_id)


def refuse_deletion(context, share_id, forced=False):
    """In the open transaction, refuse what takes a share away from its owner while a lock keeps it.

    :param forced: the share is to go by force
    :raises manila.exception.NotAuthorized: when it is locked; or InvalidShare, when forced
    """
    with session.writer(context) as connection:
        store.hold(connection, share_id)
        lock_id = store.keeps(connection, share_id)
    if lock_id is not None:
        reason = _('The resource lock %s keeps it from being deleted.') % lock_id
        raise exception.InvalidShare(reason=reason) if forced else exception.NotAuthorized(reason)


def protect(context, share, access_id, deletion, visibility, reason=None):
    """In the open transaction, lock an access rule that was just made.

    :param share: id, project_id and user_id of its share
    :param deletion: lock the rule, and because of it the share, against deletion
    :param visibility: hide the rule
    """
    checks.authorize(context, policy.CREATE, share)
    rule = {'share_id': share['id'], 'access_rule_id': access_id}
    with session.writer(context) as connection:
        if visibility:
            _place(context, connection, rule, SHOW, reason)
        if deletion:
            lock = _place(context, connection, rule, DELETE, reason)
            _place(context, connection, {**rule, 'access_rule_id': None}, DELETE,
                   _('Placed with the lock %(lock)s on the access rule %(rule)s, and removed with it.') % {
                       'lock': lock['id'], 'rule': access_id}, because_of=lock['id'])


def release(context, share_id, access_id, unrestrict=False):
    """In the open transaction, refuse to take an access rule away while a lock keeps it.

    :param unrestrict: remove the locks that keep it first
    :raises manila.exception.NotAuthorized: when it is locked, or the caller may not remove the locks
    """
    with session.writer(context) as connection:
        store.hold(connection, share_id)
        found = store.keep_rule(connection, access_id)
        if not found:
            return
        if not unrestrict:
            raise exception.NotAuthorized(_('A resource lock keeps the access rule from being removed.'))
        for lock in found:
            if not (_ranks(context, lock) and checks.check(context, policy.DELETE, lock)):
                raise exception.NotAuthorized(_('The lock %s on the access rule is not yours to remove.') % lock['id'])
        store.remove(connection, [lock['id'] for lock in found])


def is_hidden(context, rule):
    """Whether a lock hides an access rule from the caller.

    :param rule: with ``lock_id`` (None without a lock), ``lock_context``, ``lock_user_id`` and ``lock_project_id``
    """
    if rule['lock_id'] is None:
        return False
    lock = {'lock_context': rule['lock_context'], 'user_id': rule['lock_user_id'],
            'project_id': rule['lock_project_id']}
    return not (_ranks(context, lock) and checks.check(context, policy.SEE_HIDDEN, lock))


@session.transaction
def forget(context, share_id):
    """Remove all locks on a share and its rules, because it has another owner now."""
    with session.writer(context) as connection:
        store.remove_all(connection, share_id)
