"""Options of the dummy driver, read from the group of the back end."""
from oslo_config import cfg, types

dummy_opts = [
    cfg.ListOpt('dummy_driver_pools', default=['pool0'], help='Names of the pools.'),
    cfg.FloatOpt('dummy_driver_total_capacity_gb', default=10000.0, min=0,
                 help='Capacity of each pool in GiB. Shares that would exceed it are refused.'),
    cfg.IntOpt('dummy_driver_used_percentage', default=0, min=0, max=100,
               help='Part of a new share that counts as full of data, in percent: it cannot be shrunk below '
                    'that.'),
    cfg.ListOpt('dummy_driver_addresses', default=['192.0.2.10', '2001:db8::10'],
                help='IP addresses of export locations, the preferred one first; with share servers those of '
                     'the server are used.'),
    cfg.StrOpt('dummy_driver_admin_address', default='198.51.100.10',
               help='IP address of the export location for administrators, likewise.'),
    cfg.StrOpt('dummy_driver_replication_type', default='readable', choices=['readable', 'writable', 'dr'],
               help='Kind of replication, reported when the back end has a replication_domain.'),
    cfg.BoolOpt('dummy_driver_async_clone', default=False,
                help='Whether creating a share from a snapshot goes on in the background: the share is ready '
                     'when its status has been asked for twice.'),
    cfg.DictOpt('dummy_driver_report_capabilities', default={},
                help='Capabilities to report instead of the usual ones, for the back end and all its pools: '
                     'snapshot_support:false,vendor_name:Someone. Words for yes and no count as booleans, '
                     'digits as numbers, none as no value.'),
    cfg.BoolOpt('dummy_driver_use_private_storage', default=False,
                help='Whether shares are also noted in the private storage of drivers, and found there after '
                     'a restart. It costs a transaction for each change.'),
    cfg.StrOpt('dummy_driver_state_file',
               help='File, made when missing, in which everything is kept instead of in memory. Several back '
                    'ends and processes may use the same one; what is not in it does not exist. It also '
                    'records calls, and takes delays and failures while the service runs.'),
    cfg.Opt('dummy_driver_driver_methods_delays', type=types.Dict(types.Float(min=0)), default={},
            help="Seconds that calls of the driver's methods take: create_share:4,delete_share:3."),
    cfg.DictOpt('dummy_driver_failures', default={},
                help="Exceptions that calls of the driver's methods raise, by name, and for how many calls: "
                     'create_share:ShareBackendException:2,delete_share:InvalidShare. Without a number it is '
                     'all calls.'),
]
