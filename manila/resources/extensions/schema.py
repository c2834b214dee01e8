"""What comes out of the operations on API extensions."""
from manila.api import types
from manila.api.fields import Field, Fields

EXTENSION = Fields('extension', *(Field(name) for name in ('name', 'alias', 'description', 'updated')),
                   Field('links', types.LIST(types.OBJECT)))
