"""What goes into the revert of a share."""
from manila.api import types
from manila.api.fields import Field, Fields

REVERT = Fields('revert', Field('snapshot_id', types.UUID, required=True))
