"""Options of back ends on NetApp storage, for the group of a back end.

Their names and defaults are those that operators of Manila know.
"""
from oslo_config import cfg, types

connection_opts = [
    cfg.StrOpt('netapp_storage_family', default='ontap_cluster', choices=['ontap_cluster'],
               help='Kind of storage.'),
    cfg.HostAddressOpt('netapp_server_hostname',
                       help='Management address of the cluster, or of the SVM when its own credentials are used.'),
    cfg.PortOpt('netapp_server_port', help='Port there; default: 443, or 80 for http.'),
    cfg.BoolOpt('netapp_use_legacy_client', default=True,
                help='Whether the older interface (ZAPI) is used where the array still has it, and REST elsewhere. '
                     'Without it REST is used, which takes ONTAP 9.12.1 or later.'),
    cfg.StrOpt('netapp_transport_type', default='https', ignore_case=True, choices=['http', 'https'],
               help='How to talk to it; http sends the password in the clear.'),
    cfg.StrOpt('netapp_ssl_cert_path',
               help='File or directory with the certificates of authorities to trust; default: the usual ones.'),
    cfg.BoolOpt('netapp_ssl_cert_verify', default=True,
                help="Whether the array's certificate is checked. Without that anybody in between can be the array."),
    cfg.StrOpt('netapp_login', help='Account of the cluster, or of the SVM.'),
    cfg.StrOpt('netapp_password', secret=True, help='Its password.'),
    cfg.StrOpt('netapp_private_key_file', regex='^/.+',
               help='Key for a login by certificate instead of by password.'),
    cfg.StrOpt('netapp_certificate_file', regex='^/.+',
               help='Certificate for a login by certificate; with the key it forces https.'),
    cfg.StrOpt('netapp_ca_certificate_file', regex='^/.+',
               help='Authority to trust when netapp_certificate_host_validation is on.'),
    cfg.BoolOpt('netapp_certificate_host_validation', default=False,
                help='Whether netapp_ca_certificate_file decides, in a login by certificate, about the certificate '
                     'of the array; otherwise netapp_ssl_cert_path and netapp_ssl_cert_verify do.'),
    cfg.IntOpt('netapp_rest_operation_timeout', default=60, min=60,
               help='Seconds to wait for a job of the array.'),
    cfg.StrOpt('netapp_trace_flags',
               help='What to write to the debug log, separated by commas: method (calls of the driver), api (calls of '
                    'the array, without secrets).'),
    cfg.StrOpt('netapp_api_trace_pattern', default='(.*)',
               help='Regular expression for the calls of the array to write to the log.'),
]

svm_opts = [
    cfg.StrOpt('netapp_vserver',
               help='SVM that serves the shares, when the driver does not handle share servers.'),
    cfg.StrOpt('netapp_cluster_name', help='Name of the cluster in reports; default: what the cluster calls itself.'),
]

naming_opts = [
    cfg.StrOpt('netapp_volume_name_template', default='share_%(share_id)s',
               help='Name of the volume of a share.'),
    cfg.StrOpt('netapp_qos_policy_group_name_template', default='qos_share_%(share_id)s',
               help='Name of the QoS policy group of a share that has limits of its own.'),
    cfg.StrOpt('netapp_fixed_qos_policy_prefix', default='FIXED_QOS',
               help='What names of QoS policy groups made from QoS types with fixed limits begin with.'),
    cfg.StrOpt('netapp_adaptive_qos_policy_prefix', default='ADAPTIVE_QOS',
               help='Likewise, for those that adapt to the size.'),
    cfg.StrOpt('netapp_fpolicy_policy_name_template', default='fpolicy_policy_%(share_id)s',
               help='Name of an FPolicy policy.'),
    cfg.StrOpt('netapp_fpolicy_event_name_template', default='fpolicy_event_%(protocol)s_%(share_id)s',
               help='Name of an FPolicy event.'),
]

provisioning_opts = [
    cfg.StrOpt('netapp_aggregate_name_search_pattern', default='(.*)',
               help='Regular expression for the names of the aggregates that become pools; it has to fit from the '
                    'first character on.'),
    cfg.IntOpt('netapp_volume_snapshot_reserve_percent', default=5, min=0, max=90,
               help='Part of each volume that is kept for snapshots, in percent.'),
    cfg.StrOpt('netapp_reset_snapdir_visibility', default='default', choices=['visible', 'hidden', 'default'],
               help='What happens to the snapshot directory of existing shares when the service starts; default: '
                    'nothing.'),
    cfg.ListOpt('netapp_volume_snapshot_policy_exceptions', default=['ec2_backups'],
                help='Snapshot policies that are kept when a volume is brought under management.'),
    cfg.ListOpt('netapp_fpolicy_default_file_operations', default=['create', 'write', 'rename'],
                help='File operations that FPolicy watches when the share type names none.'),
    cfg.IntOpt('netapp_cached_aggregates_status_lifetime', default=60, min=0,
               help='Seconds for which what is known of the interfaces of an SVM is taken as true.'),
    cfg.IntOpt('netapp_start_volume_move_timeout', default=3600, min=0,
               help='Seconds to wait until a volume that is still being split from its parent can be moved.'),
    cfg.IntOpt('netapp_volume_move_cutover_timeout', default=3600, min=0,
               help='Seconds to wait until a move has ended once it was told to.'),
]

flexgroup_opts = [
    cfg.BoolOpt('netapp_enable_flexgroup', default=False,
                help='Whether there are pools for FlexGroup volumes, which span several aggregates.'),
    cfg.MultiOpt('netapp_flexgroup_pools', item_type=types.Dict(value_type=types.String()), default={},
                 help='Pools for FlexGroup volumes: name:aggregate1 aggregate2, may be given several times. Without '
                      'it there is one pool, flexgroup_auto, of all aggregates.'),
    cfg.BoolOpt('netapp_flexgroup_pool_only', default=False,
                help='Whether aggregates are no pools themselves.'),
    cfg.IntOpt('netapp_flexgroup_volume_online_timeout', default=360, min=60,
               help='Seconds to wait for a new FlexGroup volume.'),
    cfg.IntOpt('netapp_flexgroup_aggregate_not_busy_timeout', default=360, min=60,
               help='Seconds to wait while another FlexGroup volume is being made on one of its aggregates.'),
    cfg.IntOpt('netapp_delete_busy_flexgroup_snapshot_timeout', default=360, min=60,
               help='Seconds to wait until a snapshot of a FlexGroup volume that has clones can be deleted.'),
]

netapp_opts = [*connection_opts, *svm_opts, *naming_opts, *provisioning_opts, *flexgroup_opts]
