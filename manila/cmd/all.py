"""manila-all: API, scheduler and share service in one process, without any service outside it."""
import sys

from manila.cmd import common
from manila.conf import CONF


class Schema:
    """Makes or updates the schema of the database before anything uses it."""

    def start(self):
        """Do it."""
        from manila.db import migration
        migration.sync()

    def stop(self):
        """Nothing is left to do."""


class Api:
    """The API in threads of this process."""

    def start(self):
        """Listen."""
        from manila.api import server
        self._server = server.ApiServer()
        self._server.start()

    def stop(self):
        """End the requests in hand and listen no longer."""
        self._server.stop()
        self._server.wait()


def main():
    """Run until told to stop."""
    from manila import rpc
    common.prepare()
    if CONF.transport_url == 'rabbit://':
        CONF.set_default('transport_url', rpc.IN_MEMORY)
    from manila.metrics import observers
    from manila.scheduler import monitoring, service as scheduler
    from manila.share import service as share
    scheduling, sharing = scheduler.Role(), share.Role(observers.driver_call)
    port = CONF.metrics.share_port or CONF.metrics.scheduler_port
    watch = common.watch(port, [scheduling, sharing], monitoring.sources(scheduling))
    sys.exit(common.serve('manila-all', [common.Messaging(), Schema(), watch, sharing, scheduling, Api()]))
