"""The options of one back end: those of its own group, and where that is silent, those of DEFAULT."""
import copy

from oslo_config import cfg

from manila.conf import CONF


class Configuration:
    """Read access to the options of a back end: ``configuration.share_backend_name``.

    :param share_opts: options to register, a list
    :param config_group: the back end's group; without one only DEFAULT counts
    """

    def __init__(self, share_opts, config_group=None):
        self.config_group = config_group
        self.append_config_values(share_opts)

    def append_config_values(self, share_opts):
        """Register more options; those that are registered already stay as they are.

        :raises oslo_config.cfg.DuplicateOptError: when the group has another option of the same name
        """
        if self.config_group:
            CONF.register_opts(share_opts, group=self.config_group)
        for option in share_opts:
            self._register_default(option)

    @staticmethod
    def _register_default(option):
        # Two drivers may each have an option of this name, with different defaults: then DEFAULT has the
        # first, and each group its own. What a back end must have need not stand in DEFAULT.
        if option.required:
            option = copy.copy(option)
            option.required = False
        try:
            CONF.register_opt(option)
        except cfg.DuplicateOptError:
            pass

    def __getattr__(self, name):
        if name.startswith('__') or 'config_group' not in self.__dict__:
            raise AttributeError(name)      # asked for while a copy is being made
        group = self.config_group
        if group is None:
            return getattr(CONF, name)
        own = getattr(getattr(CONF, group), name)
        common = getattr(CONF, name, own)
        # Who set a value is slow to find out, and only matters when the two differ.
        if own == common or _is_set(name, group) or not _is_set(name, None):
            return own
        return common

    def safe_get(self, value):
        """The value of an option, None when there is no such option."""
        try:
            return getattr(self, value)
        except cfg.NoSuchOptError:
            return None


def _is_set(name, group):
    """Whether somebody, rather than the option's own default, gives the value."""
    info = CONF.get_location(name, group)
    return info is not None and info.location is not cfg.Locations.opt_default
