"""Options of the database besides those of oslo.db, which are registered here too."""
from oslo_config import cfg
from oslo_db import options as oslo_db_options

GROUP = 'database'

# As many as a process has threads that work with the database: making a connection costs far more than keeping it.
cfg.set_defaults(oslo_db_options.database_opts, max_pool_size=20)

OPTIONS = [
    *oslo_db_options.database_opts,
    cfg.IntOpt('transaction_retries', default=10, min=0,
               help='How often a transaction is tried again after a deadlock, a serialization failure or a '
                    'lost connection.'),
]
