"""Operations on access rules of snapshots."""
from manila.api.operation import Operations
from manila.resources.snapshot_access import policy, schema, service

operations = Operations('snapshot_access', 'Access rules of snapshots')

ACTION = '/snapshots/{snapshot_id}/action'


@operations.action(ACTION, 'allow_access', since='2.32', policy=policy.ALLOW, body=schema.ALLOW,
                   view=schema.RULE, status=202)
def allow_access(req, snapshot_id, body):
    """Give a client access to a snapshot."""
    return service.allow(req.context, snapshot_id, body['access_type'], body['access_to'],
                         ipv6=req.since('2.38'))


@operations.action(ACTION, 'deny_access', since='2.32', policy=policy.DENY, body=schema.DENY)
def deny_access(req, snapshot_id, body):
    """Take a client's access to a snapshot away."""
    service.deny(req.context, snapshot_id, body['access_id'])


@operations.get('/snapshots/{snapshot_id}/access-list', since='2.32', policy=policy.LIST, view=schema.RULE,
                collection='snapshot_access_list')
def access_list(req, snapshot_id):
    """List the access rules of a snapshot."""
    return service.find(req.context, snapshot_id)
