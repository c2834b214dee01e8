"""What goes in and out of the operations on access rules."""
from manila.api import types
from manila.api.fields import Field, Fields

LEVEL = types.ENUM('rw', 'ro')


def _state_of_share(row, req):
    """Old clients know no state of single rules."""
    return 'new' if row['access_rules_status'] == 'syncing' else row['access_rules_status']


SUMMARY = Fields(
    'access',
    Field('id', types.UUID),
    Field('access_level', types.TEXT),
    Field('access_to', types.TEXT),
    Field('access_type', types.TEXT),
    Field('state', types.TEXT, until='2.27', get=_state_of_share),
    Field('state', types.TEXT, since='2.28'),
    Field('access_key', types.TEXT, since='2.21'),
    Field('created_at', types.DATETIME, since='2.33'),
    Field('updated_at', types.DATETIME, since='2.33'),
    Field('metadata', types.METADATA, since='2.45'))

DETAIL = SUMMARY.extend(Field('share_id', types.UUID))

ALLOW = Fields(
    'allow_access',
    Field('access_type', types.ENUM('ip', 'user', 'cert'), required=True, until='2.12'),
    Field('access_type', types.ENUM('ip', 'user', 'cert', 'cephx'), required=True, since='2.13'),
    Field('access_to', types.TEXT, required=True),
    Field('access_level', LEVEL, nullable=True),
    Field('metadata', types.METADATA, since='2.45'),
    Field('lock_visibility', types.BOOLEAN, since='2.82', default=False),
    Field('lock_deletion', types.BOOLEAN, since='2.82', default=False),
    Field('lock_reason', types.TEXT(1023), since='2.82'))

DENY = Fields('deny_access', Field('access_id', types.TEXT(36), required=True),
              Field('unrestrict', types.BOOLEAN, since='2.82', default=False))

LIST = Fields(
    None,
    Field('share_id', types.TEXT(36), required=True),
    Field('metadata', types.DICT_LITERAL),
    Field('access_type', types.ENUM('ip', 'user', 'cert', 'cephx'), since='2.82'),
    Field('access_to', types.TEXT, since='2.82'),
    Field('access_key', types.TEXT, since='2.82'),
    Field('access_level', LEVEL, since='2.82'))

UPDATE = Fields('update_access', Field('access_level', LEVEL, required=True))
METADATA = Fields(None, Field('metadata', types.METADATA, required=True))
METADATA_VIEW = Fields(None, Field('metadata', types.METADATA))
