"""Options of the local driver, for a back end's own group."""
from oslo_config import cfg

local_opts = [
    cfg.StrOpt('local_state_path',
               help='Directory for the state of a back end, such as its export numbers and sockets; default: '
                    'a directory named like the back end in state_path. Its path must be short.'),
    cfg.StrOpt('local_pool_path',
               help='Directory on an existing btrfs file system that becomes the pool. Without it a file '
                    'system is made in the file local_pool_image.'),
    cfg.StrOpt('local_pool_image',
               help='File for a btrfs file system that is made and mounted by the driver; default: pool.img '
                    'in local_state_path.'),
    cfg.IntOpt('local_pool_size_gb', default=20, min=1,
               help='Size in GiB of that file system. It takes up disk space only as it fills, and grows '
                    'when the service starts with a larger value.'),
    cfg.StrOpt('local_pool_name', default='pool', help='Name of the pool in reports to the scheduler.'),
    cfg.ListOpt('local_export_ips', default=['127.0.0.1'], item_type=cfg.types.IPAddress(),
                help='Addresses, IPv4 or IPv6, under which clients reach the shares; all of them stand in '
                     'the export locations, the first one as the preferred one.'),
    cfg.StrOpt('local_nfs_bind_address',
               help='Address on which the NFS server listens; default: the address in local_export_ips when '
                    'there is just one, else all addresses.'),
    cfg.PortOpt('local_nfs_port', default=2049, help='Port of the NFS server.'),
    cfg.PortOpt('local_mount_port', default=20048, help='Port of the mount protocol of NFSv3.'),
    cfg.ListOpt('local_nfs_versions', default=['3', '4'], item_type=cfg.types.String(choices=['3', '4']),
                help='NFS versions to serve; 4 stands for 4.0 to 4.2. Version 3 needs rpcbind.'),
    cfg.StrOpt('local_nfs_squash', default='no_root_squash',
               choices=['no_root_squash', 'root_squash', 'all_squash'],
               help='Whether root on an NFS client, or everybody, is treated as nobody.'),
    cfg.StrOpt('local_share_mode', default='0777', regex='^[0-7]{3,4}$',
               help='Permissions of the top directory of new shares, in octal.'),
    cfg.StrOpt('local_enable_smb', default='auto', choices=['auto', 'yes', 'no'],
               help='Whether CIFS shares are served; auto: when Samba is installed.'),
    cfg.PortOpt('local_smb_port', default=445, help='Port of the SMB server.'),
    cfg.StrOpt('local_smb_group', default='manila-smb',
               help='Unix group of the accounts made for SMB users, and name of the account to which their '
                    'files belong. An existing account may be named by an access rule if it is in this '
                    'group; its password is then the administrator\'s business.'),
]
