"""What goes in and out of the operations on export locations."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.policy import ADMIN

SUMMARY = Fields(
    'export_location',
    Field('id', types.UUID, since='2.9'),
    Field('path', types.TEXT(2000), since='2.9'),
    Field('preferred', types.BOOLEAN, since='2.14'),
    Field('metadata', types.METADATA, since='2.87'),
    Field('share_instance_id', types.UUID, since='2.9', only=ADMIN),
    Field('is_admin_only', types.BOOLEAN, since='2.9', only=ADMIN))

DETAIL = SUMMARY.extend(
    Field('created_at', types.DATETIME, since='2.9'),
    Field('updated_at', types.DATETIME, since='2.9'))

METADATA = Fields(None, Field('metadata', types.METADATA, required=True))
METADATA_ALL = Fields(None, Field('metadata', types.METADATA, required=True, nullable=True,
                                  doc='Null removes all.'))
METADATA_ITEM = Fields(None, Field('metadata', types.METADATA, aliases=('meta',), required=True))
METADATA_VIEW = Fields(None, Field('metadata', types.METADATA))
META_VIEW = Fields(None, Field('meta', types.METADATA))
