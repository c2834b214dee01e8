"""All options for the sample configuration file and the reference pages."""
import importlib

from manila import conf

#: Where drivers keep their options, which belong into the group of a back end and fall back on DEFAULT.
DRIVERS = {'manila.share.drivers.local.options': 'local_opts', 'manila.share.drivers.dummy.options': 'dummy_opts',
           'manila.share.drivers.netapp.options': 'netapp_opts'}


def list_opts():
    """(group, options) pairs, as oslo.config's generator wants them."""
    groups = {}
    for group, options in conf.areas():
        groups.setdefault(group or 'DEFAULT', []).extend(options)
    for module, name in DRIVERS.items():
        groups['DEFAULT'] = [*groups['DEFAULT'], *getattr(importlib.import_module(module), name)]
    return list(groups.items())
