"""manila-status: whether this release can be started with the configuration and the database at hand."""
import sys

from oslo_upgradecheck import common_checks, upgradecheck

from manila.conf import CONF
from manila.db import migration
from manila.rpc import broker

TIMEOUT = 5     # seconds to wait for a message broker


class Checks(upgradecheck.UpgradeCommands):
    """What is checked."""

    def database_schema(self):
        """Whether the schema is the one that this release works with."""
        try:
            version, head = migration.version(), migration.head()
        except Exception as error:
            return failure(f'The database cannot be read: {error}')
        if version != head:
            return failure(f'The schema has version {version}, this release needs {head}: '
                           'run manila-manage db sync.')
        return success()

    def messaging(self):
        """Whether a broker can be reached."""
        if broker.in_memory():
            return upgradecheck.Result(upgradecheck.Code.WARNING,
                                       'Messages stay within one process: only manila-all can do with that.')
        errors = broker.unreachable(TIMEOUT)
        if errors:
            return failure('No message broker can be reached: ' + '; '.join(errors))
        return success()

    _upgrade_checks = (
        ('Database schema', database_schema),
        ('Message broker', messaging),
        ('Policy file format', (common_checks.check_policy_json, {'conf': CONF})),
    )


def success():
    """The result of a check that finds nothing wrong."""
    return upgradecheck.Result(upgradecheck.Code.SUCCESS)


def failure(details):
    """The result of a check that forbids to go on."""
    return upgradecheck.Result(upgradecheck.Code.FAILURE, details)


def main(argv=None):
    """Carry ``upgrade check`` out; returns its exit status."""
    return upgradecheck.main(CONF, 'manila', Checks(), sys.argv[1:] if argv is None else argv)


if __name__ == '__main__':
    sys.exit(main())
