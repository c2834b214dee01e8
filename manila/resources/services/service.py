"""The rules of services: administrators take them out of use and back; those that are gone are forgotten."""
from manila import exception
from manila.db import session
from manila.resources.services import store


@session.transaction
def enable(context, host, binary):
    """Let the scheduler use a service again.

    :raises manila.exception.HostBinaryNotFound: when there is no such service
    """
    _change(context, host, binary, disabled=False, disabled_reason=None)


@session.transaction
def disable(context, host, binary, reason=None):
    """Keep the scheduler from using a service; what it has already it goes on serving.

    :raises manila.exception.HostBinaryNotFound: when there is no such service
    """
    _change(context, host, binary, disabled=True, **({'disabled_reason': reason} if reason else {}))


def _change(context, host, binary, **values):
    if not store.change(context, host, binary, **values):
        raise exception.HostBinaryNotFound(host=host, binary=binary)


@session.transaction
def cleanup(context):
    """Forget the services that are not alive; returns their rows."""
    return store.remove_down(context)
