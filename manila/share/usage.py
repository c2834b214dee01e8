"""Asking a back end, again and again, how much of its shares is used, for those who account for it."""
from oslo_log import log

from manila import context as manila_context, notify
from manila.conf import CONF
from manila.resources.notifications import payloads
from manila.resources.shares import service, store as shares

LOG = log.getLogger(__name__)


def run(backend, stopping):
    """Tell how much of each share is used, every so many seconds until an event is set, if that is wanted at all."""
    if not CONF.enable_gathering_share_usage_size:
        return
    while not stopping.wait(CONF.share_usage_size_update_interval):
        try:
            gather(backend)
        except Exception as error:
            LOG.warning('The usage of the shares of back end %s could not be gathered: %s', backend.host, error)


def gather(backend):
    """Ask once, and send a notification ``share.consumed.size`` for each share that the driver tells of."""
    context = manila_context.get_admin_context()
    if not notify.enabled():
        return
    found = {each['id']: each for each in shares.instances_on(context, backend.host, available=True)}
    if not found:
        return
    answers = backend.call('update_share_usage_size', context, [service.for_driver(each) for each in found.values()])
    for answer in answers or ():
        if answer.get('id') in found:
            notify.emit(context, 'share.consumed.size', _payload(found[answer['id']], answer), service='share',
                        host=backend.host)


def _payload(instance, answer):
    gathered_at = answer.get('gathered_at')
    return payloads.share(instance, used_size=answer.get('used_size'),
                          gathered_at=gathered_at and str(gathered_at))
