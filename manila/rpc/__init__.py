"""Messaging between the processes: one transport, clients and servers on it."""
import os

import oslo_messaging
from oslo_log import log

from manila.conf import CONF

LOG = log.getLogger(__name__)

EXCHANGE = 'manila'
#: Delivers inside this process only: the transport of manila-all.
IN_MEMORY = 'fake:/'

_transport = None
_inherited = None

oslo_messaging.set_transport_defaults(EXCHANGE)
# Registers transport_url, which else happens only when a transport is made.
oslo_messaging.TransportURL.parse(CONF)


def init():
    """The transport that ``transport_url`` names; connections are made at first use."""
    global _transport
    if _transport is None:
        _transport = oslo_messaging.get_rpc_transport(CONF)
    return _transport


def cleanup():
    """Close the connections of this process."""
    global _transport
    if _transport is not None:
        _transport.cleanup()
    _transport = None


def _forget():
    # The connections are the parent's: a child neither uses nor closes them.
    global _inherited, _transport
    _inherited, _transport = _transport, None


os.register_at_fork(after_in_child=_forget)


def get_client(target, version_cap=None, serializer=None):
    """A client that calls the servers of a target."""
    init()
    return oslo_messaging.get_rpc_client(_transport, target, version_cap=version_cap, serializer=serializer)


def get_server(target, endpoints, serializer=None):
    """A server that offers the methods of endpoints; start, stop and wait are the caller's."""
    init()
    server = oslo_messaging.get_rpc_server(_transport, target, endpoints, serializer=serializer,
                                           access_policy=oslo_messaging.DefaultRPCAccessPolicy)
    # What comes in are wake-ups, which are done at once: dozens of threads would only lie about.
    CONF.set_default('executor_thread_pool_size', 4)
    return server
