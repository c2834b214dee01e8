"""Default quotas; -1 means unlimited."""
from oslo_config import cfg

GROUP = 'quota'
DEFAULTS = {
    'shares': (50, 'Shares of a project.'),
    'gigabytes': (1000, 'GiB of all shares of a project.'),
    'snapshots': (50, 'Snapshots of a project.'),
    'snapshot_gigabytes': (1000, 'GiB of all snapshots of a project.'),
    'share_networks': (10, 'Share networks of a project.'),
    'share_groups': (50, 'Share groups of a project.'),
    'share_group_snapshots': (50, 'Share group snapshots of a project.'),
    'share_replicas': (100, 'Share replicas of a project.'),
    'replica_gigabytes': (1000, 'GiB of all share replicas of a project.'),
    'per_share_gigabytes': (-1, 'GiB of a single share.'),
    'backups': (10, 'Share backups of a project.'),
    'backup_gigabytes': (1000, 'GiB of all share backups of a project.'),
    'encryption_keys': (100, 'Encryption keys that a project refers to.'),
}
OPTIONS = [
    cfg.IntOpt(name, default=value, min=-1, help=text,
               deprecated_opts=[cfg.DeprecatedOpt(f'quota_{name}', group='DEFAULT')])
    for name, (value, text) in DEFAULTS.items()
]
