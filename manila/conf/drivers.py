"""Options of back ends: a back end's own group overrides what DEFAULT says.

Drivers get them through :class:`manila.share.configuration.Configuration`.
"""
from oslo_config import cfg, types

from manila.conf.scheduler import MAX_OVER_SUBSCRIPTION_RATIO

GROUP = None

share_opts = [
    cfg.StrOpt('share_driver', help='Class of the driver that serves a back end.'),
    cfg.StrOpt('share_backend_name', help='Name of a back end in its reports to the scheduler.'),
    cfg.StrOpt('backend_availability_zone',
               help='Availability zone of a back end, set in its group; default: storage_availability_zone.'),
    cfg.BoolOpt('driver_handles_share_servers',
                help='Whether the driver makes share servers, one or more for each share network, or works '
                     'with what there is. Every back end must say it.'),
    cfg.IntOpt('num_shell_tries', default=3, min=1,
               help='How often a driver tries a shell command that fails.'),
    cfg.IntOpt('reserved_share_percentage', default=0,
               help='Part of a back end, in percent, that new shares leave free.'),
    cfg.IntOpt('reserved_share_from_snapshot_percentage', default=0,
               help='Part of a back end, in percent, that shares made from snapshots leave free; 0: '
                    'reserved_share_percentage counts.'),
    cfg.IntOpt('reserved_share_extend_percentage', default=0,
               help='Part of a back end, in percent, that extended shares leave free; 0: '
                    'reserved_share_percentage counts.'),
    MAX_OVER_SUBSCRIPTION_RATIO,
    cfg.StrOpt('filter_function',
               help='Expression that says whether a back end may take a share.'),
    cfg.StrOpt('goodness_function',
               help='Expression that says, from 0 to 100, how well a back end suits a share.'),
    cfg.StrOpt('replication_domain',
               help='Name shared by the back ends that can replicate shares among each other.'),
    cfg.StrOpt('network_config_group',
               help='Group with the options of the network plug-in for share servers; default: that of the '
                    'back end.'),
    cfg.StrOpt('admin_network_config_group',
               help='Group with the options of the network plug-in for administrative ports of share '
                    'servers.'),
    cfg.IntOpt('max_shares_per_share_server', default=-1,
               help='Most shares on one share server; -1: no limit.'),
    cfg.IntOpt('max_share_server_size', default=-1,
               help='Most GiB of all shares on one share server; -1: no limit.'),
    cfg.StrOpt('share_mount_template', default='mount -vt %(proto)s %(options)s %(export)s %(path)s',
               help='Command with which a share is mounted on a data node.'),
    cfg.StrOpt('share_unmount_template', default='umount -v %(path)s',
               help='Command with which a share is unmounted on a data node.'),
    cfg.Opt('protocol_access_mapping', type=types.Dict(types.List(types.String(), bounds=True)),
            default={'ip': ['nfs'], 'user': ['cifs']},
            help='Protocols for each type of access rule, for the rules of data nodes.'),
    cfg.ListOpt('migration_ignore_files', default=['lost+found'],
                help='Files and directories that migration by copying leaves out.'),
]

ssh_opts = [
    cfg.IntOpt('ssh_conn_timeout', default=60, help='Seconds to wait for an SSH connection.'),
    cfg.IntOpt('ssh_min_pool_conn', default=1, help='SSH connections that a pool opens at first.'),
    cfg.IntOpt('ssh_max_pool_conn', default=10, help='Most SSH connections of a pool.'),
]

ganesha_opts = [
    cfg.StrOpt('ganesha_config_dir', default='/etc/ganesha',
               help='Directory of the configuration of NFS-Ganesha.'),
    cfg.StrOpt('ganesha_config_path', default='$ganesha_config_dir/ganesha.conf',
               help='Main configuration file of NFS-Ganesha.'),
    cfg.StrOpt('ganesha_service_name', default='ganesha.nfsd', help='Name of the service of NFS-Ganesha.'),
    cfg.StrOpt('ganesha_db_path', default='$state_path/manila-ganesha.db',
               help='Database file in which the export ids given out are kept.'),
    cfg.StrOpt('ganesha_export_dir', default='$ganesha_config_dir/export.d',
               help='Directory with one file for each export of NFS-Ganesha.'),
    cfg.StrOpt('ganesha_export_template_dir', default='/etc/manila/ganesha-export-templ.d',
               help='Directory with templates for exports of NFS-Ganesha.'),
    cfg.BoolOpt('ganesha_rados_store_enable', default=False,
                help='Whether exports and their counter are kept in a Ceph RADOS pool.'),
    cfg.StrOpt('ganesha_rados_store_pool_name', help='Name of that RADOS pool.'),
    cfg.StrOpt('ganesha_rados_export_counter', default='ganesha-export-counter',
               help='RADOS object with the counter of export ids.'),
    cfg.StrOpt('ganesha_rados_export_index', default='ganesha-export-index',
               help='RADOS object with the index of exports.'),
]

hook_opts = [
    cfg.ListOpt('hook_drivers', default=[], help='Classes of hooks called before and after driver calls.'),
    cfg.BoolOpt('enable_pre_hooks', default=False, help='Whether hooks are called before driver calls.'),
    cfg.BoolOpt('enable_post_hooks', default=False, help='Whether hooks are called after driver calls.'),
    cfg.BoolOpt('enable_periodic_hooks', default=False, help='Whether hooks are called periodically.'),
    cfg.BoolOpt('suppress_pre_hooks_errors', default=False,
                help='Whether the driver is called although a hook before it failed.'),
    cfg.BoolOpt('suppress_post_hooks_errors', default=False,
                help='Whether the result of a driver call counts although a hook after it failed.'),
    cfg.FloatOpt('periodic_hooks_interval', default=300.0,
                 help='Seconds between two calls of periodic hooks.'),
]

private_data_opts = [
    cfg.StrOpt('drivers_private_storage_class', default='manila.share.drivers_private_data.SqlStorageDriver',
               help='Class that keeps what drivers note about shares for themselves.'),
]

# The ratio is listed with the scheduler's options.
OPTIONS = [option for option in (*share_opts, *ssh_opts, *ganesha_opts, *hook_opts, *private_data_opts)
           if option is not MAX_OVER_SUBSCRIPTION_RATIO]
