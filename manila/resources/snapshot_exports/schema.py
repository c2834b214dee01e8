"""What goes out of the operations on export locations of snapshots."""
from manila.api import links, types
from manila.api.fields import Field, Fields
from manila.policy import ADMIN

SUMMARY = Fields(
    'share_snapshot_export_location',
    Field('id', types.UUID),
    Field('path', types.TEXT(2000)),
    links.field('share_snapshot_export_locations'),
    Field('share_snapshot_instance_id', types.UUID, get='snapshot_instance_id', only=ADMIN),
    Field('is_admin_only', types.BOOLEAN, only=ADMIN))

DETAIL = SUMMARY.extend(
    Field('created_at', types.DATETIME),
    Field('updated_at', types.DATETIME))
