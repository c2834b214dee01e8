"""The operation that reverts a share."""
from manila import exception
from manila.api.operation import Operations
from manila.resources.reverts import policy, schema, service

operations = Operations('reverts', 'Reverting shares')


@operations.action('/shares/{share_id}/action', 'revert', since='2.27', policy=policy.REVERT,
                   body=schema.REVERT)
def revert(req, share_id, body):
    """Revert a share to its newest snapshot."""
    try:
        service.revert(req.context, share_id, body['snapshot_id'])
    except exception.ShareSnapshotNotFound as error:
        raise exception.InvalidInput(reason=error.msg) from error
    except exception.QuotaError as error:
        # Clients know this refusal by 403, unlike that of a creation.
        raise exception.NotAuthorized(error.msg) from error
