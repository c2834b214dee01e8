"""The base class of share drivers, assembled from the parts of :mod:`manila.share.interface`."""
import time

from oslo_log import log

from manila import exception, utils
from manila.conf import CONF
from manila.conf.drivers import ganesha_opts, share_opts, ssh_opts
from manila.i18n import _
from manila.share.interface import (
    access,
    backups,
    groups,
    lifecycle,
    managing,
    migration,
    replication,
    server_migration,
    servers,
    snapshots,
    stats,
)

LOG = log.getLogger(__name__)

__all__ = ['ExecuteMixin', 'GaneshaMixin', 'ShareDriver', 'ganesha_opts', 'share_opts', 'ssh_opts']


class ExecuteMixin:
    """For drivers that run commands: ``self._execute`` and ``self._try_execute``."""

    def init_execute_mixin(self, *args, **kwargs):
        """Called by the driver's constructor; ``execute`` in ``kwargs`` replaces the usual function."""
        if self.configuration:
            self.configuration.append_config_values(ssh_opts)
        self.set_execute(kwargs.get('execute', utils.execute))

    def set_execute(self, execute):
        """Choose the function that runs commands."""
        self._execute = execute

    def _try_execute(self, *command, **kwargs):
        """Run a command, up to num_shell_tries times while it fails; returns True."""
        tries = 0
        while True:
            try:
                self._execute(*command, **kwargs)
                return True
            except exception.ProcessExecutionError:
                tries += 1
                if tries >= self.configuration.num_shell_tries:
                    raise
                LOG.exception('A command failed; try %s of %s.', tries, self.configuration.num_shell_tries)
                time.sleep(tries ** 2)


class GaneshaMixin:
    """For drivers that export through NFS-Ganesha: brings its options."""

    def init_ganesha_mixin(self, *args, **kwargs):
        """Called by the driver's constructor."""
        if self.configuration:
            self.configuration.append_config_values(ganesha_opts)


class ShareDriver(lifecycle.Lifecycle, access.Access, snapshots.Snapshots, managing.Managing,
                  replication.Replication, migration.Migration, servers.Servers,
                  server_migration.ServerMigration, groups.Groups, backups.Backups, stats.Stats):
    """A driver: serves the shares of one back end.

    :param driver_handles_share_servers: the mode the driver works in, or a collection of those it can work in
    :param configuration: options of the back end, a :class:`manila.share.configuration.Configuration`
    :param config_opts: lists of further options to register
    :param execute: function that runs commands, for :class:`ExecuteMixin`
    :param private_storage: where the driver may note things, a
        :class:`manila.share.drivers_private_data.DriverPrivateData`; drivers keep it themselves
    :raises manila.exception.ManilaException: when the configured mode is none of the driver's
    """

    def __init__(self, driver_handles_share_servers, *args, **kwargs):
        super().__init__()
        self.configuration = kwargs.get('configuration')
        self.initialized = False
        self.pools = []
        self.ip_versions = None
        self._stats = {}
        # a driver may fill its own
        self.dhss_mandatory_security_service_association = dict(
            self.dhss_mandatory_security_service_association)
        if self.configuration:
            self.configuration.append_config_values(share_opts)
            for options in kwargs.get('config_opts') or ():
                self.configuration.append_config_values(options)
        self._verify_share_server_handling(driver_handles_share_servers)
        if self.driver_handles_share_servers:
            self._init_networks()
        if hasattr(self, 'init_execute_mixin'):
            self.init_execute_mixin(*args, **kwargs)
        if hasattr(self, 'init_ganesha_mixin'):
            self.init_ganesha_mixin(*args, **kwargs)

    def _init_networks(self):
        from manila import network  # only needed, and possibly only installed, with share servers
        source = self.configuration or CONF
        own_group = self.configuration.config_group if self.configuration else None
        self.network_api = network.API(config_group_name=source.network_config_group or own_group)
        if source.admin_network_config_group:
            self._admin_network_api = network.API(config_group_name=source.admin_network_config_group,
                                                  label='admin')

    @property
    def driver_handles_share_servers(self):
        """The mode the back end is configured for."""
        return (self.configuration or CONF).driver_handles_share_servers

    def _verify_share_server_handling(self, driver_handles_share_servers):
        """Refuse a mode that is not configured, or that the driver does not have."""
        mode = self.driver_handles_share_servers
        if not isinstance(mode, bool):
            raise exception.ManilaException(
                _('driver_handles_share_servers must be true or false for each back end, not %s.') % mode)
        modes = driver_handles_share_servers
        if isinstance(modes, bool):
            modes = (modes,)
        if not isinstance(modes, (tuple, list, set, frozenset)) or {*map(type, modes)} != {bool}:
            raise exception.ManilaException(
                _('A driver states its modes as a boolean or a collection of them, not as %s.') % (modes,))
        if mode not in modes:
            raise exception.ManilaException(
                _('The driver %(driver)s does not work with driver_handles_share_servers = %(mode)s.') % {
                    'driver': type(self).__name__, 'mode': mode})

    def _has_redefined_driver_methods(self, methods):
        """Whether the driver has all these methods of its own."""
        return all(getattr(type(self), method) is not getattr(ShareDriver, method) for method in methods)

    def check_for_setup_error(self):
        """Raise if the back end cannot be served; tried again until it can."""

    def do_setup(self, context):
        """Prepare to serve the back end; called before anything else."""
