"""All SQL of quotas.

What lies on the way of every share creation is built once: SQLAlchemy then finds its compiled form again.
"""
import functools

import sqlalchemy as sa

from manila.db import base, query, session
from manila.resources.quotas import counts
from manila.resources.quotas.model import class_limits, limits, usages

#: Marks the rows of quota classes among those of scopes in what :func:`find_limits` returns.
CLASS = 'class'

_PROJECT = sa.bindparam('of_project')
_SCOPES = sa.bindparam('in_scopes', expanding=True)
_RESOURCES = sa.bindparam('of_resources', expanding=True)
_LIMITS = sa.union_all(
    sa.select(sa.literal_column("'scope'").label('kind'), limits.c.scope, limits.c.resource,
              limits.c.hard_limit)
    .where(limits.c.project_id == _PROJECT, limits.c.scope.in_(_SCOPES), limits.c.resource.in_(_RESOURCES)),
    sa.select(sa.literal_column(f"'{CLASS}'"), class_limits.c.class_name, class_limits.c.resource,
              class_limits.c.hard_limit)
    .where(class_limits.c.class_name.in_(sa.bindparam('in_classes', expanding=True)),
           class_limits.c.resource.in_(_RESOURCES)))
_USAGES = (sa.select(usages.c.scope, usages.c.resource, usages.c.in_use)
           .where(usages.c.project_id == _PROJECT, usages.c.scope.in_(_SCOPES),
                  usages.c.resource.in_(_RESOURCES)))
# In the order of the key: two transactions then wait for each other, never crosswise.
_LOCKED = _USAGES.order_by(usages.c.project_id, usages.c.scope, usages.c.resource).with_for_update()


def find_limits(context, project_id, scopes, classes, resources):
    """Limits as they are set: {(scope, resource): limit}, for classes {(CLASS, name, resource): limit}.

    :param scopes: ``''`` for the project, ``user:<id>``, ``type:<id>``
    :param classes: names of quota classes
    """
    parameters = {'of_project': project_id, 'in_scopes': scopes, 'in_classes': classes,
                  'of_resources': resources}
    with session.reader(context) as connection:
        return {(CLASS, scope, resource) if kind == CLASS else (scope, resource): limit
                for kind, scope, resource, limit in connection.execute(_LIMITS, parameters)}


def find_usages(context, project_id, scopes, resources):
    """What is in use: {(scope, resource): amount}; without an entry nothing is."""
    with session.reader(context) as connection:
        return _read(connection, _USAGES, project_id, scopes, resources)


def _read(connection, statement, project_id, scopes, resources):
    parameters = {'of_project': project_id, 'in_scopes': scopes, 'of_resources': resources}
    found = connection.execute(statement, parameters)
    return {(scope, resource): in_use for scope, resource, in_use in found}


def lock(context, project_id, scopes, resources, wanted):
    """Lock rows of usages until the open transaction ends, and make those that are missing.

    :param wanted: the (scope, resource) that must be there
    :returns: {(scope, resource): amount}
    """
    with session.writer(context) as connection:
        found = _read(connection, _LOCKED, project_id, scopes, resources)
        missing = [key for key in wanted if key not in found]
        if missing:
            query.insert_missing(connection, usages, [
                {'project_id': project_id, 'scope': scope, 'resource': resource, 'in_use': 0}
                for scope, resource in sorted(missing)])
            found = _read(connection, _LOCKED, project_id, scopes, resources)
        return found


def add(context, project_id, scopes, deltas):
    """Add amounts to the usage of resources in all scopes at once; the rows must be there."""
    resources = tuple(sorted(deltas))
    parameters = {f'delta{number}': deltas[resource] for number, resource in enumerate(resources)}
    parameters.update(of_project=project_id, in_scopes=scopes, of_resources=resources)
    with session.writer(context) as connection:
        connection.execute(_addition(resources), parameters)


@functools.lru_cache(maxsize=256)
def _addition(resources):
    deltas = {resource: sa.bindparam(f'delta{number}', type_=sa.BigInteger)
              for number, resource in enumerate(resources)}
    return (sa.update(usages)
            .where(usages.c.project_id == _PROJECT, usages.c.scope.in_(_SCOPES),
                   usages.c.resource.in_(_RESOURCES))
            .values(in_use=usages.c.in_use + sa.case(deltas, value=usages.c.resource)))


def user_limits(context, project_id, resources):
    """The sum of what is set for the users of a project: {resource: sum}; unlimited users count nothing."""
    statement = (sa.select(limits.c.resource, sa.func.sum(limits.c.hard_limit))
                 .where(limits.c.project_id == project_id,
                        limits.c.scope.startswith('user:', autoescape=True),
                        limits.c.resource.in_(resources), limits.c.hard_limit > 0)
                 .group_by(limits.c.resource))
    with session.reader(context) as connection:
        return {resource: int(total) for resource, total in connection.execute(statement)}


def set_limits(context, project_id, scope, values):
    """Set limits of one scope of a project."""
    _set(context, limits, {'project_id': project_id, 'scope': scope}, values)


def set_class_limits(context, class_name, values):
    """Set limits of a quota class."""
    _set(context, class_limits, {'class_name': class_name}, values)


def _set(context, table, key, values):
    moment = base.now()
    with session.writer(context) as connection:
        query.insert_missing(connection, table, [
            {**key, 'resource': resource, 'hard_limit': limit, 'created_at': moment}
            for resource, limit in sorted(values.items())])
        by_resource = sa.case(values, value=table.c.resource)
        connection.execute(
            sa.update(table).where(*(table.c[name] == value for name, value in key.items()),
                                   table.c.resource.in_(list(values)))
            .values(hard_limit=by_resource, updated_at=moment))


def remove_limits(context, project_id, scope=None):
    """Remove the limits of one scope, or all limits of a project."""
    statement = sa.delete(limits).where(limits.c.project_id == project_id)
    if scope is not None:
        statement = statement.where(limits.c.scope == scope)
    with session.writer(context) as connection:
        connection.execute(statement)


def forget_scope(context, scope):
    """Remove a scope from all projects: its limits and its usages."""
    with session.writer(context) as connection:
        for table in (limits, usages):
            connection.execute(sa.delete(table).where(table.c.scope == scope))


def recorded(context, projects=None, locked=False):
    """Usages as they are kept: {(project id, scope, resource): amount}.

    :param projects: ids of the projects asked about, or None for all
    :param locked: lock the rows until the open transaction ends
    """
    statement = sa.select(usages).order_by(usages.c.project_id, usages.c.scope, usages.c.resource)
    if projects is not None:
        statement = statement.where(usages.c.project_id.in_(projects))
    if locked:
        statement = statement.with_for_update()
    with (session.writer if locked else session.reader)(context) as connection:
        return {(project_id, scope, resource): in_use
                for project_id, scope, resource, in_use in connection.execute(statement)}


def count(context, projects=None):
    """Usages as the real rows say: an iterable of (resource, project id, user id, share type id, amount)."""
    with session.reader(context) as connection:
        return [(resource, *row) for resource, counter in sorted(counts.COUNTERS.items())
                for row in counter(connection, projects)]


def correct(context, values):
    """Write usages over: {(project id, scope, resource): amount}."""
    with session.writer(context) as connection:
        query.insert_missing(connection, usages, [
            {'project_id': project_id, 'scope': scope, 'resource': resource, 'in_use': amount}
            for (project_id, scope, resource), amount in sorted(values.items())])
        connection.execute(
            sa.update(usages).where(usages.c.project_id == _PROJECT,
                                    usages.c.scope == sa.bindparam('in_scope'),
                                    usages.c.resource == sa.bindparam('of_resource'))
            .values(in_use=sa.bindparam('amount', type_=sa.BigInteger)),
            [{'of_project': project_id, 'in_scope': scope, 'of_resource': resource, 'amount': amount}
             for (project_id, scope, resource), amount in sorted(values.items())])
