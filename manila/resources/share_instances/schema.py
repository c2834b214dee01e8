"""What goes in and out of the operations on share instances."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.resources.shares import states


def _status_before_progress(row, req):
    return 'creating' if row['status'] == 'creating_from_snapshot' else row['status']


def _first_path(row, req):
    return row['export_paths'][0] if row['export_paths'] else None


DETAIL = Fields(
    'share_instance',
    Field('id', types.UUID),
    Field('share_id', types.UUID),
    Field('availability_zone', types.NAME),
    Field('created_at', types.DATETIME),
    Field('host', types.NAME),
    Field('status', types.TEXT, until='2.53', get=_status_before_progress),
    Field('status', types.TEXT, since='2.54'),
    Field('share_network_id', types.UUID),
    Field('share_server_id', types.UUID),
    Field('export_location', types.TEXT, until='2.8', get=_first_path),
    Field('export_locations', types.LIST(types.TEXT), until='2.8', get='export_paths'),
    Field('access_rules_status', types.TEXT, since='2.10'),
    Field('replica_state', types.TEXT, since='2.11'),
    Field('share_type_id', types.UUID, since='2.22'),
    Field('cast_rules_to_readonly', types.BOOLEAN, since='2.30'),
    Field('progress', types.TEXT, since='2.54'),
    Field('updated_at', types.DATETIME, since='2.71'))

LIST = Fields(
    None,
    Field('export_location_id', types.TEXT, since='2.35'),
    Field('export_location_path', types.TEXT(2000), since='2.35'),
    Field('is_soft_deleted', types.BOOLEAN, since='2.69'))

RESET_STATUS = Fields('reset_status', Field('status', types.ENUM(*states.RESETTABLE), required=True))
