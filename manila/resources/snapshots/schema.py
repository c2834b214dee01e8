"""What goes in and out of the operations on snapshots."""
from manila.api import links, types
from manila.api.fields import Field, Fields
from manila.policy import ADMIN

_FILTER = types.TEXT(255, 1)

SUMMARY = Fields(
    'snapshot',
    Field('id', types.UUID),
    Field('name', types.NAME, get='display_name'),
    links.field('snapshots'))

DETAIL = SUMMARY.extend(
    Field('share_id', types.UUID),
    Field('share_size', types.INTEGER, doc='GiB that the share had when the snapshot was taken.'),
    Field('created_at', types.DATETIME),
    Field('status', types.TEXT),
    Field('description', types.NAME, get='display_description'),
    Field('size', types.INTEGER, doc='GiB.'),
    Field('share_proto', types.TEXT),
    Field('provider_location', types.TEXT, since='2.12', only=ADMIN),
    Field('user_id', types.NAME, since='2.17'),
    Field('project_id', types.NAME, since='2.17'),
    Field('metadata', types.METADATA, since='2.73'))

CREATE = Fields(
    'snapshot',
    Field('share_id', types.TEXT(36), required=True),
    Field('name', types.NAME, aliases=('display_name',)),
    Field('description', types.NAME, aliases=('display_description',)),
    Field('force', types.BOOLEAN, nullable=True, doc='Has no effect.'),
    Field('metadata', types.METADATA, since='2.73'))

# Clients know the lack of one of the first two by another status than that of other mistakes.
MANAGE = Fields(
    'snapshot',
    Field('share_id', types.ANY, doc='Must be there.'),
    Field('provider_location', types.ANY, doc='Must be there: what the back end calls the snapshot.'),
    Field('name', types.NAME, aliases=('display_name',)),
    Field('description', types.NAME, aliases=('display_description',)),
    Field('driver_options', types.OBJECT),
    Field('metadata', types.METADATA, since='2.73'))

UPDATE = Fields(
    'snapshot',
    Field('display_name', types.NAME, aliases=('name',)),
    Field('display_description', types.NAME, aliases=('description',)))

LIST = Fields(
    None,
    Field('all_tenants', types.BOOLEAN),
    Field('project_id', _FILTER),
    Field('name', _FILTER, aliases=('display_name',)),
    Field('description', _FILTER, since='2.36', aliases=('display_description',)),
    Field('name~', _FILTER, since='2.36', aliases=('display_name~',)),
    Field('description~', _FILTER, since='2.36', aliases=('display_description~',)),
    Field('status', _FILTER),
    Field('share_id', _FILTER),
    Field('size', types.INTEGER),
    Field('metadata', types.DICT_LITERAL, since='2.73'),
    Field('with_count', types.BOOLEAN, since='2.79'))

DETAIL_LIST = LIST.extend(Field('with_count', types.BOOLEAN), without=('with_count',))

RESET_STATUS = Fields('reset_status', Field('status', types.TEXT, required=True))

METADATA = Fields(None, Field('metadata', types.METADATA, required=True))
METADATA_ALL = Fields(None, Field('metadata', types.METADATA, required=True, nullable=True,
                                  doc='Null removes all.'))
METADATA_ITEM = Fields(None, Field('metadata', types.METADATA, aliases=('meta',), required=True))
METADATA_VIEW = Fields(None, Field('metadata', types.METADATA))
META_VIEW = Fields(None, Field('meta', types.METADATA))
