"""Configuration: every module beside this one declares the options of one area.

A module offers ``OPTIONS`` (a list) and ``GROUP`` (a name, or None for DEFAULT), or ``GROUPS`` (name -> list)
when it has several. Importing this package registers them all on the global ``oslo_config.cfg.CONF``:
oslo.messaging works with no other.
"""
import contextlib
import importlib
import pkgutil

from oslo_config import cfg
from oslo_log import log

CONF = cfg.CONF


def areas():
    """Yield (group name or None, options) of every module of this package."""
    for info in pkgutil.iter_modules(__path__):
        if info.name == 'opts':
            continue
        module = importlib.import_module(f'{__name__}.{info.name}')
        groups = getattr(module, 'GROUPS', None) or {module.GROUP: module.OPTIONS}
        yield from groups.items()


def register(conf=CONF):
    """Register all options of the project; doing it again changes nothing."""
    for group, options in areas():
        conf.register_opts(options, group=group)


def parse(argv=(), files=None):
    """Read the command line and the configuration files, and set oslo.log's options up.

    :param argv: arguments without the program's name
    :param files: configuration files instead of the default ones (``/etc/manila/manila.conf`` and the like)
    """
    from manila import version
    CONF(list(argv), project='manila', version=version.version_string(), default_config_files=files)


register()
# oslo.policy's tools have read their command line before they import us; they need no logging options.
with contextlib.suppress(cfg.ArgsAlreadyParsedError):
    log.register_options(CONF)
