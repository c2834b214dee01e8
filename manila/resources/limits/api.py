"""The operations on limits."""
from manila.api.operation import Operations
from manila.resources.limits import schema
from manila.resources.quotas import service

operations = Operations('limits', 'Limits')


@operations.get('/limits', policy=None, public=True, view=schema.LIMITS)
def index(req):
    """Show the quotas of the caller's project and what is in use of them."""
    return {'rate': [], 'absolute': service.show_usage(req.context, req.context.project_id or '')}
