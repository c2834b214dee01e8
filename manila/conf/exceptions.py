"""Options of the exceptions."""
from oslo_config import cfg

GROUP = None
OPTIONS = [
    cfg.BoolOpt('fatal_exception_format_errors', default=False,
                help='Whether an exception raised without the values that its text names is itself an error; '
                     'for development.'),
]
