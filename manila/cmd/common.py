"""What all service commands do: read the configuration, start roles, say so, wait for the end."""
import contextlib
import gc
import logging
import os
import select
import signal
import sys
import threading

from oslo_log import log

from manila import conf
from manila.conf import CONF

LOG = log.getLogger(__name__)


def prepare(argv=None, files=None):
    """Read options and set logging up."""
    conf.parse(sys.argv[1:] if argv is None else argv, files)
    log.setup(CONF, 'manila')


class Signals:
    """TERM and INT, which end a service, and HUP."""

    def __init__(self):
        self.ended = False
        # A handler may interrupt the main thread anywhere, so it must not take a lock, such as that of an event.
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number, frame):
        self.ended = self.ended or number != signal.SIGHUP
        with contextlib.suppress(BlockingIOError):
            os.write(self._write, b'.')

    def wait(self):
        """Wait for a signal; returns True for HUP, False when the service is to end."""
        while not self.ended:
            select.select([self._read], [], [])
            os.read(self._read, 4096)
            if not self.ended:
                return True
        return False


def _reload():
    LOG.info('Reading the configuration again')
    try:
        CONF.mutate_config_files()
    except Exception as error:
        LOG.error('The configuration cannot be read, the old one stays in force: %s', error)


def serve(name, roles):
    """Run roles until TERM or INT; HUP reads again the options that may change while running.

    :param roles: objects with ``start`` and ``stop``; started in order, stopped in reverse
    :returns: exit status
    """
    signals = Signals()
    started = []
    status = 0
    try:
        for role in roles:
            if not signals.ended:
                role.start()
                started.append(role)
        if not signals.ended:
            spare_collector()
            LOG.info('%s ready', name)
        while signals.wait():
            _reload()
        LOG.info('%s stops', name)
    except Exception:
        LOG.exception('%s could not start', name)
        status = 1
    for role in reversed(started):
        try:
            role.stop()
        except Exception:
            LOG.exception('%s did not stop in good order', type(role).__name__)
    LOG.info('%s stopped', name)
    logging.shutdown()
    return status


def spare_collector():
    """Keep what lives as long as the process out of the way of the garbage collector, which visits it in vain."""
    gc.collect()
    gc.freeze()


class Messaging:
    """The messaging of a process, as a role that starts first and stops last."""

    def start(self):
        """Connect the bell to workers in other processes."""
        from manila.rpc import workers
        workers.connect()

    def stop(self):
        """Send what is to be sent and close the connections."""
        from manila import notify, rpc
        from manila.db import session
        from manila.rpc import workers
        workers.disconnect()
        notify.stop()
        # A broker that is away may hold this up.
        closing = threading.Thread(target=rpc.cleanup, daemon=True)
        closing.start()
        closing.join(2)
        session.dispose()


def watch(port, roles, sources=()):
    """A role that answers ``/metrics`` and ``/healthcheck``; it starts before those that it tells of.

    :param port: where; None: nowhere
    :param roles: those with ``checks``
    :param sources: what else is counted in the database, see :class:`manila.metrics.census.Census`; None: nothing is
    """
    from manila import health
    from manila.metrics import census, registry, server

    def checks():
        yield health.database
        yield health.messaging
        for role in roles:
            yield from role.checks()
    if port is not None:
        registry.describe_process()
    return server.Server(port, checks, () if sources is None else [census.Census(*sources)])
