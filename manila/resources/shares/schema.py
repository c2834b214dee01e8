"""What goes in and out of the operations on shares."""
from manila.api import links, types
from manila.api.fields import Field, Fields
from manila.common import constants

HOST_ADMIN = 'context_is_host_admin'


def _status_before_progress(row, req):
    return 'creating' if row['status'] == 'creating_from_snapshot' else row['status']


def _size(row, req):
    return None if row['status'] == constants.STATUS_MANAGING else row['size']


def _rules_status_before_queues(row, req):
    return 'out_of_sync' if row['access_rules_status'] == 'syncing' else row['access_rules_status']


def _first_path(row, req):
    return row['export_paths'][0] if row['export_paths'] else None


SUMMARY = Fields(
    'share',
    Field('id', types.UUID),
    Field('name', types.NAME, get='display_name'),
    links.field('shares'))

DETAIL = Fields(
    'share',
    Field('id', types.UUID),
    Field('size', types.INTEGER, get=_size, doc='GiB; null until a back end has told it.'),
    Field('availability_zone', types.NAME),
    Field('created_at', types.DATETIME),
    Field('status', types.TEXT, until='2.53', get=_status_before_progress),
    Field('status', types.TEXT, since='2.54'),
    Field('name', types.NAME, get='display_name'),
    Field('description', types.NAME, get='display_description'),
    Field('project_id', types.NAME),
    Field('snapshot_id', types.UUID),
    Field('share_network_id', types.UUID),
    Field('share_proto', types.TEXT),
    Field('export_location', types.TEXT, until='2.8', get=_first_path),
    Field('export_locations', types.LIST(types.TEXT), until='2.8', get='export_paths'),
    Field('metadata', types.METADATA),
    Field('share_type', types.NAME, until='2.5', get='share_type_name'),
    Field('share_type', types.UUID, since='2.6', get='share_type_id'),
    Field('share_type_name', types.NAME, since='2.6'),
    Field('volume_type', types.NAME, get='share_type_name'),
    links.field('shares'),
    Field('is_public', types.BOOLEAN),
    Field('share_server_id', types.UUID, only=HOST_ADMIN),
    Field('host', types.NAME, only=HOST_ADMIN),
    Field('snapshot_support', types.BOOLEAN, since='2.2'),
    Field('task_state', types.TEXT, since='2.5'),
    Field('access_rules_status', types.TEXT, since='2.10', until='2.27', get=_rules_status_before_queues),
    Field('access_rules_status', types.TEXT, since='2.28'),
    Field('replication_type', types.TEXT, since='2.11'),
    Field('has_replicas', types.BOOLEAN, since='2.11'),
    Field('user_id', types.NAME, since='2.16'),
    Field('create_share_from_snapshot_support', types.BOOLEAN, since='2.24'),
    Field('revert_to_snapshot_support', types.BOOLEAN, since='2.27'),
    Field('share_group_id', types.UUID, since='2.31'),
    Field('source_share_group_snapshot_member_id', types.UUID, since='2.31'),
    Field('mount_snapshot_support', types.BOOLEAN, since='2.32'),
    Field('progress', types.TEXT, since='2.54'),
    Field('is_soft_deleted', types.BOOLEAN, since='2.69'),
    Field('scheduled_to_be_deleted_at', types.DATETIME, since='2.69'),
    Field('source_backup_id', types.UUID, since='2.80'),
    Field('encryption_key_ref', types.UUID, since='2.90'),
    Field('snapshot_inherit_share_access_support', types.BOOLEAN, since='2.99'))

HINTS = Fields(
    None,
    Field('same_host', types.TEXT(4096)),
    Field('different_host', types.TEXT(4096)),
    Field('only_host', types.NAME, since='2.67'),
    Field('query', types.TEXT(4096)))

CREATE = Fields(
    'share',
    Field('share_proto', types.TEXT(32), required=True),
    Field('size', types.SIZE, required=True, nullable=True, doc='GiB; null with a snapshot takes its size.'),
    Field('name', types.NAME, aliases=('display_name',)),
    Field('description', types.NAME, aliases=('display_description',)),
    Field('share_type', types.NAME),
    Field('volume_type', types.NAME),
    Field('snapshot_id', types.TEXT(36)),
    Field('is_public', types.BOOLEAN, default=False, nullable=True),
    Field('metadata', types.METADATA),
    Field('share_network_id', types.TEXT(36)),
    Field('availability_zone', types.NAME),
    Field('share_group_id', types.TEXT(36), since='2.31'),
    Field('scheduler_hints', types.OBJECT(HINTS), since='2.65'),
    Field('mount_point_name', types.NAME, since='2.84'),
    Field('encryption_key_ref', types.UUID, since='2.90'))

UPDATE = Fields(
    'share',
    Field('display_name', types.NAME, aliases=('name',)),
    Field('display_description', types.NAME, aliases=('description',)),
    Field('is_public', types.BOOLEAN))

LIST = Fields(
    None,
    Field('all_tenants', types.BOOLEAN),
    Field('project_id', types.NAME),
    Field('name', types.NAME, aliases=('display_name',)),
    Field('description', types.NAME, since='2.36', aliases=('display_description',)),
    Field('name~', types.NAME, since='2.36', aliases=('display_name~',)),
    Field('description~', types.NAME, since='2.36', aliases=('display_description~',)),
    Field('status', types.TEXT),
    Field('share_server_id', types.TEXT),
    Field('host', types.TEXT),
    Field('share_type_id', types.TEXT),
    Field('snapshot_id', types.TEXT),
    Field('share_network_id', types.TEXT),
    Field('is_public', types.BOOLEAN),
    Field('metadata', types.DICT_LITERAL),
    Field('extra_specs', types.DICT_LITERAL),
    Field('share_group_id', types.TEXT),
    Field('export_location_id', types.TEXT, since='2.35'),
    Field('export_location_path', types.TEXT(2000), since='2.35'),
    Field('with_count', types.BOOLEAN, since='2.42'),
    Field('is_soft_deleted', types.BOOLEAN, since='2.69'),
    Field('mount_point_name', types.NAME),
    Field('encryption_key_ref', types.TEXT, since='2.90'),
    Field('availability_zone', types.NAME, since='2.97'))

DETAIL_LIST = LIST.extend(Field('with_count', types.BOOLEAN), without=('with_count',))

DELETE = Fields(None, Field('share_group_id', types.TEXT))
RESET_STATUS = Fields('reset_status', Field('status', types.TEXT, required=True))
RESET_TASK_STATE = Fields('reset_task_state',
                          Field('task_state', types.ENUM(*constants.SHARE_TASK_STATES), required=True))
EXTEND = Fields('extend', Field('new_size', types.SIZE, required=True),
                Field('force', types.BOOLEAN, since='2.64', default=False))
SHRINK = Fields('shrink', Field('new_size', types.SIZE, required=True))

METADATA = Fields(None, Field('metadata', types.METADATA, required=True))
METADATA_ALL = Fields(None, Field('metadata', types.METADATA, required=True, nullable=True,
                                  doc='Null removes all.'))
# Clients send the pair under either name; some under both.
METADATA_ITEM = Fields(None, Field('metadata', types.METADATA, aliases=('meta',), required=True))
METADATA_VIEW = Fields(None, Field('metadata', types.METADATA))
META_VIEW = Fields(None, Field('meta', types.METADATA))
