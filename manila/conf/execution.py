"""Options of running commands."""
from oslo_config import cfg

GROUP = None
OPTIONS = [
    cfg.StrOpt('rootwrap_config',
               help='Configuration file of oslo.rootwrap. If set, a service that is not root runs '
                    'privileged commands with "sudo manila-rootwrap" and this file, otherwise with sudo.'),
]
