"""The pools as the scheduler sees them, read from what the back ends reported last."""
import json

from oslo_log import log

from manila import exception
from manila.resources.services import store as services
from manila.resources.types import service as types, specs
from manila.scheduler.pools import Pools

LOG = log.getLogger(__name__)

_SHARE_BINARY = 'manila-share'


def find_all(context, filters, share_type=None):
    """Pools of the back ends that are alive and enabled.

    :param filters: regular expressions ``host``, ``backend``, ``pool``; ``capabilities``
    :param share_type: name or id of a type whose extra specs count instead of ``capabilities``
    :returns: dicts with name, host, backend, pool and capabilities
    :raises manila.exception.InvalidInput: when there is no such type or an expression is not well formed
    """
    extra_specs = None
    filters = dict(filters)
    if share_type:
        filters.pop('capabilities', None)
        extra_specs = specs.for_scheduler(_share_type(context, share_type)['extra_specs'])
    return _load(context).list(filters, extra_specs)


def _share_type(context, name_or_id):
    try:
        return types.resolve(context, name_or_id)
    except exception.ShareTypeNotFound as error:
        raise exception.InvalidInput(reason=error.msg) from None


def _load(context):
    pools = Pools()
    for row in services.reports(context, _SHARE_BINARY):
        try:
            pools.update(row['host'], json.loads(row['report']), row['reported_at'],
                         zone_id=row['availability_zone_id'],
                         zone_name=row['zone'], disabled=row['disabled'], up=row['up'])
        except (ValueError, TypeError, KeyError):
            LOG.exception('The report of back end %s cannot be read', row['host'])
    return pools
