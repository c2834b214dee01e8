"""What goes into the operations that manage shares."""
from manila.api import types
from manila.api.fields import Field, Fields

# Clients know the lack of one of the first three by another status than that of other mistakes.
MANAGE = Fields(
    'share',
    Field('service_host', types.ANY, doc='Must be there: host@backend#pool.'),
    Field('protocol', types.ANY, doc='Must be there.'),
    Field('export_path', types.ANY, doc='Must be there, itself or as the path of an object.'),
    Field('share_type', types.NAME, doc='Name or id.'),
    Field('name', types.NAME, aliases=('display_name',)),
    Field('description', types.NAME, aliases=('display_description',)),
    Field('driver_options', types.OBJECT),
    Field('is_public', types.BOOLEAN, since='2.8', default=False),
    Field('share_server_id', types.TEXT(36), since='2.49'),
    Field('mount_point_name', types.NAME, since='2.92'))
