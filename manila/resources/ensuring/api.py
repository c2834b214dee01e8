"""The operation that checks the shares of a back end."""
from manila import exception
from manila.api.operation import Operations
from manila.i18n import _
from manila.resources.ensuring import policy, schema, service

operations = Operations('ensuring', 'Checking shares')


@operations.post('/services/ensure-shares', since='2.86', policy=policy.ENSURE, body=schema.ENSURE, status=202)
def ensure_shares(req, body):
    """Have a back end check that it exports all its shares."""
    given = body.get('ensure_shares') or body
    if not given.get('host'):
        raise exception.InvalidInput(reason=_('The host of the back end must be given.'))
    service.ensure(req.context, given['host'])
