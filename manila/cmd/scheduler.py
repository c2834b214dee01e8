"""manila-scheduler: chooses where shares go."""
import sys

from manila.cmd import common
from manila.conf import CONF


def main():
    """Run until told to stop."""
    common.prepare()
    from manila.scheduler import monitoring, service
    role = service.Role()
    watch = common.watch(CONF.metrics.scheduler_port, [role], monitoring.sources(role))
    sys.exit(common.serve('manila-scheduler', [common.Messaging(), watch, role]))
