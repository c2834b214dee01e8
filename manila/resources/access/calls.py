"""Calls of drivers about access rules that several kinds of work make."""
from oslo_log import log

from manila import exception

LOG = log.getLogger(__name__)


def remove_rules(backend, context, share, rules):
    """Have the driver take rules of a share away, which are all that it has.

    :param backend: a :class:`manila.share.backend.Backend`
    :param share: as drivers see it; it may be gone on the back end already
    """
    try:
        backend.call('update_access', context, share, [], add_rules=[], delete_rules=rules, update_rules=[],
                     share_server=None)
    except NotImplementedError:
        for rule in rules:
            backend.call('deny_access', context, share, rule, share_server=None)
    except exception.ShareResourceNotFound:
        LOG.info('Share instance %s was not there any more', share['id'])
