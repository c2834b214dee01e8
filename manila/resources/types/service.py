"""The rules of share types."""
from oslo_utils import uuidutils

from manila import exception, notify
from manila.conf import CONF
from manila.db import session
from manila.resources.notifications import payloads
from manila.resources.quotas import service as quotas
from manila.resources.types import specs, store


def resolve(context, name_or_id=None):
    """The type that a request means: by id, by name, or the default one.

    :returns: dict with id, name, description, is_public, extra_specs
    :raises manila.exception.DefaultShareTypeNotConfigured: when none is named and there is no default
    :raises manila.exception.ShareTypeNotFound: when there is none that the caller may use
    """
    if name_or_id is None:
        name_or_id = CONF.default_share_type
        if not name_or_id:
            raise exception.DefaultShareTypeNotConfigured()
    found = store.find(context, name_or_id)
    if found:
        return found[0]
    if uuidutils.is_uuid_like(name_or_id):
        raise exception.ShareTypeNotFound(share_type_id=name_or_id)
    raise exception.ShareTypeNotFoundByName(share_type_name=name_or_id)


def find_all(context, is_public=None, extra_specs=None):
    """Types that the caller may use.

    :param is_public: see :func:`.store.list_all`
    :param extra_specs: pairs that a type must have; of ``availability_zones``, those named must be among the
        type's, which has all if it names none
    """
    found = store.list_all(context, is_public)
    if extra_specs:
        found = [row for row in found if _has(context, row['extra_specs'], extra_specs)]
    return found


def _has(context, offered, wanted):
    wanted = dict(wanted)
    zones = wanted.pop(specs.AVAILABILITY_ZONES, None)
    if zones is not None:
        allowed = specs.zones(offered)
        if allowed and not {name.strip() for name in zones.split(',')} <= set(allowed):
            return False
    if not context.is_admin:
        offered = specs.visible(offered)
    return all(offered.get(key) == value for key, value in wanted.items())


@session.transaction
def create(context, name, description, is_public, extra_specs):
    """Make a type.

    :raises manila.exception.InvalidExtraSpec: when an extra spec has a value that it cannot have
    :raises manila.exception.Conflict: when the name is taken
    """
    kept = specs.validate(extra_specs, required=True)
    row = store.insert(context, {'name': name, 'description': description, 'is_public': is_public}, kept)
    notify.emit(context, 'share_type.create', lambda: payloads.share_type(row))
    return row


@session.transaction
def change(context, share_type_id, values):
    """Change name, description or is_public; returns the type.

    :raises manila.exception.Conflict: when the name is taken
    """
    store.change(context, share_type_id, values)
    row = store.get(context, share_type_id)
    notify.emit(context, 'share_type.update', lambda: payloads.share_type(row))
    return row


@session.transaction
def delete(context, share_type_id):
    """Remove a type that nothing is of, with what is set for it in quotas.

    :raises manila.exception.InvalidShareType: when something is of this type
    """
    if store.in_use(context, share_type_id):
        raise exception.InvalidShareType(reason=exception.ShareTypeInUse(share_type_id=share_type_id).msg)
    store.remove(context, share_type_id)
    quotas.forget_type(context, share_type_id)
    notify.emit(context, 'share_type.delete', {'share_type_id': share_type_id})


@session.transaction
def set_specs(context, share_type_id, extra_specs):
    """Set extra specs; others stay as they are. Returns those set, as they are kept."""
    kept = specs.validate(extra_specs)
    store.get(context, share_type_id)
    store.set_specs(context, share_type_id, kept)
    notify.emit(context, 'share_type_extra_specs.create', {'share_type_id': share_type_id, 'specs': dict(kept)})
    return kept


@session.transaction
def remove_spec(context, share_type_id, key, snapshot_support_required=False):
    """Remove an extra spec.

    :param snapshot_support_required: whether ``snapshot_support`` must stay too, as in old versions of the
        API
    :raises manila.exception.NotAuthorized: when types cannot be without it
    """
    store.get(context, share_type_id)
    if key == specs.REQUIRED or snapshot_support_required and key == specs.SNAPSHOT_SUPPORT:
        raise exception.NotAuthorized(f'Extra spec "{key}" is required and cannot be removed.')
    store.remove_spec(context, share_type_id, key)
    notify.emit(context, 'share_type_extra_specs.delete', {'share_type_id': share_type_id, 'key': key})


def accesses(context, share_type_id):
    """Which projects have access to a private type.

    :raises manila.exception.ShareTypeNotFound: also for a public type, to which access is not given
    """
    if store.get(context, share_type_id)['is_public']:
        raise exception.ShareTypeNotFound(f'Share type {share_type_id} is public: it lists no projects.')
    return store.accesses(context, share_type_id)


@session.transaction
def add_access(context, share_type_id, project_id):
    """Give a project access to a private type.

    :raises manila.exception.Conflict: when the type is public or the project has access already
    """
    _refuse_public(store.get(context, share_type_id))
    store.add_access(context, share_type_id, project_id)
    notify.emit(context, 'share_type_access.add', {'share_type_id': share_type_id, 'project_id': project_id})


@session.transaction
def remove_access(context, share_type_id, project_id):
    """Take the access of a project to a private type away.

    :raises manila.exception.Conflict: when the type is public
    """
    _refuse_public(store.get(context, share_type_id))
    store.remove_access(context, share_type_id, project_id)
    notify.emit(context, 'share_type_access.remove', {'share_type_id': share_type_id, 'project_id': project_id})


def _refuse_public(share_type):
    if share_type['is_public']:
        raise exception.Conflict(err=f'Share type {share_type["id"]} is public: all projects have access.')
