"""Whether the message broker can be reached, without using it."""
import socket

import oslo_messaging

from manila.conf import CONF

_IN_MEMORY = ('fake', 'kombu+memory')
_PORT = 5672


def in_memory():
    """Whether messages never leave this process."""
    return oslo_messaging.TransportURL.parse(CONF).transport in _IN_MEMORY


def unreachable(timeout):
    """Why no TCP connection to any of the brokers can be made: a reason for each; empty if one can be.

    :param timeout: seconds to try each
    """
    errors = []
    for host in oslo_messaging.TransportURL.parse(CONF).hosts or [oslo_messaging.TransportHost()]:
        error = _connect(host.hostname or 'localhost', host.port or _PORT, timeout)
        if error is None:
            return []
        errors.append(error)
    return errors


def _connect(host, port, timeout):
    try:
        socket.create_connection((host, port), timeout).close()
    except OSError as error:
        return f'{host}:{port}: {error}'
    return None
