"""What goes into and comes out of the operations on share replicas."""
from manila.api import types
from manila.api.fields import Field, Fields
from manila.policy import ADMIN
from manila.resources.exports import schema as exports

#: Until then clients must say that they accept experimental operations.
EXPERIMENTAL = ('2.11', '2.55')
LOCATIONS_EXPERIMENTAL = ('2.47', '2.55')

LIST = Fields(None, Field('share_id', types.TEXT, doc='Only replicas of this share.'))

SUMMARY = Fields(
    'share_replica',
    Field('id', types.UUID),
    Field('share_id', types.UUID),
    Field('status', types.TEXT),
    Field('replica_state', types.TEXT))

DETAIL = SUMMARY.extend(
    Field('availability_zone', types.NAME),
    Field('created_at', types.DATETIME),
    Field('updated_at', types.DATETIME),
    Field('share_network_id', types.UUID),
    Field('share_server_id', types.UUID, only=ADMIN),
    Field('host', types.NAME, only=ADMIN),
    Field('cast_rules_to_readonly', types.BOOLEAN, since='2.30', only=ADMIN),
    Field('metadata', types.METADATA, since='2.95'))

_WHERE = (Field('replica_state', types.TEXT), Field('availability_zone', types.NAME))
LOCATION_SUMMARY = exports.SUMMARY.extend(*_WHERE)
LOCATION = exports.DETAIL.extend(*_WHERE)

METADATA = Fields(None, Field('metadata', types.METADATA, required=True))
METADATA_ALL = Fields(None, Field('metadata', types.METADATA, required=True, nullable=True,
                                  doc='Null removes all.'))
METADATA_ITEM = Fields(None, Field('metadata', types.METADATA, aliases=('meta',), required=True))
METADATA_VIEW = Fields(None, Field('metadata', types.METADATA))
META_VIEW = Fields(None, Field('meta', types.METADATA))
