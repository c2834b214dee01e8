"""manila-share: serves the back ends of this node."""
import sys

from manila.cmd import common
from manila.conf import CONF


def main():
    """Run until told to stop."""
    common.prepare()
    from manila.metrics import observers
    from manila.share import service
    role = service.Role(observers.driver_call)
    watch = common.watch(CONF.metrics.share_port, [role], sources=None)
    sys.exit(common.serve('manila-share', [common.Messaging(), watch, role]))
