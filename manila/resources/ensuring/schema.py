"""What goes into the operation that checks shares."""
from manila.api import types
from manila.api.fields import Field, Fields

_HOST = types.TEXT(255, 1)

# Clients send the host alone or below the name of the operation.
ENSURE = Fields(
    None,
    Field('host', _HOST, nullable=False, doc='host@backend.'),
    Field('ensure_shares', types.OBJECT(Fields(None, Field('host', _HOST, required=True), strict=True)),
          nullable=False),
    strict=True)
