"""Checks of manila-api for oslo.middleware's ``/healthcheck``, which ``backends`` in api-paste.ini names.

The database decides whether the API can answer. That the broker is away is said, and changes nothing: reads go on, and
so do orders, which workers find by polling.
"""
from oslo_middleware.healthcheck import pluginbase

from manila import health


class _Plugin(pluginbase.HealthcheckBaseExtension):
    check = None

    def healthcheck(self, server_port):
        """What the check says."""
        reason = health.report([self.check])[self.check.name][1]
        if reason is None:
            return pluginbase.HealthcheckResult(available=True, reason=f'{self.check.name}: OK')
        serves = self.check.level == health.DEGRADED
        return pluginbase.HealthcheckResult(
            available=serves, reason=f'{"DEGRADED" if serves else "FAILED"}: {self.check.name}: {reason}')


class Database(_Plugin):
    """Whether the database answers."""

    check = health.database


class Messaging(_Plugin):
    """Whether the broker can be reached; says so, and is content in any case."""

    check = health.messaging
