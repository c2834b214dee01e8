"""Hooks: code of the operator that is called before and after driver calls, and periodically.

A hook is a subclass of :class:`HookBase`, named in the option hook_drivers of a back end.
"""
import abc

from oslo_log import log
from oslo_utils import importutils

from manila.conf import CONF
from manila.conf.drivers import hook_opts

LOG = log.getLogger(__name__)


def load(configuration, host):
    """Make the hooks of a back end, as its option hook_drivers names them: list of :class:`HookBase`."""
    configuration.append_config_values(hook_opts)
    return [importutils.import_object(name, configuration=configuration, host=host)
            for name in configuration.hook_drivers]


class HookBase(abc.ABC):
    """One set of hooks of a back end.

    :param configuration: options of the back end, or None
    :param host: ``host@backend``
    """

    def __init__(self, configuration, host):
        self.host = host
        self.configuration = configuration
        if configuration:
            configuration.append_config_values(hook_opts)
        self.pre_hooks_enabled = self.get_config_option('enable_pre_hooks')
        self.post_hooks_enabled = self.get_config_option('enable_post_hooks')
        self.periodic_hooks_enabled = self.get_config_option('enable_periodic_hooks')
        self.suppress_pre_hooks_errors = self.get_config_option('suppress_pre_hooks_errors')
        self.suppress_post_hooks_errors = self.get_config_option('suppress_post_hooks_errors')

    def get_config_option(self, key):
        """The value of an option of the back end."""
        return self.configuration.safe_get(key) if self.configuration else CONF[key]

    def execute_pre_hook(self, context=None, func_name=None, *args, **kwargs):
        """Called before the driver's method ``func_name`` with its arguments.

        :returns: what the hook returns, or its exception when that is to be suppressed
        """
        if not self.pre_hooks_enabled:
            return None
        return self._call(self.suppress_pre_hooks_errors, self._execute_pre_hook,
                          context, func_name, *args, **kwargs)

    def execute_post_hook(self, context=None, func_name=None, pre_hook_data=None, driver_action_results=None,
                          *args, **kwargs):
        """Called after the driver's method, with what the hook before and the driver returned."""
        if not self.post_hooks_enabled:
            return None
        return self._call(self.suppress_post_hooks_errors, self._execute_post_hook, context, func_name,
                          pre_hook_data, driver_action_results, *args, **kwargs)

    def execute_periodic_hook(self, context, periodic_hook_data, *args, **kwargs):
        """Called every periodic_hooks_interval seconds with the driver's ``get_periodic_hook_data``."""
        if not self.periodic_hooks_enabled:
            return None
        return self._execute_periodic_hook(context, periodic_hook_data, *args, **kwargs)

    def _call(self, suppress, hook, *args, **kwargs):
        try:
            return hook(*args, **kwargs)
        except Exception as error:
            if not suppress:
                raise
            LOG.warning('Hook %s failed: %s', type(self).__name__, error)
            return error

    @abc.abstractmethod
    def _execute_pre_hook(self, context, func_name, *args, **kwargs):
        """To be written by the hook's author."""

    @abc.abstractmethod
    def _execute_post_hook(self, context, func_name, pre_hook_data, driver_action_results, *args, **kwargs):
        """To be written by the hook's author."""

    @abc.abstractmethod
    def _execute_periodic_hook(self, context, periodic_hook_data, *args, **kwargs):
        """To be written by the hook's author."""
