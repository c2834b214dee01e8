"""Seeing to it, after a start, that a back end still exports what it should.

What is to be checked is a job of the back end, which is served meanwhile, however many shares it has.
"""
from oslo_log import log

from manila import context as manila_context
from manila.resources.ensuring import service, work

LOG = log.getLogger(__name__)


def run(backend, service_id):
    """Order a check of the shares of a back end if its description has changed since the last, or is not known."""
    context = manila_context.get_admin_context()
    try:
        service.ensure_after_start(context, service_id, work.fingerprint(backend, context))
    except Exception:
        LOG.exception('The check of the shares of back end %s could not be ordered', backend.host)
