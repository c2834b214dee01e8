"""What goes in and out of the operations on snapshot instances."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.resources.snapshots import states

SUMMARY = Fields(
    'snapshot_instance',
    Field('id', types.UUID),
    Field('snapshot_id', types.UUID),
    Field('status', types.TEXT))

DETAIL = SUMMARY.extend(
    Field('created_at', types.DATETIME),
    Field('updated_at', types.DATETIME),
    Field('share_id', types.UUID),
    Field('share_instance_id', types.UUID),
    Field('progress', types.TEXT),
    Field('provider_location', types.TEXT))

LIST = Fields(None, Field('snapshot_id', types.TEXT))
RESET_STATUS = Fields('reset_status', Field('status', types.ENUM(*states.INSTANCE_RESETTABLE), required=True))
