"""The operations of the recycle bin."""
from manila.api.operation import Operations
from manila.resources.recycle_bin import policy, service

operations = Operations('recycle_bin', 'The recycle bin')

ACTION = '/shares/{share_id}/action'


@operations.action(ACTION, 'soft_delete', since='2.69', policy=policy.SOFT_DELETE)
def soft_delete(req, share_id):
    """Put a share into the recycle bin."""
    service.soft_delete(req.context, share_id)


@operations.action(ACTION, 'restore', since='2.69', policy=policy.RESTORE)
def restore(req, share_id):
    """Take a share out of the recycle bin."""
    if not service.restore(req.context, share_id):
        req.answer_status = 200
