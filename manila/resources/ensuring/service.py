"""The rules of checks of all shares of a back end."""
from manila import exception
from manila.common import constants
from manila.conf import CONF
from manila.db import session
from manila.i18n import _
from manila.jobs import store as jobs
from manila.resources.ensuring import store
from manila.resources.ensuring.states import ENSURE
from manila.resources.services import store as services
from manila.resources.shares import service as shares

_BINARY = 'manila-share'


@session.transaction
def ensure(context, host):
    """Order that a back end checks all its shares.

    :param host: host@backend
    :raises manila.exception.HostBinaryNotFound: when there is no such back end
    :raises manila.exception.Conflict: when it is down, or checks them already
    """
    found = services.find(context, host=host, binary=_BINARY)
    if not found:
        raise exception.HostBinaryNotFound(host=host, binary=_BINARY)
    if not found[0]['up']:
        raise exception.Conflict(err=_('The service of %s is down.') % host)
    with session.writer(context) as connection:
        if not store.begin(connection, found[0]['id']):
            raise exception.Conflict(err=_('%s checks its shares already.') % host)
        _order(context, found[0])


def _order(context, service):
    jobs.insert(context, ENSURE, str(service['id']), shares.queue_of(service['host']))


@session.transaction
def ensure_after_start(context, service_id, fingerprint):
    """Order a check by a back end that has just started, unless nothing has changed since the last one.

    :param fingerprint: of the description of the back end; None when it gives none
    """
    service = services.get(context, service_id)
    known = fingerprint is not None and fingerprint == services.info_hash(context, service_id)
    wanted = (constants.STATUS_ENSURING,) if known else (constants.STATUS_AVAILABLE, constants.STATUS_ENSURING)
    with session.writer(context) as connection:
        if store.has_any(connection, service['host'], wanted):
            store.begin(connection, service_id)
            _order(context, service)
        else:
            services.save_info_hash(context, service_id, fingerprint)
            store.end(connection, service_id, service['host'])


def candidates():
    """Statuses of the instances that a check that has begun looks at."""
    if CONF.update_shares_status_on_ensure:
        return (constants.STATUS_ENSURING,)
    return constants.STATUS_AVAILABLE, constants.STATUS_ENSURING
