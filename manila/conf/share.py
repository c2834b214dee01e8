"""Options of manila-share and of what the API decides about shares."""
from oslo_config import cfg

GROUP = None
OPTIONS = [
    cfg.ListOpt('enabled_share_backends',
                help='Names of the groups of this file that each describe a back end served by this node.'),
    cfg.ListOpt('enabled_share_protocols', default=['NFS', 'CIFS'],
                help='Protocols that users may ask for.'),
    cfg.StrOpt('default_share_type', help='Share type of shares that name none.'),
    cfg.StrOpt('default_share_group_type', help='Share group type of share groups that name none.'),
    cfg.ListOpt('admin_only_metadata', default=['__affinity_same_host', '__affinity_different_host', '__managed_at'],
                help='Keys of share metadata that only administrators may change.'),
    cfg.ListOpt('admin_only_el_metadata', default=['preferred'],
                help='Keys of export location metadata that only administrators may change.'),
    cfg.ListOpt('driver_updatable_metadata', default=[],
                help='Keys of share metadata whose change is passed on to the driver.'),
    cfg.StrOpt('default_mount_point_prefix', default='{project_id}_',
               help='What mount point names begin with where the share type names nothing else.'),
    cfg.BoolOpt('use_scheduler_creating_share_from_snapshot', default=False,
                help='Whether a share from a snapshot may be placed away from the back end of the snapshot.'),
    cfg.BoolOpt('is_deferred_deletion_enabled', default=False,
                help='Whether what users delete counts as gone at once, while its removal from the back end is tried '
                     'until it succeeds.'),
    cfg.IntOpt('periodic_deferred_delete_interval', default=300, min=1,
               help='Seconds between two attempts of such a removal.'),
    cfg.BoolOpt('unmanage_remove_access_rules', default=False,
                help='Whether access rules are taken away on the back end from what is unmanaged.'),
    cfg.IntOpt('soft_deleted_share_retention_time', default=604800, min=0,
               help='Seconds for which a share stays in the recycle bin before it is deleted.'),
    cfg.IntOpt('check_for_expired_shares_in_recycle_bin_interval', default=3600, min=1,
               help='Seconds between two deletions of shares that have been in the recycle bin for that long.'),
    cfg.BoolOpt('update_shares_status_on_ensure', default=True,
                help='Whether shares are in status "ensuring", in which they cannot be changed, while their back end '
                     'checks them.'),
]
