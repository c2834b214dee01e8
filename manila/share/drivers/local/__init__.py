"""Shares on this machine's own disks: btrfs subvolumes served by NFS-Ganesha and Samba."""


def __getattr__(name):
    """Load the driver only when asked for: the export host lives in this package and must stay small."""
    if name == 'LocalDriver':
        from manila.share.drivers.local.driver import LocalDriver
        return LocalDriver
    raise AttributeError(name)
