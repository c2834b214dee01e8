"""``python -m manila.tests.jobs.run_worker <database URL> <queue> [group.option=value ...]``: a worker.

Works on the kinds of jobs of ``programs`` until its standard input is closed; says ``ready`` first.
"""
import sys

from manila.conf import CONF
from manila.db import session
from manila.jobs import worker
from manila.tests.jobs import programs  # noqa: F401


def main(url, queue, *options):
    """Run the worker."""
    CONF([], project='manila', default_config_files=[], default_config_dirs=[])
    CONF.set_override('connection', url, 'database')
    for option in options:
        name, _, value = option.partition('=')
        group, _, name = name.partition('.')
        CONF.set_override(name, value, group)
    found = worker.Worker(queue)
    found.start()
    print('ready', flush=True)
    sys.stdin.read()
    found.stop()
    session.dispose()


if __name__ == '__main__':
    main(*sys.argv[1:])
