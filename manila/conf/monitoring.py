"""Options of what watches the services: metrics, health, accounts of usage."""
from oslo_config import cfg

GROUPS = {
    None: [
        cfg.BoolOpt('enable_gathering_share_usage_size', default=False,
                    help='Whether back ends are asked how much of each share is used. The answers are sent as '
                         'notifications share.consumed.size.'),
        cfg.IntOpt('share_usage_size_update_interval', default=300, min=1,
                   help='Seconds between two such questions.'),
    ],
    'metrics': [
        cfg.HostAddressOpt('listen', default='127.0.0.1',
                           help='Address at which manila-scheduler and manila-share answer /metrics and /healthcheck. '
                                'Whoever reaches it may read both.'),
        cfg.PortOpt('scheduler_port',
                    help='Port of manila-scheduler for that. Not set: it does not listen.'),
        cfg.PortOpt('share_port',
                    help='Port of manila-share for that. Not set: it does not listen.'),
        cfg.ListOpt('allowed_source_ranges', default=['127.0.0.0/8', '::1/128'],
                    help='Networks from which /metrics of manila-api may be read. Requests that came through a proxy '
                         'never may.'),
        cfg.IntOpt('refresh_interval', default=15, min=0,
                   help='Seconds for which figures that are counted in the database are good.'),
    ],
}
