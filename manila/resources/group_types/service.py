"""The rules of share group types."""
from manila import exception
from manila.conf import CONF
from manila.db import session
from manila.i18n import _
from manila.resources.group_types import store
from manila.resources.types import service as types


def default(context):
    """The type of share groups that name none.

    :raises manila.exception.ShareGroupTypeNotFoundByName: when none is configured, or there is none of that name
    """
    name = CONF.default_share_group_type
    found = store.find(context, name) if name else None
    if found is None:
        raise exception.ShareGroupTypeNotFoundByName(type_name=name or '')
    return found


def find_all(context, is_public=None, group_specs=None):
    """Types that the caller may use.

    :param is_public: see :func:`.store.list_all`
    :param group_specs: pairs that a type must have
    """
    return [row for row in store.list_all(context, is_public)
            if all(row['group_specs'].get(key) == value for key, value in (group_specs or {}).items())]


@session.transaction
def create(context, name, share_types, group_specs, is_public):
    """Make a type.

    :param share_types: names or ids of the types that shares of a group may have
    :raises manila.exception.ShareTypeNotFound: when there is none of that name or id
    :raises manila.exception.Conflict: when the name is taken
    """
    ids = sorted({types.resolve(context, each)['id'] for each in share_types})
    return store.insert(context, {'name': name, 'is_public': is_public}, group_specs or {}, ids)


@session.transaction
def delete(context, type_id):
    """Remove a type."""
    store.remove(context, type_id)


@session.transaction
def set_specs(context, type_id, group_specs):
    """Set group specs; others stay as they are. Returns those set."""
    store.get(context, type_id)
    store.set_specs(context, type_id, group_specs)
    return group_specs


@session.transaction
def remove_spec(context, type_id, key):
    """Remove a group spec."""
    store.get(context, type_id)
    store.remove_spec(context, type_id, key)


def accesses(context, type_id):
    """Which projects have access to a private type.

    :raises manila.exception.ShareGroupTypeNotFound: also for a public type, to which access is not given
    """
    if store.get(context, type_id)['is_public']:
        raise exception.ShareGroupTypeNotFound(_('Share group type %s is public: it lists no projects.') % type_id)
    return store.accesses(context, type_id)


@session.transaction
def add_access(context, type_id, project_id):
    """Give a project access to a private type.

    :raises manila.exception.Conflict: when the type is public or the project has access already
    """
    _refuse_public(store.get(context, type_id))
    store.add_access(context, type_id, project_id)


@session.transaction
def remove_access(context, type_id, project_id):
    """Take the access of a project to a private type away.

    :raises manila.exception.Conflict: when the type is public
    """
    _refuse_public(store.get(context, type_id))
    store.remove_access(context, type_id, project_id)


def _refuse_public(row):
    if row['is_public']:
        raise exception.Conflict(err=_('Share group type %s is public: all projects have access.') % row['id'])
