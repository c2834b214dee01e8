"""Options of manila-scheduler: who chooses a pool, and how."""
from oslo_config import cfg

GROUP = None

#: Also an option of each back end, hence its own name; share drivers put this very object in their lists.
MAX_OVER_SUBSCRIPTION_RATIO = cfg.FloatOpt(
    'max_over_subscription_ratio', default=20.0, min=1.0,
    help='How many times its total capacity a thin pool may promise to shares; for pools that report no '
         'ratio of their own.')

OPTIONS = [
    cfg.StrOpt('scheduler_driver', default='manila.scheduler.drivers.filter.FilterScheduler',
               help='Class that chooses the pool of a share.'),
    cfg.ListOpt('scheduler_default_filters',
                default=['OnlyHostFilter', 'AvailabilityZoneFilter', 'CapacityFilter', 'CapabilitiesFilter',
                         'DriverFilter', 'ShareReplicationFilter', 'CreateFromSnapshotFilter',
                         'AffinityFilter', 'AntiAffinityFilter'],
                help='Filters that a pool has to pass to get a share, in this order.'),
    cfg.ListOpt('scheduler_default_extend_filters', default=['CapacityFilter', 'DriverFilter'],
                help='Filters that the pool of a share has to pass when the share is extended.'),
    cfg.ListOpt('scheduler_default_share_group_filters',
                default=['AvailabilityZoneFilter', 'ConsistentSnapshotFilter'],
                help='Filters that a pool has to pass for the type of a share group.'),
    cfg.ListOpt('scheduler_default_weighers',
                default=['CapacityWeigher', 'GoodnessWeigher', 'HostAffinityWeigher'],
                help='Weighers whose sum decides among the pools that passed.'),
    cfg.IntOpt('scheduler_max_attempts', default=3, min=1,
               help='With 1 a share fails when the first pool refuses it; with any other number all pools that fit '
                    'are tried, one after the other, until one makes the share.'),
    cfg.StrOpt('scheduler_json_config_location', default='',
               help='JSON file handed to filters as config_options; read again when it changes.'),
    cfg.IntOpt('max_gigabytes', default=10000,
               help='Most GiB that the SimpleScheduler puts on one back end.'),
    cfg.FloatOpt('capacity_weight_multiplier', default=1.0,
                 help='Weight of free capacity; a negative one fills the fullest pool first.'),
    cfg.FloatOpt('pool_weight_multiplier', default=1.0,
                 help='Weight of a pool that a share server uses already; a negative one prefers others.'),
    MAX_OVER_SUBSCRIPTION_RATIO,
]
