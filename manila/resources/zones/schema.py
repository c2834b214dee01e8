"""What comes out of the operations on availability zones."""
from manila.api import types
from manila.api.fields import Field, Fields

ZONE = Fields(
    'availability_zone',
    Field('id', types.UUID),
    Field('name'),
    Field('created_at', types.DATETIME),
    Field('updated_at', types.DATETIME))
