"""Options of share transfers between projects."""
from oslo_config import cfg

GROUP = None
OPTIONS = [
    cfg.IntOpt('share_transfer_salt_length', default=8, min=8, max=255,
               help='Characters of the salt that the key of a transfer is kept with.'),
    cfg.IntOpt('share_transfer_key_length', default=16, min=16, max=255,
               help='Characters of the key that lets a project accept a transfer.'),
    cfg.IntOpt('transfer_retention_time', default=300, min=1,
               help='Seconds after which a transfer that nobody accepted expires.'),
    cfg.IntOpt('check_for_expired_transfers', default=300, min=1,
               help='Seconds between two removals of expired transfers.'),
]
