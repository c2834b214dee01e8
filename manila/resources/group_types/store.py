"""All SQL of share group types.

A row is a plain dict: the columns, ``group_specs`` as a dict and ``share_types`` as a list of ids.
"""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import base, grants, query, session
from manila.resources.group_types.model import group_specs, group_types, members, projects

_GRANTS = grants.Grants(projects, projects.c.share_group_type_id)


def _visible(context):
    return sa.true() if context.is_admin else group_types.c.is_public | _open_to(context)


def _open_to(context):
    return _GRANTS.given(group_types.c.id, context.project_id or '')


def _read(context, *conditions):
    statement = (sa.select(group_types).where(_visible(context), *conditions)
                 .order_by(group_types.c.created_at, group_types.c.id))
    with session.reader(context) as connection:
        found = query.rows(connection, statement)
        ids = [row['id'] for row in found]
        specs = query.key_values(connection, group_specs, group_specs.c.share_group_type_id, ids)
        of_type = {type_id: [] for type_id in ids}
        if ids:
            for row in connection.execute(sa.select(members).where(members.c.share_group_type_id.in_(ids))
                                          .order_by(members.c.share_type_id)):
                of_type[row.share_group_type_id].append(row.share_type_id)
    return [{**row, 'group_specs': specs[row['id']], 'share_types': of_type[row['id']]} for row in found]


def get(context, type_id):
    """A type that the caller sees.

    :raises manila.exception.ShareGroupTypeNotFound: when there is none
    """
    found = _read(context, group_types.c.id == type_id)
    if not found:
        raise exception.ShareGroupTypeNotFound(type_id=type_id)
    return found[0]


def find(context, name):
    """The type with this name if the caller sees it, or None."""
    return next(iter(_read(context, group_types.c.name == name)), None)


def list_all(context, is_public=None):
    """Types that the caller sees, the oldest first.

    :param is_public: true for those that everybody or the caller's project may use, false for private ones
    """
    if is_public is None:
        return _read(context)
    return _read(context, group_types.c.is_public | _open_to(context) if is_public
                 else group_types.c.is_public.is_(False))


def insert(context, values, specs, share_types):
    """Insert a type; returns it.

    :param share_types: ids of the types that shares of a group may have
    :raises manila.exception.Conflict: when the name is taken
    :raises manila.exception.ShareTypeNotFound: when a share type has just been removed
    """
    values = {'id': base.new_id(), 'created_at': base.now(), 'updated_at': None, **values}
    with session.writer(context) as connection:
        try:
            connection.execute(sa.insert(group_types).values(values))
        except db_exc.DBDuplicateEntry:
            raise exception.Conflict(err=exception.ShareGroupTypeExists(type_id=values['name']).msg) from None
        query.set_key_values(connection, group_specs, group_specs.c.share_group_type_id, values['id'], specs)
        try:
            connection.execute(sa.insert(members), [
                {'share_group_type_id': values['id'], 'share_type_id': each} for each in share_types])
        except db_exc.DBReferenceError:
            raise exception.ShareTypeNotFound(share_type_id=', '.join(share_types)) from None
    return {**values, 'group_specs': dict(specs), 'share_types': list(share_types)}


def remove(context, type_id):
    """Remove a type with its group specs and accesses.

    :raises manila.exception.ShareGroupTypeNotFound: when it is gone
    """
    with session.writer(context) as connection:
        if not connection.execute(sa.delete(group_types).where(group_types.c.id == type_id)).rowcount:
            raise exception.ShareGroupTypeNotFound(type_id=type_id)


def set_specs(context, type_id, specs):
    """Set group specs of a type; others stay as they are."""
    with session.writer(context) as connection:
        query.set_key_values(connection, group_specs, group_specs.c.share_group_type_id, type_id, specs)


def remove_spec(context, type_id, key):
    """Remove a group spec.

    :raises manila.exception.ShareGroupTypeSpecsNotFound: when the type does not have it
    """
    with session.writer(context) as connection:
        if not query.remove_key_value(connection, group_specs, group_specs.c.share_group_type_id, type_id, key):
            raise exception.ShareGroupTypeSpecsNotFound(type_id=type_id, specs_key=key)


def accesses(context, type_id):
    """Which projects have access to a private type: rows of share_group_type_id and project_id."""
    return _GRANTS.find(context, type_id)


def add_access(context, type_id, project_id):
    """Give a project access.

    :raises manila.exception.Conflict: when it has it already
    """
    if not _GRANTS.add(context, type_id, project_id):
        raise exception.Conflict(err=exception.ShareGroupTypeAccessExists(
            type_id=type_id, project_id=project_id).msg)


def remove_access(context, type_id, project_id):
    """Take the access of a project away.

    :raises manila.exception.ShareGroupTypeAccessNotFound: when it has none
    """
    if not _GRANTS.remove(context, type_id, project_id):
        raise exception.ShareGroupTypeAccessNotFound(type_id=type_id, project_id=project_id)
