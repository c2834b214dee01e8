"""Options that every process reads."""
import os
import socket

from oslo_config import cfg
from oslo_utils import netutils

GROUP = None
OPTIONS = [
    cfg.HostAddressOpt('my_ip', default=netutils.get_my_ipv4(), sample_default='<your_ip>',
                       help='Address of this machine.'),
    cfg.HostAddressOpt('host', default=socket.gethostname(), sample_default='<your_hostname>',
                       help='Name of this node in hosts of services and pools; it must not change while the '
                            'node has shares.'),
    cfg.StrOpt('state_path', default='/var/lib/manila', help='Directory for what the services keep on disk.'),
    cfg.StrOpt('storage_availability_zone', default='nova',
               help='Availability zone of this node, and of back ends that name none.'),
    cfg.IntOpt('report_interval', default=10, min=1, help='Seconds between two heartbeats of a service.'),
    cfg.IntOpt('service_down_time', default=60, min=1,
               help='Seconds after its last heartbeat from which on a service counts as down.'),
    cfg.IntOpt('periodic_interval', default=60, min=1, help='Seconds between two reports of a back end.'),
    cfg.BoolOpt('enable_new_services', default=True, help='Whether a service that is seen first is enabled.'),
    cfg.StrOpt('share_name_template', default='share-%s', help='Name of a share instance on a back end.'),
    cfg.StrOpt('share_snapshot_name_template', default='share-snapshot-%s',
               help='Name of a snapshot instance on a back end.'),
    cfg.IntOpt('message_ttl', default=2592000, min=1, help='Seconds for which a user message is kept.'),
    cfg.IntOpt('message_reap_interval', default=86400, min=1,
               help='Seconds between two removals of expired user messages.'),
    cfg.StrOpt('scheduler_topic', default='manila-scheduler', help='Messaging topic of the schedulers.'),
    cfg.StrOpt('share_topic', default='manila-share', help='Messaging topic of the share services.'),
]


def default_lock_path(conf):
    """Where file locks lie when ``[oslo_concurrency] lock_path`` is not set."""
    return conf.oslo_concurrency.lock_path or os.path.join(conf.state_path, 'locks')
