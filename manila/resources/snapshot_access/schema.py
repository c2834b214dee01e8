"""What goes in and out of the operations on access rules of snapshots."""
from manila.api import types
from manila.api.fields import Field, Fields

RULE = Fields(
    'snapshot_access',
    Field('id', types.UUID),
    Field('access_type', types.TEXT),
    Field('access_to', types.TEXT),
    Field('state', types.TEXT))

ALLOW = Fields(
    'allow_access',
    Field('access_type', types.ENUM('ip', 'user', 'cert'), required=True),
    Field('access_to', types.TEXT, required=True))

DENY = Fields('deny_access', Field('access_id', types.TEXT(36), required=True))
