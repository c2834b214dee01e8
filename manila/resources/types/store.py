"""All SQL of share types."""
import sqlalchemy as sa
from oslo_db import exception as db_exc

from manila import exception
from manila.db import base, grants, query, session
from manila.resources.group_types.model import members
from manila.resources.shares.model import instances
from manila.resources.types.model import extra_specs, projects, types

_WITH_SPECS = (sa.select(types, extra_specs.c.key, extra_specs.c.value)
               .join_from(types, extra_specs, extra_specs.c.share_type_id == types.c.id, isouter=True))
_GRANTS = grants.Grants(projects, projects.c.share_type_id)
_ACCESS = _GRANTS.given(types.c.id, sa.bindparam('project'))
# Whether the caller is an administrator -> the types that he may use.
_VISIBLE = {True: _WITH_SPECS, False: _WITH_SPECS.where(types.c.is_public | _ACCESS)}
_KEY = sa.bindparam('key')
# Made once, because each creation of a share asks.
_BY_ID = {admin: statement.where(types.c.id == _KEY) for admin, statement in _VISIBLE.items()}
_BY_NAME_OR_ID = {admin: statement.where((types.c.id == _KEY) | (types.c.name == _KEY))
                  for admin, statement in _VISIBLE.items()}
_BY_IDS = _WITH_SPECS.where(types.c.id.in_(sa.bindparam('ids', expanding=True)))


def _assemble(rows):
    """Types with their extra specs, out of one row per spec."""
    found = {}
    for row in rows:
        values = dict(row)
        key, value = values.pop('key'), values.pop('value')
        item = found.setdefault(values['id'], values)
        specs = item.setdefault('extra_specs', {})
        if key is not None:
            specs[key] = value
    return list(found.values())


def _read(context, statement, **parameters):
    parameters['project'] = context.project_id or ''
    with session.reader(context) as connection:
        return _assemble(connection.execute(statement, parameters).mappings())


def get(context, share_type_id):
    """A type that the caller sees, with its extra specs.

    :raises manila.exception.ShareTypeNotFound: when there is none
    """
    found = _read(context, _BY_ID[context.is_admin], key=share_type_id)
    if not found:
        raise exception.ShareTypeNotFound(share_type_id=share_type_id)
    return found[0]


def find(context, name_or_id):
    """Types that the caller sees and that have this id or name; the one with the id first."""
    found = _read(context, _BY_NAME_OR_ID[context.is_admin], key=name_or_id)
    return sorted(found, key=lambda row: row['id'] != name_or_id)


def list_all(context, is_public=None):
    """Types that the caller sees, with their extra specs, the oldest first.

    :param is_public: true for those that everybody or the caller's project may use, false for private ones
    """
    statement = _VISIBLE[context.is_admin and is_public is not True].order_by(types.c.created_at, types.c.id)
    if is_public is False:
        statement = statement.where(types.c.is_public.is_(False))
    return _read(context, statement)


def by_ids(context, ids):
    """Types by id, whoever may use them: {id: type with extra specs}."""
    found = _read(context, _BY_IDS, ids=list(set(ids))) if ids else []
    return {row['id']: row for row in found}


def insert(context, values, specs):
    """Insert a type with its extra specs; returns it.

    :raises manila.exception.Conflict: when the name is taken
    """
    values = {'id': base.new_id(), 'created_at': base.now(), 'updated_at': None, **values}
    with session.writer(context) as connection:
        try:
            connection.execute(sa.insert(types).values(values))
        except db_exc.DBDuplicateEntry:
            raise exception.Conflict(err=exception.ShareTypeExists(id=values['name']).msg) from None
        query.set_key_values(connection, extra_specs, extra_specs.c.share_type_id, values['id'], specs)
    return {**values, 'extra_specs': dict(specs)}


def change(context, share_type_id, values):
    """Change columns of a type.

    :raises manila.exception.ShareTypeNotFound: when it is gone
    :raises manila.exception.Conflict: when the name is taken
    """
    statement = sa.update(types).where(types.c.id == share_type_id).values(updated_at=base.now(), **values)
    with session.writer(context) as connection:
        try:
            changed = connection.execute(statement).rowcount
        except db_exc.DBDuplicateEntry:
            raise exception.Conflict(err=exception.ShareTypeExists(id=values['name']).msg) from None
    if not changed:
        raise exception.ShareTypeNotFound(share_type_id=share_type_id)


def remove(context, share_type_id):
    """Remove a type with its extra specs and accesses.

    :raises manila.exception.ShareTypeNotFound: when it is gone
    :raises manila.exception.InvalidShareType: when something is of this type
    """
    with session.writer(context) as connection:
        try:
            removed = connection.execute(sa.delete(types).where(types.c.id == share_type_id)).rowcount
        except db_exc.DBReferenceError:
            raise exception.InvalidShareType(
                reason=exception.ShareTypeInUse(share_type_id=share_type_id).msg) from None
    if not removed:
        raise exception.ShareTypeNotFound(share_type_id=share_type_id)


def in_use(context, share_type_id):
    """Whether a share is of this type, or a share group type names it."""
    statement = sa.select(sa.exists().where(instances.c.share_type_id == share_type_id)
                          | sa.exists().where(members.c.share_type_id == share_type_id))
    with session.reader(context) as connection:
        return bool(connection.scalar(statement))


def set_specs(context, share_type_id, specs):
    """Set extra specs of a type; others stay as they are."""
    with session.writer(context) as connection:
        query.set_key_values(connection, extra_specs, extra_specs.c.share_type_id, share_type_id, specs)


def remove_spec(context, share_type_id, key):
    """Remove an extra spec.

    :raises manila.exception.ShareTypeExtraSpecsNotFound: when the type does not have it
    """
    with session.writer(context) as connection:
        if not query.remove_key_value(connection, extra_specs, extra_specs.c.share_type_id, share_type_id, key):
            raise exception.ShareTypeExtraSpecsNotFound(share_type_id=share_type_id, extra_specs_key=key)


def accesses(context, share_type_id):
    """Which projects have access to a private type: rows of share_type_id and project_id."""
    return _GRANTS.find(context, share_type_id)


def add_access(context, share_type_id, project_id):
    """Give a project access.

    :raises manila.exception.Conflict: when it has it already
    """
    if not _GRANTS.add(context, share_type_id, project_id):
        raise exception.Conflict(err=exception.ShareTypeAccessExists(
            share_type_id=share_type_id, project_id=project_id).msg)


def remove_access(context, share_type_id, project_id):
    """Take the access of a project away.

    :raises manila.exception.ShareTypeAccessNotFound: when it has none
    """
    if not _GRANTS.remove(context, share_type_id, project_id):
        raise exception.ShareTypeAccessNotFound(share_type_id=share_type_id, project_id=project_id)
