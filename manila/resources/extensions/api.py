"""Operations on API extensions: everything is part of the API itself, so there are none."""
from manila import exception
from manila.api.operation import Operations
from manila.i18n import _
from manila.resources.extensions import schema

operations = Operations('extensions', 'Extensions')


@operations.get('/extensions', policy=None, public=True, view=schema.EXTENSION, collection='extensions')
def index(req):
    """List the extensions of the API: there are none."""
    return []


@operations.get('/extensions/{alias}', policy=None, public=True, view=schema.EXTENSION)
def show(req, alias):
    """Show an extension of the API."""
    raise exception.NotFound(_('Extension "%s" could not be found.') % alias)
