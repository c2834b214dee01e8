"""The operations that manage and unmanage shares."""
import webob.exc

from manila.api import types
from manila.api.operation import Operations
from manila.resources.managing import policy, schema, service
from manila.resources.shares import policy as shares_policy, schema as shares_schema

operations = Operations('managing', 'Managing shares')

_LENGTHS = {'service_host': 255, 'protocol': 32, 'export_path': 2000}


def _required(body):
    """What must be there; clients know its lack by another status than that of other mistakes."""
    if isinstance(body.get('export_path'), dict):
        body['export_path'] = body['export_path'].get('path')
    for key, length in _LENGTHS.items():
        value = body.get(key)
        if not value or not isinstance(value, str):
            raise webob.exc.HTTPUnprocessableEntity(f"Invalid input: the share must have a text '{key}'.")
        types.text(value, f'share.{key}', 1, length)
    return body


@operations.post('/shares/manage', legacy_path='/os-share-manage', policy=policy.MANAGE, body=schema.MANAGE,
                 view=shares_schema.DETAIL, missing=422)
def manage(req, body):
    """Bring a share that exists on a back end under management."""
    if body.get('is_public'):
        req.require(shares_policy.CREATE_PUBLIC)
    return service.manage(req.context, _required(body))


@operations.action('/shares/{share_id}/action', 'unmanage', since='2.7', policy=policy.UNMANAGE)
def unmanage(req, share_id):
    """Let go of a share without removing it."""
    service.unmanage(req.context, share_id, on_servers=req.since('2.49'))


@operations.post('/os-share-unmanage/{share_id}/unmanage', until='2.6', policy=policy.UNMANAGE, status=202)
def unmanage_legacy(req, share_id):
    """Let go of a share without removing it."""
    service.unmanage(req.context, share_id, on_servers=False)
