"""The rules of quotas: how much of each resource a project, a user in it or a share type in it may have.

Usage is changed in the transaction that changes the rows it counts, under a lock on the rows of usages, so
that nothing is ever reserved and nothing can leak.
"""
from oslo_log import log

from manila import exception, notify
from manila.conf import CONF
from manila.db import session
from manila.resources.quotas import counts, store

LOG = log.getLogger(__name__)

PROJECT = ''
DEFAULT_CLASS = 'default'
UNLIMITED = -1
PER_SHARE = 'per_share_gigabytes'

#: What is counted, and what is raised when a limit would be exceeded; of several, the first is raised.
EXCEPTIONS = {
    'gigabytes': exception.ShareSizeExceedsAvailableQuota,
    'shares': exception.ShareLimitExceeded,
    'snapshots': exception.SnapshotLimitExceeded,
    'snapshot_gigabytes': exception.SnapshotSizeExceedsAvailableQuota,
    'share_networks': exception.ShareNetworksLimitExceeded,
    'share_groups': exception.ShareGroupsLimitExceeded,
    'share_group_snapshots': exception.ShareGroupSnapshotsLimitExceeded,
    'share_replicas': exception.ShareReplicasLimitExceeded,
    'replica_gigabytes': exception.ShareReplicaSizeExceedsAvailableQuota,
    'encryption_keys': exception.EncryptionKeysLimitExceeded,
    'backups': exception.BackupLimitExceeded,
    'backup_gigabytes': exception.ShareBackupSizeExceedsAvailableQuota,
}

#: All resources that have limits.
RESOURCES = (*EXCEPTIONS, PER_SHARE)

#: Resources that have no limits for share types.
NOT_OF_TYPES = frozenset(['share_networks', 'share_groups', 'share_group_snapshots'])


def user_scope(user_id):
    """Scope of a user in a project."""
    return f'user:{user_id}'


def type_scope(share_type_id):
    """Scope of a share type in a project."""
    return f'type:{share_type_id}'


def _scopes(user_id, share_type_id):
    scopes = [PROJECT]
    if user_id:
        scopes.append(user_scope(user_id))
    if share_type_id:
        scopes.append(type_scope(share_type_id))
    return scopes


def _counted(scope, resource):
    """Whether the usage of a resource is counted in a scope."""
    return not (scope.startswith('type:') and resource in NOT_OF_TYPES)


class Limits:
    """The limits that are set for one project and some scopes of it, with the defaults behind them.

    :param quota_class: whose limits come before those of the default class; by default that of the caller's
        project, because of other projects it is not known
    """

    def __init__(self, context, project_id, scopes, resources, quota_class=None):
        if quota_class is None and context.project_id == project_id:
            quota_class = context.quota_class
        self._classes = [name for name in (quota_class, DEFAULT_CLASS) if name]
        self._rows = store.find_limits(context, project_id, scopes, self._classes, resources)

    def own(self, scope, resource):
        """The limit set for a scope itself, or None."""
        return self._rows.get((scope, resource))

    def default(self, resource):
        """The limit of projects that have none of their own."""
        for name in self._classes:
            limit = self._rows.get((store.CLASS, name, resource))
            if limit is not None:
                return limit
        return CONF.quota[resource]

    def of(self, resource, scope=PROJECT):
        """The limit in force for a scope."""
        for limit in (self.own(scope, resource), self.own(PROJECT, resource)):
            if limit is not None:
                return limit
        return self.default(resource)

    def in_force(self, scopes, resource):
        """Yield (scope, limit) of all limits that a change must keep to.

        Users and types are limited where they have limits of their own; an unlimited one is not held to the
        limit of the project either.
        """
        free = False
        for scope in scopes:
            if scope != PROJECT:
                limit = self.own(scope, resource)
                if limit is not None:
                    free = free or limit < 0
                    if limit >= 0:
                        yield scope, limit
        limit = self.of(resource)
        if limit >= 0 and not free:
            yield PROJECT, limit


@session.transaction
def take(context, deltas, project_id, user_id, share_type_id=None, check=True, size=None):
    """Count resources as used, in the transaction that makes them.

    :param deltas: resource -> how much more (or, negative, less) of it is used
    :param user_id: the user to whom the resources belong
    :param check: whether limits are kept to; where a negative change is made, or something that exists
        already is counted, they are not
    :param size: size in GiB of a single share, for the limit on that
    :raises manila.exception.QuotaError: one of :data:`EXCEPTIONS`, or ShareSizeExceedsLimit
    """
    deltas = {resource: delta for resource, delta in deltas.items() if delta}
    scopes = _scopes(user_id, share_type_id)
    limits = None
    if check and deltas or size is not None:
        limits = Limits(context, project_id, scopes, [*deltas, PER_SHARE])
    if size is not None:
        _refuse_size(limits, scopes, size)
    if not deltas:
        return
    wanted = [(scope, resource) for scope in scopes for resource in deltas if _counted(scope, resource)]
    usages = store.lock(context, project_id, scopes, list(deltas), wanted)
    if check:
        _refuse_excess(limits, usages, scopes, deltas, project_id)
    store.add(context, project_id, scopes, deltas)


def give_back(context, deltas, project_id, user_id, share_type_id=None):
    """Count resources as not used any more, in the transaction that removes them.

    :param deltas: resource -> how much of it is freed
    """
    take(context, {resource: -delta for resource, delta in deltas.items()}, project_id, user_id,
         share_type_id, check=False)


def check_size(context, size, project_id, user_id, share_type_id=None):
    """Refuse a share that is larger than a single one may be.

    :param size: in GiB
    :raises manila.exception.ShareSizeExceedsLimit: when it is
    """
    scopes = _scopes(user_id, share_type_id)
    _refuse_size(Limits(context, project_id, scopes, [PER_SHARE]), scopes, size)


def _refuse_size(limits, scopes, size):
    for _scope, limit in limits.in_force(scopes, PER_SHARE):
        if size > limit:
            raise exception.ShareSizeExceedsLimit(size=size, limit=limit)


def _refuse_excess(limits, usages, scopes, deltas, project_id):
    for resource, error in EXCEPTIONS.items():
        delta = deltas.get(resource, 0)
        if delta <= 0:
            continue
        for scope, limit in limits.in_force(scopes, resource):
            used = usages.get((scope, resource), 0)
            if used + delta > limit and _counted(scope, resource):
                LOG.info('Quota of project %s for %s (%s): %s of %s in use, %s more refused.', project_id,
                         resource, scope or 'project', used, limit, delta)
                raise error(allowed=limit, quota=limit, consumed=used, requested=delta)


def check(context, projects=None):
    """Compare the usages that are kept with the real rows.

    Without a lock, a row and its usage may be seen before and after a commit: what looks wrong is counted
    again under a lock, so that only what is wrong is reported.

    :param projects: ids of the projects to look at, or None for all
    :returns: a dict for each wrong usage: project_id, scope, resource, in_use, actual
    """
    suspects = sorted({row['project_id'] for row in _drift(context, projects, locked=False)})
    return _drift_locked(context, suspects) if suspects else []


@session.transaction
def _drift_locked(context, projects):
    return _drift(context, projects, locked=True)


@session.transaction
def repair(context, projects=None):
    """Set the usages that are kept to what the real rows say; returns what :func:`check` would have."""
    suspects = sorted({row['project_id'] for row in _drift(context, projects, locked=False)})
    wrong = _drift(context, suspects, locked=True) if suspects else []
    if wrong:
        store.correct(context,
                      {(row['project_id'], row['scope'], row['resource']): row['actual'] for row in wrong})
    return wrong


def _drift(context, projects, locked):
    kept = store.recorded(context, projects, locked)
    actual = {}
    for resource, project_id, user_id, share_type_id, amount in store.count(context, projects):
        for scope in _scopes(user_id, share_type_id):
            if _counted(scope, resource):
                key = (project_id, scope, resource)
                actual[key] = actual.get(key, 0) + amount
    return [{'project_id': key[0], 'scope': key[1], 'resource': key[2],
             'in_use': kept.get(key, 0), 'actual': actual.get(key, 0)}
            for key in sorted(kept.keys() | actual.keys())
            if key[2] in counts.COUNTERS and kept.get(key, 0) != actual.get(key, 0)]


def show(context, project_id, user_id=None, share_type_id=None):
    """Limits in force for a project, a user or a share type in it: {resource: limit}."""
    scope = _scope(user_id, share_type_id)
    limits = Limits(context, project_id, [PROJECT, scope], RESOURCES)
    return {resource: limits.of(resource, scope) for resource in _of_scope(scope)}


def show_usage(context, project_id, user_id=None, share_type_id=None):
    """As :func:`show`, with usage: {resource: {limit, in_use, reserved}}; nothing is ever only reserved."""
    scope = _scope(user_id, share_type_id)
    used = store.find_usages(context, project_id, [scope], RESOURCES)
    return {resource: {'limit': limit, 'in_use': used.get((scope, resource), 0), 'reserved': 0}
            for resource, limit in show(context, project_id, user_id, share_type_id).items()}


def show_defaults(context):
    """Limits of projects that have none of their own: {resource: limit}."""
    return show_class(context, DEFAULT_CLASS)


def show_class(context, class_name):
    """Limits of a quota class: {resource: limit}."""
    limits = Limits(context, '', [], RESOURCES, class_name)
    return {resource: limits.default(resource) for resource in RESOURCES}


def _scope(user_id, share_type_id):
    return user_scope(user_id) if user_id else type_scope(share_type_id) if share_type_id else PROJECT


def _of_scope(scope):
    return [resource for resource in RESOURCES if _counted(scope, resource)]


@session.transaction
def change(context, project_id, values, user_id=None, share_type_id=None, force=False):
    """Set limits of a project, a user or a share type in it.

    :param values: resource -> limit, -1 for none
    :param force: set them also below what is in use, or for users and types above the project's
    :raises manila.exception.InvalidInput: when a limit cannot be set
    """
    scope = _scope(user_id, share_type_id)
    foreign = sorted(resource for resource in values if not _counted(scope, resource))
    if foreign:
        raise exception.InvalidInput(reason=f'Share types have no quotas for {", ".join(foreign)}.')
    if values and not force:
        _refuse_unsettable(context, project_id, scope, values)
    if values:
        store.set_limits(context, project_id, scope, values)
        _tell(context, 'update', project_id, user_id, share_type_id, limits=dict(values))


def _tell(context, verb, project_id, user_id, share_type_id, **more):
    notify.emit(context, f'quota.{verb}', {'project_id': project_id, 'user_id': user_id, 'share_type_id': share_type_id,
                                           **more})


def _refuse_unsettable(context, project_id, scope, values):
    used = store.find_usages(context, project_id, [scope], list(values))
    lowest = {resource: used.get((scope, resource), 0) for resource in values}
    highest = dict.fromkeys(values, UNLIMITED)
    if scope == PROJECT:
        for resource, total in store.user_limits(context, project_id, list(values)).items():
            lowest[resource] = max(lowest[resource], total)
    else:
        limits = Limits(context, project_id, [PROJECT], list(values))
        highest = {resource: limits.of(resource) for resource in values}
    for resource, limit in values.items():
        if limit == UNLIMITED == highest[resource]:
            continue
        if limit < lowest[resource]:
            raise exception.InvalidInput(
                reason=f'The limit for {resource} must be at least {lowest[resource]}: so much is in use or '
                       'given to users already.')
        if highest[resource] != UNLIMITED and limit > highest[resource]:
            raise exception.InvalidInput(
                reason=f'The limit for {resource} must be at most {highest[resource]}, that of the project.')


@session.transaction
def change_class(context, class_name, values):
    """Set limits of a quota class: resource -> limit, -1 for none."""
    if values:
        store.set_class_limits(context, class_name, values)
        notify.emit(context, 'quota_class.update', {'quota_class': class_name, 'limits': dict(values)})


@session.transaction
def reset(context, project_id, user_id=None, share_type_id=None):
    """Remove the limits set for a user or share type, or all that are set for and in a project."""
    scope = _scope(user_id, share_type_id)
    store.remove_limits(context, project_id, None if scope == PROJECT else scope)
    _tell(context, 'delete', project_id, user_id, share_type_id)


@session.transaction
def forget_type(context, share_type_id):
    """Remove what is set and counted for a share type that is removed."""
    store.forget_scope(context, type_scope(share_type_id))
